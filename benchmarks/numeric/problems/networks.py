"""Networks, softmax and their like."""

import numpy as np
from sympy import Determinant, HadamardProduct, Trace, cosh, exp, log, symbols, tanh

import sympy_matcalc as mc

from ..problem import Problem, add_to_diagonal, col, each, expit, k, m, mat, n, ones, p, row_of_ones, softplus, weighted_gram

X, Y, W, D = mat("X", m, n), mat("Y", m, k), mat("W", n, k), mat("D", n, n)
X1, W1, W2, Y1 = mat("X", n, m), mat("W1", k, n), mat("W2", p, k), mat("Y", p, m)
x, b, A, V, g = col("x", n), col("b", m), mat("A", m, n), mat("V", n, k), mat("G", m, k)
c = symbols("c", positive=True)

CLASSES = {
    "value grad": (dict(m=40, n=8, k=4), dict(m=900, n=90, k=8), dict(m=8000, n=400, k=10)),
    "hess": (dict(m=40, n=8, k=4), dict(m=250, n=30, k=8), dict(m=700, n=90, k=10)),
}


def softmax_columns(Z):
    """In place; classes by samples, since NumPy reduces long contiguous axes faster than short ones."""
    Z -= Z.max(0)
    np.exp(Z, out=Z)
    Z /= Z.sum(0)
    return Z


class softmax_cross_entropy(Problem):
    """1'log(exp(X W) 1) - tr(Y'X W) by W"""

    args, sizes = (W, X, Y), CLASSES
    expr = (row_of_ones(m) * ((X * W).applyfunc(exp) * ones(k)).applyfunc(log))[0, 0] - Trace(Y.T * X * W)

    def data(r, m, n, k):
        return r.standard_normal((n, k)) / np.sqrt(n), r.standard_normal((m, n)), np.eye(k)[r.integers(0, k, m)]

    def fun(o, W, X, Y):
        return o.sum(o.lse(X @ W, axis=1)) - o.sum(Y * (X @ W))

    def value(W, X, Y):
        Z = W.T @ X.T
        linear = np.einsum("km,mk->", Z, Y)
        top = Z.max(0)
        Z -= top
        np.exp(Z, out=Z)
        return np.log(Z.sum(0)).sum() + top.sum() - linear

    def grad(W, X, Y):
        P = softmax_columns(W.T @ X.T)
        P -= Y.T
        return (P @ X).T

    def hess(W, X, Y):
        P = softmax_columns(W.T @ X.T).T.copy()
        rows, q, classes = X.shape[0], X.shape[1], P.shape[1]
        Z = (X[:, :, None] * P[:, None, :]).reshape(rows, q * classes)
        H = Z.T @ Z
        H = np.negative(H, out=H).reshape(q, classes, q, classes)
        for a in range(classes):
            H[:, a, :, a] += weighted_gram(X, P[:, a])
        return H


NET = {
    "value grad": (dict(n=5, k=8, p=3, m=30), dict(n=40, k=60, p=12, m=300), dict(n=300, k=250, p=20, m=2000)),
    "hess": (dict(n=5, k=8, p=3, m=30), dict(n=12, k=18, p=8, m=200), dict(n=28, k=30, p=10, m=400)),
}


def net_data(r, n, k, p, m):
    return (
        r.standard_normal((k, n)) / np.sqrt(n),
        r.standard_normal((p, k)) / np.sqrt(k),
        r.standard_normal((n, m)),
        r.standard_normal((p, m)),
    )


def net_hessian(S1, S2, W1, W2, X, E):
    """The Hessian by W1 of ||W2 s(W1 X) - Y||^2 from s', s'' and the residual: one syrk and one batch of small products."""
    q, d = W1.shape
    Z = (S1[:, None, :] * X[None]).reshape(q * d, -1)
    H = (Z @ Z.T).reshape(q, d, q, d)
    H *= (2.0 * (W2.T @ W2))[:, None, :, None]
    curvature = (W2.T @ (2.0 * E)) * S2
    i = np.arange(q)
    H[i, :, i, :] += ((curvature[:, None, :] * X[None]).reshape(q * d, -1) @ X.T).reshape(q, d, d)
    return H


