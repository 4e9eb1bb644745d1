"""What an operator shows in a session: its structure as a formula, its shapes, and what it is made of."""

from html import escape

import numpy as np
import pytest

from sympy_matcalc.operators import (
    BlockDiagonalOperator,
    BlockOperator,
    DenseOperator,
    DiagonalOperator,
    DiagonalPlusLowRankOperator,
    Eye,
    GramOperator,
    InverseOperator,
    KroneckerOperator,
    TensorOperator,
    TransposedOperator,
)

DIAGONAL, KRONECKER = DiagonalOperator(np.ones(4)), KroneckerOperator(Eye(2), np.ones((2, 2)))
SHOWN = [
    (DIAGONAL, "diag(d)", "4 x 4, float64", None, "d (4)"),
    (KRONECKER, "I(2) (x) B", "4 x 4, float64", "2 x 2 <- 2 x 2", "B (2 x 2)"),
    (DiagonalPlusLowRankOperator(np.ones(3), np.ones((3, 2)), np.eye(2)), "diag(d) + U C V'", "3 x 3, float64", None,
     "d (3), U (3 x 2), C (2 x 2), V (3 x 2)"),
    (DiagonalPlusLowRankOperator(np.ones(3), np.ones((3, 2))), "diag(d) + U V'", "3 x 3, float64", None, "d (3), U (3 x 2), V (3 x 2)"),
    (GramOperator(np.ones((5, 3)), np.ones(5), 2.0), "X' diag(d) X + diag(e)", "3 x 3, float64", None, "X (5 x 3), d (5), e (3)"),
    (GramOperator(np.ones((5, 3))), "X' X", "3 x 3, float64", None, "X (5 x 3)"),
    (BlockDiagonalOperator(np.ones((3, 2, 4))), "sum_i E_ii (x) blocks[i]", "6 x 12, float64", "3 x 2 <- 3 x 4", "blocks (3 x 2 x 4)"),
    (BlockOperator([[DIAGONAL, None], [None, KRONECKER]]), "diag(d), 0; 0, I(2) (x) B", "8 x 8, float64", None, "d (4), B (2 x 2)"),
    (DenseOperator(np.ones((2, 3))), "matrix", "2 x 3, float64", None, "matrix (2 x 3)"),
    (KRONECKER + GramOperator(np.ones((5, 4))), "I(2) (x) B + X' X", "4 x 4, float64", "2 x 2 <- 2 x 2", "B (2 x 2), X (5 x 4)"),
    (InverseOperator(GramOperator(np.ones((5, 3)))), "(X' X)^-1", "3 x 3, float64", None, "X (5 x 3)"),
    (TransposedOperator((2, 3), (1, 0), 2.0), "2.0 * transpose(x, (1, 0))", "6 x 6, float64", "3 x 2 <- 2 x 3", None),
    (TensorOperator("ab,bc->a,c", [np.ones((2, 3)), np.ones((3, 4))]), "einsum ab,bc->a,c", "2 x 4, float64", None, "ab (2 x 3), bc (3 x 4)"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "structure", "shape", "tensors", "arrays"), SHOWN, ids=[s for _, s, *_ in SHOWN])
def test_an_operator_shows_its_structure_and_its_shapes(operator, structure, shape, tensors, arrays):
    rows = {"structure": structure, "shape": shape, "tensors": tensors, "arrays": arrays}
    lines = [f"  {what + ':':<12}{text}" for what, text in rows.items() if text]
    assert repr(operator) == str(operator) == "\n".join([type(operator).__name__, *lines])
    html = operator._repr_html_()
    assert all(f">{what}</th>" in html and f">{escape(text)}</td>" in html for what, text in rows.items() if text)
    assert html.startswith(f"<p><strong>{type(operator).__name__}</strong></p>")


def test_functions_of_numpy_take_an_operator():
    """`np.dot` is the product, as SciPy's trust regions write it; others see its shape, as of any object."""
    X = np.random.default_rng(0).standard_normal((5, 3))
    H, p = GramOperator(X), np.arange(3.0)
    assert np.allclose(np.dot(H, p), X.T @ X @ p) and np.allclose(np.dot(p, H), X.T @ X @ p)
    assert np.shape(H) == (3, 3) and np.ndim(H) == 2
