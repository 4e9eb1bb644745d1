"""Products that are a matrix times its own transpose: the same work on both sides of the summed axes is done once."""

from functools import reduce
from typing import NamedTuple

from ..ir.labels import Label
from ..ir.product import Factor
from ..ir.properties import is_truth, root
from ..values import Val, ordered


class Halves:
    """A product as ``first * second * weights * middle``, where exchanging the labels `turn` turns first into second."""

    def __init__(self, first, second, weights, middle, turn):
        self.first, self.second, self.weights, self.middle, self.turn = first, second, weights, middle, turn


def halves(factors, keep):
    """All ways to see a product as two equal halves around weights."""
    found = []
    for i, f in enumerate(factors):
        for g in factors[i + 1 :]:
            if f.node is g.node and f.inverse == g.inverse and f.labels != g.labels:
                split = _split(factors, f, g)
                for new in (split, split and _grown(split)):
                    if new and not any(new.turn == other.turn for other in found) and _useful(new, keep):
                        found.append(new)
    return found


def _moved(f, turn):
    """The labels of a factor that the exchange changes."""
    return {x for x in f.labels if turn.get(x, x) is not x}


def _grown(split):
    """The halves with equal factors among the weights exchanged too."""
    first, second, weights = list(split.first), list(split.second), list(split.weights)
    both, side = {**split.turn, **{y: x for x, y in split.turn.items()}}, set(split.turn)
    for h in split.weights:
        partner, grown = _partner(h, [w for w in weights if w is not h and w.labels != h.labels], both)
        if h not in weights or partner is None or not _moved(h, grown):
            continue
        first, second, both = [*first, h], [*second, partner], grown
        side |= _moved(h, grown)
        weights = [w for w in weights if w is not h and w is not partner]
    if len(first) == len(split.first) or not _exchanges(both, side) or any(_moved(w, both) for w in weights):
        return None
    if any(tuple(both.get(x, x) for x in f.labels) != g.labels for f, g in zip(first, second, strict=True)):  # what was fixed is exchanged
        return None
    return Halves(first, second, weights, split.middle, {x: y for x, y in both.items() if x in side})


def _exchanges(turn, side):
    """Whether no label of one half is exchanged with another of that half."""
    return not any(x in side and y in side for x, y in turn.items() if x is not y)


def _useful(split, keep):
    if any(x not in keep for f in split.middle for x in f.labels):  # it ties the halves: each has no sum of its own along that
        return False
    fixed = {x for f in (*split.first, *split.weights) for x in f.labels} - set(split.turn)
    return fixed - keep and all((x in keep) == (y in keep) for x, y in split.turn.items())


def _split(factors, f, g):
    """The halves where f answers to g; None where the rest of the product is not symmetric under that."""
    turn = _extended({}, f.labels, g.labels)
    if turn is None:
        return None
    first, second, middle, left = [f], [g], [], [h for h in factors if h is not f and h is not g]
    side = _moved(f, turn)
    while (h := next((h for h in left if _moved(h, turn)), None)) is not None:
        left = [x for x in left if x is not h]
        if _turns_into_itself(h, turn):
            middle.append(h)
            continue
        partner, grown = _partner(h, left, turn)
        if partner is None:
            return None
        turn, left = grown, [x for x in left if x is not partner]
        h, partner = (partner, h) if side & _moved(partner, turn) else (h, partner)
        if side & _moved(partner, turn):
            return None
        side |= _moved(h, turn)
        first.append(h)
        second.append(partner)
    return Halves(first, second, left, middle, {x: y for x, y in turn.items() if x in side})


def _turns_into_itself(h, turn):
    """Whether a factor is a symmetric matrix whose labels change places."""
    return len(h.labels) == 2 and h.node.symmetric and not h.inverse and tuple(turn.get(x, x) for x in h.labels) == h.labels[::-1]


def _partner(h, left, turn):
    for p in left:
        if p.node is h.node and p.inverse == h.inverse:
            grown = _extended(turn, h.labels, p.labels)
            if grown is not None:
                return p, grown
    return None, None


def _extended(turn, xs, ys):
    """The exchange of labels with these pairs too, or None where they contradict it."""
    out = dict(turn)
    for x, y in zip(xs, ys, strict=True):
        if out.setdefault(x, y) is not y or out.setdefault(y, x) is not x:
            return None
    return out


def gram(p, split, keep, scale, order):
    """(node, labels) of a product in halves: for what hangs together by summed labels one array Z, and Z' Z; ``Z_1' Z_2`` where the
    weights have no square root.
    """
    parts, outer = [], []
    for first, weights in _groups(split, keep):
        if not weights and all(x in keep for f in first for x in f.labels):  # what scales rows and columns does so after the product
            outer += [g for f, g in zip(split.first, split.second, strict=True) for g in (f, g) if any(f is h for h in first)]
            continue
        part = _gram(p, split, first, weights, keep, order)
        if part is None:
            return None
        parts.append(part)
    scales = [reduce(lambda a, b: p.steps.pair(a, b, keep, order), outer)] if outer else []
    new = reduce(lambda a, b: p.steps.pair(a, b, keep, order), [*scales, *parts, *split.middle])
    if new.node.op == "reshape":  # NumPy scales an array in place, but not a view of one
        array, *sizes = new.node.args
        return p.graph.reshape(p.graph.mul(scale, array), sizes), new.labels
    return p.graph.mul(scale, new.node), new.labels


