"""Parts of products and sums: a few arguments that stand side by side, also where they stand transposed and in reverse."""

from collections.abc import Iterator
from typing import NamedTuple

from sympy.matrices.expressions import MatMul

from ..kernel.shapes import is_matrix
from .graph import NARY, Graph, is_number

LONGEST = 12  # arguments of a part of a product that is looked for


class Place(NamedTuple):
    """Where a run stands: in a cell, from an argument on, transposed or not."""

    cell: int
    start: int
    flipped: bool


Runs = dict[tuple, list[Place]]  # {(class, the numbers of the arguments ...): where they stand}


def runs_of(graph: Graph, order: list[int]) -> Runs:
    """The runs of two arguments and more of the cells `order`, in the order in which they are met first."""
    found: Runs = {}
    for n in order:
        cell = graph.cells[n]
        if cell.kind in NARY:
            for start, run in _inside(graph, n):
                key, flipped = _key(graph, cell.kind, run, found)
                places = found.setdefault(key, [])
                if not any(p.cell == n and p.start + len(run) > start for p in places[-1:]):  # X*X*X has X*X once
                    places.append(Place(n, start, flipped))
    return found


def _inside(graph: Graph, n: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(start, arguments) of each run of a cell: neighbours without numbers, and without scalars in a product of matrices."""
    cell, cells = graph.cells[n], graph.cells
    fits = [is_matrix(cells[p].node) if cell.kind is MatMul else not is_number(cells[p].node) for p in cell.parts]
    for start in range(len(fits)):
        for stop in range(start + 1, min(len(fits), start + LONGEST) + 1):
            if not fits[stop - 1]:
                break
            if stop - start > 1:
                yield start, tuple(cell.parts[start:stop])


def _key(graph: Graph, kind: type, run: tuple[int, ...], found: Runs) -> tuple[tuple, bool]:
    """The key of a run, and whether it is that of the transposed run, which was met first."""
    key = (kind, *run)
    if kind is MatMul and key not in found:
        turned = (kind, *(graph.transposed(p) for p in reversed(run)))
        if turned != key and turned in found:
            return turned, True
    return key, False
