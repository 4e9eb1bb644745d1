"""diff, gradient, jacobian, hessian, differential: every SymPy node and every kind of variable, judged by finite differences alone."""

import numpy as np
import pytest
from sympy import (
    Abs,
    Basic,
    Determinant,
    DotProduct,
    Dummy,
    Function,
    FunctionMatrix,
    Heaviside,
    Identity,
    ImmutableMatrix,
    Integer,
    Integral,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixSymbol,
    Max,
    Min,
    OneMatrix,
    Piecewise,
    Rational,
    S,
    Subs,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    conjugate,
    cos,
    exp,
    factorial,
    log,
    re,
    sign,
    sin,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions.adjoint import Adjoint
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.blockmatrix import BlockDiagMatrix, BlockMatrix
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.matrices.expressions.special import GenericIdentity

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, finite_difference, random_env, second_difference
from sympy_matcalc.testing.check import judge

from ..comparator import same_expression

m, n, k, p = symbols("m n k p", integer=True, positive=True)
i, j, l = symbols("i j l", integer=True)
a, t = symbols("a t", positive=True)
w = Symbol("w")
A, B, X, S_ = (MatrixSymbol(name, n, n) for name in "ABXS")
C, D, Y = MatrixSymbol("C", m, n), MatrixSymbol("D", n, m), MatrixSymbol("Y", m, n)
x, y, z, r = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1), MatrixSymbol("r", 1, n)
o, o2 = MatrixSymbol("o", 1, 1), MatrixSymbol("o2", 1, 1)
X3, Y34, Y43, x3 = MatrixSymbol("X3", 3, 3), MatrixSymbol("Y34", 3, 4), MatrixSymbol("Y43", 4, 3), MatrixSymbol("x3", 3, 1)
ones = OneMatrix(n, 1)
f = Function("f")
ENTRY = {"i": ("index", n), "j": ("index", n)}


def bug(*case, reason):
    """A case that the engine gets wrong today."""
    return pytest.param(*case, marks=pytest.mark.xfail(strict=True, reason=reason))


def name_of(case):
    return str(case).replace("\n", " ")[:60] if not isinstance(case, dict) else ""


def points(expr, variables, domain, count=6):
    for seed in range(count):
        yield random_env(
            [expr, *variables], seed, {m: 4, n: 3} if domain != "two" else {n: 2}, domain if isinstance(domain, dict) else None
        )


def judged(derivative, expr, X, domain=None):
    """A point at which the derivative is right; the test fails where it is wrong, or cannot be judged."""
    for env in points(expr, [X], domain):
        verdict = judge(derivative, expr, X, env)
        assert verdict != "wrong", f"{expr} by {X}: {derivative}"
        if verdict == "right":
            return env
    raise AssertionError(f"no reliable point for {expr} by {X}")


def applied(function, matrix):
    return ElementwiseApplyFunction(function, matrix)


def blocks(*rows):
    return BlockMatrix([list(row) for row in rows])


