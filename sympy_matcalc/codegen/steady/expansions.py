"""Functions of one variable whose terms cancel at 0, or where exp(x) or 1/x goes to 0, by their series there.

The series are computed here, with numbers, from the graph, together with how the rounding errors of what is written go: where these are
larger than the value, a few terms of the series take its place, and it is computed of an argument at which it has its digits.

>>> from sympy import exp, log, sin, symbols
>>> from sympy_matcalc import lambdify
>>> t = symbols("t")
>>> slope = lambdify([t], (sin(t)/t).diff(t))
>>> float(slope(1e-9)), float(slope(0.0))
(-3.333333333333333e-10, -0.0)
>>> value = lambdify([t], 1 - exp(t)/(exp(exp(t)) - 1))
>>> round(float(value(-50.0)) / float(value(-51.0)), 12)
2.718281828459

What goes to 0 faster than any power is 0 where a factor of it would be out of range:

>>> from sympy_matcalc.codegen.example import before_and_after
>>> before_and_after(expansions, exp(t)*exp(-exp(t)))  # doctest: +ELLIPSIS
before: exp(t)*exp(-1*exp(t))
after:  where(compare(real_or_nan(t), 7.3132203870913015; >), 0.0, exp(where(compare(...), 7.3132203870913015, t))*exp(...))

What is exact to the size of 1 near 0 stays, and so do polynomials in functions that are bounded:

>>> from sympy import cos
>>> before_and_after(expansions, 1 - cos(t))
before: -1*cos(t) + 1
after:  -1*cos(t) + 1
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf, log
from typing import Any

from mpmath import mp

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .laurent import NoSeries, Series, beyond
from .laurent_functions import DIVIDING, FUNCTIONS, LOSING, chosen, negative
from .walk import called, raised

FEW, MANY = 8, 32  # the numbers of a series that tells whether there is a loss, and of one that is used
DIGITS = 40
LEAST = 1e-3  # the part of the digits that may be lost beside the series
ELEMENTWISE = frozenset({"add", "mul", "pow", "call", "where", "compare", "float"})


def expansions(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the series where what is written has no digits."""
    order = reachable(roots)
    variables = _variables(order)
    dividing = _dividing(order)
    if not any(dividing[n.number] and variables[n.number] is not None for n in order):
        return roots
    return _Expansions(graph, order, variables, dividing).of(roots)


# ---- what has one variable
def _variables(order: Sequence[Node]) -> dict[int, Node | None]:
    """The node of which each is a function by its entries, by number; None where there is none, or there are several."""
    held: dict[int, frozenset[Node]] = {}
    for node in order:
        if node.op in ("const", "dtype"):
            held[node.number] = frozenset()
        elif node.op in ELEMENTWISE and not node.integer:
            held[node.number] = frozenset().union(*(held[a.number] for a in node.args))
        else:
            held[node.number] = frozenset([node])
    return {k: next(iter(x)) if len(x) == 1 else None for k, x in held.items()}


def _dividing(order: Sequence[Node]) -> dict[int, bool]:
    """Whether a quotient, a logarithm or a root is in a node, by its operations on entries."""
    found: dict[int, bool] = {}
    for node in order:
        own = node.op == "pow" and isinstance(p := node.args[1].value, (int, float)) and p < 0
        own = (
            own
            or node.op == "call"
            and (node.attrs[0] in DIVIDING or node.attrs[0] == "sqrt")
            or node.op == "mul"
            and _is_by_exponential(node)
        )
        found[node.number] = node.op in ELEMENTWISE and (own or any(found[a.number] for a in node.args))
    return found


def _is_by_exponential(node: Node) -> bool:
    """Whether an exponential is a factor of a sum, or of another exponential."""
    found = sum(called(a, "exp") is not None for a in node.args)
    return found > 1 or found == 1 and any(a.op == "add" for a in node.args)


# ---- the places
@dataclass(frozen=True)
class Place:
    """Where s goes to 0. kind: "zero" of x itself, of either sign, "exp" of exp(sign*x), "far" of sign/x, x large."""

    kind: str
    sign: int = 1

    def variable(self, count: int) -> Series:
        """x as a series in s."""
        if self.kind == "exp":
            return replace(Series.of_number(mp.mpf(0), count), error=inf, log=self.sign)
        s = Series.of_variable(count, mp.mpf(1))
        return s if self.kind == "zero" else Series((mp.mpf(self.sign), *s.numbers[1:]), -1, -1)


PLACES = Place("zero"), Place("exp", 1), Place("exp", -1), Place("far", 1), Place("far", -1)


