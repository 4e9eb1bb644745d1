"""Losses, layers and kernels of machine learning."""
from sympy import Determinant, Heaviside, Lambda, Max, Trace, exp, log, sqrt, symbols, tanh
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, KroneckerProduct, OneMatrix
from sympy.matrices.expressions.diagonal import DiagonalOf

from ...nodes import LogSumExp, Norm, RowSum, Softmax
from ..identity import Identity
from ..symbols import (
    TALL,
    Eye,
    column,
    columns,
    m,
    matrices,
    matrix,
    n,
    p,
    q,
    relu,
    sigmoid,
    sigmoid_slope,
    softplus,
    step,
    tanh_slope,
    u,
    value,
)


def least_squares():
    """Least squares and its relatives."""
    X = matrix("X", m, n)
    w = column("w", n)
    y, v = columns("y v", m)
    lam = symbols("lambda", real=True)
    return [
        Identity("ml1", "machine learning", "least squares",
                 (X * w - y).T * (X * w - y), w, "gradient", {}, 2 * X.T * (X * w - y)),
        Identity("ml1n", "machine learning", "least squares with Norm",
                 Norm(X * w - y)**2 / 2, w, "gradient", {}, X.T * (X * w - y)),
        Identity("ml1x", "machine learning", "least squares by the design matrix",
                 (X * w - y).T * (X * w - y), X, "gradient", {}, 2 * ((X * w - y) * w.T)),
        Identity("ml1y", "machine learning", "least squares by the target",
                 (X * w - y).T * (X * w - y), y, "gradient", {}, 2 * (y - X * w)),
        Identity("ml2l", "machine learning", "ridge by lambda",
                 value((X * w - y).T * (X * w - y)) + lam * value(w.T * w), lam, "derivative", {}, value(w.T * w)),
        Identity("ml19", "machine learning", "weighted least squares",
                 (X * w - y).T * DiagMatrix(v) * (X * w - y), w, "gradient", {v: "positive"}, 2 * X.T * DiagMatrix(v) * (X * w - y)),
    ]


def batches():
    """Least squares of many outputs, factorisations."""
    X = matrix("X", m, n)
    W = matrix("W", n, p)
    Y = matrix("Y", m, p)
    return [
        Identity("ml13", "machine learning", "batch least squares by W",
                 Trace((X * W - Y).T * (X * W - Y)), W, "gradient", {}, 2 * X.T * (X * W - Y)),
        Identity("ml13n", "machine learning", "batch least squares with Norm",
                 Norm(X * W - Y)**2, W, "gradient", {}, 2 * X.T * (X * W - Y)),
    ]


def factorisation():
    """Matrix factorisation."""
    U, W = matrices("U W", m, p)
    V = matrix("V", n, p)
    Y = matrix("Y", m, n)
    H = matrix("H", p, n)
    return [
        Identity("ml7v", "machine learning", "matrix factorization by V",
                 Trace((Y - U * V.T).T * (Y - U * V.T)), V, "gradient", {}, -2 * (Y - U * V.T).T * U),
        Identity("ml24", "machine learning", "NMF multiplicative-update objective",
                 Trace((Y - W * H) * (Y - W * H).T), H, "gradient", {W: "positive", H: "positive", Y: "positive"},
                 2 * W.T * (W * H - Y)),
    ]


def factorisation_transposed():
    """Matrix factorisation with the first factor transposed."""
    U = matrix("U", p, m)
    V = matrix("V", p, n)
    Y = matrix("Y", m, n)
    return [
        Identity("lq3", "Laue et al.", "||Y - U'V||^2 by U",
                 Trace((Y - U.T * V).T * (Y - U.T * V)), U, "gradient", {}, -2 * V * (Y - U.T * V).T),
    ]


