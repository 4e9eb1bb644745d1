"""Ones behind or in front of sums with outer products of ones."""

import pytest
from sympy import MatrixSymbol, OneMatrix, symbols

import sympy_matcalc as mc
from sympy_matcalc.text import parse, to_text

n, m = symbols("n m", integer=True, positive=True)
X, Z, u, x = MatrixSymbol("X", n, m), MatrixSymbol("Z", m, n), MatrixSymbol("u", m, 1), MatrixSymbol("x", n, 1)
CENTRED = X - OneMatrix(n, 1) * u.T


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


def test_ones_in_front_of_a_sum():
    found = mc.jacobian(OneMatrix(1, n) * CENTRED * Z * x, x)
    assert to_text(found) == "(ones(1, n)*X - n*u.T)*Z"


def test_what_ones_give_is_added_to_its_like():
    """(X - 1 u')' 1 - n u is X' 1 - 2 n u."""
    found = mc.gradient((OneMatrix(1, n) * CENTRED * u)[0, 0], u)
    assert to_text(found) == "X.T*ones(n) - 2*n*u"


@pytest.mark.parametrize(
    "e, text",
    [(OneMatrix(2, n) * CENTRED, "ones(2, n)*(X - ones(n)*u.T)"), (CENTRED.T * OneMatrix(n, 2), "(X.T - u*ones(1, n))*ones(n, 2)")],
)
def test_a_matrix_of_ones_is_no_sum_along_an_axis(e, text):
    assert to_text(mc.simplify(e)) == text
