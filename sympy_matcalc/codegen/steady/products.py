"""The factors of a product of the graph, elementwise or summed, with a label for each axis; and such factors as a node again."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor
from ..network import joined

Item = tuple[Node, tuple[Any, ...]]


def items_of_product(node: Node) -> list[Item]:
    """The factors of an elementwise product as they are before they are spread over its axes; labels are numbers of axes."""
    items = []
    for a in node.args:
        first = node.ndim - a.ndim
        if a.op == "view":
            axes = {k: first + place for place, k in enumerate(a.attrs) if k is not None}
            items.append((a.args[0], tuple(axes[k] for k in range(a.args[0].ndim))))
        else:
            items.append((a, tuple(range(first, node.ndim))))
    return items


def items_of_contraction(node: Node) -> tuple[list[Item], list[Factor], tuple[Label, ...]]:
    """(factors and scalars, factors that are inverses, labels of the result) of a product that is summed."""
    inputs, inverses, output, sizes = node.attrs
    labels = [Label(s) for s in sizes]
    *arrays, scale = node.args
    factors = [Factor(a, (labels[k] for k in axes), inverse) for a, axes, inverse in zip(arrays, inputs, inverses, strict=True)]
    items: list[Item] = [(f.node, f.labels) for f in factors if not f.inverse]
    items += [(c, ()) for c in (scale.args if scale.op == "mul" else (scale,))]
    return items, [f for f in factors if f.inverse], tuple(labels[k] for k in output)


def rewritten_by_axes(g: Graph, node: Node, rewritten: Callable[[Graph, list[Node]], list[Node] | None]) -> Node | None:
    """A product that is summed, with its factors that have the same axes rewritten together; None where none of them are."""
    items, inverses, out = items_of_contraction(node)
    new: list[Item] = []
    found = False
    for labels in dict.fromkeys(labels for _, labels in items):
        factors = [f for f, at in items if at == labels]
        better = rewritten(g, factors)
        found = found or better is not None
        new += [(f, labels) for f in better or factors]
    return contraction_of(g, new, inverses, out) if found else None


def product_of(g: Graph, items: Sequence[Item], ndim: int) -> Node:
    """The elementwise product of items whose labels are numbers of axes."""
    return g.mul(*(g.view(x, [at.index(k) if k in at else None for k in range(ndim)]) if x.ndim else x for x, at in items))


def contraction_of(g: Graph, items: Sequence[Item], inverses: Iterable[Factor], out: tuple[Label, ...]) -> Node:
    """The product of factors, scalars and inverses, summed over the labels that `out` has not."""
    factors = [*inverses, *(Factor(node, labels) for node, labels in items if node.ndim)]
    scale = g.mul(*(node for node, _ in items if not node.ndim))
    node, have = joined(g, factors, set(out), scale, dict.fromkeys(out))
    return g.view(node, [have.index(x) for x in out])