def classification():
    """Logistic, hinge and Poisson losses."""
    X = matrix("X", m, n)
    w, x = columns("w x", n)
    y = column("y", m)
    c = symbols("c", real=True)
    s = (X * w).applyfunc(sigmoid)
    return [
        Identity("ml3", "machine learning", "logistic loss, labels +-1",
                 OneMatrix(1, m) * (-DiagMatrix(y) * X * w).applyfunc(softplus), w, "gradient", {y: "nonzero"},
                 -X.T * DiagMatrix(y) * (-DiagMatrix(y) * X * w).applyfunc(sigmoid)),
        Identity("ml3c", "machine learning", "logistic loss with Hadamard labels",
                 OneMatrix(1, m) * (-HadamardProduct(y, X * w)).applyfunc(softplus), w, "gradient", {y: "nonzero"},
                 -X.T * HadamardProduct(y, (-HadamardProduct(y, X * w)).applyfunc(sigmoid))),
        Identity("lq2", "Laue et al.", "sum log(exp(-y o Xw) + 1)",
                 OneMatrix(1, m) * (-HadamardProduct(y, X * w)).applyfunc(softplus), w, "gradient", {},
                 -X.T * HadamardProduct(y, (-HadamardProduct(y, X * w)).applyfunc(sigmoid))),
        Identity("ml3e", "machine learning", "cross-entropy of a sigmoid",
                 -y.T * s.applyfunc(log) - (OneMatrix(m, 1) - y).T * s.applyfunc(Lambda(u, log(1 - u))), w, "gradient", {y: "unit"},
                 X.T * (s - y)),
        Identity("ml3s", "machine learning", "one-sample logistic loss",
                 log(1 + exp(-c * value(w.T * x))), w, "gradient", {}, -c * x / (1 + exp(c * value(w.T * x)))),
        Identity("ml16", "machine learning", "Poisson regression",
                 OneMatrix(1, m) * (X * w).applyfunc(exp) - y.T * X * w, w, "gradient", {w: "small"},
                 X.T * ((X * w).applyfunc(exp) - y)),
        Identity("ml17", "machine learning", "hinge loss",
                 OneMatrix(1, m) * (OneMatrix(m, 1) - DiagMatrix(y) * X * w).applyfunc(relu), w, "gradient", {y: "nonzero"},
                 -X.T * DiagMatrix(y) * (OneMatrix(m, 1) - DiagMatrix(y) * X * w).applyfunc(step)),
    ]


def softmax():
    """Log-sum-exp and softmax."""
    x, y = columns("x y", n)
    return [
        Identity("ml4", "machine learning", "log-sum-exp as a log of a sum",
                 log(value(OneMatrix(1, n) * x.applyfunc(exp))), x, "gradient", {},
                 x.applyfunc(exp) / value(OneMatrix(1, n) * x.applyfunc(exp))),
        Identity("ml4n", "machine learning", "log-sum-exp", LogSumExp(x), x, "gradient", {}, Softmax(x)),
        Identity("ml5p", "machine learning", "softmax as a quotient",
                 x.applyfunc(exp) / value(OneMatrix(1, n) * x.applyfunc(exp)), x, "jacobian", {},
                 DiagMatrix(Softmax(x)) - Softmax(x) * Softmax(x).T),
        Identity("ml6", "machine learning", "softmax cross-entropy by logits",
                 -y.T * Softmax(x).applyfunc(log), x, "gradient", {y: "prob"}, Softmax(x) - y),
    ]


def softmax_layer():
    """Softmax cross-entropy by the weights."""
    W, X, Y, G = matrices("W X Y G", m, n)
    A = matrix("A", m, p)
    B = matrix("B", p, n)
    x = column("x", n)
    y = column("y", m)
    P = Softmax(X, axis=1)
    return [
        Identity("ml6p", "machine learning", "softmax of each row, against G",
                 Trace(G.T * P), X, "gradient", {}, HadamardProduct(P, G - RowSum(HadamardProduct(P, G)) * OneMatrix(1, n))),
        Identity("ml6q", "machine learning", "softmax of each row as a quotient",
                 Trace(G.T * DiagMatrix(RowSum(X.applyfunc(exp))).I * X.applyfunc(exp)), X, "gradient", {},
                 HadamardProduct(P, G - RowSum(HadamardProduct(P, G)) * OneMatrix(1, n))),
        Identity("ml6l", "machine learning", "log-sum-exp of each row",
                 value(OneMatrix(1, m) * LogSumExp(X, axis=1)), X, "gradient", {}, P),
        Identity("ml6b", "machine learning", "softmax cross-entropy of a batch by the weights",
                 value(OneMatrix(1, m) * LogSumExp(A * B, axis=1)) - Trace(Y.T * A * B), B, "gradient", {},
                 A.T * (Softmax(A * B, axis=1) - Y)),
        Identity("ml6w", "machine learning", "softmax cross-entropy by the weights",
                 -value(y.T * W * x) + log(value(OneMatrix(1, m) * (W * x).applyfunc(exp))), W, "gradient", {y: "prob"},
                 (Softmax(W * x) - y) * x.T),
    ]


