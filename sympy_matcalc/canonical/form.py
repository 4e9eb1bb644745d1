"""prepare: the canonical form of an expression as typed. One idea: equal things become one object.

SymPy distributes transposes while one types, so ``(X*w - y).T*(X*w - y)`` arrives with two unshared copies of the residual. Here every
node gets one orientation (vectors are columns, else fewer transposes, ties by the key) and the other one is its `Transpose`.
"""

from sympy import Expr, S, Sum
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import FunctionMatrix, Identity, MatrixSymbol, OneMatrix, ZeroMatrix
from sympy.matrices.expressions.permutation import PermutationMatrix
from sympy.matrices.expressions.special import GenericIdentity, GenericZeroMatrix

from ..errors import ShapeError
from ..kernel import make
from ..kernel.indices import reserve_indices
from ..kernel.interning import intern
from ..kernel.session import session_state
from ..kernel.shapes import INDIVISIBLE, is_matrix, shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import from_inside
from ..nodes import AsMatrix, CommutationMatrix, Einsum, MatrixSum, MatrixUnit
from ..nodes.arrays import is_array_expression
from ..nodes.linearity import operator_of
from .array_sums import as_einsum
from .declared import matrix_operator, scalar_operator
from .scalars import prepare_scalar, prepared_einsum

TABLE, SCALARS = {}, {}


def prepares(*classes):
    """Register a function as the canonical form of some classes."""

    def register(f):
        for cls in classes:
            TABLE[cls] = f
        return f

    return register


def as_scalar(*classes):
    """Register what scalar a node of some classes is where it is 1 x 1."""

    def register(f):
        for cls in classes:
            SCALARS[cls] = f
        return f

    return register


def prepare_whole(e):
    """`prepare`, from the innermost matrices outwards, so that deep nesting needs no deep recursion."""
    known = session_state.prepared.get(id(e))
    if known is not None:
        return as_einsum(known[1])
    reserve_indices(e)
    return as_einsum(from_inside(lambda node: prepare(node) if _has_form(node) else None, e, _matrix_parts))


def _has_form(node):
    """Whether there is a canonical form of it: a scalar, a matrix or an array."""
    return is_matrix(node) or isinstance(node, (Expr, Einsum)) or is_array_expression(node)


def _matrix_parts(node):
    if isinstance(node, INDIVISIBLE) or not node.args:
        return ()
    return [a for a in node.args if a.args]


def prepare(e):
    """The canonical form of a scalar or matrix; a matrix that is literally 1 x 1 becomes a scalar."""
    table = session_state.prepared
    known = table.get(id(e))
    if known is None:
        found = intern(_prepared(e))
        table[id(e)] = known = (e, found)
        table[id(found)] = (found, found)
        if is_matrix(found):
            other = transpose(found)
            table.setdefault(id(other), (other, other))
    return known[1]


def _prepared(e):
    if not is_matrix(e):
        return prepare_scalar(e, prepare)
    rows, cols = shape_of(e)
    return _as_scalar(e) if rows is S.One and cols is S.One else _matrix(e)


def _matrix(e):
    for cls in type(e).__mro__:
        if cls in TABLE:
            return TABLE[cls](e)
    if isinstance(e, MatrixBase):
        return explicit(e)
    operator = operator_of(type(e))
    return matrix_operator(e, operator, prepare) if operator else generic(e)


def generic(e):
    """A node of somebody else's: its arguments are prepared, itself is kept."""
    args = [prepare(a) if is_matrix(a) or isinstance(a, Expr) and not a.is_Atom else a for a in e.args]
    args = [new if is_matrix(new) or not is_matrix(old) else old for new, old in zip(args, e.args)]
    return intern(e if tuple(args) == e.args else e.func(*args))


def _as_scalar(e):
    """The scalar that a 1 x 1 matrix expression is."""
    for cls in type(e).__mro__:
        if cls in SCALARS:
            return SCALARS[cls](e)
    operator = operator_of(type(e))
    if operator:
        return scalar_operator(e, operator, prepare)
    return make.element(_matrix(e))


# ---------------------------------------------------------------- symbols and constants


@prepares(MatrixSymbol, AsMatrix, PermutationMatrix, Identity, OneMatrix, ZeroMatrix, MatrixUnit, CommutationMatrix)
def leaf(e):
    return intern(e)


@prepares(GenericIdentity, GenericZeroMatrix)
def unknown_size(e):
    raise ShapeError(f"`{e}` has no size; write Identity(n) or ZeroMatrix(m, n)")


def explicit(e):
    """An explicit Matrix: its entries are prepared."""
    return intern(e.applyfunc(lambda x: prepare(x)).as_immutable())


@prepares(FunctionMatrix)
def function_matrix(e):
    return intern(e)


@prepares(Einsum)
def einsum(e):
    return prepared_einsum(e, prepare)


# ---------------------------------------------------------------- what 1 x 1 matrices are


@as_scalar(Identity, OneMatrix, MatrixUnit)
def one(e):
    return S.One


@as_scalar(ZeroMatrix, GenericZeroMatrix)
def zero(e):
    return S.Zero


@as_scalar(MatrixBase)
def only_entry(e):
    return prepare(e[0, 0])


@as_scalar(FunctionMatrix)
def only_value(e):
    return prepare_scalar(e[0, 0], prepare)


@as_scalar(MatrixSum)
def summed_scalar(e):
    return prepare_scalar(Sum(make.element(e.body), *e.limits), prepare)
