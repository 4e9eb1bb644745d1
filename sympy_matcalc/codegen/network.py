"""Contractions: a product of arrays with labelled axes, put in a good order and made of BLAS-shaped steps.

`MatMul`, `Trace`, `Sum` of a product and `Einsum` are all networks, so one planner serves them. An inverse is a factor that has not been
formed: contracting it with something is a solve.
"""
import opt_einsum as oe

from .softmax import softmax_pairs
from .values import COL, ROW, Label, Val, align, ordered


class Factor:
    """An array in a network: node, labels, and whether it stands for the inverse of the node."""

    __slots__ = ("node", "labels", "inverse")

    def __init__(self, node, labels, inverse=False):
        self.node, self.labels, self.inverse = node, tuple(labels), inverse

    def renamed(self, names):
        return Factor(self.node, (names.get(x, x) for x in self.labels), self.inverse)


class Net:
    """Factors, scalar coefficients, labels of the result's axes (None: length 1), labels in use, pairs of equal labels."""

    def __init__(self, factors=(), coefs=(), out=(), labels=(), pairs=()):
        self.factors, self.coefs, self.out = list(factors), list(coefs), tuple(out)
        self.labels, self.pairs = list(labels), list(pairs)

    def fresh(self):
        """A copy with labels of its own, so that one network may occur twice in a product."""
        names = {x: Label(x.size) for x in self.labels if not x.index}
        get = lambda x: names.get(x, x)  # noqa: E731
        return Net([f.renamed(names) for f in self.factors], self.coefs, map(get, self.out), map(get, self.labels),
                   [(get(a), get(b)) for a, b in self.pairs])

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
    g, summed = ctx.graph, set(summed)
    for c in [c for c in net.coefs if c.labels]:
        net.factors.append(Factor(c.node, c.labels))
    coefs = [n for c in net.coefs if not c.labels for n in (c.node.args if c.node.op == "mul" else (c.node,))]
    factors, out, labels = _resolve(net, summed)
    factors, coefs = _softmaxes(g, factors, coefs)
    keep = {x for x in out if x is not None} | {x for f in factors for x in f.labels if x.index and x not in summed}
    used = {x for f in factors for x in f.labels}
    coefs += [ctx.size(x.size) for x in labels if x not in used and x not in keep and (x in summed or not x.index)]
    scale = g.mul(*coefs)
    if scale.value == 0:
        return Val(scale)
    factors = [_diagonals(g, f, keep) for f in factors]
    node, have = _run(ctx, factors, keep, scale, dict.fromkeys(x for x in out if x is not None))
    return _place(ctx, node, have, out)


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
    node = ctx.graph.make("embed", (core, ctx.graph.dtype_node(), *(ctx.size(x.size) for x in axes)), spec, len(axes))
    return Val(node, tuple(k for k, x in enumerate(out) if x is not None))


def add_embedded(ctx, vals):
    """The sum of values, deltas written onto the diagonal of the rest instead of being filled up with zeros."""
    g = ctx.graph
    sparse = [v for v in vals if v.node.op == "embed"]
    rest = [v for v in vals if v.node.op != "embed"]
    if not sparse or len(vals) == 1:
        return ctx.add(*vals)
    base = ctx.add(*rest) if rest else sparse.pop()
    if len(base.labels) < len(sparse[0].labels if sparse else ()):
        return ctx.add(*vals)
    for v in sparse:
        axes, target = v.node.attrs
        axes = "".join(axes[v.labels.index(x)] for x in base.labels)
        base = Val(g.make("add_diagonal", (base.node, v.node.args[0]), (axes, target), base.node.ndim), base.labels)
    return base


def _volume(ctx, labels):
    total = 1
    for x in labels:
        total *= ctx.nominal(x.size)
    return total


def _diagonals(g, f, keep):
    """A label twice on one factor: the diagonal, or the trace where nobody needs it."""
    while len(set(f.labels)) < len(f.labels):
        if f.inverse:
            f = _formed(g, f)
        x = next(x for x in f.labels if f.labels.count(x) > 1)
        i = f.labels.index(x)
        j = f.labels.index(x, i + 1)
        rest = [y for k, y in enumerate(f.labels) if k not in (i, j)]
        f = Factor(g.make("diagonal", (f.node,), (i, j), f.node.ndim - 1), (*rest, x))
    return f


