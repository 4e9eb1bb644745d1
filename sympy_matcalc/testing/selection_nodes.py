"""Values of nodes that select entries of a matrix."""

import numpy as np

from ..nodes import Gather, LowerTriangle, Scatter, UpperTriangle
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


@evaluator(Gather)
def of_gather(ev, node):
    value = ev.matrix(node.arg)
    return np.stack([value[k] for k in node.numbers])


@evaluator(Scatter)
def of_scatter(ev, node):
    value = ev.matrix(node.arg)
    out = np.zeros((ev.integer(node.args[2]), value.shape[1]), value.dtype)
    for row, at in zip(value, node.numbers, strict=True):
        out[at] += row
    return out
