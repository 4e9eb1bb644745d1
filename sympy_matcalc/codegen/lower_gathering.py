"""Lowering of gathered and scattered rows."""

from .lower import read_arrays, rule, shape_of
from .lower_matrix import squeezed


@rule("Gather")
def gather(ctx, e):
    return squeezed(ctx, ctx.graph.make("gather", (ctx.matrix(e.arg)[0],), e.numbers), shape_of(e))


@rule("Scatter")
def scatter(ctx, e):
    return squeezed(ctx, ctx.graph.make("scatter", (ctx.matrix(e.arg)[0], ctx.size(e.args[2])), e.numbers), shape_of(e))


read_arrays("Gather", "Scatter")
