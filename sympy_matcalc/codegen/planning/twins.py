"""A function of the entries of a matrix and the same of its transpose, computed once: what is made of the other is read along its columns.

The transpose is known through all that it may be made of: ``(s 1' - 1 s')'`` is ``1 s' - s 1'``, and ``(M X')'`` is ``X M'``.

>>> from sympy import MatrixSymbol, OneMatrix, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n, k = symbols("m n k", integer=True, positive=True)
>>> X, M = MatrixSymbol("X", m, k), MatrixSymbol("M", n, k)
>>> before_and_after(twins, (M*X.T).applyfunc(exp)*(X*M.T).applyfunc(exp))
before: sum(exp(sum(M[ij] X[kj] -> ik))[ij] exp(sum(X[ij] M[kj] -> ik))[jk] -> ik)
after:  sum(exp(sum(M[ij] X[kj] -> ik))[ij] exp(sum(M[ij] X[kj] -> ik))[kj] -> ik)

What is linear is left as it is: how a product is made, the search for plans knows better.

>>> before_and_after(twins, M*X.T*X*M.T)
before: sum(M[ij] X[kj] X[kl] M[ml] -> im)
after:  sum(M[ij] X[kj] X[kl] M[ml] -> im)
"""

from collections import Counter
from collections.abc import Hashable, Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from ..steady.products import contraction_of, items_of_contraction
from .nodes import is_turned

LINEAR = ("add", "mul", "float")
Pair = tuple[int, int]  # what a matrix is made of, and what its transpose is: equal numbers are equal matrices


def twins(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with each function of entries that is the transpose of another written so."""
    order = reachable(roots)
    kept = _Kinds(order).kept
    if not kept:
        return roots
    new: dict[int, Node] = {}
    for node in order:
        if node.number in kept:
            other, turned = kept[node.number]
            new[node.number] = graph.transpose(new[other.number]) if turned else new[other.number]
        else:
            new[node.number] = _remade(graph, node, [new[a.number] for a in node.args])
    return [new[r.number] for r in roots]


class _Kinds:
    """`kept`: the earlier node that a later one is equal to, and whether it is its transpose, by the number of the later one."""

    def __init__(self, order: Sequence[Node]):
        self._numbers: dict[Hashable, int] = {}
        self._pairs: dict[int, Pair] = {}
        self.kept: dict[int, tuple[Node, bool]] = {}
        first: dict[int, Node] = {}
        for node in order:
            own, turned = self._pairs[node.number] = self._pair(node)
            if node.ndim == 2 and node.kind.elementwise and node.op not in LINEAR and own != turned:
                if own in first or turned in first:
                    self.kept[node.number] = (first[own], False) if own in first else (first[turned], True)
                else:
                    first[own] = node

    def _number(self, *key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _pair(self, node: Node) -> Pair:
        if node.ndim == 2 and not node.symmetric:
            if is_turned(node):
                own, turned = self._pairs[node.args[0].number]
                return turned, own
            if node.op == "view" and node.attrs == (0, None):
                turned, own = self._along(node.args[0])
                return own, turned
            if node.kind.elementwise:
                return self._of_entries(node)
            if node.op == "contract":
                return self._of_product(node) or self._opaque(node)
        return self._opaque(node)

    def _opaque(self, node: Node) -> Pair:
        own = self._number("node", node.number)
        return own, own if node.ndim != 2 or node.symmetric else self._number("transpose", node.number)

    def _along(self, node: Node) -> Pair:
        """A vector along the rows of a matrix, and along its columns."""
        return self._number("row", node.number), self._number("column", node.number)

    def _of_entries(self, node: Node) -> Pair:
        pairs = [self._along(a) if a.ndim == 1 else self._pairs[a.number] for a in node.args]
        sides = [[p[k] for p in pairs] for k in range(2)]
        own, turned = (self._number(node.op, node.attrs, *(sorted(s) if node.op in ("add", "mul") else s)) for s in sides)
        return own, turned

    def _of_product(self, node: Node) -> Pair | None:
        """Of a product that is summed; None where its summed labels cannot be told apart by what they are of."""
        inputs, inverses, output, sizes = node.attrs
        if len(set(output)) < 2:
            return None
        *arrays, scale = node.args
        factors = [(*self._pairs[a.number], axes, i) for a, axes, i in zip(arrays, inputs, inverses, strict=True)]
        sides = []
        for out in (output, output[::-1]):
            names: dict[int, Hashable] = {x: ("out", k) for k, x in enumerate(out)}
            for x in range(len(sizes)):
                names.setdefault(x, self._name(x, factors, names))
            if max(Counter(names.values()).values()) > 1:
                return None
            said = (self._said(f, names) for f in factors)
            sides.append(self._number("product", tuple(sorted(said, key=repr)), scale.number, tuple(sizes[x] for x in out)))
        return sides[0], sides[1]

    def _name(self, x: int, factors: Sequence[tuple[int, int, tuple[int, ...], bool]], names: dict[int, Hashable]) -> Hashable:
        """What tells a summed label from others: the factors that have it, with the labels known so far."""
        known = {label: name for label, name in names.items() if name[0] == "out"} | {x: ("this",)}  # type: ignore[index]
        return "summed", tuple(sorted(repr(self._said(f, known)) for f in factors if x in f[2]))

    def _said(self, factor: tuple[int, int, tuple[int, ...], bool], names: dict[int, Hashable]) -> Hashable:
        """A factor with names in the place of labels, the same for a matrix and its transpose with the labels turned."""
        own, turned, axes, inverse = factor
        said = own, tuple(names.get(x, "?") for x in axes), inverse
        return said if len(axes) != 2 else min(said, (turned, said[1][::-1], inverse), key=repr)


def _remade(g: Graph, node: Node, args: list[Node]) -> Node:
    """The node with other operands, where a product or a sum takes them as they lie."""
    if all(a is b for a, b in zip(args, node.args, strict=True)):
        return node
    if node.op == "contract" and any(map(is_turned, args)):
        items, inverses, out = items_of_contraction(g.remake(node, args))
        return contraction_of(g, [(a.args[0], at[::-1]) if is_turned(a) else (a, at) for a, at in items], inverses, out)
    if node.op == "sum" and node.args[0].ndim == 2:
        return _summed(g, args[0], node.attrs)
    if node.ndim == 2 and node.kind.elementwise and any(map(is_turned, args)) and all(is_turned(a) for a in args if _is_whole(a)):
        return g.transpose(_with_operands(g, node, [_turned(g, a) for a in args]))
    return g.remake(node, args)


def _is_whole(a: Node) -> bool:
    """Whether an operand is a matrix, and no column that is repeated."""
    return a.ndim == 2 and not (a.op == "view" and a.attrs == (0, None))


def _with_operands(g: Graph, node: Node, args: list[Node]) -> Node:
    """The node with other operands, whose order is that of the graph."""
    return g.mul(*args) if node.op == "mul" else g.remake(node, args)


def _summed(g: Graph, array: Node, axes: tuple[int, ...]) -> Node:
    """The sum over some axes of a matrix, of its transpose where that is made of what lies so."""
    if is_turned(array):
        return g.sum(array.args[0], [1 - k for k in axes])
    if array.op == "mul" and any(map(is_turned, array.args)):
        return g.sum(g.mul(*(_turned(g, a) for a in array.args)), [1 - k for k in axes])
    return g.sum(array, axes)


def _turned(g: Graph, a: Node) -> Node:
    if a.ndim == 2:
        return a.args[0] if a.op == "view" and a.attrs == (0, None) else g.transpose(a)
    return g.view(a, (0, None)) if a.ndim == 1 else a
