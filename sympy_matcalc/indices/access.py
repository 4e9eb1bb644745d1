"""Entries in index notation: ``A[i, j]`` of SymPy's IndexedBase, or of a MatrixSymbol."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sympy import Basic, Idx, Indexed, IndexedBase, MatrixSymbol, S, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement


class Access(NamedTuple):
    """An entry: what it is of, and its indices."""

    base: Basic
    indices: tuple


def access_of(e: Any) -> Access | None:
    """The entry that `e` is, None for anything else."""
    if isinstance(e, Indexed) and isinstance(e.base, IndexedBase):
        return Access(e.base, tuple(e.indices))
    if isinstance(e, MatrixElement) and isinstance(e.parent, MatrixSymbol):
        return Access(e.parent, (e.i, e.j))
    return None


def shape_of_base(base: Any) -> tuple | None:
    """The sizes of the axes, None where they are not said."""
    shape = base.shape
    return None if shape is None else tuple(map(S, shape))


def name_of(base: Any) -> str:
    """The name of an IndexedBase or a MatrixSymbol."""
    return str(base.label) if isinstance(base, IndexedBase) else base.name


def parts_of(e: Basic) -> tuple:
    """What to look into for symbols: of an entry its indices, not its name; of an Idx nothing."""
    if isinstance(e, Idx):
        return ()
    found = access_of(e)
    return e.args if found is None else found.indices


def nodes_in(e: Basic) -> Iterator[Basic]:
    """The parts of `e` and itself, without the names of entries, each equal one once."""
    seen, stack = {e}, [e]
    while stack:
        node = stack.pop()
        yield node
        for a in reversed(parts_of(node)):
            if isinstance(a, Basic) and a not in seen:
                seen.add(a)
                stack.append(a)


def symbols_in(e: Basic) -> set:
    """The Symbols and Idx in it, free or bound, names of entries left out."""
    return {node for node in nodes_in(e) if isinstance(node, (Symbol, Idx))}


def occurs(base: Basic, e: Basic) -> bool:
    """Whether an entry of `base` is in `e`."""
    return any(isinstance(node, (Indexed, MatrixElement, IndexedBase, MatrixSymbol)) and _is_of(node, base) for node in nodes_in(e))


def _is_of(node: Basic, base: Basic) -> bool:
    found = access_of(node)
    return node == base if found is None else found.base == base


def places_in(e: Basic) -> Iterator[tuple[Basic, int, Any]]:
    """(base, number of the axis, index) for every index of an entry in `e`, those of sums inside too."""
    for node in nodes_in(e):
        entry = access_of(node)
        if entry is not None:
            yield from ((entry.base, axis, at) for axis, at in enumerate(entry.indices))
