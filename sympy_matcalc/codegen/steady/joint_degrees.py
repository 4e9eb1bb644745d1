"""Degrees in exp(c) of what is made of several exponentials and numbers, where c is the largest of some exponents, and of 0 for the
numbers: a node of degree d is exp(d c) times what no exponential in it can bring out of range.

The exponents are those of a sum that divides, or is in a logarithm: a pivot. Over exp(c) that sum is not tiny, and may be below a fraction
line; another one may be tiny. So the weights of its exponentials are part of the exponents, by their logarithms (`exponents`): the largest
exponent may have a weight that is tiny or 0, and then what is left of the sum would be so too, where the sum is not. What has no degree is
as it was, and its degree is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from ..ir.degrees import Degree
from ..ir.node import Node
from .degrees import ZERO
from .exponents import Exponent, exponent_of
from .walk import called, raised, scaled

ANY: tuple[int, ...] = (-1,)  # in the place of axes
Linear = dict[int | None, float]  # a sum of multiples of nodes, by their numbers
MOST_TERMS = 8  # of a sum
KEPT_FROM_ZERO = {"pow", "view", "mul", "call"}  # what is not tiny where the only operand with exponentials is not
HIGHEST = 4  # as many exponents at most are added up in the exponent of a product


def joint_degrees(order: Sequence[Node], done: set[int]) -> Iterator[JointDegrees]:
    """Degrees by the exponents of each pivot, those with more exponents first, but for sums with one whose number is in `done`."""
    holding = set[int]()  # numbers of what has exponentials in it
    found = dict[tuple, list[Pivot]]()
    for node in order:
        if called(node, "exp") is not None or any(a.number in holding for a in node.args):
            holding.add(node.number)
        total = _divisor(node)
        pivot = None if total is None else _pivot(total, holding)
        if pivot is not None and not any(e.z.number in done for e in pivot.exponents):
            found.setdefault((pivot.total.ndim, *(e.key for e in pivot.exponents)), []).append(pivot)
    for pivots in sorted(found.values(), key=lambda group: -len(group[0].exponents)):
        degrees = JointDegrees(pivots, order)
        if degrees.pivots:
            yield degrees


@dataclass(frozen=True)
class Pivot:
    """A sum of exponentials. has_number: whether it has terms without exponentials."""

    total: Node
    exponents: Sequence[Exponent]
    has_number: bool


def _divisor(node: Node) -> Node | None:
    """The sum of which the node is a negative power, a root or a logarithm."""
    base, p = raised(node)
    inner = called(node, "log") if base is node else base if not isinstance(p, complex) and (p < 0 or p != int(p)) else None
    return inner if inner is not None and inner.op == "add" and not inner.integer else None


def _pivot(total: Node, holding: set[int]) -> Pivot | None:
    """A sum of exponentials and numbers; None where it is of another kind, or a function of one exponential."""
    terms = [t for a in total.args for t in (a.args if a.op == "add" and not a.ndim else (a,))]
    if len(terms) > MOST_TERMS:
        return None
    found: dict[tuple, Exponent] = {}
    has_number = False
    for term in terms:
        own = exponent_of(term, holding) if term.ndim in (0, total.ndim) else None
        own = own if own is None or term.ndim == total.ndim or not own.z.ndim else None
        if own is not None:
            found[own.key] = own
        elif term.number in holding and (term.ndim or not total.ndim):  # a single number that is one for all places is beside them
            return None
        has_number = has_number or own is None
    exponents = sorted(found.values(), key=lambda e: e.key[:2])
    variables = {scaled(e.z)[1] if e.z.ndim == total.ndim and not e.weights else None for e in exponents}
    if not any(e.ndim == total.ndim and e.has_all_axes for e in exponents):  # whose largest would not have all axes of the scale
        return None
    return Pivot(total, exponents, has_number) if len(variables) > 1 or None in variables else None


class JointDegrees:
    """(degree, axes of the node that are those of the scale) of nodes. `pivots`: numbers of sums of degree 1; has_number: whether they have
    terms without exponentials, so that the scale is never less than 1.

    What is a single number, and is to be taken relative to a scale with axes, as a number that is one for all examples of a batch, has
    ANY for its axes: it gets those of what it multiplies, or is added to.
    """

    def __init__(self, pivots: Sequence[Pivot], order: Sequence[Node]):
        self.exponents = pivots[0].exponents
        axes = tuple(range(pivots[0].total.ndim))
        self._kept = {e.z.number: e.kept if len(e.kept) == len(axes) else ANY for e in self.exponents}
        self._linear = [_linear(e.z) for e in self.exponents]
        self.has_number = any(p.has_number for p in pivots)
        self.pivots = {p.total.number for p in pivots if p.has_number == self.has_number}
        self._axes = axes
        self._pivots = pivots
        self._firm, self._lost, self._opaque, self._exponentials = set(self.pivots), set[int](), set[int](), set[int]()
        self._sizes = pivots[0].total.shape
        self._known: dict[int, Degree] = {}
        self._places: dict[int, tuple[int, ...]] = {}  # axes of the scale in products and sums with numbers that have ANY
        for node in order:
            self._known[node.number] = self._read(node)

    def of_others(self, order: Sequence[Node]) -> JointDegrees:
        """The degrees of other nodes, by the same exponents."""
        return JointDegrees(self._pivots, order)

    @property
    def scalar_pivot(self) -> Node | None:
        """A pivot that is a single number; None where they are arrays."""
        return next((p.total for p in self._pivots if p.total.number in self.pivots and not p.total.ndim), None)

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

    def floats(self, node: Node) -> bool:
        """Whether it is a single number that gets the axes of the scale where it is taken relative to that."""
        return self.of(node)[1] is ANY

    def place(self, node: Node) -> tuple[int, ...]:
        """The axes of a product or sum that its operands get which are single numbers."""
        return self._places[node.number]

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
        if any(at is ANY for _, at in operands):
            degree = self._of_floating(node, operands) if node.ndim else self._of_numbers(node, operands)
        else:
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
        if (node.op != "add" and len(signs) > 1 or any(a.number in self._lost for a in mattering)) and degree[1] is not ANY:
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
        for e, own in zip(self.exponents, self._linear, strict=True):
            k = target[(first := next(iter(own)))] / own[first] if own.keys() == target.keys() else 0
            if k > 0 and z.ndim == e.z.ndim and target == {key: k * c for key, c in own.items()}:
                return k, self._kept[e.z.number]
        if any(e.z.ndim != z.ndim or e.kept != self._axes for e in self.exponents):
            return None
        for count in range(2, HIGHEST + 1):
            for some in combinations_with_replacement(self._linear, count):
                if _added(some) == target:
                    return count, self._axes
        return None

    def _of_sum(self, node: Node, operands: list[Degree]) -> Degree | None:
        """The highest degree of a term; None where a lower one would have to grow."""
        top = max(d for d, _ in operands)
        places = {
            at and tuple(k + node.ndim - a.ndim for k in at) for a, (d, at) in zip(node.args, operands, strict=True) if d and at is not ANY
        }
        is_one = len({d for d, _ in operands}) == 1
        return (top, places.pop()) if len(places) == 1 and top and (is_one or self.has_number) else None

    def _of_floating(self, node: Node, operands: list[Degree]) -> Degree | None:
        """That of a product or sum of single numbers that have no axes yet with what has."""
        if node.op not in ("mul", "add", "contract") or node.op == "contract" and operands[-1][1] is not ANY:
            return None
        if node.op == "add":
            degree = self._of_sum(node, operands)
        elif all(at is ANY for d, at in operands if d):
            degree = 0, self._by_sizes(node)
        else:
            degree = self._of_others(node, [ZERO if at is ANY else (d, at) for d, at in operands])
        if degree is None or not degree[1]:
            return None
        self._places[node.number] = degree[1] or ()
        return degree if node.op == "add" else (degree[0] + sum(d for d, at in operands if at is ANY), degree[1])

    def _by_sizes(self, node: Node) -> tuple[int, ...]:
        """The axes of a node that are as long as those of the scale, where there is one for each."""
        found = [[k for k, s in enumerate(node.shape) if s == size] for size in self._sizes]
        return tuple(k for (k,) in found) if all(len(same) == 1 for same in found) else ()

    def _of_numbers(self, node: Node, operands: list[Degree]) -> Degree | None:
        """That of a function of single numbers that have no axes yet."""
        if node.op not in ("mul", "add", "pow") or any(d and at is not ANY for d, at in operands):
            return None
        own: list[Degree] = [(d, ()) if d else ZERO for d, _ in operands]
        degree = self._of_sum(node, own) if node.op == "add" else self._of_others(node, own)
        return degree if degree is None or not degree[0] else (degree[0], ANY)

    def _of_others(self, node: Node, operands: list[Degree]) -> Degree | None:
        base, p = raised(node)
        is_above = base is node or not isinstance(p, complex) and p > 0
        inverse = node.op == "contract" and any(d and is_inverse for (d, _), is_inverse in zip(operands, node.attrs[1], strict=False))
        if inverse or not is_above and base.number not in self._firm:
            return None
        return node.kind.degree(node, operands, self._axes)


def _linear(z: Node) -> Linear:
    """An exponent as a sum of multiples of nodes; the number by None."""
    return _added([{None if x is None else x.number: c} for c, x in map(scaled, z.args if z.op == "add" else (z,))])


def _added(parts: Sequence[Linear]) -> Linear:
    total: Linear = {}
    for part in parts:
        for key, c in part.items():
            total[key] = total.get(key, 0) + c
    return {key: c for key, c in total.items() if c}