class _Expansion:
    """The series of functions of x at a place."""

    def __init__(self, x: Node, place: Place, count: int):
        self.x, self.place, self.count = x, place, count
        self.two = place.kind == "zero"
        self.known: dict[int, Series | None] = {}
        self.vanishing: set[int] = set()  # what divides by, or has a logarithm of, what goes out of range as s does

    def of(self, node: Node) -> Series | None:
        """The series of a node; None where it has none."""
        for part in reachable([node]):
            if part.number not in self.known:
                self.known[part.number] = self._found(part)
        return self.known[node.number]

    def _found(self, node: Node) -> Series | None:
        if node is self.x:
            return self.place.variable(self.count)
        if node.op == "const":
            return None if isinstance(node.value, complex) else Series.of_number(mp.mpf(float(node.value)), self.count)
        args = [self.known.get(a.number) for a in node.args]
        if node.op == "float":
            return args[0]
        if node.op == "where" and node.args[0].op == "compare":
            return self._of_branch(node, *args[1:])
        if node.op not in ELEMENTWISE or None in args:
            return None
        try:
            return self._of_operands(node, args)
        except (NoSeries, ZeroDivisionError, OverflowError):
            return None

    def _of_branch(self, node: Node, first: Series | None, second: Series | None) -> Series | None:
        condition = node.args[0]
        a, b = (self.known.get(x.number) for x in condition.args)
        if a is None or b is None or first is None or second is None or condition.attrs[0] not in ("<", ">"):
            return None
        try:
            return chosen(a + negative(b), *((first, second) if condition.attrs[0] == ">" else (second, first)), self.two)
        except NoSeries:
            return None

    def _of_operands(self, node: Node, args: list[Any]) -> Series:
        if any(a.number in self.vanishing for a in node.args):
            self.vanishing.add(node.number)
        if node.op == "add":
            return sum(args[1:], args[0])
        if node.op == "mul":
            if self._is_indeterminate(node, [a.start for a in args]):
                self.vanishing.add(node.number)
            out = args[0]
            for a in args[1:]:
                out = out * a
            return out
        if node.op == "pow":
            p = node.args[1].value
            if not isinstance(p, (int, float)):
                raise NoSeries
            if p < 0:
                self._divides(node, args[0])
            return args[0].power(p, self.two)
        if node.op != "call":
            raise NoSeries
        name = node.attrs[0]
        if name in DIVIDING and self.place.kind == "exp":
            self._divides(node, DIVIDING[name](args[0]))
        if name not in FUNCTIONS:
            raise NoSeries
        out = FUNCTIONS[name](*args, self.two)
        if name in LOSING:
            return out
        return replace(out, error=out.start) if all(a.error >= a.start for a in args) and not out.log else out

    def _is_indeterminate(self, node: Node, powers: Sequence[int]) -> bool:
        """Whether a product has a factor that is out of the range of numbers where it is not, and one that goes the other way."""
        if self.place.kind != "exp":
            return False
        divisors = [raised(a)[1] < 0 and p > 0 for a, p in zip(node.args, powers, strict=True)]
        return any((d or beyond(p)) and any(p * q < 0 for q in powers) for p, d in zip(powers, divisors, strict=True))

    def _divides(self, node: Node, by: Series) -> None:
        if self.place.kind == "exp" and by.start > 0:
            self.vanishing.add(node.number)

    def loss(self, node: Node) -> float:
        """The power of s that is lost of the digits of a node, -1 where what it is made of is out of range; 0 where it is as it should."""
        s = self.of(node)
        if s is None or not any(s.numbers) and not s.log:
            return 0
        least = min(s.start, 0) if self.two or s.log else s.start
        if s.error < least and not beyond(s.start):
            return s.start - s.error
        return -1 if node.number in self.vanishing and s.start >= 0 else 0


