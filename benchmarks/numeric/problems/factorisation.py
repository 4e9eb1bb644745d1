"""Matrix factorisations: the residual of a matrix by one of its factors."""

import numpy as np
from sympy import HadamardProduct, Trace

import sympy_matcalc as mc

from ..problem import Problem, col, k, m, mat, n, ones, outer_pair, p, repeat_block

T, U, V = mat("T", m, n), mat("U", m, k), mat("V", n, k)
W, b = mat("W", m, n), col("b", m)
R, F = mat("R", n, n), mat("F", n, k)
B, Z = mat("B", k, p), mat("Z", n, p)

SIZES = {
    "value grad": (dict(m=24, n=18, k=4), dict(m=250, n=300, k=6), dict(m=1500, n=1800, k=25)),
    "hess": (dict(m=24, n=18, k=4), dict(m=90, n=110, k=5), dict(m=220, n=180, k=6)),
}


def factors(r, m, n, k):
    return r.standard_normal((m, k)), r.standard_normal((n, k)), r.standard_normal((m, n))


class factorisation(Problem):
    """||T - U V'||^2 by U"""

    args, sizes, kind = (U, V, T), SIZES, "structured"
    expr = Trace((T - U * V.T).T * (T - U * V.T))
    data = factors

    def fun(o, U, V, T):
        return o.sum((T - U @ V.T) ** 2)

    def value(U, V, T):
        E = U @ V.T
        E -= T
        return np.vdot(E, E)

    def grad(U, V, T):
        G = U @ (V.T @ V)
        G -= T @ V  # the residual is never formed
        G *= 2.0
        return G

    def hess(U, V, T):
        return repeat_block(2.0 * (V.T @ V), U.shape[0])


class masked_factorisation(Problem):
    """||W o (T - U V')||^2 by U, W the mask of what was seen"""

    args, sizes, kind = (U, V, T, W), SIZES, "structured"
    expr = mc.Norm(HadamardProduct(W, T - U * V.T)) ** 2

    def data(r, m, n, k):
        return *factors(r, m, n, k), (r.random((m, n)) < 0.4).astype(float)

    def fun(o, U, V, T, W):
        return o.sum((W * (T - U @ V.T)) ** 2)

    def value(U, V, T, W):
        E = U @ V.T
        E -= T
        E *= W
        return np.vdot(E, E)

    def grad(U, V, T, W):
        E = U @ V.T
        E -= T
        E *= W
        E *= W
        G = E @ V
        G *= 2.0
        return G

    def hess(U, V, T, W):
        return row_blocks(U, V, W * W)


def row_blocks(U, V, W):
    """The Hessian of sum W (T - U V')^2 by U: a k x k block for each row of U, all of them by one gemm."""
    rows, q = U.shape
    pairs = (V[:, :, None] * V[:, None, :]).reshape(-1, q * q)
    H = np.zeros((rows, q, rows, q))
    i = np.arange(rows)
    H[i, :, i, :] = (2.0 * (W @ pairs)).reshape(rows, q, q)
    return H


class weighted_with_bias(Problem):
    """sum W o (T - U V' - b 1')^2 by U"""

    args, sizes, kind = (U, V, b, T, W), SIZES, "structured"
    E = T - U * V.T - b * ones(n).T
    expr = mc.ElementSum(HadamardProduct(W, E, E))

    def data(r, m, n, k):
        u, v, target = factors(r, m, n, k)
        return u, v, r.standard_normal(m), target, r.random((m, n))

    def fun(o, U, V, b, T, W):
        return o.sum(W * (T - U @ V.T - b[:, None]) ** 2)

    def grad(U, V, b, T, W):
        E = U @ V.T
        E -= T
        E += b[:, None]
        E *= W
        G = E @ V
        G *= 2.0
        return G

    def hess(U, V, b, T, W):
        return row_blocks(U, V, W)


class symmetric_factorisation(Problem):
    """||R - F F'||^2 by F, R any square matrix"""

    args, kind = (F, R), "structured"
    sizes = {
        "value grad": (dict(n=20, k=4), dict(n=300, k=6), dict(n=1800, k=25)),
        "hess": (dict(n=20, k=4), dict(n=60, k=5), dict(n=150, k=8)),
    }
    expr = mc.Norm(R - F * F.T) ** 2

    def data(r, n, k):
        return r.standard_normal((n, k)), r.standard_normal((n, n))

    def fun(o, F, R):
        return o.sum((R - F @ F.T) ** 2)

    def grad(F, R):
        G = F @ (2.0 * (F.T @ F))
        G -= R @ F
        G -= R.T @ F
        G *= 2.0
        return G

    def hess(F, R):
        rows, q = F.shape
        M = F @ F.T
        M *= 2.0
        M -= R
        M -= R.T
        M *= 2.0
        H = (4.0 * F)[:, None, None, :] * F[None, :, :, None]  # laid out as ikjl
        i, j = np.arange(rows), np.arange(q)
        H[i, i] += 4.0 * (F.T @ F)
        H[:, :, j, j] += M[:, :, None]
        return H.transpose(0, 2, 1, 3)


TRI = {
    "value grad": (dict(m=20, n=18, k=4, p=3), dict(m=250, n=300, k=6, p=8), dict(m=1500, n=1800, k=25, p=30)),
    "hess": (dict(m=20, n=18, k=4, p=3), dict(m=90, n=110, k=6, p=8), dict(m=250, n=200, k=12, p=30)),
}


class three_factors_outer(Problem):
    """||T - U B Z'||^2 by U"""

    args, kind = (U, B, Z, T), "structured"
    sizes = {
        "value grad": TRI["value grad"],
        "hess": (dict(m=20, n=18, k=4, p=3), dict(m=90, n=110, k=6, p=8), dict(m=200, n=200, k=7, p=8)),
    }
    expr = Trace((T - U * B * Z.T) * (T - U * B * Z.T).T)

    def data(r, m, n, k, p):
        return r.standard_normal((m, k)), r.standard_normal((k, p)), r.standard_normal((n, p)), r.standard_normal((m, n))

    def fun(o, U, B, Z, T):
        return o.sum((T - U @ B @ Z.T) ** 2)

    def grad(U, B, Z, T):
        G = U @ (B @ (Z.T @ Z) @ B.T)
        G -= (T @ Z) @ B.T
        G *= 2.0
        return G

    def hess(U, B, Z, T):
        return repeat_block(2.0 * (B @ (Z.T @ Z) @ B.T), U.shape[0])


class three_factors_core(Problem):
    """||T - U B Z'||^2 by B"""

    args, sizes, kind = (B, U, Z, T), TRI, "structured"
    expr = three_factors_outer.expr

    def data(r, m, n, k, p):
        u, core, z, target = three_factors_outer.data(r, m, n, k, p)
        return core, u, z, target

    def fun(o, B, U, Z, T):
        return o.sum((T - U @ B @ Z.T) ** 2)

    def grad(B, U, Z, T):
        G = (U.T @ U) @ B @ (Z.T @ Z)
        G -= U.T @ (T @ Z)
        G *= 2.0
        return G

    def hess(B, U, Z, T):
        return outer_pair([2.0 * (U.T @ U)], [Z.T @ Z], (0, 2, 1, 3))
