"""Models of statistics and of networks of neighbours, timed only after the code that they are written in was there."""

import numpy as np
from sympy import Abs, Determinant, DiagMatrix, HadamardProduct, Identity, Piecewise, Sum, Trace, exp, log, sqrt, symbols

import sympy_matcalc as mc

from ..problem import (
    Problem,
    add_to_diagonal,
    col,
    each,
    expit,
    k,
    m,
    mat,
    n,
    ones,
    outer_pair,
    row_of_ones,
    softplus,
    spd,
    spd_inverse,
    weighted_gram,
)
from .regression import design

w, y, X = col("w", n), col("y", m), mat("X", m, n)
i = symbols("i", integer=True)
r, lam, c = symbols("r lam c", positive=True)

PLAIN = {
    "value grad": (dict(m=60, n=12), dict(m=800, n=150), dict(m=6000, n=800)),
    "hess": (dict(m=60, n=12), dict(m=800, n=150), dict(m=4000, n=500)),
}
PAIRS = {
    "value grad": (dict(m=30, n=5), dict(m=300, n=20), dict(m=1200, n=100)),
    "hess": (dict(m=30, n=5), dict(m=200, n=15), dict(m=700, n=30)),
}


def sigma(z):
    return each(lambda t: 1 / (1 + exp(-t)), z)


class negative_binomial(Problem):
    """sum_i (y_i + r) log(r + exp(o_i + x_i'w)) - y_i (o_i + x_i'w), with an offset o"""

    o = col("o", m)
    args, sizes = (w, X, y, o, r), PLAIN
    expr = ((y + r * ones(m)).T * (r * ones(m) + each(exp, X * w + o)).applyfunc(log) - y.T * (X * w + o))[0, 0]

    def data(g, m, n):
        return *design(g, m, n), g.poisson(2.0, m).astype(float), g.standard_normal(m) / 3, 1.5

    def fun(o, w, X, y, shift, r):
        z = X @ w + shift
        return o.sum((y + r) * o.log(r + o.exp(z)) - y * z)

    def grad(w, X, y, o, r):
        q = np.exp(X @ w + o)
        return ((y + r) * (q / (r + q)) - y) @ X

    def hess(w, X, y, o, r):
        q = np.exp(X @ w + o)
        return weighted_gram(X, (y + r) * r * q / (r + q) ** 2)


class ordinal_logit(Problem):
    """-sum_i log(sigma(u_i - x_i'w) - sigma(l_i - x_i'w)), of categories between the thresholds l and u"""

    u, low = col("u", m), col("l", m)
    args, sizes = (w, X, u, low), PLAIN
    expr = -(row_of_ones(m) * (sigma(u - X * w) - sigma(low - X * w)).applyfunc(log))[0, 0]

    def data(g, m, n):
        low = g.standard_normal(m)
        return *design(g, m, n), low + 0.5 + g.random(m), low

    def fun(o, w, X, u, l):  # noqa: E741
        z = X @ w
        return -o.sum(o.log(o.sigmoid(u - z) - o.sigmoid(l - z)))

    def grad(w, X, u, l):  # noqa: E741
        z = X @ w
        return (1 - expit(u - z) - expit(l - z)) @ X

    def hess(w, X, u, l):  # noqa: E741
        z = X @ w
        a, b = expit(u - z), expit(l - z)
        return weighted_gram(X, a * (1 - a) + b * (1 - b))


