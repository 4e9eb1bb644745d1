"""Terms with two axes on each side: Kronecker products, blocks along a diagonal, diagonals, permutations."""

from dataclasses import dataclass

from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor
from .layout import Layout
from .parts import components, value
from .tensors import network, number, total


@dataclass
class Kron:
    """scale A[r0, c0] B[r1, c1]; crossed: A[r0, c1] B[r1, c0]."""

    scale: Node
    A: Node
    B: Node
    term: object
    crossed: bool = False


def pairs(ctx, terms):
    """The layout of a sum of terms with two axes on each side, none of them dense."""
    kinds = {}
    for t in terms:
        kinds.setdefault(_kind(t), []).append(t)
    rest = kinds.keys() - {"diagonal"}
    if not rest:
        return Layout("DiagonalOperator", (_diagonal(ctx, terms),))
    if rest == {"outer"} and "diagonal" in kinds:
        return _low_rank(ctx, kinds)
    for side in (0, 1):
        if rest <= {f"eye {side}", f"blocks {side}"}:
            return _one_sided(ctx, kinds, side)
    return _several(ctx, kinds)


def _kind(t):
    """What a term is by its deltas, and by which arrays hang together."""
    (r0, r1), (c0, c1) = t.rows, t.cols
    if r0 is r1 or c0 is c1:
        return "network"
    if {r0, r1} & {c0, c1}:
        return _kind_by_deltas(t)
    groups = [labels & {r0, r1, c0, c1} for labels, _ in components(t.factors)]
    if set().union(*groups) != {r0, r1, c0, c1}:
        return "network"  # constant along an axis
    if _parted(groups, {r0, r1}, {c0, c1}):
        return "outer" if r0.size == c0.size and r1.size == c1.size else "network"
    return "kron" if _parted(groups, {r0, c0}, {r1, c1}) else "crossed" if _parted(groups, {r0, c1}, {r1, c0}) else "network"


def _parted(groups, one, two):
    """Whether no group has labels on both sides."""
    return all(g <= one or g <= two for g in groups)


def _kind_by_deltas(t):
    """What a term is of which a row is a column."""
    (r0, r1), (c0, c1) = t.rows, t.cols
    used = t.product.held
    if r0 is c0 and r1 is c1:
        return "diagonal"
    if r0 is c1 and r1 is c0:
        return "network" if used & {r0, r1} else "swap"
    for side, (r, c) in enumerate(((r0, c0), (r1, c1))):
        if r is c:
            return f"blocks {side}" if r in used else f"eye {side}"
    return "network"


def _diagonal(ctx, terms, turned=False):
    """The array of the diagonals, an axis for each of the two indices."""
    return ctx.graph.add(*(value(ctx, t.factors, t.rows[::-1] if turned else t.rows, t.scale) for t in terms))


def _beside_eye(ctx, terms, side):
    """The matrix next to an identity on `side`."""
    k = 1 - side
    return ctx.graph.add(*(value(ctx, t.factors, (t.rows[k], t.cols[k]), t.scale) for t in terms))


def _blocks(ctx, terms, side):
    """The blocks along the index of `side`."""
    k = 1 - side
    return ctx.graph.add(*(_stack(ctx, t, (t.rows[side], t.rows[k], t.cols[k])) for t in terms))


def _stack(ctx, t, out):
    """The blocks of one term. Weights of matrices that are the same for all, W[i, s] M[s, j, l], as one product of matrices: a product for
    each block would be many small ones.
    """
    r, j, l = out
    weights, others = ([f for f in t.factors if (r in f.labels) == own] for own in (True, False))
    (left, right) = ({x for f in group for x in f.labels} for group in (weights, others))
    if len(left) != 2 or left & {j, l} or right != left - {r} | {j, l} or any(f.inverse for f in t.factors):
        return value(ctx, t.factors, out, t.scale)
    (s,), g = left - {r}, ctx.graph
    sizes, x = [ctx.size(y.size) for y in (s, r, j, l)], Label(j.size * l.size)
    flat = g.reshape(value(ctx, others, (s, j, l)), [sizes[0], g.mul(*sizes[2:])])
    node = value(ctx, [Factor(value(ctx, weights, (r, s)), (r, s)), Factor(flat, (s, x))], (r, x), t.scale)
    return g.reshape(node, sizes[1:])


def _eye(ctx, matrix, n, side):
    eye = Layout("Eye", (ctx.size(n),))
    return Layout("KroneckerOperator", (eye, matrix) if side == 0 else (matrix, eye))


def _one_sided(ctx, kinds, side):
    """Blocks along the index of `side`, which are all one where nothing but an identity has that index."""
    g, k = ctx.graph, 1 - side
    eyes, blocks, diagonals = (kinds.get(name, []) for name in (f"eye {side}", f"blocks {side}", "diagonal"))
    if not blocks and not any(t.rows[side] in f.labels for t in diagonals for f in t.factors):
        return _eye(ctx, _with_diagonal(ctx, _beside_eye(ctx, eyes, side), diagonals, k), eyes[0].rows[side].size, side)
    parts = [_blocks(ctx, blocks, side)] if blocks else []
    if eyes:
        parts.append(_beside_eye(ctx, eyes, side))
    if not blocks:
        t = eyes[0]
        parts = [g.full(parts[0], [ctx.size(x.size) for x in (t.rows[side], t.rows[k], t.cols[k])])]
    found = g.add(*parts)
    if diagonals:
        found = g.make("add_diagonal", (found, _diagonal(ctx, diagonals, turned=side == 1)), ("abb", "ab"))
    return Layout("BlockDiagonalOperator", (found,), {"interleaved": True} if side else {})


