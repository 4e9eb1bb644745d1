"""Derivatives of functions of distances, of points that are far from 0: none of their digits are those of products of coordinates."""

import numpy as np
import pytest
from sympy import HadamardPower, Identity, MatrixSymbol, OneMatrix, Sum, exp, log, sqrt, symbols
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum, EinsumTerm

n, m, k = symbols("n m k", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
X, Y, Z, P, w = MatrixSymbol("X", n, k), MatrixSymbol("Y", m, k), MatrixSymbol("Z", k, n), MatrixSymbol("P", n, n), MatrixSymbol("w", k, 1)
FAR = 1e6
RNG = np.random.default_rng


def points(*shape, seed=0):
    """Coordinates that are exact, and stay so where they are moved."""
    return RNG(seed).integers(-(2**10), 2**10, shape) / 2.0**10


def pairs(f):
    return Sum(f, (i, 0, n - 1), (j, 0, n - 1))


def square(weights=1):
    return Sum(weights * (X[i, r] - X[j, r]) ** 2, (r, 0, k - 1))


ALIGNMENT = -pairs(P[i, j] * exp(-square(exp(-2 * w[r, 0])) / 2)) / sqrt(pairs(exp(-square(exp(-2 * w[r, 0])))))
SNE = pairs(P[i, j] * log(1 + square())) + log(pairs(1 / (1 + square())) - n)
BY_COLUMNS = pairs(exp(-Sum((Z[r, i] - Z[r, j]) ** 2, (r, 0, k - 1))))
DISCREPANCY = Sum(exp(-Sum((X[i, r] - Y[j, r]) ** 2, (r, 0, k - 1))), (i, 0, n - 1), (j, 0, m - 1)) / (n * m) - pairs(exp(-square())) / n**2


@pytest.mark.parametrize("of", ["gradient", "hessian"])
@pytest.mark.parametrize(
    ("e", "by", "moved"),
    [(ALIGNMENT, w, [X]), (SNE, X, [X]), (BY_COLUMNS, Z, [Z]), (DISCREPANCY, X, [X, Y]), (SNE + mc.Norm(P * X) ** 2 / 10**30, X, [X])],
    ids=["alignment", "sne", "columns", "discrepancy", "a part that changes"],
)
def test_derivatives_of_points_that_are_moved(e, by, moved, of):
    data = {X: points(6, 3), Y: points(5, 3, seed=1), Z: points(3, 6), P: points(6, 6, seed=2), w: points(3, seed=3)}
    args = sorted(e.free_symbols & set(data), key=str)
    fn = mc.lambdify(args, getattr(mc, of)(e, by))
    near = fn(*(data[a] for a in args))
    far = fn(*(data[a] + FAR if a in moved else data[a] for a in args))
    assert np.abs(near - far).max() < 1e-11 * np.abs(near).max()


def test_what_changes_is_as_it_was():
    """The distances do not change, what they are multiplied with does."""
    e = Sum((X[i, r] + 1) ** 2, (i, 0, n - 1), (r, 0, k - 1)) * pairs(exp(-square()))
    x = points(5, 2)
    exact = np.exp(-((x[:, None] - x) ** 2).sum(2)).sum()
    assert np.isclose(mc.lambdify([X], e)(x), ((x + 1) ** 2).sum() * exact, rtol=1e-13)
    found = mc.gradient(e, X)
    step = points(5, 2, seed=4)
    f = mc.lambdify([X], e)
    slope = (f(x + 1e-6 * step) - f(x - 1e-6 * step)) / 2e-6
    assert np.isclose((mc.lambdify([X], found)(x) * step).sum(), slope, rtol=1e-7)


def test_an_identity_of_one_size_only_is_none():
    """``n x - 5 mean`` does not change where n is 5."""
    centred = X - OneMatrix(n, n) * X / n
    for number in (2, 3, 4, 5, 6, 7):
        e = centred.T * centred + X.T * X - X.T * OneMatrix(n, n) * X / number
        x = points(9, 3, seed=number) + 1
        c = x - x.mean(0)
        assert np.allclose(mc.lambdify([X], e)(x), c.T @ c + x.T @ x - np.outer(x.sum(0), x.sum(0)) / number, rtol=1e-12)


def test_a_covariance_as_the_mean_square_less_the_square_of_the_mean():
    """Where the points less their mean are there anyway."""
    centred = X - OneMatrix(n, n) * X / n
    e = (X.T * X / n - X.T * OneMatrix(n, n) * X / n**2) * (Identity(k) + centred.T * centred).I
    x = points(6, 3)
    f = mc.lambdify([X], e)
    assert np.abs(f(x + FAR) - f(x)).max() < 1e-9 * np.abs(f(x)).max()


def test_sparse_arguments_stay_sparse():
    sparse = pytest.importorskip("scipy.sparse")
    e = HadamardPower(DiagonalOf(X * X.T) * OneMatrix(1, n) + OneMatrix(n, 1) * DiagonalOf(X * X.T).T - 2 * X * X.T, 2) * X
    with pytest.raises(mc.MatcalcError):
        mc.lambdify([X], e, sparse=[X])(sparse.csr_array(points(4, 3)))


@pytest.mark.parametrize("coefficient", ((n - 3) * (n - 4), (n - 2) * (n - 3), (n - 3) ** 2 * (n - 4) / n, n - 3))
def test_a_coefficient_that_is_0_at_the_sizes_of_the_trial_hides_nothing(coefficient):
    c = X - OneMatrix(n, n) * X / n
    f = mc.lambdify([X], c.T * c + coefficient * X.T * X)
    for size in range(2, 7):
        x = np.random.default_rng(size).normal(size=(size, 3)) + 10
        centred = x - x.mean(0)
        np.testing.assert_allclose(f(x), centred.T @ centred + float(coefficient.subs(n, size)) * x.T @ x, rtol=1e-10)


def test_what_is_divided_by_changes():
    """A number of each point over itself does not change, and has no value where the point less the mean is 0."""
    distances = DiagonalOf(X * X.T) * OneMatrix(1, n) + OneMatrix(n, 1) * DiagonalOf(X * X.T).T - 2 * X * X.T
    factors = [(X * w, (0,), ()), ((X * w).applyfunc(lambda a: 1 / a), (0,), ()), ((-distances).applyfunc(exp), (0,), (1,))]
    e = Einsum((n, 1), EinsumTerm(1, (n, n), ((0,), ()), factors))
    x = np.array([[1.0], [2.0], [3.0]])
    exact = np.exp(-((x - x.T) ** 2)).sum(1)
    assert np.allclose(mc.lambdify([X, w], e)(x, np.ones(1)), exact, rtol=1e-13)
