"""Functions of every entry with parameters: what they refuse."""

import pytest
from sympy import Rational, Symbol, oo

import sympy_matcalc as mc

t, a = Symbol("t", real=True), Symbol("a", positive=True)


@pytest.mark.parametrize("low, high", [(2, Rational(1, 2)), (a, -a), (oo, 1)])
def test_an_empty_interval_is_refused(low, high):
    """NumPy's clip gives the upper end everywhere, without a word."""
    with pytest.raises(mc.ArgumentError, match="not above the upper one"):
        mc.Clip(t, low, high)


def test_ends_that_may_be_in_order_are_taken():
    assert mc.Clip(t, -a, a).args == (t, -a, a) and mc.Clip(3, 1, 1) == 1
