"""Functions of cosh, sinh and exponentials of one variable, where these are out of range and the function is not: the scale goes in front.

A sum that grows as exp(k |t|) is that times what is left of it; so a root, a quotient or a logarithm of such sums has the scale of its own.

>>> from sympy import cosh, exp, log, sinh, sqrt, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> t, u = symbols("t u")
>>> before_and_after(growing, sqrt(cosh(t) + 1))
before: sqrt(cosh(t) + 1)
after:  exp(0.5*abs(real(t)))*sqrt(cosh_scaled(t) + exp(-1*abs(real(t))))
>>> before_and_after(growing, sinh(t)/(cosh(t) + 1))
before: sinh(t)*(cosh(t) + 1)**-1
after:  sinh_scaled(t)*(cosh_scaled(t) + exp(-1*abs(real(t))))**-1
>>> before_and_after(growing, log(exp(t) + exp(-t)))
before: log(exp(t) + exp(-1*t))
after:  log(exp(t + -1*abs(real(t))) + exp(-1*t + -1*abs(real(t)))) + abs(real(t))

Where the scale is small, what has digits of its own near 0 stays, of t within bounds: `arcsinh(sinh(t))`, `log1p(sinh(t)**2)`. See
`inverses`.

In a product the factors of each variable are together:

>>> before_and_after(growing, exp(u)*sinh(t)/(cosh(t) + 2))
before: sinh(t)*exp(u)*(cosh(t) + 2)**-1
after:  exp(u)*sinh_scaled(t)*(cosh_scaled(t) + 2*exp(-1*abs(real(t))))**-1

What is out of range only if the value is stays, and so does what grows with several variables in one sum:

>>> before_and_after(growing, u*cosh(t)/sqrt(cosh(t) + cosh(u)))
before: u*cosh(t)*sqrt(cosh(t) + cosh(u))**-1
after:  u*cosh(t)*sqrt(cosh(t) + cosh(u))**-1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .inverses import inverse_of_large, plus_scale, within
from .rates import exponential, is_inverse, is_log, keeps_digits, product_of_rates, rates_of
from .walk import called, raised


def growing(graph: Graph, roots: list[Node], context: Any) -> list[Node]:
    """The roots with the scale in front where a part would lose it."""
    order = reachable(roots)
    growth = _Growth(graph, order)
    if not any(growth.rates[node.number].lost or node.op == "mul" and growth.lost_in(node) for node in order):
        return roots
    for node in order:
        growth.renew(node)
    return [growth.new[r.number] for r in roots]


@dataclass(frozen=True)
class _Scaled:
    """``value * exp(linear*t + up*max(t, 0) + down*max(-t, 0))``, of the real part of t but for the first."""

    value: Node
    linear: float = 0
    up: float = 0
    down: float = 0


def _is_whole_power(node: Node) -> bool:
    """Whether a node is in range where its base is."""
    return node.op == "pow" and isinstance(raised(node)[1], int)


class _Growth:
    """`new`: what takes the place of each node, by number."""

    def __init__(self, g: Graph, order: Sequence[Node]):
        self.g, self.rates, self.nodes = g, rates_of(order, g.bounded), {node.number: node for node in order}
        self.new: dict[int, Node] = {}

    def renew(self, node: Node) -> None:
        """Find what takes the place of a node, whose operands have been renewed."""
        rates = self.rates[node.number]
        if node.op == "mul" and not node.weak:
            self.new[node.number] = self._product(node)
        elif rates.lost and node.op != "add" and not _is_whole_power(node):
            self.new[node.number] = self._whole(self._scaled(node), rates.of)
        else:
            self.new[node.number] = self.g.remake(node, [self.new[a.number] for a in node.args])

    def _product(self, node: Node) -> Node:
        """A product; the factors of one variable together. One alone has been renewed as it is."""
        lost = self.lost_in(node)
        together = {a.number for same in lost.values() for a in same}
        if not lost:
            return self.g.remake(node, [self.new[a.number] for a in node.args])
        rest = [self.new[a.number] for a in node.args if a.number not in together]
        return self.g.mul(*rest, *(self._whole(self._of_factors(same), of) for of, same in lost.items()))

    def lost_in(self, node: Node) -> dict[frozenset[int], list[Node]]:
        """The factors of a product that are lost together, by their variable."""
        groups: dict[frozenset[int], list[Node]] = {}
        for a in node.args:
            groups.setdefault(self.rates[a.number].of, []).append(a)
        return {
            of: same for of, same in groups.items() if of and len(same) > 1 and product_of_rates([self.rates[a.number] for a in same]).lost
        }

    def _whole(self, x: _Scaled, of: frozenset[int]) -> Node:
        exponent = self._exponent(of, x.linear, x.up, x.down)
        return x.value if exponent is None else self.g.mul(self.g.call("exp", exponent), x.value)

    def _exponent(self, of: frozenset[int], linear: float, up: float, down: float) -> Node | None:
        """The exponent by its numbers, None for 0."""
        g, (number,) = self.g, of
        t = self.new[number]
        real = g.call("real", t)
        if up == down:
            parts = [(linear, t), (up, g.call("abs", real))]
        elif up == -down:
            parts = [(linear, t), (up, real)]
        else:
            zero = g.const(0)
            parts = [(linear, t), (up, g.call("maximum", real, zero)), (-down, g.call("minimum", real, zero))]
        terms = [g.mul(g.const(c), x) for c, x in parts if c]
        return g.add(*terms) if terms else None

    # ---- a node with its scale apart
    def _scaled(self, node: Node) -> _Scaled:
        of = self.rates[node.number].of
        if len(of) != 1:
            return _Scaled(self.new[node.number])
        known = exponential(node)
        if known is not None:
            name, c, t = known
            if name == "exp":
                return _Scaled(self.g.const(1), linear=c)
            x = self.g.mul(self.g.const(c), self.new[t.number])
            return _Scaled(self.g.call(f"{name}_scaled", x), up=abs(c), down=abs(c))
        if node.op == "add":
            return self._sum(list(map(self._scaled, node.args)), of)
        if node.op == "mul":
            return self._of_factors(node.args)
        if is_log(node):
            return self._log(node, of)
        if is_inverse(node):
            return self._inverse(node, of)
        return self._power(node, of)

    def _divisor(self, node: Node) -> _Scaled:
        """What is divided by, or has a logarithm: all its digits near 0 matter."""
        if node.op == "mul":
            return self._multiplied(list(map(self._divisor, node.args)))
        of = self.rates[node.number].of
        found = self._less_one(list(map(self._scaled, node.args)), of) if node.op == "add" and len(of) == 1 else None
        return self._scaled(node) if found is None else found

    def _less_one(self, parts: Sequence[_Scaled], of: frozenset[int]) -> _Scaled | None:
        """``c exp(a t) - c exp(b t)`` by a function that has the digits of a small t; None of other sums."""
        numbers = [x.value.value for x in parts]
        if len(parts) != 2 or any(not isinstance(c, (int, float)) for c in numbers) or numbers[0] != -numbers[1]:
            return None
        rates = [(x.linear + x.up, -x.linear + x.down) for x in parts]
        if any(up != -down for up, down in rates) or rates[0] == rates[1]:
            return None
        g, (number,) = self.g, of
        (a, _), (b, _) = rates
        c, a, b = (numbers[0], a, b) if a > b else (numbers[1], b, a)
        t, minus = self.new[number], g.compare("<", g.call("real", self.new[number]), g.const(0))
        sign = g.where(minus, g.const(-1), g.const(1))
        less = g.call("expm1", g.mul(g.const(b - a), sign, t))  # c exp(a |t|) (1 - exp((b - a) |t|)), the other way round for t < 0
        return _Scaled(g.mul(g.const(-c), sign, less), 0, a, -b)

    def _sum(self, parts: Sequence[_Scaled], of: frozenset[int]) -> _Scaled:
        up, down = max(x.up + x.linear for x in parts), max(x.down - x.linear for x in parts)
        terms = [self._whole(_Scaled(x.value, x.linear, x.up - up, x.down - down), of) for x in parts]
        return _Scaled(self.g.add(*terms), 0, up, down)

    def _of_factors(self, factors: Sequence[Node]) -> _Scaled:
        return self._multiplied(list(map(self._scaled, factors)))

    def _multiplied(self, parts: Sequence[_Scaled]) -> _Scaled:
        value = self.g.mul(*(x.value for x in parts))
        return _Scaled(value, *(sum(getattr(x, name) for x in parts) for name in ("linear", "up", "down")))

    def _power(self, node: Node, of: frozenset[int]) -> _Scaled:
        p = raised(node)[1]
        x = self._divisor(node.args[0]) if p < 0 else self._scaled(node.args[0])
        if not isinstance(p, int):
            x = self._positive(x, of)
        root = called(node, "sqrt") is not None
        value = self.g.call("sqrt", x.value) if root else self.g.pow(x.value, node.args[1])
        return _Scaled(value, p * x.linear, p * x.up, p * x.down)

    def _log(self, node: Node, of: frozenset[int]) -> _Scaled:
        g = self.g
        if called(node, "log") is not None:
            x = self._positive(self._divisor(node.args[0]), of)
            return _Scaled(plus_scale(g, g.call("log", x.value), self._exponent(of, 0, x.up, x.down)))
        part, x = self._at_least_one(node, of)  # 1 + x = exp(s) (1 + x exp(-s) + (exp(-s) - 1))
        less, scale = self._exponent(of, 0, -x.up, -x.down), self._exponent(of, 0, x.up, x.down)
        value = plus_scale(g, g.call("log1p", part if less is None else g.add(part, g.call("expm1", less))), scale)
        return _Scaled(value if scale is None or keeps_digits(node) else self._near_zero(node, value, scale, of, x))

    def _inverse(self, node: Node, of: frozenset[int]) -> _Scaled:
        part, x = self._at_least_one(node, of)
        less, scale = self._exponent(of, 0, -x.up, -x.down), self._exponent(of, 0, x.up, x.down)
        if less is None or scale is None:
            return _Scaled(self.g.remake(node, [part]))
        return _Scaled(self._near_zero(node, inverse_of_large(self.g, node, part, less, scale), scale, of, x))

    def _at_least_one(self, node: Node, of: frozenset[int]) -> tuple[Node, _Scaled]:
        """(value, scale) of the operand, with a scale that is nowhere less than 1."""
        inner = self._positive(self._scaled(node.args[0]), of)
        scale = _Scaled(inner.value, 0, max(inner.up, 0), max(inner.down, 0))
        return self._whole(_Scaled(inner.value, 0, inner.up - scale.up, inner.down - scale.down), of), scale

    def _near_zero(self, node: Node, large: Node, scale: Node, of: frozenset[int], x: _Scaled) -> Node:
        """The value with the scale apart where that is above e, elsewhere the function itself."""
        (number,) = of
        t = self.nodes[number]
        return within(self.g, node, t, self.new[number], large, scale, x.up, x.down)

    def _positive(self, x: _Scaled, of: frozenset[int]) -> _Scaled:
        """With a scale that is a positive number, which a root and a logarithm let through."""
        if x.linear == 0:
            return x
        return _Scaled(self._whole(_Scaled(x.value, x.linear, -x.linear, x.linear), of), 0, x.up + x.linear, x.down - x.linear)
