"""What nodes are made of, as numbers: equal ones are equal arrays, but for rounding. A matrix has one for its transpose beside its own:
``(M X')'`` is known to be ``X M'``, ``X X'`` to be symmetric, and ``tanh(x 1' - 1 x')`` to be antisymmetric.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

from ..ir.graph import EVEN, Graph
from ..ir.node import Node
from ..ir.product import Product, signature
from ..ir.terms import as_product

Key = tuple[int, int]  # a number, and the sign of what it stands for
ODD = frozenset("sin tan tanh sinh arcsin arctan arcsinh arctanh sign special.erf special.erfi".split())


class Keys:
    """A number and a sign for what a node is made of, and for its transpose: equal ones are equal arrays, but for rounding."""

    def __init__(self, graph: Graph, order: Iterable[Node]) -> None:
        """`order`: the nodes, operands before what they are in."""
        self.graph = graph
        self._numbers: dict[Any, int] = {}
        self._straight: dict[int, Key] = {}
        self._turned: dict[int, Key] = {}
        for node in order:
            self._read(node)

    def of(self, node: Node) -> Key:
        return self._straight[node.number]

    def of_transpose(self, node: Node) -> Key:
        return self._turned[node.number]

    def symmetry(self, node: Node) -> int:
        """1 for a symmetric matrix, -1 for an antisymmetric one, 0 for any other."""
        (number, sign), (other, turned) = self._straight[node.number], self._turned[node.number]
        return sign * turned if number == other else 0

    def _read(self, node: Node) -> None:
        """Give keys to a node whose operands have keys."""
        if node.op == "view" and node.attrs in ((0, None), (1, 0)):
            inner = node.args[0].number
            straight, turned = self._turned[inner], self._straight[inner]
        elif node.ndim != 2:
            sign, core = self._signed(node)
            one = self._contraction(core, 1) if core.op == "contract" else ("node", core.number)
            straight, turned = self._key(("row", one), sign), self._key(("column", one), sign)
        elif self.graph.is_symmetric(node):
            straight = turned = self._key(("node", node.number))
        elif node.op == "contract":
            straight, turned = self._key(self._contraction(node, 1)), self._key(self._contraction(node, -1))
        elif node.kind.elementwise or node.op == "inv" or node.op == "add_diagonal" and node.attrs == ("aa", "a"):
            straight, turned = self._operation(node, self._straight), self._operation(node, self._turned)
        else:
            straight, turned = self._key(("node", node.number)), self._key(("turned", node.number))
        self._straight[node.number], self._turned[node.number] = straight, turned

    def _key(self, made_of: Any, sign: int = 1) -> Key:
        return self._numbers.setdefault(made_of, len(self._numbers)), sign

    def _number(self, node: Node) -> Key:
        """The key of what is one number, or a diagonal."""
        sign, core = self._signed(node)
        return self._key(("number", core.number), sign)

    def _signed(self, node: Node) -> tuple[int, Node]:
        """(sign, the rest) of a number, or of a multiple."""
        first = node.args[0] if node.op == "mul" else node
        if isinstance(first.value, (int, float)) and first.value < 0:
            return -1, self.graph.mul(self.graph.const(-1), node)
        return 1, node

    def _operation(self, node: Node, keys: dict[int, Key]) -> Key:
        base = [keys[a.number] if a.ndim else self._number(a) for a in node.args]
        name = node.attrs[0] if node.op == "call" else node.op
        first = base[0][1]
        if node.op == "add":
            base.sort()
            first = base[0][1]
            return self._key(("add", tuple((number, sign * first) for number, sign in base)), first)
        if node.op == "mul":
            rest = sorted(number for a, (number, _) in zip(node.args, base, strict=True) if a.value != -1)
            sign = prod(sign for _, sign in base)
            return (rest[0], sign) if len(rest) == 1 else self._key(("mul", tuple(rest)), sign)
        if node.op == "add_diagonal":
            base[1] = self._number(node.args[1])
        power = node.args[1].value if node.op == "pow" else None
        whole = isinstance(power, int)
        if name in EVEN or isinstance(power, int) and power % 2 == 0:
            return self._key((node.op, node.attrs, base[0][0], *base[1:]))
        if node.op == "inv" or name in ODD or whole:
            return self._key((node.op, node.attrs, base[0][0], *base[1:]), first)
        return self._key((node.op, node.attrs, *base))

    def _contraction(self, node: Node, step: int) -> Any:
        """A product, whose factors are what they stand for; the axes of its result in order, or in reverse."""
        p = as_product(node)
        return "product", signature(Product(p.scalars, p.factors, p.out[::step]), self.graph), node.args[-1].number
