"""Second derivatives of what is divided by a standard deviation: of data of any scale, in single precision too."""

import mpmath
import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, HadamardProduct, Identity, Lambda, MatrixSymbol, OneMatrix, Rational, Symbol, sqrt, symbols

import sympy_matcalc as mc

m, n, k = symbols("m n k", integer=True, positive=True)
u = Symbol("u", positive=True)
W, X, Y = MatrixSymbol("W", n, k), MatrixSymbol("X", m, n), MatrixSymbol("Y", m, k)
x, y, z = (MatrixSymbol(name, n, 1) for name in "xyz")
rng = np.random.default_rng(5)


def layers(centre):
    """Half the squared error of the rows of X W less their means over their standard deviations, which no scale of X changes."""
    deviations = centre(X * W)
    over = (mc.RowSum(HadamardPower(deviations, 2)) / k).applyfunc(Lambda(u, 1 / sqrt(u)))
    return mc.Norm(DiagMatrix(over) * deviations - Y) ** 2 / 2


@pytest.mark.parametrize(
    "centre",
    [lambda z: z - mc.RowSum(z) * OneMatrix(1, k) / k, lambda z: z * (Identity(k) - OneMatrix(k, k) / k)],
    ids=["mean", "projection"],
)
def test_layers_of_large_activations(centre):
    f = mc.lambdify([W, X, Y], mc.hessian(layers(centre), W))
    given = rng.normal(size=(3, 4)), rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    right = f(*given)
    w, data, target = (a.astype(np.float32) for a in given)
    with np.errstate(all="raise", under="ignore"):  # what is small beside the rest may be 0
        for scale in (1e6, 1e7, 1e8):
            assert np.allclose(f(w, data * np.float32(scale), target), right, rtol=1e-4, atol=1e-5 * np.abs(right).max())
        assert np.allclose(f(given[0], given[1] * 1e70, given[2]), right, rtol=1e-9, atol=1e-12 * np.abs(right).max())


@pytest.mark.parametrize("p", (3, 4, 5, 7, Rational(5, 2), Rational(7, 2), Rational(9, 4), -3, 2))
@pytest.mark.parametrize("scale", (1.0, 1e60))
def test_powers_below_a_quotient(p, scale):
    f = mc.lambdify([x, y, z], HadamardProduct(z, y, HadamardPower(x, -p)))
    a, b = np.array([0.5, 2.0, 1.25]), np.array([3.0, -1.0, 0.7])
    if scale > 1 and p > 5:
        scale = 1e40  # what is divided is of the same scale: the quotient has to be in range
    with mpmath.workdps(30):
        right = [float(mpmath.mpf(s) * mpmath.mpf(scale * s) / mpmath.mpf(scale * t) ** mpmath.mpf(str(float(p)))) for s, t in zip(b, a)]
    with np.errstate(all="raise"):
        assert np.allclose(f(scale * a, scale * b, b), right, rtol=1e-13)
