"""A sum of products written out, equal ones as one: also those that are the same but for the transpose of a matrix, which then meet the sum
of it and its transpose: ``W_ij u_i v_j + W_ji u_i v_j`` is ``(W + W')_ij u_i v_j``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, signature
from ..network import diagonals, joined


def key_of(graph: Graph, coefs: Sequence[Node], factors: Sequence[Factor], out: Sequence[Label]) -> Any:
    """What equal products share. Two factors may be met at once: then it matters which comes first."""
    ways = (tuple(factors), tuple(factors)[::-1])
    return min(signature(Product(coefs, way, out), graph) for way in ways)


def written_out(graph: Graph, terms: Sequence[Product]) -> Node:
    """The sum, which has all axes of the products."""
    left = _collected(graph, terms)
    while (new := _with_transposes(graph, left)) is not None:
        left = _collected(graph, new)
    return graph.add(*(_node(graph, t) for t in _with_common_parts(graph, left)))


# ---- common parts
def _with_common_parts(graph: Graph, terms: list[Product]) -> list[Product]:
    """The terms with what most of them share on one side of a label that is summed taken out, until nothing is shared."""
    out: list[Product] = []
    while True:
        groups: dict[Any, list[Cut]] = {}
        for t in terms:
            for key, cut in _cuts(graph, t):
                same = groups.setdefault(key, [])
                if not any(x.term is t for x in same):
                    same.append(cut)
        largest = max(groups.values(), key=len, default=[])
        if len(largest) < 2:
            return [*out, *terms]
        out.append(_taken_out(graph, largest))
        terms = [t for t in terms if not any(x.term is t for x in largest)]


class Cut(NamedTuple):
    """A product as two that share one label, which is summed: the factors of either side, and which axes of the result these have."""

    term: Product
    label: Label
    first: list[Factor]
    second: list[Factor]
    axes: tuple[int, ...]


def _cuts(graph: Graph, t: Product) -> Iterator[tuple[Any, Cut]]:
    """The ways to cut a product in two that each have two axes of the result at least, with what cuts of equal first sides share."""
    for x in dict.fromkeys(x for f in t.factors for x in f.labels if x not in t.out):
        parts = [(at, fs) for at, fs in _parts(t, x) if any(x in f.labels for f in fs)]
        if sum(len(fs) for _, fs in parts) < len(t.factors):
            continue
        for axes in (a for size in range(2, len(t.out) - 1) for a in combinations(range(len(t.out)), size)):
            first = [f for at, fs in parts if at and set(at) <= set(axes) for f in fs]
            second = [f for at, fs in parts if not at or not set(at) & set(axes) for f in fs]
            if first and second and len(first) + len(second) == len(t.factors):
                yield (axes, key_of(graph, (), first, (x, *(t.out[k] for k in axes)))), Cut(t, x, first, second, axes)


def _parts(t: Product, x: Label) -> list[tuple[tuple[int, ...], list[Factor]]]:
    """(axes of the result, factors) of what hangs together without a label."""
    parts: list[tuple[set[Label], list[Factor]]] = []
    for f in t.factors:
        own = set(f.labels) - {x}
        touching = [p for p in parts if p[0] & own]
        parts = [p for p in parts if not any(p is q for q in touching)]
        parts.append((own.union(*(p[0] for p in touching)), [*(g for p in touching for g in p[1]), f]))
    return [(tuple(k for k, y in enumerate(t.out) if y in own), fs) for own, fs in parts]


def _taken_out(graph: Graph, cuts: list[Cut]) -> Product:
    """The sum of products with equal first sides, as the product of these with the sum of the second ones."""
    term, label, first, _, axes = cuts[0]
    free = [k for k in range(len(term.out)) if k not in axes]
    inner = [Product(c.term.scalars, c.second, (c.label, *(c.term.out[k] for k in free))) for c in cuts]
    total = graph.add(*(_node(graph, t) for t in inner))
    return Product((), [*first, Factor(total, (label, *(term.out[k] for k in free)))], term.out)


def _collected(graph: Graph, terms: Sequence[Product]) -> list[Product]:
    groups: dict[Any, list[Product]] = {}
    for t in terms:
        groups.setdefault(key_of(graph, t.scalars, t.factors, t.out), []).append(t)
    numbers = [sum(t.number for t in same) for same in groups.values()]
    rest = [([c for c in same[0].scalars if c.op != "const"], same[0]) for same in groups.values()]
    return [Product((graph.const(x), *coefs), t.factors, t.out) for x, (coefs, t) in zip(numbers, rest, strict=True) if x != 0]


def _with_transposes(graph: Graph, terms: list[Product]) -> list[Product] | None:
    """The terms with two of them as one, that are the same but for the transpose of a matrix; None where there are none."""
    at = {key_of(graph, t.scalars, t.factors, t.out): t for t in terms}
    for t in terms:
        for f in t.factors:
            if f.node.ndim != 2 or f.inverse or f.node.shape[0] != f.node.shape[1] or graph.is_symmetric(f.node):
                continue
            rest = t.without(f)
            other = at.get(key_of(graph, t.scalars, [*rest, Factor(f.node, f.labels[::-1])], t.out))
            if other is not None and other is not t and other.number == t.number:
                both = Product(t.scalars, [*rest, Factor(graph.add(f.node, graph.transpose(f.node)), f.labels)], t.out)
                return [both if x is t else x for x in terms if x is not other]
    return None


def _node(graph: Graph, t: Product) -> Node:
    factors = [diagonals(graph, f) for f in t.factors]
    node, have = joined(graph, factors, set(t.out), graph.mul(*t.scalars), dict.fromkeys(t.out))
    return graph.view(node, [have.index(x) if x in have else None for x in t.out]) if node.ndim else node
