"""Likelihoods, divergences and moments."""
from sympy import Determinant, Trace, exp, log, pi, symbols
from sympy.matrices.expressions import HadamardPower, HadamardProduct, OneMatrix

from ..identity import Identity
from ..symbols import Eye, column, columns, m, matrices, matrix, n, value


def gaussian():
    """The log-density of a normal distribution."""
    x, mu = columns("x mu", n)
    Sigma, P = matrices("Sigma P", n, n)
    density = -n * log(2 * pi) / 2 - log(Determinant(Sigma)) / 2 - value((x - mu).T * Sigma.I * (x - mu)) / 2
    return [
        Identity("mc8a", "Matrix Cookbook 8", "Gaussian log-density by x",
                 density, x, "gradient", {Sigma: "spd"}, -Sigma.I * (x - mu)),
        Identity("mc8c", "Matrix Cookbook 8", "Gaussian log-density by covariance",
                 density, Sigma, "gradient", {Sigma: "spd"}, (Sigma.I * (x - mu) * (x - mu).T * Sigma.I - Sigma.I) / 2),
        Identity("mc8cg", "Matrix Cookbook 8", "Gaussian log-density by a covariance not assumed symmetric",
                 density, Sigma, "gradient", {Sigma: "posdet"}, (Sigma.I.T * (x - mu) * (x - mu).T * Sigma.I.T - Sigma.I.T) / 2),
        Identity("mc8d", "Matrix Cookbook 8", "Gaussian log-density by precision",
                 log(Determinant(P)) / 2 - value((x - mu).T * P * (x - mu)) / 2, P, "gradient", {P: "spd"},
                 (P.I - (x - mu) * (x - mu).T) / 2),
        Identity("mc8d1", "Matrix Cookbook 8", "Gaussian log-density by precision, trace form",
                 log(Determinant(P)) / 2 - Trace(P * (x - mu) * (x - mu).T) / 2, P, "gradient", {P: "spd"},
                 (P.I - (x - mu) * (x - mu).T) / 2),
        Identity("ml9", "machine learning", "Mahalanobis squared distance by x",
                 (x - mu).T * Sigma.I * (x - mu), x, "gradient", {Sigma: "spd"}, 2 * Sigma.I * (x - mu)),
    ]


def other_densities():
    """Other log-densities."""
    x = column("x", n)
    P, X, V = matrices("P X V", n, n)
    c = symbols("c", positive=True)
    return [
        Identity("mc8i", "Matrix Cookbook 7.6", "Student-t kernel log(1 + x'Px/c) by x",
                 log(1 + value(x.T * P * x) / c), x, "gradient", {P: "spd"}, 2 * P * x / (c + value(x.T * P * x))),
        Identity("mc8k", "Matrix Cookbook 7.9", "Wishart log-density by X",
                 (c - n - 1) * log(Determinant(X)) / 2 - Trace(V.I * X) / 2, X, "gradient", {X: "spd", V: "spd"},
                 (c - n - 1) * X.I / 2 - V.I / 2),
    ]


def mixture():
    """A mixture of two normal densities."""
    x, mu, nu = columns("x mu nu", n)
    c = symbols("c", real=True)
    first = c * exp(-value((x - mu).T * (x - mu)) / 2)
    second = (1 - c) * exp(-value((x - nu).T * (x - nu)) / 2)
    return [
        Identity("mc8g", "Matrix Cookbook 8.4", "two-component mixture log density by mean",
                 log(first + second), mu, "gradient", {c: "unit", x: "small", mu: "small", nu: "small"},
                 first / (first + second) * (x - mu)),
    ]


def divergences():
    """Entropies and divergences."""
    Sigma, R, L = matrices("Sigma R L", n, n)
    p, q = columns("p q", n)
    return [
        Identity("mc8l", "folklore", "KL divergence of Gaussians by covariance",
                 (Trace(R.I * Sigma) - log(Determinant(Sigma)) + log(Determinant(R)) - n) / 2,
                 Sigma, "gradient", {Sigma: "spd", R: "spd"},
                 (R.I - Sigma.I) / 2),
        Identity("ml20", "machine learning", "entropy of a distribution",
                 -p.T * p.applyfunc(log), p, "gradient", {p: "prob"}, -p.applyfunc(log) - OneMatrix(n, 1)),
        Identity("ml20k", "machine learning", "KL divergence by p",
                 p.T * (p.applyfunc(log) - q.applyfunc(log)), p, "gradient", {p: "prob", q: "prob"},
                 p.applyfunc(log) - q.applyfunc(log) + OneMatrix(n, 1)),
        Identity("ml20q", "machine learning", "KL divergence by q",
                 p.T * (p.applyfunc(log) - q.applyfunc(log)), q, "gradient", {p: "prob", q: "prob"},
                 -HadamardProduct(p, HadamardPower(q, -1))),
        Identity("ml30", "machine learning", "tr LL' - log det LL'",
                 Trace(L * L.T) - log(Determinant(L * L.T)), L, "gradient", {L: "invertible"}, 2 * L - 2 * L.I.T),
    ]


def moments():
    """Centering and variance."""
    x = column("x", n)
    return [
        Identity("ml25", "machine learning", "centering: x - mean(x)",
                 x - OneMatrix(n, 1) * OneMatrix(1, n) * x / n, x, "jacobian", {}, Eye(n) - OneMatrix(n, n) / n),
        Identity("ml26", "machine learning", "variance of a vector",
                 x.T * (Eye(n) - OneMatrix(n, n) / n) * x / n, x, "gradient", {}, 2 * ((Eye(n) - OneMatrix(n, n) / n) * x) / n),
    ]


def regression():
    """Likelihoods by the noise."""
    y = column("y", m)
    X = matrix("X", m, n)
    w = column("w", n)
    c = symbols("c", positive=True)
    return [
        Identity("mk11", "Minka", "Gaussian regression by the noise precision",
                 m * log(c) / 2 - c * value((y - X * w).T * (y - X * w)) / 2, c, "derivative", {},
                 m / (2 * c) - value((y - X * w).T * (y - X * w)) / 2),
    ]


def gaussian_process():
    """The marginal likelihood of a Gaussian process."""
    y = column("y", n)
    C = matrix("C", n, n)
    c = symbols("c", positive=True)
    return [
        Identity("ml15c", "machine learning", "GP marginal likelihood by noise variance",
                 -value(y.T * (C + c * Eye(n)).I * y) / 2 - log(Determinant(C + c * Eye(n))) / 2, c, "derivative", {C: "spd"},
                 value(y.T * (C + c * Eye(n)).I**2 * y) / 2 - Trace((C + c * Eye(n)).I) / 2),
    ]


IDENTITIES = [
    *gaussian(), *other_densities(), *mixture(), *divergences(), *moments(), *regression(),
    *gaussian_process(),
]
