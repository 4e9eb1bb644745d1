"""Derivatives in vec form, and Kronecker products."""
from sympy import Trace
from sympy.matrices.expressions import DiagMatrix, HadamardProduct, KroneckerProduct

from ...nodes import CommutationMatrix, Vec
from ..identity import Identity
from ..symbols import Eye, column, m, matrices, matrix, n, p, q, value


def vec():
    """The vec of a product."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    B = matrix("B", n, q)
    return [
        Identity("mc10d", "Matrix Cookbook 10.2", "vec(AXB) by vec X",
                 Vec(A * X * B), X, "vec jacobian", {}, KroneckerProduct(B.T, A)),
        Identity("mn44", "Magnus & Neudecker 9", "vec of XX'",
                 Vec(X * X.T), X, "vec jacobian", {}, (Eye(m * m) + CommutationMatrix(m, m)) * KroneckerProduct(X, Eye(m))),
    ]


def inner_product():
    """The inner product of two vecs."""
    A, X = matrices("A X", m, n)
    return [
        Identity("mc10e", "Matrix Cookbook 10.2", "vec(A)'vec(X)", Vec(A).T * Vec(X), X, "gradient", {}, A),
    ]


def products():
    """Products of X with itself."""
    X, B = matrices("X B", m, n)
    A = matrix("A", n, m)
    x = column("x", n)
    C = matrix("C", m, p)
    return [
        Identity("mn4", "Magnus & Neudecker 9", "XX'",
                 X * X.T, X, "vec jacobian", {}, (Eye(m * m) + CommutationMatrix(m, m)) * KroneckerProduct(X, Eye(m))),
        Identity("mn5", "Magnus & Neudecker 9", "X'X",
                 X.T * X, X, "vec jacobian", {}, (Eye(n * n) + CommutationMatrix(n, n)) * KroneckerProduct(Eye(n), X.T)),
        Identity("mn8", "Magnus & Neudecker 9", "X A X",
                 X * A * X, X, "vec jacobian", {}, KroneckerProduct((A * X).T, Eye(m)) + KroneckerProduct(Eye(n), X * A)),
        Identity("mn10", "Magnus & Neudecker 9", "X'B X'",
                 X.T * B * X.T, X, "vec jacobian", {},
                 (KroneckerProduct(X * B.T, Eye(n)) + KroneckerProduct(Eye(m), X.T * B)) * CommutationMatrix(m, n)),
        Identity("mn45", "Magnus & Neudecker 9", "(x'x) C by x", value(x.T * x) * C, x, "vec jacobian", {}, 2 * Vec(C) * x.T),
    ]


def powers():
    """Powers of a square X."""
    X = matrix("X", n, n)
    return [
        Identity("mn6", "Magnus & Neudecker 9", "X^2",
                 X**2, X, "vec jacobian", {}, KroneckerProduct(X.T, Eye(n)) + KroneckerProduct(Eye(n), X)),
        Identity("mn7", "Magnus & Neudecker 9", "X^3",
                 X**3, X, "vec jacobian", {},
                 KroneckerProduct((X**2).T, Eye(n)) + KroneckerProduct(X.T, X) + KroneckerProduct(Eye(n), X**2)),
        Identity("mn46", "Magnus & Neudecker 9", "(tr X) X",
                 Trace(X) * X, X, "vec jacobian", {}, Trace(X) * Eye(n * n) + Vec(X) * Vec(Eye(n)).T),
    ]


def elementwise():
    """Elementwise products."""
    A, X = matrices("A X", m, n)
    return [
        Identity("mn14", "Magnus & Neudecker 9", "A o X", HadamardProduct(A, X), X, "vec jacobian", {}, DiagMatrix(Vec(A))),
        Identity("mn15", "Magnus & Neudecker 9", "X o X", HadamardProduct(X, X), X, "vec jacobian", {}, 2 * DiagMatrix(Vec(X))),
    ]


def kronecker():
    """Kronecker products."""
    X = matrix("X", m, n)
    A = matrix("A", p, q)
    x = column("x", m)
    a = column("a", n)
    return [
        Identity("mc39r", "Matrix Cookbook 2", "Kronecker product by the right factor",
                 KroneckerProduct(A, X), X, "vec jacobian", {},
                 KroneckerProduct(Eye(q), CommutationMatrix(n, p), Eye(m)) * KroneckerProduct(Vec(A), Eye(m * n))),
        Identity("mn48", "Magnus & Neudecker 9", "kron of vectors x kron a",
                 KroneckerProduct(x, a), x, "jacobian", {}, KroneckerProduct(Eye(m), a)),
        Identity("mn49", "Magnus & Neudecker 9", "kron of vectors a kron x",
                 KroneckerProduct(a, x), x, "jacobian", {}, KroneckerProduct(a, Eye(m))),
        Identity("mn50", "Magnus & Neudecker 9", "x kron x",
                 KroneckerProduct(x, x), x, "jacobian", {}, KroneckerProduct(Eye(m), x) + KroneckerProduct(x, Eye(m))),
    ]


IDENTITIES = [*vec(), *inner_product(), *products(), *powers(), *elementwise(), *kronecker()]
