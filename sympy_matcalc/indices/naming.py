"""Bound symbols: a symbol of its own for every sum while one computes, the names that were typed afterwards, never one that is taken."""

from typing import Any

from sympy import Basic, Idx, Product, Sum, Symbol, Tuple
from sympy.core.symbol import Dummy

from ..compat import dummy
from .access import parts_of, symbols_in

FIRST = 7_400_000
SUMS = (Sum, Product)


class Names:
    """The symbols of one computation: which one was typed as what, and the range of an Idx.

    equal_are_one: equal sums have the same symbols, where a sum is not taken apart beside its equal: a function of it and itself stay
    functions of one thing.
    """

    def __init__(self, equal_are_one: bool = False) -> None:
        self.sums: dict[Any, Any] | None = {} if equal_are_one else None
        self.typed: dict[Basic, Basic] = {}  # symbol of this computation: the Symbol or Idx that it stands for
        self.free: dict[Basic, Basic] = {}  # the other way round, for what is not bound

    def fresh(self, typed: Basic) -> Dummy:
        """A symbol that nothing else is, for one that was typed or made here."""
        typed = self.typed.get(typed, typed)
        label = typed.label if isinstance(typed, Idx) else typed
        known = {k: v for k, v in getattr(label, "_assumptions_orig", {}).items() if k in ("nonnegative", "positive", "negative", "zero")}
        name = label.name if isinstance(label, Symbol) else "i"
        found = dummy(name, FIRST + len(self.typed), **{**known, "integer": True})
        self.typed[found] = typed
        return found

    def of_free(self, index: Idx) -> Dummy:
        """The symbol that stands for an Idx that no sum binds."""
        if index not in self.free:
            self.free[index] = self.fresh(index)
        return self.free[index]

    def range_of(self, symbol: Basic) -> tuple | None:
        """(lowest, highest) value of a symbol that was typed as an Idx with a range."""
        typed = self.typed.get(symbol)
        return None if not isinstance(typed, Idx) or typed.lower is None or typed.upper is None else (typed.lower, typed.upper)

    # ---- in
    def apart(self, e: Any, inside: dict | None = None) -> Any:
        """`e` with a bound symbol of its own for every sum and product, and a symbol for every Idx."""
        inside = inside or {}
        if isinstance(e, Idx):
            return inside[e] if e in inside else self.of_free(e) if isinstance(e.label, Symbol) else e.label
        if isinstance(e, Symbol) or not e.args:
            return inside.get(e, e)
        if isinstance(e, SUMS):
            return self._apart_sum(e, inside)
        if not (e.has(Idx, *SUMS) or inside and not inside.keys().isdisjoint(symbols_in(e))):
            return e
        indices = parts_of(e)
        kept = e.args[: len(e.args) - len(indices)]
        return e.func(*kept, *(self.apart(a, inside) for a in indices))

    def _apart_sum(self, e: Any, inside: dict) -> Any:
        if self.sums is None:
            return self._with_own_symbols(e, inside)
        key = e, frozenset((s, inside[s]) for s in symbols_in(e) if s in inside)
        if key not in self.sums:
            self.sums[key] = self._with_own_symbols(e, inside)
        return self.sums[key]

    def _with_own_symbols(self, e: Any, inside: dict) -> Any:
        limits = []
        for symbol, *bounds in reversed(e.limits):
            bounds = [self.apart(b, inside) for b in bounds]
            inside = {**inside, symbol: self.fresh(symbol)}
            limits.append((inside[symbol], *bounds))
        return e.func(self.apart(e.function, inside), *reversed(limits))

    # ---- out
    def readable(self, e: Any) -> Any:
        """`e` with the names that were typed; a sum keeps its own unless something else in it has that name."""
        return self._readable(e, {})

    def _readable(self, e: Any, new: dict) -> Any:
        if isinstance(e, Symbol) or not e.args:
            return new.get(e, self.typed.get(e, e))
        if isinstance(e, SUMS):
            limits = []
            for at in range(len(e.limits) - 1, -1, -1):
                symbol, *bounds = e.limits[at]
                bounds = [self._readable(b, new) for b in bounds]
                inside = symbols_in(Tuple(e.function, *(b for lim in e.limits[:at] for b in lim))) - {symbol}
                new = {**new, symbol: self._name(symbol, {str(new.get(s, self.typed.get(s, s))) for s in inside})}
                limits.append((new[symbol], *bounds))
            return e.func(self._readable(e.function, new), *reversed(limits))
        if not any(s in self.typed for s in symbols_in(e)) and not e.has(*SUMS):
            return e
        indices = parts_of(e)
        return e.func(*e.args[: len(e.args) - len(indices)], *(self._readable(a, new) for a in indices))

    def _name(self, symbol: Basic, taken: set) -> Basic:
        """The symbol as it was typed, or with the first number behind its name that is free."""
        typed, count = self.typed.get(symbol, symbol), 0
        found = typed
        while str(found) in taken:
            count += 1
            found = _renamed(typed, f"{typed}_{count}")
        return found


def _renamed(typed: Any, name: str) -> Basic:
    if isinstance(typed, Idx):
        label = Symbol(name, integer=True)
        return Idx(label) if typed.lower is None else Idx(label, (typed.lower, typed.upper))
    return Symbol(name, **typed._assumptions_orig)
