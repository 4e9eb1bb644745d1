"""Nodes as sums of products."""

import numpy as np
from sympy import MatrixSymbol, OneMatrix, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, Y, z = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("z", m, 1)


def test_a_summand_that_is_constant_along_an_axis_is_summed_along_all_of_it():
    """X - (X - z 1') is z as a column, which the sum along the rows has n times, also where that column is an array of its own."""
    r = np.random.default_rng(0)
    x, y, column = r.random((2, 3)), r.random((2, 3)), r.random(2)
    A = X - (X - z * OneMatrix(1, n)) - Y
    a = column[:, None] - y
    for total, expected in ((A * OneMatrix(n, n), a.sum(1, keepdims=True)), (OneMatrix(m, m) * A, a.sum(0))):
        found = mc.lambdify([X, Y, z], {"norm": mc.Norm(A - total / n), "again": A + 2 * total})(x, y, column)
        assert np.isclose(found["norm"], np.linalg.norm(a - expected / 3)) and np.allclose(found["again"], a + 2 * expected)