PRODUCTS = [
    (A * X * B, X),
    (C * X * D, X),
    (X.T * A * X, X),
    (Y.T * Y, Y),
    (Y * A * Y.T, Y),
    (Trace(Y * A * Y.T * C * D), Y),
    (X.I, X, {"X": "invertible"}),
    ((Y.T * Y).I, Y),
    (X**3, X),
    (X**-2, X, {"X": "invertible"}),
    (X**k, X),
    (X**-k, X, {"X": "invertible"}),
    (Trace(X**k), X),
    (Trace(A * X**k), X),
    ((A * X) ** k * x, X),
    (Trace(X ** (2 * k + 1)), X),
    (MatPow(X, 0), X),
    (2 * a * X / t, X),
    (Identity(n) * X, X),
    (GenericIdentity() * X, X),
    (ones.T * X * ones, X),
    (OneMatrix(m, n) * X, X),
    (X * ZeroMatrix(n, m), X),
    (mc.MatrixUnit(n, n, 0, 1) * X, X),
    (X * mc.MatrixUnit(n, m, 0, 1), X),
    (Trace(X) * X, X),
    (Trace(X * X) * Trace(A * X), X),
    (X - X.T, X),
    (x * x.T, x),
    (x * x.T * x, x),
]
DETERMINANTS = [
    (Determinant(X), X),
    (log(Determinant(X)), X, {"X": "posdet"}),
    (log(-Determinant(X)), X, {"X": "negdet"}),
    (log(Abs(Determinant(X))), X, {"X": "negdet"}),
    (Determinant(Y.T * Y), Y),
    (log(Determinant(A + X)), X, {"A": "spd", "X": "spd"}),
    (Determinant(KroneckerProduct(X, A)), X),
    (Determinant(blocks((X, A), (B, X.T))), X),
    (Determinant(X3[:2, :2]), X3),
    (Determinant(DiagMatrix(x)), x, {"x": "nonzero"}),
    (Determinant(x.T * A * x), x),
    (Determinant(t * A + B), t),
    (log(Determinant(t * A + B)), t, {"A": "spd", "B": "spd"}),
]
ELEMENTWISE = [
    (HadamardProduct(X, A, X.T), X),
    (HadamardProduct(A * X, X * B), X),
    (HadamardPower(X, 3), X),
    (HadamardPower(X, a), X, {"X": "positive"}),
    (HadamardPower(X, A), X, {"X": "positive"}),
    (HadamardPower(A, X), X, {"A": "positive"}),
    (HadamardPower(X, X.T), X, {"X": "positive"}),
    (HadamardPower(a, X), X),
    (HadamardPower(A, t), t, {"A": "positive"}),
    (HadamardPower(x, -1), x, {"x": "nonzero"}),
    (HadamardPower(X, Rational(1, 2)), X, {"X": "positive"}),
    (X.applyfunc(sin), X),
    ((A * X).applyfunc(exp).applyfunc(tanh), X),
    (x.applyfunc(Lambda(w, w**2 * a)), x),
    (x.applyfunc(Lambda(w, w**2 * a)), a),
    (X.applyfunc(Abs), X),
    (X.applyfunc(sign), X),
    (applied(Lambda(w, Max(w, 0)), X), X),
    (applied(Lambda(w, Piecewise((w, w > 0), (exp(w) - 1, True))), X), X),
    (applied(Lambda(w, Abs(w) ** 3), X), X),
    (applied(Lambda(w, w**a), X), a, {"X": "positive"}),
    ((t * A).applyfunc(sin), t),
    (X.applyfunc(conjugate), X),
]
LAMBDAS_WITH_THE_VARIABLE = [
    (applied(Lambda(w, w * Trace(X)), X), X),
    (applied(Lambda(w, sin(w) * x[0, 0]), x), x),
    (applied(Lambda(w, exp(w * X[0, 1])), X), X),
    (applied(Lambda(w, Max(w, Trace(X))), X), X),
    (x.applyfunc(sin).applyfunc(Lambda(w, w * (x.T * x)[0, 0])), x),
]
KRONECKER_AND_DIAGONAL = [
    (KroneckerProduct(X, A), X),
    (KroneckerProduct(A, X), X),
    (KroneckerProduct(X, X), X),
    (Trace(KroneckerProduct(A, X)), X),
    (KroneckerProduct(Y, x), Y),
    (KroneckerProduct(x, y.T), x),
    (KroneckerProduct(x, y), x),
    (KroneckerProduct(x.T * x, A), x),
    (Trace(KroneckerProduct(X, X) * KroneckerProduct(A, B)), X),
    (KroneckerProduct(X, A)[2, 3], X),
    (KroneckerProduct(t * A, t**2 * B), t),
    (DiagMatrix(x), x),
    (DiagMatrix(A * x), x),
    (DiagMatrix(x) * A * y, x),
    (DiagMatrix(x) * DiagMatrix(y) * x, x),
    (Trace(DiagMatrix(x) * A), x),
    (DiagMatrix(x).I, x, {"x": "nonzero"}),
    (DiagMatrix(x) ** k, x),
    (DiagMatrix(r.T), r),
    (DiagMatrix(x)[i, j], x, ENTRY),
    (DiagonalMatrix(X), X),
    (DiagonalMatrix(A * X) * x, X),
    (DiagonalOf(X), X),
    (DiagonalOf(A * X), X),
    (DiagonalOf(X) * DiagonalOf(X).T, X),
    (DiagonalOf(Y34), Y34),
    (DiagonalOf(Y34.T), Y34),
    (DiagonalOf(Y43), Y43),
    (DiagonalOf(Y34.T) * x3.T, Y34),
    (DiagonalOf(X)[1, 0], X),
    (Trace(DiagonalMatrix(X) * DiagonalMatrix(A)), X),
    (DiagonalMatrix(X)[1, 1], X),
    bug(DiagonalMatrix(Y34), Y34, reason="DiagonalMatrix of a non-square matrix: an Einsum whose term has the shape (4, 4, 4, 4)"),
    bug(DiagonalMatrix(Y), Y, reason="DiagonalMatrix of a non-square matrix: an Einsum whose term has the wrong shape"),
    (DotProduct(x, y), x),
    (DotProduct(x, x), x),
    (DotProduct(x.T, y), x),
    (DotProduct(r, x), r),
    (DotProduct(r, r), r),
    (DotProduct(A * x, x), x),
    (exp(DotProduct(x, A * x)), x),
    (DotProduct(x.T, r), x),
    (DotProduct(x, y) * x, x),
]
BLOCKS_AND_SLICES = [
    (blocks((X, A), (B, X.T)), X),
    (blocks((X, x), (x.T, Identity(1))), X),
    (blocks((X, x), (x.T, Identity(1))), x),
    (Trace(blocks((X, A), (B, X.T))), X),
    (blocks((X, A), (B, X.T)).I, X),
    (blocks((Y,), (X,)) * x, X),
    (blocks((Y, z)), Y),
    (blocks((x,), (A * x,)), x),
    (blocks((X, A), (B, X)) ** 2, X),
    (blocks((X, A), (B, X)).applyfunc(sin), X),
    (blocks((X, A), (B, X))[0, 0], X),
    (HadamardProduct(blocks((X, A), (B, X)), blocks((A, B), (X, X))), X),
    (DiagonalOf(blocks((X, A), (B, X))), X),
    (blocks((t * A, B), (B, t**2 * A)), t),
    (blocks((x3, ZeroMatrix(3, 2))), x3),
    (blocks((x, y), (y, x)).T * blocks((x, y), (y, x)), x),
    (BlockDiagMatrix(X, A, X), X),
    (BlockDiagMatrix(Y, x), Y),
    (BlockDiagMatrix(Y, x), x),
    (Trace(BlockDiagMatrix(X, X * A)), X),
    (BlockDiagMatrix(X, Y).T, Y),
    (BlockDiagMatrix(x, r), x),
    (blocks((X3, X3 * 2), (X3.T, X3))[4, 1], X3),
    (blocks((x, y)) * Matrix([1, 2]), x),
    (X3[:2, 1:], X3),
    (Y34[:, ::2], Y34),
    (X3[1, :], X3),
    (X3[:, 1], X3),
    (X[:, 0], X),
    (X[i, :], X, ENTRY),
    (Trace(X3[:2, :2]), X3),
    (MatrixSlice(X, (0, p, 1), (0, n, 1)), X, {"p": ("index", n)}),
    (MatrixSlice(A * X * B, (p, n, 1), (0, n, 1)), X, {"p": ("index", n)}),
    (X3.I[:2, :2], X3, {"X3": "invertible"}),
    (x3[1:3, :].T * x3[0:2, :], x3),
    (X3[:2, 1:][0:1, :], X3),
    (X3.T[:2, 1:], X3),
    (X3[:2, :] * X3[:, 1:], X3),
    (MatrixSlice(MatrixSymbol("X4", 4, 4), (0, 4, 2), (1, 3, 1)), MatrixSymbol("X4", 4, 4)),
]
ENTRIES = [
    (X[0, 1], X),
    ((X * A)[0, 1], X),
    ((A * X * B)[i, j], X, ENTRY),
    (X[i, j] ** 2, X, ENTRY),
    (X.I[0, 1], X, {"X": "invertible"}),
    ((X**2)[0, 0], X),
    (X.T[0, 1], X),
    ((x * x.T)[0, 1], x),
    (X.applyfunc(sin)[0, 1], X),
    (DiagMatrix(x)[0, 0], x),
    (HadamardPower(X, 2)[0, 1], X),
    ((X.T * X)[0, 1] * (X * X.T)[1, 0], X),
    (x[0, 0] * x[1, 0] * x[2, 0], x),
    (X[0, 0] * X, X),
    (X[n - 1, n - 1], X),
    ((X * X)[i, i], X, ENTRY),
    (X[0, 0] / X[1, 1], X),
]
SCALARS = [
    (sqrt((x.T * x)[0, 0]), x),
    (sqrt(x.T * x), x),
    (exp(x.T * A * x), x),
    (log(x.T * x), x),
    ((x.T * x) ** -1, x),
    (x / sqrt((x.T * x)[0, 0]), x),
    (x * (x.T * x).I, x),
    (x / (x.T * x), x),
    (sin(Trace(A * X)) ** 2 / (1 + Trace(X) ** 2), X),
    (Trace(X) ** Trace(A * X), X, {"X": "spd", "A": "spd"}),
    ((x.T * x) ** a, x),
    ((x.T * A * x) ** 3, x),
    ((x.T * A * x) * (x.T * x), x),
    ((x.T * x)[0, 0] * (y.T * x), x),
    (HadamardProduct(x.T * x, y.T * x), x),
    (Trace(x.T * A * x), x),
    ((x.T * A * x).T, x),
    (DiagMatrix(x.T * A * x), x),
    ((x.T * A * x).applyfunc(sin), x),
    (ones.T * x.applyfunc(exp), x),
    (log((ones.T * x.applyfunc(exp))[0, 0]), x),
    (x.applyfunc(exp) / (ones.T * x.applyfunc(exp))[0, 0], x),
    (x.applyfunc(exp) * (ones.T * x.applyfunc(exp)).I, x),
    (Piecewise((Trace(X), Trace(X) > 0), (Trace(X) ** 2, True)), X),
    (Max(Trace(X), Trace(A * X)), X),
    (Min(Trace(X), 1, Trace(A * X)), X),
    (Abs(Trace(A * X)), X),
    (sign(Trace(X)) * Trace(A * X), X),
    (Heaviside(Trace(X)) * Trace(X), X),
    (X * t ** Trace(X), X),
    (X * t ** Trace(X), t),
    (Abs(Trace(A * X)) ** 2, X),
    (t * A + B, t),
    ((t * A + B).I, t, {"A": "spd", "B": "spd"}),
    (Trace((t * A + B) ** 3), t),
    ((t * A) ** k, t),
    (A * sin(t) / t, t),
]
REAL_SYMBOLS = [
    (Adjoint(X) * A * X, X),
    (Trace(Adjoint(X) * X), X),
    (Adjoint(X), X),
    (conjugate(X) * A, X),
    (Adjoint(x) * A * x, x),
    (conjugate(Trace(X)), X),
    (re(Trace(X)), X),
]
EXPLICIT = [
    (Matrix([[1, 2, 3], [4, 5, 6]]) * X3, X3),
    (Matrix([[t, 2, 3], [4, t**2, 6], [1, 1, t]]) * X3, t),
    (X3 * Matrix([[t], [t**2], [1]]), t),
    (X3 * Matrix([x3[0, 0], x3[1, 0] ** 2, 1]), x3),
    (ImmutableMatrix([[X3[0, 0] * 2, X3[1, 1]], [0, Trace(X3)]]), X3),
    (Matrix([[sin(t), t]]), t),
    (X3 + Matrix(3, 3, lambda u, v: u - v), X3),
    (HadamardProduct(X3, Matrix(3, 3, lambda u, v: u + 2 * v)), X3),
    (FunctionMatrix(n, n, Lambda((i, j), i + j)) * X, X),
]
VARIABLES = [
    (A * r.T, r),
    (r * A * r.T, r),
    (r * A, r),
    (r, r),
    (r.T * r, r),
    (r.applyfunc(sin) * A, r),
    (HadamardProduct(r, r * A), r),
    (o * t, o),
    (o**2 * o2, o),
    (x * o, o),
    (x * o * x.T, o),
    (x * o * x.T, x),
    (x.T * x * o, x),
    (x.T * x * o, o),
    (o, o),
    (o[0, 0] ** 2, o),
    (exp(o), o),
    (o.I, o, {"o": "nonzero"}),
    (A * o[0, 0], o),
    (Trace(X * o[0, 0]), o),
    (sqrt(o), o, {"o": "positive"}),
    (0.5 * x.T * A * x, x),
    (x[0, 0], x[0, 0]),
    (x[0, 0], x[1, 0]),
    (Trace(X * X * A), X[0, 1]),
    (A * X * B, X[0, 1]),
    (X.T * A * X, X[i, j], ENTRY),
    (X.I, X[i, j], {**ENTRY, "X": "invertible"}),
    (X[i, j], X[i, j], ENTRY),
    (X[j, i] * X[i, j], X[i, j], ENTRY),
    (X.T, X[0, 0]),
    (X.T * A, X[0, 0]),
    (X.T, X[0, 1]),
    (Determinant(X), X[0, 1]),
    (x.T * A * x, x[0, 0]),
    (A * x, x[i, 0], ENTRY),
    (r * A, r[0, 1]),
    (Sum(X[i, i], (i, 0, n - 1)), X[0, 0]),
    (X[0, 0] * X[0, 1], X[0, 0]),
    (X[0, 0], X[i, j], ENTRY),
    (HadamardProduct(X, X.T), X[i, j], ENTRY),
    (X[i, j] * X[0, 0] ** 2, X[0, 0], ENTRY),
    (X.T[0, 1] * X[0, 1], X[0, 1]),
    (Trace(X**3), X[1, 0]),
    (log(Determinant(X)), X[0, 1], {"X": "posdet"}),
    (Trace(X), X[i, j], ENTRY),
    (x * o, o[0, 0]),
]


