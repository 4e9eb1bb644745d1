"""Barriers, portfolios, designs and test functions of optimisation."""

import numpy as np
from sympy import Determinant, DiagMatrix, HadamardProduct, Q, Trace, log, sqrt, symbols

import sympy_matcalc as mc

from ..problem import (
    Problem,
    add_to_diagonal,
    col,
    each,
    m,
    mat,
    n,
    ones,
    outer_pair,
    potrf,
    row_of_ones,
    spd,
    spd_inverse,
    weighted_gram,
    whitened,
)

x, w, b, mu = col("x", n), col("w", m), col("b", m), col("mu", n)
A, S, X, P, C = mat("A", m, n), mat("S", n, n), mat("X", n, n), mat("P", m, n), mat("C", m, n)
lam, eps = symbols("lam epsilon", positive=True)

SQUARE = {"value grad": (dict(n=20), dict(n=300), dict(n=2000)), "hess": (dict(n=20), dict(n=300), dict(n=1200))}


class log_barrier(Problem):
    """-sum log(b - A x)"""

    args = (x, A, b)
    sizes = {
        "value grad": (dict(m=40, n=10), dict(m=800, n=150), dict(m=6000, n=800)),
        "hess": (dict(m=40, n=10), dict(m=800, n=150), dict(m=4000, n=500)),
    }
    expr = -(row_of_ones(m) * (b - A * x).applyfunc(log))

    def data(r, m, n):
        a, point = r.standard_normal((m, n)), r.standard_normal(n) / n
        return point, a, a @ point + r.random(m) + 0.1

    def fun(o, x, A, b):
        return -o.sum(o.log(b - A @ x))

    def value(x, A, b):
        return -np.log(b - A @ x).sum()

    def grad(x, A, b):
        return (1.0 / (b - A @ x)) @ A

    def hess(x, A, b):
        Z = (1.0 / (b - A @ x))[:, None] * A
        return Z.T @ Z


class matrix_barrier(Problem):
    """-logdet(S + X) + tr(S X) by X, S + X positive definite"""

    args, kind = (X, S), "structured"
    sizes = {"value grad": (dict(n=8), dict(n=100), dict(n=500)), "hess": (dict(n=5), dict(n=15), dict(n=40))}
    expr = Trace(S * X) - log(Determinant(S + X))
    assumes, facts = "S and X positive definite", Q.positive_definite(S) & Q.positive_definite(X)

    def data(r, n):
        return spd(r, n), spd(r, n)

    def fun(o, X, S):
        return o.sum(S * X.T) - o.logdet(S + X)

    def grad(X, S):
        return S - spd_inverse(S + X)

    def hess(X, S):
        R = spd_inverse(S + X)
        return outer_pair([R], [R], (0, 2, 3, 1))


class d_optimal_design(Problem):
    """-logdet(A'diag(w) A) by the weights w of the m points"""

    args = (w, A)
    sizes = {
        "value grad": (dict(m=30, n=4), dict(m=500, n=40), dict(m=3000, n=150)),
        "hess": (dict(m=30, n=4), dict(m=250, n=20), dict(m=1200, n=60)),
    }
    expr = -log(Determinant(A.T * DiagMatrix(w) * A))
    assumes, facts = "w > 0", None

    def data(r, m, n):
        return r.random(m) + 0.1, r.standard_normal((m, n))

    def fun(o, w, A):
        return -o.logdet(A.T @ (w[:, None] * A))

    def grad(w, A):
        Z = whitened(potrf(weighted_gram(A, w)), A.T)
        g = np.einsum("ij,ij->j", Z, Z)
        return np.negative(g, out=g)

    def hess(w, A):
        Z = whitened(potrf(weighted_gram(A, w)), A.T)
        H = Z.T @ Z
        H *= H
        return H


class portfolio(Problem):
    """lam/2 x'S x - mu'x - sum log x, S not known to be symmetric"""

    args, sizes = (x, S, mu, lam), SQUARE
    expr = lam / 2 * (x.T * S * x)[0, 0] - (mu.T * x)[0, 0] - mc.ElementSum(x.applyfunc(log))

    def data(r, n):
        return r.random(n) + 0.1, spd(r, n), r.standard_normal(n), 2.5

    def fun(o, x, S, mu, lam):
        return lam / 2 * (x @ S @ x) - mu @ x - o.sum(o.log(x))

    def grad(x, S, mu, lam):
        g = S @ x
        g += x @ S
        g *= lam / 2
        g -= mu
        g -= 1.0 / x
        return g

    def hess(x, S, mu, lam):
        H = S + S.T
        H *= lam / 2
        return add_to_diagonal(H, 1.0 / (x * x))


