"""Sums over pairs of points by the differences of the points: digits far from 0, and sums that are none."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, Symbol, exp, log, sqrt, symbols

import sympy_matcalc as mc

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
eps = Symbol("eps", positive=True)
X, W, P = MatrixSymbol("X", m, n), MatrixSymbol("W", m, m), MatrixSymbol("P", m, m)
q, v, A = MatrixSymbol("q", m, 1), MatrixSymbol("v", m, 1), MatrixSymbol("A", k, n)
d = X[i, :] - X[j, :]
s = (d * d.T)[0, 0]
r = sqrt(s + eps**2)
ARGS = [X, W, P, q, v, eps]


def pairs(term):
    return Sum(term, (i, 0, m - 1), (j, 0, m - 1))


POTENTIALS = {  # the function of the squared distance as an expression, and with arrays of pairs: its weight, its first and second derivatives
    "coulomb": (pairs(q[i, 0] * q[j, 0] / r), lambda u, e, w, p, q, v: (q[:, None] * q, -0.5 * u**-1.5, 0.75 * u**-2.5)),
    "gaussian": (pairs(W[i, j] * exp(-s)), lambda u, e, w, p, q, v: (w, -np.exp(e**2 - u), np.exp(e**2 - u))),
    "inverse powers": (pairs(P[i, j] * ((s + eps**2) ** -6 - (s + eps**2) ** -3)), lambda u, e, w, p, q, v: (p, -6 * u**-7 + 3 * u**-4, 42 * u**-8 - 12 * u**-5)),
    "stress": (
        pairs(W[i, j] * (P[i, j] - r) ** 2), lambda u, e, w, p, q, v: (1, w * (1 - p * u**-0.5), w * p * u**-1.5 / 2),
    ),
    "logarithm": (pairs(q[i, 0] * v[j, 0] * log(s + eps**2)), lambda u, e, w, p, q, v: (q[:, None] * v, 1 / u, -(u**-2))),
}  # fmt: skip


def hessian_of_pairs(x, weights, first, second):
    """The derivative of ``sum_ij w_ij f(|x_i - x_j|^2)``, by the derivatives of f, in extended precision."""
    x = x.astype(np.longdouble)
    d = x[:, None, :] - x[None, :, :]
    f1, f2 = weights * first, weights * second
    f1, f2 = f1 + f1.T, f2 + f2.T
    blocks = 4 * f2[:, :, None, None] * d[:, :, :, None] * d[:, :, None, :] + 2 * f1[:, :, None, None] * np.eye(x.shape[1])
    out = -blocks.transpose(0, 2, 1, 3)
    for at in range(len(x)):
        out[at, :, at, :] += blocks[at].sum(0)
    return out.astype(float)


def points(shift):
    rng = np.random.default_rng(3)
    x = np.round(rng.standard_normal((5, 3)) * 2**20) / 2**20 + shift  # so that differences are exact
    w, p = rng.random((2, 5, 5))
    return x, w, p, rng.random(5), rng.random(5), 0.5


@pytest.mark.parametrize("name", POTENTIALS)
@pytest.mark.parametrize("shift", [0, 2.0**16])
def test_digits_do_not_depend_on_where_the_points_are(name, shift):
    f, of_pairs = POTENTIALS[name]
    hessian = mc.lambdify(ARGS, mc.hessian(f, X))
    x, w, p, q, v, e = data = points(shift)
    u = ((x[:, None, :].astype(np.longdouble) - x[None, :, :]) ** 2).sum(2) + e**2
    right = hessian_of_pairs(x, *of_pairs(u, e, w, p, q, v))
    found = hessian(*data)
    assert np.allclose(found, right, rtol=0, atol=1e-9 * abs(right).max())
    assert np.allclose(found, found.transpose(2, 3, 0, 1), rtol=0, atol=1e-13 * abs(right).max())


@pytest.mark.parametrize("name", ["jax", "torch", "dask.array", "array_api_strict"])
def test_in_other_libraries(name):
    library = pytest.importorskip(name)
    if name == "jax":
        library.config.update("jax_enable_x64", True)
        library = pytest.importorskip("jax.numpy")
    f, _ = POTENTIALS["stress"]
    x, w, p, q, v, e = points(0)
    arguments = [library.asarray(a) for a in (x, w, p, q, v)]
    modules = library if name == "array_api_strict" else name.split(".")[0]
    found = mc.lambdify(ARGS, mc.hessian(f, X), modules=modules)(*arguments, e)
    found = found.compute() if name == "dask.array" else found._array if name == "array_api_strict" else found
    assert np.allclose(np.asarray(found), mc.lambdify(ARGS, mc.hessian(f, X))(x, w, p, q, v, e))


def test_points_that_are_projected():
    """The differences are those of the products."""
    a = A * d.T
    f = pairs(q[i, 0] * q[j, 0] * exp(-(a.T * a)[0, 0]))
    rng = np.random.default_rng(0)
    x, _, _, c, _, _ = points(0)
    B = rng.standard_normal((2, 3))
    y = x @ B.T
    z = np.exp(-((y[:, None, :] - y[None, :, :]) ** 2).sum(2))
    inner = hessian_of_pairs(y, c[:, None] * c, -z, z)
    right = np.einsum("iajb,ac,bd->icjd", inner, B, B)
    assert np.allclose(mc.lambdify([X, A, q], mc.hessian(f, X))(x, B, c), right)


def test_one_summand_of_several():
    """A term with another structure beside them stays what it is."""
    f = pairs(q[i, 0] * q[j, 0] / r) * pairs(W[i, j] * (X[i, :] * X[j, :].T)[0, 0])
    data = points(0)
    gradient, hessian = (mc.lambdify(ARGS, by(f, X)) for by in (mc.gradient, mc.hessian))
    step, x = 1e-5, data[0]
    for at in np.ndindex(x.shape):
        h = np.zeros(x.shape)
        h[at] = step
        right = (gradient(x + h, *data[1:]) - gradient(x - h, *data[1:])) / (2 * step)
        assert np.allclose(hessian(*data)[at], right, rtol=1e-6, atol=1e-6)


def test_sums_without_differences_have_none():
    f = pairs(W[i, j] * exp((X[i, :] * X[j, :].T)[0, 0]))
    source = mc.lambdify([X, W], mc.hessian(f, X)).source
    assert "[:, :, None] - " not in source
    x, w = points(0)[:2]
    e = (w + w.T) * np.exp(x @ x.T)
    right = np.einsum("ij,ja,ib->iajb", e, x, x) + np.einsum("ij,ab->iajb", e, np.eye(3))
    for at in range(5):
        right[at, :, at, :] += np.einsum("j,ja,jb->ab", e[at], x, x)
    assert np.allclose(mc.lambdify([X, W], mc.hessian(f, X))(x, w), right)


def test_the_points_lie_next_to_each_other():
    """What is made for pairs is read along the second point: along its coordinates it takes three times as long."""
    f, _ = POTENTIALS["coulomb"]
    source = mc.lambdify(ARGS, mc.hessian(f, X)).source
    assert "X.T.reshape(m * n).reshape(n, m)" in source or "X.T.reshape(n * m).reshape(n, m)" in source
