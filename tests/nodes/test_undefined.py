"""Undefined functions: f' in print, and the derivative of what is put in their place."""

import pickle

import numpy as np
import pytest
from sympy import Derivative, Function, MatrixSymbol, OneMatrix, S, Sum, Symbol, cos, exp, sin, symbols
from sympy.core.function import Subs

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env

m, n = symbols("m n", integer=True, positive=True)
A, w, x = MatrixSymbol("A", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("x", n, 1)
t = Symbol("t", real=True)
i = Symbol("i", integer=True)
f, g = Function("f"), Function("g")
wx = (w.T * x)[0, 0]
total = OneMatrix(1, m) * (A * x).applyfunc(f)

TEXTS = [
    (mc.gradient(f(wx), w), "f'((w.T*x)[0, 0])*x"),
    (mc.hessian(f(wx), w), "f''((w.T*x)[0, 0])*x*x.T"),
    (mc.gradient(total, x), "A.T*apply(u -> f'(u), A*x)"),
    (mc.gradient(f(g(wx)), w), "f'(g((w.T*x)[0, 0]))*g'((w.T*x)[0, 0])*x"),
    (mc.diff(mc.gradient(f(wx, t), w), t), "f^(1,1)((w.T*x)[0, 0], t)*x"),
]


@pytest.mark.parametrize("found, text", TEXTS, ids=[text for _, text in TEXTS])
def test_printed_with_primes(found, text):
    assert str(found) == text
    assert not found.has(Subs)
    assert pickle.loads(pickle.dumps(found)) == found


def test_latex():
    assert mc.latex(mc.gradient(f(wx), w)) == r"f'\left(w^{\top} x\right) x"
    assert mc.latex(mc.gradient(total, x)) == r"A^{\top} f'\left(A x\right)"


GIVEN = [(f(wx), w, sin), (f(wx**2 + 1), w, cos), (total, x, sin), ((A * x).applyfunc(f).T * (A * x).applyfunc(f), x, exp)]


@pytest.mark.parametrize("expr, variable, function", GIVEN, ids=[str(row[0]) for row in GIVEN])
def test_given_a_function_it_is_the_derivative_of_that(expr, variable, function):
    """Of first and second order, in value and in numeric code, with and without doit."""
    for derivative in (mc.gradient, mc.hessian):
        found = derivative(expr, variable).replace(f, function)
        truth = derivative(expr.replace(f, function), variable)
        env = random_env([truth], 1, {m: 3, n: 2}, {})
        np.testing.assert_allclose(evaluate(found, env), evaluate(truth, env), rtol=1e-12)
        args = [a for a in (A, w, x) if a in truth.free_symbols]
        code = mc.lambdify(args, found.doit())
        np.testing.assert_allclose(code(*(env[a] for a in args)), evaluate(truth, env), rtol=1e-9)


SYMPYS = [  # (what has SymPy's derivative in it, variable, the derivative)
    (Sum(f(t * x[i, 0]), (i, 0, n - 1)).diff(t), x, "apply(u -> f'(u), t*x) + t*HadamardProduct(x, apply(u -> f''(u), t*x))"),
    (Sum(w[i, 0] * Subs(Derivative(f(t), t), t, x[i, 0]), (i, 0, n - 1)), w, "apply(u -> f'(u), x)"),
    (Subs(Derivative(f(t), t), t, wx) * wx, w, "(f'((w.T*x)[0, 0]) + f''((w.T*x)[0, 0])*(w.T*x)[0, 0])*x"),
]


@pytest.mark.parametrize("expr, variable, text", SYMPYS, ids=[text for *_, text in SYMPYS])
def test_sympys_derivatives_of_what_was_given_print_with_primes_too(expr, variable, text):
    found = mc.gradient(expr, variable)
    assert str(found) == text
    truth = mc.gradient(expr.replace(f, sin).doit(), variable)
    env = random_env([truth], 1, {n: 3}, {})
    np.testing.assert_allclose(evaluate(found.replace(f, sin).doit(), env), evaluate(truth, env), rtol=1e-12)


def test_by_a_plain_symbol_it_is_sympys_derivative():
    assert mc.diff(f(t) * wx, t).has(f(t).diff(t))
    assert mc.gradient(f(w[0, 0]), w).has(f(w[0, 0]).diff(w[0, 0]))


def test_several_arguments():
    product = Function("product")
    found = mc.gradient(product(wx, t), w)
    assert found.replace(product, lambda a, b: a**2 * b) == mc.gradient(wx**2 * t, w)
    assert found.free_symbols >= {w, x, t} and found.subs(t, S(2)).has(S(2))


def test_numeric_code_names_the_function_that_is_not_given():
    with pytest.raises(mc.MatcalcError, match="`f`"):
        mc.lambdify([w, x], mc.gradient(f(wx), w))
