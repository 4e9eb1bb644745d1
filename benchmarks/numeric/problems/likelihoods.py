"""Log-likelihoods of multivariate models, by their matrix and vector parameters."""

import numpy as np
from sympy import Determinant, DiagMatrix, DiagonalOf, HadamardProduct, Identity, Q, Trace, log, symbols

import sympy_matcalc as mc

from ..problem import Problem, add_to_diagonal, col, half_logdet, k, m, mat, n, ones, outer_pair, potrf, potrs, spd, spd_inverse, whitened

S, V, P = mat("S", n, n), mat("V", n, n), mat("P", n, n)
X, mu, L, psi = mat("X", m, n), col("mu", n), mat("L", n, k), col("psi", n)
M, y, K = mat("M", n, n), col("y", m), mat("K", m, m)
s, nu, N = symbols("s nu N", positive=True)

COVARIANCE = {
    "value grad": (dict(m=60, n=5), dict(m=800, n=40), dict(m=3000, n=300)),
    "hess": (dict(m=60, n=5), dict(m=120, n=14), dict(m=250, n=36)),
}
MEAN = {
    "value grad": (dict(m=60, n=5), dict(m=600, n=60), dict(m=3000, n=400)),
    "hess": (dict(m=60, n=5), dict(m=300, n=60), dict(m=1000, n=300)),
}


def samples(r, m, n):
    return spd(r, n), r.standard_normal((m, n)), r.standard_normal(n) / 10


class gauss_covariance(Problem):
    """-m/2 logdet S - 1/2 tr((X - 1 mu') S^-1 (X - 1 mu')') by S"""

    args, sizes, kind = (S, X, mu), COVARIANCE, "structured"
    expr = -m * log(Determinant(S)) / 2 - Trace((X - ones(m) * mu.T) * S.I * (X - ones(m) * mu.T).T) / 2
    assumes, facts = "S positive definite", Q.positive_definite(S)
    data = samples

    def fun(o, S, X, mu):
        E = X - mu
        return -E.shape[0] / 2 * o.logdet(S) - o.sum(E.T * o.solve(S, E.T)) / 2

    def value(S, X, mu):
        E = X - mu
        c = potrf(S)
        return -E.shape[0] * half_logdet(c) - 0.5 * np.trace(potrs(c, E.T @ E))

    def grad(S, X, mu):
        E = X - mu
        R = spd_inverse(S)
        G = R @ (E.T @ E) @ R
        G -= E.shape[0] * R
        G *= 0.5
        return G

    def hess(S, X, mu):
        E = X - mu
        R = spd_inverse(S)
        C = R @ (E.T @ E) @ R
        # d(RCR - m R)/2 with dR = -R dS R: m/2 (R dS R) - 1/2 (R dS C + C dS R)
        return outer_pair([R, C], [0.5 * E.shape[0] * R - 0.5 * C, -0.5 * R], (3, 0, 1, 2))


class gauss_mean(Problem):
    """The same by mu"""

    args, sizes, kind = (mu, X, S), MEAN, "structured"
    expr = gauss_covariance.expr
    assumes, facts = "S positive definite", Q.positive_definite(S)

    def data(r, m, n):
        return samples(r, m, n)[::-1]

    def fun(o, mu, X, S):
        return gauss_covariance.fun(o, S, X, mu)

    def grad(mu, X, S):
        return potrs(potrf(S), X.sum(0) - X.shape[0] * mu)

    def hess(mu, X, S):
        R = spd_inverse(S)
        R *= -float(X.shape[0])
        return R


class student_mean(Problem):
    """sum_i log(1 + (x_i - mu)'S^-1(x_i - mu)/nu) by mu"""

    args = (mu, X, S, nu)
    sizes = {"value grad": MEAN["value grad"], "hess": (dict(m=60, n=5), dict(m=600, n=60), dict(m=2000, n=200))}
    E = X - ones(m) * mu.T
    expr = mc.ElementSum((HadamardProduct(E * S.I, E) * ones(n) / nu + ones(m)).applyfunc(log))
    assumes, facts = "S positive definite", Q.positive_definite(S)

    def data(r, m, n):
        return *samples(r, m, n)[::-1], 5.0

    def fun(o, mu, X, S, nu):
        E = X - mu
        return o.sum(o.log(1 + o.sum(E.T * o.solve(S, E.T), 0) / nu))

    def grad(mu, X, S, nu):
        E = X - mu
        c = potrf(S)
        Z = whitened(c, E.T)
        q = np.einsum("ji,ji->i", Z, Z)
        return potrs(c, (-2.0 / (nu + q)) @ E)

    def hess(mu, X, S, nu):
        E = X - mu
        R = spd_inverse(S)
        Y = E @ R
        q = nu + np.einsum("ij,ij->i", Y, E)
        H = Y.T @ ((-4.0 / (q * q))[:, None] * Y)
        H += (2.0 / q).sum() * R
        return H