class innovation(Problem):
    """log det(H P H' + R) + e'(H P H' + R)^-1 e by P: a term of the likelihood of a Kalman filter"""

    P, H, R, e = mat("P", n, n), mat("H", m, n), mat("R", m, m), col("e", m)
    S = H * P * H.T + R
    args, kind = (P, H, R, e), "structured"
    sizes = {
        "value grad": (dict(m=4, n=8), dict(m=40, n=80), dict(m=300, n=500)),
        "hess": (dict(m=4, n=8), dict(m=10, n=20), dict(m=30, n=40)),
    }
    expr = log(Determinant(S)) + (e.T * S.I * e)[0, 0]

    def data(g, m, n):
        return spd(g, n), g.standard_normal((m, n)) / np.sqrt(n), spd(g, m), g.standard_normal(m)

    def fun(o, P, H, R, e):
        S = H @ P @ H.T + R
        return o.logdet(S) + e @ o.solve(S, e)

    def grad(P, H, R, e):
        Q = np.linalg.inv(H @ P @ H.T + R).T
        Q -= np.outer(Q @ e, e @ Q)
        return H.T @ Q @ H

    def hess(P, H, R, e):
        Q = np.linalg.inv(H @ P @ H.T + R).T
        a, b = (Q @ e) @ H, (e @ Q) @ H
        C, D = H.T @ Q @ H, np.outer(a, b)
        return outer_pair([C, D], [D - C, C], (0, 3, 2, 1))


class logistic_factorisation(Problem):
    """sum softplus(U V') - tr(A'U V') + lam/2 |V|^2 by V"""

    V, U, A = mat("V", n, k), mat("U", m, k), mat("A", m, n)
    args, kind = (V, U, A, lam), "structured"
    sizes = {
        "value grad": (dict(m=30, n=20, k=3), dict(m=300, n=200, k=10), dict(m=2000, n=1500, k=20)),
        "hess": (dict(m=30, n=10, k=3), dict(m=300, n=40, k=6), dict(m=2000, n=100, k=15)),
    }
    expr = mc.ElementSum(each(lambda t: log(1 + exp(t)), U * V.T)) - Trace(A.T * U * V.T) + lam / 2 * Trace(V.T * V)

    def data(g, m, n, k):
        return g.standard_normal((n, k)), g.standard_normal((m, k)), (g.random((m, n)) < 0.4).astype(float), 0.3

    def fun(o, V, U, A, lam):
        Z = U @ V.T
        return o.sum(o.softplus(Z)) - o.sum(A * Z) + lam / 2 * o.sum(V**2)

    def value(V, U, A, lam):
        Z = U @ V.T
        return softplus(Z).sum() - A.ravel() @ Z.ravel() + lam / 2 * (V.ravel() @ V.ravel())

    def grad(V, U, A, lam):
        E = expit(U @ V.T)
        E -= A
        G = E.T @ U
        G += lam * V
        return G

    def hess(V, U, A, lam):
        (n, k), m = V.shape, len(U)
        E = expit(U @ V.T)
        E *= 1 - E
        B = (E.T @ (U[:, :, None] * U[:, None, :]).reshape(m, k * k)).reshape(n, k, k)
        B[:, np.arange(k), np.arange(k)] += lam
        H = np.zeros((n, k, n, k))
        j = np.arange(n)
        H[j, :, j, :] = B
        return H


class partial_likelihood(Problem):
    """-d'X w + d'log(M exp(X w)): Cox, with M_ij = 1 where j is at risk when i dies"""

    M, d = mat("M", m, m), col("d", m)
    args = (w, X, M, d)
    sizes = {
        "value grad": (dict(m=60, n=5), dict(m=600, n=40), dict(m=2500, n=200)),
        "hess": (dict(m=60, n=5), dict(m=400, n=40), dict(m=1500, n=150)),
    }
    expr = (d.T * (M * each(exp, X * w)).applyfunc(log) - d.T * X * w)[0, 0]

    def data(g, m, n):
        return *design(g, m, n), np.triu(np.ones((m, m))), (g.random(m) < 0.7).astype(float)

    def fun(o, w, X, M, d):
        z = X @ w
        return d @ o.log(M @ o.exp(z)) - d @ z

    def grad(w, X, M, d):
        e = np.exp(X @ w)
        return (e * ((d / (M @ e)) @ M) - d) @ X

    def hess(w, X, M, d):
        e = np.exp(X @ w)
        s = M @ e
        B = M @ (e[:, None] * X)
        return weighted_gram(X, e * ((d / s) @ M)) - weighted_gram(B, d / s**2)