def over(body, *limits):
    return Sum(body, *[(s, low, high) for s, low, high in limits])


all_i, all_j, all_l = (i, 0, n - 1), (j, 0, n - 1), (l, 0, n - 1)
SUMS = [
    (over(x[i, 0] ** 2, all_i), x),
    (over(x[i, 0] * x[i + 1, 0], (i, 0, n - 2)), x),
    (over((x[i + 1, 0] - x[i, 0]) ** 2, (i, 0, n - 2)), x),
    (over(x[i, 0] * i, all_i), x),
    (over(x[i, 0], (i, 1, n - 2)), x),
    (over(sin(x[i, 0]), (i, 1, 2)), x),
    (over(X[i, j] ** 2, all_i, all_j), X),
    (over(X[i, i], all_i), X),
    (over(X[i, j] * X[j, i], all_i, all_j), X),
    (over(KroneckerDelta(i, j) * X[i, j], all_i, all_j), X),
    (over(KroneckerDelta(i, 1) * x[i, 0] ** 3, all_i), x),
    (over(X[i, j] * exp(-((i - j) ** 2)), all_i, all_j), X),
    (over(over(X[i, j], all_j) ** 2, all_i), X),
    (over(log(over(exp(X[i, j]), all_j)), all_i), X),
    (over(x[i, 0], all_i) ** 2 * over(x[i, 0] ** 2, all_i), x),
    (over(x[i, 0] * over(x[i, 0] ** 2, all_i), all_i), x),
    (over((x[i, 0] - x[j, 0]) ** 2, all_i, all_j), x),
    (over(x[n - 1 - i, 0] * y[i, 0], all_i), x),
    (over(x[n - 1 - i, 0] * x[i, 0], all_i), x),
    (over((A * x)[i, 0] ** 2, all_i), x),
    (over((A * X * B)[i, i], all_i), X),
    (over(x[i, 0] ** i, (i, 1, n - 1)), x, {"x": "positive"}),
    (over(t**i * x[i, 0], all_i), t),
    (over(t**i * x[i, 0], all_i), x),
    (over(X[i, i] * x[i, 0], all_i), X),
    (over(X[0, i] * X[i, 1], all_i), X),
    (over(X[i, j] * X[j, l] * X[l, i], all_i, all_j, all_l), X),
    (over(Piecewise((x[i, 0] ** 2, x[i, 0] > 0), (0, True)), all_i), x),
    (over(Max(0, 1 - y[i, 0] * x[i, 0]), all_i), x),
    (over(x3[i, 0] * x3[2 - i, 0] * (i + 1), (i, 0, 2)), x3),
    (over(x[i, 0] ** 2, (i, 0, p)), x, {"p": ("index", n)}),
    (over(x[2 * i, 0], (i, 0, 1)), x),
    (over(x[i, 0] * X[i, j] ** 2 / (1 + x[j, 0] ** 2), all_i, all_j), x),
    (over(Piecewise((X[i, j], i < j), (X[i, j] ** 2, True)), all_i, all_j), X),
    (over(x[i, 0] ** 2, all_i), x[0, 0]),
    (over(x[i, 0] ** 2, all_i), x[j, 0], ENTRY),
    (over(x[i, 0] ** 2, all_i), x[i, 0], ENTRY),
    (over(x[i, 0] * x[i + 1, 0], (i, 0, n - 2)), x[j, 0], ENTRY),
    (over(x[i, 0], (i, 0, -1)), x),
    (over(x[i, 0], (i, 2, 2)), x),
    (over(KroneckerDelta(i + 1, j) * X[i, j], all_i, all_j), X),
    (over(Y[i, j] ** 2, all_j, (i, 0, m - 1)), Y),
    (over(o[0, 0] * i, all_i), o),
    (over(X[i, j] * X[i, l], (l, 0, j), all_i, all_j), X),
    (over(Trace(X) * x[i, 0], all_i), X),
    (over(sin(i * t), all_i), t),
    (over(x[i, 0] * over(X[j, i], (j, 0, i)), all_i), X),
    (over(X[i, j] * A[j, i], (i, j, n - 1), (j, 1, n - 2)), X),
    (over(Trace(A * X) ** i / factorial(i), (i, 0, k)), X),
    (over(x[i, 0] * KroneckerDelta(i, j), all_i), x, ENTRY),
    (over(1 / (a + x[i, 0] ** 2), all_i), a),
    (over(X[i, j], (j, 0, i), all_i), X),
    (over(X[i, j] ** 2, (j, i + 1, n - 1), all_i), X),
    (over((X**i)[0, 0], (i, 1, 3)), X),
    (over(Trace(X**i), (i, 1, 3)), X),
]
u, d_0 = Symbol("u"), Symbol("d_0")
named_dX, named_dx = MatrixSymbol("dX", n, n), MatrixSymbol("dx", n, n)
NAME_CLASHES = [
    (Trace(named_dX * X * X), X),
    (x.T * named_dx * x, x),
    (Symbol("dt") * t**2, t),
    (applied(Lambda(t, t**2), x) * t, t),
    (applied(Lambda(t, t**2 * u), x) * t * u, u),
    (applied(Lambda(u, u**2 * t), t * x) * u, u),
    (d_0 * Trace(MatrixSymbol("d_0", n, n) * X * X), X),
    (Symbol("x") * x.T * x, x),
    (Symbol("x") * x.T * x, Symbol("x")),
    (Symbol("r_0") * Trace(X**k * A), X),
    (Symbol("r", integer=True) * Trace(A * X**k), X),
    (over(i * x[i, 0], all_i) * i, x, ENTRY),
    (over(x[i, 0] ** 2, all_i) * over(x[i, 0] ** 3, all_i) * x[i, 0], x, ENTRY),
    (applied(Lambda(i, i**2), x)[i, 0] * x[i, 0], x, ENTRY),
    (over(x[i, 0] ** 2 * over(x[i, 0] ** 2 * over(x[i, 0], all_i), all_i), all_i), x),
    ((Dummy("_d") * x).T * x, x),
    (MatrixSymbol("I", n, n) * X, X),
    (applied(Lambda(u, u**2), applied(Lambda(u, sin(u) * t), x)), x),
    (x[i, 0] * over(x[i, 0] * A[i, j], all_i, all_j), x, ENTRY),
]
CASES = (
    PRODUCTS
    + DETERMINANTS
    + ELEMENTWISE
    + LAMBDAS_WITH_THE_VARIABLE
    + KRONECKER_AND_DIAGONAL
    + BLOCKS_AND_SLICES
    + ENTRIES
    + SCALARS
    + REAL_SYMBOLS
    + EXPLICIT
    + VARIABLES
    + SUMS
    + NAME_CLASHES
)


