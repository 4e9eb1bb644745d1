"""Rows by a list of their numbers: forms, code and refusals."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, x, c = MatrixSymbol("X", m, n), MatrixSymbol("x", m, 1), MatrixSymbol("c", 3, 1)


def test_forms():
    assert mc.gradient(c.T * mc.Gather(x, [2, 0, 0]), x) == mc.Scatter(c, (2, 0, 0), m)
    assert mc.gradient(mc.Norm(mc.Gather(x, [2, 0])) ** 2, x) == 2 * mc.Scatter(mc.Gather(x, [2, 0]), [2, 0], m)
    assert mc.jacobian(mc.Gather(x, [2, 0]), x) == mc.Gather(mc.jacobian(x, x), [2, 0])


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
def test_code_checks_the_range(library):
    pytest.importorskip(library)
    gradient = mc.gradient(mc.ElementSum(mc.Gather(X, [2, 0, 2])), X)
    compute = mc.lambdify([X], [mc.Gather(X, [2, 0, 2]), gradient], modules=library)
    value = np.arange(6.0).reshape(3, 2)
    rows, slope = map(np.asarray, compute(value))
    np.testing.assert_array_equal(rows, value[[2, 0, 2]])
    np.testing.assert_array_equal(slope, [[1, 1], [0, 0], [2, 2]])
    with pytest.raises(IndexError):
        compute(np.ones((2, 2)))


@pytest.mark.parametrize("rows", [[], [3], [-1], ["0"], [1.0], [True], [Symbol("i", integer=True)], 2, "01"])
def test_refusals(rows):
    with pytest.raises(mc.IndexRangeError, match="Gather"):
        mc.Gather(MatrixSymbol("Y", 3, 2), rows)
    with pytest.raises(mc.IndexRangeError, match="Scatter"):
        mc.Scatter(MatrixSymbol("Y", 1, 2), rows, 3)
