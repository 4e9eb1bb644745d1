"""Which nodes are computed part by part along one axis, read off the table of operations.

All axes of one length can be cut. Of a node with such an axis a part is computed from parts of its operands, where the table has a rule
for that, or it is a part of the whole. A whole is a total of parts, or is placed part by part, where that leaves an array of an operand
unformed; else it is computed at once. What is needed of the first loop over tiles is there for the second one: the level of a node.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sympy import Expr

from ..ir.cuts import LENGTH, Cut
from ..ir.node import Node
from ..ir.op import Memory

How = str | int  # the name of what combines parts, or the axis along which they are placed


@dataclass(frozen=True)
class Way:
    """How a whole comes of parts. level: the loop that computes it."""

    how: How
    cut: Cut
    level: int


class Ways:
    """For a graph in order, with operands first.

    cuts: for a node and an axis, by number, what a part is computed of; None where it is a part of the whole. part_level: the loop in which
    a part can be computed. ways: how a whole comes of parts, for those that do; level: the loop before which it is there.
    """

    def __init__(self, order: Sequence[Node], size: Expr) -> None:
        self.size = size
        self.cuts: dict[tuple[int, int], Cut | None] = {}
        self.part_level: dict[tuple[int, int], int] = {}
        self.ways: dict[int, Way] = {}
        self.level: dict[int, int] = {}
        for node in order:
            self._read(node)

    def axes(self, node: Node) -> list[int]:
        """The axes of a node that can be cut."""
        return [k for k, s in enumerate(node.shape) if s == self.size]

    def _read(self, node: Node) -> None:
        inside = bool(node.loops)
        rules = {} if inside else {k: self._fitting(node, node.kind.cut(node, k)) for k in self.axes(node)}
        way = None if inside else self._way(node, rules)
        if way:
            self.ways[node.number] = way
            self.level[node.number] = way.level + 1
        else:
            self.level[node.number] = max((self.level[a.number] for a in node.args), default=0)
        for axis in self.axes(node):
            cut = rules.get(axis)
            self.cuts[node.number, axis] = cut
            self.part_level[node.number, axis] = self._level(node, cut) if cut else self.level[node.number]

    def _fitting(self, node: Node, cut: Cut | None) -> Cut | None:
        """A rule where the axes that it cuts have the length."""
        fits = (
            cut is not None
            and any(c is not None and c != LENGTH for c in cut)
            and all(
                c is None or c == LENGTH or a.ndim > c and a.shape[c] == self.size and not a.loops
                for a, c in zip(node.args, cut, strict=True)
            )
        )
        return cut if fits else None

    def _way(self, node: Node, rules: dict[int, Cut | None]) -> Way | None:
        """How a whole comes of parts where that leaves an array unformed: as far as may be, with rows of arrays as they lie in memory."""
        found: list[tuple[How, Cut]] = [(how, cut) for how, cut in node.kind.totals(node) if self._fitting(node, cut)]
        if node.kind.memory is not Memory.PART:
            found += [(axis, cut) for axis, cut in rules.items() if cut]
        useful = [(how, cut) for how, cut in found if any(self._leaves(a, c) for a, c in zip(node.args, cut, strict=True))]
        if not useful:
            return None
        how, cut = min(useful, key=lambda pair: max(_axis_in_memory(a, c) for a, c in zip(node.args, pair[1], strict=True) if _is_axis(c)))
        return Way(how, cut, self._level(node, cut))

    def _leaves(self, node: Node, axis: int | None) -> bool:
        """Whether an array is not formed where its parts are computed along an axis."""
        if not _is_axis(axis):
            return False
        cut = self.cuts[node.number, axis]  # type: ignore[index]
        if cut is None or node.kind.memory is not Memory.PART:
            return cut is not None
        return any(self._leaves(a, c) for a, c in zip(node.args, cut, strict=True))

    def _level(self, node: Node, cut: Cut) -> int:
        """The loop in which parts of the operands are there."""
        return max(
            self.part_level[a.number, c] if _is_axis(c) else self.level[a.number]  # type: ignore[index]
            for a, c in zip(node.args, cut, strict=True)
        )

    # ---- what is needed for some roots
    def needed(self, order: Sequence[Node], roots: Iterable[Node]) -> tuple[set[int], set[tuple[int, int, int]]]:
        """(numbers of the nodes that are needed whole, parts that are needed: number, axis, loop)."""
        whole, parts = {r.number for r in roots}, set[tuple[int, int, int]]()
        asked: dict[int, set[tuple[int, int]]] = {}
        for node in reversed(order):
            mine = asked.pop(node.number, set())
            if any(self.cuts[node.number, axis] is None for axis, _ in mine):
                whole.add(node.number)
            way = self.ways.get(node.number)
            if node.number in whole:
                if way is None:
                    whole |= {a.number for a in node.args}
                elif isinstance(way.how, int):
                    mine.add((way.how, way.level))
                else:
                    self._ask(node, way.cut, way.level, whole, asked)
            for axis, loop in mine:
                parts.add((node.number, axis, loop))
                cut = self.cuts[node.number, axis]
                if cut is not None:
                    self._ask(node, cut, loop, whole, asked)
        return whole, parts

    @staticmethod
    def _ask(node: Node, cut: Cut, loop: int, whole: set[int], asked: dict[int, set[tuple[int, int]]]) -> None:
        for a, c in zip(node.args, cut, strict=True):
            if _is_axis(c):
                asked.setdefault(a.number, set()).add((c, loop))  # type: ignore[arg-type]
            elif c is None:
                whole.add(a.number)


def _is_axis(c: int | None) -> bool:
    return c is not None and c != LENGTH


def _axis_in_memory(node: Node, axis: int | None) -> int:
    """The axis of the array that a node shows."""
    while node.op == "view" and axis is not None:
        node, axis = node.args[0], node.attrs[axis]
    return axis or 0
