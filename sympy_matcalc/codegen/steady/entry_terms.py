"""Nodes as sums of products in which the entries of one vector d, and the product of them all, have exponents of their own.

So it is seen where a quotient by an entry is one of the product, and where quotients cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, find
from .walk import called

Axis = Label | None  # None for one of length 1, which only broadcasts


class Term:
    """``number * prod(d)**power * d[i]**exponents[i]... * factors`` with the axes `out`, summed over the other ones of `labels`."""

    __slots__ = ("out", "number", "power", "exponents", "factors", "labels")

    def __init__(
        self,
        out: Iterable[Axis] = (),
        number: Any = 1,
        power: int = 0,
        exponents: Mapping[Label, int] | None = None,
        factors: Iterable[Factor] = (),
        labels: Iterable[Label] = (),
    ):
        self.out, self.number, self.power, self.factors = tuple(out), number, power, tuple(factors)
        self.exponents = {x: e for x, e in (exponents or {}).items() if e}
        self.labels = dict.fromkeys((*labels, *self.exponents, *(x for f in self.factors for x in f.labels), *self.held_axes))

    @property
    def held_axes(self) -> list[Label]:
        return [x for x in self.out if x is not None]

    def divisors(self) -> dict[Label, int]:
        """How often it is divided by entries of d, by label."""
        return {x: -e for x, e in self.exponents.items() if e < 0}

    def with_axes(self, out: Iterable[Axis], *equal: tuple[Axis, Axis]) -> Term:
        return multiplied([self], out, equal)

    def with_number(self, number: Any) -> Term:
        return Term(self.out, number, self.power, self.exponents, self.factors, self.labels)

    def renamed(self, names: Mapping[Any, Any]) -> Term:
        exponents: dict[Label, int] = {}
        for x, e in self.exponents.items():
            exponents[names.get(x, x)] = exponents.get(names.get(x, x), 0) + e
        out, labels = (names.get(x, x) for x in self.out), (names.get(x, x) for x in self.labels)
        return Term(out, self.number, self.power, exponents, (f.renamed(names) for f in self.factors), labels)

    def fresh(self) -> Term:
        """A copy with labels of its own."""
        return self.renamed({x: Label(x.size) for x in self.labels})


def multiplied(parts: Iterable[Term], out: Iterable[Axis], equal: Iterable[tuple[Axis, Axis]] = ()) -> Term:
    """The product of terms, with these axes; the labels in a pair of `equal` are one."""
    return product_of(parts, out).renamed(made_one(equal))


def made_one(equal: Iterable[tuple[Axis, Axis]]) -> dict[Label, Label]:
    """What labels become where those in each pair are one."""
    names: dict[Label, Label] = {}
    for a, b in equal:
        if a is not None and b is not None and find(names, a) is not find(names, b):
            names[find(names, b)] = find(names, a)
    return {x: find(names, x) for x in names}


def product_of(parts: Iterable[Term], out: Iterable[Axis]) -> Term:
    """The product of terms whose labels are the same where they are to be."""
    number, power, factors, labels = 1, 0, [], []
    exponents: dict[Label, int] = {}
    for t in parts:
        number, power = number * t.number, power + t.power
        factors += t.factors
        labels += t.labels
        for x, e in t.exponents.items():
            exponents[x] = exponents.get(x, 0) + e
    return Term(out, number, power, exponents, factors, labels)


class Leaves:
    """The nodes that are made of entries of d, or of their product, alone."""

    def __init__(self, g: Graph, d: Node):
        self.g, self.d, self.product = g, d, g.make("prod", (d,), (0,))

    def term(self, node: Node) -> Term | None:
        """The term that such a node is; numbers are of them."""
        if node.op == "const":
            return Term((), node.value)
        power = _power_of(node, self.product)
        if power:
            return Term((), power=power)
        exponent, beside = self._exponent(node)
        x = Label(self.d.shape[0])
        return Term((x,), 1, 0, {x: exponent}, () if beside is None else (Factor(beside, (x,)),)) if exponent else None

    def divide(self, node: Node) -> bool:
        """Whether the node is one of them, and has an entry below a fraction line or is the product."""
        return _power_of(node, self.product) > 0 or self._exponent(node)[0] < 0

    def _exponent(self, node: Node) -> tuple[int, Node | None]:
        """(e, x) with the node as x*d**e; a tangent as sine over cosine."""
        u = called(node, "tan")
        if u is None:
            return _power_of(node, self.d), None
        sine, cosine = self.g.call("sin", u), self.g.call("cos", u)
        if self.d is cosine:
            return -1, sine
        return (1, self.g.pow(cosine, self.g.const(-1))) if self.d is sine else (0, None)


def _power_of(node: Node, base: Node) -> int:
    """k where the node is base**k, 0 for another node."""
    if node is base:
        return 1
    return node.args[1].value if node.op == "pow" and node.args[0] is base and type(node.args[1].value) is int else 0
