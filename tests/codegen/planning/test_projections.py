"""Projections of what is projected already: which are read, that values stay, and what is computed for them."""

import numpy as np
import pytest
from sympy import HadamardProduct, Identity, MatrixSymbol, OneMatrix, Symbol, exp, sqrt, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, Y, A, B, w = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("A", m, m), MatrixSymbol("B", m, m), MatrixSymbol("w", n, 1)
rng = np.random.default_rng(0)
x, y, a, b = rng.standard_normal((7, 3)), rng.standard_normal((7, 3)), rng.standard_normal((7, 7)), rng.standard_normal((7, 7))
c, hat = np.eye(7) - 1 / 7, x @ np.linalg.solve(x.T @ x, x.T)


def centred(size):
    return Identity(size) - OneMatrix(size, size) / size


C = centred(m)
H = X * (X.T * X).I * X.T
M = Identity(m) - H


def body(arguments, e):
    return mc.lambdify(arguments, e).source.split("def compute")[1]


@pytest.mark.parametrize(
    "e, shorter, value",
    [
        (A * C * C * B, A * C * B, a @ c @ b),
        (A * (-C) * C * (-C) * B, A * C * B, a @ c @ b),
        ((A * C + B * C) * C * B, (A * C + B * C) * B, (a + b) @ c @ b),
        (C * (C * A).T.T * B, C * A * B, c @ a @ b),
        (A * M * M * B, A * M * B, a @ (np.eye(7) - hat) @ b),
        (A * H * (H * B), A * H * B, a @ hat @ b),
    ],
    ids=["twice", "with signs", "behind a sum", "in front", "off the columns", "onto the columns"],
)
def test_it_is_left_out(e, shorter, value):
    arguments = [X, A, B]
    assert body(arguments, e) == body(arguments, shorter)
    np.testing.assert_allclose(mc.lambdify(arguments, e)(x, a, b), value, atol=1e-12)


@pytest.mark.parametrize("size", [7, 49])
def test_of_literal_size(size):
    Z = MatrixSymbol("Z", size, n)
    z = rng.standard_normal((size, 3))
    assert body([Z], Z.T * centred(size) * centred(size) * Z) == body([Z], Z.T * centred(size) * Z)
    np.testing.assert_allclose(
        mc.lambdify([Z], Z.T * centred(size) * centred(size) * Z)(z), (z - z.mean(0)).T @ (z - z.mean(0)), atol=1e-12
    )


@pytest.mark.parametrize(
    "e, value",
    [
        ((A * C + B) * C * B, (a @ c + b) @ c @ b),
        (HadamardProduct(A, C) * C * B, (a * c) @ c @ b),
        (A * (Identity(m) - 2 * OneMatrix(m, m) / m) * (Identity(m) - 2 * OneMatrix(m, m) / m) * B, a @ b),
        (A * X * (Y.T * X).I * Y.T * H * B, a @ x @ np.linalg.solve(y.T @ x, y.T @ hat @ b)),
        (
            A * X * (X.T * Y).I * X.T * X * (X.T * Y).I * X.T * B,
            a @ x @ np.linalg.solve(x.T @ y, x.T @ x @ np.linalg.solve(x.T @ y, x.T @ b)),
        ),
        (A * C * M * B, a @ c @ (np.eye(7) - hat) @ b),
    ],
    ids=["a summand is not", "entries", "a reflection", "an oblique one", "no projection", "another one"],
)
def test_it_stays(e, value):
    np.testing.assert_allclose(mc.lambdify([X, Y, A, B], e)(x, y, a, b), value, atol=1e-11)


def test_the_hessian_of_a_normalised_unit_has_one_product_of_its_columns():
    """(C X)' (C X) and rank one: the mean of the squares is computed once, and no matrix is multiplied with another beside."""
    eps = Symbol("eps", positive=True)
    z, t = C * X * w, MatrixSymbol("t", m, 1)
    u = z / sqrt((z.T * z)[0, 0] / m + eps) - t
    hessian = mc.lambdify([w, X, t, eps], mc.hessian((u.T * u)[0, 0], w))
    tall = [line for line in hessian.source.split("def compute")[1].splitlines() if line.startswith(("    t", "    return"))]
    assert sum(line.count(".T.dot(") for line in tall) == 1
    value = mc.lambdify([w, X, t, eps], mc.gradient((u.T * u)[0, 0], w))
    v, target, h = rng.standard_normal(3), rng.standard_normal(7), 1e-6
    columns = [(value(v + h * e, x, target, 0.1) - value(v - h * e, x, target, 0.1)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(hessian(v, x, target, 0.1), np.array(columns), atol=1e-7)


def test_a_covariance_times_weights():
    """tr(exp(X' C X)) of entries: of the centred columns alone."""
    gradient = mc.lambdify([X], mc.gradient(mc.ElementSum((X.T * C * X).applyfunc(exp)), X))
    centred_columns = x - x.mean(0)
    expected = 2 * centred_columns @ np.exp(centred_columns.T @ centred_columns)
    np.testing.assert_allclose(gradient(x), expected, rtol=1e-10)
