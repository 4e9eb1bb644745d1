"""Plans for sizes that are not known: one where it serves all sizes, else a few with the comparison of sizes that tells which is right.

The graph is planned for every way in which each size may be small or large. A plan that is near the best everywhere is taken alone.
"""

from itertools import combinations, permutations, product
from math import fsum, inf, log

from ..schedule import reachable
from .ledger import Ledger
from .nodes import behind
from .planner import Planner
from .sizes import Sizes

SMALLER, SMALL, MIDDLE, LARGE = 6, 12, 120, 1000
CAUTION = 1.1  # as much cheaper, taken over all sizes, is a default with sums multiplied out
WORTH = 1.25  # as much cheaper is a whole with sums multiplied out
NEAR = 1.35  # as much slower than the best plan may the only one be
RATIO = 3  # of two sizes, between alike and apart
FACTORS = 1, 8  # how many times as large one size may have to be as the other
OF_TWO = 1, RATIO, 8  # the same where there are but two sizes
MUCH = 0.1  # of the whole
GAINS = NEAR, 2  # for each branch, how many times as fast it has to be somewhere
MOST_ENTRIES = 1e9  # of the results; no more are computed at once
MANY = 5  # from so many sizes on, only one at a time differs from the others


def variants(graph, roots, context, first=None):
    """Planned roots with the comparisons under which they hold: ``[(comparisons, roots), ..., ((), roots)]``, to be tried in turn. `first`:
    what was planned for the first of the extremes, if it was.

    A comparison is ``(small, large, factor)``: SymPy sizes, ``factor * small <= large``.
    """
    plans = {}
    for k, numbers in enumerate(extremes(context.sizes, context.known)):
        new, requires, multiplied_out = first if first and k == 0 else planned(graph, numbers, roots, context)
        if not any((large + 1, small, 1) in context.known for small, large in requires):
            requires -= {(small, large) for small, large, _ in context.known}
            plans.setdefault(tuple(r.number for r in new), (new, requires, multiplied_out))
    if len(plans) == 1:
        ((new, requires, _),) = plans.values()
        if not requires:
            return [((), new)]
    grid = _that_fit(gridded(context.sizes, context.known), roots, context)
    return _chosen(graph, list(plans.values()), grid, roots, context)


def price_at(plans, numbers, context):
    """(cost of the plan that is taken at some sizes, those, which plan it is)."""
    sizes = context.shared.sizes(numbers)
    k = next(k for k, (comparisons, _) in enumerate(plans) if all(_holds(c, sizes) for c in comparisons))
    return price(plans[k][1], sizes), sizes, k


def _holds(comparison, sizes):
    small, large, factor = comparison
    return factor * sizes.of(small) <= sizes.of(large)


def planned(graph, numbers, roots, context):
    """(roots, requirements, whether sums are multiplied out) of the plan for some sizes. They are only where that makes the whole markedly
    cheaper, since it may lose digits to cancellation.
    """
    (planner, new), options = _run(graph, numbers, roots, context), {}
    if planner.has_multiplied_out:
        apart = {"multiply_out": False}
        other, kept = _run(graph, numbers, roots, context, **apart)
        if price(kept, other.sizes) < WORTH * price(new, planner.sizes):
            planner, new, options = other, kept, apart
    if _solves_beside_inverses(planner, new):
        other, again = _run(graph, numbers, roots, context, planner.ledger.inverted, **options)
        if price(again, other.sizes) < price(new, planner.sizes):
            planner, new = other, again
    return new, frozenset(planner.requires), planner.has_multiplied_out


def _solves_beside_inverses(planner, roots):
    """Whether much is spent on solutions for matrices with what is inverted later for something else: had that been known, it would have
    been used.
    """
    solved = [n for n in reachable(roots) if n.op == "solve" and n.ndim == 2 and behind(n.args[0]).number in planner.ledger.inverted]
    return bool(solved) and sum(map(planner.sizes.cost, solved)) > MUCH * price(roots, planner.sizes)


def _run(graph, numbers, roots, context, inverted=(), **options):
    """(planner that has run, planned roots). `inverted`: the numbers of matrices whose inverses will be there."""
    of_backend = {"weight_roots": context.backend.weight_roots, "stacks": context.backend.computes_stacks}
    planner = Planner(graph, numbers, context.size_of, shared=context.shared, **of_backend, **options)
    planner.ledger.inverted.update(inverted)
    new = tuple(planner.run(roots))
    planner.close()
    return planner, new


def extremes(symbols, known=()):
    """Assignments of small and large sizes for which known comparisons hold."""
    return _held(_extremes(symbols), known)


def _held(grid, known):
    """The assignments for which all of these comparisons hold; all of them where that is none."""
    grid = list(grid)
    return [numbers for numbers in grid if all(_holds(c, Sizes(numbers)) for c in known)] or grid


