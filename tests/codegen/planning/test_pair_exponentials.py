"""Exponentials of sums of a column and a row: where they are looked for, values and derivatives of paired comparisons."""

import numpy as np
import pytest
from sympy import MatrixSymbol, OneMatrix, Sum, exp, log, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
A, u, v, N = MatrixSymbol("A", m, n), MatrixSymbol("u", m, 1), MatrixSymbol("v", n, 1), MatrixSymbol("N", m, n)
PAIRS = u * OneMatrix(1, n) - OneMatrix(m, 1) * v.T
RASCH = Sum(N[i, j] * log(1 + exp(u[i, 0] - v[j, 0])), (i, 0, m - 1), (j, 0, n - 1))
RNG = np.random.default_rng(0)


def logistic(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(
    ("expr", "name"),
    [
        (PAIRS.applyfunc(exp), "_exp_of_sum"),
        (PAIRS.applyfunc(lambda x: 1 / (1 + exp(-x))), "_expit_of_sum"),
        (mc.gradient(RASCH, u), "_expit_of_sum"),
        (mc.hessian(RASCH, u), "_expit_slope_of_sum"),
        ((A + PAIRS).applyfunc(exp), None),
        ((u + u.applyfunc(exp)).applyfunc(exp), None),
    ],
)
def test_where_they_are_looked_for(expr, name):
    args = sorted(expr.atoms(MatrixSymbol), key=str)
    source = mc.lambdify(args, expr).source
    assert "_of_sum" not in source if name is None else f"{name}(" in source
    assert "_of_sum" not in mc.lambdify(args, expr, modules="jax").source


@pytest.mark.parametrize("spread", [1, 30, 300, 3000])
@pytest.mark.parametrize("sizes", [(4, 3), (70, 50)])
def test_paired_comparisons(spread, sizes):
    a, b, counts = spread * RNG.standard_normal(sizes[0]), spread * RNG.standard_normal(sizes[1]), RNG.random(sizes)
    with np.errstate(over="ignore"):
        p = logistic(a[:, None] - b)
        q = logistic(b - a[:, None])
    args = [u, v, N]
    np.testing.assert_allclose(mc.lambdify(args, mc.gradient(RASCH, u))(a, b, counts), (counts * p).sum(1), rtol=1e-12)
    np.testing.assert_allclose(mc.lambdify(args, mc.gradient(RASCH, v))(a, b, counts), -(counts * p).sum(0), rtol=1e-12)
    hessian = mc.lambdify(args, mc.hessian(RASCH, u))(a, b, counts)
    np.testing.assert_allclose(hessian, np.diag((counts * p * q).sum(1)), rtol=1e-12, atol=1e-300)
