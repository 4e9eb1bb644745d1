"""Derivatives of nodes of 1 x 1 matrices, which are scalars inside: against differences of what was typed."""

import pytest

from sympy_matcalc.testing import check_rule

from ..codegen.literal_sizes import ONE_BY_ONE, a, b

DOMAIN = {"a": "positive", "b": "spd"}
CASES = [(e, s) for e, _ in ONE_BY_ONE for s in (a, b) if e.has(s)]


@pytest.mark.parametrize("e, variable", CASES, ids=str)
def test_derivatives(e, variable):
    check_rule(e, variable, DOMAIN, trials=1)
