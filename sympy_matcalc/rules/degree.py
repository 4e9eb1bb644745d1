"""Is an expression linear in some symbols? Its degree in them, read off the table of linear operators."""

from collections.abc import Collection, Iterable

from sympy import Basic
from sympy.core.function import AppliedUndef

from ..kernel.occurrence import contains
from ..kernel.session import IdMemo
from ..nodes.linearity import is_library, linearity_of


def degree(node: Basic, symbols: Collection[Basic]) -> int | None:
    """Degree of an expression in the symbols: 1 where it is linear, 0 where it is constant, None where it is no form at all."""
    return _Degrees(symbols).of(node)


def reason(node: Basic, symbols: Collection[Basic]) -> str:
    """Why an expression is no form, where a node that nobody has declared linear is to blame: to be appended to an error."""
    degrees = _Degrees(symbols)
    stack = [node]
    while stack:
        part = stack.pop()
        cls = type(part)
        if degrees.of(part) is None and linearity_of(cls) is None and not is_library(cls) and not isinstance(part, AppliedUndef):
            name = cls.__name__
            return f"; `{name}` is not declared linear in any argument: if it is, declare that by `mc.linear({name}, ...)`"
        stack += part.args
    return ""


class _Degrees:
    """Degrees of nodes in some symbols, each computed once."""

    def __init__(self, symbols: Collection[Basic]):
        self.symbols, self.memo = symbols, IdMemo()

    def of(self, node: Basic) -> int | None:
        if node not in self.memo:
            self.memo[node] = self._of(node)
        return self.memo.get(node)

    def _of(self, node: Basic) -> int | None:
        if node in self.symbols:
            return 1
        if not any(contains(node, s) for s in self.symbols):
            return 0
        row = linearity_of(type(node))
        if row is None or row.fixed and any(self.of(part) != 0 for part in row.fixed(node)):
            return None
        found = {self._of_product(term) for term in row.terms(node)}
        return found.pop() if len(found) == 1 else None

    def _of_product(self, parts: Iterable[Basic]) -> int | None:
        total = 0
        for p in parts:
            found = self.of(p)
            if found is None:
                return None
            total += found
        return total