def _with_diagonal(ctx, matrix, diagonals, k):
    """The matrix with diagonal terms, that depend on its index alone, on its diagonal."""
    if not diagonals:
        return matrix
    g = ctx.graph
    flat = [value(ctx, t.factors, (t.rows[k],) if any(f.labels for f in t.factors) else (), t.scale) for t in diagonals]
    return g.make("add_diagonal", (matrix, g.add(*flat)), ("aa", "a"))


def _several(ctx, kinds):
    """A sum of operators of different kinds; blocks are left as networks, since a sum has no `solve` to make them for."""
    parts, diagonals = [], kinds.get("diagonal", [])
    for side in (0, 1):
        eyes = kinds.get(f"eye {side}", [])
        if eyes:
            own = [t for t in diagonals if not any(t.rows[side] in f.labels for f in t.factors)]
            diagonals = [t for t in diagonals if t not in own]
            parts.append(_eye(ctx, _with_diagonal(ctx, _beside_eye(ctx, eyes, side), own, 1 - side), eyes[0].rows[side].size, side))
    if diagonals:
        parts.append(Layout("DiagonalOperator", (_diagonal(ctx, diagonals),)))
    for k in _combined(ctx, [_kron(ctx, t, False) for t in kinds.get("kron", [])]):
        parts.append(Layout("KroneckerOperator", (ctx.graph.mul(k.scale, k.A), k.B)))
    for k in _combined(ctx, [_kron(ctx, t, True) for t in kinds.get("crossed", [])]):
        (r0, r1), (c0, c1) = k.term.rows, k.term.cols
        parts.append(network(ctx, k.term, [Factor(k.A, (r0, c1)), Factor(k.B, (r1, c0))], k.scale))
    if "swap" in kinds:
        parts.append(_swap(ctx, kinds["swap"]))
    parts += [network(ctx, t) for name in ("blocks 0", "blocks 1", "outer", "network") for t in kinds.get(name, [])]
    return total(parts)


def _outer(ctx, t):
    """(scale, u, v): the term u[r0, r1] v[c0, c1], with u and v flattened."""
    groups = components(t.factors)
    own = [[f for labels, fs in groups if labels & {*side} for f in fs] for side in (t.rows, t.cols)]
    rest = [f for labels, fs in groups if not labels & t.kept.keys() for f in fs]
    size = [ctx.graph.mul(*(ctx.size(x.size) for x in t.rows))]
    u, v = (ctx.graph.reshape(value(ctx, fs, side), size) for fs, side in zip(own, (t.rows, t.cols)))
    return value(ctx, rest, (), t.scale), u, v


def _low_rank(ctx, kinds):
    """A diagonal plus outer products of arrays."""
    found = {}
    for scale, u, v in (_outer(ctx, t) for t in kinds["outer"]):
        found[u, v] = [*found.get((u, v), []), scale]
    scales, (left, right) = [ctx.graph.add(*s) for s in found.values()], zip(*found)
    d = _diagonal(ctx, kinds["diagonal"])
    if len(found) == 1:
        options = {"V": right[0]} if right[0] is not left[0] else {}
        return Layout("DiagonalPlusLowRankOperator", (d, left[0], *([scales[0]] if scales[0].value != 1 else [])), options)
    columns = [ctx.graph.mul(s, u) for s, u in zip(scales, left)]
    return Layout(
        "DiagonalPlusLowRankOperator", (d, Layout("np.column_stack", (columns,))), {"V": Layout("np.column_stack", (list(right),))}
    )


def _swap(ctx, terms):
    (n, m), scale = terms[0].cols, ctx.graph.add(*(t.scale for t in terms))
    shape = ctx.size(n.size), ctx.size(m.size)
    return Layout("TransposedOperator", (shape, (1, 0), number(ctx, scale)))


def _kron(ctx, t, crossed):
    (r0, r1), (c0, c1) = t.rows, t.cols
    sides = ((r0, c1), (r1, c0)) if crossed else ((r0, c0), (r1, c1))
    groups = components(t.factors)
    own = [[f for labels, fs in groups if labels & {*side} for f in fs] for side in sides]
    rest = [f for labels, fs in groups if not labels & {r0, r1, c0, c1} for f in fs]
    A, B = (value(ctx, fs, side) for fs, side in zip(own, sides))
    return Kron(value(ctx, rest, (), t.scale), A, B, t, crossed)


def _combined(ctx, krons):
    """Products with one of their two matrices in common as one: A (x) B + A (x) C = A (x) (B + C)."""
    g, out = ctx.graph, []
    for k in krons:
        at = next((i for i, h in enumerate(out) if h.A is k.A or h.B is k.B), None)
        if at is None:
            out.append(k)
            continue
        h, one = out[at], g.const(1)
        if h.A is k.A:
            out[at] = Kron(one, h.A, g.add(g.mul(h.scale, h.B), g.mul(k.scale, k.B)), h.term)
        else:
            out[at] = Kron(one, g.add(g.mul(h.scale, h.A), g.mul(k.scale, k.A)), h.B, h.term)
    return out
