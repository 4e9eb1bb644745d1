"""Values of the factors of QR and LU decompositions."""

import numpy as np

from ..errors import ShapeError
from ..nodes import LUFactorL, LUFactorP, LUFactorU, QRFactorQ, QRFactorR
from .book_nodes import real
from .evaluator import evaluator
from .matrix_nodes import square


def orthonormal(ev, node):
    """(Q, R), column by column, twice: Gram and Schmidt."""
    A = real(ev.matrix(node.arg), node.arg)
    if A.shape[0] < A.shape[1]:
        raise ShapeError(f"`{node}` is of {A.shape[0]} rows and {A.shape[1]} columns")
    Q = np.zeros(A.shape)
    for k in range(A.shape[1]):
        column = A[:, k]
        for _ in range(2):
            column = column - Q[:, :k] @ (Q[:, :k].T @ column)
        Q[:, k] = column / np.sqrt(column @ column)
    return Q, np.triu(Q.T @ A)


@evaluator(QRFactorQ)
def of_qr_q(ev, node):
    return orthonormal(ev, node)[0]


@evaluator(QRFactorR)
def of_qr_r(ev, node):
    return orthonormal(ev, node)[1]


def eliminated(ev, node):
    """(P, L, U) by elimination with the largest pivot of each column."""
    U = np.array(square(ev, node.arg))
    n = len(U)
    L, P = np.eye(n, dtype=U.dtype), np.eye(n)
    for k in range(n):
        at = k + int(np.argmax(np.abs(U[k:, k])))
        U[[k, at]], P[:, [k, at]] = U[[at, k]], P[:, [at, k]]
        L[[k, at], :k] = L[[at, k], :k]
        for i in range(k + 1, n):
            L[i, k] = U[i, k] / U[k, k]
            U[i] = U[i] - L[i, k] * U[k]
    return P, L, np.triu(U)


@evaluator(LUFactorP)
def of_lu_p(ev, node):
    return eliminated(ev, node)[0]


@evaluator(LUFactorL)
def of_lu_l(ev, node):
    return eliminated(ev, node)[1]


@evaluator(LUFactorU)
def of_lu_u(ev, node):
    return eliminated(ev, node)[2]
