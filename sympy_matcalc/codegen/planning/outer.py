"""Sums of outer products: several that part the axes of the result alike are one product of matrices, of rank 2 and more.

Where an axis is that of both sides, as s in ``sum_r a_si,r b_sj,r``, there is one such product for each of its indices.
"""

from typing import NamedTuple

from ..values import Val


class Parted(NamedTuple):
    """How outer products part the axes of the result: those that both sides have, those of each side."""

    both: tuple[int, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


def outer_products(sums, draft):
    """Outer products that part the axes alike in one group: none of them is planned by itself."""
    if len(draft.out) > 1 and len(draft.dense) > 1:
        draft.groups = sums.planner.shared.once(_groups, tuple(draft.dense), len(draft.out))


def _groups(terms, ndim):
    """(terms, how they part the axes) of those that are alike, behind the others, each alone."""
    alone, groups = list(terms), {}
    for both in ((), *((k,) for k in range(ndim))) if ndim > 2 else ((),):
        alone, found = _grouped(alone, ndim, both)
        groups |= found
    return [*(([term], None) for term in alone), *((members, target) for target, members in groups.items())]


def _grouped(terms, ndim, both):
    """(the others, groups by how they part the axes) for the axes that both sides have. One of two axes alone has no use for it."""
    parted = [parts_of(term, both) for term in terms]
    axes = [k for k in range(ndim) if k not in both]
    least = min(2, len(axes) - 1)
    targets = {Parted(both, *sorted((at, _rest(at, axes)))) for parts in parted for at, _ in parts if least <= len(at) < len(axes)}
    groups, out = {}, []
    for term, parts in zip(terms, parted, strict=True):
        target = next((t for t in sorted(targets) if _fits(term, parts, t)), None)
        if target is None:
            out.append(term)
        else:
            groups.setdefault(target, []).append(term)
    few = [t for t, members in groups.items() if len(members) < 2 and (both or ndim == 2)]
    kept = {id(x) for t in few for x in groups[t]} | {id(x) for x in out}
    return [t for t in terms if id(t) in kept], {t: members for t, members in groups.items() if t not in few}


def _rest(axes, every):
    return tuple(k for k in every if k not in axes)


def _fits(term, parts, target):
    """Whether a product is one of two arrays with these groups of axes: each part is within a group, and no axis is constant."""
    axes = [set(at) for at, _ in parts if at]
    covered = set().union(*axes) == {*target.left, *target.right}
    if len(axes) < 2 or not covered or not all(any(at <= set(group) for group in (target.left, target.right)) for at in axes):
        return False
    return all(term.out[k] in _labels(parts, side) for k in target.both for side in (target.left, target.right))


def _labels(parts, side):
    """The labels of the factors of one side."""
    return {x for at, factors in parts if at and set(at) <= set(side) for f in factors for x in f.labels}


def is_outer(term):
    """Whether each part of a product has fewer axes than the result, and none of these is constant."""
    return term.noted("is_outer", _is_outer)


def _is_outer(term):
    axes = [set(at) for at, _ in parts_of(term) if at]
    return not term.is_diagonal and len(axes) > 1 and len(set().union(*axes)) == len(term.out)


def parts_of(term, both=()):
    """(axes, factors) of the parts of a product that share no label but those of the axes `both`, which are none of a part."""
    return term.noted(("parts", both), lambda p: _parts(p, both))


def _parts(term, both):
    parts, shared = [], {term.out[k] for k in both}
    for f in term.factors:
        own = {x for x in f.labels if x not in shared}
        touching = [q for q in parts if not own.isdisjoint(q[0])]
        if touching:
            parts = [q for q in parts if own.isdisjoint(q[0])]
        parts.append((own.union(*(q[0] for q in touching)), [f, *(x for q in touching for x in q[1])]))
    return [(tuple([k for k, x in enumerate(term.out) if x in labels]), factors) for labels, factors in parts]


def joined(p, target, terms):
    """The sum of outer products that part the axes alike."""
    g, groups = p.graph, {}
    both, *sides = target
    pairs = [_sides(p, term, target) for term in terms]
    first = min((0, 1), key=lambda k: len({pair[k] for pair in pairs}))
    for pair in pairs:
        groups.setdefault(pair[first], []).append(g.mul(pair[2], pair[1 - first]))
    rows, columns = list(groups), [g.add(*rest) for rest in groups.values()]
    left, right = sides[first], sides[1 - first]
    if len(rows) > 1:  # with the axes as the result has them, so that what is added to it lies alike
        arrays = (*rows, *columns) if first == 0 else (*columns, *rows)
        return Val(g.make("outer_sum", arrays, (len(both),) if both else ()), (*both, *sides[0], *sides[1]))
    every = tuple(sorted((*both, *left, *right)))
    spread = [
        g.view(x, [(*both, *at).index(k) if k in (*both, *at) else None for k in every]) for x, at in ((rows[0], left), (columns[0], right))
    ]
    return Val(g.mul(*spread), every)


def _sides(p, term, target):
    """The arrays of both sides of an outer product, and its scale."""
    parts = parts_of(term, target.both)
    ends = [[f for own, factors in parts if own and set(own) <= set(at) for f in factors] for at in (target.left, target.right)]
    labels = {term.out[k] for k in target.both}
    free = [(factors, {x for f in factors for x in f.labels} & labels) for own, factors in parts if not own]
    ends[0] += [f for factors, own in free if own for f in factors]
    numbers = [p.product(factors, set(), ())[0] for factors, own in free if not own]
    sides = [_side(p, term, (*target.both, *at), factors) for at, factors in zip((target.left, target.right), ends, strict=True)]
    return *sides, p.graph.mul(p.scale(term), *numbers)


def _side(p, term, at, factors):
    """The array of some factors, with its axes in order."""
    labels = [term.out[k] for k in at]
    node, have = p.product(factors, set(labels), labels)
    return p.graph.view(node, [have.index(x) for x in labels])
