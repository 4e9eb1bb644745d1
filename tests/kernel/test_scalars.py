"""Products of scalars with powers merged, signs against absolute values, and minus signs in front."""

import pytest
from sympy import Abs, Float, MatMul, MatrixSymbol, Rational, S, sign, sqrt, symbols

from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.scalars import has_minus, scalar_product, scalar_sum
from sympy_matcalc.kernel.session import session

n = symbols("n", integer=True, positive=True)
a, b, u = symbols("a b u", real=True)
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
XX, YY = MatMul(x.T, x)[0, 0], MatMul(y.T, y)[0, 0]
PRODUCTS = [
    ((), "1"),
    ((a,), "a"),
    ((S.One, a), "a"),
    ((S(2), S(3)), "6"),
    ((a, b, a), "a**2*b"),
    ((a, 1 / a), "1"),
    ((S.Zero, a), "0"),
    ((sign(u), Abs(u)), "u"),
    ((sign(u), u), "Abs(u)"),
    ((sign(u), u, u), "u*Abs(u)"),
    ((sign(u), Abs(u) ** 3), "u**3"),
    ((sign(u), a), "a*sign(u)"),
    ((sign(u), 1 / u), "sign(u)/u"),  # where u is 0, |u|/u^2 is not what it is
    ((Abs(u), Abs(u)), "u**2"),
    ((Abs(u), Abs(u), Abs(u)), "u**2*Abs(u)"),
    ((sqrt(a), sqrt(a)), "a"),
]


@pytest.mark.parametrize("factors, text", PRODUCTS, ids=str)
def test_products(factors, text):
    with session():
        assert str(scalar_product(*factors)) == text


def test_squares_are_taken_out_of_powers_that_are_not_whole():
    with session():
        xx, yy = prepare(XX), prepare(YY)
        assert scalar_product(xx, (xx * yy) ** Rational(1, 2)) == xx ** Rational(3, 2) * sqrt(yy)
        assert scalar_product(xx, 1 / (xx * yy)) == 1 / yy
        assert scalar_product(a, sqrt(a * b)) == a * sqrt(a * b)  # a may be negative


def test_sums():
    with session():
        assert scalar_sum(a) is a and scalar_sum(a, b, -a) == b and scalar_sum() == 0


@pytest.mark.parametrize(
    "c, expected",
    [
        (S(-2), True),
        (S(2), False),
        (Rational(-1, 2), True),
        (S.Zero, False),
        (Float(-0.5), True),
        (-a, True),
        (a, False),
        (-2 * a * b, True),
    ],
    ids=str,
)
def test_has_minus(c, expected):
    assert has_minus(c) is expected
    assert has_minus(2 * a * b) is has_minus(a * b) is False