class tanh_net(Problem):
    """||W2 tanh(W1 X) - Y||^2 by W1"""

    args, sizes = (W1, W2, X1, Y1), NET
    E = W2 * (W1 * X1).applyfunc(tanh) - Y1
    expr = Trace(E.T * E)
    data = net_data

    def fun(o, W1, W2, X, Y):
        return o.sum((W2 @ o.tanh(W1 @ X) - Y) ** 2)

    def value(W1, W2, X, Y):
        E = W2 @ np.tanh(W1 @ X)
        E -= Y
        return np.vdot(E, E)

    def grad(W1, W2, X, Y):
        S = np.tanh(W1 @ X)
        E = W2 @ S
        E -= Y
        E *= 2.0
        B = W2.T @ E
        B *= 1.0 - S * S
        return B @ X.T

    def hess(W1, W2, X, Y):
        S = np.tanh(W1 @ X)
        S1 = 1.0 - S * S
        return net_hessian(S1, -2.0 * S * S1, W1, W2, X, W2 @ S - Y)


class softplus_net(Problem):
    """||W2 softplus(W1 X) - Y||^2 by W1"""

    args, sizes = (W1, W2, X1, Y1), NET
    expr = mc.Norm(W2 * mc.Softplus(W1 * X1) - Y1) ** 2
    data = net_data

    def fun(o, W1, W2, X, Y):
        return o.sum((W2 @ o.softplus(W1 @ X) - Y) ** 2)

    def grad(W1, W2, X, Y):
        Z = W1 @ X
        E = W2 @ softplus(Z)
        E -= Y
        E *= 2.0
        B = W2.T @ E
        B *= expit(Z)
        return B @ X.T

    def hess(W1, W2, X, Y):
        Z = W1 @ X
        S = expit(Z)
        return net_hessian(S, S * (1.0 - S), W1, W2, X, W2 @ softplus(Z) - Y)


DEEP = {"value grad": NET["value grad"]}


class three_layers(Problem):
    """||W2 sigmoid(D tanh(W1 X)) - Y||^2 by W1"""

    D = mat("D", k, k)
    args, sizes = (W1, D, W2, X1, Y1), DEEP
    expr = mc.Norm(W2 * mc.Sigmoid(D * (W1 * X1).applyfunc(tanh)) - Y1) ** 2

    def data(r, n, k, p, m):
        first, last, inputs, targets = net_data(r, n, k, p, m)
        return first, r.standard_normal((k, k)) / np.sqrt(k), last, inputs, targets

    def fun(o, W1, D, W2, X, Y):
        return o.sum((W2 @ o.sigmoid(D @ o.tanh(W1 @ X)) - Y) ** 2)

    def grad(W1, D, W2, X, Y):
        S = np.tanh(W1 @ X)
        T = expit(D @ S)
        E = W2 @ T
        E -= Y
        E *= 2.0
        B = W2.T @ E
        B *= T
        B *= 1.0 - T
        B = D.T @ B
        B *= 1.0 - S * S
        return B @ X.T


