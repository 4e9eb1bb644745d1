"""An array less its means along an axis is one product: what is right, and that no array of four axes is formed twice."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, Identity, Lambda, MatrixSymbol, OneMatrix, Symbol, sqrt, symbols

import sympy_matcalc as mc

m, n, k = symbols("m n k", integer=True, positive=True)
W, X, Y, y = MatrixSymbol("W", n, k), MatrixSymbol("X", m, n), MatrixSymbol("Y", m, k), MatrixSymbol("y", m, 1)
u, eps = Symbol("u", positive=True), Symbol("eps", positive=True)
root = Lambda(u, 1 / sqrt(u))
Z = X * W


def over_rows(C):
    """Rows of C over the roots of their mean squares."""
    return DiagMatrix((mc.RowSum(HadamardPower(C, 2)) / k + eps * OneMatrix(m, 1)).applyfunc(root)) * C


def over_columns(C):
    return C * DiagMatrix((mc.RowSum(HadamardPower(C, 2).T) / m + eps * OneMatrix(k, 1)).applyfunc(root))


LOSSES = {
    "layer norm": over_rows(Z - mc.RowSum(Z) * OneMatrix(1, k) / k),
    "layer norm by I - J": over_rows(Z * (Identity(k) - OneMatrix(k, k) / k)),
    "layer norm by Mean": over_rows(Z - mc.Mean(Z, axis=1) * OneMatrix(1, k)),
    "batch norm": over_columns(Z - OneMatrix(m, 1) * mc.RowSum(Z.T).T / m),
    "batch norm by I - J": over_columns((Identity(m) - OneMatrix(m, m) / m) * Z),
    "root mean square norm": over_rows(Z),
}
rng = np.random.default_rng(3)
w, x, v = rng.standard_normal((3, 4)), rng.standard_normal((6, 3)), rng.standard_normal((6, 4))


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("power", [1, 2])
def test_hessians_are_differences_of_gradients(name, power):
    f = mc.ElementSum(HadamardPower(LOSSES[name] - Y, 2 * power))
    gradient = mc.lambdify([W, X, Y, eps], mc.gradient(f, W))
    hessian = mc.lambdify([W, X, Y, eps], mc.hessian(f, W))
    step, found = 1e-6, hessian(w, x, v, 0.1)
    for i in range(3):
        for j in range(4):
            e = np.zeros_like(w)
            e[i, j] = step
            expected = (gradient(w + e, x, v, 0.1) - gradient(w - e, x, v, 0.1)) / (2 * step)
            np.testing.assert_allclose(found[:, :, i, j], expected, atol=2e-6 * np.abs(found).max())


@pytest.mark.parametrize("name", ["layer norm", "layer norm by I - J", "layer norm by Mean"])
def test_hessians_of_many_rows_are_second_moments(name):
    source = mc.lambdify([W, X, Y, eps], mc.hessian(mc.Norm(LOSSES[name] - Y) ** 2, W)).source
    assert "_second_moments(X, " in source.split("def compute")[1]
