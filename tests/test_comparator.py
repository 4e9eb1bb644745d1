"""What counts as the same textbook expression, and what does not."""

import pytest
from sympy import (
    Determinant,
    Dummy,
    HadamardPower,
    Identity,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixSymbol,
    Max,
    OneMatrix,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    Transpose,
    cos,
    exp,
    log,
    sin,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from sympy_matcalc.nodes import Einsum, EinsumTerm, MatrixSum

from .comparator import canonical, same_expression

m, n = symbols("m n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
a, b = symbols("a b")
A, B, C = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("C", n, m)
x, y, z = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1)
w = MatrixSymbol("w", 1, 1)
d, e = Dummy("d"), Symbol("e")


def applied(function, variable, X):
    return ElementwiseApplyFunction(Lambda(variable, function), X)


def entry(M, row=0, col=0):
    return MatrixElement(M, S(row), S(col))


def term(*args):
    return EinsumTerm(*args)


SAME = [
    # order and nesting
    (A + B, MatAdd(B, A)),
    (MatAdd(A, MatAdd(B, A * B)), MatAdd(MatAdd(A * B, A), B)),
    (MatMul(A, MatMul(B, C)), A * B * C),
    (A + A, 2 * A),
    (MatAdd(A, A), 2 * A),
    (MatAdd(A, MatMul(-1, A), B), B),
    (HadamardProduct(A, B, A.T), HadamardProduct(HadamardProduct(A.T, B), A)),
    (HadamardProduct(A, B) * C, HadamardProduct(B, A) * C),
    (Trace(A) + Determinant(A) * a, a * Determinant(A) + Trace(A)),
    # coefficients
    (MatMul(A, 2, B), 2 * A * B),
    (MatMul(-1, MatMul(2, A, B)), -2 * A * B),
    (MatMul(MatMul(a, A), MatMul(b, B)), a * b * A * B),
    (MatMul(a, a, A), a**2 * A),
    (MatMul(a / 2, A), MatMul(Rational(1, 2), a, A)),
    (MatMul(Pow(Trace(A), -1), B), B / Trace(A)),
    (-(A + B), MatMul(-1, MatAdd(B, A))),
    (2 * (A + A.T) * x, MatMul(MatAdd(A.T, A), x, 2)),
    (MatMul(MatAdd(2 * A, -2 * B), x), MatMul(-2, MatAdd(B, -A), x)),
    (MatMul(MatAdd(2 * A, 2 * B), MatAdd(A, B)), MatMul(2, MatPow(A + B, 2))),
    (2 * Identity(n), MatMul(Identity(n), 2)),
    (MatMul(Identity(n), A), A),
    (MatMul(A, A), A**2),
    (A * A * A, MatMul(A, MatPow(A, 2))),
    # transposes
    (Transpose(A * B), B.T * A.T),
    (Transpose(A + 2 * B), A.T + 2 * B.T),
    (Transpose(MatMul(a, A)), a * A.T),
    (Transpose(A**2), A.T**2),
    (Transpose(Transpose(A)), A),
    (Transpose(KroneckerProduct(A, C)), KroneckerProduct(A.T, C.T)),
    (Transpose(HadamardProduct(A, B)), HadamardProduct(B.T, A.T)),
    (Transpose(A.applyfunc(sin)), A.T.applyfunc(sin)),
    (Transpose(DiagMatrix(x)), DiagMatrix(x)),
    (Transpose(OneMatrix(m, n)), OneMatrix(n, m)),
    (MatMul(Transpose(MatMul(A, x)), A), x.T * A.T * A),
    (Transpose(A * B + C * C.T), B.T * A.T + C * C.T),
    # inverses
    (A.T.I, A.I.T),
    (MatPow(A.T, -1), Transpose(Inverse(A))),
    (Inverse(A), MatPow(A, -1)),
    (MatPow(Inverse(A), 2), MatPow(A, -2)),
    (MatMul(Inverse(A.T), Inverse(A.T)), MatPow(A.T, -2)),
    (Transpose(Inverse(A * B)), Inverse(MatMul(B.T, A.T))),
    # bound names
    (applied(sin(d), d, A), applied(sin(e), e, A)),
    (A.applyfunc(lambda t: a * exp(t)), applied(a * exp(e), e, A)),
    (Sum(x[i, 0], (i, 0, n - 1)), Sum(x[k, 0], (k, 0, n - 1))),
    (Sum(A[i, j] * x[i, 0], (i, 0, n - 1), (j, 0, n - 1)), Sum(A[j, i] * x[j, 0], (i, 0, n - 1), (j, 0, n - 1))),
    (Sum(A[i, j] * x[i, 0] * y[j, 0], (i, 0, n - 1), (j, 0, n - 1)), Sum(x[i, 0] * y[j, 0] * A[i, j], (j, 0, n - 1), (i, 0, n - 1))),
    (Sum(x[i, 0] * Sum(A[i, j], (j, 0, i)), (i, 0, n - 1)), Sum(Sum(A[k, i], (i, 0, k)) * x[k, 0], (k, 0, n - 1))),
    (Sum(2 * x[i, 0], (i, 0, n - 1)), 2 * Sum(x[j, 0], (j, 0, n - 1))),
    (MatrixSum(A**i * B, (i, 0, k)), MatrixSum(MatMul(A**j, B), (j, 0, k))),
    # 1x1: matrices, their entries, and sums over entries
    ((x.T * A * x)[0, 0], entry(x.T * A * x)),
    ((x.T * A * x)[0, 0], x.T * A * x),
    ((x.T * A.T * y)[0, 0], y.T * A * x),
    ((x.T * A.I * y)[0, 0], entry(y.T * A.T.I * x)),
    (exp((x.T * x)[0, 0]), exp(x.T * x)),
    (((A * x - y).T * (A * x - y))[0, 0], entry(MatMul(Transpose(A * x - y), A * x - y))),
    (sqrt(x.T * x), sqrt((x.T * x)[0, 0])),
    (MatMul(x, MatPow(x.T * x, -1)), x / (x.T * x)[0, 0]),
    (MatMul(x, Inverse(x.T * y)), MatMul(Pow((y.T * x)[0, 0], -1), x)),
    (MatMul(x, x.T, y), (x.T * y)[0, 0] * x),
    (x * x.T * A * y * z.T, (y.T * A.T * x)[0, 0] * x * z.T),
    (w, w[0, 0]),
    (w * x.T, w[0, 0] * x.T),
    (MatAdd(w, x.T * y), w[0, 0] + (x.T * y)[0, 0]),
    (w * w, w[0, 0] ** 2),
    (2 * (x.T * x)[0, 0] * x.T, MatMul(2, x.T, x, x.T)),
    (log(1 + (x.T * x)[0, 0]), log(1 + entry(x.T * x))),
    (Matrix([[a]]), a),
    (Matrix([[a, b]]), Matrix([[a, b]]).as_immutable()),
    # the rest
    (Max(a, b, 2), Max(2, b, a)),
    (A.T[i, j], A[j, i]),
    (
        Einsum((n, n, n), term(1, (n, n, n, n), ((0,), (1,), (2,)), [(A, (0,), (3,)), (B, (3,), (1,)), (x, (2,), ())])),
        Einsum((n, n, n), term(1, (n, n, n, n), ((3,), (2,), (1,)), [(x, (1,), ()), (B, (0,), (2,)), (A, (3,), (0,))])),
    ),
]

DIFFERENT = [
    (A, A.T),
    (A, B),
    (A * B, B * A),
    (A * x + B * x, (A + B) * x),
    (2 * A, A),
    (A - B, B - A),
    (A.I, A),
    ((A * B).T, A.T * B.T),
    (MatPow(A, 2), HadamardPower(A, 2)),
    (HadamardProduct(A, B), A * B),
    (KroneckerProduct(A, B), KroneckerProduct(B, A)),
    (Trace(A * B), Trace(A * B.T)),
    (x * y.T, y * x.T),
    (x.T * A * y, x.T * A.T * y),
    ((x.T * x)[0, 0], (x.T * y)[0, 0]),
    (x * x.T, x.T * x),
    (A.applyfunc(sin), A.applyfunc(cos)),
    (applied(sin(d) + a, d, A), applied(sin(e) + e, e, A)),
    (Sum(x[i, 0], (i, 0, n - 1)), Sum(x[i, 0], (i, 1, n - 1))),
    (Sum(A[i, j], (j, 0, i), (i, 0, n - 1)), Sum(A[j, i], (j, 0, i), (i, 0, n - 1))),
    (Sum(x[k, 0], (i, 0, n - 1)), Sum(x[i, 0], (i, 0, n - 1))),
    (A[i, j], A[j, i]),
    (MatrixSymbol("A", m, m), A),
    (Symbol("A"), A),
    (a, Dummy("a")),
    (Identity(n), OneMatrix(n, n)),
    (a * (A + B), a * A + a * B),
    (1 / (a + 1), 1 / a + 1),
    (log(Determinant(A)), Determinant(A)),
    (Inverse(A * B), A.I * B.I),
    (x / (x.T * x)[0, 0], x / (x.T * A * x)[0, 0]),
    (w * x.T, x.T),
    (
        Einsum((n, n), term(1, (n, n, n), ((0,), (1,)), [(A, (0,), (2,)), (B, (2,), (1,))])),
        Einsum((n, n), term(1, (n, n, n), ((1,), (0,)), [(A, (0,), (2,)), (B, (2,), (1,))])),
    ),
]


@pytest.mark.parametrize("left, right", SAME, ids=lambda e: str(e)[:40])
def test_same(left, right):
    assert canonical(left) == canonical(right)
    assert same_expression(right, left)


@pytest.mark.parametrize("left, right", DIFFERENT, ids=lambda e: str(e)[:40])
def test_different(left, right):
    assert not same_expression(left, right)
    assert same_expression(left, left) and same_expression(right, right)


def test_only_expressions_are_compared():
    with pytest.raises(TypeError):
        same_expression("A", A)
