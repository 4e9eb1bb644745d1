"""Lowering of gathered and scattered rows."""

from .lower import children, rule, shape_of
from .lower_matrix import squeezed


@rule("Gather")
def gather(ctx, e):
    return squeezed(ctx, ctx.graph.make("gather", (ctx.matrix(e.arg)[0],), e.numbers), shape_of(e))


@rule("Scatter")
def scatter(ctx, e):
    return squeezed(ctx, ctx.graph.make("scatter", (ctx.matrix(e.arg)[0], ctx.size(e.args[2])), e.numbers), shape_of(e))


@children("Gather", "Scatter")
def only_the_matrix(e):
    return e.args[:1]
