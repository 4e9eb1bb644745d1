"""Sums that vanish where a function tends to its limit, by the function of the other side, which has all digits there: powers of the
logistic function, of tanh and of erf. A logarithm of a product with such a function is the sum of logarithms.

>>> from sympy import erf, exp, log, symbols, tanh
>>> from sympy_matcalc.codegen.example import before_and_after
>>> x, y = symbols("x y")
>>> before_and_after(limits, y*(1 - erf(x)))
before: y*(-1*special.erf(x) + 1)
after:  y*special.erfc(x)
>>> s = 1/(1 + exp(-x))
>>> before_and_after(limits, y*s - 3*y*s**2 + 2*y*s**3)
before: y*expit(x) + -3*y*expit(x)**2 + 2*y*expit(x)**3
after:  y*expit(x)*(-2*expit(x) + 1)*expit(-1*x)
>>> before_and_after(limits, (1 - tanh(x)**2)/(1 - tanh(x)))
before: (-1*tanh(x)**2 + 1)*(-1*tanh(x) + 1)**-1
after:  2.0*expit(2*x)
>>> before_and_after(limits, log(1 - tanh(x)))
before: log1p(-1*tanh(x))
after:  log_one_less_tanh(x)
>>> before_and_after(limits, log(y*(1 + erf(x))))
before: log(y*(special.erf(x) + 1))
after:  principal(log(0.5*special.erfc(-1*x)) + log(2.0*y))

Not ``1 - tanh(x)^2`` alone, as it stands in a network, nor what vanishes elsewhere:

>>> before_and_after(limits, y*tanh(x)*(1 - tanh(x)**2))
before: y*(-1*tanh(x)**2 + 1)*tanh(x)
after:  y*(-1*tanh(x)**2 + 1)*tanh(x)
>>> before_and_after(limits, 2 - erf(x))
before: -1*special.erf(x) + 2
after:  -1*special.erf(x) + 2
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import log
from typing import NamedTuple

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .logistic import negative
from .walk import called, flat_factors, raised

MANY = 12  # terms, or factors, of which more are not looked at


def _doubled(sign: int) -> Callable[[Graph, Node], Node]:
    return lambda g, x: g.mul(g.const(2), g.call("expit", g.mul(g.const(2 * sign), x)))


# function: {limit: what makes |limit - f(x)| of x}, and what the library has to have for it
SIDES: dict[str, dict[int, Callable[[Graph, Node], Node]]] = {
    "expit": {1: lambda g, w: g.call("expit", negative(g, w))},
    "tanh": {1: _doubled(-1), -1: _doubled(1)},
    "special.erf": {1: lambda g, x: g.call("special.erfc", x), -1: lambda g, x: g.call("special.erfc", negative(g, x))},
}
TAILS = ("expit", "expit_slope", "special.erfc")


class Vanishing(NamedTuple):
    """Terms ``rest*f^lowest*(c_0 + c_1 f + ..)*prod (f - limit)^count`` of a sum, by their places."""

    places: tuple[int, ...]
    rest: dict[Node, float]
    f: Node
    lowest: int
    quotient: list[float]
    counts: dict[int, int]


def limits(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums as products."""
    order = reachable(roots)
    names = {name for name in SIDES if name != "special.erf" or context.backend.has_special("erfc")}
    if not any(called(node, *names) for node in order):
        return roots
    new: dict[int, Node] = {}
    wanted, kept = set[int](), set[int]()
    for node in order:
        wanted |= _steep(node)
    for node in order:
        out = graph.remake(node, [new[a.number] for a in node.args])
        new[node.number] = out if out.weak else _rewritten(graph, out, names, kept)
        if node.number in wanted:
            kept.add(new[node.number].number)
    return [new[r.number] for r in roots]