class relevance(Problem):
    """y'K^-1 y + log det K by l: a Gaussian process, K = exp(-sum_k l_k (x_ik - x_jk)^2 / 2) + r I"""

    scales = col("l", n)
    squares = HadamardProduct(X, X) * scales
    K = each(exp, X * DiagMatrix(scales) * X.T - squares * row_of_ones(m) / 2 - ones(m) * squares.T / 2) + r * Identity(m)
    args, sizes = (scales, X, y, r), PAIRS
    expr = (y.T * K.I * y)[0, 0] + log(Determinant(K))

    def data(g, m, n):
        return (0.5 + g.random(n)) / n, g.standard_normal((m, n)), g.standard_normal(m), 0.7

    def kernel(l, X):  # noqa: E741
        a = (X * X) @ l
        K = (X * l) @ X.T
        K -= a[:, None] / 2
        K -= a / 2
        return np.exp(K, out=K)

    def fun(o, l, X, y, r):  # noqa: E741
        a = (X * X) @ l
        K = o.exp((X * l) @ X.T - a[:, None] / 2 - a / 2) + r * o.eye(len(X))
        return y @ o.solve(K, y) + o.logdet(K)

    def grad(l, X, y, r):  # noqa: E741
        E = relevance.kernel(l, X)
        T = spd_inverse(add_to_diagonal(E.copy(), r))
        a = T @ y
        T -= np.outer(a, a)
        T *= E
        return np.einsum("ik,ik->k", X, T @ X) - T.sum(0) @ (X * X)

    def hess(l, X, y, r):  # noqa: E741
        (m, n), E = X.shape, relevance.kernel(l, X)
        R = spd_inverse(add_to_diagonal(E.copy(), r))
        a = R @ y
        Q = (X.T[:, :, None] - X.T[:, None, :]) ** 2
        Q *= -0.5
        D = E * Q
        M = R @ D
        b = D @ a
        flat = D.reshape(n, m * m)
        H = flat @ ((R - np.outer(a, a)) * Q).reshape(n, m * m).T
        H -= M.reshape(n, m * m) @ M.transpose(0, 2, 1).reshape(n, m * m).T
        H += 2 * b @ R @ b.T
        return H


class huber(Problem):
    """sum_i of h(x_i'w - y_i), h(t) = t^2/2 where |t| < c, else c|t| - c^2/2"""

    args, sizes = (w, X, y, c), PLAIN
    expr = mc.ElementSum(each(lambda t: Piecewise((t**2 / 2, Abs(t) < c), (c * Abs(t) - c**2 / 2, True)), X * w - y))

    def data(g, m, n):
        return *design(g, m, n), 2 * g.standard_normal(m), 1.3

    def fun(o, w, X, y, c):
        t = X @ w - y
        return o.sum(o.where(abs(t) < c, t**2 / 2, c * abs(t) - c**2 / 2))

    def grad(w, X, y, c):
        t = X @ w - y
        return np.clip(t, -c, c) @ X

    def hess(w, X, y, c):
        Z = X[np.abs(X @ w - y) < c]
        return Z.T @ Z


class multinomial_ridge(Problem):
    """sum_i lse(x_i'W) - y_i'W'x_i + lam/2 |W|^2"""

    W, Y = mat("W", n, k), mat("Y", m, k)
    args = (W, X, Y, lam)
    sizes = {
        "value grad": (dict(m=50, n=10, k=4), dict(m=1000, n=100, k=8), dict(m=10000, n=300, k=12)),
        "hess": (dict(m=50, n=8, k=3), dict(m=300, n=30, k=6), dict(m=1000, n=80, k=10)),
    }
    expr = Sum(mc.LogSumExp((X[i, :] * W).T) - (Y[i, :] * W.T * X[i, :].T)[0, 0], (i, 0, m - 1)) + lam / 2 * Trace(W.T * W)

    def data(g, m, n, k):
        return g.standard_normal((n, k)) / np.sqrt(n), g.standard_normal((m, n)), np.eye(k)[g.integers(0, k, m)], 0.3

    def fun(o, W, X, Y, lam):
        Z = X @ W
        return o.sum(o.lse(Z, 1)) - o.sum(Y * Z) + lam / 2 * o.sum(W**2)

    def shares(W, X):
        Z = W.T @ X.T
        Z -= Z.max(0)
        np.exp(Z, out=Z)
        Z /= Z.sum(0)
        return Z

    def grad(W, X, Y, lam):
        P = multinomial_ridge.shares(W, X)
        P -= Y.T
        return (P @ X).T + lam * W

    def hess(W, X, Y, lam):
        P, (m, n), k = multinomial_ridge.shares(W, X), X.shape, W.shape[1]
        Z = (X[:, :, None] * P.T[:, None, :]).reshape(m, n * k)
        H = (Z.T @ Z).reshape(n, k, n, k)
        np.negative(H, out=H)
        for a in range(k):
            H[:, a, :, a] += weighted_gram(X, P[a])
        H.reshape(-1)[:: n * k + 1] += lam
        return H


