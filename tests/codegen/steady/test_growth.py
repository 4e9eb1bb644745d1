"""Roots, quotients and logarithms of functions that grow as exponentials, where these are out of range, against fifty digits."""

import mpmath
import numpy as np
import pytest
from sympy import Lambda, MatrixSymbol, Rational, Symbol, acosh, asinh, cosh, diff, exp, lambdify, log, sinh, sqrt, symbols

import sympy_matcalc as mc

t, u = Symbol("t", real=True), Symbol("u", real=True)
FUNCTIONS = [
    sqrt(cosh(t) + 1),
    (cosh(t) + 1) ** Rational(1, 3),
    log(cosh(t) + 1),
    log(cosh(t) ** 2 + 1),
    log(2 * cosh(3 * t) + 5),
    1 / (cosh(t) + 1),
    cosh(t) / (1 + cosh(t)),
    sinh(t) / sqrt(1 + sinh(t) ** 2),
    sqrt(exp(t) + exp(-t)),
    log(exp(t) + exp(-t)),
    log(exp(2 * t) + exp(t) + 1),
    sqrt(exp(2 * t) + 3 * exp(t) + 1) * exp(-t),
    exp(t) / (1 + exp(t) + exp(2 * t)),
    t * sqrt(cosh(t) + t**2),
    exp(2 * t) / (t**2 + 1 + exp(t)) ** 2 - exp(t) / (t**2 + 1 + exp(t)),
    exp(-3 * t) / (t**2 + 2 + exp(-t)) ** 3,
    sqrt(exp(t) * (1 + cosh(t))),
    asinh(sinh(t)),
    asinh(exp(2 * t) - 3 * exp(-t)),
    asinh(sinh(t) * cosh(t)),
    acosh(cosh(t) + 1),
    log(1 + sinh(t) ** 2),
    log(1 + 3 * sinh(2 * t) ** 4 * cosh(t)),
]
POINTS = (720.0, -720.0, 400.0, -35.0, 0.7, 1e-3, 0.0)


def exact(e, at):
    with mpmath.workdps(50):
        return float(lambdify(t, e, "mpmath")(mpmath.mpf(at)))


@pytest.mark.parametrize("f", FUNCTIONS, ids=str)
def test_in_range_where_the_value_is(f):
    for order in (0, 1, 2):
        e = diff(f, t, order)
        code = mc.lambdify([t], e)
        with np.errstate(over="ignore"):
            found = list(map(code, POINTS))
        assert np.allclose(found, [exact(e, at) for at in POINTS], rtol=1e-12, atol=1e-13), order


