"""Values of eigenvalues and vectors of pencils, and of matrices that need not be symmetric."""

import numpy as np

from ..nodes import (
    GeneralEigenvalue,
    GeneralizedEigenvalue,
    GeneralizedEigenvector,
    GroupResolvent,
    LeftEigenvector,
    PencilResolvent,
    RightEigenvector,
)
from .book_nodes import SIMPLE, symmetric_part
from .evaluator import evaluator
from .matrix_nodes import square


def pencil(ev, node):
    """(values, vectors V with V' B V = I, i), by the symmetric root of B^-1."""
    A, B = (symmetric_part(ev, a) for a in node.args[:2])
    sizes, axes = np.linalg.eigh(B)
    if not sizes.min() > 0:
        raise np.linalg.LinAlgError(f"`{node.args[1]}` is not positive definite")
    root = (axes / np.sqrt(sizes)) @ axes.T
    values, vectors = np.linalg.eigh(root @ A @ root)
    return values, root @ vectors, ev.index(node.args[2], len(values), node)


def _only(values, k, node):
    if not all(abs(values[k] - other) > SIMPLE * np.abs(values).max() for j, other in enumerate(values) if j != k):
        raise np.linalg.LinAlgError(f"value {k} of `{node}` is not simple: {values}")


@evaluator(GeneralizedEigenvalue)
def of_generalized_eigenvalue(ev, node):
    values, _, k = pencil(ev, node)
    return values[k]


@evaluator(GeneralizedEigenvector)
def of_generalized_eigenvector(ev, node):
    values, vectors, k = pencil(ev, node)
    _only(values, k, node)
    return ev.signed(vectors[:, [k]], node)


@evaluator(PencilResolvent)
def of_pencil_resolvent(ev, node):
    values, vectors, k = pencil(ev, node)
    others = [j for j in range(len(values)) if j != k]
    return (vectors[:, others] / (values[k] - values[others])) @ vectors[:, others].T


def system(ev, node):
    """(eigenvalue, right vector of length 1, left vector u with u'v = 1): the null vectors of lambda I - X, by singular values."""
    X = square(ev, node.arg)
    values = np.linalg.eigvals(X)
    values = values[np.lexsort((values.imag, values.real))]
    k = ev.index(node.args[1], len(values), node)
    _only(values, k, node)
    if abs(values[k].imag) > SIMPLE * np.abs(values).max():
        raise np.linalg.LinAlgError(f"eigenvalue {k} of `{node.arg}` is complex: {values[k]}")
    U, _, Vt = np.linalg.svd(X - values[k].real * np.eye(len(X)))
    v = ev.signed(Vt[-1][:, None], RightEigenvector(*node.args))
    return values[k].real, v, U[:, [-1]] / (U[:, -1] @ v)


@evaluator(GeneralEigenvalue)
def of_general_eigenvalue(ev, node):
    return system(ev, node)[0]


@evaluator(RightEigenvector)
def of_right_eigenvector(ev, node):
    return system(ev, node)[1]


@evaluator(LeftEigenvector)
def of_left_eigenvector(ev, node):
    return system(ev, node)[2]


@evaluator(GroupResolvent)
def of_group_resolvent(ev, node):
    """From the other eigenvalues and their vectors."""
    value, v, u = system(ev, node)
    X = square(ev, node.arg)
    values, vectors = np.linalg.eig(X)
    k = np.argmin(np.abs(values - value))
    gaps = value - values
    gaps[k] = np.inf
    return ((vectors / gaps) @ np.linalg.inv(vectors)).real
