"""Functions of numbers of the formula: computed once, where they have a finite value, and as NumPy would."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, cos, exp, log, pi, sqrt, symbols, tanh

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
x, t = MatrixSymbol("x", n, 1), Symbol("t", positive=True)
AT = np.array([0.3, -2.0, 5.0])
GELU = sqrt(2 / pi)


@pytest.mark.parametrize(
    ("expr", "exact"),
    [
        (GELU * x, np.sqrt(2 / np.pi) * AT),
        (sqrt(2) / sqrt(pi) * t * x, np.sqrt(2 / np.pi) * 1.5 * AT),
        (x.applyfunc(lambda u: tanh(GELU * u) * log(3)), np.tanh(np.sqrt(2 / np.pi) * AT) * np.log(3)),
        (exp(2) * x + cos(1) * x, (np.exp(2) + np.cos(1)) * AT),
    ],
)
def test_there_is_no_function_of_a_number_left(expr, exact):
    f = mc.lambdify([x, t] if expr.has(t) else [x], expr)
    body = f.source.split("def compute")[1]
    assert not any(name in body for name in ("sqrt", "log(", "cos", "np.exp"))
    np.testing.assert_allclose(f(AT, 1.5) if expr.has(t) else f(AT), exact, rtol=1e-15)


def test_what_has_no_finite_value_is_left_to_the_library():
    with np.errstate(over="ignore"):
        assert np.isinf(mc.lambdify([x], exp(1000) * x)(AT)).all()
