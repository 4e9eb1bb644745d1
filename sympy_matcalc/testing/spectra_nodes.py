"""Values of all eigenvalues or singular values, and of their vectors."""

import numpy as np

from ..nodes import Eigenvalues, Eigenvectors, InverseGaps, LeftSingularVectors, RightSingularVectors, SingularValues
from .book_nodes import SIMPLE, singular, symmetric_part
from .evaluator import evaluator
from .matrix_nodes import vector


def continued(ev, node, values, vectors):
    """The vectors as columns, their signs those of LAPACK, or continued from a point nearby; the values have to be simple."""
    if len(values) > 1 and not np.diff(np.sort(values)).min() > SIMPLE * np.abs(values).max():
        raise np.linalg.LinAlgError(f"the values of `{node.arg}` are not simple: {values}")
    if ev.near is None:
        return vectors
    ev.near.bound = ev.bound
    return vectors * np.where((ev.near.value(node) * vectors).sum(axis=0) >= 0, 1, -1)


@evaluator(Eigenvalues)
def of_eigenvalues(ev, node):
    return np.linalg.eigh(symmetric_part(ev, node.arg))[0][:, None]


@evaluator(Eigenvectors)
def of_eigenvectors(ev, node):
    return continued(ev, node, *np.linalg.eigh(symmetric_part(ev, node.arg)))


@evaluator(SingularValues)
def of_singular_values(ev, node):
    return singular(ev, node)[1][:, None]


@evaluator(LeftSingularVectors)
def of_left_singular_vectors(ev, node):
    U, s, _ = singular(ev, node)
    return continued(ev, node, s, U)


@evaluator(RightSingularVectors)
def of_right_singular_vectors(ev, node):
    _, s, V = singular(ev, node)
    return continued(ev, node, s, V)


@evaluator(InverseGaps)
def of_inverse_gaps(ev, node):
    x = vector(ev, node.arg)
    return np.array([[0 if i == j else 1 / (x[j] - x[i]) for j in range(len(x))] for i in range(len(x))])
