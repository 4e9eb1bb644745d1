"""Texts of errors about what has no numeric code: long expressions are cut."""

from sympy import Symbol

from sympy_matcalc.codegen.lower import _short


def test_what_an_error_shows():
    assert _short(Symbol("a" * 80)) == "a" * 80
    assert _short(Symbol("a" * 81)) == "a" * 77 + "..."
    assert _short(Symbol("abcdef"), limit=5) == "ab..."