PRECISION = {"value grad": (dict(n=6), dict(n=80), dict(n=500)), "hess": (dict(n=6), dict(n=15), dict(n=40))}


class gauss_precision(Problem):
    """m/2 (tr(P V) - logdet P) by the precision matrix P, V the covariance of the samples"""

    args, sizes, kind = (P, V, N), PRECISION, "structured"
    expr = N / 2 * (Trace(P * V) - log(Determinant(P)))
    assumes, facts = "P positive definite", Q.positive_definite(P)

    def data(r, n):
        return spd(r, n), spd(r, n), 50.0

    def fun(o, P, V, N):
        return N / 2 * (o.sum(P * V.T) - o.logdet(P))

    def value(P, V, N):
        return N * (0.5 * np.vdot(P, V.T) - half_logdet(potrf(P)))

    def grad(P, V, N):
        G = V.T - spd_inverse(P)
        G *= N / 2
        return G

    def hess(P, V, N):
        R = spd_inverse(P)
        return outer_pair([(N / 2) * R], [R], (0, 2, 3, 1))


class wishart(Problem):
    """(nu - n - 1)/2 logdet S - tr(V^-1 S)/2 by S"""

    args, sizes, kind = (S, V, nu), PRECISION, "structured"
    expr = (nu - n - 1) / 2 * log(Determinant(S)) - Trace(V.I * S) / 2
    assumes, facts = "S and V positive definite", Q.positive_definite(S) & Q.positive_definite(V)

    def data(r, n):
        return spd(r, n), spd(r, n), n + 4.0

    def fun(o, S, V, nu):
        return (nu - S.shape[0] - 1) / 2 * o.logdet(S) - o.trace(o.solve(V, S)) / 2

    def value(S, V, nu):
        return (nu - S.shape[0] - 1) * half_logdet(potrf(S)) - 0.5 * np.vdot(spd_inverse(V), S)

    def grad(S, V, nu):
        G = (nu - S.shape[0] - 1) * spd_inverse(S)
        G -= spd_inverse(V)
        G *= 0.5
        return G

    def hess(S, V, nu):
        R = spd_inverse(S)
        return outer_pair([(-0.5 * (nu - S.shape[0] - 1)) * R], [R], (0, 2, 3, 1))


class factor_analysis(Problem):
    """logdet(L L' + diag(psi)) + tr(V (L L' + diag(psi))^-1) by the loadings L, V a covariance"""

    args = (L, psi, V)
    sizes = {"all": (dict(n=12, k=2), dict(n=100, k=5), dict(n=600, k=12))}
    C = L * L.T + DiagMatrix(psi)
    expr = log(Determinant(C)) + Trace(V * C.I)
    assumes, facts = "V positive definite, psi > 0", Q.positive_definite(V)

    def data(r, n, k):
        return r.standard_normal((n, k)), r.random(n) + 0.5, spd(r, n)

    def fun(o, L, psi, V):
        C = L @ L.T + o.diag(psi)
        return o.logdet(C) + o.trace(o.solve(C, V))

    def value(L, psi, V):
        c = potrf(add_to_diagonal(L @ L.T, psi))
        return 2.0 * half_logdet(c) + np.trace(potrs(c, V))

    def grad(L, psi, V):
        c = potrf(add_to_diagonal(L @ L.T, psi))
        B = potrs(c, L)
        G = B - potrs(c, V @ B)
        G *= 2.0
        return G

    def insight_grad(L, psi, V):
        D = L / psi[:, None]
        B = potrs(potrf(add_to_diagonal(L.T @ D, 1.0)), D.T).T  # Woodbury: C^-1 L with a k x k factor
        F = V @ B
        return 2.0 * (B - F / psi[:, None] + B @ (D.T @ F))


GP = {
    "value grad": (dict(m=40, n=4), dict(m=300, n=15), dict(m=1200, n=40)),
    "hess": (dict(m=40, n=4), dict(m=120, n=9), dict(m=400, n=20)),
}