def padded(cases):
    """Each case as (expression, variable, domain)."""
    return [
        c
        if hasattr(c, "marks") and len(c.values) == 3
        else pytest.param(*c.values, None, marks=c.marks)
        if hasattr(c, "marks")
        else (*c, None)[:3]
        for c in cases
    ]


def is_scalar(expr):
    return not getattr(expr, "is_Matrix", False) or tuple(expr.shape) == (1, 1)


def as_matrix(expr, array):
    return np.reshape(array, (1, 1)) if np.ndim(array) == 0 else array


@pytest.mark.parametrize("expr, variable, domain", padded(CASES), ids=name_of)
def test_every_layout_is_right(expr, variable, domain):
    """Numerator, SymPy's order, denominator and vec layout of one derivative, and the very shape of the gradient."""
    env = judged(mc.jacobian(expr, variable), expr, variable, domain)
    exact = np.asarray(evaluate(mc.jacobian(expr, variable), env))
    of_f, of_x = np.shape(evaluate(expr, env)), np.shape(evaluate(variable, env))
    full = exact.reshape(of_f + of_x)
    swapped = np.moveaxis(full, range(len(of_f)), range(len(of_x), full.ndim)) if of_f else full
    for derivative in (mc.diff(expr, variable), mc.jacobian(expr, variable, layout="denominator")):
        assert_same(np.squeeze(evaluate(derivative, env)), np.squeeze(swapped))
    if is_scalar(expr):
        gradient = mc.gradient(expr, variable)
        assert np.shape(evaluate(gradient, env)) == of_x
        assert_same(np.squeeze(evaluate(gradient, env)), np.squeeze(full))
    four = full.reshape((of_f or (1, 1)) + (of_x or (1, 1)))
    rows, cols = four.shape[0] * four.shape[1], four.shape[2] * four.shape[3]
    vec = np.asarray(evaluate(mc.jacobian(expr, variable, form="vec"), env))
    assert vec.shape == (rows, cols) or vec.size == 1
    assert_same(vec.reshape(rows, cols), four.transpose(1, 0, 3, 2).reshape(rows, cols))


