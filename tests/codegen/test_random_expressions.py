"""Random expressions: what the generated code computes is what the evaluator says, of the expression and of its derivative."""

import numpy as np
import pytest
from sympy import MatrixSymbol

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env, random_expression

from .. import fuzz_numeric


@pytest.mark.parametrize("first", range(4000, 4050, 10))
def test_sums_of_products(first):
    """A short run of the fuzzer, other expressions than those of the planner."""
    for seed in range(first, first + 10):
        exprs, found = fuzz_numeric.outcomes(seed, fuzz_numeric.Judge())
        assert not [f for f in found if f.kind in ("wrong", "crash")], f"seed {seed}: {exprs}\n{found[0].message}"


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("seed", range(500, 560))
def test_values(seed, order):
    expr, X, domain = random_expression(seed, depth=3, book=order == 0)
    env = random_env([expr, X], seed, None, domain)
    result = mc.jacobian(expr, X) if order else expr
    matrices = sorted(result.atoms(MatrixSymbol), key=str)
    shown = {d for M in matrices for d in M.shape}
    args = [*matrices, *sorted((s for s in result.free_symbols if s in env and s not in shown and s not in matrices), key=str)]
    expected = np.squeeze(evaluate(result, env))
    got = np.squeeze(mc.lambdify(args, result)(*(env[a] for a in args)))
    np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-8 * (1 + np.abs(expected).max()))
