"""Values of the solutions of matrix equations: of linear ones by their Kronecker form, of Riccati equations by eigenvectors."""

import numpy as np

from ..errors import ShapeError
from ..nodes import DiscreteLyapunov, DiscreteRiccati, Lyapunov, Riccati, Sylvester
from .evaluator import evaluator
from .matrix_nodes import square


def solution(A, B, C, node):
    m, n = C.shape
    if (len(A), len(B)) != (m, n):
        raise ShapeError(f"shapes {A.shape}, {B.shape} and {C.shape} do not fit, in `{node}`")
    return np.linalg.solve(np.kron(A, np.eye(n)) + np.kron(np.eye(m), B.T), C.ravel()).reshape(m, n)


@evaluator(Sylvester)
def of_sylvester(ev, node):
    A, B, C = node.args
    return solution(square(ev, A), square(ev, B), ev.matrix(C), node)


@evaluator(Lyapunov)
def of_lyapunov(ev, node):
    A, Q = (square(ev, a) for a in node.args)
    return solution(A, A.T, Q, node)


@evaluator(DiscreteLyapunov)
def of_discrete_lyapunov(ev, node):
    A, Q = (square(ev, a) for a in node.args)
    if len(A) != len(Q):
        raise ShapeError(f"shapes {A.shape} and {Q.shape} do not fit, in `{node}`")
    return np.linalg.solve(np.eye(len(A) ** 2) - np.kron(A, A), Q.ravel()).reshape(Q.shape)


def stable_subspace(values, vectors, n, stable):
    """Y X^-1 of the vectors (X; Y) of the n stable eigenvalues."""
    chosen = vectors[:, stable(values)]
    if chosen.shape[1] != n:
        raise np.linalg.LinAlgError("there is no stabilising solution")
    if np.linalg.cond(chosen[:n]) > 1e12:
        raise np.linalg.LinAlgError("there is no stabilising solution")
    x = np.linalg.solve(chosen[:n].T, chosen[n:].T).T.real
    return (x + x.T) / 2


def _coefficients(ev, node):
    A, B, Q, R = (ev.matrix(a) for a in node.args)
    if not len(A) == A.shape[1] == len(B) == len(Q) == Q.shape[1] or not B.shape[1] == len(R) == R.shape[1]:
        raise ShapeError(f"shapes {A.shape}, {B.shape}, {Q.shape} and {R.shape} do not fit, in `{node}`")
    return A, B, (Q + Q.T) / 2, (R + R.T) / 2


@evaluator(Riccati)
def of_riccati(ev, node):
    """The weights by their symmetric parts."""
    A, B, Q, R = _coefficients(ev, node)
    hamiltonian = np.block([[A, -B @ np.linalg.inv(R) @ B.T], [-Q, -A.T]])
    return stable_subspace(*np.linalg.eig(hamiltonian), len(A), lambda values: values.real < 0)


@evaluator(DiscreteRiccati)
def of_discrete_riccati(ev, node):
    A, B, Q, R = _coefficients(ev, node)
    inverse, G = np.linalg.inv(A).T, B @ np.linalg.inv(R) @ B.T
    symplectic = np.block([[A + G @ inverse @ Q, -G @ inverse], [-inverse @ Q, inverse]])
    return stable_subspace(*np.linalg.eig(symplectic), len(A), lambda values: np.abs(values) < 1)
