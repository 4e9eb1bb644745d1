"""Inverses that are transposes of one another: (A + x*x')^-1 and (x*x' + A')^-1 have one name."""

from collections.abc import Callable
from typing import Any

from sympy.matrices.expressions import DiagMatrix, Identity, Inverse, MatAdd, MatMul, Transpose

from ..kernel.shapes import is_matrix
from ..notation.transposes import in_order
from .graph import Cell, Graph, with_parts

SYMMETRIC = (Identity, DiagMatrix)


def merge_transposes(graph: Graph, top: int) -> bool:
    """Write an inverse as the transpose of another one, where it is; whether there is one."""
    known: dict[int, int | None] = {}
    found = False
    for n in graph.order(top):
        known[n] = other = _transpose_of(graph, n, known)
        cell = graph.cells[n]
        if cell.kind is Inverse and other is not None and other < n:
            plain, marked = sorted((other, n), key=lambda k: _marks(graph, k))
            graph.cells[marked] = Cell(Transpose(graph.cells[plain].node), [plain], cell.has_matrix, cell.loose)
            found = True
    return found


def _marks(graph: Graph, n: int) -> int:
    """How many transposes are in a cell."""
    return sum(graph.cells[k].kind is Transpose for k in graph.order(n))


def _transpose_of(graph: Graph, n: int, known: dict[int, int | None]) -> int | None:
    """The cell that is the transpose of a cell by its form; None where the expression has none. known: that of its parts."""
    cell = graph.cells[n]
    if isinstance(cell.node, SYMMETRIC):
        return n
    if not cell.parts:
        return graph.known.get((Transpose, n))
    if cell.kind is Transpose:
        return cell.parts[0]
    if cell.kind is Inverse:
        return graph.known.get((Inverse, known[cell.parts[0]], *cell.parts[1:]))
    turned = [known[p] if is_matrix(graph.cells[p].node) else p for p in cell.parts]
    if cell.kind is MatAdd and None not in turned:
        return graph.sums.get(tuple(sorted(t for t in turned if t is not None)))
    if cell.kind is MatMul:
        count = sum(not is_matrix(graph.cells[p].node) for p in cell.parts)
        return graph.known.get((MatMul, *turned[:count], *reversed(turned[count:])))
    return graph.known.get((Transpose, n))


def turned(e: Any) -> Any:
    """The transpose of a product factor by factor, of an inverse inside; of sums that are factors the transpose as it stands."""
    if isinstance(e, MatMul):
        return _reversed(e, turned)
    if isinstance(e, Inverse):
        return with_parts(e, [_opened(e.args[0]), *e.args[1:]])
    return e.args[0] if isinstance(e, Transpose) else Transpose(e)


def _opened(e: Any) -> Any:
    """The transpose, of sums too term by term, in the order of results: as what is inside of an inverse is written."""
    if isinstance(e, MatMul):
        return _reversed(e, _opened)
    if isinstance(e, MatAdd):
        return in_order(with_parts(e, [_opened(t) for t in e.args]))
    return e if isinstance(e, SYMMETRIC) else turned(e)


def _reversed(product: MatMul, of_factor: Callable[[Any], Any]) -> Any:
    scalars = [f for f in product.args if not is_matrix(f)]
    return with_parts(product, [*scalars, *map(of_factor, reversed(product.args[len(scalars) :]))])
