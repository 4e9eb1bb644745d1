"""Regressions: a parameter vector (or matrix) against m rows of data."""

import numpy as np
from scipy import special
from sympy import HadamardProduct, Q, Trace, erf, exp, log, sqrt, symbols, tanh

import sympy_matcalc as mc

from ..problem import (
    Problem,
    add_to_diagonal,
    col,
    each,
    expit,
    m,
    mat,
    n,
    p,
    potrf,
    potrs,
    row_of_ones,
    softplus,
    spd,
    weighted_gram,
    whitened,
)

w, b, y, X = col("w", n), col("b", n), col("y", m), mat("X", m, n)
W, S = mat("W", m, m), mat("S", m, m)
B, Y = mat("B", n, p), mat("Y", m, p)
lam, d = symbols("lam d", positive=True)

# gradients are bound by reading X twice, Hessians by one syrk
PLAIN = {
    "value grad": (dict(m=60, n=12), dict(m=800, n=150), dict(m=6000, n=800)),
    "hess jac": (dict(m=60, n=12), dict(m=800, n=150), dict(m=4000, n=500)),
}


def design(r, m, n):
    return r.standard_normal(n) / np.sqrt(n), r.standard_normal((m, n))


class least_squares(Problem):
    """||X w - y||^2"""

    args, sizes = (w, X, y), PLAIN
    expr = (X * w - y).T * (X * w - y)

    def data(r, m, n):
        return *design(r, m, n), r.standard_normal(m)

    def fun(o, w, X, y):
        return o.sum((X @ w - y) ** 2)

    def value(w, X, y):
        e = X @ w
        e -= y
        return e @ e

    def grad(w, X, y):
        e = X @ w
        e -= y
        e *= 2.0
        return e @ X

    def hess(w, X, y):
        H = X.T @ X
        H *= 2.0
        return H


class logistic_ridge(Problem):
    """sum log(1 + exp(-y (X w))) + lam/2 w'w"""

    args, sizes = (w, X, y, lam), PLAIN
    expr = mc.ElementSum(each(lambda t: log(1 + exp(-t)), HadamardProduct(y, X * w))) + lam / 2 * (w.T * w)[0, 0]

    def data(r, m, n):
        return *design(r, m, n), np.sign(r.standard_normal(m)), 0.3

    def fun(o, w, X, y, lam):
        return o.sum(o.softplus(-y * (X @ w))) + lam / 2 * (w @ w)

    def value(w, X, y, lam):
        return softplus(-y * (X @ w)).sum() + lam / 2 * (w @ w)

    def grad(w, X, y, lam):
        return lam * w - (y * expit(-y * (X @ w))) @ X

    def hess(w, X, y, lam):
        s = expit(y * (X @ w))
        return add_to_diagonal(weighted_gram(X, y * y * s * (1.0 - s)), lam)


class poisson(Problem):
    """sum exp(X w) - y'X w"""

    args, sizes = (w, X, y), PLAIN
    expr = mc.ElementSum((X * w).applyfunc(exp)) - (y.T * X * w)[0, 0]

    def data(r, m, n):
        return *design(r, m, n), r.poisson(2.0, m).astype(float)

    def fun(o, w, X, y):
        return o.sum(o.exp(X @ w)) - y @ (X @ w)

    def value(w, X, y):
        z = X @ w
        return np.exp(z).sum() - y @ z

    def grad(w, X, y):
        e = np.exp(X @ w)
        e -= y
        return e @ X

    def hess(w, X, y):
        return weighted_gram(X, np.exp(X @ w))


class gamma_regression(Problem):
    """1'(y exp(-X w) + X w)"""

    args, sizes = (w, X, y), PLAIN
    expr = row_of_ones(m) * (HadamardProduct(y, (-X * w).applyfunc(exp)) + X * w)

    def data(r, m, n):
        return *design(r, m, n), r.gamma(2.0, 1.0, m)

    def fun(o, w, X, y):
        return o.sum(y * o.exp(-X @ w) + X @ w)

    def value(w, X, y):
        z = X @ w
        return y @ np.exp(-z) + z.sum()

    def grad(w, X, y):
        return (1.0 - y * np.exp(-(X @ w))) @ X

    def hess(w, X, y):
        return weighted_gram(X, y * np.exp(-(X @ w)))

    assumes = "y >= 0"


