"""The verdict on a derivative, whatever the size of its entries."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Rational, Trace

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.check import compare

X, x = MatrixSymbol("X", 3, 3), MatrixSymbol("x", 3, 1)


@pytest.mark.parametrize("factor", [Rational(1, 10**30), Rational(1, 10**9), 1, 10**9])
def test_a_wrong_derivative_is_wrong_at_any_scale(factor):
    expr = factor * Trace(X * X)
    assert mc.check(expr, X).ok
    for wrong in (0, 1.99, 2.01, -2):
        with pytest.raises(mc.CheckError):
            mc.check(expr, X, derivative=factor * wrong * X.T)


def test_zero_is_right_where_the_primal_is_a_rounding_error():
    skew = X - X.T
    assert mc.check((x.T * skew * x)[0, 0], x, derivative=0 * x).ok


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_not_right(value):
    one, small = np.ones(2), np.full(2, 1e-12)
    assert compare(np.array([1, value]), one, small, 1e-6) == "wrong"
    assert compare(one, np.array([1, value]), small, 1e-6) == "unreliable"
    assert compare(one, one, np.array([1, value]), 1e-6) == "unreliable"


def test_indices_and_exponents_that_are_none():
    with pytest.raises(ValueError, match="an integer was needed"):
        evaluate(mc.Eigenvalue(X, MatrixSymbol("k", 1, 1)[0, 0]), {X: np.eye(3), "k": [[np.nan]]})
