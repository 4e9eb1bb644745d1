"""Sums of terms by the entries of a vector d, without the quotients by an entry that the product p of all entries takes up.

p over an entry is the product of all others; p over two different ones that of all others but two. Where two may be one and the same,
p over its square has no such form: what is divided so has to cancel.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, signature
from .entry_reader import Reader, Terms
from .entry_terms import Term
from .walk import raised


class Quotients:
    """`size_of`: the node of a size."""

    def __init__(self, g: Graph, reader: Reader, size_of: Callable[[Expr], Node]):
        self.g, self.reader, self.size_of, self.d = g, reader, size_of, reader.leaves.d

    def taken_up(self, terms: Terms) -> list[Product] | None:
        """The terms as products without such quotients; None where there are none of them, or where they do not cancel."""
        kept: Terms = []
        squares: Terms = []
        changed = merges = False
        for t in terms:
            below = t.divisors()
            if t.power < 1 or not below:
                kept.append(t)
            elif sum(below.values()) <= t.power:
                kept.append(self._by_one(t))
                changed = True
            elif len(below) == 2 and max(below.values()) <= t.power:
                kept.append(self._by_two(t))
                squares.append(_merged(t))
                merges = True
            else:
                squares.append(t)
        if merges:
            squares = [self._by_one(t) for t in self._collected(squares)]
            if any(t.divisors() for t in squares):
                return None
        return [self._product(t) for t in (*kept, *squares)] if changed or merges else None

    def _by_one(self, t: Term) -> Term:
        """A term with products of the others in place of quotients; as it is where the power of the product does not take them up."""
        below = t.divisors()
        left = t.power - sum(below.values())
        if left < 0:
            return t
        factors = [Factor(self.g.pow(self._others(), self.g.const(k)), (x,)) for x, k in below.items()]
        return Term(t.out, t.number, left, _above(t), (*t.factors, *factors), t.labels)

    def _by_two(self, t: Term) -> Term:
        """The term where the two entries are different: p^k/(d_i^a d_j^b) by the products of all but one, and of all but two, k >= a, b."""
        (i, a), (j, b) = t.divisors().items()
        but_two = self.g.make("other_pairs", (self.d,))
        exponents = ((but_two, (i, j), a + b - t.power), (self._others(), (i,), t.power - b), (self._others(), (j,), t.power - a))
        factors = [Factor(self.g.pow(x, self.g.const(k)), labels) for x, labels, k in exponents if k]
        return Term(t.out, t.number, 0, _above(t), (*t.factors, *factors), t.labels)

    def _others(self) -> Node:
        n = self.g.make("size", (self.d,), (0,), integer=True, weak=True)
        return self.g.reshape(self.g.make("others", (self.g.reshape(self.d, [self.g.const(1), n]),)), [n])

    def _collected(self, terms: Terms) -> Terms:
        """The terms taken apart, those that differ by a number as one, and without those that cancel."""
        numbers, found = {}, {}
        for t in (self._with_powers(part) for whole in terms for part in self.reader.apart(whole)):
            key = signature(self._product(t.with_number(1)))
            numbers[key] = numbers.get(key, 0) + t.number
            found.setdefault(key, t)
        return [t.with_number(numbers[key]) for key, t in found.items() if numbers[key] != 0]

    def _with_powers(self, t: Term) -> Term:
        """The term with the powers of one node as one factor."""
        powers: dict[tuple, int | float] = {}
        nodes = {}
        for f in t.factors:
            base, p = (f.node, 1) if f.inverse else raised(f.node)
            key = base.number, f.labels, f.inverse
            powers[key], nodes[key] = powers.get(key, 0) + p, base
        factors = [Factor(self.g.pow(nodes[key], self.g.const(p)), key[1], key[2]) for key, p in powers.items() if p]
        return Term(t.out, t.number, t.power, t.exponents, factors, t.labels)

    def _product(self, t: Term) -> Product:
        g = self.g
        factors = [*t.factors, *(Factor(g.pow(self.d, g.const(e)), (x,)) for x, e in t.exponents.items())]
        held = {x for f in factors for x in f.labels} | set(t.out)
        sizes = [self.size_of(x.size) for x in t.labels if x not in held]
        power = [g.pow(self.reader.leaves.product, g.const(t.power))] if t.power else []
        scalars = [g.const(t.number), *power, *sizes, *(f.node for f in factors if not f.labels)]
        return Product(scalars, [f for f in factors if f.labels], t.out)


def _above(t: Term) -> dict[Label, int]:
    return {x: e for x, e in t.exponents.items() if e > 0}


def _merged(t: Term) -> Term:
    """The term where the two entries that it is divided by are one."""
    i, j = sorted(t.divisors(), key=lambda x: x not in t.out)  # a label that is kept stays
    return t.renamed({j: i})
