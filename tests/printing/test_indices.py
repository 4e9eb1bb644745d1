"""LaTeX of index notation: what a physicist writes."""

import pytest
from sympy import Idx, IndexedBase, KroneckerDelta, MatrixSymbol, Sum, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)  # noqa: E741
A, x = IndexedBase("A"), IndexedBase("x")
S, v = MatrixSymbol("S", n, n), MatrixSymbol("v", n, 1)
CASES = {
    "a product": (Sum(A[i, j] * x[j], (j, 0, n - 1)), r"\sum_{j=0}^{n - 1} A_{ij} x_{j}"),
    "a delta": (KroneckerDelta(i, k) * x[l], r"\delta_{ik} x_{l}"),
    "a square": (x[i] ** 2, "x_{i}^{2}"),
    "numbers": (A[0, 10], "A_{0,10}"),
    "a shifted index": (x[i + 1], "x_{i + 1}"),
    "an Idx": (A[Idx(i, n), Idx(j, n)], "A_{ij}"),
    "a base with an index": (IndexedBase("A_1")[i, j], r"\left(A_{1}\right)_{ij}"),
    "an inverse": (mc.to_index_notation(S.I * v, i), r"\sum_{j=0}^{n - 1} v_{j} \cdot \left(S^{-1}\right)_{ij}"),
    "a product of entries": (mc.to_index_notation(S * S * v, i), r"\sum_{j=0}^{n - 1} \sum_{k=0}^{n - 1} S_{ik} S_{kj} v_{j}"),
}


@pytest.mark.parametrize("e, tex", CASES.values(), ids=CASES)
def test_latex(e, tex):
    assert mc.latex(e) == tex