def attention():
    """Scores and attention."""
    Q = matrix("Q", m, p)
    K = matrix("K", n, p)
    A, W = matrices("A W", m, n)
    x = column("x", m)
    y, v = columns("y v", n)
    query = column("q", p)
    V = matrix("V", n, q)
    G = matrix("G", m, q)
    P = Softmax(Q * K.T / sqrt(p), axis=1)
    D = HadamardProduct(P, G * V.T - RowSum(HadamardProduct(P, G * V.T)) * OneMatrix(1, n))
    return [
        Identity("ml12e", "machine learning", "attention softmax(QK'/sqrt d) V by the queries",
                 Trace(G.T * P * V), Q, "gradient", {}, D * K / sqrt(p)),
        Identity("ml12f", "machine learning", "attention by the keys", Trace(G.T * P * V), K, "gradient", {}, D.T * Q / sqrt(p)),
        Identity("ml12g", "machine learning", "attention by the values", Trace(G.T * P * V), V, "gradient", {}, P.T * G),
        Identity("ml12", "machine learning", "attention score trace by Q", Trace(A.T * (Q * K.T)), Q, "gradient", {}, A * K),
        Identity("ml12b", "machine learning", "unnormalised attention exp(QK') by Q",
                 Trace(A.T * (Q * K.T).applyfunc(exp)), Q, "gradient", {}, HadamardProduct(A, (Q * K.T).applyfunc(exp)) * K),
        Identity("ml12c", "machine learning", "bilinear score x'Wy by W", x.T * W * y, W, "gradient", {}, x * y.T),
        Identity("ml12d", "machine learning", "single-query attention by the query",
                 Softmax(K * query).T * v, query, "gradient", {},
                 K.T * (DiagMatrix(Softmax(K * query)) - Softmax(K * query) * Softmax(K * query).T) * v),
        Identity("ml35", "machine learning", "contrastive bilinear exp(x'Wy)",
                 exp(value(x.T * W * y)), W, "gradient", {x: "small"}, exp(value(x.T * W * y)) * x * y.T),
    ]


def layers():
    """Layers of a network."""
    W, W1, A, B = matrices("W W1 A B", m, n)
    x = column("x", n)
    y, b = columns("y b", m)
    W2 = matrix("W2", p, m)
    z = column("z", p)
    gate = (B * x).applyfunc(sigmoid)
    slope = (B * x).applyfunc(sigmoid_slope)
    hidden = (W1 * x).applyfunc(tanh)
    return [
        Identity("ml10", "machine learning", "linear layer y = W x by x", W * x, x, "jacobian", {}, W),
        Identity("ml10w", "machine learning", "linear layer loss by W",
                 (W * x - y).T * (W * x - y), W, "gradient", {}, 2 * ((W * x - y) * x.T)),
        Identity("ml10s", "machine learning", "sigmoid layer",
                 (W * x + b).applyfunc(sigmoid), x, "jacobian", {}, DiagMatrix((W * x + b).applyfunc(sigmoid_slope)) * W),
        Identity("ml10t", "machine learning", "tanh layer",
                 (W * x + b).applyfunc(tanh), x, "jacobian", {}, DiagMatrix((W * x + b).applyfunc(tanh_slope)) * W),
        Identity("ml10ww", "machine learning", "tanh layer by W",
                 (W * x).applyfunc(tanh), W, "vec jacobian", {}, KroneckerProduct(x.T, DiagMatrix((W * x).applyfunc(tanh_slope)))),
        Identity("ml11", "machine learning", "two-layer net by x",
                 W2 * hidden, x, "jacobian", {}, W2 * DiagMatrix((W1 * x).applyfunc(tanh_slope)) * W1),
        Identity("ml11b", "machine learning", "two-layer net loss by W2",
                 (W2 * hidden - z).T * (W2 * hidden - z), W2, "gradient", {}, 2 * ((W2 * hidden - z) * hidden.T)),
        Identity("ml33", "machine learning", "gated unit (Ax) o sigmoid(Bx)",
                 HadamardProduct(A * x, gate), x, "jacobian", {}, DiagMatrix(gate) * A + DiagMatrix(HadamardProduct(A * x, slope)) * B),
    ]


