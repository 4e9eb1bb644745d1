"""Functions of numbers that the formula has, as numbers: ``sqrt(2/pi)`` of a GELU is one factor, and is not computed at each call.

It is done once forms with such numbers have been recognised.

>>> from sympy import MatrixSymbol, cos, pi, sqrt, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n, t = symbols("n t", positive=True)
>>> x = MatrixSymbol("x", 3, 1)
>>> before_and_after(known_numbers, sqrt(2)/sqrt(pi)*t*x)
before: t*sqrt(2)*sqrt(3.141592653589793)**-1*x
after:  0.7978845608028654*t*x

Functions of arguments stay:

>>> before_and_after(known_numbers, sqrt(t)*cos(t)*x)
before: sqrt(t)*cos(t)*x
after:  sqrt(t)*cos(t)*x
"""

from __future__ import annotations

import math

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable

FUNCTIONS = {name: getattr(math, name) for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "expm1", "log1p")}


def known_numbers(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such numbers computed."""
    order = reachable(roots)
    if not any(_is_known(node) and _value(node) is not None for node in order):
        return roots
    new: dict[int, Node] = {}
    for node in order:
        new[node.number] = _renewed(graph, node, [new[a.number] for a in node.args])
    return [new[r.number] for r in roots]


def _renewed(g: Graph, node: Node, args: list[Node]) -> Node:
    if all(a is b for a, b in zip(args, node.args, strict=True)):
        return g.const(value) if _is_known(node) and (value := _value(node)) is not None else node
    if node.op in ("add", "mul", "pow"):
        return {"add": g.add, "mul": g.mul, "pow": g.pow}[node.op](*args)
    return g.remake(node, args)


def _is_known(node: Node) -> bool:
    return node.op == "call" and len(node.args) == 1 and node.attrs[0] in FUNCTIONS and isinstance(node.args[0].value, (int, float))


def _value(node: Node) -> float | None:
    """The value of a function of a number, None where it is no finite real number: then the library says so."""
    try:
        value = FUNCTIONS[node.attrs[0]](node.args[0].value)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None
