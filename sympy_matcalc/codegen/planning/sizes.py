"""Numbers that stand for the sizes: shapes of nodes, and the work of their operations, in numbers."""

from math import prod

from sympy import S, Symbol

from ..ir.costs import CALL, factorisation


class Sizes:
    """Where each size symbol has the number that `numbers` gives it, `other` those that it does not. `costs`: of nodes that were asked for,
    by number, and of factorisations.
    """

    def __init__(self, numbers, other=64):
        self.numbers, self.other = numbers, other
        self._of, self._axes, self._shapes, self._volumes, self.costs = {}, {}, {}, {}, {}

    def of(self, size):
        """The number for a SymPy size."""
        found = self._of.get(size)
        if found is None:
            found = self._of[size] = self._number(size)
        return found

    def _number(self, size):
        if isinstance(size, Symbol):
            return max(1, int(self.numbers.get(size, self.other)))
        if not all(isinstance(s, Symbol) for s in size.free_symbols):  # the entries of an argument say it
            return self.other
        value = size.xreplace({s: S(self.numbers.get(s, self.other)) for s in size.free_symbols})
        return max(1, int(value)) if value.is_number and value.is_finite else self.other

    def shape(self, node):
        """The lengths of the axes of a node."""
        found = self._shapes.get(node.number)
        if found is None:
            known = self._axes
            for k, size in zip(node.axes, node.shape, strict=True):
                if k not in known:
                    known[k] = self.of(size)
            found = self._shapes[node.number] = tuple([known[k] for k in node.axes])
        return found

    def volume(self, node):
        found = self._volumes.get(node.number)
        if found is None:
            found = self._volumes[node.number] = prod(self.shape(node))
        return found

    def cost(self, node):
        """The work of one node whose operands are there, without the factorisations."""
        found = self.costs.get(node.number)
        if found is None:
            found = self.costs[node.number] = self._cost(node)
        return found

    def _cost(self, node):
        return 0 if node.is_free else CALL + node.kind.cost(node, self)

    def factorisation(self, node):
        """The work of factoring the matrix that a solve, an inverse or a determinant needs."""
        key = factored(node)
        found = self.costs.get(key)
        if found is None:
            found = self.costs[key] = factorisation(node, self)
        return found


def factored(node):
    """The key of the costs of factoring a matrix."""
    return -1 - node.number