def assert_same(got, expected):
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9)


CHAINS = [
    (Trace(A * X * B * X), X, X, X),
    (log(Determinant(X)), X, X, X),
    (X.I, X, X),
    (Trace(X.I * A), X, X),
    ((x.T * A * x) ** 2, x, x, x, x),
    (exp(x.T * A * x), x, x, x),
    (sqrt((x.T * x)[0, 0]), x, x, x),
    (sqrt(x.T * x), x, x, x),
    (Trace(X**k), X, X),
    (Trace(X**4), X, X, X),
    (Determinant(X), X, X),
    (Trace(A * X**k), X, X),
    (log((ones.T * x.applyfunc(exp))[0, 0]), x, x, x),
    (x.applyfunc(exp) / (ones.T * x.applyfunc(exp))[0, 0], x, x),
    (HadamardProduct(X, X, X.T), X, X, X),
    (X.applyfunc(sin), X, X),
    ((A * x).applyfunc(tanh), x, x, x),
    ((A * x).applyfunc(tanh), A, x),
    ((A * x).applyfunc(tanh), x, A),
    (KroneckerProduct(X, X), X, X),
    (DiagMatrix(x) * A * x, x, x),
    (x.T * A * y, A, x, y),
    (x.T * A * y, x, A, y),
    (Trace(X.T * A * X * B), A, X, X),
    (t**2 * Trace(A * X * X), t, X, t),
    (t**2 * Trace(A * X * X), X, t, X),
    ((t * A + B).I, t, t, t),
    ((t * A + B).I, t, A),
    (x.T * A * x, x[0, 0], x),
    (x.T * A * x, x, x[i, 0]),
    (Trace(X**3), X[0, 1], X),
    (Trace(X**3), X, X[i, j], X[0, 0]),
    (X.T * X, X[0, 0], X[1, 0]),
    (X.I, X[0, 1], X[1, 0]),
    (over(x[i, 0] ** 3, all_i), x, x, x),
    (over(X[i, j] ** 3, (j, 0, i), all_i), X, X),
    (over((x[i + 1, 0] - x[i, 0]) ** 2, (i, 0, n - 2)), x, x),
    (over(X[i, j] * X[j, l] * X[l, i], all_i, all_j, all_l), X, X, X),
    (over((x[i, 0] - x[j, 0]) ** 2 * A[i, j], all_i, all_j), x, x),
    (o * o2 * t, o, o2),
    (o**3, o, o, o),
    (exp(o[0, 0]) * x.T * x, o, x),
    (r * A * r.T, r, r),
    (r * A, r, A),
    ((r * A * r.T) ** 2, r, r, r),
    (r.applyfunc(sin) * A * x, r, x),
    (blocks((X, A), (B, X)) ** 2, X, X),
    (DiagonalOf(X * X), X, X),
    (X3[0, 0] * X3[1, 2] * X3[2, 1], X3, X3, X3),
    (HadamardPower(X, A), X, A),
    (HadamardPower(A, t), t, t, A),
    (applied(Lambda(w, w**2 * Trace(X)), X), X, X),
    (Trace(X) / Trace(A * X), X, X),
    ((Y * x - z).T * (Y * x - z), x, Y),
    ((Y * x - z).T * (Y * x - z), Y, Y),
    (Trace(S_.I * (X - A).T * (X - A)), S_, X),
    (X * t, X, t),
    (X * t, t, X),
    (ones.T * (A * x).applyfunc(Lambda(w, log(1 + exp(w)))), A, A),
    (mc.Vec(X).T * mc.Vec(A * X), X, X),
    (mc.MatrixSum(i * X**2, (i, 0, 3)), X, X),
    (mc.MatrixSum(X**i, (i, 1, 3)), X, X),
    (x * x.T, x, x),
    ((x.T * x)[0, 0] * x, x, x),
    (over(x[i, 0] * A[i, j] ** 2 / (1 + x[j, 0] ** 2), all_i, all_j), x, A),
]
CHAIN_DOMAIN = {"X": "spd", "A": "spd", "B": "spd", "S": "spd", "x": "positive", **ENTRY}


