"""The pattern that is read off a form holds every entry that is not 0, at random numbers."""

import numpy as np
import pytest
from sympy import BlockMatrix, HadamardProduct, Identity, KroneckerProduct, MatAdd, MatMul, Matrix, MatrixSymbol, ZeroMatrix, symbols
from sympy import S as S_
from sympy.matrices.expressions import DiagMatrix

import sympy_matcalc as mc
from sympy_matcalc.pictures.structure.patterns import FULL, Band, Blocks, Kron, Mask, Sum, Zero, has_entry, pattern_of
from sympy_matcalc.testing import evaluate, random_env

m, n = symbols("m n", integer=True, positive=True)
S, T, A = MatrixSymbol("S", n, n), MatrixSymbol("T", m, m), MatrixSymbol("A", m, n)
x = MatrixSymbol("x", n, 1)
LOW, UP, D = mc.LowerTriangle(S, 0), mc.UpperTriangle(S, 1), DiagMatrix(x)
EXPLICIT = Matrix([[1, 0], [2, 0]]).as_immutable()
TRIDIAGONAL = mc.LowerTriangle(mc.UpperTriangle(S, -1), 1)

ROWS = {
    "full": (S, Band()),
    "zero": (ZeroMatrix(m, n), Zero()),
    "diagonal": (D, Band(0, 0)),
    "identity": (3 * Identity(n), Band(0, 0)),
    "lower": (LOW, Band(FULL, 0)),
    "upper, strictly": (UP, Band(-1, FULL)),
    "tridiagonal": (TRIDIAGONAL, Band(1, 1)),
    "tridiagonal, squared": (MatMul(TRIDIAGONAL, TRIDIAGONAL), Band(2, 2)),
    "transposed": (UP.T, Band(FULL, -1)),
    "scaled lower": (MatMul(D, LOW), Band(FULL, 0)),
    "lower times lower": (MatMul(LOW, LOW), Band(FULL, 0)),
    "lower times upper": (MatMul(LOW, UP), None),
    "inverse of lower": (LOW.I, Band(FULL, 0)),
    "inverse of diagonal": (D.I, Band(0, 0)),
    "Hadamard": (HadamardProduct(S, LOW), Band(FULL, 0)),
    "sum of diagonals": (MatAdd(D, Identity(n)), Band(0, 0)),
    "diagonal and full": (MatAdd(D, S), Sum((Band(), Band(0, 0)))),
    "Kronecker": (KroneckerProduct(Identity(m), S), Kron(Band(0, 0), Band(), (m, m), (n, n))),
    "Kronecker, three": (KroneckerProduct(D, T, LOW), None),
    "Kronecker sum": (MatAdd(KroneckerProduct(Identity(m), S), KroneckerProduct(T, Identity(n))), None),
    "Kronecker, inverse": (KroneckerProduct(D, T).I, None),
    "Kronecker, transposed": (KroneckerProduct(LOW, A).T, None),
    "blocks": (BlockMatrix([[S, A.T], [A, ZeroMatrix(m, m)]]), None),
    "blocks, transposed": (BlockMatrix([[LOW, A.T]]).T, None),
    "explicit": (Matrix([[1, 0], [x[0, 0], 0]]).as_immutable(), None),
    "explicit factors": (MatAdd(KroneckerProduct(EXPLICIT, S), KroneckerProduct(Identity(2), D), KroneckerProduct(Identity(2), D)), None),
    "full and diagonals": (MatAdd(S, D, LOW, D), Sum((Band(), Band(0, 0), Band(FULL, 0)))),
    "factors": (mc.Cholesky(MatAdd(MatMul(S, S.T), Identity(n))), Band(FULL, 0)),
    "Hessian": (mc.hessian(mc.Norm(A * S) ** 2, S, form="vec"), None),
}


def places(p, shape):
    """Where a pattern says that entries are, for m = 2 and n = 4; copies and blocks at their true sizes."""
    shape = [int(S_(size).subs({m: 2, n: 4})) for size in shape]
    if isinstance(p, Mask):
        return p.entries
    if isinstance(p, Band):
        return np.array([[has_entry(p, i, j) for j in range(shape[1])] for i in range(shape[0])])
    if isinstance(p, Zero):
        return np.zeros(shape, bool)
    if isinstance(p, Sum):
        return np.logical_or.reduce([places(q, shape) for q in p.terms])
    if isinstance(p, Kron):
        return np.kron(places(p.left, p.copies), places(p.right, p.shape))
    return np.block([[places(q, (h, w)) for (q, _), w in zip(row, p.widths)] for row, h in zip(p.rows, p.heights)])


@pytest.mark.parametrize("name", ROWS)
def test_the_pattern_is_what_the_form_says(name):
    expr, expected = ROWS[name]
    if expected is not None:
        assert pattern_of(expr) == expected


@pytest.mark.parametrize("name", ROWS)
def test_no_entry_is_outside_of_the_pattern(name):
    expr, _ = ROWS[name]
    env = random_env([expr, S, T, x], seed=1, sizes={m: 2, n: 4}, domain={x: "positive", S: "posdet"})
    value = np.asarray(evaluate(expr, env))
    said = places(pattern_of(expr), value.shape)
    assert said.shape == value.shape and not np.any((np.abs(value) > 1e-9) & ~said)


def test_blocks_say_their_sizes():
    p = pattern_of(ROWS["blocks"][0])
    assert isinstance(p, Blocks) and p.heights == (n, m) and isinstance(p.rows[1][1][0], Zero)
