"""Powers of reciprocals and of exponentials that are there as powers of those, where a division or a function call an entry would be more:
exp(-x) beside exp(x) is its reciprocal, and the logistic function of x, that of -x and the slope are of one exponential.

>>> from sympy import BlockMatrix, HadamardPower, MatrixSymbol, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
>>> before_and_after(powers_at_hand, BlockMatrix([[HadamardPower(x, -1), HadamardPower(x, -2), HadamardPower(y, -2)]]))
before: block(view(x**-1; 0, None), view(x**-2; 0, None), view(y**-2; 0, None); 1, 3)
after:  block(view(x**-1; 0, None), view((x**-1)**2; 0, None), view(y**-2; 0, None); 1, 3)
>>> before_and_after(powers_at_hand, HadamardPower(x, -6) + HadamardPower(x, -3) + HadamardPower(y, -3))
before: x**-6 + x**-3 + y**-3
after:  ((x**-1)**2*x**-1)**2 + (x**-1)**2*x**-1 + (y*y**2)**-1
>>> before_and_after(powers_at_hand, BlockMatrix([[HadamardPower(y, -1), HadamardPower(x, -2)]]))
before: block(view(y**-1; 0, None), view(x**-2; 0, None); 1, 2)
after:  block(view(y**-1; 0, None), view(x**-2; 0, None); 1, 2)
>>> before_and_after(powers_at_hand, x.applyfunc(exp) + (-x).applyfunc(exp))
before: exp(x) + exp(-1*x)
after:  exp(x) + exp(x)**-1
"""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from ..steady.walk import called, scaled
from .powers import MOST, whole_power

WHOLE = (2, 3)  # the powers of exponentials that are taken so


def powers_at_hand(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such powers."""
    order = reachable(roots)
    there = _there(order)
    looks = context.backend.looks_at_values  # else it may be differentiated, where exp(x) is out of range and exp(-x) is not
    sides = _sides(graph, order) if looks else {}
    if all(len(found) < 2 and not (kind == "pow" and min(found) < -2) for (kind, _), found in there.items()) and not sides:
        return roots
    new: dict[int, Node] = {}

    def renewed(node: Node) -> Node:
        if node.number not in new:
            new[node.number] = _of_others(node) or graph.remake(node, [renewed(a) for a in node.args])
        return new[node.number]

    def _of_others(node: Node) -> Node | None:
        if node.number in sides:
            made = sides[node.number]
            return graph.remake(made, [renewed(a) for a in made.args])
        read = _read(node)
        if read is None:
            return None
        kind, of, power = read
        others = there.get((kind, of), {})
        if kind == "pow":
            return _reciprocal(graph, renewed(node.args[0]), int(-power), len(others) > 1)
        if looks and kind == "exp" and power < 0 and -power in others:
            return graph.pow(renewed(others[-power]), graph.const(-1))
        found = next(((base, k) for k in WHOLE if (base := others.get(power / k)) is not None), None)
        return found and _power(graph, renewed(found[0]), found[1])

    for node in order:
        renewed(node)
    return [new[r.number] for r in roots]


def _there(order: list[Node]) -> dict[Any, dict[float, Node]]:
    """The negative whole powers of arrays and the exponentials of their multiples, by what they are of and by the power."""
    found: dict[Any, dict[float, Node]] = {}
    for node in order:
        read = _read(node)
        if read is not None:
            kind, of, power = read
            found.setdefault((kind, of), {})[power] = node
    return found


def _sides(g: Graph, order: list[Node]) -> dict[int, Node]:
    """The logistic function of x, of -x and its slope, where two of them are there, by way of one exponential: what takes the place of
    each, by number.
    """
    found: dict[Any, dict[int, Node]] = {}  # by what it is of; the slope, which is the same at -x, as 0
    for node in order:
        u = called(node, "expit", "expit_slope") if node.ndim else None
        if u is not None:
            number, array = scaled(u)
            if array is not None and isinstance(number, (int, float)):
                side = 0 if node.attrs[0] == "expit_slope" else 1 if number > 0 else -1
                found.setdefault((array.number, abs(number)), {})[side] = node
    new: dict[int, Node] = {}
    for sides in found.values():
        if len(sides) > 1:
            first = sides.get(1) or sides[-1]
            against = g.call("odds_against", first.args[0])
            value = g.pow(g.add(g.const(1.0), against), g.const(-1))
            other = g.call("expit_beside", against, value)
            new |= {sides[side].number: g.mul(value, other) if not side else value if sides[side] is first else other for side in sides}
    return new


def _read(node: Node) -> tuple[str, int, float] | None:
    """("pow" or "exp", the number of the array, the power) of a negative whole power of an array, or the exponential of a multiple."""
    if not node.ndim:
        return None
    if node.op == "pow":
        power = node.args[1].value
        return ("pow", node.args[0].number, power) if isinstance(power, int) and -MOST <= power < 0 else None
    u = called(node, "exp")
    if u is None:
        return None
    number, array = scaled(u)
    return ("exp", array.number, number) if array is not None and isinstance(number, (int, float)) else None


def _reciprocal(g: Graph, base: Node, power: int, is_shared: bool) -> Node:
    """A negative whole power, by that of the reciprocal where other powers share it."""
    one = g.const(-1)
    if is_shared:
        return whole_power(g, g.pow(base, one), power)
    return g.pow(base, g.const(-power)) if power <= 2 else g.make("pow", (whole_power(g, base, power), one))


def _power(g: Graph, base: Node, whole: int) -> Node:
    square = g.make("pow", (base, g.const(2)))
    return square if whole == 2 else g.mul(base, square)
