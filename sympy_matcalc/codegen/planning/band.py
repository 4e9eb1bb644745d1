"""Matrices with one diagonal that lies apart from the main one: ``S' diag(d) R``, with rows of the identity S and R."""


def bands_apart(sums, draft):
    """The terms that are such a diagonal apart from the others."""
    if not any(f.node.op == "selector" for t in draft.terms for f in t.factors):
        return
    found = [_band(sums.planner, t) for t in draft.terms]
    draft.bands = [b for b in found if b is not None]
    draft.terms = [t for t, b in zip(draft.terms, found, strict=True) if b is None]


def _band(p, term):
    """(vector d, start, stop and step of its rows and of its columns) where a product is a diagonal of a block, else None."""
    if len(term.out) != 2 or term.out[0] is term.out[1]:
        return None
    selectors = [f for f in term.factors if f.node.op == "selector" and not f.inverse]
    if not 0 < len(selectors) < 3 or len({f.labels[0] for f in selectors}) > 1 or any(f.labels[0] is f.labels[1] for f in selectors):
        return None
    short = selectors[0].labels[0]
    rest = [f for f in term.factors if not any(f is s for s in selectors)]
    ends = [f.labels[1] for f in selectors] + [short] * (2 - len(selectors))
    if set(ends) != set(term.out) or any(set(f.labels) != {short} or len(f.labels) > 1 for f in rest):
        return None
    g, where = p.graph, []
    for x in term.out:
        own = next((f for f in selectors if f.labels[1] is x), None)
        where += own.node.args[2:] if own else [g.const(0), p.size_of(short.size), g.const(1)]
    scale = p.scale(term)
    d = p.product(rest, {short}, (short,), scale)[0] if rest else scale
    return d, [p.node_of(a) for a in where]
