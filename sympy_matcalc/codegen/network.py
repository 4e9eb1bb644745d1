"""Contractions: a product of arrays with labelled axes, as one node of the graph.

`MatMul`, `Trace`, `Sum` of a product and `Einsum` are all networks, so one planner serves them, later (`planning`): here nothing is put in
an order yet. An inverse is a factor that has not been formed: contracting it with something is a solve.
"""

import opt_einsum as oe

from .ir.labels import Label
from .ir.product import Factor
from .softmax import softmax_pairs
from .values import ROW, Val, ordered


class Net:
    """Factors, scalar coefficients, labels of the result's axes (None: length 1), labels in use, pairs of equal labels."""

    def __init__(self, factors=(), coefs=(), out=(), labels=(), pairs=()):
        self.factors, self.coefs, self.out = list(factors), list(coefs), tuple(out)
        self.labels, self.pairs = list(labels), list(pairs)

    def fresh(self):
        """A copy with labels of its own, so that one network may occur twice in a product."""
        names = {x: Label(x.size) for x in self.labels if not x.index}
        get = lambda x: names.get(x, x)  # noqa: E731
        return Net(
            [f.renamed(names) for f in self.factors],
            self.coefs,
            map(get, self.out),
            map(get, self.labels),
            [(get(a), get(b)) for a, b in self.pairs],
        )

    def absorb(self, other):
        """Take over the factors of another network, leaving `out` alone."""
        self.factors += other.factors
        self.coefs += other.coefs
        self.labels += other.labels
        self.pairs += other.pairs


def leaf(val, shape):
    """The network of one value of the given shape (SymPy sizes)."""
    if val.diag:
        a = Label(shape[0])
        out, names = (a, a), {ROW: a}
    else:
        out = tuple(None if s == 1 else Label(s) for s in shape)
        names = dict(enumerate(out))
    labels = [x for x in dict.fromkeys(out) if x is not None]
    net = Net([], [], out, labels)
    if val.labels:
        net.factors.append(Factor(val.node, (names[x] if not isinstance(x, Label) else x for x in val.labels)))
    else:
        net.coefs.append(val)
    return net


def _resolve(net, summed):
    """Apply the pairs: (factors, out, labels), equal labels made one; a label that is kept wins over one that is summed."""
    kept = {x for x in net.out if x is not None}
    rank = lambda x: (x.index and x not in summed, x in kept, -x.serial)  # noqa: E731
    root = {}

    def find(x):
        while x in root:
            x = root[x]
        return x

    for a, b in net.pairs:
        a, b = find(a), find(b)
        if a is not b:
            a, b = (a, b) if rank(a) >= rank(b) else (b, a)
            root[b] = a
    names = {x: find(x) for x in root}
    factors = [f.renamed(names) for f in net.factors]
    return factors, tuple(names.get(x, x) for x in net.out), dict.fromkeys(names.get(x, x) for x in [*net.labels, *summed])


def contract(ctx, net, summed=()):
    """The value of a network. Labels that `out` has not are summed, except indices of sums that are not in `summed`."""
    g = ctx.graph
    factors, scale, out, keep = settled(ctx, net, set(summed))
    if scale.value == 0:
        return Val(scale)
    node, have = _joined(g, factors, keep, scale, dict.fromkeys(x for x in out if x is not None))
    return _place(ctx, node, have, out)


def settled(ctx, net, summed=frozenset()):
    """(factors, the node of their scalar factor, labels of the result, labels that are not summed): a network with one label an index."""
    g = ctx.graph
    for c in [c for c in net.coefs if c.labels]:
        net.factors.append(Factor(c.node, c.labels))
    coefs = [n for c in net.coefs if not c.labels for n in (c.node.args if c.node.op == "mul" else (c.node,))]
    factors, out, labels = _resolve(net, summed)
    factors, coefs = _softmaxes(g, factors, coefs)
    keep = {x for x in out if x is not None} | {x for f in factors for x in f.labels if x.index and x not in summed}
    used = {x for f in factors for x in f.labels}
    coefs += [ctx.size(x.size) for x in labels if x not in used and x not in keep and (x in summed or not x.index)]
    return [diagonals(g, f) for f in factors], g.mul(*coefs), out, keep


def _joined(g, factors, keep, scale, order):
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


def _softmaxes(g, factors, coefs):
    """exp(z) next to a power of its sum, as softmax."""
    if not any(f.node.op == "pow" for f in factors) and not any(c.op == "pow" for c in coefs):
        return factors, coefs
    plain = [f for f in factors if not f.inverse]
    items = softmax_pairs(g, [(f.node, f.labels) for f in plain] + [(c, ()) for c in coefs])
    factors = [f for f in factors if f.inverse] + [Factor(node, labels) for node, labels in items if node.ndim]
    return factors, [node for node, _ in items if not node.ndim]


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
    if any(isinstance(x, Label) for x in val.labels):
        raise ctx.needs_loop("a delta under a Sum")
    letters = {x: oe.get_symbol(k) for k, x in enumerate(places)}
    axes = [x for x in out if x is not None]
    target = list(dict.fromkeys(axes))
    first = {places[x][0]: x for x in target}
    core = ordered(ctx.graph, Val(val.node, tuple(first[a] for a in val.labels)), target)
    spec = "".join(letters[x] for x in axes), "".join(letters[x] for x in target)
    node = ctx.graph.make("embed", (core, ctx.graph.dtype_node(), *(ctx.size(x.size) for x in axes)), spec)
    return Val(node, tuple(k for k, x in enumerate(out) if x is not None))


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
        if sparse and len(base.labels) < len(sparse[0][1]):
            return ctx.add(*vals)
    elif sparse:
        attrs, labels, core, more = sparse.pop()
        base = Val(g.make("embed", (core, *more), attrs), labels)
    else:
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
