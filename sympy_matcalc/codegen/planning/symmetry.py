"""Plans for square arguments that turn out to be symmetric when the function runs.

Whoever types A + A' or A X and A' X passes, more often than not, a covariance or a Hessian. Where the plan for a symmetric A is markedly
cheaper, it is taken if the array is exactly symmetric: looking costs less than one product.
"""

from math import log

from ..schedule import reachable
from .regimes import extremes, price_at, variants
from .stated import assumed, matrices

GAIN = 1.35  # as much cheaper has the plan to be for some sizes
LOOK = 16  # the cost of looking at one entry, measured like those of `ir.costs`


def symmetric_variants(graph, roots, plans, context):
    """(symbols of the arguments that have to be symmetric, plans for that case), or ((), []) where nothing is gained."""
    uses = {}
    for node in reachable(roots):
        for a in node.args:
            if a.op == "arg":
                uses[a.attrs[0]] = uses.get(a.attrs[0], 0) + 1
    square = [p.symbol for p in context.parameters if _is_square(p) and uses.get(p.symbol, 0) > 1]
    square = [s for s in square if tuple(assumed(graph, roots, [s])) != tuple(roots)]
    if not square:
        return (), []
    of_all = _plans(graph, roots, square, context)
    if _gains(plans, of_all, square, context):
        return tuple(square), of_all
    for s in square if len(square) > 1 else ():
        # no plan for one that is symmetric is cheaper than that where all of them are
        if _gains(plans, of_all, [s], context) and _gains(plans, found := _plans(graph, roots, [s], context), [s], context):
            return (s,), found
    return (), []


def _is_square(p):
    """Whether an argument is a dense square matrix."""
    return len(p.axes) == 2 and p.shape[0] == p.shape[1] and not p.is_sparse


def _plans(graph, roots, arguments, context):
    """The plans for symmetric arguments."""
    same = assumed(graph, roots, arguments)
    before = graph.symmetric
    graph.symmetric = before | matrices(same, arguments)
    try:
        new = variants(graph, same, context)
    finally:
        graph.symmetric = before
    return [(comparisons, assumed(graph, planned, arguments)) for comparisons, planned in new]


def _gains(plans, new, arguments, context):
    """Whether the new plans gain enough at some sizes, beside looking at the arguments."""
    gains = []
    for numbers in extremes(context.sizes, context.known):
        typed, _ = price_at(plans, numbers)
        after, sizes = price_at(new, numbers)
        looking = sum(LOOK * sizes.of(a.shape[0]) ** 2 for a in arguments)
        gains.append(log(typed / (after + looking)))
    return max(gains) > log(GAIN)
