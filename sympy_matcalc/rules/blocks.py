"""Diagonals, blocks, slices, explicit matrices: rules that move entries about."""

from sympy import S
from sympy.matrices.expressions import BlockMatrix, DiagMatrix, MatrixSlice
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.immutable import ImmutableDenseMatrix, ImmutableSparseMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..nodes import Vec
from . import linear
from .registry import builtin


@builtin(DiagMatrix)
def d_diag_matrix(node, d):
    """d diag(v) = diag(dv)."""
    return linear.diag_matrix(d(node.args[0]))


@builtin(DiagonalOf)
def d_diagonal_of(node, d):
    """d (diagonal of A) = diagonal of dA."""
    return linear.diagonal_of(d(node.args[0]))


@builtin(DiagonalMatrix)
def d_diagonal_matrix(node, d):
    """d (A o I) = dA o I."""
    return linear.diagonal_matrix(d(node.args[0]))


@builtin(MatrixSlice)
def d_slice(node, d):
    """d(A[rows, cols]) = (dA)[rows, cols]."""
    a, rows, cols = node.args
    da = d(a)
    return None if da is None else make.slice_of(da, rows, cols)


@builtin(Vec)
def d_vec(node, d):
    """d vec(A) = vec(dA)."""
    da = d(node.arg)
    return None if da is None else raw(Vec, da)


@builtin(BlockMatrix)
def d_block(node, d):
    """The differential of a block matrix is the block matrix of the differentials."""
    blocks = node.blocks
    rows = [[d(blocks[i, j]) for j in range(blocks.shape[1])] for i in range(blocks.shape[0])]
    if all(x is None for row in rows for x in row):
        return None
    return make.block([[make.zero(*shape_of(blocks[i, j])) if x is None else x for j, x in enumerate(row)] for i, row in enumerate(rows)])


@builtin(ImmutableDenseMatrix, ImmutableSparseMatrix)
def d_explicit(node, d):
    """The differential of an explicit matrix, entry by entry: sum of d(a_ij) E_ij."""
    rows, cols = map(S, node.shape)
    terms = []
    for i in range(node.shape[0]):
        for j in range(node.shape[1]):
            da = d(node[i, j])
            terms.append(None if da is None else linear.mul(da, make.matrix_unit(rows, cols, S(i), S(j))))
    return linear.add(*terms)
