"""Parts of an expression that occur many times are looked into once: a net with 14 skip connections is a tree of 2**14 branches."""

import numpy as np
import pytest
from sympy import MatAdd, MatMul, MatrixSymbol, Q, symbols, tanh

import sympy_matcalc as mc

from ..counting import counted

n = symbols("n", integer=True, positive=True)
A, x, b, v = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("b", n, 1), MatrixSymbol("v", n, 1)
VALUES = {A: np.eye(2) / 4, x: [1, 2], b: [1, 1]}


def net(depth):
    h = x
    for _ in range(depth):
        h = MatAdd(MatMul(A, h.applyfunc(tanh), evaluate=False), h, evaluate=False)
    return h


def scalar(depth):
    return MatMul(b.T, net(depth), evaluate=False)


CALLS = {
    "gradient": lambda k: mc.gradient(scalar(k), x),
    "gradient by a weight": lambda k: mc.gradient(scalar(k), A),
    "with facts": lambda k: mc.gradient(scalar(k), A, assumptions=Q.symmetric(A)),
    "with structure": lambda k: mc.gradient(scalar(k), A, structure="symmetric"),
    "diff": lambda k: mc.diff(scalar(k), x),
    "jacobian": lambda k: mc.jacobian(net(k), x),
    "hessian": lambda k: mc.hessian(scalar(k), x),
    "differential": lambda k: mc.differential(scalar(k), x),
    "jvp": lambda k: mc.jvp(net(k), x, v),
    "vjp": lambda k: mc.vjp(net(k), x, v),
    "hvp": lambda k: mc.hvp(scalar(k), x, v),
    "simplify": lambda k: mc.simplify(net(k)),
    "complex": lambda k: mc.complex_derivative(scalar(k), x, by="Z"),
    "check": lambda k: mc.check(scalar(k), x),
    "at": lambda k: mc.at(scalar(k), VALUES),
    "code": lambda k: mc.lambdify([A, x, b], mc.gradient(scalar(k), x)),
    "conditions": lambda k: mc.conditions(net(k)),
}


@pytest.mark.parametrize("name", CALLS)
def test_steps_do_not_double_with_a_layer(name):
    CALLS[name](2)
    steps = [counted(lambda k=k: CALLS[name](k))[1] for k in (7, 14)]
    assert steps[1] < 8 * steps[0], steps  # a walk over the tree takes 128 times as many