@pytest.mark.parametrize(
    "chain", [pytest.param(c.values, marks=c.marks) if hasattr(c, "marks") else pytest.param(c) for c in CHAINS], ids=lambda c: name_of(c)
)
def test_derivatives_of_derivatives(chain):
    check_chain(chain)


def check_chain(chain):
    """Each derivative is judged by finite differences of the one before, at small sizes."""
    expr, *variables = chain
    for depth, variable in enumerate(variables):
        derivative = mc.jacobian(expr, variable)
        size = 3 if depth < 2 else 2
        for seed in range(6):
            env = random_env([chain[0], *variables], seed, {n: size, m: 4}, CHAIN_DOMAIN)
            verdict = judge(derivative, expr, variable, env)
            assert verdict != "wrong", f"{expr} by {variable}: {derivative}"
            if verdict == "right":
                break
        else:
            raise AssertionError(f"no reliable point for {expr}")
        expr = derivative


@pytest.mark.parametrize(
    "f, first, second",
    [
        (x.T * A * y, x, y),
        (x.T * A * y, y, x),
        (Trace(X * A * X), X, A),
        (z.T * Y * x, Y, x),
        (z.T * Y * x, x, Y),
        (r * A * x, r, x),
        (r * A * x, x, r),
        (t * x.T * x, t, x),
        (t * x.T * x, x, t),
        (o * t**2, o, t),
        (Trace(X**3), X[0, 1], X),
        (Trace(X**3), X, X[1, 0]),
        (z.T * Y * x, Y, z),
        (o**2 * o2, o, o2),
        (t**2 * a, t, a),
        ((z - Y * x).T * (z - Y * x), Y, x),
        (r * A * r.T, r, r),
        (log(Determinant(X)), X, X),
        (Trace(KroneckerProduct(X, X)), X, X),
    ],
    ids=name_of,
)
def test_hessian_has_the_first_variable_first(f, first, second):
    env = next(points(f, [first, second], {"X": "posdet"}))
    expected = second_difference(f, first, env, second)
    got = np.asarray(evaluate(mc.hessian(f, first, second), env))
    assert_close(np.squeeze(got), np.squeeze(expected))
    of_first, of_second = (np.shape(evaluate(v, env)) or (1, 1) for v in (first, second))
    rows, cols = np.prod(of_first), np.prod(of_second)
    vec = np.asarray(evaluate(mc.hessian(f, first, second, form="vec"), env))
    assert vec.shape == (rows, cols) or vec.size == 1
    assert_close(vec.reshape(rows, cols), expected.reshape(of_first + of_second).transpose(1, 0, 3, 2).reshape(rows, cols))


def assert_close(got, expected):
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)


# ---- differential
DIFFERENTIALS = [
    (X.I, X),
    (Trace(X * A * X), X),
    (A * X * B, X),
    (log(Determinant(X)), X),
    (Y.T * Y, Y),
    (X.applyfunc(sin), X),
    (KroneckerProduct(X, A), X),
    (t * A + B, t),
    (exp(x.T * A * x), x),
    (r * A, r),
    (DiagMatrix(x) * y, x),
    (Trace(A * X**3), X),
    (HadamardProduct(X, X), X),
    (x * o, o),
    (sqrt(x.T * x), x),
    (X.I, X),
    (t**2, t),
    (t**2 * a * A, t),
    (X * t**2, t),
    (Max(Trace(X), Trace(A * X)), X),
    (X[0, 1] ** 2, X),
    (Symbol("dt") * t**2, t),
    (Matrix([[sin(t), t]]), t),
    (o**2 * o2, o),
    (Trace(named_dX * X * X), X),
]


@pytest.mark.parametrize("expr, variable", DIFFERENTIALS, ids=name_of)
def test_differential_is_the_derivative_along_dX(expr, variable):
    env = random_env([expr, variable], 1, {n: 3, m: 4}, {"X": "posdet"})
    linear = mc.differential(expr, variable)
    assert str(linear)
    (dX,) = {s for s in linear.free_symbols if s not in env and s.name.startswith("d" + variable.name)}
    step = np.random.default_rng(0).normal(size=np.shape(evaluate(variable, env)))
    expected = np.tensordot(finite_difference(expr, variable, env), step, axes=np.ndim(step))
    assert_close(np.squeeze(evaluate(linear, {**env, dX: step})), np.squeeze(expected))
    assert np.shape(evaluate(linear, {**env, dX: step})) == np.shape(evaluate(expr, env)) or np.size(expected) == 1


def test_differential_of_several_variables_is_the_sum():
    dX, dA = MatrixSymbol("dX", n, n), MatrixSymbol("dA", n, n)
    assert mc.differential(X * A, X, A) == mc.differential(X * A, X) + mc.differential(X * A, A) == dX * A + X * dA


def test_differential_of_a_constant_is_zero_of_its_shape():
    assert mc.differential(A * y, x) == ZeroMatrix(n, 1)
    assert mc.differential(Trace(A), X) == 0


