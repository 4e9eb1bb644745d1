"""Scalars: those of matrices (trace, entry, 1x1, ...) in canonical form inside of ordinary SymPy scalar expressions."""

from sympy import Expr

from ..kernel.interning import intern
from ..kernel.scalars import evaluated, evaluated_node, rebuild_scalar
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix
from ..kernel.walks import has_matrix as has_matrix
from ..nodes import Einsum
from ..nodes.arrays import array_class
from ..nodes.linearity import operator_of
from .array_sums import combined, is_array
from .declared import scalar_operator

HANDLERS = {}  # class -> function(node, prepare); filled by the modules that know the class


def handles(*classes):
    """Register the canonical form of some scalar classes; classes of SymPy's array expressions are given by name."""

    def register(f):
        for cls in classes:
            HANDLERS[cls] = f
        return f

    return register


def prepare_scalar(e, prepare):
    """The scalar `e` with every matrix in it prepared; sums, products and powers as SymPy evaluates them, however they were typed."""
    table = id_memo("prepare_scalar")
    found = table.get(e)
    if found is None:
        found = table[e] = _prepare(e, prepare)
    return found


def _prepare(e, prepare):
    if not e.args:
        return e
    if not has_matrix(e):
        return evaluated(e)
    handler = next((HANDLERS[c] for c in type(e).__mro__ if c in HANDLERS), None)
    handler = handler or HANDLERS.get(array_class(e))
    if handler:
        return handler(e, prepare)
    operator = operator_of(type(e))
    return scalar_operator(e, operator, prepare) if operator else rebuild(e, prepare)


def rebuild(e, prepare):
    """`e` with prepared arguments."""
    args = [prepare_argument(a, prepare) for a in e.args]
    if any((is_matrix(new) or is_array(new)) and not is_matrix(old) for new, old in zip(args, e.args)):
        return combined(e, args, prepare)
    return evaluated_node(e) if all(x is y for x, y in zip(args, e.args)) else intern(rebuild_scalar(e, args))


@handles(Einsum)
def prepared_einsum(e, prepare):
    """Index notation with prepared coefficients and operands."""
    return intern(Einsum(e.axes_shape, *(t.with_parts(prepare) for t in e.terms)))


def prepare_argument(a, prepare):
    return prepare(a) if isinstance(a, Expr) or is_matrix(a) else _inside(a, prepare)


def _inside(a, prepare):
    """Conditions, tuples: whatever holds scalars without being one."""
    return rebuild(a, prepare) if a.args and has_matrix(a) else a
