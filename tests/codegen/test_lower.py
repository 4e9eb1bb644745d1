"""Texts of errors about what has no numeric code: long expressions are cut."""

from sympy import Add, Symbol, symbols

from sympy_matcalc.codegen.lower import _short


def test_what_an_error_shows():
    assert _short(Symbol("a" * 80)) == "a" * 80
    assert _short(Symbol("a" * 81)) == "a" * 77 + "..."
    assert _short(Symbol("abcdef"), limit=5) == "ab..."


def test_the_class_of_a_long_expression_is_shown():
    """It is not printed to be cut."""
    fifty_nine = Add(*symbols("a:59"))
    assert _short(fifty_nine, limit=1000) == str(fifty_nine)
    assert _short(Add(*symbols("a:60")), limit=1000) == "Add"