def _steep(node: Node) -> set[int]:
    """The arguments of tanh whose digits at a limit matter: one limit alone is met, or a power or logarithm of what vanishes is taken."""
    if node.op == "add":
        return {v.f.args[0].number for v in _vanishing(node, {"tanh"}) if len(set(v.counts.values())) > 1}
    base, p = raised(node)
    inner = base if base is not node and (p < 0 or p != int(p)) else called(node, "log")
    if inner is not None and inner.op == "add":
        return {v.f.args[0].number for v in _vanishing(inner, {"tanh"})}
    less = called(node, "log1p")
    powers = {} if less is None else _powers(less)[1]
    return {f.args[0].number for f in powers if called(f, "tanh") is not None}


def _rewritten(g: Graph, node: Node, names: set[str], wanted: set[int]) -> Node:
    if node.op == "add":
        return _as_products(g, node, names, wanted)
    if node.op == "mul":
        return _without_quotients(g, node)
    less = called(node, "log1p")
    if less is not None:
        return _log_of_one_side(g, less) or node
    arg = called(node, "log")
    return node if arg is None else _log_of_product(g, arg) or node


def _log_of_one_side(g: Graph, less: Node) -> Node | None:
    """``log(1 - tanh(x))`` and ``log(1 - tanh(x)^2)``, which have all digits about x = 0 too."""
    whole = g.add(less, g.const(1))
    found = next(_vanishing(whole, {"tanh"}), None) if whole.op == "add" else None
    if found is None or len(found.places) < len(whole.args) or found.lowest or len(found.quotient) > 1 or found.rest:
        return None
    x = found.f.args[0]
    if found.counts == {1: 1, -1: 1}:
        return g.call("principal", g.mul(g.const(-2), g.call("log_cosh", x)))
    return g.call("log_one_less_tanh", x if found.counts[1] else negative(g, x)) if sum(found.counts.values()) == 1 else None


def _as_products(g: Graph, node: Node, names: set[str], wanted: set[int]) -> Node:
    while node.op == "add":
        found = next((v for v in _vanishing(node, names) if called(v.f, "tanh") is None or v.f.args[0].number in wanted), None)
        if found is None:
            break
        others = [a for k, a in enumerate(node.args) if k not in found.places]
        node = g.add(_product(g, found), *others)
    return node


def _product(g: Graph, v: Vanishing) -> Node:
    sides = SIDES[v.f.attrs[0]]
    factors = [_raised_to(g, b, p) for b, p in v.rest.items()]
    sign = -1 if v.counts.get(1, 0) % 2 else 1
    terms = [g.mul(g.const(sign * c), g.pow(v.f, g.const(k))) for k, c in enumerate(v.quotient) if c]
    factors += [g.pow(v.f, g.const(v.lowest)), g.add(*terms)]
    factors += [side for limit, k in v.counts.items() for side in [sides[limit](g, v.f.args[0])] * k]
    numbers, others = zip(*map(_powers, factors), strict=True)
    total: dict[Node, float] = {}
    for powers in others:
        for b, p in powers.items():
            total[b] = total.get(b, 0) + p
    scale: float = 1
    for c in numbers:
        scale *= c
    return g.mul(g.const(scale), *(_raised_to(g, b, p) for b, p in total.items()))


def _raised_to(g: Graph, base: Node, p: float) -> Node:
    return g.call("sqrt", base) if p == 0.5 else g.pow(base, g.const(p))


def _powers(term: Node) -> tuple[float, dict[Node, float]]:
    """(number, {base: power}) of a product."""
    number: float = 1
    powers: dict[Node, float] = {}
    for f in flat_factors(term):
        if isinstance(f.value, (int, float)):
            number *= f.value
            continue
        base, p = raised(f)
        if base.op == "mul" and isinstance(p, int) and any(called(raised(b)[0], *TAILS) is not None for b in base.args):
            inner, parts = _powers(base)
            number *= float(inner) ** p
            for b, q in parts.items():
                powers[b] = powers.get(b, 0) + q * p
            continue
        while isinstance(p, int) and base is not f and isinstance(raised(base)[1], int) and raised(base)[0] is not base:
            f, (base, q) = base, raised(base)
            p *= q
        powers[base] = powers.get(base, 0) + p
    return number, powers


