"""Sums over entries: an expression and its entry [0, 0], which SymPy writes as a Sum, have one derivative."""

import pytest
from sympy import MatrixSymbol, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
W = MatrixSymbol("W", m, n)
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)
ONE_BY_ONE = {"log of a softmax": (-y.T * mc.Softmax(W * x).applyfunc(log), W)}


@pytest.mark.parametrize("f, variable", ONE_BY_ONE.values(), ids=ONE_BY_ONE)
def test_the_entry_has_the_derivative_of_the_matrix(f, variable):
    found = mc.gradient(f, variable)
    assert str(mc.gradient(f[0, 0], variable)) == str(found) == str(mc.gradient(f.T[0, 0], variable))


def test_log_of_a_softmax():
    assert str(mc.gradient(ONE_BY_ONE["log of a softmax"][0][0, 0], W)) == "(ElementSum(y)*Softmax(W*x) - y)*x.T"
