"""Functions of a matrix and of its transpose: evaluated once, with the value; what differs is kept apart."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, HadamardProduct, Lambda, MatrixSymbol, OneMatrix, Sum, Symbol, exp, log, sin, symbols, tanh

import sympy_matcalc as mc

m, n, k = symbols("m n k", integer=True, positive=True)
t, s = Symbol("t"), Symbol("s", positive=True)
X, M, A, B = MatrixSymbol("X", m, k), MatrixSymbol("M", n, k), MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
x, y, a = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("a", n, 1)
one = OneMatrix(n, 1)
rng = np.random.default_rng(0)
data = {
    "X": rng.standard_normal((5, 3)),
    "M": rng.standard_normal((4, 3)),
    "A": rng.standard_normal((4, 4)),
    "B": rng.standard_normal((4, 4)),
}
data |= {name: rng.standard_normal(4) for name in "xy"} | {"a": rng.random(4) + 0.1}
arguments = [X, M, A, B, x, y, a]


def body(e):
    """The code for any values, after what it has for symmetric ones."""
    return mc.lambdify(arguments, e).source.split("        return ")[-1]


def value(e):
    return np.squeeze(mc.lambdify(arguments, e)(*(data[p.name] for p in arguments)))


ONCE = {
    "a product": ((M * X.T).applyfunc(tanh) * (X * M.T).applyfunc(tanh), lambda d: np.tanh(d["M"] @ d["X"].T) @ np.tanh(d["X"] @ d["M"].T)),
    "differences": (
        HadamardProduct(A, (x * one.T - one * x.T).applyfunc(tanh)) + HadamardProduct(B, (one * x.T - x * one.T).applyfunc(tanh)),
        lambda d: (d["A"] - d["B"]) * np.tanh(d["x"][:, None] - d["x"]),
    ),
    "rows and columns that are scaled": (
        (DiagMatrix(x) * A * DiagMatrix(y)).applyfunc(tanh) * B + B * (DiagMatrix(y) * A.T * DiagMatrix(x)).applyfunc(tanh),
        lambda d: (z := np.tanh(d["x"][:, None] * d["A"] * d["y"])) @ d["B"] + d["B"] @ z.T,
    ),
    "another order of terms": (
        (A * B + DiagMatrix(x) * A).applyfunc(tanh) * x + (A.T * DiagMatrix(x) + B.T * A.T).applyfunc(tanh) * y,
        lambda d: (z := np.tanh(d["A"] @ d["B"] + d["x"][:, None] * d["A"])) @ d["x"] + z.T @ d["y"],
    ),
    "a function of functions": (
        ((A * B).applyfunc(sin) + A).applyfunc(tanh) * x + ((B.T * A.T).applyfunc(sin) + A.T).applyfunc(tanh) * y,
        lambda d: (z := np.tanh(np.sin(d["A"] @ d["B"]) + d["A"])) @ d["x"] + z.T @ d["y"],
    ),
    "a weighted product": (
        (A * DiagMatrix(a) * B).applyfunc(tanh) * x + (B.T * DiagMatrix(a) * A.T).applyfunc(tanh) * y,
        lambda d: (z := np.tanh(d["A"] * d["a"] @ d["B"])) @ d["x"] + z.T @ d["y"],
    ),
}
TWICE = {
    "another product": ((A * B).applyfunc(tanh) * x + (A.T * B.T).applyfunc(tanh) * y, lambda d: np.tanh(d["A"] @ d["B"]) @ d["x"] + np.tanh(d["A"].T @ d["B"].T) @ d["y"]),
    "the other sign": (
        HadamardProduct(A, (x * one.T + one * y.T).applyfunc(tanh)) + HadamardProduct(B, (x * one.T - one * y.T).applyfunc(tanh)),
        lambda d: d["A"] * np.tanh(d["x"][:, None] + d["y"]) + d["B"] * np.tanh(d["x"][:, None] - d["y"]),
    ),
    "rows for columns": (
        (DiagMatrix(x) * A).applyfunc(tanh) * y + (DiagMatrix(x) * A.T).applyfunc(tanh) * y,
        lambda d: np.tanh(d["x"][:, None] * d["A"]) @ d["y"] + np.tanh(d["x"][:, None] * d["A"].T) @ d["y"],
    ),
    "an inverse of one of the factors": (
        (A.I * B).applyfunc(tanh) * x + (B.T * A.T).applyfunc(tanh) * y,
        lambda d: np.tanh(np.linalg.inv(d["A"]) @ d["B"]) @ d["x"] + np.tanh((d["A"] @ d["B"]).T) @ d["y"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ONCE)
def test_once(name):
    e, right = ONCE[name]
    assert body(e).count("tanh(") == 1
    np.testing.assert_allclose(value(e), right(data), rtol=1e-12)


@pytest.mark.parametrize("name", TWICE)
def test_twice(name):
    e, right = TWICE[name]
    assert body(e).count("tanh(") == 2
    np.testing.assert_allclose(value(e), right(data), rtol=1e-12)


def test_what_a_function_is_part_of_is_known_again_too():
    z = x * one.T - one * x.T
    e = (
        HadamardProduct(A, z.applyfunc(Lambda(t, sin(t) * (1 - sin(t))))) * x
        + HadamardProduct(B, z.T.applyfunc(Lambda(t, sin(t) * (1 - sin(t))))) * y
    )
    assert body(e).count("- 1.0") + body(e).count("1.0 - ") == 1
    h = np.sin(data["x"][:, None] - data["x"])
    h = h * (1 - h)
    np.testing.assert_allclose(value(e), (data["A"] * h) @ data["x"] + (data["B"] * h.T) @ data["y"], rtol=1e-12)


def test_what_is_symmetric_stays():
    e = (A * A.T).applyfunc(tanh) * B
    assert body(e).count("tanh(") == 1
    np.testing.assert_allclose(value(e), np.tanh(data["A"] @ data["A"].T) @ data["B"])


@pytest.mark.parametrize("rows", [True, False])
def test_sums_of_what_is_turned(rows):
    E, F = (M * X.T).applyfunc(tanh), (X * M.T).applyfunc(tanh)
    sums = F * one if rows else OneMatrix(1, m) * F
    z = np.tanh(data["M"] @ data["X"].T)
    assert body(e := E * F * one if rows else E * OneMatrix(m, 1) + (sums.T)).count("tanh(") == 1
    np.testing.assert_allclose(value(e), z @ z.sum(0) if rows else 2 * z.sum(1), rtol=1e-12)


def mixture():
    """Minus the logarithm of the density of a Gaussian mixture, by its means in the rows of M."""
    i, j = symbols("i j", integer=True)
    d = X[i, :] - M[j, :]
    return -Sum(log(Sum(a[j, 0] * exp(-(d * d.T)[0, 0] / (2 * s)), (j, 0, n - 1))), (i, 0, m - 1))


def responsibilities(x, mu, weights, variance):
    z = np.log(weights) - ((x[:, None] - mu) ** 2).sum(2) / (2 * variance)
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


@pytest.mark.parametrize("far", [0, 30, 300])
def test_mixtures_far_from_their_means(far):
    x, mu, weights, variance = data["X"] + far, data["M"], data["a"], 0.7
    gradient = mc.lambdify([M, X, a, s], mc.gradient(mixture(), M))
    r = responsibilities(x, mu, weights, variance)
    right = (r.sum(0)[:, None] * mu - r.T @ x) / variance
    np.testing.assert_allclose(gradient(mu, x, weights, variance), right, rtol=1e-9, atol=1e-9)
    hessian = mc.lambdify([M, X, a, s], mc.hessian(mixture(), M))(mu, x, weights, variance)
    step, direction = 1e-5, rng.standard_normal(mu.shape)
    ends = [gradient(mu + side * step * direction, x, weights, variance) for side in (1, -1)]
    np.testing.assert_allclose(
        np.einsum("abcd,cd->ab", hessian, direction), (ends[0] - ends[1]) / (2 * step), rtol=1e-5, atol=1e-5 * (1 + far**2)
    )


def test_softmax_of_a_transpose():
    E = (M * X.T).applyfunc(exp)
    F = (X * M.T).applyfunc(exp)
    e = E * HadamardPower(F * one, -1)
    z = 400 * data["M"] @ data["X"].T
    right = np.exp(z - z.max(0))
    found = mc.lambdify([M, X], e)(400 * data["M"], data["X"])
    np.testing.assert_allclose(np.squeeze(found), (right / right.sum(0)).sum(1), rtol=1e-10)


def test_lambdas_of_one_name():
    f = Lambda(t, tanh(t) * t)
    e = (A * B).applyfunc(f) * x + (B.T * A.T).applyfunc(f) * y
    assert body(e).count("tanh(") == 1
    z = data["A"] @ data["B"]
    z = z * np.tanh(z)
    np.testing.assert_allclose(value(e), z @ data["x"] + z.T @ data["y"], rtol=1e-12)