# ---- the graph
class _Expansions:
    def __init__(self, g: Graph, order: Sequence[Node], variables: dict[int, Node | None], dividing: dict[int, bool]):
        self.g, self.order, self.variables, self.dividing = g, order, variables, dividing
        self.few: dict[tuple[int, Place], _Expansion] = {}

    def of(self, roots: Iterable[Node]) -> list[Node]:
        """The roots anew: the largest parts that have a series and have lost something, or a part of them has."""
        new: dict[int, Node] = {}
        stack = list(roots)
        seen = set()
        while stack:  # the largest first
            node = stack.pop()
            if node.number in seen:
                continue
            seen.add(node.number)
            found = self._expanded(node)
            if found is None:
                stack.extend(node.args)
            else:
                new[node.number] = found
        if not new:
            return list(roots)
        for node in self.order:
            if node.number not in new:
                new[node.number] = self.g.remake(node, [new[a.number] for a in node.args])
        return [new[r.number] for r in roots]

    def _expanded(self, node: Node) -> Node | None:
        x = self.variables[node.number]
        if x is None or x is node or x.weak or x.integer or not self.dividing[node.number] or node.weak:
            return None
        found = [(place, part) for place in PLACES if (part := self._part_at(node, x, place)) is not None]
        if not found:
            return None
        g, inside, out = self.g, x, []
        for place, (r, s) in found:
            condition, instead = _where(g, x, place, r)
            near = g.where(condition, x, g.const(instead))
            out.append((condition, _value(g, near, place, r, s)))
            inside = g.where(condition, g.const(instead), inside)
        value = self._at(node, x, inside)
        for condition, near in out:
            value = g.where(condition, near, value)
        return value

    def _part_at(self, node: Node, x: Node, place: Place) -> tuple[float, Series] | None:
        """(r, series), of which s below r is a part where the node has no digits."""
        with mp.workdps(15):
            few = self.few.setdefault((x.number, place), _Expansion(x, place, FEW))
            lost = few.loss(node)
        if not lost:
            return None
        with mp.workdps(DIGITS):
            many = _Expansion(x, place, MANY)
            s = many.of(node)
            return None if s is None else _cut(s, lost, [p.start for p in many.known.values() if p is not None])

    def _at(self, node: Node, x: Node, inside: Node) -> Node:
        found = {x.number: inside}
        for part in reachable([node]):
            if part.number not in found:
                found[part.number] = self.g.remake(part, [found.get(a.number, a) for a in part.args])
        return found[node.number]


def _cut(s: Series, lost: float, powers: Iterable[int]) -> tuple[float, Series] | None:
    """The largest s at which a few terms have all digits, or at which no more are lost than may be; with these terms. powers: of the parts
    of the function.
    """
    own = beyond(s.start)
    if own:
        k, c = own
        return None if c < 0 else (min(s.within, (c / 1500) ** (1 / k)), Series((0.0,)))
    sizes = [abs(float(c / s.numbers[0])) if s.numbers[0] else abs(float(c)) for c in s.numbers]
    rate = max([c ** (1 / k) for k, c in enumerate(sizes) if k > 3 and c], default=1e-3)
    out_of_range = any(map(beyond, powers)) or s.within < inf
    r = min(0.25 / rate, 1, s.within, *(() if out_of_range else (LEAST ** (1 / lost) if lost > 0 else 1e-4,)))
    kept = [c if size * r**k > 1e-18 or not k else 0 * c for k, (c, size) in enumerate(zip(s.numbers, sizes, strict=True))]
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return r, replace(s, numbers=tuple(kept))


def _where(g: Graph, x: Node, place: Place, r: float) -> tuple[Node, float]:
    """(the condition that s is below r, an x at which it is not).

    Complex numbers far from 0 are computed as it is written: sums of logarithms are on other branches.
    """
    if place.kind == "zero":
        return g.compare("<", g.call("abs", x), g.const(r)), r
    bound = place.sign * (log(r) if place.kind == "exp" else 1 / r)
    below = place.sign == (1 if place.kind == "exp" else -1)
    return g.compare("<" if below else ">", g.call("real_or_nan", x), g.const(bound)), bound


def _value(g: Graph, x: Node, place: Place, r: float, s: Series) -> Node:
    """The value of a series, by Horner's scheme."""
    if place.kind == "zero":
        base = x
    elif place.kind == "exp":
        base = g.call("exp", x if place.sign == 1 else g.mul(g.const(-1), x))
    else:
        base = g.pow(x if place.sign == 1 else g.mul(g.const(-1), x), g.const(-1))
    powers = [k for k, c in enumerate(s.numbers) if c]
    step = 2 if all(k % 2 == powers[0] % 2 for k in powers) and powers else 1
    square = g.pow(base, g.const(2)) if step == 2 else base
    numbers = [float(c) for c in s.numbers[powers[0] % step if powers else 0 :: step]]
    out = g.const(numbers[-1])
    for c in reversed(numbers[:-1]):
        out = g.add(g.mul(square, out), g.const(c))
    start = s.start + (powers[0] % step if powers else 0)
    if start and place.kind == "exp":
        out = g.mul(g.call("exp", g.mul(g.const(place.sign * start), x)), out)
    elif start:
        out = g.mul(g.pow(base, g.const(start)), out)
    if not s.log:
        return out
    return g.add(out, g.mul(g.const(float(s.log)), g.mul(g.const(place.sign), x) if place.kind == "exp" else g.call("log", base)))
