"""Ones behind or in front of sums with outer products of ones."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse, to_text


@pytest.mark.parametrize(
    "text, by, gradient",
    [
        (r"\sum_i \|x_i - \mu\|^2", "mu", "2*(n*mu - x.T*ones(n))"),
        (r"\sum_i (x_i - \mu)^\top S (x_i - \mu)", "mu", "(S + S.T)*(n*mu - x.T*ones(n))"),
        ("norm(X - ones(n,1)*a')^2", "a", "2*(n*a - X.T*ones(n))"),
        ("norm(X*W + ones(n,1)*b' - Y)^2", "b", "2*(ones(n)*b.T + X*W - Y).T*ones(n)"),  # a residual stays one
    ],
)
def test_gradients(text, by, gradient):
    expr, symbols = parse(text)
    found = mc.gradient(expr, symbols[by])
    assert to_text(found) == gradient
    assert mc.check(expr, symbols[by], derivative=found).ok
