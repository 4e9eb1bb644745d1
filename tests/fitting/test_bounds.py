"""Bounds of a problem's variables: what their assumptions say."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sympy import MatrixSymbol, Symbol, log, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
x, mu = MatrixSymbol("x", n, 1), MatrixSymbol("mu", n, 1)
variance, weight, shift, free = (
    Symbol("v", positive=True),
    Symbol("w", nonnegative=True),
    Symbol("s", negative=True),
    Symbol("t", real=True),
)


def test_bounds_are_the_assumptions_of_the_symbols():
    f = mc.Norm(x - mu) ** 2 * variance * weight + shift + free
    problem = mc.objective(f, [mu, variance, weight, shift, free], data={x: np.ones(2)})
    eps = np.finfo(float).eps
    assert problem.bounds == [(None, None), (None, None), (eps, None), (0.0, None), (None, -eps), (None, None)]


def test_a_solver_stays_above_zero():
    problem = mc.objective(3 * log(variance) / 2 + mc.Norm(x) ** 2 / (2 * variance), variance, data={x: np.array([0.1, 0.2, 0.3])})
    found = minimize(problem.fun, problem.flatten(5.0), jac=problem.jac, bounds=problem.bounds)
    assert found.x == pytest.approx([0.14 / 3], rel=1e-4)


def test_without_the_length_there_are_no_bounds():
    with pytest.raises(mc.ShapeError, match="call `flatten` first"):
        _ = mc.objective(mc.Norm(mu), mu).bounds