# ---- the textbook's forms
@pytest.mark.parametrize(
    "got, textbook",
    [
        (lambda: mc.gradient((Y * x - z).T * (Y * x - z), x), 2 * Y.T * (Y * x - z)),
        (lambda: mc.gradient(log(Determinant(X)), X), X.T**-1),
        (lambda: mc.gradient(Trace(A * X), X), A.T),
        (lambda: mc.hessian(x.T * A * x, x), A + A.T),
        (lambda: mc.jacobian(A * x, x), A),
        (lambda: mc.diff(A * x, x), A.T),
        (lambda: mc.jacobian(A * x, x, layout="denominator"), A.T),
        (lambda: mc.gradient(x.T * x, x), 2 * x),
        (lambda: mc.jacobian(A * X * B, X, form="vec"), KroneckerProduct(B.T, A)),
        (lambda: mc.jacobian(x, x), Identity(n)),
        (lambda: mc.jacobian(x.applyfunc(sin), x), DiagMatrix(x.applyfunc(cos))),
        (lambda: mc.gradient(Trace(X), X), Identity(n)),
        (lambda: mc.jacobian(X.T, X, form="vec"), mc.CommutationMatrix(n, n)),
        (lambda: mc.gradient(Sum(x[i, 0], (i, 0, n - 1)), x), ones),
        (lambda: mc.gradient(X[0, 1], X), mc.MatrixUnit(n, n, 0, 1)),
        (lambda: mc.gradient(r * A * x, r), (A * x).T),
        (lambda: mc.gradient(Sum(X[i, j] ** 2, (i, 0, n - 1), (j, 0, n - 1)), X), 2 * X),
        (lambda: mc.diff(t**2 * A, t), 2 * t * A),
        (lambda: mc.gradient(log(Determinant(X * X.T)), X), 2 * X.T**-1),
    ],
    ids=lambda v: "" if callable(v) else str(v)[:40],
)
def test_form_is_the_textbooks(got, textbook):
    assert same_expression(got(), textbook)


def test_sum_of_a_column_is_no_sum_of_all_entries():
    """1' A e_i is one column's sum; only 1' A 1 is written sum(A)."""
    assert not mc.gradient(Sum(A[j, i], (j, 0, n - 1)), A).has(mc.ElementSum)
    entry = mc.diff(OneMatrix(1, n) * A * X * y, X[i, j])
    assert mc.check(OneMatrix(1, n) * A * X * y, X[i, j], derivative=entry).ok
    assert mc.gradient((OneMatrix(1, n) * A * y)[0, 0] * (x.T * x)[0, 0], x) == 2 * mc.ElementSum(A * y) * x


# ---- zero
@pytest.mark.parametrize(
    "expr, variable, shape",
    [
        (A * y, x, (n, n)),
        (Trace(A), X, (n, n)),
        (a, x, (1, n)),
        (a, r, (1, n)),
        (A, t, (n, n)),
        (C * D, X, (m, m, n, n)),
        (x, r, (n, n)),
        (z, x, (m, n)),
        (A, o, (n, n)),
        (x, o, (n, 1)),
        (Integer(3), x, (1, n)),
        (C, z, (m, n, m)),
        (A, X[0, 1], (n, n)),
        (x, X[0, 1], (n, 1)),
        (X - X, X, (n, n, n, n)),
        (X * ZeroMatrix(n, m), X, (n, m, n, n)),
    ],
    ids=name_of,
)
def test_zero_has_the_shape_of_the_derivative(expr, variable, shape):
    zero = mc.jacobian(expr, variable)
    assert tuple(zero.shape) == shape
    assert not np.any(evaluate(zero, random_env([expr, variable], 0, {n: 3, m: 4})))


def test_zero_of_scalars_is_the_number():
    assert mc.diff(a, t) == mc.gradient(x[0, 0], x[1, 0]) == mc.hessian(a, t) == mc.diff(3, t) == S.Zero


def test_gradient_of_a_constant_has_the_variables_shape():
    assert [mc.gradient(a, v).shape for v in (X, x, r, o)] == [X.shape, x.shape, r.shape, o.shape]


# ---- diff's arguments
def test_diff_takes_its_variables_as_sympy_does():
    e = t**3 * Trace(A * X)
    assert mc.diff(e, t, t) == mc.diff(e, t, 2) == mc.diff(e, (t, 2)) == 6 * t * Trace(A * X)
    assert mc.diff(e, t, 0) == e
    assert mc.diff(e, t, X) == mc.diff(mc.diff(e, t), X)


def test_diff_takes_several_variables_in_the_order_given():
    Q = MatrixSymbol("Q", n, m)
    assert mc.diff(x.T * Q * z, x, z) == Q.T  # the axes of z come first, those of d/dx = Q*z after
    assert mc.diff(x.T * Q * z, z, x) == Q


def test_diff_by_an_entry_of_a_transpose():
    assert mc.diff(Trace(A * X), X.T[0, 1]) == A[0, 1]


# ---- undefined functions
def test_undefined_function_of_a_trace():
    gradient = mc.gradient(f(Trace(A * X)), X)
    assert gradient.subs(f, Lambda(w, w**3)).doit().expand() == (3 * Trace(A * X) ** 2 * A.T).expand()


@pytest.mark.parametrize(
    "derive",
    [
        lambda: mc.hessian(f(Trace(A * X)), X),
        lambda: mc.hessian(f(f(Trace(X))), X),
        lambda: mc.diff(f(t) * A, t, t),
        lambda: mc.gradient(f(Trace(X), t), X),
        lambda: mc.gradient(f(Trace(X), Trace(A * X)), X),
    ],
    ids=["hessian", "nested", "f(t)", "two arguments", "twice"],
)
def test_undefined_functions(derive):
    assert derive() != 0


@pytest.mark.parametrize("typed", [Lambda(w, w**3), Lambda(w, sin(w))], ids=str)
def test_hessian_of_an_undefined_function_is_the_chain_rules(typed):
    gradient, hessian = (g(f((x.T * x)[0, 0] / n), x).subs(f, typed).doit() for g in (mc.gradient, mc.hessian))
    assert mc.check(gradient, x, derivative=hessian).ok


def test_bound_symbol_that_is_free_too_is_refused_where_sympy_has_no_derivative():
    with pytest.raises(mc.MissingRuleError, match="rename the bound symbol"):
        mc.diff(Integral(sin(t * Trace(X)), (t, 0, t)), t)
    assert mc.diff(Subs(sin(t) * Trace(X), t, 2 * t), t) == 2 * cos(2 * t) * Trace(X)
    assert mc.diff(Integral(w**2, (w, 0, w)), w) == w**2


def test_undefined_function_of_the_entries():
    assert mc.hessian(ones.T * x.applyfunc(f), x).has(f)


# ---- assumptions on the symbols
def test_assumptions_on_symbols_are_used():
    positive, negative = Symbol("q", positive=True), Symbol("q", negative=True)
    assert mc.diff(Abs(positive) * A, positive) == A
    assert mc.diff(Abs(negative) * A, negative) == -A


