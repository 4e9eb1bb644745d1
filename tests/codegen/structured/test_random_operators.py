"""Second derivatives of random expressions as operators: the entries, products with them and the diagonal are those of the dense array."""

import numpy as np
import pytest
from sympy import MatrixSymbol

import sympy_matcalc as mc
from sympy_matcalc.testing import random_env, random_expression


@pytest.mark.parametrize("seed", range(700, 760))
def test_hessian(seed):
    kind = ("matrix", "square", "column")[seed % 3]
    expr, X, domain = random_expression(seed, depth=2 + seed % 2, kind=kind, shape=())
    env = random_env([expr, X], seed, None, domain)
    hessian = mc.hessian(expr, X)
    matrices = sorted(hessian.atoms(MatrixSymbol), key=str)
    shown = {d for M in matrices for d in M.shape}
    args = [*matrices, *sorted((s for s in hessian.free_symbols if s in env and s not in shown and s not in matrices), key=str)]
    values = [env[a] for a in args]
    dense = np.asarray(mc.lambdify(args, hessian)(*values), dtype=float)
    operator = mc.lambdify(args, hessian, structured=True)(*values)
    if not hasattr(operator, "todense"):
        np.testing.assert_allclose(operator, dense)
        return
    rows = int(np.prod(np.shape(env[X])))
    dense = dense.reshape(rows, rows)
    scale = dict(rtol=1e-8, atol=1e-9 * (1 + np.abs(dense).max()))
    v = np.random.default_rng(seed).standard_normal(rows)
    np.testing.assert_allclose(np.reshape(operator.todense(), (rows, rows)), dense, **scale)
    np.testing.assert_allclose(np.ravel(operator @ v.reshape(-1)), dense @ v, **scale)
    np.testing.assert_allclose(np.ravel(operator.T @ v.reshape(-1)), dense.T @ v, **scale)
    np.testing.assert_allclose(np.ravel(operator.diagonal()), np.diag(dense), **scale)