@pytest.mark.parametrize("f", FUNCTIONS[::3], ids=str)
def test_of_entries(f):
    n = symbols("n", integer=True, positive=True)
    x = MatrixSymbol("x", n, 1)
    at = np.array(POINTS)
    values = mc.lambdify([x], x.applyfunc(Lambda(t, f)))(at)
    assert np.allclose(values, [exact(f, a) for a in at], rtol=1e-12, atol=1e-13)
    slope = mc.gradient(mc.ElementSum(x.applyfunc(Lambda(t, f))), x)
    assert np.allclose(mc.lambdify([x], slope)(at), [exact(diff(f, t), a) for a in at], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("f", FUNCTIONS, ids=str)
def test_of_complex_numbers_it_is_the_same_branch(f):
    z = Symbol("z")
    code = mc.lambdify([z], f.subs(t, z))
    for at in (0.3 + 0.2j, -1.5 + 2.5j, 2 - 4j):
        with mpmath.workdps(50):
            assert np.isclose(code(at), complex(lambdify(z, f.subs(t, z), "mpmath")(mpmath.mpc(at))))


def test_of_two_variables_each_has_its_own_scale():
    f = sqrt(cosh(t) + 1) * log(cosh(u) + 2)
    found = mc.lambdify([t, u], f)(720.0, -730.0)
    assert np.isclose(found, exact(sqrt(cosh(t) + 1), 720.0) * exact(log(cosh(t) + 2), -730.0))


@pytest.mark.parametrize("f", [log(1 + sinh(t) ** 2), log(1 + exp(t) + exp(2 * t))], ids=str)
def test_small_logarithms_keep_their_digits(f):
    for at in (1e-8, -40.0):
        assert np.isclose(mc.lambdify([t], f)(at), exact(f, at), rtol=1e-12, atol=0)


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_other_libraries(backend):
    pytest.importorskip(backend)
    for f in (FUNCTIONS[0], FUNCTIONS[7]):
        code = mc.lambdify([t], f, modules=backend)
        assert np.allclose([float(code(at)) for at in (80.0, -80.0, 0.7)], [exact(f, at) for at in (80.0, -80.0, 0.7)], rtol=1e-4)


@pytest.mark.parametrize("f", [asinh(sinh(t)), log(1 + sinh(t) ** 2), asinh(2 * sinh(t / 3)), log(1 + sinh(t) ** 4)], ids=str)
def test_near_zero_all_digits_are_there(f):
    code = mc.lambdify([t], f)
    for at in (1e-9, -3e-5, 0.02, 0.999, 1.001, -1.7):
        assert code(at) == pytest.approx(exact(f, at), rel=4e-15, abs=0)


QUOTIENTS = [  # of exp(t) and exp(t) - 1
    exp(t) / (exp(t) - 1),
    exp(2 * t) / (exp(t) - 1) ** 2,
    t**2 * exp(t) / (exp(t) - 1) ** 2,
    exp(t) / (2 - 2 * exp(t)) ** 3,
    exp(-t) / (1 - exp(-t)),
    exp(4 * t) / (exp(2 * t) - 1) ** 3,
    diff(log(exp(t) - 1), t),
    diff(t / (exp(t) - 1), t),
]


@pytest.mark.parametrize("f", QUOTIENTS, ids=str)
def test_quotients_of_exponentials_less_one(f):
    code = mc.lambdify([t], f)
    points = (720.0, 400.0, 35.0, 0.7, 1e-3, -1e-3, -3.0, -720.0)
    with np.errstate(over="ignore"):
        found = list(map(code, points))
    assert np.allclose(found, [exact(f, at) for at in points], rtol=1e-11, atol=1e-300)


def test_quotients_of_complex_exponentials_less_one():
    z = Symbol("z")
    code = mc.lambdify([z], exp(z) / (1 - exp(z)))
    for at in (-720 + 2j, 720 + 1j, 1e-12 * (1 + 1j), 0.3 - 2j, -40 + 1j):
        with mpmath.workdps(50):
            right = complex(lambdify(z, exp(z) / (1 - exp(z)), "mpmath")(mpmath.mpmathify(at)))
        assert abs(code(at) - right) <= 1e-13 * abs(right)


def test_two_variables_keep_what_each_of_them_grows_as():
    for e, at, right in [
        (diff(asinh((1 - exp(-u)) * sinh(t)), t), (400.0, 1.0), 1.0),
        (log((exp(u) - 1) * exp(2 * t)), (400.0, 1.0), 800 + float(np.log(np.expm1(1.0)))),
        (diff(log(1 + t * (1 - exp(-t))), t) * (u / u), (1e-12, 1.0), 2e-12),
    ]:
        assert np.isclose(mc.lambdify([t, u], e)(*at), right, rtol=1e-11)


def test_factors_of_another_variable_do_not_hide_a_quotient():
    e = exp(2 * u) * exp(exp(u)) / (2 * exp(exp(u)) - 1) ** 2 + 0 * t
    code = mc.lambdify([u], e)
    for at in (-3.0, 1.0, 6.0):
        assert np.isclose(code(at), np.exp(2 * at - np.exp(at)) / (2 - np.exp(-np.exp(at))) ** 2, rtol=1e-12)
    with np.errstate(all="raise", under="ignore"):
        assert code(8.0) == 0  # exp(exp(8)) is out of range
