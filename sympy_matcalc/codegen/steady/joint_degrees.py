"""Degrees in exp(c) of what is made of several exponentials and numbers, where c is the largest of some exponents, and of 0 for the
numbers: a node of degree d is exp(d c) times what no exponential in it can bring out of range.

The exponents are those of a sum that divides, or is in a logarithm: a pivot. Over exp(c) that sum is not tiny, and may be below a fraction
line; another one may be tiny. So it is only where the weights of its exponentials are numbers that are not small: the largest exponent may
have a weight that is tiny or 0, and then what is left of the sum would be so too, where the sum is not. What has no degree is as it was,
and its degree is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement

from ..ir.degrees import Degree
from ..ir.node import Node
from .degrees import ZERO
from .walk import called, raised, scaled

Exponent = tuple[Node, tuple[int, ...]]  # with its axes that are those of the sum, in their order
Linear = dict[int | None, float]  # a sum of multiples of nodes, by their numbers
MOST_TERMS = 8  # of a sum
KEPT_FROM_ZERO = {"pow", "view", "mul", "call"}  # what is not tiny where the only operand with exponentials is not
LEAST_WEIGHT, GREATEST_WEIGHT = 0.1, 1000  # numbers beside exponentials for which the largest exponent has the largest term, nearly
HIGHEST = 4  # as many exponents at most are added up in the exponent of a product


def joint_degrees(order: Sequence[Node], done: set[int]) -> Iterator[JointDegrees]:
    """Degrees by the exponents of each pivot, those with more exponents first, but for sums with one whose number is in `done`."""
    holding = set[int]()  # numbers of what has exponentials in it
    found = dict[tuple, tuple[list[Exponent], list[Node]]]()
    for node in order:
        if called(node, "exp") is not None or any(a.number in holding for a in node.args):
            holding.add(node.number)
        total = _divisor(node)
        exponents = None if total is None else _exponents(total, holding)
        if total is not None and exponents is not None and not any(z.number in done for z, _ in exponents):
            key = total.ndim, *((z.number, kept) for z, kept in exponents)
            found.setdefault(key, (exponents, []))[1].append(total)
    for exponents, pivots in sorted(found.values(), key=lambda group: -len(group[0])):
        degrees = JointDegrees(exponents, pivots, order)
        if degrees.pivots:
            yield degrees


def _divisor(node: Node) -> Node | None:
    """The sum of which the node is a negative power, a root or a logarithm."""
    base, p = raised(node)
    inner = called(node, "log") if base is node else base if not isinstance(p, complex) and (p < 0 or p != int(p)) else None
    return inner if inner is not None and inner.op == "add" and not inner.integer else None


def _exponents(total: Node, holding: set[int]) -> list[Exponent] | None:
    """The exponents in a sum of exponentials and numbers; None where it is of another kind, or a function of one exponential."""
    if len(total.args) > MOST_TERMS:
        return None
    found: dict[tuple, Exponent] = {}
    for term in total.args:
        own = _in_term(term, total.ndim)
        if not own and term.number in holding:
            return None
        found.update({(z.number, kept): (z, kept) for z, kept in own})
    exponents = sorted(found.values(), key=lambda e: e[0].number)
    variables = {scaled(z)[1] if z.ndim == total.ndim else None for z, _ in exponents}
    return exponents if exponents and (len(variables) > 1 or None in variables) else None


def _in_term(term: Node, ndim: int) -> list[Exponent]:
    """The exponents in a number times an exponential, or times a sum of exponentials."""
    number, x = scaled(term)
    if x is None or isinstance(number, complex) or not LEAST_WEIGHT <= number <= GREATEST_WEIGHT or x.ndim != ndim:
        return []
    z = called(x, "exp")
    if z is not None:
        return [(z, tuple(range(ndim)))]
    z = called(x.args[0], "exp") if x.op == "sum" else None
    return [] if z is None else [(z, tuple(k for k in range(z.ndim) if k not in x.attrs))]


class JointDegrees:
    """(degree, axes of the node that are those of the scale) of nodes. `pivots`: numbers of sums of degree 1; has_number: whether they have
    terms without exponentials, so that the scale is never less than 1.
    """

    def __init__(self, exponents: list[Exponent], pivots: Sequence[Node], order: Sequence[Node]):
        self.exponents = exponents
        self._kept = {z.number: kept for z, kept in exponents}
        self._linear = [_linear(z) for z, _ in exponents]
        numbers = [len(p.args) > sum(_holds_exponential(a) for a in p.args) for p in pivots]
        self.has_number = any(numbers)
        self.pivots = {p.number for p, has in zip(pivots, numbers, strict=True) if has == self.has_number}
        self._axes = tuple(range(pivots[0].ndim))
        self._pivots = pivots
        self._firm, self._lost, self._opaque, self._exponentials = set(self.pivots), set[int](), set[int](), set[int]()
        self._known: dict[int, Degree] = {}
        for node in order:
            self._known[node.number] = self._read(node)

    def of_others(self, order: Sequence[Node]) -> JointDegrees:
        """The degrees of other nodes, by the same exponents."""
        return JointDegrees(self.exponents, self._pivots, order)

    @property
    def scalar_pivot(self) -> Node | None:
        """A pivot that is a single number; None where they are arrays."""
        return next((p for p in self._pivots if p.number in self.pivots and not p.ndim), None)

    def of(self, node: Node) -> Degree:
        return self._known[node.number]

    def matters(self, node: Node) -> bool:
        """Whether the node has a degree that is not 0."""
        return self.of(node)[0] != 0

    def meet(self, node: Node) -> bool:
        """Whether degrees meet here and cancel."""
        return node.number not in self._opaque and not self.matters(node) and any(map(self.matters, node.args))

    def is_log(self, node: Node) -> bool:
        """Whether it is the logarithm of a pivot, or of a power or multiple of one."""
        return called(node, "log") is not None and node.args[0].number in self._firm

    def is_lost(self, node: Node) -> bool:
        """Whether degrees above and below 0 meet in it, so that a part may be out of range where its value is not."""
        return node.number in self._lost

    def is_exponential(self, node: Node) -> bool:
        return node.number in self._exponentials

    def torn(self, node: Node) -> int | None:
        """Which operand of a product that grows is a sum of what falls and what does not; None where there is none."""
        inverses = node.attrs[1] if node.op == "contract" else ()
        if node.op not in ("mul", "contract") or any(inverses) or not any(self.of(a)[0] > 0 for a in node.args):
            return None
        for k, a in enumerate(node.args):
            if a.op == "add" and a.number in self._opaque and len(self.by_degree(a)) > 1:
                return k
        return None

    def by_degree(self, total: Node) -> list[list[Node]]:
        """The terms of a sum, those of one degree together; of none where one of them would take other axes than the sum, or grows."""
        groups: dict[float, list[Node]] = {}
        for a in total.args:
            groups.setdefault(self.of(a)[0], []).append(a)
        full = all(any(a.shape == total.shape for a in some) for some in groups.values())
        return list(groups.values()) if full and max(groups) == 0 else []

    def _read(self, node: Node) -> Degree:
        """The degree of a node whose operands have been read; the sets get its number."""
        degree = self._of_exponential(node)
        if degree is not None:
            self._exponentials.add(node.number)
            return degree
        operands = [self.of(a) for a in node.args]
        mattering = [a for a in node.args if self.matters(a)]
        if not mattering:
            return ZERO
        degree = self._of_sum(node, operands) if node.op == "add" else self._of_others(node, operands)
        if node.number in self.pivots and degree != (1, self._axes):
            self.pivots.remove(node.number)
            self._firm.remove(node.number)
        if degree is None:
            self._opaque.add(node.number)
            return ZERO
        if node.op in KEPT_FROM_ZERO and len(mattering) == 1 and mattering[0].number in self._firm:
            self._firm.add(node.number)
        signs = {d > 0 for d, _ in operands if d}
        if node.op != "add" and len(signs) > 1 or any(a.number in self._lost for a in mattering):
            self._lost.add(node.number)
        return degree if degree[0] else ZERO

    def _of_exponential(self, node: Node) -> Degree | None:
        """The degree of exp of a multiple, or a sum, of the exponents."""
        z = called(node, "exp")
        if z is None:
            return None
        if z.number in self._kept:
            return 1, self._kept[z.number]
        target = _linear(z)
        for (x, kept), own in zip(self.exponents, self._linear, strict=True):
            k = target[(first := next(iter(own)))] / own[first] if own.keys() == target.keys() else 0
            if k > 0 and z.ndim == x.ndim and target == {key: k * c for key, c in own.items()}:
                return k, kept
        if any(x.ndim != z.ndim or kept != self._axes for x, kept in self.exponents):
            return None
        for count in range(2, HIGHEST + 1):
            for some in combinations_with_replacement(self._linear, count):
                if _added(some) == target:
                    return count, self._axes
        return None

    def _of_sum(self, node: Node, operands: list[Degree]) -> Degree | None:
        """The highest degree of a term; None where a lower one would have to grow."""
        mine = [(d, at and tuple(k + node.ndim - a.ndim for k in at)) for a, (d, at) in zip(node.args, operands, strict=True)]
        top = max(d for d, _ in mine)
        places = {at for d, at in mine if d}
        is_one = len({d for d, _ in mine}) == 1
        return (top, places.pop()) if len(places) == 1 and top and (is_one or self.has_number) else None

    def _of_others(self, node: Node, operands: list[Degree]) -> Degree | None:
        base, p = raised(node)
        is_above = base is node or not isinstance(p, complex) and p > 0
        inverse = node.op == "contract" and any(d and is_inverse for (d, _), is_inverse in zip(operands, node.attrs[1], strict=False))
        if inverse or not is_above and base.number not in self._firm:
            return None
        return node.kind.degree(node, operands, self._axes)


def _holds_exponential(term: Node) -> bool:
    """Whether a term of a pivot is no number."""
    return bool(_in_term(term, term.ndim))


def _linear(z: Node) -> Linear:
    """An exponent as a sum of multiples of nodes; the number by None."""
    return _added([{None if x is None else x.number: c} for c, x in map(scaled, z.args if z.op == "add" else (z,))])


def _added(parts: Sequence[Linear]) -> Linear:
    total: Linear = {}
    for part in parts:
        for key, c in part.items():
            total[key] = total.get(key, 0) + c
    return {key: c for key, c in total.items() if c}
