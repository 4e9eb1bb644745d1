"""The exponents in a term of a sum, ``w exp(z)`` or the sum of such over some axes, with what the exponentials are multiplied by.

A weight takes part in the largest exponent by its logarithm, ``z + log|w|``; a weight of 0 has no part in it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from .products import items_of_contraction, items_of_product
from .walk import called

LEAST_WEIGHT, GREATEST_WEIGHT = 0.1, 1000  # numbers beside exponentials for which the largest exponent has the largest term, nearly

Axes = tuple[int, ...]
Item = tuple[Node, tuple[Any, ...]]  # a factor, with a label for each axis


@dataclass(frozen=True)
class Exponent:
    """An exponent z. kept: its axes that are those of the sum, in their order; number, weights: what its exponential is multiplied by, the
    weights with the axes of z that are theirs. The weights of a single number z may have axes of the sum, of which there are `ndim` then.
    """

    z: Node
    kept: Axes
    ndim: int
    number: float = 1
    weights: tuple[tuple[Node, Axes], ...] = ()

    @property
    def key(self) -> tuple:
        return self.z.number, self.kept, self.number, tuple((w.number, axes) for w, axes in self.weights)

    @property
    def gone(self) -> Axes:
        """The axes that are summed."""
        return tuple(k for k in range(self.z.ndim) if k not in self.kept)

    @property
    def has_all_axes(self) -> bool:
        """Whether there is one for each place of the sum."""
        return len(self.kept) == self.ndim or not self.z.ndim and any(len(axes) == self.ndim for _, axes in self.weights)

    def with_sizes(self, g: Graph) -> Node:
        """The real parts with the logarithms of the weights; a real shift keeps the branch of a logarithm."""
        parts = [] if self.number == 1 else [g.const(math.log(self.number))]
        for w, axes in self.weights:
            parts.append(on_axes(g, g.call("log_size", w), axes, self.z.ndim or self.ndim))
        return g.add(g.call("real", self.z), *parts)


def less_zeros(g: Graph, z: Node, w: Node, axes: Axes) -> Node:
    """z, a large negative number where the weight is 0, so that the exponential is no infinite number there."""
    return g.call("unless_zero", z, on_axes(g, w, axes, z.ndim))


def on_axes(g: Graph, x: Node, axes: Sequence[int], ndim: int) -> Node:
    """An array whose axes are these of as many."""
    return g.view(x, [axes.index(k) if k in axes else None for k in range(ndim)]) if axes else x


def exponent_of(term: Node, holding: Collection[int]) -> Exponent | None:
    """The exponent of a weighted exponential, or of a sum of such; None where it is of another kind. holding: numbers of what has
    exponentials in it.
    """
    out = tuple(range(term.ndim))
    items = factors_of(term, out, holding)
    own = [(f, at) for f, at in items if called(f, "exp") is not None]
    if len(own) != 1:
        return None
    (f, at), (z,) = own[0], own[0][0].args
    axes = at if z.ndim else out
    number, weights = 1.0, []
    for w, labels in items:
        if isinstance(w.value, (int, float)):
            number *= abs(w.value)
        elif w is not f:
            if w.number in holding or not set(labels) <= set(axes) or len(set(labels)) < len(labels):
                return None
            weights.append((w, tuple(map(axes.index, labels))))
    if len(set(at)) < len(at) or not set(out) <= set(axes) or not number or any(isinstance(w.value, complex) for w, _ in items):
        return None
    near_one = LEAST_WEIGHT <= number <= GREATEST_WEIGHT
    kept = tuple(map(at.index, out)) if z.ndim else ()
    return Exponent(z, kept, term.ndim, 1 if near_one else number, tuple(weights))


def factors_at(product: Node) -> list[Item]:
    """The operands of a product, summed or not, with labels for their axes; of a contraction those before an inverse or its scale."""
    if product.op == "mul":
        return items_of_product(product)
    if product.op == "contract" and not any(product.attrs[1]):
        return list(zip(product.args[:-1], product.attrs[0], strict=True))
    return []


def factors_of(node: Node, at: tuple[Any, ...], holding: Collection[int]) -> list[Item]:
    """The factors of a product, summed or not, whose own axes have the labels `at`; what is summed has labels of its own. What has no
    exponentials in it is one factor.
    """
    if node.number not in holding:
        return [(node, at)]
    if node.op == "mul":
        return [item for f, axes in items_of_product(node) for item in factors_of(f, tuple(at[k] for k in axes), holding)]
    if node.op == "sum":
        rest = iter(at)
        inner = node.args[0]
        return factors_of(inner, tuple(Label(s) if k in node.attrs else next(rest) for k, s in enumerate(inner.shape)), holding)
    if node.op == "contract" and not any(node.attrs[1]):
        items, _, out = items_of_contraction(node)
        names = dict(zip(out, at, strict=True))
        return [item for f, labels in items for item in factors_of(f, tuple(names.get(x, x) for x in labels), holding)]
    if node.op == "view" and None not in node.attrs:
        return factors_of(node.args[0], tuple(at[node.attrs.index(k)] for k in range(len(at))), holding)
    return [(node, at)]
