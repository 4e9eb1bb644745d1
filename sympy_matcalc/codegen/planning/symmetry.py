"""Plans for square arguments that turn out to be symmetric when the function runs.

Whoever types A + A' or A X and A' X passes, more often than not, a covariance or a Hessian. Where the plan for a symmetric A is markedly
cheaper, it is taken if the array is exactly symmetric: looking costs less than one product.
"""

from collections import Counter

from ..schedule import reachable
from .reading import Reader, is_sum
from .regimes import extremes, gridded, planned, price, price_at, variants
from .stated import assumed, matrices, turned
from .symmetric_forms import symmetric_forms

GAIN = 1.35  # as much cheaper has the plan to be for some sizes
LEAST = 1.1  # as much cheaper for the sizes of each branch, but for those that others follow
MANY = 25  # nodes of a graph whose plans take long to find
BEGINNING = 1.08  # as much cheaper than these has the plan for large sizes to be, before it is looked for any further
ALONE = 6  # arguments of which each is tried alone: each takes a plan
LOOK = 16  # the cost of looking at one entry, measured like those of `ir.costs`


def symmetric_variants(graph, roots, plans, context):
    """(symbols of the arguments that have to be symmetric, plans for that case), or ((), []) where nothing is gained."""
    used = {node.attrs[0] for node in reachable(roots) if node.op == "arg"}
    square = [p.symbol for p in context.parameters if _is_square(p) and p.symbol in used]
    if not square or (same := _assuming(graph, roots, square, context)[0]) == roots:
        return (), []
    square = _that_matter(graph, roots, square, same, context)
    of_all = _plans(graph, roots, plans, square, context)
    if found := _that_gain(plans, of_all, square, context):
        return tuple(square), found
    for s in _most_met(roots, square) if len(square) > 1 else ():
        # no plan for one that is symmetric is cheaper than that where all of them are
        if _that_gain(plans, of_all, [s], context):
            if found := _that_gain(plans, _plans(graph, roots, plans, [s], context), [s], context):
                return (s,), found
    return (), []


def _that_matter(graph, roots, square, same, context):
    """The arguments that have to be symmetric for the roots to become `same`, which they do where all of these are: the others are left
    out, as many at once as can be.
    """
    kept = turned(roots, square)
    todo = [[s for s in square if s not in kept]]
    while todo:
        some = todo.pop(0)
        rest = [s for s in square if s not in some]
        if not some or not rest:
            todo += _halves(some)
        elif _assuming(graph, roots, rest, context)[0] == same:
            square = rest
        else:
            todo = [*_halves(some), *todo]
    return square


def _halves(some):
    """Two parts of several."""
    return [some[: len(some) // 2], some[len(some) // 2 :]] if len(some) > 1 else []


def _most_met(roots, square):
    """The few arguments that most operations have as an operand, in order."""
    uses = Counter(a.attrs[0] for node in reachable(roots) for a in node.args if a.op == "arg")
    most = set(sorted(square, key=lambda s: -uses[s])[:ALONE])
    return [s for s in square if s in most]


def _is_square(p):
    """Whether an argument is a dense square matrix."""
    return len(p.axes) == 2 and p.shape[0] == p.shape[1] and not p.is_sparse


def _assuming(graph, roots, symbols, context):
    """(the roots with symmetric arguments, the numbers of the nodes that are symmetric then): `H P H' + R` is where P and R are."""
    before, same = graph.symmetric, assumed(graph, roots, symbols)
    graph.symmetric = before | matrices(same, symbols)
    try:
        return symmetric_forms(graph, same, context), graph.symmetric
    finally:
        graph.symmetric = before


def _plans(graph, roots, plans, arguments, context):
    """The plans for symmetric arguments, none where these make nothing alike, or where a large graph gains nothing for large sizes."""
    same, symmetric = _assuming(graph, roots, arguments, context)
    if len(reachable(same)) >= len(reachable(roots)) and len(_meetings(same, arguments, context)) >= len(_meetings(roots, (), context)):
        return []
    before = graph.symmetric
    graph.symmetric = symmetric
    try:
        large = next(iter(extremes(context.sizes, context.known)))
        first = planned(graph, large, same, context)
        typed, sizes, _ = price_at(plans, large, context)
        after = price(first[0], sizes) + min(_looking(a, sizes) for a in arguments)
        goes_on = typed > BEGINNING * after or len(reachable(same)) < MANY
        new = variants(graph, same, context, first) if goes_on else []
    finally:
        graph.symmetric = before
    return [(comparisons, assumed(graph, planned, arguments)) for comparisons, planned in new]


def _meetings(roots, symmetric, context):
    """What a plan may share: the arrays that meet at an axis that is summed, and the places that one has in the terms of a sum, by their
    axes, but for symmetric matrices. One of these that meets itself is half of the work, and not counted.
    """
    order, reader, found = reachable(roots), Reader(context.size_of), set()
    reader.absorb(order, roots)
    ones = matrices(roots, symmetric)
    for node in order:
        if not is_sum(node) or not node.ndim and node.op not in ("contract", "sum"):
            continue
        if node.number in reader.absorbed and node.op not in ("add", "add_diagonal"):
            continue
        for term in reader.terms_of(node, top=True):
            found |= {(node.number, *_place(f, term, ones)) for f in term.factors}
            for x in term.held.difference(term.out):
                at = [(f.node.number, f.inverse, f.node.number not in ones and f.labels.index(x)) for f in term.factors if x in f.labels]
                if len(at) == 1 or any(one != at[0] or one[2] is not False for one in at):
                    found.add(tuple(sorted(at)))
    return found


def _place(f, term, symmetric):
    """A factor and the axes of the result that it has."""
    axes = [term.out.index(x) if x in term.out else -1 for x in f.labels]
    return f.node.number, f.inverse, tuple(sorted(axes) if f.node.number in symmetric else axes)


def _that_gain(plans, new, arguments, context):
    """The new plans, but for the last that gain nothing, if one of them gains enough at some sizes, beside looking at the arguments."""
    if not new:
        return []
    gains = {}

    def read(numbers):
        typed, sizes, _ = price_at(plans, numbers, context)
        after, _, k = price_at(new, numbers, context)
        gains[k] = max(gains.get(k, 0), typed / (after + sum(_looking(a, sizes) for a in arguments)))

    for numbers in extremes(context.sizes, context.known):
        read(numbers)
    if max(gains.values()) <= GAIN:
        return []
    for numbers in gridded(context.sizes, context.known):
        read(numbers)
    last = max(k for k in range(len(new)) if gains.get(k, LEAST) >= LEAST)
    return new[: last + 1]


def _looking(argument, sizes):
    return LOOK * sizes.of(argument.shape[0]) ** 2
