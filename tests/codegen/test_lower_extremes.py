"""Code of greatest and least entries."""

import numpy as np
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)


def test_the_greatest_of_each_row_of_a_column_is_its_one_entry():
    x = MatrixSymbol("x", n, 1)
    assert np.ravel(mc.lambdify([x], mc.RowHardmax(x))(np.array([1.0, -2, 3]))).tolist() == [1, 1, 1]
    assert np.ravel(mc.lambdify([x], mc.RowHardmax(mc.RowMax(x)) + x)(np.array([1.0, -2, 3]))).tolist() == [2, -1, 4]
