"""Derivatives of ``log(c + exp(u))`` and of powers of such sums, far out: values of mpmath."""

import warnings

import mpmath
import numpy as np
import pytest
from sympy import Lambda, MatrixSymbol, Rational, Symbol, exp, lambdify, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical.slopes import simplest

n = symbols("n", integer=True, positive=True)
x = MatrixSymbol("x", n, 1)
u, r, c = Symbol("u", real=True), Symbol("r", positive=True), Symbol("c", positive=True)
GIVEN = {r: 1.75, c: 2.5}
POINTS = (-800.0, -400.0, -360.0, -38.0, -1.0, 0.3, 5.0, 37.0, 100.0, 356.0, 400.0, 720.0, 800.0)
BODIES = (
    3 * log(2 + exp(u)),
    log(Rational(1, 2) + 3 * exp(u)),
    log(c + exp(u)),
    log(c + exp(-u)),
    (1 + exp(u)) ** -r,
    (1 + exp(-u)) ** -r,
    (2 + exp(2 * u)) ** -r,
    (2 + exp(u)) ** Rational(-1, 2),
    u * log(3 + exp(u)),
)


def exact(body, order):
    with mpmath.workdps(900):
        at = {k: mpmath.mpf(v) for k, v in GIVEN.items()}
        f = lambdify([u, *at], body.diff(u, order), "mpmath")
        return np.array([float(f(mpmath.mpf(p), *at.values())) for p in POINTS])


@pytest.mark.parametrize("order", (1, 2, 3))
@pytest.mark.parametrize("body", BODIES, ids=str)
def test_derivatives_have_their_digits(body, order):
    found = body
    for _ in range(order):
        found = simplest(found.diff(u))
    f = mc.lambdify([x, r, c], x.applyfunc(Lambda(u, found)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = np.ravel(f(np.array(POINTS), *GIVEN.values()))
    assert np.allclose(got, exact(body, order), rtol=1e-11, atol=1e-290)


@pytest.mark.parametrize(
    "text, body",
    [
        ("3*sum(log(2+exp(X*w)))", 3 * log(2 + exp(u))),
        ("r: scalar; sum((1+exp(X*w))**-r)", (1 + exp(u)) ** -r),
        ("r: scalar; -sum(hpow(1-sigmoid(X*w), r).*log(sigmoid(X*w)))", (1 + exp(u)) ** -r * log(1 + exp(-u))),  # focal loss
    ],
)
def test_hessians(text, body):
    e, s = mc.parse(text)
    names = [s["X"], s["w"], *([s["r"]] if "r" in s else [])]
    f = mc.lambdify(names, mc.hessian(e, s["w"]))
    got = [f(np.eye(1), np.array([p]), *([GIVEN[r]] if "r" in s else []))[0, 0] for p in POINTS]
    assert np.allclose(got, exact(body, 2), rtol=1e-11, atol=1e-290)