class autoencoder_decoder(Problem):
    """||W2 tanh(W1 X) - X||^2 by W2"""

    W2 = mat("W2", n, k)
    args, kind = (W2, W1, X1), "structured"
    sizes = {
        "value grad": (dict(n=6, k=4, m=30), dict(n=60, k=25, m=400), dict(n=400, k=100, m=3000)),
        "hess": (dict(n=6, k=4, m=30), dict(n=40, k=12, m=300), dict(n=70, k=20, m=800)),
    }
    expr = mc.Norm(W2 * (W1 * X1).applyfunc(tanh) - X1) ** 2

    def data(r, n, k, m):
        return r.standard_normal((n, k)), r.standard_normal((k, n)) / np.sqrt(n), r.standard_normal((n, m))

    def fun(o, W2, W1, X):
        return o.sum((W2 @ o.tanh(W1 @ X) - X) ** 2)

    def grad(W2, W1, X):
        S = np.tanh(W1 @ X)
        G = W2 @ (S @ S.T)
        G -= X @ S.T
        G *= 2.0
        return G

    def hess(W2, W1, X):
        S = np.tanh(W1 @ X)
        H = np.zeros((*W2.shape, *W2.shape))
        i = np.arange(W2.shape[0])
        H[i, :, i, :] = 2.0 * (S @ S.T)
        return H


class autoencoder_encoder(Problem):
    """||W2 tanh(W1 X) - X||^2 by W1"""

    args = (W1, autoencoder_decoder.W2, X1)
    sizes = {
        "value grad": autoencoder_decoder.sizes["value grad"],
        "hess": (dict(n=6, k=4, m=30), dict(n=20, k=10, m=300), dict(n=40, k=20, m=500)),
    }
    expr = autoencoder_decoder.expr

    def data(r, n, k, m):
        decoder, encoder, inputs = autoencoder_decoder.data(r, n, k, m)
        return encoder, decoder, inputs

    def fun(o, W1, W2, X):
        return o.sum((W2 @ o.tanh(W1 @ X) - X) ** 2)

    def grad(W1, W2, X):
        return tanh_net.grad(W1, W2, X, X)

    def hess(W1, W2, X):
        return tanh_net.hess(W1, W2, X, X)


class attention(Problem):
    """tr(G'P X V) with P the softmax of each row of X D X', by D"""

    args = (D, X, V, g)
    sizes = {"value grad": (dict(m=20, n=5, k=4), dict(m=200, n=30, k=20), dict(m=900, n=80, k=60))}
    E = (X * D * X.T).applyfunc(exp)
    expr = Trace(g.T * HadamardProduct(E, each(lambda t: 1 / t, E * ones(m)) * row_of_ones(m)) * X * V)

    def data(r, m, n, k):
        return r.standard_normal((n, n)) / n, r.standard_normal((m, n)), r.standard_normal((n, k)), r.standard_normal((m, k))

    def fun(o, D, X, V, G):
        return o.sum(G * (o.softmax(X @ D @ X.T, axis=1) @ (X @ V)))

    def grad(D, X, V, G):
        Z = X @ D @ X.T
        Z -= Z.max(1)[:, None]
        P = np.exp(Z, out=Z)
        P /= P.sum(1)[:, None]
        A = G @ (X @ V).T
        A -= np.einsum("ij,ij->i", P, A)[:, None]
        A *= P
        return X.T @ A @ X


class independent_components(Problem):
    """sum log cosh(D X) - m log det D by the unmixing matrix D"""

    args = (D, X1)
    sizes = {
        "value grad": (dict(n=5, m=60), dict(n=30, m=1000), dict(n=150, m=5000)),
        "hess": (dict(n=5, m=60), dict(n=14, m=400), dict(n=34, m=1000)),
    }
    expr = mc.ElementSum(each(lambda t: log(cosh(t)), D * X1)) - m * log(Determinant(D))
    kind = "structured"

    def data(r, n, m):
        return r.standard_normal((n, n)) / np.sqrt(n) / 3 + np.eye(n), r.standard_normal((n, m))

    def fun(o, D, X):
        return o.sum(o.log(o.cosh(D @ X))) - X.shape[1] * o.logdet(D)

    def grad(D, X):
        G = np.tanh(D @ X) @ X.T
        G -= X.shape[1] * np.linalg.inv(D).T
        return G

    def hess(D, X):
        R, S = np.linalg.inv(D), np.tanh(D @ X)
        H = (X.shape[1] * R.T)[:, None, None, :] * R[None, :, :, None]
        q = D.shape[0]
        i = np.arange(q)
        H[i, :, i, :] += (((1.0 - S * S)[:, None, :] * X[None]).reshape(q * q, -1) @ X.T).reshape(q, q, q)
        return H


