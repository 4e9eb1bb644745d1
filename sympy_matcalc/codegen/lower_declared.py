"""Lowering of nodes whose numeric code was declared, by `linear` or `rule`: a call of the function that was given."""

from sympy import Expr

from ..errors import MatcalcError
from ..nodes.declared_code import code_of
from .ir.shapes import axes_of
from .lower import DECLARED, NeedsLoop, is_array, rule, shape_of
from .lower_matrix import squeezed
from .values import Val


@rule(DECLARED)
def declared(ctx, e) -> Val:
    """The value of a node by its declared function, which gets matrices as arrays of two axes and scalars as numbers.

    A function of numbers alone gets whole arrays of them where it is applied to the entries of a matrix.
    """
    shape = shape_of(e)
    if not shape and all(isinstance(a, Expr) and not is_array(a) for a in e.args):
        return ctx.elementwise(lambda *nodes: _of_entries(ctx.graph, e, nodes), *map(ctx.scalar, e.args))
    values, sizes = [_argument(ctx, e, a) for a in e.args], [ctx.size(s) for s in shape]
    node = ctx.graph.make("declared", (*values, *sizes), (code_of(type(e)), type(e).__name__, shape))
    return squeezed(ctx, node, shape) if shape else Val(node)


def _of_entries(graph, e, nodes):
    axes = axes_of(nodes)
    sizes = [graph.make("size", (a,), (k,), integer=True, weak=True) for a, k in axes]
    return graph.make("declared", (*nodes, *sizes), (code_of(type(e)), type(e).__name__, tuple(a.shape[k] for a, k in axes), "entries"))


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
