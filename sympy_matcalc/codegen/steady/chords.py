"""Differences of the slopes of the logistic function, or of tanh, at two places over the difference of the function there: what is left
when the quotient is worked out, which has its digits where the two places meet, and where both are far out.

A function s with ``s' = c0 + c1 s + c2 s^2`` has ``(s'(a) - s'(b))/(s(a) - s(b)) = q`` with ``q = c1 + c2 (s(a) + s(b))``, and ``q^2 + c2
(s'(a) + s'(b))`` of the second derivatives. Such quotients are the derivatives of ``log(s(a) - s(b))``: of a probability between two
thresholds.

>>> from sympy import exp, symbols, tanh
>>> from sympy_matcalc.codegen.example import before_and_after
>>> a, b, x = symbols("a b x")
>>> s = lambda w: 1/(1 + exp(-w))
>>> before_and_after(chords, x*(tanh(a)**2 - tanh(b)**2)/(tanh(a) - tanh(b)))
before: x*(tanh(a)**2 + -1*tanh(b)**2)*(-1*tanh(b) + tanh(a))**-1
after:  x*(tanh(b) + tanh(a))

Of the logistic function it is the difference ``s(-a) - s(b)``, each with all of its digits:

>>> slope = lambda w: exp(-w)/(1 + exp(-w))**2
>>> before_and_after(chords, (slope(a) - slope(b))/(s(a) - s(b)))
before: (expit_slope(-1*a) + -1*expit_slope(-1*b))*(expit(a) + -1*expit(b))**-1
after:  expit(-1*a) + -1*expit(b)

At other places than the quotient's there is nothing to do:

>>> before_and_after(chords, (tanh(a)**2 - tanh(x)**2)/(tanh(a) - tanh(b)))
before: (tanh(a)**2 + -1*tanh(x)**2)*(-1*tanh(b) + tanh(a))**-1
after:  (tanh(a)**2 + -1*tanh(x)**2)*(-1*tanh(b) + tanh(a))**-1
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node, without
from .logistic import negative, slope
from .products import rewritten_by_axes
from .walk import called, passed, scaled

Poly = tuple[float, float, float, float]  # the coefficients of 1, s, s^2, s^3
Place = tuple[str, Node]  # a function, and what it is of, without a minus sign
Term = tuple[Place | None, Poly]
SLOPES = {"expit": (0, 1, -1), "tanh": (1, 0, -1)}  # c0, c1, c2 with s' = c0 + c1 s + c2 s^2
BY_SLOPE = {"expit_slope": "expit", "sech_squared": "tanh"}
ZERO: Poly = (0, 0, 0, 0)


def chords(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the rules applied once to every node."""
    return passed(graph, roots, {"mul": (_in_product,), "contract": (_in_contraction,), "add": (_without_opposites,)})


def _in_product(g: Graph, node: Node) -> Node | None:
    """The rule for elementwise products."""
    new = worked_out(g, node.args)
    return None if new is None else g.mul(*new)


def _in_contraction(g: Graph, node: Node) -> Node | None:
    """The rule for products that are summed: of factors with the same axes."""
    return rewritten_by_axes(g, node, worked_out) if any(map(_divisor, node.args)) else None


def worked_out(g: Graph, factors: Sequence[Node]) -> list[Node] | None:
    """The factors of a product with such quotients in it worked out; None where there are none."""
    for below in factors:
        chord = _divisor(below)
        for above in factors if chord is not None else ():
            (top, up), (bottom, down) = _power(above), _power(below)
            quotient = chord.under(g, top) if chord is not None and up >= 1 else None
            if quotient is not None:
                k = min(up, -down)
                rest = without(factors, above, below)
                quotient = g.signed(quotient)[1] if k % 2 == 0 else quotient
                powers = ((quotient, k), (top, up - k), (bottom, down + k))
                new = [*rest, *(g.pow(base, g.const(p)) for base, p in powers if p)]
                return worked_out(g, new) or new
    return None


@dataclass(frozen=True)
class _Chord:
    """``scale (s(a) - s(b))`` of the function `name`, of a and b as they stand there."""

    name: str
    a: Node
    b: Node
    scale: float

    def under(self, g: Graph, node: Node) -> Node | None:
        """The node over this; None where it is no difference of one polynomial of s(a) and the same of s(b)."""
        (a, _), (b, _) = places = _signed(self.a), _signed(self.b)
        terms = _terms(node, dict(places))
        parts = None if terms is None or a is b else _merged(terms)
        if parts is None or parts.keys() - {None, (self.name, a), (self.name, b)}:
            return None
        p = parts.get((self.name, a), ZERO)
        if any(_added(_added(p, parts.get((self.name, b), ZERO)), parts.get(None, ZERO))):
            return None
        return self._quotient(g, p)

    def _quotient(self, g: Graph, p: Poly) -> Node | None:
        """``(p(s(a)) - p(s(b)))/(s(a) - s(b))``, with p as ``u s + v s' + w s''``."""
        _, c1, c2 = c = SLOPES[self.name]
        w = p[3] / (2 * c2 * c2)
        v = (p[2] - 3 * c1 * c2 * w) / c2
        u = p[1] - c1 * v - (c1 * c1 + 2 * c[0] * c2) * w
        if not v and not w:  # a number, which has lost the axes
            return None
        q = self._slope(g)
        bent = g.add(g.pow(g.signed(q)[1], g.const(2)), *(g.mul(g.const(c2), self._tangent(g, x)) for x in (self.a, self.b)))
        numbers = [_plain(x / self.scale) for x in (u, v, w)]
        return g.add(*(g.mul(g.const(k), x) for k, x in zip(numbers, (g.const(1), q, bent), strict=True) if k))

    def _slope(self, g: Graph) -> Node:
        """``c1 + c2 (s(a) + s(b))``."""
        a, b = (g.call(self.name, x) for x in (self.a, self.b))
        if self.name == "expit":
            return g.add(g.call("expit", negative(g, self.a)), negative(g, b))
        return negative(g, g.add(a, b))

    def _tangent(self, g: Graph, x: Node) -> Node:
        """``s'(x)``."""
        if self.name == "expit":
            return slope(g, x)
        return g.add(g.const(1), negative(g, g.pow(g.call(self.name, x), g.const(2))))


