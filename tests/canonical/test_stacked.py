"""Entries of stacked columns, as the indexing of vec makes them."""

from sympy import floor, symbols

from sympy_matcalc.canonical.sums import _is_stacked, modulo

k, m, n = symbols("k m n", integer=True, positive=True)


def test_the_place_of_an_entry_of_stacked_columns():
    assert _is_stacked(k, modulo(k, n), floor(k / n), n)
    assert not _is_stacked(k, modulo(k, m), floor(k / n), n)
    assert not _is_stacked(k, modulo(k, n), floor(k / m), n)
    assert not _is_stacked(k, floor(k / n), modulo(k, n), n)
    assert not _is_stacked(k, modulo(k, n), floor(k / n), m)
