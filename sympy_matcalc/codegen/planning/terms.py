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
    out, left = [tuple(names[x] for x in term.out)], list(term.factors)
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
    rests = [terms[k].without(f) for k, f in found]
    held = [{x for g in rest for x in g.labels} for rest in rests]
    first, f = terms[found[0][0]], found[0][1]
    met = {p for (k, _), labels in zip(found, held, strict=True) for p, x in enumerate(terms[k].out) if x in labels}
    places = [p for p, x in enumerate(first.out) if x not in f.labels and p in met]
    inner = []
    for (k, f), rest, labels in zip(found, rests, held, strict=True):
        t = terms[k]
        own = [x for x in f.labels if x not in t.out]
        if labels & {x for x in f.labels if x in t.out} or not set(own) <= labels or len(set(own)) < len(own):
            return None
        inner.append(Product(t.scalars, rest, (*own, *(t.out[p] for p in places))))
    f = found[0][1]
    return (f, first.out), [x for x in f.labels if x not in first.out], [first.out[p] for p in places], inner
