"""Exponentials of one array in many sums at once, of which no single one is the largest: taken relative to the middle of the exponents.

So it is with cumulative sums, and with sums over pairs of entries, as in the likelihoods of Cox, of Plackett and Luce, and of Bradley and
Terry. Where degrees cancel (`degrees`), the exponentials may all be taken relative to one number; relative to the middle of the exponents
none is farther from 1 than it was. The logarithm of a cumulative sum is by itself a function that has no such limit.

>>> from sympy import MatrixSymbol, OneMatrix, exp, log, symbols
>>> from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
>>> from sympy_matcalc.nodes import ReverseCumulativeSum
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> E = x.applyfunc(exp)
>>> before_and_after(at_middle, ReverseCumulativeSum(E).applyfunc(log))
before: log(index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0))
after:  index(cumulative(view(x; 0, None); cumlogsumexp, False), 0; None, 0)
>>> before_and_after(at_middle, HadamardProduct(E, HadamardPower(ReverseCumulativeSum(E), -1)))  # doctest: +ELLIPSIS
before: exp(x)*index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0)**-1
after:  exp(x + -1*maximum(0.5*(max(real(x); 0) + min(real(x); 0)), ...))*index(cumulative(view(exp(...); ...)**-1

So is that of a sum over pairs:

>>> pairs = E*OneMatrix(1, n) + OneMatrix(n, 1)*E.T
>>> before_and_after(at_middle, pairs.applyfunc(log))
before: log(view(exp(x); 0, None) + exp(x))
after:  softplus(view(x; 0, None) + -1*x) + x

An exponential by itself has a scale that matters:

>>> before_and_after(at_middle, ReverseCumulativeSum(E))
before: index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0)
after:  index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .degrees import Degrees
from .shift import Shifted
from .walk import called, passed, raised

FARTHEST = 350  # of the middle from the largest exponent: an exponent may be infinite, and exp of twice this is in range


def at_middle(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the exponentials of such sums relative to the middle of their exponents."""
    roots = passed(graph, roots, {"call": (_log_of_cumulative, _log_of_pairs)})
    exponents = {z.number: z for node in reachable(roots) for z in _exponents(node)}
    for z in exponents.values():
        order = reachable(roots)
        new = _AtMiddle(graph, Degrees(z, (), order)).run(order)
        roots = roots if new is None else [new[r.number] for r in roots]
    return roots


def _log_of_cumulative(g: Graph, node: Node) -> Node | None:
    """The logarithm of a cumulative sum of exponentials as one function."""
    arg = called(node, "log")
    inner = arg if arg is None or arg.op != "index" else arg.args[0]
    z = None if inner is None else _cumulated(inner)
    if arg is None or inner is None or z is None:
        return None
    new = g.make("cumulative", (g.view(z, inner.args[0].attrs) if inner.args[0].op == "view" else z,), ("cumlogsumexp", inner.attrs[1]))
    return new if arg is inner else g.remake(arg, [new, *arg.args[1:]])


def _log_of_pairs(g: Graph, node: Node) -> Node | None:
    """The logarithm of a sum of two exponentials, of which each has axes of its own, by the function of their difference."""
    total = called(node, "log")
    if total is None or total.op != "add" or len(total.args) != 2 or all(a.op != "view" for a in total.args):
        return None
    exponents = []
    for a in total.args:
        z = called(a.args[0] if a.op == "view" else a, "exp")
        if z is None:
            return None
        exponents.append(g.view(z, a.attrs) if a.op == "view" else z)
    x, y = exponents
    return g.add(g.call("softplus", g.add(x, g.mul(g.const(-1), y))), y)


def _cumulated(node: Node) -> Node | None:
    """z where the node is the cumulative sum of exp(z)."""
    if node.op != "cumulative" or node.attrs[0] != "cumsum":
        return None
    x = node.args[0]
    return called(x.args[0] if x.op == "view" else x, "exp")


def _exponents(node: Node) -> Iterator[Node]:
    """The exponents in a cumulative sum of exponentials, and in a sum of a pair that divides or is in a logarithm."""
    z = _cumulated(node)
    if z is not None:
        yield z
    base, p = raised(node)
    total: Any = called(node, "log") if base is node else base if not isinstance(p, complex) and p < 0 else None
    if total is not None and total.op == "add" and len(total.args) == 2:
        arrays = [a.args[0] if a.op == "view" else a for a in total.args]
        z = called(arrays[0], "exp")
        if z is not None and arrays[0] is arrays[1] and z.ndim < total.ndim:
            yield z


class _AtMiddle(Shifted):
    """Exponentials relative to the middle."""

    def start(self, order: Sequence[Node]) -> None:
        g, real = self.g, self.g.call("real", self.z)
        greatest, least = self.reduced("max", real), self.reduced("min", real)
        middle = g.mul(g.const(0.5), g.add(greatest, least))
        self.shift = g.call("maximum", middle, g.add(greatest, g.const(-FARTHEST)))
        self.less = g.add(self.z, g.mul(g.const(-1), self.shift))
