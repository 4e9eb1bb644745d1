"""The Jacobian of a function of the entries."""

from sympy import Lambda, MatrixSymbol, Symbol, cos, sin, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardProduct

import sympy_matcalc as mc

from ..comparator import same_expression

n = symbols("n", integer=True, positive=True)
x, y, u = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), Symbol("u")


def test_a_function_of_a_power_has_one_slope():
    for f in (x.applyfunc(Lambda(u, sin(u**2))), HadamardProduct(x, x).applyfunc(sin)):
        assert same_expression(mc.jacobian(f, x), DiagMatrix(x.applyfunc(Lambda(u, 2 * u * cos(u**2)))))


def test_products_with_other_vectors_stay():
    assert same_expression(mc.jacobian(HadamardProduct(y, x.applyfunc(sin)), x), DiagMatrix(HadamardProduct(y, x.applyfunc(cos))))
    book = 2 * DiagMatrix(HadamardProduct(x, y, HadamardProduct(x, x).applyfunc(cos)))
    assert same_expression(mc.jacobian(HadamardProduct(y, HadamardProduct(x, x).applyfunc(sin)), x), book)
