"""Determinants and their logarithms."""
from sympy import Abs, Determinant, Trace, exp, log, symbols
from sympy.matrices.expressions import MatMul

from ...nodes import PseudoInverse
from ..identity import Identity
from ..symbols import TALL, Eye, column, m, matrices, matrix, n, p


def square():
    """Of square matrices."""
    X, A, B = matrices("X A B", n, n)
    c = symbols("c", real=True)
    return [
        Identity("mc41", "Matrix Cookbook 2", "determinant",
                 Determinant(X), X, "gradient", {X: "invertible"}, Determinant(X) * X.I.T),
        Identity("mc49", "Matrix Cookbook 2.1", "det X",
                 Determinant(X), X, "gradient", {X: "invertible"}, Determinant(X) * X.T.I),
        Identity("mc43", "Matrix Cookbook 2", "log det", log(Determinant(X)), X, "gradient", {X: "posdet"}, X.I.T),
        Identity("mc57", "Matrix Cookbook 2.1", "log |det X|", log(Abs(Determinant(X))), X, "gradient", {X: "invertible"}, X.T.I),
        Identity("mc57s", "Matrix Cookbook 2.1", "half log det squared",
                 log(Determinant(X)**2) / 2, X, "gradient", {X: "invertible"}, X.T.I),
        Identity("mc51", "Matrix Cookbook 2.1", "det AXB",
                 Determinant(A * X * B), X, "gradient", {X: "invertible", A: "invertible", B: "invertible"},
                 MatMul(Determinant(A * X * B), X.T.I)),
        Identity("mc21b", "Minka", "log det(A X B)",
                 log(Determinant(A * X * B)), X, "gradient", {X: "spd", A: "spd", B: "spd"}, X.I.T),
        Identity("mc52", "Matrix Cookbook 2.1", "det X'AX, X square",
                 Determinant(X.T * A * X), X, "gradient", {X: "invertible", A: "invertible"},
                 MatMul(2, Determinant(X.T * A * X), X.T.I)),
        Identity("mn23", "Magnus & Neudecker 9", "|X^2|",
                 Determinant(X**2), X, "gradient", {X: "invertible"}, MatMul(2, Determinant(X**2), X.T.I)),
        Identity("mc62", "Matrix Cookbook 2.2", "det X^-1",
                 Determinant(X.I), X, "gradient", {X: "invertible"}, MatMul(-1, Determinant(X.I), X.T.I)),
        Identity("mc21g", "folklore", "det(AX + B)",
                 Determinant(A * X + B), X, "gradient", {A: "invertible", X: "invertible", B: "small"},
                 Determinant(A * X + B) * A.T * (A * X + B).I.T),
        Identity("mc21h", "folklore", "det(X^2 + A)",
                 Determinant(X**2 + A), X, "gradient", {A: "spd", X: "invertible"},
                 Determinant(X**2 + A) * (X.T * (X**2 + A).I.T + (X**2 + A).I.T * X.T)),
        Identity("mc21f", "folklore", "det(I + c X)",
                 Determinant(Eye(n) + c * X), X, "gradient", {X: "small"}, c * Determinant(Eye(n) + c * X) * (Eye(n) + c * X).I.T),
    ]


def powers():
    """Powers of and under a determinant."""
    X = matrix("X", n, n)
    k = symbols("k", integer=True, positive=True)
    return [
        Identity("mc58", "Matrix Cookbook 2.1", "det X^k",
                 Determinant(X**k), X, "gradient", {X: "invertible"}, k * Determinant(X**k) * X.I.T),
        Identity("mc58p", "Matrix Cookbook 2.1", "(det X)^k",
                 Determinant(X)**k, X, "gradient", {X: "posdet"}, k * Determinant(X)**k * X.I.T),
    ]


def rectangular():
    """Of products of rectangular matrices."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    B = matrix("B", n, p)
    return [
        Identity("mc51n", "Magnus & Neudecker 9", "det AXB with X rectangular",
                 Determinant(A * X * B), X, "gradient", {}, Determinant(A * X * B) * A.T * (A * X * B).T.I * B.T),
        Identity("mc21a", "Minka", "det(X X') rectangular",
                 Determinant(X * X.T), X, "gradient", {}, 2 * Determinant(X * X.T) * (X * X.T).I * X),
        Identity("mn21", "Magnus & Neudecker 9", "|XX'|",
                 Determinant(X * X.T), X, "gradient", {}, 2 * Determinant(X * X.T) * (X * X.T).I * X),
    ]


def middle_factor():
    """By the matrix in the middle."""
    X = matrix("X", m, n)
    A = matrix("A", n, n)
    return [
        Identity("mk8", "Minka", "log|XAX'| by A",
                 log(Determinant(X * A * X.T)), A, "gradient", {A: "spd"}, X.T * (X * A * X.T).I * X),
    ]


def gram():
    """Of X'AX with a tall X."""
    X = matrix("X", m, n)
    A = matrix("A", m, m)
    c = symbols("c", positive=True)
    return [
        Identity("mc55", "Matrix Cookbook 2.1", "log det X'X",
                 log(Determinant(X.T * X)), X, "gradient", TALL, 2 * X * (X.T * X).I),
        Identity("mc55p", "Matrix Cookbook 2.1", "log det X'X, answer with the pseudo-inverse",
                 log(Determinant(X.T * X)), X, "gradient", TALL, 2 * PseudoInverse(X).T),
        Identity("mc53", "Matrix Cookbook 2.1", "det X'AX, X tall, A symmetric",
                 Determinant(X.T * A * X), X, "gradient", TALL | {A: "spd"}, 2 * Determinant(X.T * A * X) * A * X * (X.T * A * X).I),
        Identity("mc54", "Matrix Cookbook 2.1", "det X'AX, X tall, A general",
                 Determinant(X.T * A * X), X, "gradient", TALL | {A: "invertible"},
                 Determinant(X.T * A * X) * (A * X * (X.T * A * X).I + A.T * X * (X.T * A.T * X).I)),
        Identity("mn24", "Magnus & Neudecker 9", "log|X'AX|, A spd",
                 log(Determinant(X.T * A * X)), X, "gradient", TALL | {A: "spd"}, 2 * A * X * (X.T * A * X).I),
        Identity("mc137", "Matrix Cookbook 2.8", "log det(X'X + cI)",
                 log(Determinant(X.T * X + c * Eye(n))), X, "gradient", {}, 2 * X * (X.T * X + c * Eye(n)).I),
    ]


def along_a_line():
    """Of a matrix that depends on a scalar."""
    A, B = matrices("A B", n, n)
    t = symbols("t", real=True)
    return [
        Identity("mc46", "Matrix Cookbook 2.1", "det(A + tB)",
                 Determinant(A + t * B), t, "derivative", {A: "invertible", B: "small"},
                 Determinant(A + t * B) * Trace((A + t * B).I * B)),
        Identity("mc46b", "Matrix Cookbook 2.1", "det(exp(t) A + B)",
                 Determinant(exp(t) * A + B), t, "derivative", {A: "invertible", B: "small"},
                 Determinant(exp(t) * A + B) * Trace((exp(t) * A + B).I * A) * exp(t)),
    ]


def rank_one():
    """Of a matrix plus a rank-one matrix."""
    A = matrix("A", n, n)
    x = column("x", n)
    return [
        Identity("mc21e", "folklore", "log det(A + x x')",
                 log(Determinant(A + x * x.T)), x, "gradient", {A: "spd"}, 2 * (A + x * x.T).I * x),
    ]


IDENTITIES = [*square(), *powers(), *rectangular(), *middle_factor(), *gram(), *along_a_line(), *rank_one()]
