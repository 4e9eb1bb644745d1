"""Products of scalars with powers merged, signs against absolute values, and minus signs in front."""

import pytest
from sympy import Abs, Add, Float, Heaviside, MatMul, MatrixSymbol, Max, Mul, Piecewise, Pow, Rational, S, exp, sign, sin, sqrt, symbols

from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.scalars import UndefinedError, evaluated, evaluated_node, has_minus, rebuild_scalar, scalar_product, scalar_sum
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
    ((Heaviside(u), Max(0, u)), "Max(0, u)"),
    ((Heaviside(u) ** 2, Max(0, u) ** 3), "Max(0, u)**3"),
    ((Heaviside(u) ** 2, Max(0, a)), "Heaviside(u)*Max(0, a)"),
    ((Heaviside(u), Pow(Max(0, u), -1)), "Piecewise((1/u, u > 0), (0, True))"),
    ((Pow(Heaviside(u), -1), Max(0, u)), "Max(0, u)/Heaviside(u)"),
    ((Piecewise((1 / u, u > 0), (0, True)), Heaviside(u), Pow(Max(0, u), -1)), "Piecewise((u**(-2), u > 0), (0, True))"),
    ((sign(u), Abs(u)), "u"),
    ((sign(u), u), "Abs(u)"),
    ((sign(u), u, u), "u*Abs(u)"),
    ((sign(u) ** 3, Abs(u)), "u"),
    ((sign(u) ** 3, u), "Abs(u)"),
    ((sign(u) ** 2, u), "u"),
    ((sign(u) ** 4, Abs(u)), "Abs(u)"),
    ((sign(u), Abs(u) ** 3), "u**3"),
    ((sign(u), a), "a*sign(u)"),
    ((Pow(sign(u), -1), u), "u/sign(u)"),
    ((Pow(sign(u), a), Abs(u)), "Abs(u)*sign(u)**a"),
    ((sign(u), Pow(sign(u), -1), u), "u"),
    ((sign(u) ** 2, Pow(sign(u), Rational(1, 2)), u), "u*sign(u)**(5/2)"),
    ((sign(u) ** 2, a), "a*sign(u)**2"),
    ((sign(u), 2 * u), "2*Abs(u)"),
    ((Heaviside(u), Max(0, u), Pow(Max(0, u), -1)), "Heaviside(u)"),
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


@pytest.mark.parametrize(
    "typed, found",
    [
        (Add(1, Mul(a, -1, evaluate=False), evaluate=False), 1 - a),
        (exp(Add(1, Mul(a, -1, evaluate=False), evaluate=False), evaluate=False), exp(1 - a)),
        (Pow(exp(a, evaluate=False), Add(1, 1, evaluate=False), evaluate=False), exp(2 * a)),
        (sin(S.Zero, evaluate=False), sin(S.Zero, evaluate=False)),  # only sums, products and powers are evaluated
        (sin(Mul(b, 0, evaluate=False), evaluate=False), S.Zero),  # and what has parts that were
        (a + b, a + b),
        (a, a),
    ],
    ids=str,
)
def test_scalars_are_evaluated_from_the_inside(typed, found):
    with session():
        assert evaluated(typed) == found and evaluated(typed) is evaluated(typed)


def test_a_sum_that_is_as_sympy_evaluates_it_stays_the_object_it_is():
    with session():
        total = Add(a, b)
        assert evaluated_node(total) is total and evaluated_node(sin(a)) == sin(a)
        assert evaluated_node(Add(a, a, evaluate=False)) == 2 * a


def test_scalars_of_matrices_are_rebuilt_where_sympy_cannot_evaluate_them():
    xx = MatMul(x.T, x)[0, 0]
    for node in (Abs(u), sign(u)):
        assert rebuild_scalar(node, [xx]).args == (xx,)
    assert rebuild_scalar(Max(a, b), [S.One, S(2)]).args == (1, 2)  # nothing is compared
    assert rebuild_scalar(sin(a), [S.Zero]) == 0
    with pytest.raises(UndefinedError, match="divides by zero"):
        rebuild_scalar(a < b, [S.ComplexInfinity, b])
    with pytest.raises(TypeError):
        rebuild_scalar(a < b, [S.ImaginaryUnit, b])  # not a matter of matrices, nor of a division by zero


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
