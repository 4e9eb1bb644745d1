"""Values of the solutions of linear matrix equations, by their Kronecker form."""

import numpy as np

from ..errors import ShapeError
from ..nodes import Lyapunov, Sylvester
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
