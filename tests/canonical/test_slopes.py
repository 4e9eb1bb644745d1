"""Derivatives of scalar functions in the form that one writes, equal to SymPy's at points."""

import pytest
from sympy import Heaviside, Integer, Max, Mul, Piecewise, Rational, Symbol, cos, cosh, exp, log, sin, sqrt, tan, tanh

from sympy_matcalc.canonical.functions import derivative
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes import Relu, Sigmoid
from sympy_matcalc.nodes.bound import BOUND as u

t = Symbol("t", positive=True)
FORMS = [  # function, its first or second derivative as it is written
    (log(cosh(u)), 1, tanh(u)),
    (log(cosh(u)), 2, 1 - tanh(u) ** 2),
    (log(cos(u / 3)), 1, -tan(u / 3) / 3),
    (sqrt(1 + u**2), 2, (1 + u**2) ** Rational(-3, 2)),
    (log(1 + u**2), 2, Mul(2, 1 - u**2, (1 + u**2) ** -2)),
    (log(t + u**2), 2, Mul(2, t - u**2, (t + u**2) ** -2)),
    (1 / (1 + u**2), 2, Mul(2, 3 * u**2 - 1, (1 + u**2) ** -3)),
    (u / sqrt(t + u**2), 1, t * (t + u**2) ** Rational(-3, 2)),
    (Max(0, u) ** 2, 1, 2 * Max(0, u)),
    (Max(0, u) ** 3, 2, 6 * Max(0, u)),
    (Max(0, u) ** 2, 2, 2 * Heaviside(u)),
    (Relu(u) ** 3, 1, 3 * Relu(u) ** 2),
    (Relu(u) ** 3, 2, 6 * Relu(u)),
    (sqrt(Relu(u)), 1, Piecewise((1 / sqrt(u), u > 0), (0, True)) / 2),  # 0 on the left, where H(u)/sqrt(relu(u)) has no value
    (log(1 + exp(u)), 1, 1 / (1 + exp(-u))),
    (exp(u) / (1 + exp(u)), 1, exp(u) / (1 + exp(u)) ** 2),
    (exp(2 * u) / (1 + exp(u)) ** 2, 1, 2 * exp(2 * u) / (1 + exp(u)) ** 3),
    (u / (1 + exp(u)), 1, -u * exp(u) / (1 + exp(u)) ** 2 + 1 / (1 + exp(u))),
    (log(2 + exp(-u)), 2, 2 * exp(-u) / (2 + exp(-u)) ** 2),
    (log(t + exp(u)), 2, t * exp(u) / (t + exp(u)) ** 2),
    (log(t + exp(-u)), 3, -t * (t - exp(-u)) * exp(-u) / (t + exp(-u)) ** 3),
    (u * log(t + exp(u)), 2, t * u * exp(u) / (t + exp(u)) ** 2 + 2 * exp(u) / (t + exp(u))),
    ((1 + exp(u)) ** -t, 2, t * (t * exp(u) - 1) * exp(u) * (1 + exp(u)) ** (-t - 2)),
    (exp(u) / (1 + u), 1, exp(u) / (1 + u) - exp(u) / (1 + u) ** 2),
    (tanh(u), 2, Mul(-2, 1 - tanh(u) ** 2, tanh(u))),
    (Sigmoid(u) ** 2, 1, Mul(2, 1 - Sigmoid(u), Sigmoid(u) ** 2)),
]


@pytest.mark.parametrize("body, order, form", FORMS, ids=str)
def test_forms(body, order, form):
    found = body
    with session():
        for _ in range(order):
            found = derivative(found)
    assert found == form
    at = {u: Rational(7, 10), t: Integer(2)}
    assert abs((found - body.diff(u, order)).subs(at).evalf(30)) < 1e-25


@pytest.mark.parametrize("body", [1 / (1 + u) + 1 / (2 + u), sin(u) / (1 + u), (1 + u) ** 5 + (1 + u) ** 3])
def test_what_is_no_shorter_as_one_fraction_is_left(body):
    with session():
        assert derivative(body) == body.diff(u)
