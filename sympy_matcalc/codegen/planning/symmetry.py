"""Plans for square arguments that turn out to be symmetric when the function runs.

Whoever types A + A' or A X and A' X passes, more often than not, a covariance or a Hessian. Where the plan for a symmetric A is markedly
cheaper, it is taken if the array is exactly symmetric: looking costs less than one product.
"""

from math import log

from ..schedule import reachable
from .nodes import is_turned
from .regimes import extremes, price_at, variants

GAIN = 1.35  # as much cheaper has the plan to be for some sizes
LOOK = 16  # the cost of looking at one entry


def symmetric_variants(graph, roots, plans, parameters, symbols, size_of, **options):
    """(symbols of the arguments that have to be symmetric, plans for that case), or ((), []) where nothing is gained."""
    uses = {}
    for node in reachable(roots):
        for a in node.args:
            if a.op == "arg":
                uses[a.attrs[0]] = uses.get(a.attrs[0], 0) + 1
    square = [p.symbol for p in parameters if len(p.axes) == 2 and p.shape[0] == p.shape[1] and uses.get(p.symbol, 0) > 1]
    square = [s for s in square if tuple(assumed(graph, roots, [s])) != tuple(roots)]
    for arguments in [square, *([s] for s in square if len(square) > 1)]:
        found = _gain(graph, roots, plans, arguments, symbols, size_of, options) if arguments else None
        if found is not None:
            return tuple(arguments), found
    return (), []


def _gain(graph, roots, plans, arguments, symbols, size_of, options):
    """The plans for symmetric arguments where they gain enough, else None."""
    same = assumed(graph, roots, arguments)
    before = graph.symmetric
    graph.symmetric = before | matrices(same, arguments)
    try:
        new = variants(graph, same, symbols, size_of, **options)
    finally:
        graph.symmetric = before
    new = [(comparisons, assumed(graph, planned, arguments)) for comparisons, planned in new]
    gains = []
    for numbers in extremes(symbols):
        typed, _ = price_at(plans, numbers)
        after, sizes = price_at(new, numbers)
        looking = sum(LOOK * sizes.of(a.shape[0]) ** 2 for a in arguments)
        gains.append(log(typed / (after + looking)))
    return new if max(gains) > log(GAIN) else None


def matrices(roots, symbols):
    """The numbers of the nodes of some arguments."""
    return frozenset(n.number for n in reachable(roots) if _is_one(n, symbols))


def assumed(graph, roots, symbols):
    """The roots with the transpose of a symmetric argument as the argument, and its axes in products in one order."""
    new = {}
    for node in reachable(roots):
        args = [new[a.number] for a in node.args]
        if is_turned(node) and _is_one(args[0], symbols):
            new[node.number] = args[0]
        elif node.op == "contract":
            new[node.number] = _contract(graph, node, args, symbols)
        else:
            new[node.number] = graph.remake(node, args)
    return [new[r.number] for r in roots]


def _is_one(node, symbols):
    return node.op == "arg" and node.attrs[0] in symbols


def _contract(graph, node, args, symbols):
    """A product with the labels of symmetric factors in the order in which the others have them."""
    inputs, inverses, output, sizes = node.attrs
    free = [_is_one(a, symbols) for a in args[:-1]]
    first = [x for x in output] + [x for axes, turns in zip(inputs, free, strict=True) if not turns for x in axes]
    rank = {x: k for k, x in enumerate(dict.fromkeys([*first, *range(len(sizes))]))}
    inputs = tuple(tuple(sorted(axes, key=rank.get)) if turns else axes for axes, turns in zip(inputs, free, strict=True))
    return graph.make("contract", args, _numbered(inputs, inverses, output, sizes))


def _numbered(inputs, inverses, output, sizes):
    """The attributes with labels numbered as the factors have them."""
    number = {x: k for k, x in enumerate(dict.fromkeys(x for axes in inputs for x in axes))}
    return (
        tuple(tuple(number[x] for x in axes) for axes in inputs),
        inverses,
        tuple(number[x] for x in output),
        tuple(sizes[x] for x in number),
    )