def _run(ctx, factors, keep, scale, order):
    """(node, labels) of the scaled contraction of all factors, pair by pair as planned; `order`: the labels as the result has them."""
    if not factors:
        return scale, ()
    factors = list(factors)
    for pair in _path(ctx, factors, keep):
        chosen = [factors[k] for k in sorted(pair)]
        factors = [f for k, f in enumerate(factors) if k not in pair]
        needed = keep | {x for f in factors for x in f.labels}
        if not factors:
            chosen, scale = _scaled(ctx, chosen, scale, keep)
        new = chosen[0]
        for f in chosen[1:]:
            new = _pair(ctx, new, f, needed, order)
        factors.append(new)
    last = _formed(ctx.graph, factors[0])
    gone = [k for k, x in enumerate(last.labels) if x not in keep]
    return ctx.graph.mul(scale, ctx.graph.sum(last.node, gone)), tuple(x for x in last.labels if x in keep)


def _scaled(ctx, factors, scale, keep):
    """Put the scalar on the smallest of the last operands if the result is larger than that."""
    if len({x for f in factors for x in f.labels}) == sum(len(f.labels) for f in factors):
        factors = [_formed(ctx.graph, f) for f in factors]              # an outer product: nothing to solve
    dense = [f for f in factors if not f.inverse]
    if scale.value == 1 or not dense:
        return factors, scale
    least = min(dense, key=lambda f: _volume(ctx, f.labels))
    if _volume(ctx, least.labels) >= _volume(ctx, keep):
        return factors, scale
    new = Factor(ctx.graph.mul(scale, least.node), least.labels)
    return [new if f is least else f for f in factors], ctx.graph.const(1)


def _path(ctx, factors, keep):
    """Pairs of positions, as opt_einsum numbers them; a product that has been made for something else is taken as free."""
    if len(factors) == 1:
        return []
    if len(factors) == 2:
        return [(0, 1)]
    names = {}
    name = lambda x: names.setdefault(x, oe.get_symbol(len(names)))  # noqa: E731
    inputs = [frozenset(map(name, f.labels)) for f in factors]
    sizes = {name(x): ctx.nominal(x.size) for f in factors for x in f.labels}
    output = frozenset(names[x] for x in keep if x in names)
    best = _planned(inputs, output, sizes)
    cost = _flops(inputs, output, sizes, best)
    for pair in _known_pairs(ctx.graph, factors, keep):
        merged = _merged(inputs, output, pair)
        path = [pair, *_planned(merged, output, sizes)]
        total = _flops(merged, output, sizes, path[1:])
        if total < cost:
            best, cost = path, total
    return best


def _planned(inputs, output, sizes):
    if len(inputs) <= 2:
        return [tuple(range(len(inputs)))] if len(inputs) == 2 else []
    planner = oe.DynamicProgramming() if len(inputs) > 4 else oe.paths.optimal
    return planner(inputs, output, sizes, None)


def _merged(inputs, output, pair):
    """The index sets after contracting a pair."""
    rest = [s for k, s in enumerate(inputs) if k not in pair]
    return [*rest, frozenset().union(*(inputs[k] for k in pair)) & output.union(*rest)]


def _flops(inputs, output, sizes, path):
    total = 0
    for pair in path:
        step = 1
        for x in frozenset().union(*(inputs[k] for k in pair)):
            step *= sizes[x]
        total += step
        inputs = _merged(inputs, output, pair)
    return total


def _known_pairs(g, factors, keep):
    """Pairs of matrices whose product is in the graph already."""
    found = []
    for i, a in enumerate(factors):
        for j in range(i + 1, len(factors)):
            b = factors[j]
            inner = [x for x in a.labels if x in b.labels]
            others = keep | {x for k, f in enumerate(factors) if k not in (i, j) for x in f.labels}
            if a.inverse or b.inverse or len(inner) != 1 or inner[0] in others or not (len(a.labels) == 2 == len(b.labels)):
                continue
            (left,), (right,) = ([x for x in f.labels if x is not inner[0]] for f in (a, b))
            first, second = ordered(g, Val(a.node, a.labels), (left, inner[0])), ordered(g, Val(b.node, b.labels), (inner[0], right))
            if g.known_product(first, second):
                found.append((i, j))
    return found


def _formed(g, f):
    """The factor as an array: an inverse that has met nothing is formed."""
    return _unturned(g.inv(f.node), f.labels) if f.inverse else f


def _presum(g, f, other, keep):
    gone = [k for k, x in enumerate(f.labels) if x not in keep and x not in other.labels]
    if not gone:
        return f
    f = _formed(g, f)
    return Factor(g.sum(f.node, gone), (x for k, x in enumerate(f.labels) if k not in gone))


