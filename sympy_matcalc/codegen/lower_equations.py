"""Lowering of solutions of linear matrix equations."""

from .lower import rule, shape_of
from .lower_matrix import squeezed


@rule("Sylvester")
def sylvester(ctx, e):
    return squeezed(ctx, ctx.graph.make("sylvester", [ctx.matrix(a)[0] for a in e.args]), shape_of(e))


@rule("Lyapunov")
def lyapunov(ctx, e):
    """The equation of Sylvester with A and A'."""
    a, q = (ctx.matrix(x)[0] for x in e.args)
    return squeezed(ctx, ctx.graph.make("sylvester", (a, ctx.graph.transpose(a), q)), shape_of(e))
