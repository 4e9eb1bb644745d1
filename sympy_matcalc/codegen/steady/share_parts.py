"""Parts of the pass that puts exponentials in shares (`shares`): where a factor is multiplied into, what is left out, what is a twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product
from ..ir.terms import is_scaled
from ..planning.keys import Keys
from ..schedule import reachable
from .walk import called


class ApartError(Exception):
    """An exponential and the sum that it is to be over do not come together."""


def host(sums: dict[int, Factor], labels: Sequence[Label]) -> int:
    """The place of a sum that has all of these labels."""
    for k, f in sums.items():
        if set(labels) <= set(f.labels):
            return k
    raise ApartError


def less_sums_of_one(new: list[Factor], left: list[Factor], out: Sequence[Label]) -> list[Factor]:
    """The factors without those shares that are summed by themselves, which are 1 together."""
    factors = [*new, *left]
    for f in new:
        others = {x for g in factors if g is not f for x in g.labels}
        row, column = f.labels
        if column not in others and column not in out and (row in others or row in out):
            factors = [g for g in factors if g is not f]
    return factors


def with_twin(g: Graph, parts: list[Node]) -> Node:
    """The sum of some nodes; ``A - B + A' - B'`` as the sum of one matrix and its transpose."""
    straight = [p for p in parts if _untransposed(g, p) is None]
    turned = [t for p in parts if (t := _untransposed(g, p)) is not None]
    if len(straight) > 1 and sorted(n.number for n in straight) == sorted(n.number for n in turned):
        half = g.add(*straight)
        return g.add(half, g.transpose(half))
    return g.add(*parts)


def _untransposed(g: Graph, node: Node) -> Node | None:
    """The matrix, or the multiple of one, of which the node is the transpose; None where it is none."""
    *scale, array = node.args if node.op == "mul" and is_scaled(node) else (node,)
    return g.mul(*scale, array.args[0]) if array.op == "view" and array.attrs == (1, 0) else None


def alone(factors: list[Factor], others: list[Factor], out: Sequence[Label]) -> list[Label]:
    """The labels that only one decay among some factors has, and that are summed."""
    times = Counter(x for f in (*factors, *others) for x in f.labels)
    return [x for f in factors if f.node.op == "decay" for x in f.labels if times[x] == 1 and x not in out]


def symmetric_exponentials(g: Graph, roots: list[Node]) -> list[Node]:
    """The exponentials of symmetric matrices."""
    order = reachable(roots)
    found = [n for n in order if n.ndim == 2 and called(n, "exp") is not None and n.shape[0] == n.shape[1]]
    if not found or not any(n.op == "pow" and n.ndim == 1 for n in order):
        return []
    keys = Keys(g, reachable(found))
    return [n for n in found if keys.symmetry(n) == 1]


def without_diagonal(p: Product, touched: Collection[int]) -> tuple[Product, Product] | None:
    """A product as two, where a factor has something on its diagonal: of the rest, and of that, which has one axis where it is on the
    diagonal of the result. None where there is no such factor. touched: numbers of the nodes that are looked at.
    """
    for f in p.factors:
        if f.node.op != "add_diagonal" or f.node.attrs != ("aa", "a") or f.inverse or f.node.number not in touched:
            continue
        first, second = f.labels
        on_diagonal = first in p.out and second in p.out
        if first is second or on_diagonal and len(p.out) > 2:
            continue
        gone, kept = (first, second) if second in p.out else (second, first)
        rest, (whole, core) = p.without(f), f.node.args
        out = (kept,) if on_diagonal else p.out
        merged = Product(p.scalars, [*(x.renamed({gone: kept}) for x in rest), Factor(core, (kept,))], out)
        return Product(p.scalars, [*rest, Factor(whole, f.labels)], p.out), merged
    return None
