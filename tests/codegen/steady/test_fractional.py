"""Roots of ``c + exp(t)``, of ``cosh(t)`` and of the logistic function where what they are of is out of range; values of mpmath."""

import warnings

import mpmath
import numpy as np
import pytest
from sympy import MatrixSymbol, Rational, cosh, diff, exp, lambdify, log, sqrt, symbols, tanh

import sympy_matcalc as mc

t = symbols("t", real=True)
n = symbols("n", integer=True, positive=True)
x = MatrixSymbol("x", n, 1)
HALF = 1 / sqrt(1 + exp(t))
ROOTS = (HALF, sqrt(1 + exp(t)), (1 + exp(t)) ** Rational(1, 3), exp(t / 2) * HALF, 1 / sqrt(1 + exp(-t)), diff(HALF, t))
SHIFTED = 1 / sqrt(2 + exp(t))
ROOTS += (
    SHIFTED,
    diff(SHIFTED, t),
    (exp(t) / 3 + 2) ** Rational(1, 3),
    diff(sqrt(2 + exp(t)), t),
    log(3 + 2 * exp(t)),
    exp(t) / (5 + exp(t)),
)
ROOTS += (sqrt(cosh(t)), diff(sqrt(cosh(t)), t), cosh(t) ** Rational(-1, 3), diff(1 / sqrt(cosh(t)), t), tanh(t) / sqrt(cosh(t)))
POINTS = (-30.5, -0.25, 0.0, 0.25, 30.5, 600.0, 720.0, 1000.0)


def exact(expr):
    with mpmath.workdps(50):
        f = lambdify(t, expr, "mpmath")
        return np.array([float(f(mpmath.mpf(p))) for p in POINTS])


@pytest.mark.parametrize("expr", ROOTS, ids=str)
def test_roots_have_their_digits(expr):
    f = mc.lambdify([t], expr)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.allclose([f(p) for p in POINTS], exact(expr), rtol=1e-12, atol=0)


@pytest.mark.parametrize("library", ("numpy", "jax", "torch"))
@pytest.mark.parametrize("expr", ROOTS, ids=str)
def test_roots_of_all_entries_in_every_library(expr, library):
    module = pytest.importorskip({"jax": "jax.numpy"}.get(library, library))
    f = mc.lambdify([x], x.applyfunc(lambda entry: expr.subs(t, entry)), modules=library)
    is_double = library != "jax" or module.asarray(np.ones(1)).dtype == np.float64
    points = np.array(POINTS) if is_double else np.array(POINTS[:5])
    found = np.asarray(f(module.asarray(points)))
    assert np.allclose(found, exact(expr)[: len(points)], rtol=1e-12 if is_double else 1e-5, atol=0)


def test_a_root_of_what_is_not_a_number_is_none_and_complex_numbers_are_taken():
    f = mc.lambdify([x], x.applyfunc(lambda entry: 1 / sqrt(1 + exp(entry))))
    assert np.isnan(f(np.array([np.nan, 0.0]))).tolist() == [True, False]
    z = np.array([1 + 2j, -3 - 1j])
    assert np.allclose(f(z), 1 / np.sqrt(1 + np.exp(z)))
