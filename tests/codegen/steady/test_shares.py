"""Exponentials of the distances between points over their weighted sums: in range however far apart the points are, and where they meet."""

import numpy as np
import pytest
from sympy import DiagMatrix, KroneckerProduct, MatrixSymbol, OneMatrix, Sum, Trace, exp, log, symbols
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
X, A, M, W = MatrixSymbol("X", m, n), MatrixSymbol("A", k, n), MatrixSymbol("M", m, m), MatrixSymbol("W", m, m)
y = MatrixSymbol("y", m, 1)


def neighbours(weights, of=X):
    """``sum_i log(sum_j w_ij exp(-|x_i - x_j|^2))``."""
    d = of[i, :] - of[j, :]
    return Sum(log(Sum(weights * exp(-(d * d.T)[0, 0]), (j, 0, m - 1))), (i, 0, m - 1))


def gradient_of_neighbours(x, w):
    """By the shares in each row, from the greatest exponent with a weight, in extended precision."""
    x, w = x.astype(np.longdouble), np.broadcast_to(w, (len(x), len(x)))
    d = x[:, None, :] - x[None, :, :]
    z = np.where(w != 0, -(d**2).sum(2), -np.inf)
    e = w * np.exp(z - z.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    return -2 * ((p + p.T)[:, :, None] * d).sum(1)


def differences(f, x, step):
    out = np.zeros((*x.shape, *x.shape))
    for at in np.ndindex(x.shape):
        d = np.zeros(x.shape, np.longdouble)
        d[at] = step
        out[at] = (f(x + d) - f(x - d)) / (2 * step)
    return out


def points(scale):
    rng = np.random.default_rng(4)
    return scale * rng.standard_normal((6, 3)), np.triu(rng.random((6, 6)), 1) + np.tril(rng.random((6, 6)) > 0.3, -1) + np.eye(6, k=-1)


@pytest.mark.parametrize("scale", [0.5, 3, 40, 1e3])
@pytest.mark.parametrize("modules", ["numpy", "jax", "torch"])
def test_no_row_is_out_of_range(scale, modules):
    if modules != "numpy":
        pytest.importorskip(modules)
        if modules == "jax":
            pytest.importorskip("jax").config.update("jax_enable_x64", True)
    x, w = points(scale)
    convert = np.asarray if modules != "torch" else pytest.importorskip("torch").asarray
    f = neighbours(M[i, j])
    gradient, hessian = (mc.lambdify([X, M], d(f, X), modules=modules) for d in (mc.gradient, mc.hessian))
    right = gradient_of_neighbours(x, w)
    assert np.allclose(np.asarray(gradient(convert(x), convert(w))), right.astype(float), rtol=1e-9, atol=1e-9 * scale)
    right = differences(lambda v: gradient_of_neighbours(v, w), x.astype(np.longdouble), 1e-6 / scale)
    assert np.allclose(np.asarray(hessian(convert(x), convert(w))), right, rtol=1e-5, atol=1e-5 * max(1, scale**2))


@pytest.mark.parametrize("weights", [1, y[j, 0], 2 * M[i, j] * y[j, 0], M[j, i]])
def test_weights_of_any_form(weights):
    x, w = points(2)
    v = np.arange(1.0, 7)
    array = {1: np.ones((6, 6)), y[j, 0]: v, 2 * M[i, j] * y[j, 0]: w * v, M[j, i]: w.T}[weights]
    f = mc.lambdify([X, M, y], mc.gradient(neighbours(weights), X))
    assert "softmax" in f.source
    assert np.allclose(f(x, w, v), gradient_of_neighbours(x, array).astype(float))


def test_two_sums_share_their_exponentials():
    f = mc.lambdify([X, M, W], mc.hessian(neighbours(M[i, j]) - neighbours(W[i, j]), X))
    body = f.source[f.source.index("def compute") :]
    branches = body.count("return ")
    assert body.count("np.exp(") == branches and body.count("_weighted_softmax(") == 2 * branches


def test_a_row_of_no_weight_is_nan():
    x, w = points(1)
    w[2] = 0
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.isnan(mc.lambdify([X, M], mc.gradient(neighbours(M[i, j]), X))(x, w)).any()


def test_exponentials_by_themselves_stay():
    d = X[i, :] - X[j, :]
    f = neighbours(M[i, j]) + Sum(exp(-(d * d.T)[0, 0]), (i, 0, m - 1), (j, 0, m - 1))
    x, w = points(1)
    gradient = mc.lambdify([X, M], mc.gradient(f, X))
    v = x[:, None, :] - x[None, :, :]
    more = -4 * (np.exp(-(v**2).sum(2))[:, :, None] * v).sum(1)
    assert "_weighted_softmax" not in gradient.source
    assert np.allclose(gradient(x, w), gradient_of_neighbours(x, w).astype(float) + more)


def test_of_two_sets_of_points_nothing_changes():
    d = X[i, :] - A[j, :]
    f = Sum(log(Sum(exp(-(d * d.T)[0, 0]), (j, 0, k - 1))), (i, 0, m - 1))
    assert "_weighted_softmax" not in mc.lambdify([X, A], mc.gradient(f, X)).source


E = y.applyfunc(exp)
HALVES = DiagMatrix(E) * (E * OneMatrix(1, m) + OneMatrix(m, 1) * E.T).applyfunc(lambda a: 1 / a)


@pytest.mark.parametrize(
    ("e", "exact"),
    [
        (Trace(HALVES), m / 2),
        (Trace(KroneckerProduct(M, HALVES)), Trace(M) * m / 2),
        (DiagonalOf(HALVES).T * DiagonalOf(HALVES), m / 4),
        (OneMatrix(1, m) * DiagonalOf(HALVES), m / 2),
        (y.T * DiagonalOf(HALVES), (y.T * OneMatrix(m, 1)) / 2),
    ],
    ids=str,
)
def test_sums_of_shares_of_an_exponential_and_itself(e, exact):
    """Each is one half: nothing of the axis is left, whose length counts."""
    data = {M: np.random.default_rng(1).standard_normal((4, 4)), y: np.linspace(0, 1, 4)[:, None], m: 4}
    args = [M, y]
    assert np.allclose(mc.lambdify(args, e)(data[M], data[y]), np.asarray(evaluate(exact, data), float), rtol=1e-13)
