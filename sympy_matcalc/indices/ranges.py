"""What is known about the range of an index: by its assumptions, by the range of its Idx, and by the sums that run over the same axis.

An axis of a base whose shape is not said has the entries 0 to n - 1 where the sums of the expression run over them and no entry is seen
outside of these. That an index is on its axis is presumed: x[k] is an entry. Nothing else is.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sympy import Add, Basic, Expr, S, Symbol, default_sort_key

from .access import places_in, shape_of_base
from .naming import SUMS, Names


class Bounds(NamedTuple):
    """Lowest and highest index of an axis, None for what is not known."""

    low: Any = None
    high: Any = None


class Ranges:
    """Facts about the indices of one computation."""

    def __init__(self, names: Names) -> None:
        self.names, self.of_bound, self.axes, self.presumed = names, {}, {}, {}

    def read(self, e: Basic) -> None:
        """Take the ranges of the bound symbols of `e`, whose sums have symbols of their own, and of the axes of its entries."""
        self.read_bounds(e)
        seen: dict[tuple[Basic, int], list] = {}
        for base, axis, at in places_in(e):
            seen.setdefault((base, axis), []).append(at)
        for place, indices in seen.items():
            self.axes[place] = self._axis(place[0], place[1], indices)
        for place, indices in seen.items():
            for at in indices:
                self._presume(at, self.axes[place])

    def read_bounds(self, e: Basic) -> None:
        """Take the ranges of the bound symbols."""
        for node in e.atoms(*SUMS):
            self.of_bound.update({symbol: tuple(bounds) for symbol, *bounds in node.limits})

    def presume(self, base: Basic, indices: tuple) -> None:
        """These are indices of an entry that exists."""
        for axis, at in enumerate(indices):
            self._presume(at, self.axis(base, axis))

    def _presume(self, at: Expr, bounds: Bounds) -> None:
        if isinstance(at, Symbol) and not self.is_ranged(at) and None not in bounds:
            self.presumed.setdefault(at, tuple(bounds))

    # ---- axes
    def axis(self, base: Basic, axis: int) -> Bounds:
        return self.axes.get((base, axis), Bounds())

    def _axis(self, base: Basic, axis: int, indices: list) -> Bounds:
        """The range of an axis, by the shape or by the sums that run along it."""
        shape = shape_of_base(base)
        if shape is not None:
            return Bounds(S.Zero, shape[axis] - 1)
        running = [at for at in indices if self.is_ranged(at)]
        lows, highs = ({self.extreme(at, sign) for at in running} for sign in (-1, 1))
        low, high = self._outermost(lows, -1), self._outermost(highs, 1)
        fixed = [at for at in indices if at not in running and not isinstance(at, Symbol)]
        from_zero = low == 0 and all(map(self.surely, fixed))
        to_high = high is not None and _is_last(high) and all(self.surely(high - at) or at.is_number and not high.is_number for at in fixed)
        return Bounds(low if from_zero else None, high if from_zero and to_high else None)

    def _outermost(self, values: Iterable[Expr], sign: int) -> Expr | None:
        """The value that no other one is beyond; None where that cannot be told."""
        values = list(values)
        return next((v for v in values if v is not None and all(w is not None and self.surely(sign * (v - w)) for w in values)), None)

    # ---- proofs
    def extreme(self, e: Expr, sign: int) -> Expr | None:
        """The largest value of `e` (the smallest for sign -1) over the ranges of its bound symbols and Idx; None where it is not linear."""
        e = e.expand()
        for _ in range(20):
            symbol = next((s for s in sorted(e.free_symbols, key=default_sort_key) if self._range(s, True)), None)
            if symbol is None:
                return e
            slope = e.coeff(symbol)
            if not slope.is_number or (e - slope * symbol).has(symbol):
                return None
            ends: Any = self._range(symbol, True)
            e = e.subs(symbol, ends[1 if slope * sign > 0 else 0]).expand()
        return None

    def is_ranged(self, e: Expr) -> bool:
        """Whether the range of a symbol in it is said."""
        return any(self._range(s) for s in e.free_symbols)

    def _range(self, symbol: Basic, presumed: bool = False) -> tuple | None:
        found = self.of_bound.get(symbol)
        found = found if found is not None and len(found) == 2 else self.names.range_of(symbol)
        return self.presumed.get(symbol) if found is None and presumed else found

    def surely(self, e: Expr) -> bool:
        """Whether e >= 0 for all indices within their ranges."""
        least = self.extreme(e, -1)
        return bool(e.is_nonnegative) or least is not None and bool(least.is_nonnegative)

    def never(self, e: Expr) -> bool:
        """Whether e < 0 for all indices within their ranges."""
        most = self.extreme(e, 1)
        return bool(e.is_negative) or most is not None and bool(most.is_negative)


def _is_last(high: Expr) -> bool:
    """Whether it reads as the last of so many entries counted from 0: 4, n - 1, m*n - 1, but neither n nor n - 2."""
    size = high + 1
    return bool(size.is_number and size.is_nonnegative) or not any(a.is_number for a in Add.make_args(size))
