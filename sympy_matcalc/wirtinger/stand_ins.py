"""Symbols that stand for complex variables and for their conjugates, while a derivative is taken."""

from collections.abc import Iterable
from typing import Any

from sympy import Basic, ImmutableDenseMatrix, MatrixSymbol, S, Symbol
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.matrices.expressions import MatrixExpr

from ..kernel.interning import intern
from ..kernel.walks import postorder
from ..nodes import EinsumTerm, MatrixSum
from .stated import Stated

WITH_LIMITS = (ExprWithLimits, MatrixSum, EinsumTerm)


def parts_of(node: Any) -> tuple[Any, ...]:
    """The parts of a node, but for those of a MatrixSymbol: its name and sizes."""
    return () if isinstance(node, MatrixSymbol) else node.args


class StandIns:
    """of[s]: what stands for a complex symbol s; conjugate_of[s]: what stands for its conjugate."""

    def __init__(self, exprs: Iterable[Basic], variables: Iterable[Basic], stated: Stated):
        self.stated = stated
        nodes = [node for e in (*exprs, *variables) for node in postorder(e, parts_of)]
        self.sizes = {s for node in nodes if isinstance(node, MatrixExpr) for size in node.shape for s in getattr(size, "free_symbols", ())}
        self.bound = {s for node in nodes for s in bound_in(node)}
        symbols = list(dict.fromkeys(node for node in nodes if isinstance(node, (Symbol, MatrixSymbol))))
        self.taken = {str(s.name) for s in symbols}
        self.of: dict[Any, Any] = {}
        self.conjugate_of: dict[Any, Any] = {}
        for s in sorted((s for s in symbols if not self.is_real(s)), key=lambda s: (str(s.name), str(s.args), str(s.assumptions0))):
            self._add(s)

    def is_real(self, symbol: Any) -> bool:
        """Whether a symbol is its own conjugate: one that is declared or stated to be, a size, an index."""
        if isinstance(symbol, Symbol) and (symbol.is_extended_real or symbol in self.sizes or symbol in self.bound):
            return True
        return self.stated.conjugate(symbol) is symbol

    def _add(self, symbol: Any) -> None:
        if isinstance(symbol, MatrixSymbol):
            self.of[symbol] = intern(symbol)
            make = lambda name: MatrixSymbol(name, *symbol.shape)  # noqa: E731
        else:
            own = symbol.is_complex is None and symbol.is_real is None
            self.of[symbol] = symbol if own else intern(Symbol(self._free(str(symbol.name) + "_")))
            make = Symbol
        known = self.stated.conjugate(symbol)
        if known is None and isinstance(symbol, Symbol) and symbol.is_imaginary:
            known = -self.of[symbol]
        self.conjugate_of[symbol] = intern(make(self._free(f"{symbol.name}_conj")) if known is None else known)

    def _free(self, name: str) -> str:
        """The name, with dashes to make it one that nothing has."""
        while name in self.taken:
            name += "'"
        self.taken.add(name)
        return name

    def fresh(self, name: str, like: Any) -> Any:
        """A symbol of this name, or one that nothing has, of the shape of another one."""
        return MatrixSymbol(self._free(name), *like.shape) if isinstance(like, MatrixExpr) else Symbol(self._free(name))

    def has_complex(self, e: Any, known: dict[Any, bool]) -> bool:
        """Whether anything in an expression may be no real number; `known`: a memo."""
        found = known.get(e)
        if found is None:
            if isinstance(e, (Symbol, MatrixSymbol)):
                found = e in self.of
            else:
                found = e is S.ImaginaryUnit or any(self.has_complex(a, known) for a in _entries(e) if isinstance(a, Basic))
            known[e] = found
        return found


def _entries(e: Any) -> Iterable[Any]:
    return tuple(e) if isinstance(e, ImmutableDenseMatrix) else e.args


def bound_in(node: Any) -> set[Any]:
    """The indices of a sum or a product over entries."""
    if isinstance(node, (ExprWithLimits, MatrixSum)):
        return {lim[0] for lim in node.args[1:]}
    return {lim[0] for lim in node.limits} if isinstance(node, EinsumTerm) else set()
