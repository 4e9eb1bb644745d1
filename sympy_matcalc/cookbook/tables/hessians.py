"""Second derivatives."""
from sympy import Determinant, Rational, Trace, exp, log, pi, sqrt, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, KroneckerProduct, OneMatrix

from ...nodes import CommutationMatrix
from ..identity import Identity
from ..symbols import Eye, column, columns, m, matrices, matrix, n, p, sigmoid_slope, softplus, value


def of_forms():
    """Of forms in a vector."""
    A = matrix("A", n, n)
    b, x, a = columns("b x a", n)
    return [
        Identity("mc98", "Matrix Cookbook 2.4", "x'Ax + b'x", x.T * A * x + b.T * x, x, "hessian", {}, A + A.T),
        Identity("lq1h", "Laue et al.", "x'Ax", x.T * A * x, x, "hessian", {}, A + A.T),
        Identity("mn34", "Magnus & Neudecker 10", "x'Ax, A symmetric", x.T * A * x, x, "hessian", {A: "symmetric"}, 2 * A),
        Identity("mn35", "Magnus & Neudecker 10", "(x'Ax)^2",
                 value(x.T * A * x)**2, x, "hessian", {}, 2 * ((A + A.T) * x * x.T * (A + A.T)) + 2 * value(x.T * A * x) * (A + A.T)),
        Identity("mn36", "Magnus & Neudecker 10", "exp(a'x)",
                 exp(value(a.T * x)), x, "hessian", {}, exp(value(a.T * x)) * a * a.T),
        Identity("lq5h", "Laue et al.", "x'diag(Ax)x",
                 x.T * DiagMatrix(A * x) * x, x, "hessian", {},
                 2 * DiagMatrix(A * x) + 2 * DiagMatrix(x) * A + 2 * A.T * DiagMatrix(x)),
    ]


def of_norms():
    """Of norms and their functions."""
    x = column("x", n)
    return [
        Identity("mc131h", "Matrix Cookbook 2.6", "||x||^2", x.T * x, x, "hessian", {}, 2 * Eye(n)),
        Identity("mc26f", "folklore", "||x||",
                 sqrt(value(x.T * x)), x, "hessian", {x: "nonzero"},
                 Eye(n) / sqrt(value(x.T * x)) - x * x.T / value(x.T * x)**Rational(3, 2)),
        Identity("mc26m", "folklore", "Gaussian bump",
                 exp(-value(x.T * x) / 2), x, "hessian", {}, exp(-value(x.T * x) / 2) * (x * x.T - Eye(n))),
    ]


def of_traces():
    """Of traces, in vec form."""
    X = matrix("X", m, n)
    A = matrix("A", m, m)
    B = matrix("B", n, n)
    return [
        Identity("mn28", "Magnus & Neudecker 10", "tr X'AX",
                 Trace(X.T * A * X), X, "vec hessian", {}, KroneckerProduct(Eye(n), A + A.T)),
        Identity("mn29", "Magnus & Neudecker 10", "tr X'X", Trace(X.T * X), X, "vec hessian", {}, 2 * Eye(m * n)),
        Identity("mk5", "Minka", "tr(AXBX')",
                 Trace(A * X * B * X.T), X, "vec hessian", {}, KroneckerProduct(B.T, A) + KroneckerProduct(B, A.T)),
    ]


def of_traces_of_powers():
    """Of traces of powers, in vec form."""
    X, A = matrices("X A", n, n)
    return [
        Identity("mn30", "Magnus & Neudecker 10", "tr X^2", Trace(X**2), X, "vec hessian", {}, 2 * CommutationMatrix(n, n)),
        Identity("mn31", "Magnus & Neudecker 10", "tr AX^2",
                 Trace(A * X**2), X, "vec hessian", {},
                 CommutationMatrix(n, n) * (KroneckerProduct(Eye(n), A) + KroneckerProduct(A.T, Eye(n)))),
        Identity("mn33", "Magnus & Neudecker 10", "tr X^-1",
                 Trace(X.I), X, "vec hessian", {X: "invertible"},
                 CommutationMatrix(n, n) * (KroneckerProduct(X.I.T, X.I**2) + KroneckerProduct((X.I**2).T, X.I))),
    ]


