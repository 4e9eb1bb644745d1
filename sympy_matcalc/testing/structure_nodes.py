"""Values of the bases of structured matrices and of sums over tied entries, by their definitions: entry by entry."""

import numpy as np

from ..nodes import EliminationMatrix
from ..nodes.bases import StructureBasis
from ..nodes.declaration import NODES
from ..nodes.tied_entries import TiedEntries
from .evaluator import evaluator
from .matrix_nodes import square

LINES = {  # the lines of entries that a pattern ties together
    "toeplitz": lambda A, i, j: A.diagonal(j - i),
    "hankel": lambda A, i, j: A[:, ::-1].diagonal(A.shape[1] - 1 - i - j),
    "circulant": lambda A, i, j: np.array([A[k, (k + j - i) % len(A)] for k in range(len(A))]),
}
INSIDE = {  # where a parameter sits, of those patterns that have one for each such place
    "upper": lambda i, j: i <= j,
    "strictly_lower": lambda i, j: i > j,
    "strictly_upper": lambda i, j: i < j,
    "diagonal": lambda i, j: i == j,
    "tridiagonal": lambda i, j: -2 < i - j < 2,
}


def units_of(pattern, m, n):
    """The matrices for which one parameter is 1 and the others are 0, in the order of the parameters."""
    places = [(i, j) for j in range(n) for i in range(m)]
    if pattern in INSIDE:
        return [_unit(m, n, [p]) for p in places if INSIDE[pattern](*p)]
    if pattern == "skew":
        return [_unit(m, n, [(i, j)]) - _unit(m, n, [(j, i)]) for i, j in places if i > j]
    first = [*[(i, 0) for i in range(m)], *[(m - 1 if pattern == "hankel" else 0, j) for j in range(1, n) if pattern != "circulant"]]
    tied = {
        "toeplitz": lambda p, q: p[0] - p[1] == q[0] - q[1],
        "hankel": lambda p, q: sum(p) == sum(q),
        "circulant": lambda p, q: (p[0] - p[1] - q[0] + q[1]) % n == 0,
    }[pattern]
    return [_unit(m, n, [q for q in places if tied(p, q)]) for p in first]


def _unit(m, n, places):
    e = np.zeros((m, n))
    for p in places:
        e[p] = 1
    return e


def basis_of(ev, node):
    m, n = (ev.integer(s) for s in node.of_shape)
    units = units_of(node.pattern, m, n)
    return np.stack([e.ravel("F") for e in units], axis=1) if units else np.zeros((m * n, 0))


for cls in NODES.values():
    if issubclass(cls, StructureBasis):
        evaluator(cls)(basis_of)


@evaluator(EliminationMatrix)
def of_elimination(ev, node):
    n = ev.integer(node.args[0])
    return np.stack([_unit(n, n, [(i, j)]).ravel("F") for j in range(n) for i in range(j, n)])


def of_tied(ev, node):
    A = square(ev, node.arg) if node.square else ev.matrix(node.arg)
    total = np.mean if node.mean else np.sum
    return np.array([[total(LINES[node.pattern](A, i, j)) for j in range(A.shape[1])] for i in range(A.shape[0])])


for cls in NODES.values():
    if issubclass(cls, TiedEntries):
        evaluator(cls)(of_tied)
