"""Ones behind or in front of sums with outer products of ones."""

import pytest
from sympy import Identity, MatrixSymbol, OneMatrix, Trace, log, symbols
from sympy.matrices.expressions import HadamardPower

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


ROWS, COLUMNS = OneMatrix(n, n), OneMatrix(m, m)
C, P = Identity(n) - ROWS / n, Identity(m) - COLUMNS / m


@pytest.mark.parametrize(
    "e, by, text",
    [
        (mc.Norm(x - ROWS * x / n) ** 2, x, "2*(x - ones(n, n)*x/n)"),
        (log(mc.Norm(x - ROWS * x / n) ** 2 / n), x, "2*(x - ones(n, n)*x/n)/norm(x - ones(n, n)*x/n)**2"),
        (mc.dot(x - ROWS * x, x - ROWS * x), x, "2*(x - ones(n, n)*x) - 2*sum(x - ones(n, n)*x)*ones(n)"),
        (mc.Norm(x - mc.Mean(x) * OneMatrix(n, 1)) ** 2, x, "2*(x - mean(x)*ones(n))"),
        (mc.dot(x, mc.RowSum(HadamardPower(X - X * COLUMNS / m, 2))), X, "2*diag(x)*(X - X*ones(m, m)/m)"),
        (mc.dot(x, mc.RowSum(HadamardPower(X - mc.RowSum(X) * OneMatrix(1, m) / m, 2))), X, "2*diag(x)*(X - X*ones(m, m)/m)"),
        (mc.dot(u, (OneMatrix(1, n) * HadamardPower(X - ROWS * X / n, 2)).T), X, "2*(X - ones(n, n)*X/n)*diag(u)"),
        (mc.dot(x, mc.RowSum(HadamardPower(X * P, 2))), X, "2*diag(x)*X*(I(m) - ones(m, m)/m)"),
        (mc.Norm(C * X * P) ** 2, X, "2*(I(n) - ones(n, n)/n)*X*(I(m) - ones(m, m)/m)"),
        (Trace(Z * C**3 * X), X, "(I(n) - ones(n, n)/n)*Z.T"),
    ],
    ids=str,
)
def test_centred(e, by, text):
    """A variance about the mean, typed with a matrix of ones or without: what is centred adds up to 0, and centring it changes nothing."""
    found = mc.gradient(e, by)
    assert to_text(found) == text
    assert mc.check(e, by, derivative=found).ok
    if by is x:
        assert mc.check(found, by, derivative=mc.hessian(e, by)).ok


@pytest.mark.parametrize("e", [x - 2 * ROWS * x / n, x + C * x, (C + Identity(n)) * x, (Identity(n) - 2 * ROWS / n) ** 2 * x], ids=str)
def test_what_is_not_centred(e):
    for f in (mc.ElementSum(e), mc.Norm(e) ** 2, mc.Norm(C * e) ** 2):
        assert mc.check(f, x).ok


def test_a_matrix_of_ones_in_a_sum_beside_ones():
    """Fuzz of the shapes: the sum of what is multiplied out has the shape of the product."""
    A = MatrixSymbol("A", n, n)
    for e in (A - A * ROWS, A - ROWS * A, A - ROWS * A * ROWS, A - x * OneMatrix(1, n) * A - A * ROWS, A * ROWS - ROWS):
        for f in (OneMatrix(1, n) * e * x, x.T * e * OneMatrix(n, 1), OneMatrix(1, n) * e * A * e * OneMatrix(n, 1)):
            for by in (x, A):
                assert mc.check(f[0, 0], by, derivative=mc.gradient(f[0, 0], by)).ok
