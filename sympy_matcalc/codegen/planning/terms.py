"""Sums of products: what the planner multiplies out and factors."""

from ..ir.product import Product


def collected(g, terms):
    """The sum with equal products, up to a number, as one."""
    groups = {}
    for k, t in enumerate(terms):
        groups.setdefault(_signature(t) or k, []).append(t)
    if len(groups) == len(terms):
        return terms
    out = []
    for same in groups.values():
        number = sum(t.number for t in same)
        rest = [c for c in same[0].scalars if c.op != "const"]
        out.append(same[0] if len(same) == 1 else Product((g.const(number), *rest) if number != 1 else rest, same[0].factors, same[0].out))
    return [t for t in out if all(c.value != 0 for c in t.scalars)] or out[:1]


def _signature(term):
    """What equal products share: their factors with labels numbered as they are met from the first axis of the result on."""
    names = {x: k for k, x in enumerate(dict.fromkeys(term.out))}
    out: list[tuple] = [tuple(names[x] for x in term.out)]
    left = list(term.factors)
    while left:
        known = [f for f in left if any(x in names for x in f.labels)] or left
        keyed = sorted(known, key=lambda f: (f.node.number, f.inverse, [names.get(x, len(names)) for x in f.labels]))
        f = keyed[0]
        for x in f.labels:
            names.setdefault(x, len(names))
        out.append((f.node.number, f.inverse, f.planned, tuple(names[x] for x in f.labels)))
        left = [x for x in left if x is not f]
    coefs = tuple(sorted(c.number for c in term.scalars if c.op != "const"))
    return (*out, coefs)


def common_factors(terms):
    """Factors with an axis of the result that several terms share at the same place: (positions of the terms, factor in each)."""
    groups = {}
    for k, t in enumerate(terms):
        if t.is_diagonal:
            continue
        for f in t.factors:
            place = tuple(t.out.index(x) if x in t.out else None for x in f.labels)
            if all(p is None for p in place) or None not in place or len(t.factors) < 2:
                continue
            groups.setdefault((f.node.number, f.inverse, place), {}).setdefault(k, f)
    return [list(found.items()) for found in groups.values() if len(found) > 1]


def split_off(terms, found):
    """(common factor, axes of the result), its labels that are summed, the other axes, inner terms: the sum of some terms with a factor
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
    return (f, first.out), _own(f, first), [first.out[p] for p in places], inner


def _own(f, term):
    """The labels of a factor that are summed."""
    return [x for x in f.labels if x not in term.out]


def _comes_apart(f, rest):
    """Whether the rest of a product has the summed labels of a factor, each once, and none of its axes of the result."""
    own = _own(f, rest)
    return set(f.labels) & rest.held == set(own) and len(set(own)) == len(own)
