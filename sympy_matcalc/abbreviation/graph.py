"""An expression as a table of cells, equal parts one cell: what is shared, wherever it comes from, is seen and walked once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Basic, Derivative, Expr, ImmutableDenseMatrix, Indexed, IndexedBase, Lambda, Mul, Number, Tuple
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import BlockMatrix, HadamardProduct, MatAdd, MatMul, MatrixSymbol, Transpose
from sympy.tensor.array import NDimArray

from ..kernel.interning import with_args
from ..kernel.shapes import is_matrix
from ..kernel.walks import postorder
from ..nodes.arrays import is_array_expression

NARY = (MatMul, MatAdd, HadamardProduct, Mul, Add)  # a few arguments that stand side by side are a part of these


@dataclass
class Cell:
    """A node and the numbers of its parts. loose: the symbols in it that something in or around it binds."""

    node: Any
    parts: list[int]
    has_matrix: bool
    loose: frozenset

    @property
    def kind(self) -> type:
        return type(self.node)


@dataclass
class Graph:
    """The cells, and what finds a cell again: equal nodes get the same number."""

    cells: list[Cell] = field(default_factory=list)
    known: dict[Any, int] = field(default_factory=dict)
    sums: dict[tuple[int, ...], int] = field(default_factory=dict)  # by their terms, in any order
    bound: frozenset = frozenset()  # every symbol that is bound anywhere

    def number(self, top: Basic) -> int:
        """The number of an expression, all of whose parts are in the table then."""
        parts_once = same_parts()
        nodes = postorder(top, parts_once)
        self.bound |= frozenset(s for node in nodes for s in bound_by(node))
        at: dict[int, int] = {}
        for node in nodes:
            parts = [at[id(p)] for p in parts_once(node)]
            at[id(node)] = self._entered(node, parts)
        return at[id(top)]

    def _entered(self, node: Any, parts: list[int]) -> int:
        inner = [self.cells[p] for p in parts]
        has_matrix = isinstance(node, MatrixSymbol) or any(c.has_matrix for c in inner)
        if is_matrix(node) and not has_matrix and not isinstance(node, MatrixBase):
            parts = []  # of sizes and entries only: a matrix as it stands, such as ones
        key = (type(node), *parts, *shape_key(node)) if parts else (type(node), node)
        found = self.known.get(key)
        if found is None:
            loose = frozenset().union(*(c.loose for c in inner)) - bound_by(node) if parts else self.bound & free_in(node)
            found = self.known[key] = len(self.cells)
            self.cells.append(Cell(node, parts, has_matrix or is_matrix(node), loose))
            if isinstance(node, MatAdd):
                self.sums.setdefault(tuple(sorted(parts)), found)
        return found

    def order(self, top: int) -> list[int]:
        """The cells below a cell and itself, parts first."""
        seen: set[int] = set()
        order: list[int] = []
        stack = [(top, False)]
        while stack:
            n, closed = stack.pop()
            if closed:
                order.append(n)
            elif n not in seen:
                seen.add(n)
                stack.append((n, True))
                stack += [(p, False) for p in reversed(self.cells[n].parts) if p not in seen]
        return order

    def add(self, node: Any, parts: list[int]) -> int:
        """The number of a new cell, which is found by its parts."""
        inner = [self.cells[p] for p in parts]
        self.cells.append(Cell(node, parts, any(c.has_matrix for c in inner), frozenset().union(*(c.loose for c in inner))))
        return self.known.setdefault((type(node), *parts), len(self.cells) - 1)

    def transposed(self, n: int) -> Any:
        """What stands for the transpose of a cell: its number, or ("T", n) where the expression does not have it."""
        cell = self.cells[n]
        if isinstance(cell.node, Transpose) and cell.parts:
            return cell.parts[0]
        return self.known.get((Transpose, n), ("T", n))


def parts_of(node: Any) -> Iterable[Any]:
    """The parts of a node that are looked into: none of a symbol, an array, a set; the blocks and the entries of explicit matrices."""
    if type(node) is ImmutableDenseMatrix:
        return node.flat()
    if isinstance(node, BlockMatrix):
        return node.blocks.flat()
    if isinstance(node, (MatrixSymbol, MatrixBase, NDimArray, type)) or not isinstance(node, Basic):
        return ()
    return node.args


def same_parts() -> Callable[[Any], list]:
    """`parts_of`, with the same objects at each call for a node: an explicit matrix makes its entries anew whenever it is asked."""
    seen: dict[int, list] = {}

    def parts(node: Any) -> list:
        if id(node) not in seen:
            seen[id(node)] = list(parts_of(node))
        return seen[id(node)]

    return parts


def shape_key(node: Any) -> tuple:
    """What tells explicit matrices of the same entries apart."""
    if isinstance(node, BlockMatrix):
        return ("shape", *node.blockshape)
    return ("shape", *node.shape) if isinstance(node, MatrixBase) else ()


def bound_by(node: Any) -> frozenset:
    """The symbols that a node binds, or that may not be moved out of it."""
    if isinstance(node, Derivative):
        return frozenset(node.variables)
    found = getattr(node, "bound_symbols", ()) if isinstance(node, Basic) else ()
    return frozenset(found)


def free_in(node: Any) -> frozenset:
    """The free symbols of a leaf."""
    return frozenset(getattr(node, "free_symbols", ()))


def with_parts(node: Any, parts: list[Any]) -> Any:
    """A node of the same kind with other parts, each of which stands for an equal value; nothing is evaluated."""
    if type(node) is ImmutableDenseMatrix:
        return ImmutableDenseMatrix(*node.shape, parts)
    if isinstance(node, BlockMatrix):
        cols = node.blockshape[1]
        return BlockMatrix([parts[k : k + cols] for k in range(0, len(parts), cols)])
    return node.func(*parts) if isinstance(node, (Indexed, IndexedBase)) else with_args(node, parts)  # these hold assumptions


def is_value(node: Any) -> bool:
    """Whether a node is a scalar or a matrix, which a symbol can stand for: no function, array, condition or tuple."""
    if is_matrix(node):
        return not isinstance(node, MatrixBase)
    return isinstance(node, Expr) and not isinstance(node, (Lambda, Tuple)) and not is_array_expression(node)


def is_number(node: Any) -> bool:
    return isinstance(node, Number)
