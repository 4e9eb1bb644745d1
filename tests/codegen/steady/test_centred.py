"""Functions of distances of points that are far from 0, by generated code."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, exp, sqrt, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardPower, OneMatrix
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n, m, k = symbols("n m k", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
c = symbols("c", positive=True)
X, Y, w = MatrixSymbol("X", n, k), MatrixSymbol("Y", m, k), MatrixSymbol("w", k, 1)
d = X[i, :] - X[j, :]
SQUARE = (d * d.T)[0, 0]
ACROSS = Sum((X[i, r] - Y[j, r]) ** 2, (r, 0, k - 1))
FAR = 1e6


def pairs(f):
    return Sum(f, (i, 0, n - 1), (j, 0, n - 1))


def points(rows, seed):
    """Coordinates that are exact, and stay so where they are moved."""
    return np.random.default_rng(seed).integers(-(2**10), 2**10, (rows, 3)) / 2.0**10


@pytest.mark.parametrize("f", [1 / sqrt(SQUARE + c), exp(-SQUARE / c), 1 / (SQUARE + c)], ids=str)
def test_gradients_by_points_that_are_moved(f):
    """Hessians have products of coordinates, of which digits are lost as |x|^2 grows."""
    fn = mc.lambdify([X, c], mc.gradient(pairs(f), X))
    near, far = fn(points(6, 0), 0.01), fn(points(6, 0) + FAR, 0.01)
    assert np.abs(near - far).max() < 1e-4 * np.abs(near).max()  # by |x|^2 - 2 x'y + |y|^2 nothing would be right


def test_a_kernel_of_two_sets():
    square = DiagonalOf(X * X.T) * OneMatrix(1, m) + OneMatrix(n, 1) * DiagonalOf(Y * Y.T).T - 2 * X * Y.T
    fn = mc.lambdify([X, Y], HadamardPower(square + OneMatrix(n, m), -1))
    x, y = points(5, 1) + FAR, points(4, 2) + FAR
    exact = 1 / (1 + ((x[:, None, :] - y[None, :, :]) ** 2).sum(2))
    assert np.allclose(fn(x, y), exact, rtol=1e-12)
    assert fn(x, y[:0]).shape == (5, 0)


S, T = MatrixSymbol("S", k, k), MatrixSymbol("T", m, k)
ROWS, COLUMNS, PAIRS = DiagonalOf(S * S.T), DiagonalOf(S.T * S), DiagonalOf(S * S)  # of a square matrix, whose rows and columns are alike
as_rows, as_columns = lambda v: v * OneMatrix(1, k), lambda v: OneMatrix(k, 1) * v.T  # noqa: E731
OF_A_SQUARE_MATRIX = {
    "rows from columns": as_rows(ROWS) + as_columns(COLUMNS) - 2 * S * S,
    "columns from rows": as_rows(COLUMNS) + as_columns(ROWS) - 2 * S.T * S.T,
    "no squares": as_rows(PAIRS) + as_columns(PAIRS) - 2 * S * S.T,
    "no squares of one": PAIRS * OneMatrix(1, m) + OneMatrix(k, 1) * DiagonalOf(T * T.T).T - 2 * S * T.T,
    "squares of other points": as_rows(ROWS) + as_columns(COLUMNS) - 2 * S * S.T,
}


@pytest.mark.parametrize("e", OF_A_SQUARE_MATRIX.values(), ids=OF_A_SQUARE_MATRIX)
def test_values_of_what_is_written_with_a_square_matrix(e):
    """Its rows and its columns are different points, and the sum of S_ir S_ri is the square of none."""
    given = {S: points(3, 5), T: points(4, 6), k: 3, m: 4}
    assert np.allclose(mc.lambdify([S, T], e)(given[S], given[T]), np.asarray(evaluate(e, given), float), rtol=1e-13, atol=1e-13)


def weighted(a, b, rows):
    return Sum((a - b) ** 2 * rows, (r, 0, k - 1))


@pytest.mark.parametrize("rows", [w[r, 0], exp(-2 * w[r, 0]), w[r, 0] ** -2], ids=str)
def test_kernels_with_a_weight_for_each_coordinate(rows):
    """Their second moments in derivatives by the weights are of the points as they are."""
    near, scales = points(6, 3), np.array([0.5, 2.0, 1.25])
    exact = np.exp(-((near[:, None] - near) ** 2 @ {w[r, 0]: scales, exp(-2 * w[r, 0]): np.exp(-2 * scales)}.get(rows, scales**-2)))
    f = mc.lambdify([X, w], pairs(exp(-weighted(X[i, r], X[j, r], rows))))
    assert np.isclose(f(near, scales), exact.sum(), rtol=1e-13) and np.isclose(f(near + FAR, scales), exact.sum(), rtol=1e-13)
    by_points = mc.lambdify([X, w], mc.gradient(pairs(exp(-weighted(X[i, r], X[j, r], rows))), X))
    assert np.abs(by_points(near + FAR, scales) - by_points(near, scales)).max() < 1e-8


def test_weighted_kernels_of_two_sets():
    e = Sum(exp(-weighted(X[i, r], Y[j, r], w[r, 0]) * c), (i, 0, n - 1), (j, 0, m - 1))
    x, y, scales = points(5, 1), points(4, 2), np.array([0.5, 2.0, 1.25])
    exact = np.exp(-0.3 * ((x[:, None] - y) ** 2 @ scales)).sum()
    assert np.isclose(mc.lambdify([X, Y, w, c], e)(x + FAR, y + FAR, scales, 0.3), exact, rtol=1e-13)


def test_distances_of_other_weights_are_as_they_were():
    v = MatrixSymbol("v", k, 1)
    square = HadamardPower(X, 2) * w * OneMatrix(1, n) + OneMatrix(n, 1) * (HadamardPower(X, 2) * v).T
    assert "_sums(" not in mc.lambdify([X, w, v], square - 2 * X * DiagMatrix(w) * X.T).source
    square = HadamardPower(X, 2) * w * OneMatrix(1, n) + OneMatrix(n, 1) * (HadamardPower(X, 2) * w).T
    assert "_sums(X, 0)" in mc.lambdify([X, w], square - 2 * X * DiagMatrix(w) * X.T).source
    assert "_sums(" not in mc.lambdify([X, w], square - X * DiagMatrix(w) * X.T).source


def test_sums_that_are_no_distances_are_as_they_were():
    for product in (X * Y.T, 2 * X * Y.T):
        e = DiagonalOf(X * X.T) * OneMatrix(1, m) + 3 * OneMatrix(n, 1) * DiagonalOf(Y * Y.T).T - product
        assert "_sums(" not in mc.lambdify([X, Y], e).source


def test_sparse_arguments_stay_sparse():
    sparse = pytest.importorskip("scipy.sparse")
    e = DiagonalOf(X * X.T) * OneMatrix(1, n) + OneMatrix(n, 1) * DiagonalOf(X * X.T).T - 2 * X * X.T
    with pytest.raises(mc.MatcalcError):
        mc.lambdify([X], e, sparse=[X])(sparse.csr_array(points(4, 3)))