def _pair(ctx, a, b, keep, order):
    """Contract two factors; labels in `keep` stay."""
    g = ctx.graph
    a, b = _presum(g, a, b, keep), _presum(g, b, a, keep)
    solved = _solve(g, a, b, keep) or _solve(g, b, a, keep)
    if solved:
        return solved
    a, b = _formed(g, a), _formed(g, b)
    common = [x for x in a.labels if x in b.labels]
    inner = [x for x in common if x not in keep]
    batch = [x for x in common if x in keep]
    if not inner:
        return _outer(g, a, b, order)
    left = [x for x in a.labels if x not in common]
    right = [x for x in b.labels if x not in common]
    return _product(g, a, b, inner, batch, left, right)


def _solve(g, a, b, keep):
    """inverse(a) times b where they share one label that is summed, else None; both of two shared labels: a trace."""
    if not a.inverse:
        return None
    shared = [x for x in a.labels if x in b.labels]
    inner = [x for x in shared if x not in keep]
    if len(set(a.labels)) != 2 or len(a.labels) != 2 or not inner or len(shared) > len(inner):
        return None
    b = _formed(g, b)
    if len(b.labels) > 2:
        return None
    s = inner[-1] if a.labels[COL] in inner and inner[-1] is a.labels[COL] else inner[0]
    if len(inner) == 2:
        s = a.labels[COL]
    other = a.labels[ROW] if s is a.labels[COL] else a.labels[COL]
    rest = [x for x in b.labels if x is not s]
    rhs = ordered(g, Val(b.node, b.labels), (s, *rest))
    node = g.solve(g.transpose(a.node) if s is a.labels[ROW] else a.node, rhs)
    if other in rest:                                   # tr(inverse(a) b)
        return Factor(g.make("trace", (node,), (0, 1), 0), ())
    return Factor(node, (other, *rest))


def _outer(g, a, b, order):
    """The product without a sum; where it has more axes than both, they come in the order of the result."""
    vals = [Val(a.node, a.labels), Val(b.node, b.labels)]
    union = {*a.labels, *b.labels}
    if len(union) > max(len(a.labels), len(b.labels)) and union <= order.keys():
        labels = tuple(x for x in order if x in union)
        return Factor(g.mul(*(g.view(v.node, [v.labels.index(x) if x in v.labels else None for x in labels]) for v in vals)), labels)
    nodes, labels = align(g, vals)
    return Factor(g.mul(*nodes), labels)


def _product(g, a, b, inner, batch, left, right):
    if not batch and len(inner) == 1 and len(left) <= 1 and len(right) <= 1:
        return _matmul(g, a, b, inner[0], left, right)
    if not batch and not left and not right:
        order = a.labels
        return Factor(g.make("dot", (a.node, ordered(g, Val(b.node, b.labels), order)), (), 0), ())
    if not batch:
        axes = (tuple(a.labels.index(x) for x in inner), tuple(b.labels.index(x) for x in inner))
        return Factor(g.make("tensordot", (a.node, b.node), axes, len(left) + len(right)), (*left, *right))
    if len(inner) == len(left) == len(right) == 1:
        first = ordered(g, Val(a.node, a.labels), (*batch, *left, *inner))
        second = ordered(g, Val(b.node, b.labels), (*batch, *inner, *right))
        return Factor(g.make("matmul", (first, second), (), len(batch) + 2), (*batch, *left, *right))
    names = {x: oe.get_symbol(k) for k, x in enumerate(dict.fromkeys((*a.labels, *b.labels)))}
    out = (*batch, *left, *right)
    word = lambda labels: "".join(names[x] for x in labels)  # noqa: E731
    spec = f"{word(a.labels)},{word(b.labels)}->{word(out)}"
    return Factor(g.make("einsum", (a.node, b.node), (spec,), len(out)), out)


def _matmul(g, a, b, s, left, right):
    """A product of vectors and matrices along one label, on the side that needs fewer transposes."""
    as_given = _turns(a, (*left, s)) + _turns(b, (s, *right))
    if len(b.labels) == 1 or len(a.labels) == 2 and _turns(b, (*right, s)) + _turns(a, (s, *left)) < as_given:
        a, b, left, right = b, a, right, left
    if len(b.labels) == 2 and len(a.labels) == 1 and b.labels[1] is s:
        a, b, left, right = b, a, right, left
    first = ordered(g, Val(a.node, a.labels), (*left, s))
    second = ordered(g, Val(b.node, b.labels), (s, *right))
    return _unturned(g.matmul(first, second), (*left, *right))


def _unturned(node, labels):
    """The factor without a transpose around it: the labels turn instead."""
    if node.op == "view" and node.attrs == (1, 0):
        return Factor(node.args[0], labels[::-1])
    return Factor(node, labels)


def _turns(f, labels):
    return tuple(f.labels) != tuple(labels)