class correlation(Problem):
    """-(a'C b)^2 / (a'A a b'B b) by a: canonical correlation"""

    a, b, A, B, C = col("a", n), col("b", m), mat("A", n, n), mat("B", m, m), mat("C", n, m)
    args = (a, b, A, B, C)
    sizes = {
        "value grad": (dict(m=8, n=10), dict(m=100, n=150), dict(m=800, n=1000)),
        "hess": (dict(m=8, n=10), dict(m=100, n=150), dict(m=800, n=1000)),
    }
    expr = -((a.T * C * b)[0, 0] ** 2) / ((a.T * A * a)[0, 0] * (b.T * B * b)[0, 0])

    def data(g, m, n):
        return g.standard_normal(n), g.standard_normal(m), spd(g, n), spd(g, m), g.standard_normal((n, m))

    def fun(o, a, b, A, B, C):
        return -((a @ C @ b) ** 2) / ((a @ A @ a) * (b @ B @ b))

    def grad(a, b, A, B, C):
        v, g, r = C @ b, A @ a, b @ (B @ b)
        s, q = a @ v, a @ g
        g += a @ A
        return (s * s / (q * q * r)) * g - (2 * s / (q * r)) * v

    def hess(a, b, A, B, C):
        v, g, r = C @ b, A @ a, b @ (B @ b)
        s, q = a @ v, a @ g
        g += a @ A
        f = s * s / (q * q * r)
        H = A + A.T
        H *= f
        # -2/(q r) (v - s/q g)(v - s/q g)'
        u = v - (s / q) * g
        H -= np.outer(u, (2 / (q * r)) * u)
        return H


class total_variation(Problem):
    """|x - y|^2/2 + lam sum_ij W_ij sqrt(c^2 + (x_i - x_j)^2): a signal on a graph"""

    x, y, W = col("x", n), col("y", n), mat("W", n, n)
    args = (x, y, W, lam, c)
    sizes = {"all": (dict(n=12), dict(n=150), dict(n=1000))}
    gaps = x * row_of_ones(n) - ones(n) * x.T
    expr = ((x - y).T * (x - y))[0, 0] / 2 + lam * mc.ElementSum(HadamardProduct(W, each(lambda t: sqrt(c**2 + t**2), gaps)))

    def data(g, n):
        return g.standard_normal(n), g.standard_normal(n), g.random((n, n)), 0.4, 0.6

    def fun(o, x, y, W, lam, c):
        return o.sum((x - y) ** 2) / 2 + lam * o.sum(W * o.sqrt(c**2 + (x[:, None] - x) ** 2))

    def grad(x, y, W, lam, c):
        D = x[:, None] - x
        F = D * D
        F += c * c
        np.sqrt(F, out=F)
        np.divide(D, F, out=D)
        D *= W
        return x - y + lam * (D.sum(1) - D.sum(0))

    def hess(x, y, W, lam, c):
        F = x[:, None] - x
        F *= F
        F += c * c
        np.divide(W, F * np.sqrt(F), out=F)
        F *= lam * c * c
        d = F.sum(0) + F.sum(1) + 1
        H = F + F.T
        np.negative(H, out=H)
        return add_to_diagonal(H, d)