def neurons():
    """One neuron over a batch."""
    w, x = columns("w x", n)
    b = symbols("b", real=True)
    X = matrix("X", m, n)
    y = column("y", m)
    z = X * w + b * OneMatrix(m, 1)
    return [
        Identity("ph20", "Parr & Howard 5", "neuron activation max(0, w.x+b) by b",
                 Max(0, value(w.T * x) + b), b, "derivative", {}, Heaviside(value(w.T * x) + b)),
        Identity("ph22", "Parr & Howard 6", "mean squared loss of a neuron by the weights",
                 value((y - X * w - b * OneMatrix(m, 1)).T * (y - X * w - b * OneMatrix(m, 1))) / m, w, "gradient", {},
                 2 / m * X.T * (z - y)),
        Identity("ph23", "Parr & Howard 6", "mean squared loss of a neuron by the bias",
                 value((y - X * w - b * OneMatrix(m, 1)).T * (y - X * w - b * OneMatrix(m, 1))) / m, b, "derivative", {},
                 2 / m * value(OneMatrix(1, m) * (z - y))),
        Identity("ph24", "Parr & Howard 6", "relu neuron mean squared loss by w",
                 value((y - z.applyfunc(relu)).T * (y - z.applyfunc(relu))) / m, w, "gradient", {},
                 2 / m * X.T * HadamardProduct(z.applyfunc(step), z.applyfunc(relu) - y)),
    ]


def kernels():
    """Kernels and ratios."""
    x, y, w = columns("x y w", n)
    c = symbols("c", positive=True)
    A, B = matrices("A B", n, n)
    return [
        Identity("ml21", "machine learning", "RBF kernel by x",
                 exp(-c * value((x - y).T * (x - y))), x, "gradient", {x: "small", y: "small"},
                 -2 * c * exp(-c * value((x - y).T * (x - y))) * (x - y)),
        Identity("ml21c", "machine learning", "RBF kernel by the scale",
                 exp(-c * value((x - y).T * (x - y))), c, "derivative", {x: "small", y: "small"},
                 -value((x - y).T * (x - y)) * exp(-c * value((x - y).T * (x - y)))),
        Identity("ml22", "machine learning", "LDA / Fisher ratio",
                 value(w.T * A * w) / value(w.T * B * w), w, "gradient", {A: "spd", B: "spd", w: "nonzero"},
                 2 * A * w / value(w.T * B * w) - 2 * value(w.T * A * w) / value(w.T * B * w)**2 * B * w),
    ]


def design():
    """Experiments, barriers, components."""
    X, A, W = matrices("X A W", m, n)
    w, b = columns("w b", m)
    x = column("x", n)
    C = matrix("C", m, m)
    return [
        Identity("ml27", "machine learning", "D-optimal design, log det",
                 log(Determinant(X.T * DiagMatrix(w) * X)), w, "gradient", TALL | {w: "positive"},
                 DiagonalOf(X * (X.T * DiagMatrix(w) * X).I * X.T)),
        Identity("ml29", "machine learning", "log barrier of b - Ax",
                 -OneMatrix(1, m) * (b - A * x).applyfunc(log), x, "gradient", {A: "unit", x: "small", b: "positive"},
                 A.T * HadamardPower(b - A * x, -1)),
        Identity("ml8", "machine learning", "PCA trace objective", Trace(W.T * C * W), W, "gradient", {C: "spd"}, 2 * C * W),
        Identity("lq6", "Laue et al.", "sum exp(X o X)",
                 OneMatrix(1, m) * HadamardProduct(X, X).applyfunc(exp) * OneMatrix(n, 1), X, "gradient", {X: "small"},
                 2 * HadamardProduct(X, HadamardProduct(X, X).applyfunc(exp))),
    ]


def filters():
    """The Kalman gain."""
    C = matrix("C", n, m)
    P = matrix("P", n, n)
    B = matrix("B", m, n)
    R = matrix("R", m, m)
    return [
        Identity("ml14", "machine learning", "Kalman gain objective",
                 Trace((Eye(n) - C * B) * P * (Eye(n) - C * B).T + C * R * C.T), C, "gradient", {P: "spd", R: "spd"},
                 -2 * ((Eye(n) - C * B) * P * B.T) + 2 * C * R),
    ]


IDENTITIES = [
    *least_squares(), *batches(), *factorisation(), *factorisation_transposed(), *classification(),
    *softmax(), *softmax_layer(), *attention(), *layers(), *neurons(), *kernels(), *design(), *filters(),
]
