"""Functions of a square matrix: exponential, logarithm, square root, sine."""
from sympy import Determinant, Trace, exp, symbols

from ...nodes import MatrixCos, MatrixExp, MatrixLog, MatrixSin, MatrixSqrt
from ..identity import Identity
from ..symbols import Eye, matrices, n


def under_a_trace():
    """Under a trace or a determinant."""
    X, A = matrices("X A", n, n)
    return [
        Identity("mc128", "Matrix Cookbook 2.5", "tr sin(X)", Trace(MatrixSin(X)), X, "gradient", {}, MatrixCos(X).T),
        Identity("mc128l", "Magnus & Neudecker 9", "tr log(X)", Trace(MatrixLog(X)), X, "gradient", {X: "spd"}, X.I.T),
        Identity("mc128s", "folklore", "tr sqrt(X)", Trace(MatrixSqrt(X)), X, "gradient", {X: "spd"}, MatrixSqrt(X).I.T / 2),
        Identity("mc10c", "Matrix Cookbook 10.1", "det exp(A) = exp tr A",
                 Determinant(MatrixExp(A)), A, "gradient", {A: "small"}, exp(Trace(A)) * Eye(n)),
    ]


def by_a_scalar():
    """The exponential of a multiple of a matrix."""
    A, B = matrices("A B", n, n)
    t = symbols("t", real=True)
    return [
        Identity("mc10a", "Matrix Cookbook 10.1", "d exp(tA)/dt",
                 MatrixExp(t * A), t, "derivative", {A: "small"}, A * MatrixExp(t * A)),
        Identity("mc10b", "Matrix Cookbook 10.1", "d tr exp(tA)/dt",
                 Trace(MatrixExp(t * A)), t, "derivative", {A: "small"}, Trace(A * MatrixExp(t * A))),
        Identity("mk10", "Minka", "tr(A exp(tB)) by t",
                 Trace(A * MatrixExp(t * B)), t, "derivative", {B: "small"}, Trace(A * B * MatrixExp(t * B))),
    ]


IDENTITIES = [*under_a_trace(), *by_a_scalar()]
