"""One row a rule at least: class -> (expression, variable, domain), on distinct sizes. The registry test reads this table."""

import sympy as sp
from sympy import (
    Abs,
    Add,
    Array,
    Determinant,
    Function,
    ImmutableDenseNDimArray,
    ImmutableSparseNDimArray,
    Lambda,
    Matrix,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Subs,
    Sum,
    Trace,
    exp,
    log,
    sin,
    symbols,
    tanh,
)
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.immutable import ImmutableDenseMatrix, ImmutableSparseMatrix

import sympy_matcalc as mc
from sympy_matcalc.nodes.matrix_functions import AnalyticFunction

m, n, p = symbols("m n p", integer=True, positive=True)
k = symbols("k", integer=True, nonnegative=True)
i, j = symbols("i j", integer=True, nonnegative=True)
t = symbols("t", real=True)
u = symbols("u")
X, Y, A, B = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("A", p, m), MatrixSymbol("B", n, p)
S, R = MatrixSymbol("S", n, n), MatrixSymbol("R", n, n)
x, y, a = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("a", n, 1)
Z = MatrixSymbol("Z", 5, n)
f0, F0, h0 = mc.function("f"), mc.function("F", (m, n)), mc.function("h", (1, n))
sum_of_squares = mc.Einsum((n,), mc.EinsumTerm(2, (n, m), ((0,),), [(X, (1,), (0,)), (X, (1,), (0,)), (y, (1,), ())]))

