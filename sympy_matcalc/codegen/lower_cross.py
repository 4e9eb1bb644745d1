"""Lowering of cross products: their entries, written out."""

from .lower import NeedsLoop, rule, shape_of
from .values import COL, ROW, Val


def entries(ctx, x, count=3):
    """The entries of a vector, as nodes."""
    val = ctx.dense(ctx.low(x), shape_of(x))
    if val.labels != (ROW,):
        raise NeedsLoop(type(x).__name__)
    return [ctx.graph.index(val.node, {0: ctx.graph.const(k)}) for k in range(count)]


@rule("CrossProduct")
def cross_product(ctx, e):
    g, ((a, b, c), (d, e, f)) = ctx.graph, (entries(ctx, x) for x in e.args)
    pairs = (b, f, c, e), (c, d, a, f), (a, e, b, d)
    made = [g.add(g.mul(p, q), g.mul(g.const(-1), r, s)) for p, q, r, s in pairs]
    return Val(g.make("array", (*made, g.dtype_node()), (3,)), (ROW,))


@rule("SkewMatrix")
def skew_matrix(ctx, e):
    g, (a, b, c), zero = ctx.graph, entries(ctx, e.arg), ctx.graph.const(0)
    na, nb, nc = (g.mul(g.const(-1), x) for x in (a, b, c))
    return Val(g.make("array", (zero, nc, b, c, zero, na, nb, a, zero, g.dtype_node()), (3, 3)), (ROW, COL))
