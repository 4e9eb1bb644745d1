"""A factor that stands twice in a product is two factors: what a pass takes away, it takes once."""

import numpy as np
import pytest
from sympy import HadamardPower, HadamardProduct, Lambda, MatMul, MatrixSymbol, Mul, Symbol, Trace, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.node import without
from sympy_matcalc.codegen.steady.exponential_sums import _power
from sympy_matcalc.testing import evaluate

m = symbols("m", integer=True, positive=True)
c, u = Symbol("c", positive=True), Symbol("u", real=True)
a, b, A = MatrixSymbol("a", m, 1), MatrixSymbol("b", m, 1), MatrixSymbol("A", m, m)
VALUES = {a: np.array([[0.7], [1.3]]), b: np.array([[0.9], [0.4]]), A: np.array([[2.0, 0.3], [0.4, 1.5]]), c: 1.3}


def squared_logistic(x):
    return x.applyfunc(Lambda(u, mc.Sigmoid(u) ** 2))


def logistic(x):
    return x.applyfunc(Lambda(u, mc.Sigmoid(u)))


s, q = Trace(A), mc.dot(a, a)
DIFFERENCE = squared_logistic(a) - squared_logistic(b)
TWICE = {
    "scalars": Mul(s, s, 1 / q**3, evaluate=False),
    "scalars of a matrix": MatMul(2 * s, MatMul(4 * s / mc.Norm(a) ** 6, a, a.T)),
    "scalars of a vector": MatMul(2 * s, MatMul(4 * s / q**3, a)),
    "scalars of a trace": Trace(MatMul(s, A, MatMul(s / q**3, A))),
    "exponentials": Mul(exp(c), exp(c), 1 / (1 + exp(c)) ** 2, evaluate=False),
    "chords": HadamardProduct(DIFFERENCE, DIFFERENCE, HadamardPower(logistic(a) - logistic(b), -1), evaluate=False),
}


@pytest.mark.parametrize("name", TWICE)
def test_code_has_both(name):
    right = np.asarray(evaluate(TWICE[name], {**VALUES, m: 2}))
    found = mc.lambdify(list(VALUES), TWICE[name])(*VALUES.values())
    np.testing.assert_allclose(np.reshape(found, right.shape), right, rtol=1e-12)


def test_without_takes_one_of_equal_nodes():
    g = Graph()
    x, y = g.make("arg", (), (a,)), g.make("arg", (), (b,))
    assert without((x, y, x), x) == [y, x]
    assert without((x, y, x), x, x) == [y]


def test_exponents_keep_the_second_softplus():
    g = Graph()
    x = g.make("sym", (), (c,))
    f = g.call("softplus", x)
    assert _power(g.call("exp", g.mul(f, f))) == ("softplus", x, [f])
