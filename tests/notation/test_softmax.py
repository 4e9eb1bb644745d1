"""exp(z)/sum(exp(z)) is the softmax, typed or derived, and nothing that only looks like it is."""

import pytest
from sympy import MatrixSymbol, OneMatrix, exp, hadamard_product, log, symbols
from sympy.matrices.expressions.diagonal import DiagMatrix

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

from ..comparator import same_expression

m, n = symbols("m n", integer=True, positive=True)
W, x, y, z = MatrixSymbol("W", m, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("z", m, 1)
total = lambda v: (OneMatrix(1, v.shape[0]) * v.applyfunc(exp))[0, 0]  # noqa: E731
p, P = mc.Softmax(z), mc.Softmax(W * x)

GRADIENTS = {
    "log of a sum": (log(total(z)), z, p),
    "of an affine map": (log(total(W * x)) - (y.T * W * x)[0, 0], W, (P - y) * x.T),
    "typed": ((y.T * z.applyfunc(exp))[0, 0] / total(z), z, hadamard_product(p, y) - (y.T * p)[0, 0] * p),
    "square of the sum": ((y.T * z.applyfunc(exp))[0, 0] / total(z) ** 2, z, None),
    "another sum": ((y.T * z.applyfunc(exp))[0, 0] / total(y), z, hadamard_product(y, z.applyfunc(exp)) / total(y)),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients(name):
    f, variable, book = GRADIENTS[name]
    found = mc.gradient(f, variable)
    assert book is None or str(found) == str(mc.simplify(book)) or same_expression(found, book), found
    assert found.has(mc.Softmax) == (name != "another sum")
    assert mc.simplify(found) == found or name == "square of the sum"  # of which simplify takes 1/sum(exp(z)) out
    check_rule(f, variable, {}, trials=1)


def test_second_derivatives():
    assert same_expression(mc.hessian(log(total(z)), z), DiagMatrix(p) - p * p.T)
    assert same_expression(mc.jacobian(z.applyfunc(exp) / total(z), z), DiagMatrix(p) - p * p.T)
    assert mc.hessian(log(total(z)), z) == mc.jacobian(p, z)


def test_in_an_entry_of_a_product():
    """The entry that was typed."""
    V, i = MatrixSymbol("V", n, m), symbols("i", integer=True, nonnegative=True)
    for at in (i, 2):
        assert str(mc.simplify((V * z.applyfunc(exp))[at, 0] / total(z))) == f"(V*softmax(z))[{at}, 0]"
