"""Degrees of homogeneity in E = exp(z): a node has degree d where E with its slices multiplied by numbers c, one for each index on the axes
that are kept, gives c**d times the node.
"""

from .walk import called, scaled

ZERO = (0, None)


class Degrees:
    """(degree, axes of the node that are the kept ones) of nodes by number, None for those that have none. `kept`: axes of z."""

    def __init__(self, z, kept, order):
        self.z, self.kept = z, kept
        self._known = {}
        for node in order:
            self._known[node.number] = self._degree(node)

    def of(self, node):
        return self._known[node.number]

    def matters(self, node):
        """Whether the node has a degree that is not 0."""
        degree = self.of(node)
        return degree is not None and degree[0] != 0

    def meet(self, node):
        """Whether degrees meet here and cancel, or end in a logarithm."""
        return any(map(self.matters, node.args)) and (self.of(node) == ZERO or called(node, "log") is not None)

    def multiple(self, node):
        """k > 0 where the node is exp(k z)."""
        exponent = called(node, "exp")
        k, z = (1, exponent) if exponent is self.z or exponent is None else scaled(exponent)
        return k if z is self.z and isinstance(k, (int, float)) and k > 0 else None

    def _degree(self, node):
        multiple = self.multiple(node)
        if multiple is not None:
            return multiple, self.kept
        inner = called(node, "log")
        if inner is not None and self.of(inner) is not None:  # it is taken with the scale of its own: in a product it is a number
            return ZERO
        return of_operands(node, [self.of(a) for a in node.args], self.kept)


def of_operands(node, operands, kept):
    """The degree of a node whose operands have these; None where one of them has none."""
    if None in operands:
        return None
    if all(d == 0 for d, _ in operands):
        return ZERO
    degree = node.kind.degree(node, operands, kept)
    return ZERO if degree is not None and degree[0] == 0 else degree
