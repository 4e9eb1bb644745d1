"""Sums over entries: an expression and its entry [0, 0], which SymPy writes as a Sum, have one derivative."""

import pytest
from sympy import Abs, MatrixSymbol, Product, Sum, Trace, exp, log, sqrt, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardProduct

import sympy_matcalc as mc
from sympy_matcalc.canonical import loses_a_branch
from sympy_matcalc.kernel.session import session

m, n = symbols("m n", integer=True, positive=True)
W = MatrixSymbol("W", m, n)
x, y, v, z = MatrixSymbol("x", n, 1), *(MatrixSymbol(name, m, 1) for name in "yvz")
A, X = MatrixSymbol("A", m, m), MatrixSymbol("X", m, n)
ONE_BY_ONE = {
    "log of a softmax": (-y.T * mc.Softmax(W * x).applyfunc(log), W),
    "weighted least squares": ((X * x - y).T * DiagMatrix(v) * (X * x - y), x),
    "three vectors": (z.T * DiagMatrix(v) * y, y),
    "three vectors in another order": (v.T * DiagMatrix(z) * y, y),
    "one vector twice": (y.T * DiagMatrix(v) * y, y),
    "a later vector on the diagonal": (v.T * DiagMatrix(y) * v, v),
    "a product on the diagonal": (y.T * DiagMatrix(X * x) * y, y),
    "a product on the diagonal and beside it": (z.T * DiagMatrix(A * v) * A * y, v),
    "one end": (z.T * DiagMatrix(v) * A * y, y),
    "no end": (v.T * A * DiagMatrix(z) * A * y, y),
    "two diagonals": (y.T * DiagMatrix(v) * DiagMatrix(z) * y, y),
    "two diagonals apart": (z.T * DiagMatrix(v) * A * DiagMatrix(y) * z, z),
    "a diagonal in a sum": (y.T * (DiagMatrix(v) + A) * y, y),
    "an elementwise product at an end": (z.T * DiagMatrix(v) * HadamardProduct(y, v), y),
    "a function at an end": (z.T * DiagMatrix(v) * z.applyfunc(exp), z),
    "an inverse": (y.T * DiagMatrix(v).I * y, y),
    "columns stacked": (mc.Vec(W).T * mc.Vec(X), X),
    "stacked products": (mc.Vec(A * W).T * mc.Vec(A * X), X),
}


@pytest.mark.parametrize("f, variable", ONE_BY_ONE.values(), ids=ONE_BY_ONE)
def test_the_entry_has_the_derivative_of_the_matrix(f, variable):
    found = mc.gradient(f, variable)
    for spelling in (f[0, 0], f.T, f.T[0, 0]):
        assert str(mc.gradient(spelling, variable)) == str(found), spelling
    assert mc.check(f[0, 0], variable).ok


def test_weighted_least_squares_keeps_its_diagonal_matrix():
    f, variable = ONE_BY_ONE["weighted least squares"]
    assert str(mc.gradient(f[0, 0], variable)) == "2*X.T*DiagMatrix(v)*(X*x - y)"


def test_log_of_a_softmax():
    assert str(mc.gradient(ONE_BY_ONE["log of a softmax"][0][0, 0], W)) == "(sum(y)*softmax(W*x) - y)*x.T"


def test_an_index_below_zero_has_no_known_sign():
    i, t = symbols("i t", integer=True)
    powers = Sum(Abs(i) * Trace(A ** (i**2)), (i, -3, n))
    assert str(mc.simplify(powers)) == "Sum(Abs(_i)*Trace(A**(_i**2)), (_i, -3, n))"
    assert str(mc.gradient(powers, A)) == "MatrixSum(_i**2*Abs(_i)*A.T**(_i**2 - 1), (_i, -3, n))"
    found = mc.diff(Product(Abs(i) + t, (i, -3, n)), t)
    others = "Product((1 - KroneckerDelta(_i, i))*(t + Abs(_i)) + KroneckerDelta(_i, i), (_i, -3, n))"
    assert str(found) == f"Sum({others}, (i, -3, n))"


def test_a_root_of_more_than_a_product_loses_its_branch_in_matrix_notation():
    """As of complex numbers: sqrt(u^2) is not |u|."""
    i, j = symbols("i j", integer=True, nonnegative=True)
    t = symbols("t")
    rows, cols = (i, 0, m - 1), (j, 0, m - 1)
    with session():
        assert loses_a_branch(Sum(sqrt(x[i, 0] ** 2), (i, 0, n - 1)))
        assert loses_a_branch(2 * Sum(sqrt(A[i, j] ** 2), rows, cols)) and loses_a_branch(Sum(log(A[i, j] ** 2), cols, rows))
        assert not loses_a_branch(Sum(sqrt(x[i, 0]), (i, 0, n - 1)))
        assert not loses_a_branch(Sum(sqrt(t**2) * x[i, 0], (i, 0, n - 1)))
