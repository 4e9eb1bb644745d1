"""Logarithms of cumulative sums of exponentials, and of sums over pairs, as functions that are in range where the exponentials are not.

So it is with the values of the likelihoods of Cox, of Plackett and Luce, and of Bradley and Terry. No single exponential is the largest of
all the sums; their derivatives have each exponential over the sum that it is part of (`shares`).

>>> from sympy import MatrixSymbol, OneMatrix, exp, log, symbols
>>> from sympy_matcalc.nodes import ReverseCumulativeSum
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> E = x.applyfunc(exp)
>>> before_and_after(log_sums, ReverseCumulativeSum(E).applyfunc(log))
before: log(index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0))
after:  index(cumulative(view(x; 0, None); cumlogsumexp, False), 0; None, 0)

So is that of a sum over pairs:

>>> pairs = E*OneMatrix(1, n) + OneMatrix(n, 1)*E.T
>>> before_and_after(log_sums, pairs.applyfunc(log))  # doctest: +ELLIPSIS
before: log(view(exp(x); 0, None) + exp(x))
after:  log(exp(view(x; 0, None) + -1*maximum(...)) + exp(x + -1*maximum(...))) + maximum(...)

A cumulative sum by itself stays:

>>> before_and_after(log_sums, ReverseCumulativeSum(E))
before: index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0)
after:  index(cumulative(view(exp(x); 0, None); cumsum, False), 0; None, 0)
"""

from __future__ import annotations

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from .together import GREATEST
from .totals import Cumulative, total_of
from .walk import called, passed


def log_sums(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such logarithms as functions of the exponents."""
    return passed(graph, roots, {"call": (_log_of_cumulative, _log_of_pairs)})


def _log_of_cumulative(g: Graph, node: Node) -> Node | None:
    """The logarithm of a cumulative sum of exponentials, and of a number, as one function; that of an array by columns."""
    arg = called(node, "log")
    plus = called(node, "log1p")
    total = total_of(g.add(plus, g.const(1))) if plus is not None else None if arg is None else total_of(arg)
    if isinstance(total, Cumulative):
        return total.log(g)
    z = None if arg is None else _cumulated(arg)
    return None if arg is None or z is None else g.make("cumulative", (z,), ("cumlogsumexp", arg.attrs[1]))


def _log_of_pairs(g: Graph, node: Node) -> Node | None:
    """The logarithm of a sum of two exponentials, of which each has axes of its own, relative to the larger of them."""
    total = called(node, "log")
    if total is None or total.op != "add" or len(total.args) != 2 or all(a.op != "view" for a in total.args):
        return None
    moved, scales = [], []
    for a in total.args:
        z = called(a.args[0] if a.op == "view" else a, "exp")
        if z is None:
            return None
        # a real scale keeps the branch of a logarithm, and a finite one what an infinite exponent has for a value
        scale = g.call("maximum", g.call("minimum", g.call("real", z), g.const(GREATEST)), g.const(-GREATEST))
        moved.append(g.view(z, a.attrs) if a.op == "view" else z)
        scales.append(g.view(scale, a.attrs) if a.op == "view" else scale)
    greatest = g.call("maximum", *scales)
    less = g.mul(g.const(-1), greatest)
    return g.add(g.call("log", g.add(*(g.call("exp", g.add(z, less)) for z in moved))), greatest)


def _cumulated(node: Node) -> Node | None:
    """z where the node is the cumulative sum of exp(z), by columns."""
    return called(node.args[0], "exp") if node.op == "cumulative" and node.attrs[0] == "cumsum" else None
