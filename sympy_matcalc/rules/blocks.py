"""Blocks and explicit matrices. (What is linear in its first argument, such as a slice, is declared in `adjoint.entries`.)"""

from sympy import S, Symbol
from sympy.matrices.expressions import BlockMatrix, MatrixSymbol
from sympy.matrices.immutable import ImmutableDenseMatrix, ImmutableSparseMatrix

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import intern
from ..kernel.occurrence import contains
from ..kernel.shapes import is_one, shape_of
from . import linear
from .registry import builtin


@builtin(BlockMatrix, name="differential of a block matrix")
def d_block(node, d):
    """The differential of a block matrix is the block matrix of the differentials."""
    blocks = node.blocks
    rows = [[d(blocks[i, j]) for j in range(blocks.shape[1])] for i in range(blocks.shape[0])]
    if all(x is None for row in rows for x in row):
        return None
    return make.block([[make.zero(*shape_of(blocks[i, j])) if x is None else x for j, x in enumerate(row)] for i, row in enumerate(rows)])


def _by_vector(node, parts, dx):
    """The differential by a vector of a known size that stands in the entries by its entries alone; None where it does not."""
    if not isinstance(dx, MatrixSymbol) or S.One not in dx.shape or not all(s.is_Integer for s in dx.shape):
        return None
    places = [(S(i), S(j)) for i in range(dx.shape[0]) for j in range(dx.shape[1])]
    entries = [make.element(dx, *place) for place in places]
    rates = _rates(parts, entries, dx)
    if rates is None:
        return None
    if 1 in node.shape:
        column = dx if is_one(S(dx.shape[1])) else linear.transpose(dx)
        jacobian = intern(ImmutableDenseMatrix(rates))
        found = column if jacobian.is_square and jacobian.is_Identity else linear.mul(jacobian, column)
        return found if node.cols == 1 else linear.transpose(found)
    matrices = [intern(ImmutableDenseMatrix(*node.shape, [rate[k] for rate in rates])) for k in range(len(entries))]
    return linear.add(*(linear.mul(e, matrix) for e, matrix in zip(entries, matrices) if not matrix.is_zero_matrix))


def _rates(parts, entries, dx):
    """What each part has of each entry of dx; None where dx stands in one of them otherwise."""
    zeros = dict.fromkeys(entries, S.Zero)
    if any(p is not None and contains(p.xreplace(zeros), dx) for p in parts):
        return None
    return [[S.Zero if p is None else prepare(p.xreplace({**zeros, e: S.One})) for e in entries] for p in parts]


@builtin(ImmutableDenseMatrix, ImmutableSparseMatrix, name="differential entry by entry", looks_inside=True)
def d_explicit(node, d):
    """The differential of an explicit matrix: [da_ij/dt] dt by a scalar t, by a vector x with numbers for sizes J dx, of a matrix
    sum_k [da_ij/dx_k] dx_k, where the entries depend on x by its entries; else entry by entry, sum of d(a_ij) E_ij."""
    parts = [d(a) for a in node.flat()]
    if all(p is None for p in parts):
        return None
    if isinstance(d.symbol, Symbol) and not any(contains(p, q) for q in d.placeholders for p in parts if p is not None):
        rates = [S.Zero if p is None else prepare(p.xreplace({d.symbol: S.One})) for p in parts]
        return linear.mul(d.symbol, intern(ImmutableDenseMatrix(*node.shape, rates)))
    by_vector = _by_vector(node, parts, d.symbol)
    if by_vector is not None:
        return by_vector
    rows, cols = map(S, node.shape)
    return linear.add(*(linear.mul(p, make.matrix_unit(rows, cols, *map(S, divmod(k, node.cols)))) for k, p in enumerate(parts)))
