"""Inverses of functions that grow as exponentials: of a value times a scale, by the logarithm of the scale.

>>> from sympy import asinh, sinh, symbols
>>> from sympy_matcalc import lambdify
>>> t = symbols("t")
>>> float(lambdify([t], asinh(sinh(t)))(720.0))
720.0
"""

from __future__ import annotations

from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable


def plus_scale(g: Graph, value: Node, scale: Node | None) -> Node:
    return value if scale is None else g.add(value, scale)


def inverse_of_large(g: Graph, node: Node, part: Node, less: Node, scale: Node) -> Node:
    """``arcsinh(x)`` or ``arccosh(x)`` of ``x = part*exp(scale)``: log(x + sqrt(x^2 + 1)), log(x + sqrt(x^2 - 1)). less: -scale."""
    one = g.call("exp", less)
    if node.attrs == ("arccosh",):
        root = g.mul(*(g.call("sqrt", g.add(part, x)) for x in (one, g.mul(g.const(-1), one))))
        return g.add(g.call("log", g.add(part, root)), scale)
    sign = g.where(g.compare("<", g.call("real", part), g.const(0)), g.const(-1), g.const(1))  # it is odd: no difference of what is alike
    root = g.call("sqrt", g.add(g.pow(part, g.const(2)), g.pow(one, g.const(2))))
    return g.mul(sign, g.add(g.call("log", g.add(g.mul(sign, part), root)), scale))


def within(g: Graph, node: Node, t: Node, new: Node, large: Node, scale: Node, up: float, down: float) -> Node:
    """`large` where the scale ``up*max(t, 0) + down*max(-t, 0)`` is above 1, elsewhere the node, of t that goes no further. new: t as it is
    computed.
    """
    real = clipped = g.call("real", new)
    if up > 0:
        clipped = g.call("minimum", clipped, g.const(1 / up))
    if down > 0:
        clipped = g.call("maximum", clipped, g.const(-1 / down))
    found = {t.number: g.add(new, clipped, g.mul(g.const(-1), real))}
    for part in reachable([node]):
        if part.number not in found:
            found[part.number] = g.remake(part, [found.get(a.number, a) for a in part.args])
    return g.where(g.compare(">", scale, g.const(1)), large, found[node.number])