def _extremes(symbols):
    symbols = sorted(symbols, key=lambda s: s.name)
    if len(symbols) < MANY:
        for sizes in product((LARGE, SMALL), repeat=len(symbols)):
            if LARGE in sizes or not symbols:
                yield from (dict(zip(symbols, one, strict=True)) for one in _apart(sizes))
        return
    yield dict.fromkeys(symbols, LARGE)
    for s in symbols:
        yield {**dict.fromkeys(symbols, LARGE), s: SMALL}
        yield {**dict.fromkeys(symbols, SMALL), s: LARGE}


def _apart(sizes):
    """The sizes; in place of two that are small one smaller than the other, either way: the plan for equal ones is that of a tie."""
    if sizes.count(SMALL) != 2 or len(sizes) != 3:
        return [sizes]
    first = sizes.index(SMALL)
    second = sizes.index(SMALL, first + 1)
    return [tuple(SMALLER if k == at else x for k, x in enumerate(sizes)) for at in (first, second)]


def gridded(symbols, known=()):
    symbols = sorted(symbols, key=lambda s: s.name)
    if len(symbols) < 4:
        grid = list(product((SMALL, MIDDLE, LARGE), repeat=len(symbols)))
        if len(symbols) == 2:  # and where one is a few times as large as the other: how far a plan for equal sizes is right
            grid += [pair for size in (MIDDLE, LARGE) for pair in permutations((size // RATIO, size))]
        if len(symbols) == 3:  # and where no two are alike: a comparison that holds for equal sizes tells little
            grid += [sizes for sizes in permutations((SMALLER, SMALL, MIDDLE, LARGE), 3) if SMALLER in sizes]
        return _held([dict(zip(symbols, sizes, strict=True)) for sizes in grid], known)
    return extremes(symbols, known)


def _that_fit(grid, roots, context):
    """The assignments at which the results could be held in memory; all of them where there is none."""
    fit = [numbers for numbers in grid if sum(map(context.shared.sizes(numbers).volume, roots)) <= MOST_ENTRIES]
    return fit or grid


def _chosen(graph, plans, grid, roots, context):
    sizes = [context.shared.sizes(numbers) for numbers in grid]
    prices = [[price(plan[0], s) for s in sizes] for plan in plans]
    free = [k for k, plan in enumerate(plans) if not plan[1]]
    if not free:
        planner, new = _run(graph, {}, roots, context, push=False)
        plans.append((new, frozenset(), planner.has_multiplied_out))
        prices.append([price(plans[-1][0], s) for s in sizes])
        free = [len(plans) - 1]
    best = [min(column) for column in zip(*prices, strict=True)]
    default = min(free, key=lambda k: (_regret(prices[k], best) + log(CAUTION) * plans[k][2] * len(grid), k))
    now, out = list(prices[default]), []
    open_ = list(range(len(grid)))
    for gain in GAINS:
        if all(now[i] <= NEAR * best[i] for i in open_):
            break
        found = _branch(plans, prices, now, sizes, open_, context.sizes, gain)
        if found is None:
            break
        k, comparisons, taken = found
        for i in taken:
            now[i] = prices[k][i]
        open_ = [i for i in open_ if i not in taken]
        out.append((comparisons, plans[k][0]))
    return [*out, ((), plans[default][0])]


def _regret(prices, best):
    # rounded once: Python rounds `sum` in another way since 3.12, and a tie would go to another plan
    return fsum(log(p / b) for p, b in zip(prices, best, strict=True))


def _branch(plans, prices, now, sizes, open_, symbols, enough):
    """(plan, comparisons, indices of the grid where they hold) that gains most; None where none gains enough."""
    factors = OF_TWO if len(symbols) == 2 else FACTORS
    pairs = [(a, b, factor) for factor in factors for a, b in permutations(sorted(symbols, key=lambda s: s.name), 2)]
    where = {c: {i for i in open_ if _holds(c, sizes[i])} for c in pairs}
    found, least = None, -log(enough)
    for k, (_, requires, _) in enumerate(plans):
        needed = tuple((a, b, 1) for a, b in sorted(requires, key=str))
        where.update({c: {i for i in open_ if _holds(c, sizes[i])} for c in needed if c not in where})
        changes = {i: log(prices[k][i] / now[i]) for i in open_}
        for more in [(), *((p,) for p in pairs), *combinations(pairs, 2)]:
            comparisons = tuple(dict.fromkeys((*needed, *more)))
            if not comparisons or len(comparisons) < len(needed) + len(more):
                continue
            taken = sorted(set.intersection(*(where[c] for c in comparisons)))
            if not taken:
                continue
            change = [changes[i] for i in taken]
            gain = fsum(change) + 0.02 * len(open_) * len(comparisons)
            if min(change) < -log(enough) and max(change) < inf and gain < least:
                found, least = (k, comparisons, taken), gain
    return found


def price(roots, sizes):
    """The cost of a whole plan, never 0."""
    return 1 + Ledger(sizes).price(*roots)
