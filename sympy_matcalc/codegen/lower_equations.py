"""Lowering of solutions of matrix equations."""

from .lower import rule, shape_of
from .lower_linalg import symmetric
from .lower_matrix import squeezed


@rule("Sylvester")
def sylvester(ctx, e):
    return squeezed(ctx, ctx.graph.make("sylvester", [ctx.matrix(a)[0] for a in e.args]), shape_of(e))


@rule("Lyapunov")
def lyapunov(ctx, e):
    """The equation of Sylvester with A and A'."""
    a, q = (ctx.matrix(x)[0] for x in e.args)
    return squeezed(ctx, ctx.graph.make("sylvester", (a, ctx.graph.transpose(a), q)), shape_of(e))


@rule("DiscreteLyapunov")
def discrete_lyapunov(ctx, e):
    return squeezed(ctx, ctx.graph.make("discrete_lyapunov", [ctx.matrix(a)[0] for a in e.args]), shape_of(e))


@rule("Riccati", "DiscreteRiccati")
def riccati(ctx, e):
    """The weights are checked at run time to be symmetric."""
    (a, b), weights = (ctx.matrix(x)[0] for x in e.args[:2]), [symmetric(ctx, x) for x in e.args[2:]]
    return squeezed(ctx, ctx.graph.make("care" if type(e).__name__ == "Riccati" else "dare", (a, b, *weights)), shape_of(e))
