"""Triangles of a 1 x 1 matrix by an offset that has no sign."""

import pytest
from sympy import Identity, Integer, MatrixSymbol, Symbol, Trace, ZeroMatrix

import sympy_matcalc as mc

k, X = Symbol("k", integer=True), MatrixSymbol("X", 1, 1)


@pytest.mark.parametrize("triangle, inside", [(mc.UpperTriangle, (-1, 0)), (mc.LowerTriangle, (0, 1))], ids=str)
def test_one_entry_is_in_a_triangle_or_not(triangle, inside):
    found = mc.gradient(Trace(triangle(X, k)) ** 2, X)
    for offset in (-1, 0, 1):
        here = mc.simplify(found.xreplace({k: Integer(offset)}).doit())
        assert here == (2 * X if offset in inside else ZeroMatrix(1, 1)) or here == 2 * X[0, 0] * Identity(1) and offset in inside