ROWS = {
    MatAdd: [(2 * X + Y, X, {}), (A * (X + Y), X, {})],
    Add: [(Trace(S) + Trace(S) ** 2, S, {})],
    MatMul: [(A * X * B, X, {}), (X * X.T * X, X, {}), (x * x.T * a, x, {})],
    Mul: [(Trace(S) * Trace(R * S), S, {})],
    Transpose: [(X.T * y, X, {}), (X.T, X, {})],
    KroneckerProduct: [(KroneckerProduct(A, X), X, {}), (KroneckerProduct(X, B), X, {}), (KroneckerProduct(x, a), x, {})],
    Subs: [
        (Subs(sin(u) * exp(u * t), u, Trace(S) / n), S, {}),
        (Subs(sin(u) * exp(u * t), u, Trace(S) / n), t, {}),
        (Subs(sin(u * t), (u, t), (Trace(S) / n, Trace(R * S) / n)), S, {}),
    ],
    Trace: [(Trace(A * X * B), X, {}), (Trace(X.T * X), X, {})],
    Determinant: [(Determinant(S), S, {S: "posdet"}), (Determinant(S), S, {S: "negdet"}), (log(Determinant(S)), S, {S: "posdet"})],
    MatrixElement: [(S[i, j] ** 2, S, {i: "index:n", j: "index:n"}), (MatrixElement(S * R, 0, 0), S, {})],
    Inverse: [(S.I, S, {S: "invertible"}), (a.T * S.I * x, S, {S: "invertible"})],
    MatPow: [(S**3, S, {}), (S**-2, S, {S: "invertible"}), (a.T * S**k * x, S, {k: "posint"})],
    HadamardProduct: [
        (HadamardProduct(R, S), S, {}),
        (HadamardProduct(Trace(S) * Identity(n), S), S, {}),
        (HadamardProduct(X, Y), X, {}),
        (HadamardProduct(X, X), X, {}),
    ],
    HadamardPower: [
        (HadamardPower(X, 3), X, {}),
        (HadamardPower(Y, X), X, {Y: "positive"}),
        (HadamardPower(X, Y), X, {X: "positive"}),
        (HadamardPower(X, t), t, {X: "positive"}),
    ],
    ElementwiseApplyFunction: [
        (X.applyfunc(tanh), X, {}),
        ((X * x).applyfunc(Lambda(u, log(1 + exp(u)))), x, {}),
        (X.applyfunc(Lambda(u, sin(t * u))), t, {}),
        (S.applyfunc(Lambda(u, u * Trace(S))), S, {}),
    ],
    log: [
        (log(mc.ElementProduct(x) ** 2 * (1 + t**2)), x, {}),
        (log(mc.ElementProduct(X) ** 2 * Trace(S) ** 2), S, {}),
        (log(t * mc.ElementProduct(x) ** 2), x, {t: "positive"}),
    ],
    Pow: [(Trace(S) ** 3, S, {}), (Trace(S * S.T) ** Rational(1, 2), S, {}), (t ** Trace(S), S, {t: "positive"})],
    Abs: [(Abs(Trace(S)), S, {}), (log(Abs(Determinant(S))), S, {S: "negdet"})],
    Piecewise: [(Piecewise((Trace(S) ** 2, Trace(S) > 0), (Trace(S) ** 3, True)), S, {})],
    Sum: [
        (Sum(sp.Max(sp.Min(x[i, 0], 3 * a[i, 0]), a[i, 0]) * x[i, 0], (i, 0, n - 1)), x, {}),
        (Sum(sp.atan2(x[i, 0], a[i, 0]), (i, 0, n - 1)), x, {a: "positive", x: "positive"}),
    ],
    DiagMatrix: [(DiagMatrix(x), x, {}), (X * DiagMatrix(x) * a, x, {})],
    DiagonalOf: [(DiagonalOf(S), S, {}), (x.T * DiagonalOf(S * S), S, {})],
    DiagonalMatrix: [(DiagonalMatrix(S), S, {}), (a.T * DiagonalMatrix(S * R) * x, S, {})],
    MatrixSlice: [(MatrixSlice(Z, (1, 3, 1), (0, n, 1)), Z, {}), (Z[0:4:2, :] * Z[2:5, :].T, Z, {})],
    mc.Vec: [(mc.Vec(X * X.T), X, {}), (mc.Vec(A * X * B), X, {})],
    BlockMatrix: [
        (sp.BlockDiagMatrix(mc.MatrixSqrt(Identity(1) + x.T * S * S.T * x), S), S, {}),
        (BlockMatrix([[X, 2 * X + Y], [B.T, OneMatrix(p, n)]]), X, {}),
        (a.T * BlockMatrix([[x.T * S], [X]]).T * BlockMatrix([[x.T], [X]]) * x, x, {}),
    ],
    ImmutableDenseMatrix: [(Matrix([[Trace(S), Trace(S) ** 2], [1, t]]), S, {}), (Matrix([[t, t**2]]), t, {})],
    ImmutableSparseMatrix: [(sp.SparseMatrix([[t, 0], [t**2, t**3]]), t, {})],
    mc.MatrixSum: [(mc.MatrixSum(S**i * a * x.T, (i, 0, 3)), S, {}), (mc.MatrixSum(S**i, (i, 0, k)), S, {k: "posint"})],
    mc.Einsum: [(sum_of_squares, X, {}), (sum_of_squares, y, {})],
}
T32, T23, C23 = MatrixSymbol("T", 3, 2), MatrixSymbol("T", 2, 3), MatrixSymbol("C", 2, 3)
x3, y3, A3 = MatrixSymbol("x", 3, 1), MatrixSymbol("y", 3, 1), MatrixSymbol("A", 3, 3)
q4 = MatrixSymbol("q", 4, 1)
S33 = MatrixSymbol("S", 3, 3)
M, r1 = MatrixSymbol("M", m, m), MatrixSymbol("r", 1, 1)
# Scalar functions go through one rule that is registered for no class: SymPy's own derivative.
r = symbols("r", integer=True, nonnegative=True)
W = MatrixSymbol("W", n, m)
ROWS |= {
    mc.Norm: [
        (mc.Norm(X), X, {}),
        (mc.Norm(X * x), x, {}),
        (mc.Norm(X, 1), X, {X: "nonzero"}),
        (mc.Norm(x, 3), x, {x: "nonzero"}),
        (mc.Norm(x, sp.oo), x, {x: "distinct_abs"}),
        (mc.Norm(X * x) ** 2, X, {}),
        (mc.Norm(x.T, Rational(5, 2)), x, {x: "nonzero"}),
    ],
    mc.ElementMax: [(mc.ElementMax(X), X, {}), (mc.ElementMax(X * x) ** 2, x, {}), (mc.ElementMax(X.T * X + DiagMatrix(x)) ** 3, X, {})],
    mc.ElementMin: [(mc.ElementMin(x) ** 2, x, {}), (mc.ElementMin(-2 * X.T) ** 2, X, {}), (mc.ElementMin(t * X), X, {})],
    mc.RowMax: [(mc.RowMax(X), X, {}), (y.T * mc.RowMax(X * S) ** 1, S, {}), ((y.T * mc.RowMax(X * S))[0] ** 2, S, {})],
    mc.RowSoftmax: [
        (Trace(Y.T * mc.Softmax(X * S, axis=1).applyfunc(log)), S, {}),
        (mc.Softmax(X, axis=1), X, {}),
        (Trace(Y.T * mc.Softmax(X, axis=0)), X, {}),
        (mc.Softmax(X * S, axis=1) * x, S, {}),
        (Trace(mc.Softmax(S * S.T, axis=0) ** 2), S, {}),
    ],
    mc.RowLogSumExp: [(mc.LogSumExp(X * S, axis=1), S, {}), (mc.Norm(mc.LogSumExp(X, axis=0)) ** 2, X, {})],
    mc.RowMin: [(X * mc.RowMin(X.T), X, {}), (mc.RowMin(-X * S), S, {})],
    mc.Hardmax: [(X.T * mc.Hardmax(X), X, {}), (mc.Hardmax(X.T) * X, X, {})],
    mc.RowHardmax: [(X.T * mc.RowHardmax(X), X, {}), (Trace(mc.RowHardmax(X * S).T * X * S), S, {})],
    mc.UpperTriangle: [
        (mc.UpperTriangle(X), X, {}),
        (X * mc.UpperTriangle(S, 1) * S, S, {}),
        (mc.UpperTriangle(2 * X.T, -1) * X, X, {}),
        (Trace(mc.UpperTriangle(S * S.T) ** 2), S, {}),
        (mc.UpperTriangle(t**2 * S, k), t, {k: "posint"}),
    ],
    mc.LowerTriangle: [
        (mc.LowerTriangle(x * x.T, -1) * x, x, {}),
        (X * mc.LowerTriangle(S).T * mc.LowerTriangle(S) * X.T, S, {}),
        (mc.LowerTriangle(mc.UpperTriangle(X, -1), 1), X, {}),
        (log(Determinant(mc.LowerTriangle(S) * mc.LowerTriangle(S).T + Identity(n))), S, {}),
    ],
    mc.GeneralizedEigenvalue: [
        (mc.GeneralizedEigenvalue(S, R, 0), S, {S: "simple_spectrum", R: "spd"}),
        (mc.GeneralizedEigenvalue(S, R, n - 1) ** 2, R, {S: "simple_spectrum", R: "spd"}),
        (mc.GeneralizedEigenvalue(S, X.T * X + R, r), X, {S: "simple_spectrum", R: "spd", r: "index:n"}),
    ],
    mc.GeneralizedEigenvector: [
        ((x.T * mc.GeneralizedEigenvector(S, R, 0))[0, 0] ** 2, S, {S: "simple_spectrum", R: "spd"}),
        ((x.T * mc.GeneralizedEigenvector(S, R, n - 1))[0, 0] ** 2, R, {S: "simple_spectrum", R: "spd"}),
    ],
    mc.PencilResolvent: [
        (mc.PencilResolvent(S, R, 0) * x, S, {S: "simple_spectrum", R: "spd"}),
        (x.T * mc.PencilResolvent(S, R, 0) * x, R, {S: "simple_spectrum", R: "spd"}),
    ],
    mc.GeneralEigenvalue: [
        (mc.GeneralEigenvalue(S, n - 1), S, {S: "real_spectrum"}),
        (mc.GeneralEigenvalue(S, 0) ** 2, S, {S: "real_spectrum"}),
        (mc.GeneralEigenvalue(S + t * R / 10, r), t, {S: "real_spectrum", R: "small", r: "index:n"}),
    ],
    mc.RightEigenvector: [
        ((x.T * mc.RightEigenvector(S, 0))[0, 0] ** 2, S, {S: "real_spectrum"}),
        (mc.RightEigenvector(S, n - 1), S, {S: "real_spectrum"}),
    ],
    mc.LeftEigenvector: [
        ((x.T * mc.LeftEigenvector(S, 0))[0, 0] ** 2, S, {S: "real_spectrum"}),
        (mc.LeftEigenvector(S, n - 1), S, {S: "real_spectrum"}),
    ],
    mc.GroupResolvent: [(mc.GroupResolvent(S, 0) * x, S, {S: "real_spectrum"})],
    mc.Stumpff: [(mc.Stumpff(x3, 1), x3, {}), (mc.Stumpff(A3 * x3, 3) ** 2, x3, {}), (mc.Stumpff(x, 0), x, {})],
    mc.RightJacobian: [
        (mc.RightJacobian(x3) * y3, x3, {}),
        (y3.T * mc.RightJacobian(A3 * x3) * y3, x3, {}),
        (mc.RightJacobian(t * x3), t, {}),
    ],
    mc.QuaternionRotation: [
        (mc.QuaternionRotation(q4) * y3, q4, {}),
        (x3.T * mc.QuaternionRotation(q4) * y3, q4, {}),
        (mc.QuaternionRotation(t**2 * q4), t, {}),
        (Trace(A3 * mc.QuaternionRotation(q4)), q4, {}),
    ],
    mc.Eigenvalues: [
        (mc.Eigenvalues(S), S, {S: "simple_spectrum"}),
        (x.T * mc.Eigenvalues(S), S, {S: "simple_spectrum"}),
        (x.T * mc.Eigenvalues(X.T * X + DiagMatrix(x)), X, {}),
        (mc.Norm(mc.Eigenvalues(S + t * R), 3), t, {S: "simple_spectrum", R: "simple_spectrum"}),
    ],
    mc.Eigenvectors: [(mc.Eigenvectors(S) * DiagMatrix(x) * mc.Eigenvectors(S).T, S, {S: "simple_spectrum"})],
    mc.InverseGaps: [(mc.InverseGaps(x), x, {x: "distinct_abs"}), (X * mc.InverseGaps(2 * x) * x, x, {x: "distinct_abs"})],
    mc.SingularValues: [
        (mc.SingularValues(MatrixSymbol("T", 3, n)), MatrixSymbol("T", 3, n), {"T": "fullrank"}),
        (mc.ElementSum(mc.SingularValues(X).applyfunc(sin)), X, {X: "fullrank"}),
        (mc.ElementSum(mc.SingularValues(X.T).applyfunc(exp)), X, {X: "fullrank"}),
    ],
    mc.LeftSingularVectors: [(Trace(C23 * mc.LeftSingularVectors(T32) * mc.RightSingularVectors(T32).T), T32, {T32: "fullrank"})],
    mc.RightSingularVectors: [(Trace(C23 * mc.RightSingularVectors(T23) * mc.LeftSingularVectors(T23).T), T23, {T23: "fullrank"})],
    mc.ElementProduct: [
        (mc.ElementProduct(x), x, {}),
        (mc.ElementProduct(X), X, {}),
        (mc.ElementProduct(X * x) ** 2, x, {}),
        (mc.ElementProduct(x) ** -2, x, {}),
    ],
    mc.RowProduct: [(mc.RowProduct(X), X, {}), (y.T * mc.RowProduct(X * S), S, {})],
    mc.ProductsOfOthers: [(mc.ProductsOfOthers(x), x, {}), (Trace(Y.T * mc.ProductsOfOthers(X)), X, {})],
    mc.RowProductsOfOthers: [(Trace(Y.T * mc.RowProductsOfOthers(X)), X, {})],
    mc.ProductsOfOtherPairs: [(a.T * mc.ProductsOfOtherPairs(x) * S * a, x, {})],
    mc.ToeplitzSums: [(mc.ToeplitzSums(X), X, {}), (Trace(S * mc.ToeplitzSums(S * S)), S, {}), (mc.ToeplitzSums(X.T) * X, X, {})],
    mc.ToeplitzMeans: [(mc.ToeplitzMeans(X), X, {}), (Trace(S * mc.ToeplitzMeans(S * S)), S, {}), (mc.ToeplitzMeans(X * t), t, {})],
    mc.HankelSums: [(mc.HankelSums(X), X, {}), (Trace(S * mc.HankelSums(S * S.T)), S, {}), (mc.HankelSums(X.T) * X, X, {})],
    mc.HankelMeans: [(mc.HankelMeans(X), X, {}), (Trace(S * mc.HankelMeans(S * S)), S, {}), (mc.HankelMeans(X * t) * a, t, {})],
    mc.CirculantSums: [(mc.CirculantSums(S), S, {}), (Trace(S * mc.CirculantSums(S * S)), S, {})],
    mc.CumulativeSum: [(mc.CumulativeSum(X), X, {}), (x.T * mc.CumulativeSum(x), x, {}), (mc.Norm(mc.CumulativeSum(X * S)) ** 2, S, {})],
    mc.ReverseCumulativeSum: [
        (x.T * mc.ReverseCumulativeSum(S) * a, S, {}),
        (mc.ReverseCumulativeSum(X.T) * X, X, {}),
        (Trace(mc.ReverseCumulativeSum(S * S)), S, {}),
    ],
    mc.CrossProduct: [
        (mc.CrossProduct(x3, y3), x3, {}),
        (mc.CrossProduct(x3, 2 * y3), y3, {}),
        (mc.Norm(mc.CrossProduct(x3, y3)) ** 2, y3, {}),
        (y3.T * mc.CrossProduct(A3 * x3, x3), x3, {}),
        (mc.CrossProduct(t**2 * x3, y3), t, {}),
    ],
    mc.SkewMatrix: [
        (mc.SkewMatrix(x3) * y3, x3, {}),
        (Trace(A3 * mc.SkewMatrix(x3) ** 2), x3, {}),
        (mc.SkewMatrix(A3 * x3), A3, {}),
        (y3.T * mc.SkewMatrix(A3.T * x3) * A3 * x3, A3, {}),
    ],
    mc.Gather: [
        (mc.Gather(Z, [2, 0, 0]), Z, {}),
        (mc.Norm(mc.Gather(Z * x, [2, 0, 0, 4])) ** 3, x, {}),
        (a.T * mc.Gather(Z, [3]).T, Z, {}),
        (mc.Gather(mc.Gather(Z, [4, 1, 1]), [1, 0]) * S, Z, {}),
    ],
    mc.Scatter: [
        (mc.Scatter(Z, [1, 4, 4, 0, 2], 7) * x, Z, {}),
        (mc.Norm(mc.Scatter(Z * x, [1, 4, 4, 0, 2], 7)) ** 2, x, {}),
        (mc.Scatter(mc.Gather(Z, [2, 0, 0]), [0, 1, 1], 3) * S, Z, {}),
    ],
    mc.QRFactorQ: [(Trace(C23 * mc.QRFactorQ(T32)), T32, {T32: "fullrank"}), (mc.QRFactorQ(x), x, {})],
    mc.QRFactorR: [(Trace(A3 * mc.QRFactorR(S33)), S33, {S33: "invertible"}), (mc.QRFactorR(x), x, {})],
    mc.LUFactorP: [(mc.LUFactorP(S33).T * S33, S33, {S33: "invertible"})],
    mc.LUFactorL: [(Trace(A3 * mc.LUFactorL(S33)), S33, {S33: "invertible"}), (mc.LUFactorL(S) * x, S, {S: "invertible"})],
    mc.LUFactorU: [(Trace(A3 * mc.LUFactorU(S33)), S33, {S33: "invertible"}), (mc.LUFactorU(S) * x, S, {S: "invertible"})],
    mc.Sylvester: [
        (y.T * mc.Sylvester(M, S, X) * x, X, {M: "logdomain", S: "logdomain"}),
        (y.T * mc.Sylvester(M, S, X) * x, M, {M: "logdomain", S: "logdomain"}),
        (mc.Norm(mc.Sylvester(M, S, X)) ** 2, S, {M: "logdomain", S: "logdomain"}),
        (mc.Sylvester(M, S, t * X), t, {M: "logdomain", S: "logdomain"}),
    ],
    mc.UnknownScalar: [
        (f0(t * x) * t, t, {}),
        (f0(x, x, t), x, {}),
        (f0(x.T * S * x), S, {}),
        (f0(A * X * B), X, {}),
        (mc.ElementSum(X.applyfunc(f0)), X, {}),
    ],
    mc.UnknownMatrix: [(F0(t), t, {}), (Trace(Y.T * F0(X, y)), X, {}), (F0(X * S, y), y, {}), (y.T * F0(S) * x, S, {})],
    mc.UnknownScalarDerivative: [(mc.diff(f0(t, x), t), t, {}), (mc.diff(f0(t, x), t), x, {}), (mc.diff(f0(t), t, 2), t, {})],
    mc.UnknownMatrixDerivative: [
        (mc.gradient(f0(X), X), X, {}),
        (mc.hessian(f0(x), x) * x, x, {}),
        (mc.gradient(f0(x.T), x), x, {}),
        (y.T * mc.diff(F0(S * t), t) * x, S, {}),
        (mc.gradient(Trace(Y.T * F0(S, t)), S), t, {}),
        (mc.gradient(Trace(Y.T * F0(S)), S), Y, {}),
        (x.T * mc.gradient(y.T * F0(S) * x, S) * x, S, {}),
        (mc.diff(h0(t * x.T) * x, t), x, {}),
    ],
    mc.Lyapunov: [
        (x.T * mc.Lyapunov(S, R) * a, R, {S: "logdomain"}),
        (x.T * mc.Lyapunov(S, R) * a, S, {S: "logdomain"}),
        (mc.Norm(mc.Lyapunov(S, R * R.T)) ** 2, R, {S: "logdomain"}),
        (mc.Lyapunov(S, R), R, {S: "logdomain"}),
    ],
    mc.DiscreteLyapunov: [
        (x.T * mc.DiscreteLyapunov(S, R) * a, R, {S: "small"}),
        (x.T * mc.DiscreteLyapunov(S, R) * a, S, {S: "small"}),
        (mc.Norm(mc.DiscreteLyapunov(S, R * R.T)) ** 2, R, {S: "small"}),
        (mc.DiscreteLyapunov(S, R), R, {S: "small"}),
        (mc.DiscreteLyapunov(t * S, R), t, {S: "small"}),
    ],
    mc.Riccati: [
        (x.T * mc.Riccati(S, X.T, R, M) * a, S, {R: "spd", M: "spd"}),
        (x.T * mc.Riccati(S, X.T, R, M) * a, X, {R: "spd", M: "spd"}),
        (x.T * mc.Riccati(S, X.T, R, M) * a, R, {R: "spd", M: "spd"}),
        (x.T * mc.Riccati(S, X.T, R, M * M.T) * a, M, {R: "spd", M: "invertible"}),
        (mc.Riccati(S, x, t * R, r1), t, {R: "spd", r1: "spd", t: "positive"}),
        (x.T * mc.Riccati(S, x, R, t * r1) * x, x, {R: "spd", r1: "spd", t: "positive"}),
    ],
    mc.DiscreteRiccati: [
        (x.T * mc.DiscreteRiccati(S, X.T, R, M) * a, S, {R: "spd", M: "spd", S: "invertible"}),
        (x.T * mc.DiscreteRiccati(S, X.T, R, M) * a, X, {R: "spd", M: "spd", S: "invertible"}),
        (x.T * mc.DiscreteRiccati(S, X.T, R, M) * a, R, {R: "spd", M: "spd", S: "invertible"}),
        (x.T * mc.DiscreteRiccati(S, X.T, R, M * M.T) * a, M, {R: "spd", M: "invertible", S: "invertible"}),
        (mc.DiscreteRiccati(S, x, t * R, r1), t, {R: "spd", r1: "spd", t: "positive", S: "invertible"}),
    ],
    mc.SpectralNorm: [(mc.SpectralNorm(X), X, {X: "fullrank"})],
    mc.NuclearNorm: [
        (mc.NuclearNorm(MatrixSymbol("T", 5, n)), MatrixSymbol("T", 5, n), {"T": "fullrank"}),
        (mc.NuclearNorm(MatrixSymbol("T", 2, 3)), MatrixSymbol("T", 2, 3), {"T": "fullrank"}),
    ],
    mc.LogSumExp: [(mc.LogSumExp(X * x), x, {}), (mc.LogSumExp(x.T), x, {})],
    mc.Softmax: [(mc.Softmax(X * x), x, {}), (y.T * mc.Softmax(X * x), X, {}), (y.T * mc.Softmax(X * x).applyfunc(log), x, {})],
    AnalyticFunction: [
        (Trace(mc.MatrixExp(S)), S, {}),
        (Trace(R * mc.MatrixExp(S)), S, {}),
        (mc.MatrixExp(t * S), t, {}),
        (mc.MatrixExp(R + t * S), t, {}),
        (mc.MatrixExp(S) * x, S, {}),
        (Trace(R * mc.MatrixExp(-S.T * R)), S, {}),
        (Trace(R * mc.MatrixLog(S)), S, {S: "logdomain"}),
        (Trace(R * mc.MatrixSqrt(S)), S, {S: "logdomain"}),
        (Trace(R * mc.MatrixSin(S)), S, {}),
        (Trace(R * mc.MatrixCos(S)), S, {}),
        (Determinant(mc.MatrixExp(S)), S, {}),
        (Trace(mc.MatrixSqrt(S) * R * mc.MatrixSqrt(S)), S, {S: "logdomain"}),
    ],
    mc.MatrixFunction: [
        (Trace(R * mc.MatrixFunction(tanh, S)), S, {S: "small"}),
        (Trace(mc.MatrixFunction(tanh, S)), S, {S: "small"}),
        (Trace(R * mc.MatrixFunction(Lambda(u, sin(t * u)), S)), t, {}),
    ],
    mc.FrechetDerivative: [
        (Trace(R * mc.FrechetDerivative(sin, S, R)), S, {}),
        (Trace(R * mc.FrechetDerivative(exp, R, S)), S, {}),
        (Trace(R * mc.FrechetDerivative(exp, S.T, S * R)), S, {}),
    ],
    mc.FrechetMatrix: [
        (mc.FrechetMatrix(exp, R + t * S) * mc.Vec(R), t, {}),  # by a matrix it takes minutes: n^8 numbers for n = 3
        (mc.FrechetMatrix(sin, R, t * S) * mc.Vec(R), t, {}),
    ],
    mc.Eigenvalue: [
        (mc.Eigenvalue(S, 0), S, {S: "simple_spectrum"}),
        (mc.Eigenvalue(S, n - 1) ** 2, S, {S: "simple_spectrum"}),
        (mc.Eigenvalue(X.T * X + S, r), X, {S: "simple_spectrum", r: "index:n"}),
    ],
    mc.Eigenvector: [
        (mc.Eigenvector(S, 0), S, {S: "simple_spectrum"}),
        (a.T * mc.Eigenvector(S, r), S, {S: "simple_spectrum", r: "index:n"}),
    ],
    mc.ReducedResolvent: [(a.T * mc.ReducedResolvent(S, 0) * x, S, {S: "simple_spectrum"})],
    mc.SingularValue: [
        (mc.SingularValue(X, 0), X, {X: "fullrank"}),
        (mc.SingularValue(X, 0) ** 2, X, {X: "fullrank"}),
        (mc.SingularValue(x, 0), x, {}),
        (mc.SingularValue(x.T, 0), x, {}),
    ],
    mc.LeftSingularVector: [(y.T * mc.LeftSingularVector(X, 0), X, {X: "fullrank"})],
    mc.RightSingularVector: [
        (a.T * mc.RightSingularVector(X, 0), X, {X: "fullrank"}),
        (mc.RightSingularVector(X.T, 0), X, {X: "fullrank"}),
    ],
    mc.PseudoInverse: [
        (mc.PseudoInverse(X), X, {X: "fullrank"}),
        (Trace(X * mc.PseudoInverse(W.T)), X, {W: "fullrank"}),
        (Trace(mc.PseudoInverse(X) * W.T), X, {X: "fullrank"}),
    ],
    mc.Adjugate: [(mc.Adjugate(S), S, {S: "invertible"}), (Trace(R * mc.Adjugate(S * R)), S, {S: "invertible", R: "invertible"})],
    mc.Cholesky: [(mc.Cholesky(S), S, {S: "spd"}), (Trace(R * mc.Cholesky(S)), S, {S: "spd"})],
    mc.Unvec: [
        (mc.Unvec(x, 1, n) * x, x, {}),
        (mc.Unvec(KroneckerProduct(x, y), m, n), x, {}),
        (R * mc.Unvec(2 * mc.Vec(S * R), n, n), S, {}),
    ],
    ImmutableDenseNDimArray: [(Array([[[t**2, t * x[0, 0]], [Trace(S), sin(t)]]]), t, {}), (Array([[[x[0, 0] ** 3, 1]] * 2] * 2), x, {})],
    ImmutableSparseNDimArray: [(ImmutableSparseNDimArray([[[t**2, 0], [0, t * x[0, 0]]]]), t, {})],
    Product: [(Product(2 + x[i, 0] * x[n - 1 - i, 0], (i, 0, n - 1)), x, {}), (Product(t * x[n - 1 - i, 0] + 2, (i, 0, n - 1)), t, {})],
}

FUNCTIONS = [
    (exp(Trace(S)), S, {}),
    (sp.atan2(Trace(S), Trace(R * S)), S, {}),
    (sp.Max(Trace(S), Trace(S * S)), S, {}),
    (sp.loggamma(Trace(S) ** 2 + 1), S, {}),
]
UNDEFINED = Function("f")(Trace(S))
PLAIN = (Identity, OneMatrix)