class sharpe_ratio(Problem):
    """mu'x/sqrt(x'S x), S a covariance"""

    args, sizes = (x, S, mu), SQUARE
    expr = (mu.T * x)[0, 0] / sqrt((x.T * S * x)[0, 0])
    assumes, facts = "S positive definite", Q.positive_definite(S)

    def data(r, n):
        return r.random(n) + 0.1, spd(r, n), r.standard_normal(n)

    def fun(o, x, S, mu):
        return (mu @ x) / o.sqrt(x @ S @ x)

    def grad(x, S, mu):
        v = S @ x
        q = x @ v
        v *= -(mu @ x) / q
        v += mu
        v /= np.sqrt(q)
        return v

    def hess(x, S, mu):
        v = S @ x
        q = x @ v
        r = mu @ x
        H = (-r / q**1.5) * S
        L = np.multiply.outer(v, (1.5 * r / q**2.5) * v - mu / q**1.5)
        H += L
        H += L.T
        return H


ENTRIES = {
    "value grad": (dict(m=10, n=12), dict(m=150, n=200), dict(m=900, n=1000)),
    "hess": (dict(m=6, n=5), dict(m=20, n=24), dict(m=40, n=50)),
}


class entropic_transport(Problem):
    """tr(C'P) + eps sum P log P by the plan P"""

    args, sizes, kind = (P, C, eps), ENTRIES, "structured"
    expr = Trace(C.T * P) + eps * mc.ElementSum(each(lambda t: t * log(t), P))

    def data(r, m, n):
        return r.random((m, n)) + 0.05, r.random((m, n)), 0.2

    def fun(o, P, C, eps):
        return o.sum(C * P) + eps * o.sum(P * o.log(P))

    def value(P, C, eps):
        return np.vdot(C, P) + eps * np.vdot(P, np.log(P))

    def grad(P, C, eps):
        G = np.log(P)
        G += 1.0
        G *= eps
        G += C
        return G

    def hess(P, C, eps):
        H = np.zeros((P.size, P.size))
        H.reshape(-1)[:: P.size + 1] = (eps / P).ravel()
        return H.reshape(*P.shape, *P.shape)


class divergence(Problem):
    """sum C log(C/P) - C + P: the generalised Kullback-Leibler divergence by P"""

    args, sizes, kind = (P, C), ENTRIES, "structured"
    expr = mc.ElementSum(P - C + HadamardProduct(C, C.applyfunc(log) - P.applyfunc(log)))

    def data(r, m, n):
        return r.random((m, n)) + 0.05, r.random((m, n)) + 0.05

    def fun(o, P, C):
        return o.sum(C * o.log(C / P) - C + P)

    def grad(P, C):
        G = C / P
        return np.subtract(1.0, G, out=G)

    def hess(P, C):
        H = np.zeros((P.size, P.size))
        H.reshape(-1)[:: P.size + 1] = (C / (P * P)).ravel()
        return H.reshape(*P.shape, *P.shape)


class rosenbrock(Problem):
    """sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2, by slices"""

    args = (x,)
    sizes = {"all": (dict(n=10), dict(n=200), dict(n=2000))}
    kind = "structured"
    head, tail = x[: n - 1, :], x[1:, :]
    u, v = tail - HadamardProduct(head, head), ones(n - 1) - head
    expr = 100 * (u.T * u)[0, 0] + (v.T * v)[0, 0]

    def data(r, n):
        return (r.standard_normal(n),)

    def fun(o, x):
        return o.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)

    def value(x):
        h = x[:-1]
        u = x[1:] - h * h
        v = 1.0 - h
        return 100.0 * (u @ u) + v @ v

    def grad(x):
        h = x[:-1]
        u = x[1:] - h * h
        u *= 200.0
        g = np.empty_like(x)
        np.multiply(h, u, out=g[:-1])
        g[:-1] += 1.0
        g[:-1] -= h
        g[:-1] *= -2.0
        g[-1] = 0.0
        g[1:] += u
        return g

    def hess(x):
        q, h = x.shape[0], x[:-1]
        H = np.zeros((q, q))
        flat = H.reshape(-1)
        flat[: -1 : q + 1] = 1200.0 * h * h - 400.0 * x[1:] + 2.0
        flat[q + 1 :: q + 1] += 200.0
        flat[1 :: q + 1] = flat[q :: q + 1] = -400.0 * h
        return H
