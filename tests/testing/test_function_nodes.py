"""Functions of a matrix in the evaluator."""

import builtins

import numpy as np
import pytest
from sympy import Function, Lambda, MatrixSymbol, Symbol, Trace, exp, pi

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.function_nodes import with_numbers_named

u, t = Symbol("u"), Symbol("t", real=True)
X = MatrixSymbol("X", 2, 2)


def test_parameters_of_a_function_have_values():
    assert mc.check(Trace(mc.MatrixFunction(Lambda(u, exp(t * u) + pi * u**2 + t / 3), X)), X).ok


def test_what_does_not_depend_on_the_variable_is_a_number_of_ours():
    body, numbers = with_numbers_named(Lambda(u, exp(t * u) + t * u + pi + 2))
    assert {s.name for s in body.free_symbols} == {"u", "number_0", "number_1"} and set(numbers) == {t, pi}


@pytest.mark.parametrize("name", ["f", "setattr(__import__('builtins'), 'ran_here', 1) or abs", "f) + ("])
def test_the_name_of_a_function_is_not_run(name):
    F, E = Function(name), MatrixSymbol("E", 2, 2)
    node = mc.FrechetDerivative(Lambda(u, exp(F(t) * u)), X, E)
    env = {X: np.diag([0.5, 1.0]), E: np.eye(2), t: 0.0, F: lambda _: 3.0}
    assert np.allclose(evaluate(node, env), np.diag(3 * np.exp([1.5, 3.0])))
    assert not hasattr(builtins, "ran_here")
