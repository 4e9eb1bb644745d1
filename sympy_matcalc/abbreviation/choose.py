"""Which parts get a name: the one that shortens the whole most, then the next, until none does."""

from sympy import Mul, Pow
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import HadamardPower, Inverse, MatMul, MatPow, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.shapes import is_matrix, shape_of
from .graph import NARY, Graph, free_in, is_number, is_value, with_parts
from .runs import Place, runs_of
from .sizes import Sizes, measured, total
from .weights import BETWEEN, DEFINITION, NAME

LIGHT = (MatMul, Mul, Pow, MatPow, HadamardPower, Inverse, Transpose, MatrixElement)  # of one symbol, they need no name
TRANSPOSED = 1  # characters of the mark of a transpose
Run = tuple  # (class, the numbers of its arguments ...)


class Choice:
    """The graph of an expression, and the cells with a name. taken: cells that stand for a part of a product."""

    def __init__(self, graph: Graph, top: int):
        self.graph, self.top = graph, top
        self.named: dict[int, None] = {}
        self.taken: set[int] = set()
        order = graph.order(top)
        sizes = self._symbols_of_shapes(order)
        self.counts = self._more_than(order, sizes)
        self.excluded = self._written_otherwise(order)
        self.allowed: dict[int, bool] = {}

    def improve(self) -> "Choice":
        """Give names as long as the whole gets shorter, then take back those that no longer shorten it."""
        while self._name_the_best():
            pass
        for n in list(self.named):
            before = total(self.graph, self.top, self.named)
            rest = {k: None for k in self.named if k != n}
            if total(self.graph, self.top, rest) < before:
                self.named = rest
        return self

    # ---- what may have a name

    def _symbols_of_shapes(self, order: list[int]) -> frozenset:
        matrices = [node for n in order if is_matrix(node := self.graph.cells[n].node)]
        return frozenset(s for node in matrices for size in shape_of(node) for s in free_in(size))

    def _more_than(self, order: list[int], sizes: frozenset) -> dict[int, bool]:
        """{cell: whether more than numbers and sizes is in it}."""
        found: dict[int, bool] = {}
        for n in order:
            cell = self.graph.cells[n]
            found[n] = any(found[p] for p in cell.parts) if cell.parts else not is_number(cell.node) and cell.node not in sizes
        return found

    def _written_otherwise(self, order: list[int]) -> set[int]:
        """Products in products, sums in sums and transposed products as they were typed: a name put back would be written without them."""
        cells, found = self.graph.cells, set()
        for n in order:
            cell = cells[n]
            if cell.kind in NARY:
                found |= {p for p in cell.parts if cells[p].kind is cell.kind}
            elif cell.kind is Transpose:
                found |= {p for p in cell.parts if cells[p].kind is MatMul}
        return found

    def may_be_named(self, n: int) -> bool:
        """Whether a symbol can stand for a cell, and the cell is more than a symbol with a sign, an exponent or a transpose."""
        if n not in self.allowed:
            self.allowed[n] = self._may_be_named(n)
        return self.allowed[n]

    def _may_be_named(self, n: int) -> bool:
        cell = self.graph.cells[n]
        if not cell.parts or cell.loose or n in self.excluded or n == self.top or not is_value(cell.node):
            return False
        if not self.counts[n] or self._is_trivial(n):
            return False
        return not is_matrix(cell.node) or not any(free_in(size) & self.graph.bound for size in shape_of(cell.node))

    def _is_trivial(self, n: int) -> bool:
        """Whether a cell is a symbol with a sign, a factor, an exponent, an index or a transpose."""
        cell = self.graph.cells[n]
        if not cell.parts:
            return True
        inner = [p for p in cell.parts if not is_number(self.graph.cells[p].node)]
        return isinstance(cell.node, LIGHT) and len(inner) < 2 and all(map(self._is_trivial, inner))

    # ---- one more name

    def _name_the_best(self) -> bool:
        order = self.graph.order(self.top)
        sizes = measured(self.graph, self.top, self.named)
        gain, best = 0, None
        for n in order:
            found = 0 if n in self.named else self._gain(sizes.uses[n], sizes.weights[n], sizes.nodes[n])
            if found > gain and self.may_be_named(n):
                gain, best = found, n
        run = None
        for key, places in runs_of(self.graph, order).items():
            if (found := self._gain_of_run(key, places, sizes)) > gain and self._may_be_taken_out(key, places):
                gain, run, best = found, (key, places), None
        if run:
            best = self._taken_out(*run)
        if best is not None:
            self.named[best] = None
        return best is not None

    def _gain(self, uses: int, characters: int, nodes: int, flipped: int = 0) -> int:
        """Characters that a name saves; 0 where the nodes of the whole would grow."""
        if uses < 2 or (uses - 1) * nodes < uses + flipped + 1:
            return 0
        return (uses - 1) * characters - uses * NAME - flipped * TRANSPOSED - DEFINITION

    def _gain_of_run(self, key: Run, places: list[Place], sizes: Sizes) -> int:
        uses = sum(sizes.uses[p.cell] for p in places)
        kind, *parts = key
        cells = [self.graph.cells[p] for p in parts]
        if uses < 2 or any(c.loose for c in cells) or not any(self.counts[p] for p in parts):
            return 0
        if not all(is_value(c.node) or isinstance(c.node, MatrixBase) for c in cells):
            return 0
        flipped = sum(sizes.uses[p.cell] for p in places if p.flipped)
        characters = sum(NAME if p in self.named else sizes.weights[p] for p in parts) + BETWEEN[kind] * (len(parts) - 1)
        nodes = 1 + sum(1 if p in self.named else sizes.nodes[p] for p in parts)
        return self._gain(uses, characters, nodes, flipped)

    def _may_be_taken_out(self, key: Run, places: list[Place]) -> bool:
        whole = self._whole(key, places)
        return whole is None or whole not in self.named and self.may_be_named(whole)

    def _whole(self, key: Run, places: list[Place]) -> int | None:
        """The cell that is the run itself, where there is one."""
        cells = self.graph.cells
        return next((p.cell for p in places if len(cells[p.cell].parts) == len(key) - 1 and not p.flipped), None)

    def _taken_out(self, key: Run, places: list[Place]) -> int:
        """The cell of a run, put in all of its places."""
        graph, parts = self.graph, list(key[1:])
        whole = self._whole(key, places)
        if whole is None:
            like = graph.cells[places[0].cell].node
            whole = graph.add(with_parts(like, [graph.cells[p].node for p in parts]), parts)
            self.counts[whole] = True
        self.taken.add(whole)
        for place in reversed(places):  # of one cell, from its end
            if place.cell != whole:
                graph.cells[place.cell].parts[place.start : place.start + len(parts)] = [self._turned(whole) if place.flipped else whole]
        return whole

    def _turned(self, n: int) -> int:
        """The transpose of a cell."""
        found = self.graph.transposed(n)
        if isinstance(found, int):
            return found
        turned = self.graph.add(Transpose(self.graph.cells[n].node), [n])
        self.counts[turned] = True
        self.taken.add(turned)
        return turned
