"""Roots of sums of exponentials beside a number, ``1 + sqrt(sum exp(z))``, by the logarithm of the sum, and the exponentials that meet them
as softmax: each is out of range where the whole is not.

>>> from sympy import MatrixSymbol, OneMatrix, exp, log, sqrt, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> E = x.applyfunc(exp)
>>> total = (E.T*OneMatrix(n, 1))[0, 0]
>>> before_and_after(roots_of_sums, log(1 + sqrt(total)))
before: log1p(sqrt(sum(exp(x); 0)))
after:  log1p(exp(0.5*logsumexp(x; 0)))
>>> before_and_after(roots_of_sums, E/(sqrt(total)*(1 + sqrt(total))))
before: (sqrt(sum(exp(x); 0)) + 1)**-1*sqrt(sum(exp(x); 0))**-1*exp(x)
after:  exp(0.5*logsumexp(x; 0))*(exp(0.5*logsumexp(x; 0)) + 1)**-1*softmax(x; 0)

A root by itself is in range where the exponentials are:

>>> before_and_after(roots_of_sums, sqrt(total))
before: sqrt(sum(exp(x); 0))
after:  sqrt(sum(exp(x); 0))
"""

from __future__ import annotations

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .products import Item, contraction_of, items_of_contraction, items_of_product, product_of
from .walk import called, number_and_rest, passed, raised, scaled


def roots_of_sums(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such roots as exponentials."""
    totals = {total.number for node in reachable(roots) if (found := _beside_number(node)) for total in (found[0],)}
    if not totals:
        return roots
    rules = _Rules(totals)
    roots = passed(graph, roots, {"mul": (rules.in_product,), "contract": (rules.in_contraction,)})
    return passed(graph, roots, {"pow": (rules.root,), "call": (rules.root,)})


def _beside_number(node: Node) -> tuple[Node, float] | None:
    """(the sum T of exponentials, p) of a number plus a multiple of ``T**p`` with a p that is not whole, and of log1p of that."""
    number, terms = number_and_rest(node)
    plus = called(node, "log1p")
    number, terms = (1, [plus]) if plus is not None else (number, terms)
    x = scaled(terms[0])[1] if number and len(terms) == 1 else None
    return None if x is None else _root(x)


def _power(node: Node) -> tuple[Node, float]:
    """(base, p), of a power of a root too."""
    base, p = raised(node)
    base, q = raised(base)
    return base, p * q


def _root(node: Node) -> tuple[Node, float] | None:
    base, p = _power(node)
    return (base, p) if p != int(p) and base.op == "sum" and called(base.args[0], "exp") is not None else None


class _Rules:
    """totals: the numbers of the sums of exponentials."""

    def __init__(self, totals: set[int]):
        self.totals = totals

    def root(self, g: Graph, node: Node) -> Node | None:
        """A root as an exponential."""
        found = _root(node)
        return _exponential(g, *found) if found is not None and found[0].number in self.totals else None

    def in_product(self, g: Graph, node: Node) -> Node | None:
        """The rule for elementwise products."""
        items = self._paired(g, items_of_product(node))
        return None if items is None else product_of(g, items, node.ndim)

    def in_contraction(self, g: Graph, node: Node) -> Node | None:
        """The rule for products that are summed."""
        items, inverses, out = items_of_contraction(node)
        new = self._paired(g, items)
        return None if new is None else contraction_of(g, new, inverses, out)

    def _paired(self, g: Graph, items: Sequence[Item]) -> list[Item] | None:
        """The factors with those together that belong to one sum."""
        new = list(items)
        for total, at in dict.fromkeys((t, tuple(labels)) for node, labels in items for t in self._totals(node)):
            new = _of_total(g, new, total, at)
        return None if new == list(items) else new

    def _totals(self, node: Node) -> list[Node]:
        """The sums that a factor divides by."""
        if node.op in ("mul", "add"):
            return [t for a in node.args for t in self._totals(a)]
        base, p = _power(node)
        beside = _beside_number(base) if p < 0 else None
        total = base if beside is None else beside[0]
        return [total] if total.number in self.totals and base is not node else []


def _of_total(g: Graph, items: list[Item], total: Node, at: tuple) -> list[Item]:
    """The factors with as many exponentials of a sum as they divide by as softmax, and the powers of the sum together."""
    (exponential,), axes = total.args, total.attrs
    left = [(node, labels) for node, labels in items if tuple(labels) != at]
    whole = g.mul(*(node for node, labels in items if tuple(labels) == at))
    most, met = _degree(whole, total), 0
    for k, (node, labels) in enumerate(left):
        rest = tuple(x for axis, x in enumerate(labels) if axis not in axes)
        if node is exponential and rest == at and met + 1 <= most:
            left[k] = g.make("softmax", exponential.args, axes), labels
            met += 1
    return [*left, (_times(g, whole, total, met), at)] if met else items


def _degree(node: Node, total: Node) -> float:
    """How often a node divides by the sum where that is large."""
    if node.op in ("mul", "add"):
        return (sum if node.op == "mul" else min)([_degree(a, total) for a in node.args])
    base, p = _power(node)
    beside = _beside_number(base) if p < 0 else None
    if beside is not None and beside[0] is total:
        return -p * beside[1]
    return -p if base is total else 0


def _times(g: Graph, node: Node, total: Node, p: float) -> Node:
    """The node times that power of the sum, which is one with those in it."""
    if node.op == "add":
        return g.add(*(_times(g, a, total, p) for a in node.args))
    rest = []
    for a in node.args if node.op == "mul" else (node,):
        base, q = _power(a)
        if base is total:
            p += q
        elif a.op == "add" and (most := min(_degree(a, total), p)) > 0:
            rest.append(_times(g, a, total, most))
            p -= most
        else:
            rest.append(a)
    return g.mul(*rest, _exponential(g, total, p)) if p else g.mul(*rest)


def _exponential(g: Graph, total: Node, p: float) -> Node:
    return g.call("exp", g.mul(g.const(int(p) if p == int(p) else p), g.make("logsumexp", total.args[0].args, total.attrs)))
