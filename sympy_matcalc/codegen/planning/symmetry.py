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
    square = [p.symbol for p in context.parameters if len(p.axes) == 2 and p.shape[0] == p.shape[1] and uses.get(p.symbol, 0) > 1]
    square = [s for s in square if tuple(assumed(graph, roots, [s])) != tuple(roots)]
    for arguments in [square, *([s] for s in square if len(square) > 1)]:
        found = _gain(graph, roots, plans, arguments, context) if arguments else None
        if found is not None:
            return tuple(arguments), found
    return (), []


def _gain(graph, roots, plans, arguments, context):
    """The plans for symmetric arguments where they gain enough, else None."""
    same = assumed(graph, roots, arguments)
    before = graph.symmetric
    graph.symmetric = before | matrices(same, arguments)
    try:
        new = variants(graph, same, context)
    finally:
        graph.symmetric = before
    new = [(comparisons, assumed(graph, planned, arguments)) for comparisons, planned in new]
    gains = []
    for numbers in extremes(context.sizes):
        typed, _ = price_at(plans, numbers)
        after, sizes = price_at(new, numbers)
        looking = sum(LOOK * sizes.of(a.shape[0]) ** 2 for a in arguments)
        gains.append(log(typed / (after + looking)))
    return new if max(gains) > log(GAIN) else None
