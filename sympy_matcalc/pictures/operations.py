"""The operations of an expression: u1 = W*x, u2 = u1 + b, ..., shared parts once, each with its local Jacobians."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sympy import MatrixSymbol, Mul, Number, Symbol
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatMul, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..abbreviation.graph import Graph, free_in, is_value, with_parts
from ..abbreviation.naming import names_in
from ..api.derivatives import jacobian
from ..canonical import prepare_whole
from ..kernel.session import session
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..nodes.arrays import is_array_symbol
from ..notation.present import present

TRANSPARENT = (Transpose, MatrixElement)  # part of the operation that they stand in


class Operation(NamedTuple):
    """``symbol = value``, where the value is of the symbols of `operands` alone."""

    symbol: Any
    value: Any
    operands: tuple[Any, ...]

    def local_jacobian(self, operand: Any) -> Any:
        """d vec(value) / d vec(operand)', columns stacked: what the cotangent, as a row, is multiplied with."""
        return jacobian(self.value, operand, form="vec")


def operations_of(expr: Any) -> tuple[list[Any], list[Operation]]:
    """(inputs, operations in the order in which they can be done) of an expression; the last one is the expression."""
    with session():
        graph = Graph()
        top = graph.number(present(prepare_whole(expr)))
        return Reader(graph, top).read()


class Reader:
    """Which cells of a graph are inputs, which are operations, which are part of the operation around them."""

    def __init__(self, graph: Graph, top: int):
        self.graph, self.top, self.order = graph, top, graph.order(top)
        matrices = [node for n in self.order if is_matrix(node := graph.cells[n].node)]
        sizes = {s for node in matrices for size in shape_of(node) for s in free_in(size)}
        self.users: dict[int, int] = {}
        self.depends: dict[int, bool] = {}
        for n in self.order:
            cell = graph.cells[n]
            self.depends[n] = any(self.depends[p] for p in cell.parts) or not cell.parts and self._is_input(cell.node, sizes)
            for p in cell.parts:
                self.users[p] = self.users.get(p, 0) + 1
        self.inlined = self._inlined()

    def _is_input(self, node: Any, sizes: set) -> bool:
        if isinstance(node, Symbol):
            return node not in sizes and node not in self.graph.bound
        return isinstance(node, (MatrixSymbol, MatrixBase)) and bool(free_in(node)) or is_array_symbol(node)

    def _inlined(self) -> set[int]:
        """Cells that are written in the operation around them: multiples of symbols, and what a number alone is multiplied with."""
        found = set()
        for n in self.order:
            cell = self.graph.cells[n]
            rest = [p for p in cell.parts if not isinstance(self.graph.cells[p].node, Number)]
            if cell.kind in (Mul, MatMul) and len(rest) == 1 < len(cell.parts):
                inner = self.graph.cells[rest[0]]
                found |= {n} if not inner.parts and n != self.top else {rest[0]} if self.users[rest[0]] == 1 else set()
        return found

    def _is_operation(self, n: int) -> bool:
        cell = self.graph.cells[n]
        if n == self.top:
            return bool(cell.parts)
        if not cell.parts or not self.depends[n] or cell.loose or n in self.inlined or not is_value(cell.node):
            return False
        return not isinstance(cell.node, TRANSPARENT) or isinstance(cell.node, MatrixElement) and is_value(cell.node)

    def read(self) -> tuple[list[Any], list[Operation]]:
        taken = names_in(cell.node for cell in self.graph.cells)
        text: dict[int, Any] = {}
        used: dict[int, list[Any]] = {}
        inputs, operations = [], []
        entered = self._swallowed()
        for n in self.order:
            cell = self.graph.cells[n]
            if not cell.parts:
                text[n], used[n] = cell.node, [cell.node] if self.depends[n] else []
                inputs += used[n]
                continue
            changed = any(text[p] is not self.graph.cells[p].node for p in cell.parts)
            value = with_parts(cell.node, [text[p] for p in cell.parts]) if changed else cell.node
            operands = list(dict.fromkeys(s for p in cell.parts for s in used[p]))
            if self._is_operation(n) and n not in entered:
                symbol = _symbol(value, len(operations) + 1, taken)
                operations.append(Operation(symbol, value, tuple(operands)))
                text[n], used[n] = symbol, [symbol]
            else:
                text[n], used[n] = value, operands
        return inputs, operations

    def _swallowed(self) -> set[int]:
        """Products whose entry is taken, (x.T*A*x)[0, 0]: one operation with the entry."""
        cells = self.graph.cells
        return {cells[n].parts[0] for n in self.order if isinstance(cells[n].node, MatrixElement) and self.users[cells[n].parts[0]] == 1}


def _symbol(value: Any, number: int, taken: set[str]) -> Any:
    """u1, or U1 for a matrix, with a prime for each name that is taken."""
    shape = shape_of(value) if is_matrix(value) else ()
    name = ("U" if shape and not any(map(is_one, shape)) else "u") + str(number)
    while name in taken:
        name += "'"
    return MatrixSymbol(name, *shape) if shape else Symbol(name, real=True)


def reaching(operations: Iterable[Operation], variables: Iterable[Any]) -> set[Any]:
    """The symbols that depend on some variables, those included."""
    found = set(variables)
    for op in operations:
        if any(s in found for s in op.operands):
            found.add(op.symbol)
    return found
