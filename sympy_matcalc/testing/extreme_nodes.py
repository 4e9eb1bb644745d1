"""Values of largest and smallest entries, and of where they stand."""

import numpy as np

from ..nodes import ElementMax, ElementMin, Hardmax, RowHardmax, RowMax, RowMin
from .evaluator import evaluator


def real_matrix(ev, expr):
    value = ev.matrix(expr)
    if np.iscomplexobj(value):
        raise NotImplementedError(f"the entries of `{expr}` are complex, and have no order")
    return value


@evaluator(ElementMax)
def of_max(ev, node):
    return sorted(real_matrix(ev, node.arg).ravel())[-1]


@evaluator(ElementMin)
def of_min(ev, node):
    return sorted(real_matrix(ev, node.arg).ravel())[0]


@evaluator(RowMax)
def of_row_max(ev, node):
    return np.sort(real_matrix(ev, node.arg), axis=1)[:, -1:]


@evaluator(RowMin)
def of_row_min(ev, node):
    return np.sort(real_matrix(ev, node.arg), axis=1)[:, :1]


def shares(row):
    """1/k at each of the k largest entries of a list, else 0."""
    at = [all(a >= b for b in row) for a in row]
    return np.array(at, dtype=float) / max(1, sum(at))


@evaluator(Hardmax)
def of_hardmax(ev, node):
    value = real_matrix(ev, node.arg)
    return shares(value.ravel()).reshape(value.shape)


@evaluator(RowHardmax)
def of_row_hardmax(ev, node):
    return np.stack([shares(row) for row in real_matrix(ev, node.arg)])
