"""A multiple of the identity, or a diagonal matrix, plus constants and outer products: applied to an array without being formed.

``(I - 1 1'/m) x`` is ``x - sum(x)/m``, ``(I - 2 v v') X`` is ``X - 2 v (v' X)``, and ``(diag(p) - p p') X`` is ``p (X - p' X)``. A triangle
of ones times an array is its cumulative sum, and one of decays, `exp(l_j - l_i)`, the sum of what has decayed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..ir.graph import Graph
from ..ir.node import Node
from ..ir.product import Factor
from ..ir.terms import is_scaled
from ..values import Val, align, ordered
from .nodes import behind

Sides = tuple[Node, Node, Node]  # scalar, column and row of an outer product


@dataclass(frozen=True)
class Light:
    """diag(diagonal) + constant 1 1' + the sum of c u v'. diagonal: a scalar or a vector."""

    diagonal: Node
    constants: tuple[Node, ...]
    outers: tuple[Sides, ...]


def light(g: Graph, node: Node) -> Light | None:
    """What a square matrix is the sum of, None where that is anything else."""
    diagonals: list[Node] = []
    if node.op == "add_diagonal" and node.attrs == ("aa", "a"):
        node, core = node.args
        diagonals.append(core)
    constants: list[Node] = []
    outers: list[Sides] = []
    for a in node.args if node.op == "add" else (node,):
        c, array = _apart(g, a)
        if not a.ndim:
            constants.append(a)
        elif array.op == "eye" and len(array.args) == 2:
            diagonals.append(c)
        elif (sides := _sides(array)) is not None:
            outers.append((c, *sides))
        else:
            return None
    if not diagonals or len({d.ndim for d in diagonals}) > 1 or not constants and not outers:
        return None
    return Light(g.add(*diagonals), tuple(constants), tuple(outers))


def _apart(g: Graph, a: Node) -> tuple[Node, Node]:
    if a.op == "mul" and is_scaled(a):
        return g.mul(*a.args[:-1]), a.args[-1]
    return g.const(1), a


def _sides(array: Node) -> tuple[Node, Node] | None:
    """(u, v) of an outer product ``u v'``."""
    array, turned = behind(array), behind(array) is not array
    if array.op != "mul" or len(array.args) != 2:
        return None
    columns = [a.args[0] for a in array.args if a.op == "view" and a.attrs == (0, None)]
    rows = [a for a in array.args if a.ndim == 1]
    if len(columns) != 1 or len(rows) != 1:
        return None
    return (rows[0], columns[0]) if turned else (columns[0], rows[0])


def applied(g: Graph, a: Factor, b: Factor, keep: Sequence) -> Factor | None:
    """a times b where a is such a matrix, and they share one label, which is summed; else None."""
    if a.inverse or b.inverse or len(set(a.labels)) != 2 or a.node.op not in ("add", "add_diagonal"):
        return None
    shared = [x for x in a.labels if x in b.labels]
    if len(shared) != 1 or shared[0] in keep:
        return None
    parts, (s,) = light(g, a.node), shared
    if parts is None:
        return None
    r = a.labels[0] if a.labels[1] is s else a.labels[1]
    rest = [x for x in b.labels if x is not s]
    whole = Val(b.node, tuple(r if x is s else x for x in b.labels))
    sided = [(c, *((v, u) if a.labels[0] is s else (u, v))) for c, u, v in parts.outers]
    signs = [_sign(g, own, parts.diagonal) for _, own, _ in sided]
    if parts.diagonal.ndim and not parts.constants and all(signs):
        less = [Val(g.mul(g.const(sign), c, _along(g, other, b, s)), tuple(rest)) for sign, (c, _, other) in zip(signs, sided, strict=True)]
        nodes, labels = align(g, [whole, *less])
        scaled = _times(g, Val(parts.diagonal, (r,)), Val(g.add(*nodes), labels))
        return Factor(scaled.node, scaled.labels)
    vals = [_times(g, Val(parts.diagonal, (r,) if parts.diagonal.ndim else ()), whole)]
    total = g.sum(b.node, [b.labels.index(s)])
    vals += [Val(g.mul(c, total), tuple(rest)) for c in parts.constants]
    for c, own, other in sided:
        inner = _along(g, other, b, s)
        vals.append(_times(g, Val(g.mul(c, own), (r,)), Val(inner, tuple(rest))))
    nodes, labels = align(g, vals)
    return Factor(g.add(*nodes), labels)


def _sign(g: Graph, x: Node, of: Node) -> int:
    """1 where a vector is another, -1 where it is minus that, else 0."""
    return 1 if x is of else -1 if g.mul(g.const(-1), x) is of or x is g.mul(g.const(-1), of) else 0


def _times(g: Graph, a: Val, b: Val) -> Val:
    nodes, labels = align(g, [b, a])
    return Val(g.mul(*nodes), labels)


def _along(g: Graph, v: Node, b: Factor, s) -> Node:
    """The vector times an array, summed along one of its labels."""
    k = b.labels.index(s)
    if len(b.labels) == 1:
        return g.matmul(v, b.node)
    if len(b.labels) == 2:
        return g.matmul(v, b.node) if k == 0 else g.matmul(b.node, v)
    order = [*(j for j in range(len(b.labels)) if j != k), k]
    return g.matmul(g.view(b.node, order), v)


def cumulated(g: Graph, a: Factor, b: Factor, keep: Sequence) -> Factor | None:
    """a times b where a is a triangle of ones with its diagonal, or of decays, and b a vector or a matrix along it; else None."""
    if a.node.op not in ("triangle", "decay") or a.inverse or b.inverse or len(set(a.labels)) != 2 or a.node.shape[0] != a.node.shape[1]:
        return None
    if a.node.op == "triangle":
        ones, offset = a.node.args
        if ones.op != "full" or ones.args[0].value != 1 or offset.value != 0:
            return None
    shared = [x for x in a.labels if x in b.labels]
    if len(shared) != 1 or shared[0] in keep or len(set(b.labels)) > 2 or len(set(b.labels)) < len(b.labels):
        return None
    (s,) = shared
    r = a.labels[0] if a.labels[1] is s else a.labels[1]
    forward = (a.node.attrs == ("tril",)) == (s is a.labels[1])
    rest = [x for x in b.labels if x is not s]
    columns = ordered(g, Val(b.node, b.labels), (s, *rest)) if rest else g.view(b.node, (0, None))
    if a.node.op == "triangle":
        node = g.make("cumulative", (columns,), ("cumsum", forward))
    else:
        (l,) = a.node.args
        node = g.make("decayed", (columns, l if s is a.labels[1] else g.mul(g.const(-1), l)), (forward,))
    return Factor(node, (r, *rest)) if rest else Factor(g.index(node, {1: g.const(0)}), (r,))
