"""Sums of products that are made anyway: once, in either order of use, along any axes; others are left."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, MatrixSymbol, Trace, exp, symbols, tanh
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
A, B = MatrixSymbol("A", m, n), MatrixSymbol("B", m, n)
rng = np.random.default_rng(0)
a, b = rng.standard_normal((2, 4, 3))
h = np.tanh(a * b)
F, C = HadamardProduct(A, B), HadamardProduct(A, B).applyfunc(tanh)
ROWS, COLUMNS = DiagMatrix(DiagonalOf(A * B.T).applyfunc(exp)), DiagMatrix(DiagonalOf(A.T * B).applyfunc(exp))


@pytest.mark.parametrize(
    ("e", "right", "count"),
    [
        (ROWS * C, lambda: np.exp((a * b).sum(1))[:, None] * h, 1),
        (C * COLUMNS, lambda: np.exp((a * b).sum(0)) * h, 1),
        (3 * DiagMatrix(DiagonalOf(B * A.T).applyfunc(exp)) * C, lambda: 3 * np.exp((a * b).sum(1))[:, None] * h, 1),
        (Trace(A.T * B) * C, lambda: (a * b).sum() * h, 1),
        (ROWS * A, lambda: np.exp((a * b).sum(1))[:, None] * a, 0),
        (ROWS * HadamardProduct(A, A).applyfunc(tanh), lambda: np.exp((a * b).sum(1))[:, None] * np.tanh(a * a), 0),
    ],
    ids=["rows", "columns", "turned", "all entries", "no use", "another product"],
)
def test_it_is_made_once(e, right, count):
    f = mc.lambdify([A, B], e)
    body = f.source.split("def compute")[1]
    assert body.count("A * B") + body.count("B * A") == count
    assert (".sum(" in body or "_sums(" in body) == bool(count)
    np.testing.assert_allclose(f(a, b), right(), rtol=1e-12)


def test_several_results_in_any_order():
    for results in ([DiagonalOf(A * B.T), C], [C, DiagonalOf(A * B.T)]):
        found = dict(zip(map(str, results), mc.lambdify([A, B], results)(a, b), strict=True))
        np.testing.assert_allclose(found[str(C)], h)
        np.testing.assert_allclose(np.squeeze(found[str(DiagonalOf(A * B.T))]), (a * b).sum(1), rtol=1e-12)
