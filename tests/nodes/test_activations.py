"""Functions of every entry with parameters: what they refuse."""

import pytest
from sympy import MatrixSymbol, Rational, Symbol, oo, symbols

import sympy_matcalc as mc

t, a = Symbol("t", real=True), Symbol("a", positive=True)


@pytest.mark.parametrize("low, high", [(2, Rational(1, 2)), (a, -a), (oo, 1)])
def test_an_empty_interval_is_refused(low, high):
    """NumPy's clip gives the upper end everywhere, without a word."""
    with pytest.raises(mc.ArgumentError, match="not above the upper one"):
        mc.Clip(t, low, high)


def test_ends_that_may_be_in_order_are_taken():
    assert mc.Clip(t, -a, a).args == (t, -a, a) and mc.Clip(3, 1, 1) == 1


def test_functions_of_the_one_entry_of_a_product_are_summed():
    """With one row of data `X*w` is 1 x 1, and a function of it a number."""
    n = symbols("n", integer=True, positive=True)
    X, w, y = MatrixSymbol("X", 1, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", 1, 1)
    loss = mc.ElementSum(mc.Softplus(X * w)) - mc.dot(y, X * w)
    assert str(mc.gradient(loss, w)) == "(sigmoid((X*w)[0, 0]) - y[0, 0])*X.T" and mc.check(loss, w).ok
    assert mc.check(mc.Norm(mc.Sigmoid(X * w)) ** 2 + mc.Mean(mc.Sigmoid(X * w)), w).ok
    with pytest.raises(mc.ShapeError, match="needs a matrix"):
        mc.ElementSum(mc.Softplus(symbols("t")))
