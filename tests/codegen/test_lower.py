"""Errors about what has no numeric code: long expressions are cut; and where a scalar is needed."""

import pytest
from sympy import Add, MatrixSymbol, Symbol, symbols

from sympy_matcalc import ShapeError
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.lower import Lowerer, _short


def test_what_an_error_shows():
    assert _short(Symbol("a" * 80)) == "a" * 80
    assert _short(Symbol("a" * 81)) == "a" * 77 + "..."
    assert _short(Symbol("abcdef"), limit=5) == "ab..."


def test_the_class_of_a_long_expression_is_shown():
    """It is not printed to be cut."""
    fifty_nine = Add(*symbols("a:59"))
    assert _short(fifty_nine, limit=1000) == str(fifty_nine)
    assert _short(Add(*symbols("a:60")), limit=1000) == "Add"


def test_a_scalar_may_be_a_matrix_of_one_entry():
    assert Lowerer().scalar(MatrixSymbol("r", 1, 1)).labels == ()
    for shape in ((2, 2), (2, 1), (1, 2)):
        with pytest.raises(ShapeError, match="a scalar is needed"):
            Lowerer().scalar(MatrixSymbol("A", *shape))
