"""Blocks and explicit matrices. (What is linear in its first argument, such as a slice, is declared in `adjoint.entries`.)"""

from sympy import S
from sympy.matrices.expressions import BlockMatrix
from sympy.matrices.immutable import ImmutableDenseMatrix, ImmutableSparseMatrix

from ..kernel import make
from ..kernel.shapes import shape_of
from . import linear
from .registry import builtin


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
