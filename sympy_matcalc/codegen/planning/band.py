"""Matrices with one diagonal that lies apart from the main one: ``S' diag(d) R``, with rows of the identity S and R."""


def bands_apart(sums, draft):
    """The terms that are such a diagonal apart from the others."""
    if not any(f.node.op == "selector" for t in draft.terms for f in t.factors):
        return
    found = [_band(sums.planner, t) for t in draft.terms]
    draft.bands = _together(sums.graph, [b for b in found if b is not None])
    draft.terms = [t for t, b in zip(draft.terms, found, strict=True) if b is None]


def _together(g, bands):
    """The bands with those at the same place as one."""
    places = {}
    for d, where in bands:
        places.setdefault(tuple(a.number for a in where), []).append((d, where))
    return [(g.add(*(d for d, _ in same)), same[0][1]) for same in places.values()]


def _band(p, term):
    """(vector d, start, stop and step of its rows and of its columns) where a product is a diagonal of a block, else None."""
    selectors = [f for f in term.factors if f.node.op == "selector" and not f.inverse]
    short = _short_axis(selectors)
    rest = term.without(*selectors)
    if short is None or len(term.out) != 2 or term.is_diagonal or any(set(f.labels) != {short} or len(f.labels) > 1 for f in rest):
        return None
    of = {f.labels[1]: f for f in selectors}
    if {*of, *([short] if len(selectors) == 1 else [])} != set(term.out):
        return None
    g, where = p.graph, []
    for x in term.out:
        where += of[x].node.args[2:] if x in of else [g.const(0), p.size_of(short.size), g.const(1)]
    scale = p.scale(term)
    d = p.product(rest, {short}, (short,), scale)[0] if rest else scale
    return d, [p.node_of(a) for a in where]


def _short_axis(selectors):
    """The axis that one or two selectors take rows along, None where it is not one."""
    if not 0 < len(selectors) < 3 or len({f.labels[0] for f in selectors}) > 1 or any(f.labels[0] is f.labels[1] for f in selectors):
        return None
    return selectors[0].labels[0]
