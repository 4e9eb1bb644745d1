"""Quadratic forms, quotients, determinants, inverses and projections."""

import numpy as np
from scipy.linalg import lapack
from sympy import Determinant, Identity, Q, Trace, log

from ..problem import Problem, col, half_logdet, k, m, mat, n, outer_pair, potrf, potrs, spd, spd_inverse

x, a, b, y = col("x", n), col("a", n), col("b", n), col("y", m)
A, B, M = mat("A", n, n), mat("B", n, n), mat("M", n, n)
X, Z, C = mat("X", n, k), mat("Z", m, k), mat("C", n, n)

VECTOR = {"value grad": (dict(n=40), dict(n=400), dict(n=2000)), "hess": (dict(n=40), dict(n=300), dict(n=1200))}
TALL = {
    "value grad": (dict(n=25, k=4), dict(n=300, k=30), dict(n=1400, k=140)),
    "hess": (dict(n=12, k=3), dict(n=50, k=6), dict(n=100, k=10)),
}


class quadratic_form(Problem):
    """x'A x"""

    args, sizes = (x, A), VECTOR
    expr = x.T * A * x

    def data(r, n):
        return r.standard_normal(n), r.standard_normal((n, n))

    def fun(o, x, A):
        return x @ A @ x

    def value(x, A):
        return x @ (A @ x)

    def grad(x, A):
        return A @ x + x @ A

    def hess(x, A):
        return A + A.T


class rayleigh_quotient(Problem):
    """x'A x/x'x"""

    args, sizes = (x, A), VECTOR
    expr = (x.T * A * x)[0, 0] / (x.T * x)[0, 0]
    data = quadratic_form.data

    def fun(o, x, A):
        return (x @ A @ x) / (x @ x)

    def value(x, A):
        return (x @ (A @ x)) / (x @ x)

    def grad(x, A):
        g = A @ x
        s = x @ x
        rho = (x @ g) / s
        g += x @ A
        g -= (2.0 * rho) * x
        g /= s
        return g

    def hess(x, A):
        Ax = A @ x
        s = x @ x
        rho = (x @ Ax) / s
        g = (Ax + x @ A - (2.0 * rho) * x) / s
        H = A + A.T
        H /= s
        L = np.multiply.outer(g, (2.0 / s) * x)
        H -= L
        H -= L.T
        H.reshape(-1)[:: x.shape[0] + 1] -= 2.0 * rho / s
        return H


class trace_ratio(Problem):
    """tr(X'A X)/tr(X'B X) by X"""

    args, sizes, kind = (X, A, B), TALL, "structured"
    expr = Trace(X.T * A * X) / Trace(X.T * B * X)

    def data(r, n, k):
        return r.standard_normal((n, k)), r.standard_normal((n, n)), spd(r, n)

    def fun(o, X, A, B):
        return o.sum(X * (A @ X)) / o.sum(X * (B @ X))

    def grad(X, A, B):
        AX, BX = A @ X, B @ X
        s = np.vdot(X, BX)
        rho = np.vdot(X, AX) / s
        AX += A.T @ X
        BX += B.T @ X
        BX *= rho
        AX -= BX
        AX /= s
        return AX

    def hess(X, A, B):
        AX, BX = A @ X, B @ X
        s = np.vdot(X, BX)
        rho = np.vdot(X, AX) / s
        BX += B.T @ X
        G = (AX + A.T @ X - rho * BX) / s
        L = np.multiply.outer(G.ravel(), BX.ravel() / -s)
        L += L.T
        H = L.reshape(*X.shape, *X.shape)
        S = (A - rho * B) / s
        S = S + S.T
        j = np.arange(X.shape[1])
        H[:, j, :, j] += S
        return H


class logdet_congruence(Problem):
    """logdet(X'C X) by X, C positive definite"""

    args, sizes = (X, C), TALL
    expr = log(Determinant(X.T * C * X))
    assumes, facts = "C positive definite", Q.positive_definite(C)

    def data(r, n, k):
        return r.standard_normal((n, k)), spd(r, n)

    def fun(o, X, C):
        return o.logdet(X.T @ (C @ X))

    def value(X, C):
        return 2.0 * half_logdet(potrf((X.T @ C) @ X))

    def grad(X, C):
        XC = X.T @ C  # C X transposed; in this order the product is faster
        return (2.0 * potrs(potrf(XC @ X), XC)).T

    def hess(X, C):
        CX = C @ X
        P = spd_inverse(X.T @ CX)
        F = CX @ P
        # 2 (C - C X P X'C)_ik P_jl - 2 (C X P)_il (C X P)_kj, laid out as ikjl
        H = np.multiply.outer(2.0 * (C - F @ CX.T), P)
        H -= (2.0 * F)[:, None, None, :] * F[None, :, :, None]
        return H.transpose(0, 2, 1, 3)