def _vanishing(node: Node, names: set[str]) -> Iterator[Vanishing]:
    """Those terms of a sum that are a polynomial in a function which is 0 at its limits."""
    if len(node.args) > MANY:
        return
    terms = [_powers(a) for a in node.args]
    bases = dict.fromkeys(b for _, powers in terms for b, p in powers.items() if called(b, *names) is not None and _is_count(p))
    for f in bases:
        groups: dict[frozenset[tuple[int, float]], dict[int, list[tuple[int, float]]]] = {}
        for place, (number, powers) in enumerate(terms):
            p = powers.get(f, 0)
            if _is_count(p):
                key = frozenset((b.number, q) for b, q in powers.items() if b is not f)
                groups.setdefault(key, {}).setdefault(int(p), []).append((place, number))
        for group in groups.values():
            low, high = min(group), max(group)
            coefficients = [sum(c for _, c in group.get(k, ())) for k in range(low, high + 1)]
            quotient, counts = _divided(coefficients, SIDES[f.attrs[0]])
            if any(counts.values()):
                places = tuple(place for members in group.values() for place, _ in members)
                rest = {b: q for b, q in terms[places[0]][1].items() if b is not f}
                yield Vanishing(places, rest, f, low, quotient, counts)


def _is_count(p: float) -> bool:
    return isinstance(p, int) and 0 <= p < MANY


def _divided(coefficients: list[float], roots: dict[int, Callable[[Graph, Node], Node]]) -> tuple[list[float], dict[int, int]]:
    """A polynomial, the constant first, divided by its roots as often as they are ones; and how often that is."""
    counts = dict.fromkeys(roots, 0)
    for root in roots:
        while len(coefficients) > 1:
            quotient, carried = [], coefficients[0] * 0
            for c in reversed(coefficients):
                carried = carried * root + c
                quotient.append(carried)
            if abs(quotient.pop()) > 1e-15 * sum(map(abs, coefficients)):
                break
            coefficients = quotient[::-1]
            counts[root] += 1
    return coefficients, counts


def _without_quotients(g: Graph, node: Node) -> Node:
    """A product in which a function of one side does not divide itself."""
    if len(node.args) > MANY:
        return node
    seen: dict[Node, list[float]] = {}
    for a in node.args:
        for b, p in _powers(a)[1].items():
            if called(b, *TAILS) is not None:
                seen.setdefault(b, []).append(p)
    if not any(min(ps) < 0 < max(ps) for ps in seen.values()):
        return node
    number, powers = _powers(node)
    return g.mul(g.const(number), *(_raised_to(g, b, p) for b, p in powers.items() if p))


def _log_of_product(g: Graph, arg: Node) -> Node | None:
    """The logarithm of a product with functions of one side among its factors; None of others."""
    number, powers = _powers(arg)
    tails = {b: p for b, p in powers.items() if called(b, *TAILS) is not None}
    others = [_raised_to(g, b, p) for b, p in powers.items() if b not in tails]
    if not tails or len(powers) > MANY or number <= 0 and not others:
        return None
    number /= 0.5 ** sum(p for b, p in tails.items() if b.attrs[0] == "special.erfc")
    rest = [g.call("log", g.mul(g.const(number), *others))] if others else [g.const(log(number))] if number != 1 else []
    logs = [g.mul(g.const(p), _log_of_tail(g, b)) for b, p in tails.items()]
    is_one = len(logs) == 1 and not others and next(iter(tails.values())) == 1 and next(iter(tails)).attrs[0] != "expit_slope"
    return g.add(*logs, *rest) if is_one else g.call("principal", g.add(*logs, *rest))


def _log_of_tail(g: Graph, tail: Node) -> Node:
    """That of half of it, where it is erfc."""
    if tail.attrs[0] == "special.erfc":
        return g.call("log", g.mul(g.const(0.5), tail))
    w = called(tail, "expit_slope")
    if w is None:
        return g.call("log", tail)
    return g.mul(g.const(-1), g.add(g.call("softplus", w), g.call("softplus", negative(g, w))))
