"""Traces."""
from sympy import Trace, exp, symbols
from sympy.matrices.expressions import DiagMatrix, KroneckerProduct
from sympy.matrices.expressions.diagonal import DiagonalOf

from ..identity import Identity
from ..symbols import Eye, column, m, matrices, matrix, n, p, q


def product():
    """Of a product with X."""
    X = matrix("X", m, n)
    A = matrix("A", n, m)
    return [
        Identity("mc100", "Matrix Cookbook 2.5", "tr XA", Trace(X * A), X, "gradient", {}, A.T),
        Identity("mk1", "Minka", "tr AX", Trace(A * X), X, "gradient", {}, A.T),
        Identity("mc25d", "folklore", "exp(tr(AX))", exp(Trace(A * X)), X, "gradient", {X: "small"}, exp(Trace(A * X)) * A.T),
    ]


def sandwich():
    """Of a product around X."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    B = matrix("B", n, p)
    return [
        Identity("mc101", "Matrix Cookbook 2.5", "tr AXB", Trace(A * X * B), X, "gradient", {}, A.T * B.T),
        Identity("mc25i", "folklore", "tr of AXB by A", Trace(A * X * B), A, "gradient", {}, (X * B).T),
    ]


def inner_product():
    """The inner product of two matrices."""
    X, A = matrices("X A", m, n)
    return [
        Identity("mc103", "Matrix Cookbook 2.5", "tr X'A", Trace(X.T * A), X, "gradient", {}, A),
        Identity("mc104", "Matrix Cookbook 2.5", "tr AX'", Trace(A * X.T), X, "gradient", {}, A),
    ]


def powers():
    """Of powers of a square X, and functions of its trace."""
    X, B, A = matrices("X B A", n, n)
    c = symbols("c", real=True)
    return [
        Identity("mc99", "Matrix Cookbook 2.5", "tr X", Trace(X), X, "gradient", {}, Eye(n)),
        Identity("mc120b", "Matrix Cookbook 2.5", "(tr X)^2", Trace(X)**2, X, "gradient", {}, 2 * Trace(X) * Eye(n)),
        Identity("mc25e", "folklore", "1/tr(X)", 1 / Trace(X), X, "gradient", {X: "spd"}, -Eye(n) / Trace(X)**2),
        Identity("mc106", "Matrix Cookbook 2.5", "tr X^2", Trace(X**2), X, "gradient", {}, 2 * X.T),
        Identity("mc107", "Matrix Cookbook 2.5", "tr X^2 B", Trace(X**2 * B), X, "gradient", {}, (X * B + B * X).T),
        Identity("mc121_3", "Matrix Cookbook 2.5", "tr X^3", Trace(X**3), X, "gradient", {}, 3 * (X**2).T),
        Identity("mc122_3", "Matrix Cookbook 2.5", "tr AX^3",
                 Trace(A * X**3), X, "gradient", {}, (X**2 * A + X * A * X + A * X**2).T),
        Identity("mc121_5", "Matrix Cookbook 2.5", "tr X^5", Trace(X**5), X, "gradient", {}, 5 * (X**4).T),
        Identity("mc128p", "folklore", "polynomial of X under the trace",
                 Trace(X**3 + c * X**2 - X), X, "gradient", {}, (3 * X**2 + 2 * c * X - Eye(n)).T),
    ]


def gram():
    """Quadratic and quartic in X."""
    X = matrix("X", m, n)
    B = matrix("B", m, m)
    A = matrix("A", n, n)
    return [
        Identity("mc115", "Matrix Cookbook 2.5", "tr X'X", Trace(X.T * X), X, "gradient", {}, 2 * X),
        Identity("mc115b", "Matrix Cookbook 2.5", "tr XX'", Trace(X * X.T), X, "gradient", {}, 2 * X),
        Identity("mc108", "Matrix Cookbook 2.5", "tr X'BX", Trace(X.T * B * X), X, "gradient", {}, B * X + B.T * X),
        Identity("mc109", "Matrix Cookbook 2.5", "tr BXX'", Trace(B * X * X.T), X, "gradient", {}, B * X + B.T * X),
        Identity("mc110", "Matrix Cookbook 2.5", "tr XX'B", Trace(X * X.T * B), X, "gradient", {}, B * X + B.T * X),
        Identity("mn26", "Magnus & Neudecker 9", "tr(A X' B X)",
                 Trace(A * X.T * B * X), X, "gradient", {}, B * X * A + B.T * X * A.T),
        Identity("mc25b", "folklore", "tr X'X X'X", Trace(X.T * X * X.T * X), X, "gradient", {}, 4 * X * X.T * X),
    ]


def gram_right():
    """Quadratic in X, with the constant on its right."""
    X = matrix("X", m, n)
    B = matrix("B", n, n)
    A = matrix("A", p, m)
    C = matrix("C", m, p)
    return [
        Identity("mc111", "Matrix Cookbook 2.5", "tr XBX'", Trace(X * B * X.T), X, "gradient", {}, X * B.T + X * B),
        Identity("mc112", "Matrix Cookbook 2.5", "tr BX'X", Trace(B * X.T * X), X, "gradient", {}, X * B.T + X * B),
        Identity("mc118", "Matrix Cookbook 2.5", "tr AXBX'C",
                 Trace(A * X * B * X.T * C), X, "gradient", {}, A.T * C.T * X * B.T + C * A * X * B),
    ]


def alternating():
    """X twice, not transposed."""
    A, B = matrices("A B", n, m)
    X = matrix("X", m, n)
    return [
        Identity("mc114", "Matrix Cookbook 2.5", "tr AXBX",
                 Trace(A * X * B * X), X, "gradient", {}, A.T * X.T * B.T + B.T * X.T * A.T),
    ]


def between():
    """X'CX between B' and B."""
    X = matrix("X", m, n)
    B = matrix("B", n, p)
    C = matrix("C", m, m)
    return [
        Identity("mc116", "Matrix Cookbook 2.5", "tr B'X'CXB",
                 Trace(B.T * X.T * C * X * B), X, "gradient", {}, C.T * X * B * B.T + C * X * B * B.T),
        Identity("mc123", "Matrix Cookbook 2.5", "tr B'X'CXX'CXB",
                 Trace(B.T * X.T * C * X * X.T * C * X * B), X, "gradient", {},
                 C * X * X.T * C * X * B * B.T + C.T * X * B * B.T * X.T * C.T * X + C * X * B * B.T * X.T * C * X
                 + C.T * X * X.T * C.T * X * B * B.T),
    ]


def quartic():
    """Two Gram matrices."""
    A, B = matrices("A B", m, m)
    X = matrix("X", m, n)
    return [
        Identity("mc25a", "folklore", "tr AXX'BXX'",
                 Trace(A * X * X.T * B * X * X.T), X, "gradient", {},
                 A.T * X * X.T * B.T * X + B * X * X.T * A * X + B.T * X * X.T * A.T * X + A * X * X.T * B * X),
    ]


def residuals():
    """Squared residuals."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    B = matrix("B", n, q)
    C = matrix("C", p, q)
    return [
        Identity("mc119", "Matrix Cookbook 2.5", "tr (AXB+C)(AXB+C)'",
                 Trace((A * X * B + C) * (A * X * B + C).T), X, "gradient", {}, 2 * A.T * (A * X * B + C) * B.T),
    ]


