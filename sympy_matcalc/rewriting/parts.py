"""A node with other parts, the size that simplification goes by, and a scalar as the 1 x 1 matrix that was typed."""

from sympy import Add, Expr, ImmutableDenseMatrix, Mul, Pow, S, Sum
from sympy.matrices.expressions import BlockMatrix, Identity, Inverse, MatAdd, MatMul, MatrixSymbol, OneMatrix, ZeroMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..kernel import make
from ..kernel.chains import open_product
from ..kernel.interning import intern
from ..kernel.scalars import rebuild_scalar
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, shape_of
from ..kernel.walks import from_inside
from ..nodes import Einsum, EinsumTerm, MatrixSum
from ..notation import raise_terms
from ..notation.present import as_one_by_one
from ..notation.term import AdjointTerm, new_axis
from ..notation.transposes import factors

CONSTANTS = (Identity, OneMatrix, ZeroMatrix)


def with_parts(node, f):
    """The canonical form of a prepared node with ``f(part)`` for its scalar and matrix parts; itself where nothing changes."""
    if isinstance(node, Einsum):
        return _einsum_of_new_parts(node, f)
    if isinstance(node, ImmutableDenseMatrix):
        return intern(node.applyfunc(f).as_immutable())
    if isinstance(node, BlockMatrix):
        return _with_blocks(node, f)
    if isinstance(node, MatrixElement):
        parent = _parent(node.parent, f)
        return node if parent is node.parent else prepare(make.element(parent, node.i, node.j))
    if isinstance(node, (MatrixSum, Sum)):
        args = [f(node.args[0]), *node.args[1:]]
    else:
        args = [f(a) if is_matrix(a) or isinstance(a, Expr) else with_parts(a, f) if a.args else a for a in node.args]
    if all(x is y for x, y in zip(args, node.args)):
        return node if is_matrix(node) or not isinstance(node, (Add, Mul, Pow)) else _as_evaluated(node)
    return _of_new_parts(node, args)


def _einsum_of_new_parts(node, f):
    """The same of an array: an operand that has become a multiple of the identity ties two axes, and terms that are then equal add up."""
    terms, ties = [], False
    for t in node.terms:
        factors = [(f(op), *axes) for op, axes in t.factors]
        ties = ties or any(new is not op and _is_multiple_of_identity(new) for (new, *_), (op, _) in zip(factors, t.factors))
        terms.append(EinsumTerm(f(t.coefficient), t.dims, t.out, factors, t.limits))
    return raise_terms(list(map(_labelled, terms)), node.axes_shape) if ties else intern(Einsum(node.axes_shape, *terms))


def _is_multiple_of_identity(op):
    return is_matrix(op) and not open_product(op)[1]


def _labelled(term):
    """The term with labels of the session in the place of its own numbers."""
    label = [new_axis(size) for size in term.dims]
    axis = lambda numbers: tuple(i for k in numbers for i in label[k])  # noqa: E731
    factors = tuple((op, *map(axis, axes)) for op, axes in term.factors)
    return AdjointTerm(term.coefficient, factors, tuple(map(axis, term.out)), (), tuple(term.limits))


def _of_new_parts(node, args):
    """The canonical form of a node of the same class with other arguments."""
    if isinstance(node, MatMul):
        return prepare(make.mul(*(x for a in args for x in factors(a))))
    if isinstance(node, MatAdd):
        return prepare(make.add(*args))
    new = rebuild_scalar(node, args)
    if is_matrix(node):
        return prepare(new)
    return prepare(intern(new)) if isinstance(node, Expr) else new


def _as_evaluated(node):
    """The node itself, unless it was typed with ``evaluate=False`` and SymPy would write it in another way."""
    new = rebuild_scalar(node, node.args)
    return node if new == node else prepare(intern(new))


def _with_blocks(node, f):
    """Blocks stay matrices, also where they are 1 x 1."""
    rows, cols = node.blocks.shape
    old = [[node.blocks[i, j] for j in range(cols)] for i in range(rows)]
    new = [[_block(x, f) for x in row] for row in old]
    return node if all(x is y for xs, ys in zip(old, new) for x, y in zip(xs, ys)) else prepare(make.block(new))


def _block(x, f):
    if shape_of(x) != (S.One, S.One):
        return f(x)
    old = prepare(x)
    new = f(old)
    return x if new is old else as_one_by_one(new)


def _parent(parent, f):
    """What an entry is of: a 1 x 1 product stands there as a product, which alone would be a scalar."""
    if shape_of(parent) != (S.One, S.One):
        return f(parent)
    if not isinstance(parent, MatMul):
        return parent
    args = [f(a) for a in parent.args]
    return parent if all(x is y for x, y in zip(args, parent.args)) else make.mul(*(x for a in args for x in factors(a)))


def size(node):
    """Number of parts as they are read: the -1 of an inverse, the [0, 0] of a 1 x 1 product and the sizes of I, 0 and 1 are none."""
    return from_inside(_size, node, lambda node: () if isinstance(node, MatrixSymbol) else node.args)


def _size(node):
    table = id_memo("size")
    found = table.get(node)
    if found is None:
        if not node.args or isinstance(node, (MatrixSymbol, *CONSTANTS)):
            found = 1
        elif isinstance(node, Inverse) or isinstance(node, Pow) and node.exp is S.NegativeOne:
            found = 1 + _size(node.args[0])
        elif isinstance(node, BlockMatrix):
            found = 1 + (sum(_size(x) for x in node.blocks if not isinstance(x, ZeroMatrix)) or sum(map(_size, node.blocks)))
        elif isinstance(node, MatrixElement) and shape_of(node.parent) == (S.One, S.One):
            found = _size(node.parent)
        else:
            found = 1 + sum(map(_size, node.args))
        table[node] = found
    return found


def evaluated(e):
    """A scalar without matrices as SymPy evaluates it, also where it was typed with ``evaluate=False``."""
    if not e.args or not isinstance(e, Expr) or isinstance(e, Sum):
        return e
    args = [evaluated(a) for a in e.args]
    same = all(x is y for x, y in zip(args, e.args))
    return e if same and not isinstance(e, (Add, Mul, Pow)) else rebuild_scalar(e, args)


def like_typed(result, typed):
    """The result, as a 1 x 1 matrix where one was typed."""
    return as_one_by_one(result) if is_matrix(typed) and not is_matrix(result) and not isinstance(result, Einsum) else result
