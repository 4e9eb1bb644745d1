"""Random expressions have the value of their canonical form, which is its own canonical form."""

import numpy as np
import pytest

from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.kernel.session import session
from sympy_matcalc.testing import evaluate, random_env, random_expression


@pytest.mark.parametrize("book", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_value(seed, book):
    expr, X, domain = random_expression(seed, depth=3, book=book)
    with session():
        form = prepare_whole(expr)
        assert prepare_whole(form) == form
    env = random_env([expr, X], seed, None, domain)
    expected = np.squeeze(evaluate(expr, env))
    np.testing.assert_allclose(np.squeeze(evaluate(form, env)), expected, rtol=1e-7, atol=1e-9 * (1 + np.abs(expected).max()))
