"""Largest and smallest entries: the derivative is that of the entry, shared where several are largest."""

from ..canonical.extremes import hardmax_of, negative, row_hardmax
from ..kernel import make
from ..kernel.shapes import shape_of
from ..nodes import ElementMax, ElementMin, Hardmax, RowHardmax, RowMax, RowMin
from . import linear
from .norms import inner
from .registry import builtin


def _upward(node):
    """The matrix whose largest entries the node takes: A, or -A for a minimum."""
    return node.arg if isinstance(node, (ElementMax, RowMax)) else negative(node.arg)


@builtin(ElementMax, ElementMin, name="differential of the largest entry")
def d_extreme(node, d):
    """d max(A) = <Hardmax(A), dA>, d min(A) = <Hardmax(-A), dA>."""
    da = d(node.arg)
    return None if da is None else inner(hardmax_of(_upward(node)), da)


@builtin(RowMax, RowMin, name="differential of the largest entry of each row")
def d_row_extreme(node, d):
    """d rowmax(A) = (RowHardmax(A) o dA) 1, of a minimum with -A."""
    da = d(node.arg)
    if da is None:
        return None
    return linear.mul(linear.hadamard(row_hardmax(RowHardmax(_upward(node))), da), make.ones(shape_of(node.arg)[1]))


@builtin(Hardmax, RowHardmax, name="constant between jumps")
def d_hardmax(node, d):
    """Constant where no two entries are equal: its steps have no derivative."""
    d(node.arg)
