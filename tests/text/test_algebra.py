"""Sums and products of what was typed."""

import pytest
from sympy import MatMul, MatrixSymbol, Symbol

import sympy_matcalc as mc
from sympy_matcalc.api.scalar import entry_as_typed
from sympy_matcalc.text import parse
from sympy_matcalc.text.algebra import multiply

n, m = (Symbol(name, integer=True, positive=True) for name in "nm")
x, y, z = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1)


def test_scalar_products_become_coefficients():
    assert multiply([x.T, y, z]) == MatMul(entry_as_typed(x.T * y), z)


@pytest.mark.parametrize("factors", [(x, y), (y.T, z), (2, x.T, z), (x.T, y, x, y)], ids=str)
def test_factors_that_do_not_fit_are_an_error(factors):
    with pytest.raises(mc.ShapeError, match="the inner sizes must be equal"):
        multiply(factors)


@pytest.mark.parametrize("text", ["tr(A)/tr(A - A)", "log(tr(A - A))*tr(A)", "tr(A)/det(B - B)", "tr(A)/(1 - 1)"])
def test_what_is_not_finite_is_named_as_typed(text):
    with pytest.raises(mc.ParseError, match="has no finite value") as caught:
        parse(text)
    typed = str(caught.value).split("`")[1]
    assert typed in text and "zoo" not in str(caught.value)


@pytest.mark.parametrize("text", ["tr(X*inv(X'*X)*X'*X*X')", "X*(X.T*X).I*X.T", "a.T*(X.T*X)**-2*a", "log(det(X*(2*X.T*X)**(-1)*X.T))"])
def test_an_inverse_that_sizes_rule_out_is_refused(text):
    with pytest.raises(mc.ParseError, match="of 5 rows, but of a rank of at most 3"):
        parse(text, shapes={"X": (3, 5)})
    parse(text, shapes={"X": (5, 3)})
    parse(text)