def _groups(split, keep):
    """(factors of the first half, weights) that are connected by labels that are summed."""
    groups = []
    for f, is_weight in [*((f, False) for f in split.first), *((f, True) for f in split.weights)]:
        summed = {x for x in f.labels if x not in keep}
        touching = [q for q in groups if q[0] & summed]
        groups = [q for q in groups if not any(q is t for t in touching)]
        groups.append((summed.union(*(q[0] for q in touching)), [(f, is_weight), *(x for q in touching for x in q[1])]))
    return [([f for f, weight in members if not weight], [f for f, weight in members if weight]) for _, members in groups]


def _gram(p, split, first, weights, keep, order):
    """The factor that one group of a product in halves is."""
    axes = _axes(split, first, weights, keep, order)
    if not axes.inner or not axes.sides or not first:
        return None
    roots = _rooted(p, weights)
    if roots is not None:
        node = _of_rows(p, first, roots, axes) or _square(p, [*first, *roots], axes)
    elif axes.batch or len(axes.inner) > 1 or any(f.labels != (axes.inner[0],) or f.inverse for f in weights):
        node = _with_weights(p, first, weights, axes)
    else:
        node = _weighted(p, first, weights, axes)
    return None if node is None else _apart(p, split, node, axes.batch, axes.sides)


def _rooted(p, weights):
    """The square roots of the weights, None where one has none."""
    out = []
    for f in weights:
        node = root(p.graph, f.node) if p.weight_roots and not f.inverse else None
        if node is None:
            return None
        out.append(Factor(node, f.labels, planned=True))
    return out


class Axes(NamedTuple):
    """The labels of a group: kept and the same in both halves, summed, and those of one half that are exchanged."""

    batch: list[Label]
    inner: list[Label]
    sides: list[Label]

    @property
    def free(self):
        return {*self.batch, *self.inner, *self.sides}


def _axes(split, first, weights, keep, order):
    here = {x for f in (*first, *weights) for x in f.labels}
    fixed = here - {*split.turn, *split.turn.values()}
    batch = [x for x in order if x in fixed & keep]
    batch += sorted((fixed & keep) - set(batch), key=lambda x: x.serial)
    sides = sorted((x for x in split.turn if x in keep and x in here), key=lambda x: list(order).index(x) if x in order else -1)
    return Axes(batch, sorted(fixed - keep, key=lambda x: x.serial), sides)


def _of_rows(p, first, roots, axes):
    """``Z' Z`` of the rows of Z where a comparison holds, for a weight that is 0 or 1; None where no weight is."""
    if axes.batch or len(axes.inner) > 1:
        return None
    parts = [(f, x) for f in roots for x in (f.node.args if f.node.op == "mul" else (f.node,))]
    truth = next((x for f, x in parts if is_truth(x) and f.labels == tuple(axes.inner) and x.shape == f.node.shape), None)
    if truth is None:
        return None
    rest = [Factor(x, f.labels if x.ndim else (), planned=True) for f, x in parts if x is not truth]
    z = p.product([*first, *rest], axes.free, (*axes.inner, *axes.sides))
    return p.graph.make("weighted_gram", (_matrix(p, z, *axes), truth.args[0])) if set(z[1]) == axes.free else None


def _square(p, factors, axes):
    """``Z' Z``."""
    z = p.product(factors, axes.free, (*axes.batch, *axes.inner, *axes.sides))
    if not set(axes.sides) <= set(z[1]) or not {*axes.inner, *axes.batch} <= set(z[1]):
        return None
    half = _matrix(p, z, *axes)
    return _transposed_times(p, half, half, axes)


def _with_weights(p, first, weights, axes):
    """``(W Z)' Z``, for weights that have no root."""
    z = [p.product(factors, axes.free, (*axes.batch, *axes.inner, *axes.sides)) for factors in ([*first, *weights], first)]
    if len(z[1][1]) < len(axes.free):  # an axis that weights alone have
        return None
    one, other = (_matrix(p, half, *axes) for half in z)
    return _transposed_times(p, one, other, axes)


def _transposed_times(p, one, other, axes):
    g, b = p.graph, len(axes.batch)
    return g.matmul(g.view(one, (*range(b), b + 1, b)), other)


def _weighted(p, first, weights, axes):
    """``Z' diag(w) Z`` as one operation, for weights that may be negative."""
    z = p.product(first, axes.free, (*axes.inner, *axes.sides))
    if set(z[1]) != {*axes.inner, *axes.sides}:
        return None
    return p.graph.make("weighted_gram", (_matrix(p, z, *axes), p.graph.mul(*(f.node for f in weights))))


def _apart(p, split, node, batch, sides):
    """The factor of a Gram matrix with the axes of its rows and columns apart."""
    turned = [split.turn[x] for x in sides]
    if len(sides) > 1:
        node = p.graph.reshape(node, [p.size_of(x.size) for x in (*batch, *sides, *turned)])
    return Factor(node, (*batch, *sides, *turned))


def _matrix(p, z, batch, inner, sides):
    """Z with the summed axes as rows and the others as columns, behind the axes of the batch."""
    labels = (*batch, *inner, *sides)
    node = ordered(p.graph, Val(*z), labels)
    if len(inner) == len(sides) == 1:
        return node
    product = lambda xs: p.graph.mul(*(p.size_of(x.size) for x in xs))  # noqa: E731
    return p.graph.reshape(node, [*(p.size_of(x.size) for x in batch), product(inner), product(sides)])
