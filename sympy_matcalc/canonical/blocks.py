"""Kronecker products, diagonals, blocks and slices in canonical form."""

from sympy import Mul, S
from sympy.matrices.expressions import (
    BlockDiagMatrix,
    BlockMatrix,
    DiagMatrix,
    Identity,
    KroneckerProduct,
    MatrixSlice,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

from ..errors import ShapeError
from ..kernel import chains, make
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column, is_matrix, is_one, order_of, same_size, shape_of
from ..kernel.symmetry import transpose
from ..nodes import Vec
from .checks import check_square, slice_bounds
from .declared import number_in_front
from .entrywise import oriented_parts
from .form import as_scalar, prepare, prepares
from .orientation import times, transpose_prepared


@prepares(KroneckerProduct)
def kronecker(e):
    scalars, parts = [], []
    for a in e.args:
        p = prepare(a)
        if not is_matrix(p):
            scalars.append(p)
            continue
        c, node = number_in_front(p)
        scalars.append(c)
        parts += node.args if isinstance(node, KroneckerProduct) else [node]
    if any(isinstance(p, ZeroMatrix) for p in parts):
        return make.zero(*shape_of(e))
    if parts and all(isinstance(p, Identity) for p in parts):
        return times(scalar_product(*scalars), make.identity(scalar_product(*map(order_of, parts))))
    keep = _keep_parts_kron(parts)
    node = make.kron(*oriented_parts(parts, keep))
    return times(scalar_product(*scalars), node if keep else transpose(node))


def _keep_parts_kron(parts):
    turned = [transpose_prepared(p) for p in parts]
    shapes = [shape_of(p) for p in parts]
    if all(is_one(c) for _, c in shapes):
        return True
    if all(is_one(r) for r, _ in shapes):
        return False
    count = lambda ps: sum(isinstance(p, Transpose) for p in ps)  # noqa: E731
    return (count(parts), [sort_key(p) for p in parts]) <= (count(turned), [sort_key(p) for p in turned])


@prepares(DiagMatrix)
def diag(e):
    v = prepare(e.args[0])
    rows, cols = shape_of(v)
    if not (is_one(rows) or is_one(cols)):
        raise ShapeError(f"DiagMatrix needs a vector, got a matrix of shape {(rows, cols)}: `{e}`")
    v = v if is_one(cols) else transpose_prepared(v)
    c, node = number_in_front(v)
    if isinstance(node, OneMatrix):
        return times(c, make.identity_like(node))
    return times(c, make.diag_matrix(node))


@prepares(DiagonalMatrix)
def diagonal_matrix(e):
    check_square(e.args[0], "DiagonalMatrix")
    a = prepare(e.args[0])
    return make.diagonal_matrix(a.args[0] if isinstance(a, Transpose) and len(set(shape_of(a))) == 1 else a)


@prepares(DiagonalOf)
def diagonal_of(e):
    rows, cols = shape_of(e.args[0])
    if not same_size(rows, cols) and (rows - cols).is_extended_positive is None:
        raise ShapeError(
            f"`{e}`: the diagonal of a {rows} x {cols} matrix is as long as the smaller of two sizes that are not known; "
            "take a square slice of it first"
        )
    a = prepare(e.args[0])
    return make.diagonal_of(a.args[0] if isinstance(a, Transpose) else a)


@prepares(BlockDiagMatrix)
def block_diag(e):
    parts = list(map(_keep_matrix, e.args))
    rows = [
        [p if i == j else make.zero(shape_of(parts[i])[0], shape_of(parts[j])[1]) for j, p in enumerate(parts)] for i in range(len(parts))
    ]
    return make.block(rows)


@prepares(BlockMatrix)
def block(e):
    blocks = e.blocks
    rows = [[_keep_matrix(blocks[i, j]) for j in range(blocks.shape[1])] for i in range(blocks.shape[0])]
    return make.block(rows)


def _keep_matrix(m):
    """A block must stay a matrix, also where it is 1 x 1."""
    p = prepare(m)
    return p if is_matrix(p) else make.mul(p, make.identity(S.One))


@prepares(MatrixSlice)
def matrix_slice(e):
    parent, rows, cols = e.args
    p = prepare(parent)
    rows, cols = slice_bounds(rows), slice_bounds(cols)
    found = chains.block_slice(p, (rows, cols)) if isinstance(p, BlockMatrix) else None
    if found is not None:
        return found
    if isinstance(p, Transpose):
        return transpose(make.slice_of(p.args[0], cols, rows))
    return make.slice_of(p, rows, cols)


@prepares(Vec)
def vec(e):
    p = prepare(e.arg)
    return p if is_column(p) else raw(Vec, p)


def is_block_diagonal(p):
    """Whether a block matrix is zero but for square blocks on its diagonal."""
    k, cols = p.blocks.shape
    return (
        k == cols
        and all(same_size(*shape_of(p.blocks[i, i])) for i in range(k))
        and all(isinstance(p.blocks[i, j], ZeroMatrix) for i in range(k) for j in range(k) if i != j)
    )


# ---------------------------------------------------------------- what 1 x 1 matrices are


@as_scalar(KroneckerProduct)
def product_of_scalars(e):
    return Mul(*map(prepare, e.args))


@as_scalar(DiagonalMatrix, DiagMatrix, BlockDiagMatrix)
def only_part(e):
    return prepare(e.args[0])


@as_scalar(DiagonalOf)
def first_entry(e):
    """The diagonal of a row or column is its first entry."""
    return prepare(make.element(e.args[0], S.Zero, S.Zero))


@as_scalar(BlockMatrix)
def only_block(e):
    return prepare(e.blocks[0, 0])


@as_scalar(MatrixSlice)
def sliced_entry(e):
    (row, *_), (col, *_) = map(slice_bounds, (e.rowslice, e.colslice))
    return prepare(make.element(e.parent, row, col))
