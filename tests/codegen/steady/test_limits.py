"""Values, gradients and Hessians of sums that vanish at the limit of a function, against many digits."""

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Lambda, MatrixSymbol, OneMatrix, Rational, Symbol, Trace, erf, exp, lambdify, log, sqrt, symbols, tanh

import sympy_matcalc as mc

n, t = symbols("n", integer=True, positive=True), Symbol("t", real=True)
x = MatrixSymbol("x", n, 1)
normal, logistic, by_tanh = (1 + erf(t / sqrt(2))) / 2, exp(t) / (1 + exp(t)), (1 + tanh(t / 2)) / 2
POINTS = [-20.0, -8, -1, -1e-3, 0.5, 2.5, 8, 20]

CASES = [
    log(normal * (1 - normal)),
    normal * log(normal) + (1 - normal) * log(1 - normal),
    (Rational(3, 10) - normal) / sqrt(normal * (1 - normal)),
    (1 - normal) / sqrt(normal * (1 - normal)),
    log(normal / (1 - normal)),
    log(logistic * (1 - logistic)),
    -((1 - logistic) ** 2) * log(logistic),
    logistic**2 - logistic**3,
    log(by_tanh * (1 - by_tanh)),
    by_tanh * log(by_tanh),
    (1 - by_tanh) / sqrt(by_tanh * (1 - by_tanh)),
    log(1 - tanh(t)),
    log(1 + tanh(t)),
    1 / (1 - tanh(t)),
    sqrt(1 - tanh(t) ** 2),
]


def error(f, at, value):
    """The relative error of a value, as far as it is not that of one rounding of the argument."""
    with mp.workdps(500):
        number = lambdify(t, f, "mpmath")
        exact = number(mpf(at))
        moved = max(abs(number(mpf(at) * (1 + s * mpf(2) ** -52)) - exact) for s in (1, -1))
        return float(max(0, abs(mpf(float(value)) - exact) - 40 * moved - mpf(1e-17)) / abs(exact)) if exact else 0.0


@pytest.mark.parametrize("f", CASES, ids=str)
def test_values_and_derivatives(f):
    whole = Trace(OneMatrix(1, n) * x.applyfunc(Lambda(t, f)))
    asked = [x.applyfunc(Lambda(t, f)), mc.gradient(whole, x), mc.hessian(whole, x)]
    value, gradient, hessian = mc.lambdify([x], asked)(np.array(POINTS))
    for order, found in enumerate((value, gradient, np.diagonal(hessian))):
        for at, got in zip(POINTS, np.ravel(found)):
            assert error(f.diff(t, order) if order else f, at, got) < 1e-7, (order, at)


@pytest.mark.parametrize("f", [log(1 - tanh(t)), log(1 - tanh(t) ** 2), 1 - tanh(t), log(1 - logistic**2)], ids=str)
def test_no_worse_about_zero_and_far_out(f):
    """Where what is written has all digits: of logarithms near 0 too."""
    points = [-1e-9, 1e-12, 1e-3, -30.0]
    found = mc.lambdify([x], x.applyfunc(Lambda(t, f)))(np.array(points))
    for at, got in zip(points, found):
        assert error(f, at, got) < 1e-13, at


@pytest.mark.parametrize(
    "f", [*CASES, log((t - 3) * (1 - tanh(t))), log(3 * t * normal), log(1 - tanh(t) ** 2), sqrt(t * (1 - logistic))], ids=str
)
def test_complex_numbers_are_on_the_branch_of_what_is_written(f):
    """The imaginary part of a logarithm is between -pi and pi, though a sum of logarithms may be outside of that."""
    rng = np.random.default_rng(2)
    points = 2 * rng.standard_normal(60) + 3j * rng.standard_normal(60)
    z = Symbol("z")
    found = mc.lambdify([x], x.applyfunc(Lambda(z, f.subs(t, z))))(points)
    number = lambdify(t, f, "mpmath")
    expected = np.array([complex(number(mp.mpc(p))) for p in points])
    np.testing.assert_allclose(found, expected, rtol=1e-8)