LAYER = {"value jac": (dict(m=15, n=20), dict(m=250, n=300), dict(m=1500, n=2000))}


class tanh_layer_input(Problem):
    """The Jacobian of tanh(A x + b) by x"""

    args, sizes = (x, A, b), LAYER
    expr = (A * x + b).applyfunc(tanh)

    def data(r, m, n):
        return r.standard_normal(n), r.standard_normal((m, n)) / np.sqrt(n), r.standard_normal(m)

    def fun(o, x, A, b):
        return o.tanh(A @ x + b)

    def value(x, A, b):
        z = A @ x
        z += b
        return np.tanh(z, out=z)

    def jac(x, A, b):
        h = np.tanh(A @ x + b)
        return (1.0 - h * h)[:, None] * A


class tanh_layer_weight(Problem):
    """The Jacobian of tanh(A x + b) by A"""

    args, kind = (A, x, b), "structured"
    sizes = {"jac": (dict(m=10, n=12), dict(m=60, n=70), dict(m=180, n=200))}
    expr = tanh_layer_input.expr

    def data(r, m, n):
        point, weight, bias = tanh_layer_input.data(r, m, n)
        return weight, point, bias

    def fun(o, A, x, b):
        return o.tanh(A @ x + b)

    def jac(A, x, b):
        h = np.tanh(A @ x + b)
        J = np.zeros((A.shape[0], *A.shape))
        i = np.arange(A.shape[0])
        J[i, i] = np.multiply.outer(1.0 - h * h, x)
        return J


class softmax_layer(Problem):
    """The Jacobian of softmax(A x + b) by x"""

    args, sizes = (x, A, b), LAYER
    expr = mc.Softmax(A * x + b)
    data = tanh_layer_input.data

    def fun(o, x, A, b):
        return o.softmax(A @ x + b)

    def value(x, A, b):
        return softmax_columns(A @ x + b)

    def jac(x, A, b):
        s = softmax_columns(A @ x + b)
        J = A - s @ A
        J *= s[:, None]
        return J


class log_sum_exp(Problem):
    """log sum exp(A x + b) by x"""

    args = (x, A, b)
    sizes = {
        "value grad": (dict(m=30, n=10), dict(m=700, n=150), dict(m=6000, n=800)),
        "hess": (dict(m=30, n=10), dict(m=700, n=150), dict(m=4000, n=500)),
    }
    expr = mc.LogSumExp(A * x + b)
    data = tanh_layer_input.data

    def fun(o, x, A, b):
        return o.lse(A @ x + b)

    def value(x, A, b):
        z = A @ x
        z += b
        top = z.max()
        z -= top
        return np.log(np.exp(z, out=z).sum()) + top

    def grad(x, A, b):
        return softmax_columns(A @ x + b) @ A

    def hess(x, A, b):
        s = softmax_columns(A @ x + b)
        g = s @ A
        H = weighted_gram(A, s)
        H -= np.outer(g, g)
        return H


class temperature(Problem):
    """c log sum exp(x/c) + x'x/2: smoothed maximum, by x"""

    args = (x, c)
    sizes = {"value grad": (dict(n=20), dict(n=1000), dict(n=300000)), "hess": (dict(n=20), dict(n=200), dict(n=1500))}
    expr = c * mc.LogSumExp(x / c) + (x.T * x)[0, 0] / 2

    def data(r, n):
        return r.standard_normal(n), 0.6

    def fun(o, x, c):
        return c * o.lse(x / c) + x @ x / 2

    def grad(x, c):
        s = softmax_columns(x / c)
        s += x
        return s

    def hess(x, c):
        s = softmax_columns(x / c)
        H = np.multiply.outer(s / -c, s)
        return add_to_diagonal(H, s / c + 1.0)
