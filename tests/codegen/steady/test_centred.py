"""Functions of distances of points that are far from 0, by generated code."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, exp, sqrt, symbols
from sympy.matrices.expressions import HadamardPower, OneMatrix
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc

n, m, k = symbols("n m k", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
c = symbols("c", positive=True)
X, Y = MatrixSymbol("X", n, k), MatrixSymbol("Y", m, k)
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


def test_sums_that_are_no_distances_are_as_they_were():
    for product in (X * Y.T, 2 * X * Y.T):
        e = DiagonalOf(X * X.T) * OneMatrix(1, m) + 3 * OneMatrix(n, 1) * DiagonalOf(Y * Y.T).T - product
        assert ".sum(0)" not in mc.lambdify([X, Y], e).source


def test_sparse_arguments_stay_sparse():
    sparse = pytest.importorskip("scipy.sparse")
    e = DiagonalOf(X * X.T) * OneMatrix(1, n) + OneMatrix(n, 1) * DiagonalOf(X * X.T).T - 2 * X * X.T
    with pytest.raises(mc.MatcalcError):
        mc.lambdify([X], e, sparse=[X])(sparse.csr_array(points(4, 3)))
