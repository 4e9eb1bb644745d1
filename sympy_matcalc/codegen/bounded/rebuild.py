"""The graph with loops over tiles, from the ways of its nodes."""

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Expr

from ..ir.cuts import LENGTH, Cut
from ..ir.graph import Graph
from ..ir.node import Node
from .ways import Ways


class Rebuild:
    """rows: the node of the length of tiles, for each loop by its level; sizes: of the tiles that were made, those of the last ones may be
    shorter.
    """

    def __init__(self, graph: Graph, ways: Ways, size_of: Callable[[Expr], Node], rows: Callable[[int], Node]) -> None:
        self.graph, self.ways, self.size_of, self.rows = graph, ways, size_of, rows
        self.loops: dict[int, tuple[Node, Node]] = {}  # the variable of each loop, and the length of its tile, by level
        self._whole: dict[int, Node] = {}
        self._parts: dict[tuple[int, int, int], Node] = {}

    def run(self, order: Sequence[Node], roots: Sequence[Node]) -> list[Node]:
        """The roots, with all of their loops."""
        whole, parts = self.ways.needed(order, roots)
        wanted = [n for n in order if n.number in whole]
        for level in range(max((self.ways.level[n.number] for n in wanted), default=0) + 1):
            for node in wanted:
                if node.number not in self.ways.ways and self.ways.level[node.number] == level:
                    args = [self._whole[a.number] for a in node.args]
                    self._whole[node.number] = self.graph.remake(node, args)
            results = [n for n in wanted if n.number in self.ways.ways and self.ways.ways[n.number].level == level]
            if results:
                self._loop(level, results, [(n, axis) for n in order for axis in self.ways.axes(n) if (n.number, axis, level) in parts])
        return [self._whole[r.number] for r in roots]

    def _loop(self, level: int, results: Sequence[Node], parts: Sequence[tuple[Node, int]]) -> None:
        """One loop over tiles, and its results."""
        g, it, rows, extent = self.graph, self.graph.iter("tiles"), self.rows(level), self.size_of(self.ways.size)
        length = g.make("builtin", (rows, g.add(extent, g.mul(g.const(-1), it))), ("min",), integer=True, weak=True)
        self.loops[level] = it, length
        for node, axis in parts:
            cut = self.ways.cuts[node.number, axis]
            if cut is None:
                made = self._slice(node, axis, it, length)
            else:
                made = g.remake(node, self._operands(node, cut, level, length))
            self._parts[node.number, axis, level] = made
        joined: list[Node] = []
        hows: list[Any] = []
        for node in results:
            way = self.ways.ways[node.number]
            total = isinstance(way.how, str)
            joined.append(
                g.remake(node, self._operands(node, way.cut, level, length)) if total else self._parts[node.number, int(way.how), level]
            )
            hows.append(way.how)
        tiles = g.make("tiles", (*joined, extent, rows), (it, *hows))
        for k, node in enumerate(results):
            self._whole[node.number] = g.make("of_tiles", (tiles,), (k,), weak=False)

    def _operands(self, node: Node, cut: Cut, level: int, length: Node) -> list[Node]:
        found = []
        for a, c in zip(node.args, cut, strict=True):
            if c is None:
                found.append(self._whole[a.number])
            else:
                found.append(length if c == LENGTH else self._parts[a.number, c, level])
        return found

    def _slice(self, node: Node, axis: int, it: Node, length: Node) -> Node:
        """The part of a whole that lies in a tile."""
        g = self.graph
        kinds = ["slice" if k == axis else None for k in range(node.ndim)]
        whole = self._whole[node.number]
        return g.make("slice", (whole, it, g.add(it, length), g.const(1)), kinds, integer=whole.integer)
