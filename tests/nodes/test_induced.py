"""Induced norms, and the logarithm of a determinant: derivatives and forms."""

import pytest
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

m, n = symbols("m n", integer=True, positive=True)
X, S, x = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n), MatrixSymbol("x", n, 1)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    "expr, variable, domain",
    [
        (mc.OneNorm(X), X, {X: "distinct_abs"}),
        (mc.OneNorm(X * S) ** 2, S, {X: "distinct_abs"}),
        (mc.InfinityNorm(X.T * X) ** 2, X, {X: "distinct_abs"}),
        (mc.OneNorm(x), x, {x: "distinct_abs"}),
        (mc.InfinityNorm(x) ** 2, x, {x: "distinct_abs"}),
        (mc.LogAbsDeterminant(S), S, {S: "negdet"}),
        (mc.LogAbsDeterminant(S.T * S), S, {S: "invertible"}),
    ],
    ids=str,
)
def test_derivatives(expr, variable, domain, order):
    check_rule(expr, variable, domain, order=order)


def test_the_logarithm_is_of_one_decomposition():
    assert mc.gradient(mc.LogAbsDeterminant(S), S) == S.T.I
    assert "slogdet" in mc.lambdify([S], mc.LogAbsDeterminant(S)).source
