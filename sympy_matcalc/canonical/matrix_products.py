"""Products and transposes in canonical form: flat, merged, cut into scalars where they have rank 1, in one orientation."""

from sympy import Mul, Pow, S
from sympy.matrices.expressions import DotProduct, MatMul, Transpose, ZeroMatrix
from sympy.matrices.expressions.permutation import MatrixPermute, PermutationMatrix

from ..errors import ShapeError
from ..kernel import chains, make
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column, is_matrix, is_one, parted, shape_of
from ..kernel.symmetry import transpose
from ..notation.row_softmax import with_row_softmax
from ..notation.softmax import may_have_softmax, with_softmax
from .checks import check_product
from .diagonals import with_simple_diagonals
from .form import as_scalar, prepare, prepares
from .orientation import oriented, times, transpose_prepared
from .scalars import handles


@prepares(MatMul)
def product(e):
    return product_of(e.args)


def product_of(args):
    """Flat, cut into scalars where it has rank 1, in normal form, in one orientation."""
    scalars, chain = [], []
    matrices = parted(args)[1]
    check_product(matrices)
    for a in args:
        p = prepare(a)
        if not is_matrix(p):
            scalars.append(p)
            continue
        if not is_matrix(a):
            raise ShapeError(f"an array of shape {shape_of(p)} as a coefficient of matrices: `{a}`; write `AsMatrix({a})` for the matrix")
        c, inner = chains.open_product(p)
        if c is not S.One:
            scalars.append(c)
        chain += inner
        if isinstance(p, ZeroMatrix):
            return _zero_product(args)
    size = shape_of(matrices[0])[0]
    shape = (size, shape_of(matrices[-1])[1])
    merged, number = with_row_softmax(chains.normalise(tuple(chain))), S.One
    if shape == (S.One, S.One):  # else it says which vector is on the diagonal
        number, merged = with_simple_diagonals(merged)
    scalars, chain = _cut([*scalars, number], merged)
    coefficient = scalar_product(*scalars)
    if chain and isinstance(coefficient, (Mul, Pow)) and may_have_softmax(coefficient):
        parts = (coefficient, *map(chains.atom_node, chain))
        found = with_softmax(parts)
        if found is not parts:
            return product_of(found)
    if shape == (S.One, S.One):
        return scalar_product(coefficient, chains.scalar(chain)) if chain else coefficient
    if not chain:
        return make.mul(coefficient, make.identity(size))
    return times(coefficient, oriented(chain))


def _zero_product(args):
    matrices = [a for a in args if is_matrix(a)]
    rows, cols = shape_of(matrices[0])[0], shape_of(matrices[-1])[1]
    return S.Zero if rows == cols == 1 else make.zero(rows, cols)


def _cut(scalars, chain):
    """Segments between two axes of length 1 are scalars."""
    cuts = [i + 1 for i in range(len(chain) - 1) if is_one(chains.atom_shape(chain[i])[1])]
    if not cuts or len(chain) == 0:
        return scalars, chain
    bounds = [0, *cuts, len(chain)]
    segments = [chain[i:j] for i, j in zip(bounds, bounds[1:])]
    kept = []
    for s in segments:
        if chains.chain_shape(s) == (S.One, S.One):
            scalars.append(chains.scalar(s))
        else:
            kept += s
    return scalars, tuple(kept)


@prepares(Transpose)
def transposed(e):
    return transpose_prepared(prepare(e.args[0]))


@prepares(MatrixPermute)
def permuted(e):
    """Rows in another order are P A, columns A P'."""
    a, permutation, axis = e.args
    p = raw(PermutationMatrix, permutation)
    return product_of((p, a) if axis == 0 else (a, raw(Transpose, p)))


@handles(DotProduct)
def dot_product(e, prepare):
    left, right = (prepare(a) for a in e.args)
    if not is_matrix(left):
        return left * right
    row, col = (x if is_column(x) else transpose_prepared(x) for x in (left, right))
    return product_of((transpose(row), col))


@as_scalar(MatMul)
def scalar_of_product(e):
    return product_of(e.args)


@as_scalar(Transpose)
def of_scalar(e):
    return prepare(e.args[0])
