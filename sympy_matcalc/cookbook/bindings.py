"""What the symbols of a pattern stand for: bound once, of a fitting shape, constants free of the variable."""

from sympy import MatrixSymbol, Symbol

from ..kernel.occurrence import contains
from ..kernel.shapes import is_matrix, same_size, shape_of
from ..nodes.bound import BOUND


class Bindings:
    """The rules of one search: `variable` is the pattern's, `target` the user's or None where any symbol will do.

    Found bindings are plain dictionaries from symbols of the pattern to expressions, copied when one is added.
    """

    def __init__(self, variable, target=None):
        self.variable, self.target = variable, target

    def bind(self, found, symbol, value):
        """`found` with symbol = value, or None where that cannot be."""
        if symbol in found:
            return found if found[symbol] == value else None
        if not self._may_be(symbol, value):
            return None
        if isinstance(symbol, MatrixSymbol):
            found = self.sizes(found, shape_of(symbol), shape_of(value))
        return None if found is None else {**found, symbol: value}

    def _may_be(self, symbol, value):
        if is_matrix(symbol) != is_matrix(value) or contains(value, BOUND):
            return False
        if symbol == self.variable:
            return isinstance(value, (Symbol, MatrixSymbol)) and self.target in (None, value)
        if isinstance(symbol, Symbol) and (symbol.is_integer and not value.is_integer or symbol.is_positive and value.is_positive is False):
            return False
        return self.target is None or not contains(value, self.target)

    def sizes(self, found, pattern, subject):
        """`found` with the sizes of a shape bound; None where they do not fit."""
        for size, value in zip(pattern, subject):
            if isinstance(size, Symbol):
                found = self.bind(found, size, value)
            elif not same_size(size.xreplace(found), value):
                found = None
            if found is None:
                return None
        return found

    def closed(self, found):
        """Whether the variable is bound and no constant contains it."""
        x = found.get(self.variable)
        return x is not None and not any(contains(value, x) for symbol, value in found.items() if symbol != self.variable)


def weight(found):
    """How far the bindings are from a mere renaming: (nodes beyond one a symbol, number of bindings)."""
    return sum(_nodes(value) - 1 for value in found.values()), len(found)


def _nodes(value):
    """Nodes of a tree; a number is further from a symbol than another symbol is."""
    if isinstance(value, (Symbol, MatrixSymbol)):
        return 1
    return 1 + sum(map(_nodes, value.args)) if value.args else 2
