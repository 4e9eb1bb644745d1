"""Eigenvalues and eigenvectors."""
from sympy import Determinant, Trace, symbols

from ...nodes import Eigenvalue, EigenvalueProduct, EigenvalueSum, Eigenvector, PseudoInverse
from ..identity import Identity
from ..symbols import Eye, matrices, matrix, n


def eigenvalues():
    """Sums, products and single eigenvalues."""
    X = matrix("X", n, n)
    i = symbols("i", integer=True, nonnegative=True)
    return [
        Identity("mc66", "Matrix Cookbook 2.3", "sum of the eigenvalues", EigenvalueSum(X), X, "gradient", {}, Eye(n)),
        Identity("mc67", "Matrix Cookbook 2.3", "product of the eigenvalues",
                 EigenvalueProduct(X), X, "gradient", {X: "invertible"}, Determinant(X) * X.I.T),
        Identity("mc23s", "Magnus & Neudecker 9", "sum of squared eigenvalues = tr X^2", Trace(X**2), X, "gradient", {}, 2 * X.T),
        Identity("mc68", "Matrix Cookbook 2.3", "simple eigenvalue of a symmetric matrix",
                 Eigenvalue(X, i), X, "gradient", {X: "symmetric", i: "index:n"}, Eigenvector(X, i) * Eigenvector(X, i).T),
    ]


def eigenvectors():
    """An eigenvector along a line of symmetric matrices."""
    A, B = matrices("A B", n, n)
    t = symbols("t", real=True)
    i = symbols("i", integer=True, nonnegative=True)
    return [
        Identity("mc69e", "Matrix Cookbook 2.3", "eigenvector of a symmetric matrix along A+tB",
                 Eigenvector(A + t * B, i), t, "derivative", {A: "symmetric", B: "symmetric", i: "index:n"},
                 PseudoInverse(Eigenvalue(A + t * B, i) * Eye(n) - (A + t * B)) * B * Eigenvector(A + t * B, i)),
    ]


IDENTITIES = [*eigenvalues(), *eigenvectors()]