class logdet_gram(Problem):
    """-logdet(X'X) by X"""

    args, sizes = (X,), TALL
    expr = -log(Determinant(X.T * X))

    def data(r, n, k):
        return (r.standard_normal((n, k)),)

    def fun(o, X):
        return -o.logdet(X.T @ X)

    def value(X):
        return -2.0 * half_logdet(potrf(X.T @ X))

    def grad(X):
        return (-2.0 * potrs(potrf(X.T @ X), X.T)).T

    def hess(X):
        P = spd_inverse(X.T @ X)
        F = X @ P
        H = np.multiply.outer(2.0 * (F @ X.T), P)
        H += (2.0 * F)[:, None, None, :] * F[None, :, :, None]
        i = np.arange(X.shape[0])
        H[i, i] -= 2.0 * P
        return H.transpose(0, 2, 1, 3)


class discriminant_ratio(Problem):
    """logdet(X'A X) - logdet(X'C X) by X: discriminant analysis"""

    args = (X, A, C)
    sizes = {"value grad": TALL["value grad"]}
    expr = log(Determinant(X.T * A * X)) - log(Determinant(X.T * C * X))
    assumes, facts = "A and C positive definite", Q.positive_definite(A) & Q.positive_definite(C)

    def data(r, n, k):
        return r.standard_normal((n, k)), spd(r, n), spd(r, n)

    def fun(o, X, A, C):
        return o.logdet(X.T @ (A @ X)) - o.logdet(X.T @ (C @ X))

    def grad(X, A, C):
        G = logdet_congruence.grad(X, A)
        G -= logdet_congruence.grad(X, C)
        return G


class bilinear_inverse(Problem):
    """a'M^-1 b by M, any square matrix"""

    args = (M, a, b)
    sizes = {"value grad": (dict(n=12), dict(n=200), dict(n=1000)), "hess": (dict(n=5), dict(n=16), dict(n=38))}
    expr = a.T * M.I * b

    def data(r, n):
        return r.standard_normal((n, n)) / np.sqrt(n) + 2 * np.eye(n), r.standard_normal(n), r.standard_normal(n)

    def fun(o, M, a, b):
        return a @ o.solve(M, b)

    def value(M, a, b):
        return a @ np.linalg.solve(M, b)

    def _solved(M, a, b):
        lu, pivots, _ = lapack.dgetrf(M.T)  # M is in C order: factor its transpose without a copy in another order
        return lu, pivots, lapack.dgetrs(lu, pivots, a)[0], lapack.dgetrs(lu, pivots, b, trans=1)[0]

    def grad(M, a, b):
        _, _, u, v = bilinear_inverse._solved(M, a, b)
        return np.multiply.outer(-u, v)

    def hess(M, a, b):
        lu, pivots, u, v = bilinear_inverse._solved(M, a, b)
        P = lapack.dgetri(lu, pivots)[0].T
        # u_k v_j P_li + u_i v_l P_jk
        return outer_pair([P.T, np.multiply.outer(u, v)], [np.multiply.outer(v, u), P], (0, 2, 3, 1))


class projection_residual(Problem):
    """y'(I - Z (Z'Z)^-1 Z') y by Z: separable least squares"""

    args = (Z, y)
    sizes = {
        "value grad": (dict(m=30, k=4), dict(m=600, k=30), dict(m=6000, k=150)),
        "hess": (dict(m=14, k=3), dict(m=60, k=5), dict(m=130, k=8)),
    }
    expr = y.T * (Identity(m) - Z * (Z.T * Z).I * Z.T) * y

    def data(r, m, k):
        return r.standard_normal((m, k)), r.standard_normal(m)

    def fun(o, Z, y):
        return y @ y - y @ (Z @ o.solve(Z.T @ Z, Z.T @ y))

    def value(Z, y):
        z = y @ Z
        return y @ y - z @ potrs(potrf(Z.T @ Z), z)

    def grad(Z, y):
        c = potrs(potrf(Z.T @ Z), y @ Z)
        r = Z @ c
        r -= y
        return np.multiply.outer(r, 2.0 * c)

    def hess(Z, y):
        P = spd_inverse(Z.T @ Z)
        c = P @ (y @ Z)
        r = y - Z @ c
        F = Z @ P
        J = F @ Z.T
        np.negative(J, out=J)
        J.reshape(-1)[:: Z.shape[0] + 1] += 1.0
        # 2 (J_ik c_j c_l - P_jl r_i r_k + F_il c_j r_k + r_i c_l F_kj), laid out as ikjl
        H = outer_pair([J, np.multiply.outer(r, r)], [np.multiply.outer(2.0 * c, c), -2.0 * P], (0, 1, 2, 3))
        T = F[:, None, None, :] * np.multiply.outer(2.0 * r, c)[None, :, :, None]
        H += T
        H += T.transpose(1, 0, 3, 2)
        return H.transpose(0, 2, 1, 3)
