"""Values of nodes that select entries of a matrix."""

import numpy as np

from ..nodes import LowerTriangle, UpperTriangle
from .evaluator import evaluator


def above(value):
    """Column minus row of each entry."""
    rows, columns = np.indices(value.shape)
    return columns - rows


@evaluator(UpperTriangle)
def of_upper_triangle(ev, node):
    value = ev.matrix(node.arg)
    return np.where(above(value) >= ev.integer(node.offset), value, 0)


@evaluator(LowerTriangle)
def of_lower_triangle(ev, node):
    value = ev.matrix(node.arg)
    return np.where(above(value) <= ev.integer(node.offset), value, 0)
