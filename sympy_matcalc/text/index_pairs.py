"""Sums over pairs, ``\\sum_{i<j}``, ``\\sum_{i \\neq j}``: in the form of which derivatives are in matrix notation, where that is finite.

A term that is infinite or has a kink where the indices are equal, ``1/\\|x_i - x_j\\|``, is summed between limits by the other index.
"""

from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Integer, MatAdd, OneMatrix, Pow, Rational, S, Symbol, default_sort_key
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.walks import every_node
from ..nodes import InfinityNorm, LowerTriangle, Norm, UpperTriangle
from ..nodes.declaration import OwnNode
from .algebra import multiply

SHIFTS = {"<": -1, "<=": 0, ">": 1, ">=": 0}  # of the nearest index from the other one


@dataclass(frozen=True)
class Pair:
    """What is summed over an index, and how that stands to the index of a sum around."""

    body: Expr
    index: Symbol
    other: Symbol
    relation: str

    def inner(self, kind: type, length: Any) -> Expr:
        """The sum over the index."""
        if not self.is_smooth():
            return self.by_limits(kind, length)
        whole = (self.index, S.Zero, length - 1)
        if self.relation == "!=":
            return kind(self.body, whole) - self.body.xreplace({self.index: self.other})
        return kind(multiply([self.mask(length), self.body]), whole)

    def both(self, kind: type, length: Any) -> Expr | None:
        """The sum over both: of a symmetric term half of that over all pairs that are not equal; None for other terms."""
        if self.relation not in ("<", ">", "!=") or not self.is_symmetric():
            return None
        outer = (self.other, S.Zero, length - 1)
        if not self.is_smooth():
            ordered = kind(Pair(self.body, self.index, self.other, ">").by_limits(kind, length), outer)
            return 2 * ordered if self.relation == "!=" else ordered
        unequal = kind(Pair(self.body, self.index, self.other, "!=").inner(kind, length), outer)
        return unequal if self.relation == "!=" else multiply([Rational(1, 2), unequal])

    def by_limits(self, kind: type, length: Any) -> Expr:
        below, above = (self.index, S.Zero, self.other - 1), (self.index, self.other + 1, length - 1)
        if self.relation == "!=":
            return kind(self.body, below) + kind(self.body, above)
        if self.relation in ("<", "<="):
            return kind(self.body, (self.index, S.Zero, self.other + SHIFTS[self.relation]))
        return kind(self.body, (self.index, self.other + SHIFTS[self.relation], length - 1))

    def mask(self, length: Any) -> Expr:
        """1 for the pairs that are meant, else 0: an entry of a triangle of ones."""
        triangle = UpperTriangle if self.relation in (">", ">=") else LowerTriangle
        return MatrixElement(triangle(OneMatrix(length, length), Integer(SHIFTS[self.relation])), self.other, self.index)

    def is_symmetric(self) -> bool:
        """Whether the term is the same with the indices exchanged, but for signs in norms and even powers."""
        swapped = self.body.xreplace({self.index: self.other, self.other: self.index})
        found = [without_signs(e) for e in (self.body, swapped)]
        return bool(found[0] == found[1])

    def is_smooth(self) -> bool:
        """Whether the term is finite and has no kink where the indices are equal, as far as its form says."""
        even = {node.base for node in every_node(self.body) if isinstance(node, Pow) and node.exp.is_even and node.exp.is_positive}
        return not any(self.vanishes(part) for node in every_node(self.body) if node not in even for part in risky_parts(node))

    def vanishes(self, part: Expr) -> bool:
        """Whether something is 0 where the indices are equal."""
        if not {self.index, self.other} <= part.free_symbols:
            return False
        found = part.xreplace({self.index: self.other}).doit()
        return bool(found.is_zero) or getattr(found, "is_ZeroMatrix", False) or getattr(found, "expand", lambda: found)() == 0


def without_signs(e: Any) -> Any:
    """An expression in which what a norm or an even power is of has one of its two signs."""
    changed = {}
    for node in every_node(e):
        if isinstance(node, Norm) and isinstance(node.args[0], MatAdd):
            changed[node] = node.func(of_one_sign(node.args[0]), *node.args[1:])
        elif isinstance(node, Pow) and node.exp.is_even and isinstance(node.base, Add):
            changed[node] = Pow(of_one_sign(node.base), node.exp)
    return e.xreplace(changed)


def of_one_sign(total: Any) -> Any:
    negated = total.func(*(multiply([S.NegativeOne, term]) for term in total.args)).doit()
    return min(total, negated, key=default_sort_key)


def risky_parts(node: Any) -> list[Expr]:
    """What of a node must not be 0: bases of powers that are no natural numbers, arguments of norms, of functions with a pole or kink."""
    if isinstance(node, Pow):
        return [] if node.exp.is_Integer and node.exp >= 0 else [node.base]
    if isinstance(node, (Norm, InfinityNorm)) or type(node).__name__ in ("log", "acos", "acosh", "loggamma", "Max", "Min"):
        return [node.args[0]]
    return [node.args[0]] if isinstance(node, OwnNode) and getattr(node, "domain", "any") == "positive" else []
