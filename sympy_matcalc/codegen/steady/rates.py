"""How fast a function of one variable t grows: a node goes as exp(up t) for t -> oo, and as exp(-down t) for t -> -oo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..ir.node import Node
from .walk import called, number_and_rest, raised, scaled


@dataclass(frozen=True)
class Rates:
    """`of`: the variables by number; the rates are those by the one there is. lost: a part is out of range where the value is not, or loses
    its scale in a logarithm.
    """

    of: frozenset[int] = frozenset()
    up: float = 0
    down: float = 0
    lost: bool = False

    @property
    def grows(self) -> bool:
        return max(self.up, self.down) > 0


CONSTANT = Rates()


def exponential(node: Node) -> tuple[str, float, Node] | None:
    """(name, c, t) of exp, cosh or sinh of c*t with a real number c, else None; so where t is the largest of some, a scale by itself."""
    for name in ("exp", "cosh", "sinh"):
        x = called(node, name)
        if x is not None:
            c, t = scaled(x)
            is_scale = t is not None and (t.op in ("max", "max_or_zero") or t.op == "call" and t.attrs[0] in ("maximum", "minimum"))
            return (name, c, t) if t is not None and isinstance(c, (int, float)) and not is_scale else None
    return None


def rates_of(order: Sequence[Node], bounded: Collection[int]) -> dict[int, Rates]:
    """The rates of nodes by number; operands stand before what they are in. bounded: numbers of exponents whose exponentials are in
    range.
    """
    found: dict[int, Rates] = {}
    for node in order:
        found[node.number] = _rates(node, [found[a.number] for a in node.args], bounded)
    return found


def _rates(node: Node, operands: list[Rates], bounded: Collection[int]) -> Rates:
    known = exponential(node)
    if known is not None and node.args[0].number in bounded:
        return CONSTANT
    if known is not None:
        name, c, t = known
        return Rates(frozenset([t.number]), c, -c) if name == "exp" else Rates(frozenset([t.number]), abs(c), abs(c))
    variables = frozenset[int]().union(*(r.of for r in operands))
    if len(variables) != 1:
        return CONSTANT
    if node.op == "add":
        return Rates(variables, max(r.up for r in operands), max(r.down for r in operands), any(r.lost for r in operands))
    if node.op == "mul":
        return product_of_rates(operands)
    if is_log(node):
        return Rates(variables, lost=operands[0].up != 0 or operands[0].down != 0)
    if is_inverse(node):
        return Rates(variables, lost=operands[0].grows or operands[0].lost)
    base, p = raised(node)
    if base is node or isinstance(p, complex):
        return CONSTANT
    (r,) = operands[:1]
    return Rates(variables, p * r.up, p * r.down, r.lost or 0 < p < 1 and r.grows)


def product_of_rates(factors: Sequence[Rates]) -> Rates:
    """Those of a product: what grows times what falls is lost where either is out of range."""
    variables = frozenset[int]().union(*(r.of for r in factors))
    mixed = any(max(rates) > 0 > min(rates) for rates in ([r.up for r in factors], [r.down for r in factors]))
    return Rates(variables, sum(r.up for r in factors), sum(r.down for r in factors), mixed or any(r.lost for r in factors))


def is_inverse(node: Node) -> bool:
    """Whether it is an inverse function that grows as a logarithm."""
    return called(node, "arcsinh", "arccosh") is not None


def is_log(node: Node) -> bool:
    """Whether it is a logarithm that may be that of a multiple, with the logarithm of the number added."""
    if called(node, "log") is not None:
        return True
    x = called(node, "log1p")
    return x is not None and None not in map(_least_is_zero, number_and_rest(x)[1])


def keeps_digits(node: Node) -> bool:
    """Whether what `log1p` is of is nowhere so small that it has digits of its own: it does not go through 0."""
    return not any(map(_least_is_zero, number_and_rest(node.args[0])[1]))


def _least_is_zero(term: Node) -> bool | None:
    """Whether it is 0 somewhere, of a product of exponentials, hyperbolic cosines, even powers of hyperbolic sines, and of a number above
    0; None where it is no such product.
    """
    sines = False
    for factor in term.args if term.op == "mul" else (term,):
        base, p = raised(factor)
        known = exponential(base)
        if known is None and not (isinstance(factor.value, (int, float)) and factor.value > 0 and term.op == "mul"):
            return None
        if known is not None and known[0] == "sinh":
            sines = True
            if not (isinstance(p, int) and p > 0 and p % 2 == 0):
                return None
    return sines
