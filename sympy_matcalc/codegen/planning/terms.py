"""Sums of products: what the planner multiplies out and factors."""

from itertools import combinations

from ..ir.product import Factor, Product, signature

LEAST_TWICE = 3  # terms that have a matrix twice, from which on it is looked for: two second moments take little longer than one


def collected(g, terms):
    """The sum with equal products, up to a number, as one."""
    groups = {}
    for k, t in enumerate(terms):
        groups.setdefault(signature(t) or k, []).append(t)
    if len(groups) == len(terms):
        return terms
    out = []
    for same in groups.values():
        number = sum(t.number for t in same)
        rest = [c for c in same[0].scalars if c.op != "const"]
        out.append(same[0] if len(same) == 1 else Product((g.const(number), *rest) if number != 1 else rest, same[0].factors, same[0].out))
    return [t for t in out if all(c.value != 0 for c in t.scalars)] or out[:1]


def with_common_scalars(g, terms, symmetric):
    """The sum with products that are equal up to their scalars as one, by the sum of these; None where there are none. `symmetric`: the
    numbers of matrices that are in the graph, which the answer depends on.
    """
    groups = {}
    for k, t in enumerate(terms):
        groups.setdefault(signature(t, g)[:-1] if t.factors else k, []).append(t)
    if len(groups) == len(terms):
        return None
    joined = lambda same: Product((g.add(*(g.mul(*t.scalars) for t in same)),), same[0].factors, same[0].out)  # noqa: E731
    return [same[0] if len(same) == 1 else joined(same) for same in groups.values()]


def common_factors(terms):
    """Factors with an axis of the result that several terms share at the same place: (positions of the terms, factor in each)."""
    groups = {}
    for k, t in enumerate(terms):
        if t.is_diagonal:
            continue
        for f in t.factors:
            place = _place(t, f)
            if all(p is None for p in place) or None not in place or len(t.factors) < 2:
                continue
            groups.setdefault((f.node.number, f.inverse, place), {}).setdefault(k, f)
    return [list(found.items()) for found in groups.values() if len(found) > 1]


def common_entries(terms):
    """Arrays with axes of the result alone, two at least, by whose entries several terms are multiplied: as `common_factors`."""
    groups = {}
    for k, t in enumerate(terms):
        for f in t.factors if not t.is_diagonal and len(t.factors) > 1 else ():
            place = _place(t, f)
            if len(set(place)) > 1 and None not in place:
                groups.setdefault((f.node.number, f.inverse, place), {}).setdefault(k, f)
    return [list(found.items()) for found in groups.values() if len(found) > 1]


def common_products(terms):
    """Products of factors that several terms share: (positions of the terms, factors in each), as X' y in ``(X' y) a' + (X' y) b'``.

    They are grown from a factor with an axis of the result, along the labels that are summed, as far as all of the terms agree; in sums of
    three axes and more also from a matrix that meets itself, which fewer terms may have: of second moments half is computed.
    """
    found = []
    singles = [{k: [f] for k, f in seed.items()} for seed in _shared(terms)]
    pairs = [seed for seed in _shared_pairs(terms) if not any(seed.keys() == single.keys() for single in singles)]
    for group in (*singles, *pairs):
        while (more := _neighbour(terms, group)) is not None:
            for k, f in more.items():
                group[k].append(f)
        size = len(next(iter(group.values())))
        own = {x for k, fs in group.items() for f in fs for x in f.labels if x not in terms[k].out and x in _held(terms[k].without(*fs))}
        if (size > 1 or not own) and all(len(terms[k].factors) > size for k in group):
            found.append(list(group.items()))
    return found


def _shared(terms):
    """A factor with an axis of the result at the same place in several terms, by the position of the term."""
    groups = {}
    for k, t in enumerate(terms):
        for f in t.factors if not t.is_diagonal else ():
            place = _place(t, f)
            if any(p is not None for p in place) and len(set(f.labels)) == len(f.labels):
                groups.setdefault((f.node.number, f.inverse, place), {}).setdefault(k, f)
    return [found for found in groups.values() if len(found) > 1]


def _shared_pairs(terms):
    """A matrix that is there twice, with an axis of the result each, at the same places in a few terms, and meets itself at a label which
    is summed, in the same way: by the position of the term.
    """
    groups = {}
    for k, t in enumerate(terms):
        if len(t.out) < 3 or t.is_diagonal or len(t.factors) < 3:
            continue
        ends = [(f.node.number, [-1 if p is None else p for p in _place(t, f)], f) for f in t.factors if len(set(f.labels)) == 2]
        ends = sorted((end for end in ends if end[1].count(-1) == 1), key=lambda end: end[:2])
        for (_, at, f), (_, to, g) in combinations(ends, 2):
            if f.node is g.node and f.inverse == g.inverse and f.labels[at.index(-1)] is g.labels[to.index(-1)]:
                groups.setdefault((f.node.number, f.inverse, *at, *to), {}).setdefault(k, [f, g])
    return [found for found in groups.values() if len(found) >= LEAST_TWICE]


