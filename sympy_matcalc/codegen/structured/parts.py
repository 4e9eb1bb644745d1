"""The arrays of operators: parts of a network as nodes, and the network that remains where a part is better not computed."""

from ..ir.product import Factor, Product
from ..network import contract, formed


def components(factors, apart=()):
    """The factors in groups that share no labels; labels in `apart` join nothing."""
    groups = []
    for f in factors:
        labels = {x for x in f.labels if x not in apart}
        near = [g for g in groups if g[0] & labels]
        groups = [g for g in groups if not g[0] & labels]
        groups.append((labels.union(*(g[0] for g in near)), [h for g in near for h in g[1]] + [f]))
    return groups


def value(ctx, factors, out, scale=None):
    """The node of ``scale *`` the contraction of factors, an array with the axes `out`; a scalar for no axes."""
    labels = dict.fromkeys([*out, *(x for f in factors for x in f.labels)])
    val = contract(ctx, Product([] if scale is None else [scale], factors, out, labels=labels))
    return ctx.dense_axes(val, range(len(out)), [x.size for x in out]).node if out else val.node


def reduced(ctx, term, most):
    """(factors, scale) of a term in which indices are summed as long as no array with more than `most` axes comes out, factors that lie
    within another one are multiplied to it, and there are no inverses: these meet what they can, for a solution, and the rest is formed.
    """
    factors, scales = list(term.factors), [term.scale]
    found = True
    while found:
        found = _next(term, factors, most)
        if found:
            group, labels = found
            rest = [f for f in factors if f not in group]
            node = value(ctx, group, labels)
            scales += [node] if not labels else []
            factors = rest + ([Factor(node, labels)] if labels else [])
    factors = [formed(ctx.graph, f) if f.inverse else f for f in _merged(ctx, factors)]
    return factors, ctx.graph.mul(*scales)


def _next(term, factors, most):
    """(factors, labels of their product) of the index whose sum leaves an array with the fewest axes, None where all leave too many."""
    found = [_summed_over(term, factors, x) for x in dict.fromkeys(x for f in factors for x in f.labels) if x not in term.kept]
    allowed = [(group, labels) for group, labels in found if len(labels) <= (max(most, 2) if _solves(group) else most)]
    return min(allowed, key=lambda pair: len(pair[1]), default=None)


def _summed_over(term, factors, x):
    """(factors with the index x, labels of their product summed over all that no other factor has)."""
    group = [f for f in factors if x in f.labels]
    needed = {y for f in factors if f not in group for y in f.labels}.union(term.kept)
    return group, tuple(y for y in dict.fromkeys(y for f in group for y in f.labels) if y in needed)


def _solves(group):
    """Whether an inverse meets something."""
    return len(group) > 1 and any(f.inverse for f in group)


def _merged(ctx, factors):
    factors = sorted(factors, key=lambda f: -len(f.labels))
    out = []
    for f in factors:
        at = next(
            (k for k, h in enumerate(out) if set(f.labels) <= set(h.labels) and len(h.labels) <= 2 and not (h.inverse or f.inverse)), None
        )
        if at is None:
            out.append(f)
        else:
            out[at] = Factor(value(ctx, [out[at], f], out[at].labels), out[at].labels)
    return out
