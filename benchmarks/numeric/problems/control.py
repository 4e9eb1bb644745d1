"""Filtering, control and dynamics."""

import numpy as np
from sympy import Identity, Q, Trace

import sympy_matcalc as mc

from ..problem import Problem, k, m, mat, n, outer_pair, potrf, potrs, repeat_block, spd, spd_inverse

K, P, H, R = mat("K", n, m), mat("P", n, n), mat("H", m, n), mat("R", m, m)
A, X0, X1, C = mat("A", n, n), mat("X0", n, k), mat("X1", n, k), mat("C", n, n)
G = mat("G", m, n)

GAIN = {"value grad": (dict(n=6, m=3), dict(n=90, m=40), dict(n=700, m=300)), "hess": (dict(n=6, m=3), dict(n=30, m=12), dict(n=65, m=24))}


class kalman_joseph(Problem):
    """tr((I - K H) P (I - K H)' + K R K') by the gain K"""

    args, sizes, kind = (K, P, H, R), GAIN, "structured"
    expr = Trace((Identity(n) - K * H) * P * (Identity(n) - K * H).T + K * R * K.T)
    assumes, facts = "P and R positive definite", Q.positive_definite(P) & Q.positive_definite(R)

    def data(r, n, m):
        return r.standard_normal((n, m)) / n, spd(r, n), r.standard_normal((m, n)) / np.sqrt(n), spd(r, m)

    def fun(o, K, P, H, R):
        E = o.eye(K.shape[0]) - K @ H
        return o.trace(E @ P @ E.T + K @ R @ K.T)

    def value(K, P, H, R):
        HP = H @ P
        S = HP @ H.T
        S += R
        return np.trace(P) - 2.0 * np.vdot(K, HP.T) + np.vdot(K, K @ S)

    def grad(K, P, H, R):
        HP = H @ P
        S = HP @ H.T
        S += R
        D = K @ S
        D -= HP.T
        D *= 2.0
        return D

    def hess(K, P, H, R):
        S = H @ P @ H.T
        S += R
        S *= 2.0
        return repeat_block(S, K.shape[0])


class one_step_prediction(Problem):
    """tr(C^-1 (X1 - A X0)(X1 - A X0)') by the dynamics A, C the covariance of the noise"""

    args, kind = (A, X0, X1, C), "structured"
    sizes = {
        "value grad": (dict(n=6, k=50), dict(n=60, k=800), dict(n=250, k=3000)),
        "hess": (dict(n=6, k=50), dict(n=14, k=300), dict(n=36, k=1000)),
    }
    expr = Trace(C.I * (X1 - A * X0) * (X1 - A * X0).T)
    assumes, facts = "C positive definite", Q.positive_definite(C)

    def data(r, n, k):
        return r.standard_normal((n, n)) / np.sqrt(n), r.standard_normal((n, k)), r.standard_normal((n, k)), spd(r, n)

    def fun(o, A, X0, X1, C):
        E = X1 - A @ X0
        return o.sum(E * o.solve(C, E))

    def value(A, X0, X1, C):
        E = X1 - A @ X0
        return np.vdot(spd_inverse(C), E @ E.T)

    def grad(A, X0, X1, C):
        E = A @ X0
        E -= X1
        D = potrs(potrf(C), E @ X0.T)
        D *= 2.0
        return D

    def hess(A, X0, X1, C):
        return outer_pair([2.0 * spd_inverse(C)], [X0 @ X0.T], (0, 2, 1, 3))


class quadratic_regulator(Problem):
    """tr((C + G'R G) P) by the feedback G; no matrix is symmetric"""

    args, sizes, kind = (G, C, R, P), GAIN, "structured"
    expr = Trace((C + G.T * R * G) * P)

    def data(r, n, m):
        return r.standard_normal((m, n)), r.standard_normal((n, n)), r.standard_normal((m, m)), r.standard_normal((n, n))

    def fun(o, G, C, R, P):
        return o.trace((C + G.T @ R @ G) @ P)

    def value(G, C, R, P):
        return np.vdot(C, P.T) + np.vdot(R @ G, G @ P.T)

    def grad(G, C, R, P):
        D = (R @ G) @ P
        D += (R.T @ G) @ P.T
        return D

    def hess(G, C, R, P):
        return outer_pair([R, R.T], [P.T, P], (0, 2, 1, 3))


class lyapunov_residual(Problem):
    """||A P A' - P + C||^2 by P"""

    args, kind = (P, A, C), "structured"
    sizes = {"value grad": (dict(n=6), dict(n=90), dict(n=450)), "hess": (dict(n=6), dict(n=14), dict(n=32))}
    expr = mc.Norm(A * P * A.T - P + C) ** 2

    def data(r, n):
        return spd(r, n), r.standard_normal((n, n)) / np.sqrt(n), spd(r, n)

    def fun(o, P, A, C):
        return o.sum((A @ P @ A.T - P + C) ** 2)

    def value(P, A, C):
        E = A @ P @ A.T
        E -= P
        E += C
        return np.vdot(E, E)

    def grad(P, A, C):
        E = A @ P @ A.T
        E -= P
        E += C
        D = A.T @ E @ A
        D -= E
        D *= 2.0
        return D

    def hess(P, A, C):
        S, q = A.T @ A, A.shape[0]
        D = outer_pair([2.0 * S, -2.0 * A, -2.0 * A.T], [S, A, A.T], (0, 2, 1, 3))
        i = np.arange(q)
        D[i[:, None], i, i[:, None], i] += 2.0
        return D