class probit(Problem):
    """-sum log(1/2 + erf(s (X w))/2), the probit model with its scale in the data and s = +-1"""

    args, sizes = (w, X, y), PLAIN
    expr = -mc.ElementSum(each(lambda t: log((1 + erf(t)) / 2), HadamardProduct(y, X * w)))

    def data(r, m, n):
        return *design(r, m, n), np.sign(r.standard_normal(m))

    def fun(o, w, X, y):
        return -o.sum(o.log((1 + o.erf(y * (X @ w))) / 2))

    def value(w, X, y):
        return -special.log_ndtr(np.sqrt(2.0) * (y * (X @ w))).sum()

    def grad(w, X, y):
        z = y * (X @ w)
        return (y * np.exp(-z * z) / special.erfc(-z) * (-2.0 / np.sqrt(np.pi))) @ X

    def hess(w, X, y):
        z = y * (X @ w)
        r = np.exp(-z * z) / special.erfc(-z) * (2.0 / np.sqrt(np.pi))
        return weighted_gram(X, y * y * r * (2.0 * z + r))


class tanh_link(Problem):
    """||tanh(X w) - y||^2"""

    args, sizes = (w, X, y), PLAIN
    expr = mc.Norm((X * w).applyfunc(tanh) - y) ** 2

    def data(r, m, n):
        return *design(r, m, n), np.tanh(r.standard_normal(m))

    def fun(o, w, X, y):
        return o.sum((o.tanh(X @ w) - y) ** 2)

    def grad(w, X, y):
        h = np.tanh(X @ w)
        return (2.0 * (h - y) * (1.0 - h * h)) @ X

    def hess(w, X, y):
        h = np.tanh(X @ w)
        s = 1.0 - h * h
        return X.T @ ((2.0 * s * (s - 2.0 * h * (h - y)))[:, None] * X)  # the weights have both signs: gemm


class squared_hinge(Problem):
    """sum max(0, 1 - y (X w))^2, the smooth support vector machine"""

    args, sizes = (w, X, y), PLAIN
    expr = mc.ElementSum(each(lambda t: mc.Relu(1 - t) ** 2, HadamardProduct(y, X * w)))

    def data(r, m, n):
        return *design(r, m, n), np.sign(r.standard_normal(m))

    def fun(o, w, X, y):
        return o.sum(o.relu(1 - y * (X @ w)) ** 2)

    def grad(w, X, y):
        return (-2.0 * y * np.maximum(1.0 - y * (X @ w), 0.0)) @ X

    def hess(w, X, y):
        active = y * (X @ w) < 1.0  # the rows of no weight are left out, as every solver of this problem does
        Z = X[active]
        Z *= (np.sqrt(2.0) * np.abs(y[active]))[:, None]
        return Z.T @ Z


class pseudo_huber(Problem):
    """d^2 sum (sqrt(1 + ((X w - y)/d)^2) - 1)"""

    args, sizes = (w, X, y, d), PLAIN
    expr = d**2 * mc.ElementSum(each(lambda t: sqrt(1 + (t / d) ** 2) - 1, X * w - y))

    def data(r, m, n):
        return *design(r, m, n), r.standard_t(2, m), 0.7

    def fun(o, w, X, y, d):
        return d**2 * o.sum(o.sqrt(1 + ((X @ w - y) / d) ** 2) - 1)

    def grad(w, X, y, d):
        e = X @ w - y
        return (e / np.sqrt(1.0 + (e / d) ** 2)) @ X

    def hess(w, X, y, d):
        e = (X @ w - y) / d
        return weighted_gram(X, (1.0 + e * e) ** -1.5)


SQUARE = {
    "value grad": (dict(m=40, n=8), dict(m=400, n=80), dict(m=3000, n=300)),
    "hess": (dict(m=40, n=8), dict(m=400, n=80), dict(m=1500, n=200)),
}


