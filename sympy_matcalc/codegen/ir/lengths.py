"""The SymPy integer that an integer node stands for, so that the sizes of all arrays are SymPy integers."""

from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, Integer, Mod, Mul, Pow, Symbol, floor

from .node import Node


class Unnamed(Symbol):
    """The number of an integer node that is no arithmetic of size symbols: one that a loop runs over, say. Its name is that of the node.

    Within one graph, a node has one such symbol; what is lowered from it is the node again.
    """

    @property
    def number(self) -> int:
        return int(self.name)


def length(node: Node) -> Expr:
    """The SymPy integer of an integer node.

    >>> from sympy import Symbol
    >>> from sympy_matcalc.codegen.ir.graph import Graph
    >>> g, n = Graph(), Symbol("n", integer=True, positive=True)
    >>> length(g.add(g.make("sym", (), (n,), integer=True), g.const(-1)))
    n - 1
    """
    if node.length is None:
        known = LENGTHS.get(node.op) if node.integer else None
        found = known(node) if known else None
        node.length = Unnamed(str(node.number), integer=True) if found is None else found
    return node.length


def span(start: Node, stop: Node, step: Node) -> Expr:
    """How many integers a range has."""
    if step.value == 1:
        return length(stop) if start.value == 0 else Add(length(stop), Mul(-1, length(start)))
    return _quotient(Add(length(stop), Mul(-1, length(start)), length(step), -1), length(step))


def _quotient(a: Any, b: Any) -> Expr:
    return floor(Mul(a, Pow(b, -1)))


def _power(node: Node) -> Expr | None:
    base, exponent = node.args
    return Pow(length(base), exponent.value) if isinstance(exponent.value, int) and exponent.value >= 0 else None


def _call(node: Node) -> Expr | None:
    form = {"floordiv": _quotient, "intmod": Mod}.get(node.attrs[0])
    return form(*map(length, node.args)) if form else None


LENGTHS: dict[str, Callable[[Node], Expr | None]] = {
    "const": lambda node: Integer(node.value),
    "sym": lambda node: node.attrs[0],
    "add": lambda node: Add(*map(length, node.args)),
    "mul": lambda node: Mul(*map(length, node.args)),
    "pow": _power,
    "call": _call,
    "within": lambda node: length(node.args[0]),
    "size": lambda node: node.args[0].shape[node.attrs[0]],
}
