"""Contractions: a product of arrays with labelled axes, as one node of the graph.

`MatMul`, `Trace`, `Sum` of a product and `Einsum` are all networks, so one planner serves them, later (`planning`): here nothing is put in
an order yet. An inverse is a factor that has not been formed: contracting it with something is a solve.
"""

import opt_einsum as oe

from .ir.labels import Label
from .ir.lengths import length
from .ir.product import Factor, Product, find
from .values import ROW, Val, ordered


def leaf(val, shape):
    """The product that is one value of the given shape (SymPy sizes)."""
    if val.diag:
        a = Label(shape[0])
        out: tuple[Label | None, ...] = (a, a)
        names = {ROW: a}
    else:
        out = tuple(None if s == 1 else Label(s) for s in shape)
        names = {k: x for k, x in enumerate(out) if x is not None}
    labels = [x for x in dict.fromkeys(out) if x is not None]
    if not val.labels:
        return Product([val.node], (), out, labels=labels)
    return Product((), [Factor(val.node, (names[x] if not isinstance(x, Label) else x for x in val.labels))], out, labels=labels)


def _names(product, summed):
    """The labels in pairs of equal ones by what they become; a label that is kept wins over one that is summed."""
    kept = {x for x in product.out if x is not None}
    rank = lambda x: (x.index and x not in summed, x in kept, -x.serial)  # noqa: E731
    root = {}
    for a, b in product.equal:
        a, b = find(root, a), find(root, b)
        if a is not b:
            a, b = (a, b) if rank(a) >= rank(b) else (b, a)
            root[b] = a
    return {x: find(root, x) for x in root}


def contract(ctx, product, summed=()):
    """The value of a product. Labels that `out` has not are summed, except indices of sums that are not in `summed`."""
    g = ctx.graph
    product, keep = settled(ctx, product, set(summed))
    (scale,) = product.scalars
    if scale.value == 0:
        return Val(scale)
    node, have = joined(g, product.factors, keep, scale, dict.fromkeys(x for x in product.out if x is not None))
    return _place(ctx, node, have, product.out)


def settled(ctx, product, summed=frozenset()):
    """(product with one label an index and one scalar, its labels that are not summed)."""
    g = ctx.graph
    names = _names(product, summed)
    p = product.renamed(names) if names else product
    coefs = [n for c in p.scalars for n in (c.args if c.op == "mul" else (c,))]
    used = p.held
    keep = {x for x in p.out if x is not None} | {x for x in used if x.index and x not in summed}
    for x in dict.fromkeys((*p.labels, *(names.get(x, x) for x in summed))):
        if x not in used and x not in keep and (x in summed or not x.index):
            coefs.append(ctx.size(x.size))
    within = _within_loops(ctx, dict.fromkeys((*p.held, *keep)))
    p, keep = p.renamed(within), {within.get(x, x) for x in keep}
    return Product([g.mul(*coefs)], [diagonals(g, f) for f in p.factors], p.out), keep


def _within_loops(ctx, labels):
    """Labels whose sizes depend on what a loop runs over, by what they become: of the number of the loop at hand, which passes know too."""
    loops = {s for s, val in ctx.bindings.items() if not val.labels and val.node.loops}
    found = [x for x in labels if loops and not x.index and loops & x.size.free_symbols]
    return {x: Label(length(ctx.size(x.size))) for x in found}


def joined(g, factors, keep, scale, order):
    """(node, labels) of the scaled contraction of all factors; `order`: the labels as the result has them."""
    if not factors:
        return scale, ()
    if len(factors) > 1:
        used = dict.fromkeys(x for f in factors for x in f.labels if x in keep)
        have = (*(x for x in used if x not in order), *(x for x in order if x in used))
        return g.contract(factors, have, scale), have
    last = formed(g, factors[0])
    gone = [k for k, x in enumerate(last.labels) if x not in keep]
    return g.mul(scale, g.sum(last.node, gone)), tuple(x for x in last.labels if x in keep)


def formed(g, f):
    """The factor as an array: an inverse that has met nothing is formed."""
    return unturned(g.inv(f.node), f.labels) if f.inverse else f


def unturned(node, labels):
    """The factor without a transpose around it: the labels turn instead."""
    if node.op == "view" and node.attrs == (1, 0):
        return Factor(node.args[0], labels[::-1])
    return Factor(node, labels)


def _place(ctx, node, have, out):
    """The value with the axes of `out` as labels; an axis that repeats a label is a delta."""
    places = {}
    for axis, x in enumerate(out):
        if x is not None:
            places.setdefault(x, []).append(axis)
    labels = tuple(places[x][0] if x in places else x for x in have)
    repeated = {x: p for x, p in places.items() if len(p) > 1}
    if not repeated:
        return Val(node, labels)
    if len(out) == 2:
        return Val(node, labels, diag=True)
    return _embed(ctx, Val(node, labels), places, out)


def _embed(ctx, val, places, out):
    """A delta among three and more axes: zeros, and the value written on the diagonal."""
    stack = [x for x in val.labels if isinstance(x, Label)]  # indices of sums, and that of a batch
    if stack and not ctx.is_tiled and not ctx.stacks:
        raise ctx.needs_loop("a delta under a Sum")
    letters = {x: oe.get_symbol(k) for k, x in enumerate((*stack, *places))}
    axes = [*stack, *(x for x in out if x is not None)]
    target = list(dict.fromkeys(axes))
    first = {places[x][0]: x for x in target if x in places}
    core = ordered(ctx.graph, Val(val.node, tuple(first.get(a, a) for a in val.labels)), target)
    spec = "".join(letters[x] for x in axes), "".join(letters[x] for x in target)
    node = ctx.graph.make("embed", (core, ctx.graph.dtype_node(), *(ctx.size(x.size) for x in axes)), spec)
    return Val(node, (*stack, *(k for k, x in enumerate(out) if x is not None)))


def add_embedded(ctx, vals):
    """The sum of values: deltas of one form are added first, and written onto the diagonal of the rest instead of being filled up with
    zeros.
    """
    g = ctx.graph
    rest, cores = [], {}
    for v in vals:
        if v.node.op == "embed":
            cores.setdefault((v.node.attrs, v.labels, v.node.args[1:]), []).append(v.node.args[0])
        else:
            rest.append(v)
    sparse = [(attrs, labels, g.add(*same), more) for (attrs, labels, more), same in cores.items()]
    if rest:
        base = ctx.add(*rest)
    elif sparse:
        attrs, labels, core, more = sparse.pop()
        base = Val(g.make("embed", (core, *more), attrs), labels)
    else:
        return ctx.add(*vals)
    if any(set(base.labels) != set(labels) for _, labels, _, _ in sparse):  # one is of a batch, or constant along an axis, the other is not
        return ctx.add(*vals)
    for (axes, target), labels, core, _ in sparse:
        axes = "".join(axes[labels.index(x)] for x in base.labels)
        base = Val(g.make("add_diagonal", (base.node, core), (axes, target)), base.labels)
    return base


def diagonals(g, f):
    """A label twice on one factor: the diagonal, or the trace where nobody needs it."""
    while len(set(f.labels)) < len(f.labels):
        if f.inverse:
            f = formed(g, f)
        x = next(x for x in f.labels if f.labels.count(x) > 1)
        i = f.labels.index(x)
        j = f.labels.index(x, i + 1)
        rest = [y for k, y in enumerate(f.labels) if k not in (i, j)]
        f = Factor(g.make("diagonal", (f.node,), (i, j)), (*rest, x))
    return f
