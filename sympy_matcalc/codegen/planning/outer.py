"""Sums of outer products: several that part the axes of the result alike are one product of matrices, of rank 2 and more."""

from ..values import Val


def outer_products(sums, draft):
    """Outer products that part the axes alike in one group: none of them is planned by itself."""
    if len(draft.out) > 2 and len(draft.dense) > 1:
        draft.groups = _groups(draft.dense, len(draft.out))


def _groups(terms, ndim):
    """(terms, the two groups of axes that they part) of those that are alike, behind the others, each alone."""
    parted = [_parts(term) for term in terms]
    targets = {frozenset((at, _rest(at, ndim))) for parts in parted for at, _ in parts if 1 < len(at) < ndim}
    groups, out = {}, []
    for term, parts in zip(terms, parted, strict=True):
        target = next((t for t in sorted(targets, key=sorted) if _fits(parts, t)), None)
        if target is None:
            out.append(([term], None))
        else:
            groups.setdefault(target, []).append(term)
    return [*out, *((members, sorted(target)) for target, members in groups.items())]


def _rest(axes, ndim):
    return tuple(k for k in range(ndim) if k not in axes)


def _fits(parts, target):
    """Whether a product is one of two arrays with these groups of axes: each part is within a group, and no axis is constant."""
    axes = [set(at) for at, _ in parts if at]
    covered = set().union(*axes) == set().union(*target)
    return len(axes) > 1 and covered and all(any(at <= set(group) for group in target) for at in axes)


def is_outer(term):
    """Whether each part of a product has fewer axes than the result, and none of these is constant."""
    axes = [set(at) for at, _ in _parts(term) if at]
    return not term.is_diagonal and len(axes) > 1 and len(set().union(*axes)) == len(term.out)


def _parts(term):
    """(axes, factors) of the parts of a product that share no label."""
    parts = []
    for f in term.factors:
        touching = [q for q in parts if q[0] & set(f.labels)]
        parts = [q for q in parts if not any(q is t for t in touching)]
        parts.append((set(f.labels).union(*(q[0] for q in touching)), [f, *(x for q in touching for x in q[1])]))
    return [(tuple(k for k, x in enumerate(term.out) if x in labels), factors) for labels, factors in parts]


def joined(p, axes, terms):
    """The sum of outer products over the same two groups of axes."""
    g = p.graph
    pairs = []
    for term in terms:
        parts = _parts(term)
        sides = [_side(p, term, at, [f for own, factors in parts if own and set(own) <= set(at) for f in factors]) for at in axes]
        numbers = [p.product(factors, set(), ())[0] for own, factors in parts if not own]
        pairs.append((*sides, g.mul(p.scale(term), *numbers)))
    first = min((0, 1), key=lambda k: len({pair[k] for pair in pairs}))
    groups = {}
    for pair in pairs:
        groups.setdefault(pair[first], []).append(g.mul(pair[2], pair[1 - first]))
    rows, columns = list(groups), [g.add(*rest) for rest in groups.values()]
    left, right = axes[first], axes[1 - first]
    if len(rows) > 1:
        return Val(g.make("outer_sum", (*rows, *columns)), (*left, *right))
    every = tuple(sorted((*left, *right)))
    spread = [g.view(x, [at.index(k) if k in at else None for k in every]) for x, at in ((rows[0], left), (columns[0], right))]
    return Val(g.mul(*spread), every)


def _side(p, term, at, factors):
    """The array of some factors, with its axes in order."""
    labels = [term.out[k] for k in at]
    node, have = p.product(factors, set(labels), labels)
    return p.graph.view(node, [have.index(x) for x in labels])
