"""Sums of diagonal matrices are one, of the sum of the diagonals."""

import pytest
from sympy import DiagMatrix, HadamardPower, HadamardProduct, MatrixSymbol, OneMatrix, Symbol, cos, exp, sin, symbols

import sympy_matcalc as mc

from ..comparator import same_expression

n, m = symbols("n m", integer=True, positive=True)
c = Symbol("c")
A, X = MatrixSymbol("A", n, n), MatrixSymbol("X", m, n)
a, b, x, w = (MatrixSymbol(name, n, 1) for name in "abxw")
y = MatrixSymbol("y", m, 1)
bell = (-HadamardPower(x, 2) / 2).applyfunc(exp)
FORMS = [
    (mc.jacobian(HadamardProduct(a, x) - 2 * HadamardProduct(b, x), x), DiagMatrix(a - 2 * b)),
    (mc.jacobian(HadamardProduct(a, x) + c * HadamardProduct(A * b, x) + A * x, x), A + DiagMatrix(a + c * A * b)),
    (mc.jacobian(HadamardProduct(a, x) + A * x - HadamardProduct(a, x), x), A),
    (mc.hessian(mc.ElementSum(x.applyfunc(sin)) + (a.T * HadamardProduct(b, x.applyfunc(cos)))[0, 0], x), None),
    (mc.hessian(-mc.ElementSum(bell), x), DiagMatrix(HadamardProduct(OneMatrix(n, 1) - HadamardPower(x, 2), bell))),
]


@pytest.mark.parametrize("found, form", FORMS, ids=[str(found) for found, _ in FORMS])
def test_forms(found, form):
    assert sum(part.count("DiagMatrix(") for part in [str(found)]) <= 1
    assert form is None or same_expression(found, form)


def test_weights_of_samples_stand_on_one_diagonal():
    r = X * w - y
    loss = -mc.ElementSum((-HadamardPower(r, 2) / 2).applyfunc(exp))
    weights = (-HadamardPower(r, 2) / 2).applyfunc(exp)
    wanted = X.T * DiagMatrix(HadamardProduct(OneMatrix(m, 1) - HadamardPower(r, 2), weights)) * X
    assert same_expression(mc.hessian(loss, w), wanted)
