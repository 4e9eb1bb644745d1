"""Term: a scalar times leaves with labelled axes; what the adjoint walk carries and what is raised to matrix notation.

An axis is a tuple of labels: one for an ordinary axis, none for an axis of length 1, several for a fused (Kronecker) axis,
slowest first. A label is an integer with a size. Deltas, ones and sums are not nodes: a label that repeats in the result is a delta, one
that no leaf has is a ones vector, one that the result has not is summed.
"""

from typing import NamedTuple

from ..kernel.scalars import scalar_product
from ..kernel.session import memo
from ..kernel.shapes import is_one


class AdjointTerm(NamedTuple):
    """coefficient * product of the leaves; `out` are the axes of the result, `hole` those of the node being walked."""

    coefficient: object
    leaves: tuple  # of (SymPy node, axis, axis, ...)
    out: tuple  # axes
    hole: tuple  # axes
    limits: tuple = ()  # of (symbol, low, high)

    def times(self, scalar):
        return self._replace(coefficient=scalar_product(self.coefficient, scalar))

    def with_leaves(self, *leaves, hole=None):
        """The term with more leaves and another hole."""
        return self._replace(leaves=self.leaves + leaves, hole=self.hole if hole is None else hole)


def new_axis(size):
    """An axis of a new label, or the empty axis when the size is literally 1."""
    if is_one(size):
        return ()
    sizes = memo("sizes")
    label = len(sizes)
    sizes[label] = size
    return (label,)


def new_axes(sizes):
    return tuple(new_axis(s) for s in sizes)


def size_of(axis):
    return scalar_product(*(memo("sizes")[i] for i in axis))


def label_size(label):
    return memo("sizes")[label]
