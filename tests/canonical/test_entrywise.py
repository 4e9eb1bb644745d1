"""Functions of the entries of a 1 x 1 matrix are those of a scalar."""

from sympy import HadamardPower, HadamardProduct, MatrixSymbol, symbols, tanh
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
x, a = MatrixSymbol("x", n, 1), MatrixSymbol("a", n, 1)
SQUARE = (x.T * x)[0, 0]


def test_functions_and_powers_of_a_scalar_product():
    of_entry = ElementwiseApplyFunction(tanh, x.T * x)
    assert of_entry.shape == (1, 1)
    assert mc.gradient(of_entry, x) == mc.gradient(tanh(SQUARE), x) and mc.gradient(of_entry, x).has(tanh)
    assert mc.gradient(HadamardPower(x.T * x, 3), x) == mc.gradient(SQUARE**3, x)
    product = HadamardProduct(x.T * x, a.T * x, evaluate=False)
    assert mc.gradient(product, x) == mc.gradient(SQUARE * (a.T * x)[0, 0], x)