class weighted_least_squares(Problem):
    """(y - X b)'W(y - X b), W any square matrix"""

    args, sizes = (b, X, y, W), SQUARE
    expr = (y - X * b).T * W * (y - X * b)

    def data(r, m, n):
        return *design(r, m, n), r.standard_normal(m), r.standard_normal((m, m)) / np.sqrt(m)

    def fun(o, b, X, y, W):
        return (y - X @ b) @ W @ (y - X @ b)

    def value(b, X, y, W):
        e = y - X @ b
        return e @ (W @ e)

    def grad(b, X, y, W):
        e = X @ b - y
        return (W @ e + e @ W) @ X

    def hess(b, X, y, W):
        H = X.T @ (W @ X)
        return H + H.T


class generalised_least_squares(Problem):
    """(y - X b)'S^-1(y - X b), S a covariance"""

    args = (b, X, y, S)
    sizes = {"all": (dict(m=40, n=8), dict(m=400, n=60), dict(m=1200, n=200))}
    expr = (y - X * b).T * S.I * (y - X * b)
    assumes, facts = "S positive definite", Q.positive_definite(S)

    def data(r, m, n):
        return *design(r, m, n), r.standard_normal(m), spd(r, m)

    def fun(o, b, X, y, S):
        e = y - X @ b
        return e @ o.solve(S, e)

    def value(b, X, y, S):
        e = y - X @ b
        return e @ potrs(potrf(S), e)

    def grad(b, X, y, S):
        return (2.0 * potrs(potrf(S), X @ b - y)) @ X

    def hess(b, X, y, S):
        Z = whitened(potrf(S), X)
        H = Z.T @ Z
        H *= 2.0
        return H


MATRIX = {
    "value grad": (dict(m=50, n=10, p=3), dict(m=600, n=80, p=20), dict(m=4000, n=500, p=60)),
    "hess": (dict(m=50, n=10, p=3), dict(m=300, n=30, p=10), dict(m=500, n=60, p=20)),
}


class ridge_matrix(Problem):
    """||X B - Y||^2 + lam tr(B'B) by the matrix B"""

    args, sizes, kind = (B, X, Y, lam), MATRIX, "structured"
    expr = Trace((X * B - Y).T * (X * B - Y)) + lam * Trace(B.T * B)

    def data(r, m, n, p):
        return r.standard_normal((n, p)) / np.sqrt(n), r.standard_normal((m, n)), r.standard_normal((m, p)), 0.3

    def fun(o, B, X, Y, lam):
        return o.sum((X @ B - Y) ** 2) + lam * o.sum(B * B)

    def value(B, X, Y, lam):
        E = X @ B
        E -= Y
        return np.vdot(E, E) + lam * np.vdot(B, B)

    def grad(B, X, Y, lam):
        E = X @ B
        E -= Y
        G = X.T @ E
        G += lam * B
        G *= 2.0
        return G

    def hess(B, X, Y, lam):
        q, c = B.shape
        H = np.zeros((q, c, q, c))
        i = np.arange(c)
        H[:, i, :, i] = 2.0 * add_to_diagonal(X.T @ X, lam)
        return H


class multitask_logistic(Problem):
    """sum log(1 + exp(-Y (X B))) over rows and tasks, by the matrix B"""

    args, sizes, kind = (B, X, Y), MATRIX, "structured"
    expr = mc.ElementSum(each(lambda t: mc.Softplus(-t), HadamardProduct(Y, X * B)))

    def data(r, m, n, p):
        return r.standard_normal((n, p)) / np.sqrt(n), r.standard_normal((m, n)), np.sign(r.standard_normal((m, p)))

    def fun(o, B, X, Y):
        return o.sum(o.softplus(-Y * (X @ B)))

    def grad(B, X, Y):
        Z = X @ B
        Z *= Y
        Z = expit(-Z)
        Z *= Y
        G = X.T @ Z
        return np.negative(G, out=G)

    def hess(B, X, Y):
        s = expit(Y * (X @ B))
        D = Y * Y * s * (1.0 - s)
        q, c = B.shape
        H = np.zeros((q, c, q, c))
        for a in range(c):
            H[:, a, :, a] = weighted_gram(X, D[:, a])
        return H