def affine():
    """Quadratic in an affine map."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    B = matrix("B", p, n)
    C = matrix("C", p, p)
    return [
        Identity("mk12", "Minka", "tr((AX+B)'C(AX+B))",
                 Trace((A * X + B).T * C * (A * X + B)), X, "gradient", {}, A.T * (C + C.T) * (A * X + B)),
    ]


def diagonals():
    """Diagonals under a trace."""
    A, X = matrices("A X", n, n)
    x = column("x", n)
    B = matrix("B", m, m)
    return [
        Identity("mc25g", "folklore", "diagonal part: tr(A diag(x))", Trace(A * DiagMatrix(x)), x, "gradient", {}, DiagonalOf(A)),
        Identity("mn41", "Magnus & Neudecker 9", "x'diag(A), by A", x.T * DiagonalOf(A), A, "gradient", {}, DiagMatrix(x)),
        Identity("mc105", "Matrix Cookbook 2.5", "tr B kron X",
                 Trace(KroneckerProduct(B, X)), X, "gradient", {}, Trace(B) * Eye(n)),
    ]


IDENTITIES = [
    *product(), *sandwich(), *inner_product(), *powers(), *gram(), *gram_right(), *alternating(), *between(),
    *quartic(), *residuals(), *affine(), *diagonals(),
]
