"""`latex`: exact strings, settings, and what SymPy's printers do with the nodes."""

import pickle

import pytest
import sympy
from sympy import (
    Abs,
    Add,
    Adjoint,
    BlockDiagMatrix,
    BlockMatrix,
    Derivative,
    Determinant,
    DiagMatrix,
    Function,
    HadamardProduct,
    Heaviside,
    Identity,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    cos,
    exp,
    log,
    oo,
    pretty,
    sign,
    sin,
    sqrt,
    srepr,
    symbols,
    tanh,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.latex import LatexPrinter as SympyLatexPrinter
from sympy.tensor.array.array_derivatives import ArrayDerivative

import sympy_matcalc as mc
from sympy_matcalc.printing import LatexPrinter, latex
from sympy_matcalc.text import to_text

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t = symbols("t", real=True)
u, f = Symbol("u"), Function("f")
A, B, X, C1 = (MatrixSymbol(name, n, n) for name in ("A", "B", "X", "C"))
Z = MatrixSymbol("Z", m, n)
x, y, v, y2 = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("v", m * n, 1), MatrixSymbol("y", n**2, 1)
Q = MatrixElement(x.T * A * x, sympy.S.Zero, sympy.S.Zero)  # as the package writes the number x'Ax
I_ = Identity(n)


def logistic(M):
    return M.applyfunc(lambda s: 1 / (1 + exp(-s)))


def softplus(M):
    return M.applyfunc(lambda s: log(1 + exp(s)))


def relu(M):
    return M.applyfunc(lambda s: Max(s, 0))


TABLE = [
    (X.T, r"X^{\top}"),
    (X.I, r"X^{-1}"),
    (X.T.I, r"X^{-\top}"),
    (Transpose(Inverse(X)), r"X^{-\top}"),
    ((A + B).T, r"A^{\top} + B^{\top}"),
    (Transpose(A * B), r"\left(A B\right)^{\top}"),
    (Inverse(A + B), r"\left(A + B\right)^{-1}"),
    (Inverse(Transpose(A + B)), r"\left(A + B\right)^{-\top}"),
    ((X**2).T, r"\left(X^{\top}\right)^{2}"),
    (X**2, r"X^{2}"),
    (X**-2, r"X^{-2}"),
    (X**k, r"X^{k}"),
    (X ** (k - 1), r"X^{k - 1}"),
    ((X.T) ** k, r"\left(X^{\top}\right)^{k}"),
    (X ** Rational(1, 2), r"X^{1/2}"),
    (MatPow(X ** Rational(1, 2), -1), r"X^{-1/2}"),
    (mc.MatrixSqrt(X).I, r"X^{-1/2}"),
    (mc.MatrixSqrt(X.T * X), r"\left(X^{\top} X\right)^{1/2}"),
    (Transpose(mc.MatrixSqrt(X)), r"\left(X^{1/2}\right)^{\top}"),
    (Adjoint(X), r"X^{\mathsf{H}}"),
    (Inverse(Adjoint(X)), r"X^{-\mathsf{H}}"),
    (mc.PseudoInverse(Z), r"Z^{+}"),
    (mc.PseudoInverse(A + B), r"\left(A + B\right)^{+}"),
    (Transpose(mc.PseudoInverse(Z)), r"\left(Z^{+}\right)^{\top}"),
    (A - B, r"A - B"),
    (B - A, r"B - A"),
    (-A * x, r"- A x"),
    (-A, r"- A"),
    (-(A + B), r"- A - B"),
    (2 * A * x, r"2 A x"),
    (A * x / 2, r"\frac{1}{2} A x"),
    (-A * x / 2, r"- \frac{1}{2} A x"),
    (t * A * x / 2, r"\frac{t}{2} A x"),
    ((1 - t) * A * x, r"\left(1 - t\right) A x"),
    (A * (B + X) * x, r"A \left(B + X\right) x"),
    (MatMul(A, MatMul(-1, B), evaluate=False), r"A \left(- B\right)"),
    (MatAdd(A, -(B + X)), r"A + \left(- B - X\right)"),
    (2 * (A + B), r"2 A + 2 B"),
    ((A + B) * (A - B), r"\left(A + B\right) \left(A - B\right)"),
    ((A * B) ** 2, r"\left(A B\right)^{2}"),
    (x.T * A * x, r"x^{\top} A x"),
    (Q * x, r"\left(x^{\top} A x\right) x"),
    (Q**2, r"\left(x^{\top} A x\right)^{2}"),
    (Q / 2, r"\frac{x^{\top} A x}{2}"),
    (sqrt(Q), r"\sqrt{x^{\top} A x}"),
    (log(Q), r"\log{\left(x^{\top} A x \right)}"),
    (exp(-Q / 2) * (x * x.T - I_), r"e^{- \frac{x^{\top} A x}{2}} \left(x x^{\top} - I\right)"),
    (x / mc.Norm(x), r"\frac{x}{\lVert x \rVert_{2}}"),
    (1 / Q * A, r"\frac{A}{x^{\top} A x}"),
    (MatMul(Q + 1, A), r"\left(x^{\top} A x + 1\right) A"),
    (DotProduct(x, y) * A, r"\left(x^{\top} y\right) A"),
    (DotProduct(x.T, y), r"x^{\top} y"),
    (Trace(X), r"\operatorname{tr}\left(X\right)"),
    (Trace(A + B), r"\operatorname{tr}\left(A + B\right)"),
    (Trace(X) ** 2, r"\operatorname{tr}\left(X\right)^{2}"),
    (-Trace(A * X) / 2, r"- \frac{\operatorname{tr}\left(A X\right)}{2}"),
    (Trace(A) * Trace(B) * X, r"\operatorname{tr}\left(A\right) \operatorname{tr}\left(B\right) X"),
    (Determinant(X), r"\det X"),
    (Determinant(A * X), r"\det\left(A X\right)"),
    (Determinant(X) * X.T.I, r"\det\left(X\right) X^{-\top}"),
    (Determinant(X) ** 2, r"\det\left(X\right)^{2}"),
    (2 * Determinant(X), r"2 \det\left(X\right)"),
    (1 / Determinant(X), r"\frac{1}{\det\left(X\right)}"),
    (log(Determinant(X)), r"\log\det X"),
    (log(Determinant(A * X)), r"\log\det\left(A X\right)"),
    (log(Determinant(X)) ** 2, r"\left(\log\det X\right)^{2}"),
    (log(Determinant(X)) * A, r"\left(\log\det X\right) A"),
    (log(Determinant(X)) * Trace(A), r"\left(\log\det X\right) \operatorname{tr}\left(A\right)"),
    (Trace(A) + log(Determinant(X)), r"\log\det X + \operatorname{tr}\left(A\right)"),
    (log(Abs(Determinant(X))), r"\log\left|\det X\right|"),
    (A.applyfunc(exp), r"\exp_{\odot}\left(A\right)"),
    (x.applyfunc(exp), r"\exp\left(x\right)"),
    ((Z * y).applyfunc(log), r"\log\left(Z y\right)"),
    (mc.Sigmoid(Z * y), r"\sigma\left(Z y\right)"),
    (logistic(Z * y), r"\sigma\left(Z y\right)"),
    (mc.Softplus(x), r"\operatorname{softplus}\left(x\right)"),
    (softplus(x), r"\operatorname{softplus}\left(x\right)"),
    (relu(x), r"\operatorname{relu}\left(x\right)"),
    (x.applyfunc(lambda u: Heaviside(u, 0)), r"\operatorname{step}\left(x\right)"),
    (x.applyfunc(lambda u: Heaviside(u)), r"\operatorname{step}_{1/2}\left(x\right)"),
    (x.applyfunc(Abs), r"\operatorname{abs}\left(x\right)"),
    (x.applyfunc(sign), r"\operatorname{sign}\left(x\right)"),
    (x.applyfunc(lambda u: 1 / (1 + u**2)), r"\left(x^{\odot 2} + \mathbf{1}\right)^{\odot -1}"),
    (x.applyfunc(lambda u: u / (1 + u**2)), r"x \oslash \left(x^{\odot 2} + \mathbf{1}\right)"),
    (x.applyfunc(lambda u: 1 - tanh(u) ** 2), r"\mathbf{1} - \tanh\left(x\right)^{\odot 2}"),
    (Z.applyfunc(lambda u: u + 2), r"Z + 2 \mathbf{1}_{m \times n}"),
    (A.applyfunc(lambda u: u**2), r"A^{\odot 2}"),
    (x.applyfunc(lambda u: -2 * u), r"- 2 x"),
    (x.applyfunc(lambda u: t * sin(u) * cos(u)), r"t \cos\left(x\right) \odot \sin\left(x\right)"),
    (x.applyfunc(lambda u: sqrt(u)), r"x^{\odot 1/2}"),
    (x.applyfunc(lambda u: 2**u), r"2^{\odot x}"),
    (x.applyfunc(lambda u: exp(-u) / (1 + exp(-u)) ** 2), r"\sigma\left(x\right) \odot \left(\mathbf{1} - \sigma\left(x\right)\right)"),
    (x.applyfunc(lambda u: exp(-u) / (1 + exp(-u))), r"\sigma\left(- x\right)"),
    (A.applyfunc(sin) * x, r"\sin_{\odot}\left(A\right) x"),
    ((A * x).applyfunc(f), r"f\left(A x\right)"),
    ((A + B).applyfunc(lambda u: u**3), r"\left(A + B\right)^{\odot 3}"),
    (x.applyfunc(lambda u: log(1 + u)) * x.T, r"\log\left(x + \mathbf{1}\right) x^{\top}"),
    (
        x.applyfunc(Lambda(u, Piecewise((u, u > 0), (u / 5, True)))),
        r"\left(u \mapsto \begin{cases} u & \text{for}\: u > 0 \\\frac{u}{5} & \text{otherwise} \end{cases}\right)_{\odot}\left(x\right)",
    ),
    (HadamardProduct(A, B), r"A \odot B"),
    (HadamardProduct(A, B * X), r"A \odot \left(B X\right)"),
    (HadamardProduct(A, B + X), r"A \odot \left(B + X\right)"),
    (A * HadamardProduct(B, X), r"A \left(B \odot X\right)"),
    (2 * HadamardProduct(A, B), r"2 A \odot B"),
    (t * HadamardProduct(A, B), r"t \left(A \odot B\right)"),
    (HadamardProduct(A, B).T, r"A^{\top} \odot B^{\top}"),
    (HadamardPower(X, 2), r"X^{\odot 2}"),
    (HadamardPower(A * X, 2), r"\left(A X\right)^{\odot 2}"),
    (HadamardPower(X, t), r"X^{\odot t}"),
    (HadamardPower(X, t + 1), r"X^{\odot \left(t + 1\right)}"),
    (HadamardPower(X.T, Rational(1, 2)), r"\left(X^{\top}\right)^{\odot 1/2}"),
    (HadamardPower(2, X), r"2^{\odot X}"),
    (KroneckerProduct(A, B), r"A \otimes B"),
    (KroneckerProduct(A * B, X), r"\left(A B\right) \otimes X"),
    (KroneckerProduct(A, B + X), r"A \otimes \left(B + X\right)"),
    (KroneckerProduct(A, B) * y2, r"\left(A \otimes B\right) y"),
    (-KroneckerProduct(A, B), r"- A \otimes B"),
    (HadamardProduct(A, B) + KroneckerProduct(C1, X), r"A \odot B + C \otimes X"),
    (Identity(n), r"I"),
    (OneMatrix(n, 1), r"\mathbf{1}"),
    (OneMatrix(1, n) * x, r"\mathbf{1}^{\top} x"),
    (OneMatrix(m, n), r"\mathbf{1}_{m \times n}"),
    (ZeroMatrix(m, n), r"\mathbf{0}"),
    (DiagMatrix(x), r"\operatorname{diag}\left(x\right)"),
    (DiagonalMatrix(A * B), r"\left(A B\right) \odot I"),
    (DiagonalOf(A * B), r"\operatorname{vecdiag}\left(A B\right)"),
    (BlockMatrix([[A, B], [X, A.T]]), r"\left[\begin{matrix}A & B\\X & A^{\top}\end{matrix}\right]"),
    (BlockDiagMatrix(A, B), r"\operatorname{blockdiag}\left(A, B\right)"),
    (X[0, 1], r"X_{0,1}"),
    (X[i, j], r"X_{ij}"),
    (X[i, 0], r"X_{i,0}"),
    (x[0, 0], r"x_{0}"),
    (x[i, 0] ** 2, r"x_{i}^{2}"),
    (x.T[0, i], r"x_{i}"),
    (MatrixElement(A * B, i, j), r"\left(A B\right)_{ij}"),
    (MatrixSymbol("beta_1", n, 1)[i, 0], r"\left(\beta_{1}\right)_{i}"),
    (MatrixSymbol("a", 1, 1)[0, 0], r"a"),
    (Sum(x[i, 0] ** 2, (i, 0, n - 1)), r"\sum_{i=0}^{n - 1} x_{i}^{2}"),
    (Sum(A[i, j], (i, 0, n - 1), (j, 0, n - 1)) * B, r"\left(\sum_{j=0}^{n - 1} \sum_{i=0}^{n - 1} A_{ij}\right) B"),
    (Sum(x[i, 0] + 1, (i, 0, n - 1)), r"\sum_{i=0}^{n - 1} \left(x_{i} + 1\right)"),
    (MatrixSymbol("beta_1", n, 1).T, r"\beta_{1}^{\top}"),
    (MatrixSymbol("Sigma", n, n).I, r"\Sigma^{-1}"),
    (MatrixSymbol("dX", n, n) * A, r"\mathrm{d}X \, A"),
    (MatrixSymbol("dX", n, n).T, r"\left(\mathrm{d}X\right)^{\top}"),
    (MatrixSymbol("Xw", n, n), r"\mathit{Xw}"),
    (MatrixSymbol("loss", n, n) * x, r"\mathit{loss} \, x"),
    (Symbol("sigma") * (A + B), r"\sigma \cdot \left(A + B\right)"),
    (Derivative(Trace(A * X), X), r"\frac{\partial}{\partial X} \operatorname{tr}\left(A X\right)"),
    (Derivative(mc.Norm(x), x), r"\frac{\partial}{\partial x} \lVert x \rVert_{2}"),
    (ArrayDerivative(A * x, x), r"\frac{\partial}{\partial x} A x"),
    (Derivative(Trace(A * X) + t, X), r"\frac{\partial}{\partial X} \left(t + \operatorname{tr}\left(A X\right)\right)"),
    (Derivative(sin(t), t), r"\frac{d}{d t} \sin{\left(t \right)}"),
    (mc.Norm(x), r"\lVert x \rVert_{2}"),
    (mc.Norm(X), r"\lVert X \rVert_{F}"),
    (mc.Norm(x) ** 2, r"\lVert x \rVert_{2}^{2}"),
    (mc.Norm(X * y - x), r"\left\lVert X y - x \right\rVert_{2}"),
    (mc.Norm(x, 1), r"\lVert x \rVert_{1}"),
    (mc.Norm(X, 1), r"\lVert \operatorname{vec}\left(X\right) \rVert_{1}"),
    (mc.Norm(x, oo), r"\lVert x \rVert_{\infty}"),
    (mc.SpectralNorm(X), r"\lVert X \rVert_{2}"),
    (mc.NuclearNorm(X), r"\lVert X \rVert_{*}"),
    (mc.ElementSum(X), r"\operatorname{sum}\left(X\right)"),
    (mc.Mean(X), r"\operatorname{mean}\left(X\right)"),
    (mc.RowSum(X), r"\operatorname{rowsum}\left(X\right)"),
    (mc.Vec(X), r"\operatorname{vec}\left(X\right)"),
    (mc.Vec(X).T, r"\operatorname{vec}\left(X\right)^{\top}"),
    (mc.Unvec(v, m, n), r"\operatorname{unvec}_{m,n}\left(v\right)"),
    (mc.CommutationMatrix(m, n), r"K_{m,n}"),
    (mc.DuplicationMatrix(n), r"D_{n}"),
    (mc.Softmax(x), r"\operatorname{softmax}\left(x\right)"),
    (mc.LogSumExp(x), r"\operatorname{logsumexp}\left(x\right)"),
    (mc.Sigmoid(t) ** 2, r"\sigma\left(t\right)^{2}"),
    (mc.Cholesky(X), r"\operatorname{chol}\left(X\right)"),
    (mc.HalfLower(n), r"\Phi_{n}"),
    (mc.MatrixExp(t * A), r"e^{t A}"),
    (mc.MatrixExp(X).T, r"\left(e^{X}\right)^{\top}"),
    (mc.MatrixLog(X), r"\log\left(X\right)"),
    (mc.MatrixFunction(tanh, X), r"\tanh\left(X\right)"),
    (mc.MatrixFunction(Lambda(t, t**3 + exp(t)), X), r"\left(u \mapsto u^{3} + e^{u}\right)\left(X\right)"),
    (mc.FrechetDerivative(exp, X, A), r"L_{\exp}\left(X; A\right)"),
    (mc.FrechetDerivative(exp, X, A, B), r"L_{\exp}\left(X; A, B\right)"),
    (mc.FrechetMatrix(exp, X), r"K_{\exp}\left(X\right)"),
    (mc.Eigenvalue(X, i), r"\lambda_{i}\left(X\right)"),
    (mc.Eigenvector(X, i).T, r"q_{i}\left(X\right)^{\top}"),
    (mc.ReducedResolvent(X, 0), r"\left(\lambda_{0}\left(X\right) I - X\right)^{+}"),
    (mc.ReducedResolvent(X, 0) ** 2, r"\left(\left(\lambda_{0}\left(X\right) I - X\right)^{+}\right)^{2}"),
    (mc.EigenvalueSum(X), r"\sum_{i} \lambda_{i}\left(X\right)"),
    (mc.EigenvalueSum(X) ** 2, r"\left(\sum_{i} \lambda_{i}\left(X\right)\right)^{2}"),
    (mc.EigenvalueProduct(X) * A, r"\left(\prod_{i} \lambda_{i}\left(X\right)\right) A"),
    (mc.SingularValue(Z, 0), r"\sigma_{0}\left(Z\right)"),
    (mc.LeftSingularVector(Z, 0) * mc.RightSingularVector(Z, 0).T, r"u_{0}\left(Z\right) v_{0}\left(Z\right)^{\top}"),
    (mc.MatrixUnit(n, n, i, j), r"E_{ij}"),
    (mc.MatrixUnit(n, n, 0, 1), r"E_{0,1}"),
    (mc.MatrixUnit(n, 1, i, 0), r"e_{i}"),
    (mc.MatrixUnit(1, n, 0, i), r"e_{i}^{\top}"),
    (mc.MatrixSum(X**i, (i, 0, k)), r"\sum_{i=0}^{k} X^{i}"),
    (mc.MatrixSum(X**i, (i, 0, k)) * A, r"\left(\sum_{i=0}^{k} X^{i}\right) A"),
    (A * mc.MatrixSum(X**i, (i, 0, k)), r"A \sum_{i=0}^{k} X^{i}"),
    (mc.jacobian(X * x, X), r"\left[\delta_{ij} x_{k}\right]_{ijk}"),
    (mc.jacobian(X.T * A * X, X), r"\left[\delta_{il} \left(A X\right)_{kj} + \delta_{jl} \left(X^{\top} A\right)_{ik}\right]_{ijkl}"),
    (
        mc.jacobian(Determinant(X) * X, X),
        r"\left[\det\left(X\right) X_{ij} \left(X^{-1}\right)_{lk} + \det\left(X\right) \delta_{ik} \delta_{jl}\right]_{ijkl}",
    ),
    (mc.jacobian(X.I, X), r"\left[- \left(X^{-1}\right)_{ik} \left(X^{-1}\right)_{lj}\right]_{ijkl}"),
]


@pytest.mark.parametrize("expr, expected", TABLE, ids=[tex for _, tex in TABLE])
def test_exact(expr, expected):
    assert latex(expr) == expected


SETTINGS = [
    ({"transpose": "T"}, X.T.I * x.T.T, r"X^{-T} x"),
    ({"transpose": "'"}, MatMul(X.T, OneMatrix(n, 1), OneMatrix(1, n), Inverse(X.T)), r"X' \mathbf{1} \mathbf{1}' \left(X'\right)^{-1}"),
    ({"transpose": r"\mathsf{T}"}, mc.MatrixUnit(1, n, 0, i), r"e_{i}^{\mathsf{T}}"),
    ({}, A[:, 2], r"A_{:,2}"),
    ({}, (A + X)[1:3, 0], r"\left(A + X\right)_{1:3,0}"),
    ({}, x[1:, 0], r"x_{1:}"),
    ({"index_base": 1}, A[1:3, 0] * A[2, 0], r"A_{3,1} A_{2:3,1}"),
    ({"index_base": 1}, mc.Norm(x[:k, 0]), r"\left\lVert x_{:k} \right\rVert_{2}"),
    ({"index_base": 1}, Sum(k**2, (k, 0, n)), r"\sum_{k=0}^{n} k^{2}"),
    ({"index_base": 1}, Sum(x[k, 0] ** 2, (k, 0, n - 1)), r"\sum_{k=1}^{n} x_{k}^{2}"),
    ({}, MatrixSymbol("dSigma", n, n) * MatrixSymbol("dmu_1", n, 1), r"\mathrm{d}\Sigma \, \mathrm{d}\mu_{1}"),
    ({}, MatrixSymbol("dXhat", n, n), r"\mathrm{d}\hat{X}"),
    ({}, MatrixSymbol("delta", n, n) + MatrixSymbol("data", n, n), r"\mathit{data} + \delta"),
    ({}, MatMul(MatMul(x.T, A, x), x), r"\left(x^{\top} A x\right) x"),
    ({}, A.conjugate(), r"\overline{A}"),
    ({"determinant": "bars"}, log(Determinant(A + X)) * A, r"\left(\log\left|A + X\right|\right) A"),
    ({"determinant": "bars"}, Determinant(BlockMatrix([[A, B], [X, A]])), r"\left|\begin{matrix}A & B\\X & A\end{matrix}\right|"),
    ({"bold": True}, X * x, r"\mathbf{X} \mathbf{x}"),
    ({"bold": True}, MatrixSymbol("beta_1", n, 1).T * MatrixSymbol("Sigma", n, n), r"\boldsymbol{\beta}_{1}^{\top} \boldsymbol{\Sigma}"),
    ({"bold": True}, MatrixSymbol("xhat", n, 1) + t * x, r"t \mathbf{x} + \hat{\mathbf{x}}"),
    ({"bold": True}, Identity(n) + mc.MatrixUnit(n, n, 0, 1), r"\mathbf{I} + \mathbf{E}_{0,1}"),
    ({"bold": True}, MatrixSymbol("a", 1, 1), "a"),
    ({"show_sizes": True}, MatMul(Identity(n), OneMatrix(n, 1)), r"I_{n} \mathbf{1}_{n}"),
    ({"show_sizes": True}, ZeroMatrix(m, n), r"\mathbf{0}_{m \times n}"),
    ({"show_sizes": True}, OneMatrix(1, n), r"\mathbf{1}_{n}^{\top}"),
    ({"index_base": 1}, X[0, 1] + x[2, 0], r"X_{1,2} + x_{3}"),
    ({"index_base": 1}, X[i, j], r"X_{i + 1,j + 1}"),
    ({"index_base": 1}, Sum(i * x[i, 0] ** 2, (i, 0, n - 1)), r"\sum_{i=1}^{n} \left(i - 1\right) x_{i}^{2}"),
    ({"index_base": 1}, Sum(A[i, j], (i, 0, j), (j, 0, n - 1)), r"\sum_{j=1}^{n} \sum_{i=1}^{j} A_{ij}"),
    ({"index_base": 1}, mc.MatrixUnit(n, n, 0, 1), r"E_{1,2}"),
    ({"index_base": 1}, mc.Eigenvalue(X, 0), r"\lambda_{1}\left(X\right)"),
    ({"mode": "inline"}, X.T, r"$X^{\top}$"),
    ({"symbol_names": {X: r"\mathcal{X}"}}, X.T * A, r"\mathcal{X}^{\top} A"),
    ({"mul_symbol": "dot"}, t * sin(t), r"t \cdot \sin{\left(t \right)}"),
    ({"mat_delim": "("}, BlockMatrix([[A, B]]), r"\left(\begin{matrix}A & B\end{matrix}\right)"),
    ({"mat_symbol_style": "bold"}, X * Identity(n), r"\mathbf{X}"),
    ({"adjoint_style": "hermitian"}, Inverse(Adjoint(X)), r"X^{-\mathsf{H}}"),
    ({"ln_notation": True}, log(Determinant(X)), r"\ln\det X"),
    ({"fold_frac_powers": False}, t ** Rational(3, 2), r"t^{\frac{3}{2}}"),
]


KNOWN = [row for row in SETTINGS if row[0].keys() <= LatexPrinter._default_settings.keys()]  # some of SymPy's are from 1.13 or 1.14


@pytest.mark.parametrize("settings, expr, expected", KNOWN, ids=[tex for *_, tex in KNOWN])
def test_settings(settings, expr, expected):
    assert latex(expr, **settings) == expected


def test_unknown_settings_are_sympys_error():
    with pytest.raises(TypeError) as ours:
        latex(X, colour="red")
    with pytest.raises(TypeError) as sympys:
        sympy.latex(X, colour="red")
    assert str(ours.value) == str(sympys.value)


@pytest.mark.parametrize("settings", [{"determinant": "norm"}, {"index_base": 2}])
def test_values_of_settings_are_checked(settings):
    with pytest.raises(mc.ArgumentError, match=next(iter(settings))):
        latex(X, **settings)


def test_index_base_keeps_the_limits_of_a_sum():
    """An index of the sum stands in the limit of another: both are shifted."""
    assert latex(Sum(x[i, 0], (i, j, n - 1)), index_base=1) == r"\sum_{i=j + 1}^{n} x_{i}"
    inner = Sum(y[i, 0], (i, 0, n - 1))
    assert latex(Sum(x[i, 0] * exp(inner), (i, 0, n - 1)), index_base=1) == r"\sum_{i=1}^{n} e^{\sum_{i=1}^{n} y_{i}} x_{i}"


def test_called_as_sympys():
    assert latex([X.T, {"a": t}]) == r"\left[ X^{\top}, \  \left\{ \mathtt{\text{a}} : t\right\}\right]"
    assert LatexPrinter({"transpose": "T"}).doprint(X.T) == "X^{T}"
    assert set(SympyLatexPrinter._default_settings) < set(LatexPrinter._default_settings)


def test_plain_sympy_prints_the_same():
    """What has no matrix prints as SymPy prints it, but for powers such as 3/2."""
    for e in (
        t**2 / (1 + t),
        sin(t) * cos(t) ** 2,
        f(t).diff(t),
        sympy.Integral(exp(-t), t),
        Add(t, 1) ** -3,
        sqrt(t),
        Piecewise((t, t > 0), (1, True)),
    ):
        assert latex(e) == sympy.latex(e)


def test_importing_changes_nothing_in_sympy():
    assert sympy.latex(X.T.I * Determinant(X)) == r"\left|{X}\right| \left(X^{T}\right)^{-1}"


def test_printing_does_not_evaluate():
    """SymPy negates products to find their sign, which evaluates what is in them: exponentially often in these."""
    g = mc.gradient(Trace(A * mc.ReducedResolvent(X.T * X, 0)), X)
    text = latex(mc.gradient(Trace(g * A), X))
    assert len(text) > 1000 and "^{+}^" not in text


NODES = [mc.Norm(X), mc.Eigenvalue(X, 0), mc.LogSumExp(x), mc.ElementSum(X), mc.SpectralNorm(Z), mc.EigenvalueProduct(X)]


@pytest.mark.parametrize("node", NODES, ids=str)
def test_derivatives_of_own_nodes_print_and_pickle(node):
    e = Derivative(node, next(iter(node.atoms(MatrixSymbol))))
    assert pickle.loads(pickle.dumps(e)) == e
    for printer in (str, pretty, srepr, latex, sympy.latex):
        assert printer(e)
    assert latex(e).startswith(r"\frac{\partial}{\partial ")


def test_sympys_printer_reads_the_nodes_too():
    assert sympy.latex(mc.Norm(X * y - x) ** 2) == r"\left\lVert X y - x \right\rVert_{2}^{2}"
    assert sympy.latex(mc.MatrixUnit(1, n, 0, i)) == "e_{i}^{T}"
    assert sympy.latex(mc.ReducedResolvent(X, 0)) == r"\left(\lambda_{0}\left(X\right) I - X\right)^{+}"


def test_einsum_signs_and_coefficients():
    two = mc.Einsum((), mc.EinsumTerm(1, (n,), (), ((x, (0,), ()),)), mc.EinsumTerm(-2, (n,), (), ((y, (0,), ()),)))
    assert latex(two) == r"\sum_{i} x_{i} - 2 \sum_{i} y_{i}"
    assert latex(two * A) == r"\left(\sum_{i} x_{i} - 2 \sum_{i} y_{i}\right) A"
    factor = mc.Einsum((n,), mc.EinsumTerm(2 * Sum(y[i, 0], (i, 0, n - 1)), (n,), ((0,),), ((x, (0,), ()),)))
    assert latex(factor) == r"\left[\left(2 \sum_{i=0}^{n - 1} y_{i}\right) x_{i}\right]_{i}"
    bound = mc.Einsum((n,), mc.EinsumTerm(k, (n,), ((0,),), ((x, (0,), ()),), ((k, sympy.Integer(1), m),)))
    assert latex(bound) == r"\left[\sum_{k=1}^{m} k x_{i}\right]_{i}"


def test_what_would_run_together_is_kept_apart():
    assert latex(MatMul(2, HadamardPower(2, X))) == r"2 \cdot 2^{\odot X}"
    assert latex(x.applyfunc(lambda s: 3 * 2**s)) == r"3 \cdot 2^{\odot x}"
    assert latex(MatMul(Symbol("sigma"), A + B)) != latex(mc.Sigmoid(A + B))
    assert latex(MatrixSymbol("AB", n, n)) != latex(A * B)
    assert latex(MatrixSymbol("a", 1, 1)[0, 0] ** 2) == "a^{2}"


def test_names_that_would_print_alike_are_told_apart():
    n = symbols("n", integer=True, positive=True)
    one, other = MatrixSymbol("x_hat", n, 1), MatrixSymbol("xhat", n, 1)
    assert mc.latex(one) == mc.latex(other) == r"\hat{x}"
    assert mc.latex(one + other) == r"\hat{x} + \mathit{xhat}"
    for expr, declared in [(one + other, ["x_hat: n", "xhat: n"]), (2 * other, ["xhat: n"]), (2 * one, ["x_hat: n"])]:
        assert mc.parse(mc.latex(expr), shapes=declared, syntax="latex")[0] == expr
    first, second = MatrixSymbol("x1", n, 1), MatrixSymbol("x_1", n, 1)
    assert mc.latex(first) == mc.latex(second) == "x_{1}"
    assert mc.latex(first - second) == r"\mathit{x1} - x_{1}"
    assert mc.latex(symbols("alpha2") * symbols("alpha_2")) == r"\mathit{alpha2} \, \alpha_{2}"


def test_a_form_over_a_number_is_a_fraction():
    n = symbols("n", integer=True, positive=True)
    A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    assert mc.latex(x.T * A * x / mc.dot(x, x)) == r"\frac{x^{\top} A x}{x^{\top} x}"
    assert mc.latex(-(x.T * A * x) / mc.dot(x, x)) == r"- \frac{x^{\top} A x}{x^{\top} x}"
    assert mc.latex(A * x / mc.dot(x, x)) == r"\frac{1}{x^{\top} x} A x"


def test_a_sum_of_scalars_begins_with_what_has_no_minus():
    a, b, k, r = symbols("a b k r")
    x = MatrixSymbol("x", 3, 1)
    assert mc.latex(b - a) == "b - a" and to_text(b - a) == "b - a"
    assert mc.latex(mc.Norm(x) ** 2 - 2 * a) == r"\lVert x \rVert_{2}^{2} - 2 a" and to_text(k - r - 1) == "k - r - 1"
    assert mc.latex(-a - b) == "- a - b" and to_text(mc.scalar(x.T * x) - a) == "x.T*x - a"


def test_what_has_latex_of_its_own():
    """SymPy's printer would take what is no expression for text, or for a tuple."""
    short = mc.abbreviate(mc.gradient(log(Determinant(A + A.T)) + Trace((A + A.T).I), A))
    derivation, verdict = mc.explain(x.T * A * x, x), mc.verdict(A * x, x.T * A * x, x)
    problem = mc.objective(mc.Norm(A * x - y) ** 2, x, args=[A, y])
    for found in (short, derivation, verdict, problem):
        assert mc.latex(found) == found.latex() and r"\mathtt" not in mc.latex(found)
        assert r"\mathbf{A}" in mc.latex(found, bold=True) and mc.latex(found, bold=True) == found.latex(bold=True)
    assert mc.latex(problem) == mc.latex(mc.Norm(A * x - y) ** 2) and mc.latex([A, x]) == r"\left[ A, \  x\right]"


def test_text_is_refused():
    with pytest.raises(mc.ExpressionError, match="mc.parse"):
        mc.latex("X'*X")
    assert "X'" in mc.latex(["X'"])  # in a list, as Jupyter prints one
