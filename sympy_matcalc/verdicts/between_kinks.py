"""Data between two kinks that lie close together, where chance puts none: a step at 1/20 is seen to be no step at 0.

On the straight line between two random points every kink of the two formulas is found; in the middle between one and the next both
formulas are smooth, and each on the side of the kinks that lies there.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from sympy import Abs, Basic, Heaviside, Lambda, Max, Min, Pow, sign
from sympy.core.relational import Relational
from sympy.matrices.expressions import HadamardPower
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel.walks import every_node
from ..nodes import ElementMax, ElementMin, Norm
from ..nodes.elementwise import Elementwise
from ..testing.evaluator import evaluate
from .arithmetic import minus
from .steady import NO_VALUE

GRID = np.linspace(0, 1, 5)  # of a line: between two places a kink is met once
LINES, MOST = 6, 4  # lines that are gone along; places on each, those between the closest kinks
CLOSEST = 1e-6  # of a line: kinks that are closer are one and the same
HALVINGS = 60


def places_between(expressions: list, envs: list[dict], fixed: set) -> Iterator[tuple[dict, float]]:
    """(data between two kinks, how far from them that is) on lines between some data of the same sizes; fixed: symbols that stay."""
    switches = list(dict.fromkeys(u for e in expressions for u in switches_in(e)))
    lines = 0
    for first, last in combinations(envs, 2) if switches else ():
        if lines == LINES:
            return
        line = Line(first, last, fixed)
        found = line.between(switches)
        lines += bool(found)
        yield from found


class Line:
    """The data from one place to another; called on a number from 0 to 1."""

    def __init__(self, first: dict, last: dict, fixed: set):
        self.first = first
        self.steps = {s: last[s] - v for s, v in first.items() if s not in fixed and not isinstance(v, int) and s in last}

    def __call__(self, place: float) -> dict:
        return {s: v + place * self.steps[s] if s in self.steps else v for s, v in self.first.items()}

    def between(self, switches: list) -> list[tuple[dict, float]]:
        """(data, how far from the next kink) in the middle between the kinks that are closest to one another."""
        length = max((float(np.abs(step).max(initial=0)) for step in self.steps.values()), default=0.0)
        kinks = sorted(k for u in switches for k in self.kinks(u))
        gaps = sorted((b - a, (a + b) / 2) for a, b in zip(kinks, kinks[1:]) if b - a > CLOSEST)
        return [(self(middle), min(1.0, gap * length / 2)) for gap, middle in gaps[:MOST]]

    def kinks(self, u: Any) -> list[float]:
        """Where an entry of u changes its sign; nothing where it has no value on the line."""
        try:
            values = [self._value(u, place) for place in GRID]
            changes = [(k, i) for k, (a, b) in enumerate(zip(values, values[1:])) for i in map(int, np.flatnonzero(a * b < 0))]
            return [self._root(u, i, GRID[k], GRID[k + 1], values[k][i], values[k + 1][i]) for k, i in changes]
        except NO_VALUE:
            return []

    def _value(self, u: Any, place: float) -> Any:
        value = np.ravel(evaluate(u, self(place)))
        if np.iscomplexobj(value):
            raise ValueError("a kink is of a real function")
        return value

    def _root(self, u: Any, i: int, a: float, b: float, at_a: float, at_b: float) -> float:
        """The root between a and b: by the secant, which finds it at once where u is linear, else by halves."""
        scale, place = max(abs(at_a), abs(at_b)), a - at_a * (b - a) / (at_b - at_a)
        for _ in range(HALVINGS):
            value = self._value(u, place)[i]
            if abs(value) <= 1e-14 * scale or b - a < CLOSEST / 1e6:
                break
            a, b = (place, b) if (value < 0) == (at_a < 0) else (a, place)
            place = (a + b) / 2
        return place


def switches_in(e: Any) -> Iterator[Any]:
    """The expressions at whose zeros a part of a formula has a kink or a jump, entry by entry."""
    for node in every_node(e):
        if isinstance(node, ElementwiseApplyFunction) and isinstance(node.function, Lambda):
            (bound, *more), body = node.function.variables, node.function.expr
            inner = [u for part in every_node(body) for u in _switches(part)] if not more else []
            yield from (ElementwiseApplyFunction(Lambda(bound, u), node.expr) for u in inner if u.has(bound))
        else:
            yield from _switches(node)


def _switches(node: Basic) -> Iterator[Any]:
    """Those of one node."""
    if isinstance(node, (Abs, sign, Heaviside)):
        yield node.args[0]
    elif isinstance(node, (Max, Min, ElementMax, ElementMin)):
        yield from (minus(a, b) for a, b in combinations(node.args, 2))
    elif isinstance(node, Relational):
        yield minus(node.lhs, node.rhs)
    elif isinstance(node, Norm) and node.p == 1:
        yield node.arg
    elif isinstance(node, (Pow, HadamardPower)) and not node.args[1].is_integer:  # the root of a square
        square = node.args[0]
        yield from square.args[:1] if isinstance(square, (Pow, HadamardPower)) and square.args[1].is_even else ()
    elif isinstance(node, Elementwise):
        yield from (minus(node.args[0], k) for k in node.kinks(*node.args[1:]))
