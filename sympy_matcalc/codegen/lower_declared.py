"""Lowering of nodes that are declared linear with numeric code of their own: a call of the function that was given."""

from sympy import Expr

from ..errors import MatcalcError
from ..nodes.linearity import operator_of
from .lower import DECLARED, NeedsLoop, rule, shape_of
from .lower_matrix import squeezed
from .values import Val


@rule(DECLARED)
def declared(ctx, e) -> Val:
    """The value of a node by its declared function, which gets matrices as arrays of two axes and scalars as numbers."""
    shape = shape_of(e)
    values, sizes = [_argument(ctx, e, a) for a in e.args], [ctx.size(s) for s in shape]
    node = ctx.graph.make("declared", (*values, *sizes), (operator_of(type(e)), type(e).__name__, shape))
    return squeezed(ctx, node, shape) if shape else Val(node)


def _argument(ctx, e, a):
    if getattr(a, "is_Matrix", False):
        return ctx.matrix(a)[0]
    if not isinstance(a, Expr):
        raise MatcalcError(
            f"`lambdify`: the argument `{a}` of `{type(e).__name__}` is neither a matrix nor a number, but {type(a).__name__}"
        )
    val = ctx.scalar(a)
    if val.labels:
        raise NeedsLoop(type(e).__name__)
    return val.node
