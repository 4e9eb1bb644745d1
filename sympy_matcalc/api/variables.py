"""What was typed: the variables of a derivative, their axes, and the symbols that are sizes."""

from sympy import Indexed, IndexedBase, S, Symbol
from sympy.matrices.expressions import MatrixSymbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical.checks import check_index
from ..errors import MatcalcError, UnsupportedVariableError
from ..kernel import shapes
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, is_scalar_shaped
from ..nodes import AsMatrix, Einsum
from ..nodes.arrays import array_class, array_sizes, is_array_expression, is_array_symbol
from ..typed_input import as_expression as as_expression
from .structured import shortened as shortened


def variable_of(X):
    """What one can differentiate by: a Symbol, a MatrixSymbol, an ArraySymbol, or an entry; an array of one or two axes as a matrix."""
    if isinstance(X, Symbol) and X.is_commutative:
        return X
    if isinstance(X, (MatrixSymbol, AsMatrix)):
        return X
    if isinstance(X, MatrixElement) and isinstance(X.parent, (MatrixSymbol, AsMatrix)):
        check_index(X, X.i, X.j)
        return X
    if isinstance(X, Indexed) and isinstance(X.base, IndexedBase):
        return X
    if is_array_symbol(X) and array_sizes(X):
        return AsMatrix(X) if len(X.shape) < 3 else X
    if array_class(X) == "ArrayElement" and is_array_symbol(X.name):
        return MatrixElement(AsMatrix(X.name), *(*X.indices, S.Zero)[:2]) if len(X.indices) < 3 else X
    raise UnsupportedVariableError(
        "the variable must be a MatrixSymbol, a Symbol, an entry X[i, j] of a MatrixSymbol or of an IndexedBase, or an ArraySymbol with "
        f"axes or an entry of one, got {type(X).__name__}: `{X}`"
    )


def sequence_of(variables):
    """The variables one by one, counts and pairs written out."""
    if not variables:
        raise MatcalcError("`diff` needs at least one variable: write `diff(expr, X)`")
    out = []
    for v in variables:
        if isinstance(v, (tuple, list)) or type(v).__name__ == "Tuple":
            if len(v) != 2 or not _is_count(v[1]):
                raise UnsupportedVariableError(f"`diff` takes pairs (variable, count), got `{v}`")
            out += [variable_of(v[0])] * int(v[1])
        elif _is_count(v):
            if not out:
                raise UnsupportedVariableError(f"`diff` got the count {v} before any variable")
            out += [out[-1]] * (int(v) - 1) if int(v) else []
            if not int(v):
                out.pop()
        else:
            out.append(variable_of(v))
    return out


def _is_count(v):
    return isinstance(v, int) and not isinstance(v, bool) and v >= 0 or getattr(v, "is_Integer", False) and v >= 0


def is_scalar(e):
    if isinstance(e, Einsum) or is_array_expression(e):
        return all(s == 1 for s in e.shape) if not isinstance(e, Einsum) else not e.axes_shape
    return is_scalar_shaped(e)


def shape_of(e):
    return tuple(e.shape)


def axes_of(e):
    """Sizes of the axes of a prepared expression or a variable."""
    if isinstance(e, Einsum) and not is_matrix(e):
        return e.axes_shape
    return shapes.shape_of(e) if is_matrix(e) or is_array_symbol(e) else ()


def refuse_size(expr, X):
    """A Symbol that is a size of a matrix is not differentiable."""
    if isinstance(X, Symbol) and X in sizes_in(expr):
        raise UnsupportedVariableError(f"`{X}` is the size of a matrix in `{expr}`: sizes are whole numbers, there is no derivative by one")


def sizes_in(expr):
    """The symbols that occur in shapes, found by one visit a node."""
    table = id_memo("sizes_in")
    found = table.get(expr)
    if found is None:
        found = frozenset()
        if is_matrix(expr) or is_array_symbol(expr):
            found |= frozenset().union(*(s.free_symbols for s in shapes.shape_of(expr)))
        for a in expr.args:
            if a.args:
                found |= sizes_in(a)
        table[expr] = found
    return found
