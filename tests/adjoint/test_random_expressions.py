"""Derivatives of random expressions against differences."""

import pytest

from sympy_matcalc.testing import check_rule, random_expression


@pytest.mark.parametrize("seed", range(200, 260))
def test_jacobian(seed):
    expr, X, domain = random_expression(seed, depth=3)
    check_rule(expr, X, domain, trials=1, seed=seed)