class gp_metric(Problem):
    """y'K^-1 y/2 + logdet(K)/2 with K = X M X' + s I, by the metric M"""

    args, sizes, kind = (M, X, y, s), GP, "structured"
    C = X * M * X.T + s * Identity(m)
    expr = (y.T * C.I * y)[0, 0] / 2 + log(Determinant(C)) / 2
    assumes, facts = "M positive definite", Q.positive_definite(M)

    def data(r, m, n):
        return spd(r, n), r.standard_normal((m, n)), r.standard_normal(m), 0.5

    def fun(o, M, X, y, s):
        C = X @ M @ X.T + s * o.eye(X.shape[0])
        return y @ o.solve(C, y) / 2 + o.logdet(C) / 2

    def value(M, X, y, s):
        c = potrf(add_to_diagonal(X @ M @ X.T, s))
        z = whitened(c, y)
        return 0.5 * (z @ z) + half_logdet(c)

    def _moments(M, X, y, s):
        """X'C^-1 X and X'C^-1 y: all that derivatives need of the m x m matrix."""
        c = potrf(add_to_diagonal((X @ M) @ X.T, s))
        Z = whitened(c, np.column_stack([X, y]))
        G = Z.T @ Z
        return G[:-1, :-1], G[:-1, -1]

    def grad(M, X, y, s):
        A, a = gp_metric._moments(M, X, y, s)
        return 0.5 * (A - np.outer(a, a))

    def hess(M, X, y, s):
        A, a = gp_metric._moments(M, X, y, s)
        B = 0.5 * np.outer(a, a)
        return outer_pair([A, B], [B - 0.5 * A, A], (3, 0, 1, 2))

    def insight_grad(M, X, y, s):
        G, g = X.T @ X, X.T @ y
        F = np.linalg.solve(add_to_diagonal(G @ M, s), np.column_stack([G, g]))  # the push-through identity
        return 0.5 * (F[:, :-1] - np.outer(F[:, -1], F[:, -1]))


class kernel_scale(Problem):
    """y'(nu K + s I)^-1 y by the scale nu, K a kernel matrix"""

    args = (nu, K, y, s)
    sizes = {"all": (dict(m=30), dict(m=300), dict(m=1000))}
    expr = y.T * (nu * K + s * Identity(m)).I * y
    assumes, facts = "K positive definite", Q.positive_definite(K)

    def data(r, m):
        return 1.3, spd(r, m), r.standard_normal(m), 0.4

    def fun(o, nu, K, y, s):
        return y @ o.solve(nu * K + s * o.eye(y.shape[0]), y)

    def value(nu, K, y, s):
        z = whitened(potrf(add_to_diagonal(nu * K, s)), y)
        return z @ z

    def grad(nu, K, y, s):
        z = potrs(potrf(add_to_diagonal(nu * K, s)), y)
        return -(z @ (K @ z))

    def hess(nu, K, y, s):
        c = potrf(add_to_diagonal(nu * K, s))
        z = whitened(c, K @ potrs(c, y))
        return 2.0 * (z @ z)


class linear_mixed(Problem):
    """logdet(s S + X V X') + y'(s S + X V X')^-1 y by s: a variance component"""

    args = (s, K, X, V, y)
    sizes = {"value grad": (dict(m=30, n=4), dict(m=300, n=10), dict(m=900, n=20))}
    C = s * K + X * V * X.T
    expr = log(Determinant(C)) + (y.T * C.I * y)[0, 0]
    assumes, facts = "K and V positive definite", Q.positive_definite(K) & Q.positive_definite(V)

    def data(r, m, n):
        return 0.8, spd(r, m), r.standard_normal((m, n)), spd(r, n), r.standard_normal(m)

    def fun(o, s, K, X, V, y):
        C = s * K + X @ V @ X.T
        return o.logdet(C) + y @ o.solve(C, y)

    def value(s, K, X, V, y):
        c = potrf(s * K + (X @ V) @ X.T)
        z = whitened(c, y)
        return 2.0 * half_logdet(c) + z @ z

    def grad(s, K, X, V, y):
        C = s * K + (X @ V) @ X.T
        R = spd_inverse(C)
        z = R @ y
        return np.vdot(R, K) - z @ (K @ z)


class total_correlation(Problem):
    """sum_i log V_ii - logdet V by a covariance V"""

    args = (V,)
    sizes = {"value grad": PRECISION["value grad"]}
    expr = mc.ElementSum(DiagonalOf(V).applyfunc(log)) - log(Determinant(V))
    assumes, facts = "V positive definite", Q.positive_definite(V)

    def data(r, n):
        return (spd(r, n),)

    def fun(o, V):
        return o.sum(o.log(o.diagonal(V))) - o.logdet(V)

    def value(V):
        return np.log(np.diagonal(V)).sum() - 2.0 * half_logdet(potrf(V))

    def grad(V):
        G = spd_inverse(V)
        np.negative(G, out=G)
        return add_to_diagonal(G, 1.0 / np.diagonal(V))