# ---- deep shared structure
def residual(depth):
    """h = A*h + tanh(h), built without SymPy's operators, which need 2**depth steps for it."""
    h, function = x, Lambda(w, tanh(w))
    for _ in range(depth):
        h = MatAdd(MatMul(A, h, evaluate=False), ElementwiseApplyFunction(function, h), evaluate=False)
    return h


def distinct_nodes(expr):
    seen, stack = set(), [expr]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            stack += node.args
    return len(seen)


DEEP = {
    "scalar by x": lambda h: mc.gradient(DotProduct(y, h), x),
    "scalar by A": lambda h: mc.gradient(DotProduct(y, h), A),
    "jacobian by x": lambda h: mc.jacobian(h, x),
    "jacobian by A": lambda h: mc.jacobian(h, A),
    "vec by A": lambda h: mc.jacobian(h, A, form="vec"),
    "square by A": lambda h: mc.gradient(DotProduct(h, h), A),
    "differential": lambda h: mc.differential(h, A),
    "hessian": lambda h: mc.hessian(DotProduct(y, h), x),
}


@pytest.mark.parametrize("what", DEEP)
def test_residual_network_16_deep_has_an_answer_of_few_nodes(what):
    depth = 16 if what != "hessian" else 8
    assert distinct_nodes(DEEP[what](residual(depth))) < 40 * depth


@pytest.mark.parametrize("what", DEEP)
def test_residual_network_needs_work_that_grows_polynomially(what):
    """Calls to Basic.__eq__, which walks trees: 4 layers more may not multiply them by 8 (exponential growth gives 2**4)."""
    few, many = (comparisons(DEEP[what], residual(depth)) for depth in (9, 13))
    assert many < 8 * few + 2000


def comparisons(function, h):
    """How often Basic.__eq__ is called."""
    count, original = 0, Basic.__eq__

    def counting(self, other):
        nonlocal count
        count += 1
        return original(self, other)

    Basic.__eq__ = counting
    try:
        function(h)
    finally:
        Basic.__eq__ = original
    return count


# ---- check
def test_check_of_every_kind_of_derivative():
    assert mc.check(x.T * A * x, x)
    assert mc.check(A * X * B, X).points == 3
    assert mc.check(x.T * A * x, x, derivative=x.T * (A + A.T))
    assert mc.check(t**2, t, derivative=2 * t)
    assert mc.check(log(Determinant(X)), X, domain={X: "spd"}, points=1).points == 1
    assert mc.check(X * A, X[0, 1])


@pytest.mark.parametrize(
    "expr, variable, wrong",
    [
        (x.T * A * x, x, x.T * A),
        (A * x, x, A.T),
        (t**2, t, 3 * t),
        (Trace(X), X, 2 * Identity(n)),
        (A * x, x, A * x),
        (X.I, X, X),
        (Trace(A * X), X, A),
        (x.T * x, x, ZeroMatrix(1, n)),
        (x.T * A * x, x, 2 * x.T * B),
    ],
    ids=name_of,
)
def test_check_finds_a_wrong_derivative(expr, variable, wrong):
    with pytest.raises(mc.CheckError, match="is not the derivative of .*(seed|its shape is|does not occur)"):
        mc.check(expr, variable, derivative=wrong)


def test_check_of_what_cannot_be_judged_is_false():
    assert not mc.check(t**2, t, points=0)


# ---- the logistic loss in its many spellings
PROBABILITY = 1 / (1 + exp(-(Y * x)[i, 0]))
MARGIN, EVERY = mc.Sigmoid(Y * x), OneMatrix(m, 1)
LOGISTIC = [
    EVERY.T * (Y * x).applyfunc(Lambda(w, log(1 + exp(w)))) - z.T * Y * x,
    EVERY.T * (EVERY + (Y * x).applyfunc(exp)).applyfunc(log) - z.T * Y * x,
    Sum(-z[i, 0] * log(PROBABILITY) - (1 - z[i, 0]) * log(1 - PROBABILITY), (i, 0, m - 1)),
    Sum(log(1 + exp((Y * x)[i, 0])) - z[i, 0] * (Y * x)[i, 0], (i, 0, m - 1)),
    -z.T * MARGIN.applyfunc(log) - (EVERY - z).T * (EVERY - MARGIN).applyfunc(log),
    mc.ElementSum(mc.Softplus(Y * x)) - (z.T * Y * x)[0, 0],
]


@pytest.mark.parametrize("loss", LOGISTIC, ids=range(len(LOGISTIC)))
def test_logistic_gradient_is_the_textbooks(loss):
    """X'(s(Xw) - y) however it is typed, and without overflow where the margin is large."""
    gradient, hessian = mc.gradient(loss, x), mc.hessian(loss, x)
    sigmoid = MARGIN if gradient.has(mc.Sigmoid) else (Y * x).applyfunc(Lambda(w, 1 / (1 + exp(-w))))
    assert same_expression(gradient, Y.T * (sigmoid - z))
    assert mc.check(loss, x).ok and mc.check(gradient, x, derivative=hessian).ok
    value = mc.lambdify([Y, x, z], gradient)(np.array([[800.0], [-800.0]]), np.array([1.0]), np.array([1.0, 1.0]))
    assert np.allclose(value, 800.0)


@pytest.mark.parametrize("text", ["log(det(A - A))", "log(tr(A - A))", "1/det(A - A)", "log(det(2*A - 2*A))*tr(A)"])
def test_what_has_no_value_has_no_derivative(text):
    with pytest.raises(mc.MatcalcError, match="no finite value"):
        mc.parse(text, shapes=["A: n x n"])


@pytest.mark.parametrize("made", [lambda d: log(Determinant(d)), lambda d: log(Trace(d)), lambda d: 1 / Determinant(d)])
def test_what_cancels_to_no_value_has_no_derivative(made):
    S = MatrixSymbol("S", n, n)
    with pytest.raises(mc.MatcalcError, match="not finite|no finite|comes out of"):
        mc.gradient(made(MatAdd(S, -S)), S)
