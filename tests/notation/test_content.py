"""What the coefficients of a sum have in common, and what is left of them."""

import pytest
from sympy import Float, MatrixSymbol, Rational, S, exp, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.content import content, factored_scalar, without_matrices

a, b, c = symbols("a b c", real=True)
n, k = symbols("n k", integer=True, positive=True)
NORM = mc.Norm(MatrixSymbol("x", n, 1))
INSIDE, OUTSIDE = {"outermost": False}, {"outermost": True}
NEGATIVE = {"negative": True}
CONTENTS = [  # coefficients, options, what they share, the rest
    ([2 * a, 4 * a**2], INSIDE, 2 * a, [1, 2 * a]),
    ([S(4), S(6)], OUTSIDE, 1, [4, 6]),  # whole numbers alone stay inside
    ([2 * a, 4 * a**2], OUTSIDE, 2 * a, [1, 2 * a]),
    ([a / 2, a / 3], OUTSIDE, a / 6, [3, 2]),  # fractions don't
    ([-2 * a, -4 * a], INSIDE, 2 * a, [-1, -2]),
    ([-2 * a, -4 * a], INSIDE | NEGATIVE, -2 * a, [1, 2]),
    ([-a, a], INSIDE | NEGATIVE, -a, [1, -1]),
    ([-a, a * b], OUTSIDE | NEGATIVE, a, [-1, b]),
    ([a, b], INSIDE, 1, [a, b]),
    ([S(4), S(6)], INSIDE, 2, [2, 3]),
    ([Rational(2, 3), Rational(4, 9)], INSIDE, Rational(2, 9), [3, 2]),
    ([Float(0.3) * a, Float(0.3) * b], INSIDE, Float(0.3), [a, b]),  # and not 1.0*a
    ([Float(0.3) * a, -Float(0.3) * b], INSIDE, Float(0.3), [a, -b]),
    ([sqrt(a), a], INSIDE, sqrt(a), [1, sqrt(a)]),
    ([1 / a, a**-2], INSIDE, 1 / a, [1, 1 / a]),
    ([a * exp(b), exp(b)], OUTSIDE, exp(b), [a, 1]),
    ([1 / a, a**-2], OUTSIDE, 1, [1 / a, a**-2]),
    ([1 / a, 1 / a], OUTSIDE, 1 / a, [1, 1]),
    ([a, 1 / a], INSIDE, 1, [a, 1 / a]),
    ([b**n, b**k], INSIDE, 1, [b**n, b**k]),  # which is smaller is not known
    ([b**n, b**2], INSIDE, 1, [b**n, b**2]),
    ([a * b**n, b**n], INSIDE, b**n, [a, 1]),
]


@pytest.mark.parametrize("coefficients, options, common, rest", CONTENTS, ids=str)
def test_content(coefficients, options, common, rest):
    with session():
        found, left = content(coefficients, **options)
    assert (str(found), list(map(str, left))) == (str(common), list(map(str, rest)))


@pytest.mark.parametrize(
    "product, constant, varying",
    [
        (2 * k, 2 * k, 1),
        (2 * k / NORM, 2 * k, 1 / NORM),
        (1 / NORM, 1, 1 / NORM),
        (NORM + 1, 1, NORM + 1),
        (k * (NORM + 1), k, NORM + 1),
        (S(3), 3, 1),
    ],
    ids=str,
)
def test_without_matrices(product, constant, varying):
    with session():
        assert without_matrices(prepare(product)) == (constant, prepare(S(varying)))


@pytest.mark.parametrize(
    "typed, written",
    [
        (a * b + a * c, "a*(b + c)"),
        (a**2 * b + a * c, "a*(a*b + c)"),
        (a * b - a * c, "a*(b - c)"),
        (a * exp(b) + exp(b), "(a + 1)*exp(b)"),
        (2 * a + 2 * b, "2*a + 2*b"),
        (a * b + c, "a*b + c"),
        (a * b, "a*b"),
    ],
    ids=str,
)
def test_factored_scalar(typed, written):
    with session():
        assert str(factored_scalar(typed)) == written
