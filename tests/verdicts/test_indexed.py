"""Verdicts on formulas in index notation."""

import pytest
from sympy import IndexedBase, MatrixSymbol, Q, Sum, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)
A, x = IndexedBase("A", shape=(n, n)), IndexedBase("x", shape=(n,))
quadratic = Sum(A[i, j] * x[i] * x[j], (i, 0, n - 1), (j, 0, n - 1))
AM, xM, XM = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("X", n, n)

BY_AN_ENTRY = [
    (Sum((A[k, j] + A[j, k]) * x[j], (j, 0, n - 1)), "right", {}),
    (Sum(2 * A[k, j] * x[j], (j, 0, n - 1)), "right if", {"condition": Q.symmetric(AM)}),
    (Sum(A[k, j] * x[j], (j, 0, n - 1)), "missing term", {"difference": AM.T * xM}),
    (-Sum((A[k, j] + A[j, k]) * x[j], (j, 0, n - 1)), "sign", {}),
    (x[k], "wrong", {}),
]


@pytest.mark.parametrize("mine,kind,says", BY_AN_ENTRY)
def test_by_an_entry(mine, kind, says):
    v = mc.verdict(mine, quadratic, x[k])
    assert v.kind == kind, str(v)
    assert {name: getattr(v, name) for name in says} == says


def test_a_jacobian_by_entries_has_the_indices_of_the_expression_first():
    F = Sum(A[i, j] * x[j], (j, 0, n - 1))
    assert mc.verdict(A[i, k], F, x[k], indices=(i, k)).kind == "right"
    assert mc.verdict(A[k, i], F, x[k], indices=(i, k)).kind == "transposed"
    with pytest.raises(mc.ArgumentError, match="axes of the expression"):
        mc.verdict(A[i, k], F, x[k], indices=(k, i))


def test_entries_of_matrix_symbols():
    f = (xM.T * AM * xM)[0, 0]
    mine = Sum(2 * AM[i, j] * xM[j, 0], (j, 0, n - 1))
    assert mc.verdict(mine, f, xM, indices=i).kind == "right if"
    assert mc.verdict(AM[k, l], (xM.T * XM * AM.T * xM)[0, 0], XM, indices=(k, l)).kind == "wrong"


def test_of_a_whole_base():
    assert mc.verdict(Sum((A[k, j] + A[j, k]) * x[j], (j, 0, n - 1)), quadratic, x, indices=k).kind == "right"
    assert mc.verdict(2 * AM * xM, quadratic, x).kind == "right if"
