"""Logarithms of cumulative sums of exponentials, and of sums over pairs, as functions that are in range where the exponentials are not.

So it is with the values of the likelihoods of Cox, of Plackett and Luce, and of Bradley and Terry. No single exponential is the largest of
all the sums: quotients by them, as derivatives have them, stay as they are, since any number that all exponents are taken relative to would
bring some of the sums out of range that are in range as they are.

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
from .walk import called, passed


def log_sums(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such logarithms as functions of the exponents."""
    return passed(graph, roots, {"call": (_log_of_cumulative, _log_of_pairs)})


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
    """z where the node is the cumulative sum of exp(z)."""
    if node.op != "cumulative" or node.attrs[0] != "cumsum":
        return None
    x = node.args[0]
    return called(x.args[0] if x.op == "view" else x, "exp")