def _neighbour(terms, group):
    """A factor of each term that meets the group at a label that is summed, in the same way, or None. Axes of the result that it has
    are the same in all terms.
    """
    (first, members), *others = group.items()
    for m, member in enumerate(members):
        for axis, x in enumerate(member.labels):
            for g in terms[first].without(*members) if x not in terms[first].out else ():
                at = [j for j, y in enumerate(g.labels) if y is x]
                if len(at) != 1:
                    continue
                place = _place(terms[first], g)
                same = {k: _counterpart(terms[k], fs, (g, place), at[0], fs[m].labels[axis]) for k, fs in others}
                if all(same[k] is not None and _alike(g, members, same[k], fs) for k, fs in others):
                    return {first: g, **same}
    return None


def _counterpart(term, group, like, at, label):
    """The one factor beside the group that is as one of another term and has the label where that has one of its group's, None where there
    is none. `like`: the factor, and where its axes are in the result.
    """
    g, place = like
    fits = [f for f in term.without(*group) if f.node is g.node and f.inverse == g.inverse and f.labels[at] is label]
    fits = [f for f in fits if _place(term, f) == place]
    return fits[0] if len(fits) == 1 and fits[0].labels.count(label) == 1 else None


def _place(term, f):
    """Where in the result the axes of a factor are, None for those that are summed."""
    return tuple(term.out.index(x) if x in term.out else None for x in f.labels)


def _alike(f, fs, g, gs):
    """Whether a factor f beside others has its labels where g has them beside those that stand for the others."""
    where = lambda x, group: [(m, j) for m, member in enumerate(group) for j, y in enumerate(member.labels) if y is x]  # noqa: E731
    return all(where(x, [*fs, f]) == where(y, [*gs, g]) for x, y in zip(f.labels, g.labels, strict=True))


def _held(factors):
    return {x for f in factors for x in f.labels}


class Split:
    """Some terms of a sum with what they share taken out.

    found: positions of the terms, with the factors in each; factors, out: what is taken out, and the axes of the result; own: its labels
    that are summed; others: the axes of the result that what is left depends on; inner: what is left, a sum with the axes own and others.
    """

    __slots__ = ("terms", "found", "factors", "out", "own", "others", "inner", "_hosts")

    def __init__(self, terms, found, parts):
        self.terms, self.found, self._hosts = terms, found, {}
        (self.factors, self.out), self.own, self.others, self.inner = parts

    def taken_out(self, node):
        """The terms with those that were split replaced by the product of their common factors with the node of what is left of them."""
        new = self._hosts.get(node.number)
        if new is None:
            host = Product((), [*self.factors, Factor(node, (*self.own, *self.others), planned=True)], self.out)
            taken = {k for k, _ in self.found}
            new = self._hosts[node.number] = [t for k, t in enumerate(self.terms) if k not in taken] + [host]
        return new


def split_product_off(terms, found):
    """The same as `split_off`, for a product of factors in the place of one."""
    places, met, parts = set(), set(), []
    for k, factors in found:
        t, rest = terms[k], terms[k].without(*factors)
        labels, held = list(dict.fromkeys(x for f in factors for x in f.labels)), _held(rest)
        if len(factors) == 1 < len(labels) and any(x in held and x in t.out for x in labels):  # entries: see `common_entries`
            return None
        own = [x for x in labels if x in held and x not in t.out]
        places |= {p for p, x in enumerate(t.out) if x in held}
        met.add(tuple(map(labels.index, own)))
        parts.append((t, rest, own))
    if len(met) > 1:  # what is summed in the product for one term is not for another
        return None
    (first, _, own), at = parts[0], sorted(places)
    inner = [Product(t.scalars, rest, (*own, *(t.out[p] for p in at))) for t, rest, own in parts]
    return (found[0][1], first.out), own, [first.out[p] for p in at], inner


def split_entries_off(terms, found):
    """The same as `split_off`, for an array that all entries of a term are multiplied by."""
    rests = [(terms[k], terms[k].without(f)) for k, f in found]
    met = {p for t, rest in rests for p, x in enumerate(t.out) if x in _held(rest)}
    first, f = rests[0][0], found[0][1]
    places = sorted(met)
    inner = [Product(t.scalars, rest, [t.out[p] for p in places]) for t, rest in rests]
    return ([f], first.out), [], [first.out[p] for p in places], inner


def split_off(terms, found):
    """([common factor], axes of the result), its labels that are summed, the other axes, inner terms: the sum of some terms with a factor
    that they share taken out; None where it does not come apart.

    The inner terms have as axes first those of the common factor that are summed, then those of the result that any of them depends on.
    """
    rests = [(terms[k], f, Product(terms[k].scalars, terms[k].without(f), terms[k].out)) for k, f in found]
    if not all(_comes_apart(f, rest) for _, f, rest in rests):
        return None
    first, f, _ = rests[0]
    met = {p for _, _, rest in rests for p, x in enumerate(rest.out) if x in rest.held}
    places = [p for p, x in enumerate(first.out) if x not in f.labels and p in met]
    inner = [Product(t.scalars, rest.factors, (*_own(f, t), *(t.out[p] for p in places))) for t, f, rest in rests]
    return ([f], first.out), _own(f, first), [first.out[p] for p in places], inner


def _own(f, term):
    """The labels of a factor that are summed."""
    return [x for x in f.labels if x not in term.out]


def _comes_apart(f, rest):
    """Whether the rest of a product has the summed labels of a factor, each once, and none of its axes of the result."""
    own = _own(f, rest)
    return set(f.labels) & rest.held == set(own) and len(set(own)) == len(own)
