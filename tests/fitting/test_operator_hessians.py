"""Objectives with ``structured=True``: the Hessian as an operator, against the dense one."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, Trace, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.errors import ArgumentError
from sympy_matcalc.nodes import ElementSum, LogSumExp

pytest.importorskip("scipy")
from scipy.optimize import minimize  # noqa: E402

from sympy_matcalc.operators import StructuredOperator  # noqa: E402

m, n, k = symbols("m n k", integer=True, positive=True)
X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
W, r, t = MatrixSymbol("W", n, k), MatrixSymbol("r", 1, n), Symbol("t", real=True)
SIZES = {m: 5, n: 3, k: 2}
LOSS = mc.scalar((X * w - y).T * (X * w - y)) + Trace(W.T * W) * exp(t) + mc.scalar(r * W * W.T * w) * t


def values(seed=0):
    rng = np.random.default_rng(seed)
    return {s: rng.standard_normal([SIZES.get(q, 1) for q in s.shape]) for s in (X, w, y, W, r)} | {t: 0.3}


@pytest.mark.parametrize("variables", [[w], [W], [r], [t], [t, r], [w, W, t, r], [W, t], [r, W]])
def test_it_is_the_dense_hessian(variables):
    given = values()
    start = {v: given.pop(v) for v in variables}
    dense, thin = (mc.objective(LOSS, variables, given, structured=s) for s in (False, True))
    x, H = dense.flatten(start), thin.hess(thin.flatten(start))
    assert isinstance(H, StructuredOperator)
    np.testing.assert_allclose(H.todense(), dense.hess(x), rtol=0, atol=1e-12)
    np.testing.assert_allclose(H @ x, dense.hessp(x, x), rtol=0, atol=1e-12)


def test_a_newton_step_where_the_array_would_not_fit():
    B, C = MatrixSymbol("B", n, k), MatrixSymbol("C", k, k)
    problem = mc.objective(Trace(B * C * B.T) / 2 - ElementSum(B), B, {C: np.diag([1.0, 2.0])}, structured=True)
    x = problem.flatten(np.zeros((100_000, 2)))
    step = problem.hess(x).solve(-problem.jac(x))
    np.testing.assert_array_equal(problem.restore(x + step)[:3], [[1, 0.5]] * 3)


@pytest.mark.parametrize("method", ["trust-constr", "Newton-CG", "trust-ncg", "trust-krylov"])
def test_scipy_takes_it(method):
    problem = mc.objective(LogSumExp(X * w) + mc.scalar(w.T * w), w, {X: values()[X]}, structured=True)
    found = minimize(problem.fun, problem.flatten(np.ones(3)), jac=problem.jac, hess=problem.hess, method=method)
    np.testing.assert_allclose(problem.jac(found.x), 0, atol=1e-3)


def test_covariance_is_that_of_the_dense_one():
    given = values()
    x = given.pop(w).ravel()
    dense, thin = (mc.objective(mc.scalar((X * w - y).T * (X * w - y)), w, {X: given[X], y: given[y]}, structured=s) for s in (False, True))
    np.testing.assert_allclose(thin.covariance(x, scale=2), dense.covariance(x, scale=2))


def test_with_structure_it_is_refused():
    S, C = MatrixSymbol("S", n, n), MatrixSymbol("C", n, n)
    with pytest.raises(ArgumentError, match="leave one of them out"):
        mc.objective(Trace(S * C), S, {C: np.eye(2)}, structure={S: "symmetric"}, structured=True)
