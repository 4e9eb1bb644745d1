"""Blocks and explicit matrices. (What is linear in its first argument, such as a slice, is declared in `adjoint.entries`.)"""

from sympy import S, Symbol
from sympy.matrices.expressions import BlockMatrix
from sympy.matrices.immutable import ImmutableDenseMatrix, ImmutableSparseMatrix

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import intern
from ..kernel.occurrence import contains
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
    """The differential of an explicit matrix: [da_ij/dt] dt by a scalar t, else entry by entry, sum of d(a_ij) E_ij."""
    parts = [d(a) for a in node.flat()]
    if all(p is None for p in parts):
        return None
    if isinstance(d.symbol, Symbol) and not any(contains(p, q) for q in d.placeholders for p in parts if p is not None):
        rates = [S.Zero if p is None else prepare(p.xreplace({d.symbol: S.One})) for p in parts]
        return linear.mul(d.symbol, intern(ImmutableDenseMatrix(*node.shape, rates)))
    rows, cols = map(S, node.shape)
    return linear.add(*(linear.mul(p, make.matrix_unit(rows, cols, *map(S, divmod(k, node.cols)))) for k, p in enumerate(parts)))
