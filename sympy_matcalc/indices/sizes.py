"""The shapes of bases in an expression: said by them, given, or read off the sums and indices that run along their axes."""

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Idx, IndexedBase, KroneckerDelta, MatrixSymbol, S, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import ArgumentError, ShapeError
from ..kernel.shapes import same_size
from .access import access_of, name_of, nodes_in, places_in, shape_of_base
from .ranges import Ranges


class Sizes:
    """Sizes of the axes of the bases of an expression, and of its free indices."""

    def __init__(self, e: Expr, ranges: Ranges, given: Mapping | None) -> None:
        self.ranges, self.of_axis, self.of_index = ranges, {}, {}
        self.ranks: dict[Any, int] = {}
        given = dict(given or {})
        self.of_index.update({at: S(given.pop(at)) for at in list(given) if isinstance(at, (Symbol, Idx)) and not _is_base(at, e)})
        self.said = {*self.of_index, *(s for s in ranges.names.typed if ranges.names.range_of(s))}
        given = {_key(base): tuple(map(S, size if isinstance(size, (tuple, list)) else (size,))) for base, size in given.items()}
        self.places = list(places_in(e))
        for base, axis, _ in self.places:
            self.ranks[base] = max(self.ranks.get(base, 0), axis + 1)
        self.opaque = [node for node in nodes_in(e) if isinstance(node, MatrixElement) and access_of(node) is None]
        self.deltas = [tuple(node.args[:2]) for node in nodes_in(e) if isinstance(node, KroneckerDelta)]
        for base, rank in self.ranks.items():
            shape = shape_of_base(base) or given.get(name_of(base))
            self.of_axis.update({(base, axis): size for axis, size in enumerate(_fitting(base, rank, shape) if shape else ())})
        self._spread()

    def _spread(self) -> None:
        """What the range of an index says of an axis, and an axis of an index that has no range."""
        moved = True
        while moved:
            moved = False
            for base, axis, at in self.places:
                if not at.is_Symbol:
                    continue
                known, here = self.of_axis.get((base, axis)), self.size_of(at)
                if known is None and here is not None:
                    self.of_axis[base, axis], moved = here, True
                elif known is not None:
                    moved = self._know(at, known) or moved
            for node in self.opaque:
                moved = any([self._know(at, size) for at, size in zip((node.i, node.j), node.parent.shape)]) or moved
            for i, j in self.deltas:
                moved = any([self._know(a, self.size_of(b)) for a, b in ((i, j), (j, i))]) or moved

    def _know(self, at: Expr, size: Expr | None) -> bool:
        """Take the size of the axis that a free index is of; whether that is news."""
        if size is None or not at.is_Symbol or self.size_of(at) is not None or at in self.ranges.of_bound:
            return False
        self.of_index[at] = S(size)
        return True

    def all_shapes(self) -> list:
        """Every shape that is known."""
        shapes = [*(node.parent.shape for node in self.opaque), *(b.shape for b in self.ranks if b.shape)]
        return [tuple(self.of_axis.values()), *(tuple(map(S, shape)) for shape in shapes)]

    def size_of(self, at: Expr) -> Expr | None:
        """The number of values of an index that starts at 0."""
        if at in self.of_index:
            return self.of_index[at]
        found = self.ranges.of_bound.get(at) or self.ranges.names.range_of(at)
        return found[1] + 1 if found and found[0] == 0 else None

    def shape(self, base: Any) -> tuple:
        """The shape of a base; ShapeError where an axis is not known."""
        shape = tuple(self.of_axis.get((base, axis)) for axis in range(self.ranks[base]))
        if None in shape:
            at, name = shape.index(None), name_of(base)
            rank = ", ".join("mnpq"[: len(shape)])
            raise ShapeError(
                f"the size of axis {at} of `{name}` is not known: give `shapes={{{name}: ({rank}{',' if len(shape) == 1 else ''})}}`, "
                f"make it IndexedBase({name!r}, shape=...), or its index an Idx with a range"
            )
        return shape

    def index(self, at: Expr) -> Expr:
        """The number of values of a free index."""
        name = self.ranges.names.typed.get(at, at)
        found = self.size_of(at)
        if found is None:
            raise ShapeError(f"the range of the index `{name}` is not known: give `shapes={{{name}: ...}}`, or make it an Idx with a range")
        for base, axis, here in self.places:
            size = self.of_axis.get((base, axis))
            if here == at and size is not None and at not in self.said and not same_size(size, found):
                raise ShapeError(
                    f"the index `{name}` runs over axes of different sizes, {found} and {size} of `{name_of(base)}`: "
                    f"give `shapes=` in which they are the same"
                )
        return found


def _fitting(base: Any, rank: int, shape: tuple) -> tuple:
    """The sizes of the axes of a base that has `rank` indices: of a column or a row given as a matrix its length."""
    if len(shape) == 2 and rank == 1 and S.One in shape:
        shape = (shape[0] if shape[1] == 1 else shape[1],)
    if len(shape) != rank:
        raise ShapeError(f"`{name_of(base)}` of shape {shape} has {rank} indices in the expression: give a shape with as many axes")
    return shape


def _is_base(at: Any, e: Expr) -> bool:
    return any(base == at for base, _, _ in places_in(e))


def _key(base: Any) -> str:
    if isinstance(base, str):
        return base
    if isinstance(base, (IndexedBase, MatrixSymbol)):
        return name_of(base)
    raise ArgumentError(f"`shapes` is a dict from an IndexedBase, or its name, to a shape; got the key `{base}`")
