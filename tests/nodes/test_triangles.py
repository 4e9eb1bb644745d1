"""Triangles of a matrix: forms of derivatives, nesting, and code."""

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc import LowerTriangle, UpperTriangle

n, k = symbols("n k", integer=True, positive=True)
A, S, x = MatrixSymbol("A", n, n), MatrixSymbol("S", n, n), MatrixSymbol("x", n, 1)


@pytest.mark.parametrize(
    "expr, variable, expected",
    [
        (Trace(A.T * UpperTriangle(S)), S, UpperTriangle(A)),
        (Trace(A * UpperTriangle(S, 1)), S, LowerTriangle(A, -1).T),
        (Trace(LowerTriangle(S) * LowerTriangle(S).T), S, 2 * LowerTriangle(S)),
        (mc.Norm(LowerTriangle(S) * x) ** 2 / 2, S, LowerTriangle(LowerTriangle(S) * x * x.T)),
        (Trace(A.T * UpperTriangle(UpperTriangle(S, 1), -1)), S, UpperTriangle(A, 1)),
        (Trace(UpperTriangle(Identity(n)) * S), S, Identity(n)),
        (Trace(UpperTriangle(Identity(n), k) * S), S, 0 * Identity(n)),
    ],
)
def test_gradients(expr, variable, expected):
    assert mc.gradient(expr, variable) == mc.simplify(expected)


def test_code_is_that_of_the_library():
    assert "np.triu(S, 1)" in mc.lambdify([S], UpperTriangle(S, 1)).source
    value = mc.lambdify([S, k], UpperTriangle(S, k))(np.arange(9.0).reshape(3, 3), 2)
    np.testing.assert_array_equal(value, [[0, 0, 2], [0, 0, 0], [0, 0, 0]])
