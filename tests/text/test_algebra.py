"""Sums and products of what was typed."""

import pytest
from sympy import MatMul, MatrixSymbol, Symbol

import sympy_matcalc as mc
from sympy_matcalc.api.scalar import entry_as_typed
from sympy_matcalc.text.algebra import multiply

n, m = (Symbol(name, integer=True, positive=True) for name in "nm")
x, y, z = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1)


def test_scalar_products_become_coefficients():
    assert multiply([x.T, y, z]) == MatMul(entry_as_typed(x.T * y), z)


@pytest.mark.parametrize("factors", [(x, y), (y.T, z), (2, x.T, z), (x.T, y, x, y)], ids=str)
def test_factors_that_do_not_fit_are_an_error(factors):
    with pytest.raises(mc.ShapeError, match="the inner sizes must be equal"):
        multiply(factors)