def of_matrix_forms():
    """Of forms in a matrix, in vec form."""
    a, c = columns("a c", m)
    X = matrix("X", m, n)
    B = matrix("B", n, n)
    return [
        Identity("mc10g", "Matrix Cookbook 10.2", "a'XBX'c",
                 a.T * X * B * X.T * c, X, "vec hessian", {}, KroneckerProduct(B.T, c * a.T) + KroneckerProduct(B, a * c.T)),
        Identity("mn27", "Magnus & Neudecker 10", "a'XX'a",
                 a.T * X * X.T * a, X, "vec hessian", {}, 2 * KroneckerProduct(Eye(n), a * a.T)),
    ]


def of_determinants():
    """Of a determinant along a line."""
    A, B = matrices("A B", n, n)
    t = symbols("t", real=True)
    return [
        Identity("mc48", "Matrix Cookbook 2.1", "det(A + tB)",
                 Determinant(A + t * B), t, "hessian", {A: "invertible", B: "small"},
                 Determinant(A + t * B) * (Trace((A + t * B).I * B)**2 - Trace((A + t * B).I * B * (A + t * B).I * B))),
    ]


def of_losses():
    """Of losses by the weights."""
    X = matrix("X", m, n)
    w = column("w", n)
    y = column("y", m)
    lam = symbols("lambda", real=True)
    return [
        Identity("ml1h", "machine learning", "least squares", (X * w - y).T * (X * w - y), w, "hessian", {}, 2 * X.T * X),
        Identity("ml2h", "machine learning", "ridge",
                 (X * w - y).T * (X * w - y) + lam * w.T * w, w, "hessian", {}, 2 * X.T * X + 2 * lam * Eye(n)),
        Identity("ml3h", "machine learning", "logistic loss",
                 OneMatrix(1, m) * (X * w).applyfunc(softplus) - y.T * X * w, w, "hessian", {y: "unit"},
                 X.T * DiagMatrix((X * w).applyfunc(sigmoid_slope)) * X),
        Identity("lq2h", "Laue et al.", "sum log(exp(-y o Xw) + 1)",
                 OneMatrix(1, m) * (-HadamardProduct(y, X * w)).applyfunc(softplus), w, "hessian", {},
                 X.T * DiagMatrix(HadamardProduct(y, y, HadamardProduct(y, X * w).applyfunc(sigmoid_slope))) * X),
        Identity("ml16h", "machine learning", "Poisson regression",
                 OneMatrix(1, m) * (X * w).applyfunc(exp) - y.T * X * w, w, "hessian", {w: "small"},
                 X.T * DiagMatrix((X * w).applyfunc(exp)) * X),
    ]


def of_matrix_losses():
    """Of matrix losses, in vec form."""
    X = matrix("X", m, n)
    W = matrix("W", n, p)
    Y = matrix("Y", m, p)
    return [
        Identity("ml13h", "machine learning", "batch least squares",
                 Trace((X * W - Y).T * (X * W - Y)), W, "vec hessian", {}, 2 * KroneckerProduct(Eye(p), X.T * X)),
    ]


def of_a_factorisation():
    """Of a matrix factorisation, in vec form."""
    U = matrix("U", p, m)
    V = matrix("V", p, n)
    Y = matrix("Y", m, n)
    return [
        Identity("ml7h", "Laue et al.", "matrix factorization by U",
                 Trace((Y - U.T * V).T * (Y - U.T * V)), U, "vec hessian", {}, 2 * KroneckerProduct(Eye(m), V * V.T)),
    ]


def of_densities():
    """Of a density and a barrier."""
    x, mu = columns("x mu", n)
    Sigma = matrix("Sigma", n, n)
    A = matrix("A", m, n)
    b = column("b", m)
    density = -n * log(2 * pi) / 2 - log(Determinant(Sigma)) / 2 - value((x - mu).T * Sigma.I * (x - mu)) / 2
    return [
        Identity("mc8e", "Matrix Cookbook 8", "Gaussian log-density by the mean",
                 density, mu, "hessian", {Sigma: "spd"}, -Sigma.I),
        Identity("ml29h", "machine learning", "log barrier",
                 -OneMatrix(1, m) * (b - A * x).applyfunc(log), x, "hessian", {A: "unit", x: "small", b: "positive"},
                 A.T * DiagMatrix(HadamardPower(b - A * x, -2)) * A),
    ]


IDENTITIES = [
    *of_forms(), *of_norms(), *of_traces(), *of_traces_of_powers(), *of_matrix_forms(), *of_determinants(),
    *of_losses(), *of_matrix_losses(), *of_a_factorisation(), *of_densities(),
]
