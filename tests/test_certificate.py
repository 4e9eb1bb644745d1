"""check: what data it takes where such of either sign have no value, and what it says of them."""

import warnings

import pytest
from sympy import Abs, Determinant, MatrixSymbol, Symbol, Trace, log, sign, sqrt, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, A, Y = MatrixSymbol("X", n, m), MatrixSymbol("A", m, m), MatrixSymbol("Y", n, m)
Z, B = MatrixSymbol("Z", n, n), MatrixSymbol("B", n, n)
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)

FORMS = [
    log((x.T * M * x)[0, 0]) for M in (B, *(MatrixSymbol(f"B{k}", n, n) for k in range(10)))
]  # eleven numbers that have to be positive
WIDE = log(Determinant(X * A * X.T))  # singular where X is tall

NEEDS_MORE = [  # (expression, variable, what the certificate says of the data): random numbers of either sign, or these sizes, will not do
    (WIDE, X, ""),
    (sum(FORMS[:-1], -FORMS[-1]), B, "the symmetric parts of square matrices are positive definite, all else positive"),
    (Trace(X.T * mc.parse("log(X./Y)", shapes=["X: n x m", "Y: n x m"])[0]), X, "all entries are positive"),
]


@pytest.mark.parametrize("expr, variable, words", NEEDS_MORE)
def test_data_are_milder_where_the_expression_has_no_value_for_others(expr, variable, words):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mc.check(expr, variable)
    assert found.points == 3 and found.data == words and words in str(found)
    assert expr is not WIDE or found.sizes["m"] > found.sizes["n"]


@pytest.mark.slow
def test_milder_data_tell_a_matrix_from_its_transpose():
    expr = sum(FORMS, (x.T * B * y)[0, 0])
    mc.check(expr, B, derivative=mc.jacobian(FORMS[0], B) + x * y.T)
    with pytest.raises(mc.CheckError):
        mc.check(expr, B, derivative=mc.jacobian(FORMS[0], B) + y * x.T)


def test_plain_data_are_not_spoken_of_and_a_given_domain_is_kept():
    assert mc.check((x.T * B * x)[0, 0], x).data == ""
    t = Symbol("t")
    assert mc.check(log(t), t, domain={t: "above_one"}).data == ""


def test_what_has_no_value_anywhere_is_not_checked():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mc.check(log(-(x.T * x)[0, 0]), x)
    assert not found and str(found).startswith("not checked")


NUMBERS = symbols("a b c w", real=True)


@pytest.mark.parametrize("a", NUMBERS, ids=str)
def test_a_number_is_drawn_of_either_sign(a):
    """The derivative of |a| is not 1, which it is at a positive a; nor where other numbers have to be positive."""
    b, t = Symbol("b_", real=True), Symbol("t", positive=True)
    for factor in (1, b, log(b), (x.T * x)[0, 0] * sqrt(b), t):
        with pytest.raises(mc.CheckError, match="relative error 2.0e"):
            mc.check(factor * Abs(a), a, factor)
        assert mc.check(factor * Abs(a), a, factor * sign(a)).points == 3
    assert mc.check(Abs(t), t, 1).points == 3 and mc.check(Abs(a), a, 1, domain={a: "positive"}).points == 3


def test_other_shapes_are_said_by_their_sizes():
    form = (x.T * B * x)[0, 0]
    with pytest.raises(mc.CheckError, match=r"its shape is 3 x 3, that of the derivative is 3 x 1 \(n = 3\)"):
        mc.check(form, x, B)
    with pytest.raises(mc.CheckError, match="its shape is a number, that of the derivative"):
        mc.check(form, x, 3)
    with pytest.raises(mc.CheckError, match="`y` does not occur in the expression"):
        mc.check(form, x, y)
    with pytest.raises(mc.CheckError, match="relative error"):  # a column for a row is no other shape, as it was
        mc.check(form, x, 3 * x)


@pytest.mark.parametrize(
    "text, words",
    [("sum(y.*log(p) + (1 - y).*log(1 - p))", "all entries are between 0 and 1"), ("sum(sqrt(p - 1))", "all entries are above 1")],
)
def test_intervals_are_found(text, words):
    found = mc.check(mc.parse(text, shapes=["p: n", "y: n"])[0], MatrixSymbol("p", n, 1))
    assert found.points == 3 and found.data == words
