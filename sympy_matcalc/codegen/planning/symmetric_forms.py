"""Matrices that are symmetric by their form, though rounding may hide it, are their own transposes: a kernel of the rows of X, its inverse.

>>> from sympy import MatrixSymbol, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> m, n = symbols("m n", integer=True, positive=True)
>>> X, Y, v, w = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("v", m, 1), MatrixSymbol("w", m, 1)
>>> along = lambda K, x, rows, columns: EinsumTerm(1, (m, m), ((0,),), [(K, (rows,), (columns,)), (x, (1,), ())])
>>> both = lambda K: Einsum((m,), along(K, v, 0, 1), along(K, w, 1, 0))
>>> before_and_after(symmetric_forms, both((X*X.T).applyfunc(exp)))
before: sum(exp(sum(X[ij] X[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] X[kj] -> ik))[ij] w[i] -> j)
after:  sum(exp(sum(X[ij] X[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] X[kj] -> ik))[ij] w[j] -> i)

Of other rows it is not:

>>> before_and_after(symmetric_forms, both((X*Y.T).applyfunc(exp)))
before: sum(exp(sum(X[ij] Y[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] Y[kj] -> ik))[ij] w[i] -> j)
after:  sum(exp(sum(X[ij] Y[kj] -> ik))[ij] v[j] -> i) + sum(exp(sum(X[ij] Y[kj] -> ik))[ij] w[i] -> j)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, signature
from ..schedule import reachable
from .nodes import is_turned
from .stated import own_transposes

Key = int


def symmetric_forms(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with each such matrix that meets others for its transpose; the graph knows of it from then on."""
    order = reachable(roots)
    candidates = [n for n in _met_twice(order) if n.op != "arg" and not graph.is_symmetric(n)]
    if not candidates:
        return roots
    keys = _Keys()
    for node in reachable(candidates):
        keys.read(node)
    found = {n.number for n in candidates if keys.is_symmetric(n)}
    if not found:
        return roots
    roots, numbers = own_transposes(graph, roots, lambda node: node.number in found)
    graph.symmetric |= numbers
    return roots


def _met_twice(order: Iterable[Node]) -> list[Node]:
    """The square matrices that are operands of products, or of a transpose, more than once."""
    uses: Counter[Node] = Counter()
    for node in order:
        operands = node.args[:-1] if node.op == "contract" else node.args if is_turned(node) else ()
        uses.update(a for a in operands if a.ndim == 2 and a.shape[0] == a.shape[1])
    return [node for node, count in uses.items() if count > 1]


class _Keys:
    """A number for what a node is made of, and one for its transpose: equal numbers are equal arrays, but for rounding."""

    def __init__(self) -> None:
        self._numbers: dict[Any, Key] = {}
        self._straight: dict[int, Key] = {}
        self._turned: dict[int, Key] = {}

    def is_symmetric(self, node: Node) -> bool:
        return self._straight[node.number] == self._turned[node.number]

    def read(self, node: Node) -> None:
        """Number a node whose operands have numbers."""
        if node.op == "view" and node.attrs in ((0, None), (1, 0)):
            inner = node.args[0].number
            self._straight[node.number], self._turned[node.number] = self._turned[inner], self._straight[inner]
            return
        straight, turned = self._made_of(node)
        self._straight[node.number] = self._numbers.setdefault(straight, len(self._numbers))
        self._turned[node.number] = self._numbers.setdefault(turned, len(self._numbers))

    def _made_of(self, node: Node) -> tuple[Any, Any]:
        if node.ndim != 2:
            one = self._contraction(node, 1) if node.op == "contract" and node.ndim < 2 else ("node", node.number)
            return ("row", one), ("column", one)
        if node.symmetric:
            return ("node", node.number), ("node", node.number)
        if node.op == "contract":
            return self._contraction(node, 1), self._contraction(node, -1)
        if node.kind.elementwise or node.op == "inv" or node.op == "add_diagonal" and node.attrs == ("aa", "a"):
            return self._operation(node, self._straight), self._operation(node, self._turned)
        return ("node", node.number), ("turned", node.number)

    def _operation(self, node: Node, keys: dict[int, Key]) -> Any:
        base = [keys[a.number] if a.ndim else ("number", a.number) for a in node.args]
        if node.op == "add_diagonal":
            base[1] = ("number", node.args[1].number)
        return node.op, node.attrs, tuple(sorted(base, key=str) if node.op in ("add", "mul") else base)

    def _contraction(self, node: Node, step: int) -> Any:
        """A product, whose factors are what they stand for; the axes of its result in order, or in reverse."""
        inputs, inverses, output, sizes = node.attrs
        labels = [Label(s) for s in sizes]
        *arrays, scale = node.args
        factors = [Factor(a, [labels[k] for k in at], inverse) for a, at, inverse in zip(arrays, inputs, inverses, strict=True)]
        return "product", signature(Product([scale], factors, [labels[k] for k in output][::step])), scale.number