def _divisor(node: Node) -> _Chord | None:
    """The difference of which a factor is a negative power; None for any other factor."""
    base, p = _power(node)
    if p >= 0 or base.op != "add" or len(base.args) != 2:
        return None
    (k, f), (other, h) = map(scaled, base.args)
    name = f.attrs[0] if f is not None and f.op == "call" else None
    a, b = (None if x is None or name not in SLOPES else called(x, name) for x in (f, h))
    return None if a is None or b is None or isinstance(k, complex) or k != -other else _Chord(str(name), a, b, k)


def _power(node: Node) -> tuple[Node, int]:
    """(base, exponent) of a whole power."""
    p = node.args[1].value if node.op == "pow" else None
    return (node.args[0], p) if isinstance(p, int) else (node, 1)


def _signed(w: Node) -> tuple[Node, int]:
    """(w, 1), or (x, -1) of ``w = -x``."""
    return (w.args[1], -1) if w.op == "mul" and len(w.args) == 2 and w.args[0].value == -1 else (w, 1)


# ---- sums of polynomials, each of one function at one place
def _terms(node: Node, signs: Mapping[Node, int]) -> list[Term] | None:
    """A node as such a sum. signs: by a place without its minus sign, that of the place at which the polynomial is written."""
    if node.op == "const":
        return None if isinstance(node.value, complex) else [(None, (node.value, 0, 0, 0))]
    if node.op == "call" and len(node.args) == 1:
        return _call(node.attrs[0], *_signed(node.args[0]), signs)
    base, p = _power(node)
    if node.op not in ("add", "mul", "pow") or not 1 <= p <= 3 or node.op == "pow" and p == 1:
        return None
    parts = [_terms(a, signs) for a in (node.args if p == 1 else [base] * p)]
    if node.op != "add":
        return reduce(_multiplied, parts)
    found = [part for part in parts if part is not None]
    return [t for part in found for t in part] if len(found) == len(parts) else None


def _call(name: str, x: Node, sign: int, signs: Mapping[Node, int]) -> list[Term] | None:
    """A function as a polynomial of s(w), or of ``s(-w) = -c1/c2 - s(w)``."""
    s = BY_SLOPE.get(name, name)
    if s not in SLOPES:
        return None
    c0, c1, c2 = SLOPES[s]
    if name != s:  # which is even
        return [((s, x), (c0, c1, c2, 0))]
    return [((s, x), (0, 1, 0, 0) if sign == signs.get(x, 1) else (-c1 // c2, -1, 0, 0))]


def _multiplied(a: list[Term] | None, b: list[Term] | None) -> list[Term] | None:
    """The product of two sums; None where that is of two places, or higher than cubic."""
    if a is None or b is None:
        return None
    places = {place for place, _ in (*a, *b) if place is not None}
    p, q = (reduce(_added, (poly for _, poly in terms), ZERO) for terms in (a, b))
    out = [0.0] * 7
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            out[i + j] += x * y
    return None if len(places) > 1 or any(out[4:]) else [(next(iter(places), None), (out[0], out[1], out[2], out[3]))]


def _merged(terms: Sequence[Term]) -> dict[Place | None, Poly]:
    """The polynomial of each place; the numbers, added up, at None."""
    parts: dict[Place | None, Poly] = {}
    for place, p in terms:
        split: list[Term] = [(None, (p[0], 0, 0, 0)), (place, (0, p[1], p[2], p[3]))]
        for at, q in split:
            if any(q):
                parts[at] = _added(parts.get(at, ZERO), q)
    return parts


def _added(p: Poly, q: Poly) -> Poly:
    return (p[0] + q[0], p[1] + q[1], p[2] + q[2], p[3] + q[3])


def _plain(x: Any) -> Any:
    """A whole number as an integer."""
    return int(x) if isinstance(x, float) and x.is_integer() else x


def _without_opposites(g: Graph, node: Node) -> Node | None:
    """``a - (a - b)`` as b."""
    parts = [(k * j, x) for a in node.args for k, core in [_multiple(a)] for j, x in _summands(core, node.ndim)]
    numbers: dict[Node, Any] = {}
    for k, x in parts:
        numbers[x] = numbers.get(x, 0) + k
    left = {x: k for x, k in numbers.items() if k != 0}
    if len(left) == len(numbers) or not left:
        return None
    new = g.add(*(g.mul(g.const(_plain(k)), x) for x, k in left.items()))
    return new if new.shape == node.shape else None


def _multiple(node: Node) -> tuple[Any, Node]:
    """(k, x) of k times x, where x is no multiple itself."""
    k, x = scaled(node)
    if x is None or x is node:
        return 1, node
    j, core = _multiple(x)
    return k * j, core


def _summands(node: Node, ndim: int) -> list[tuple[Any, Node]]:
    """The summands of a sum with all of its axes, as multiples."""
    return [_multiple(a) for a in node.args] if node.op == "add" and node.ndim == ndim else [(1, node)]
