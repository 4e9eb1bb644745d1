"""check: what data it takes where such of either sign have no value, and what it says of them."""

import warnings

import pytest
from sympy import Determinant, MatrixSymbol, Symbol, Trace, log, symbols

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
