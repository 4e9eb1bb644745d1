"""Derivatives of and by single entries."""
from sympy import KroneckerDelta, Trace, symbols

from ...nodes import MatrixUnit
from ..identity import Identity
from ..symbols import column, entry, m, matrix, n, p


def of_entries():
    """One entry by one entry."""
    X = matrix("X", m, n)
    A = matrix("A", n, p)
    i, j, k, l = symbols("i j k l", integer=True, nonnegative=True)
    B = matrix("B", m, m)
    v = column("v", n)
    C = matrix("C", n, m)
    return [
        Identity("mc74e", "Matrix Cookbook 2.4", "entry of XA by an entry",
                 entry(X * A, k, l), X[i, j], "derivative", {i: "index:m", j: "index:n", k: "index:m", l: "index:p"},
                 KroneckerDelta(k, i) * A[j, l]),
        Identity("mc79", "Matrix Cookbook 2.4", "entry of X'BX by an entry",
                 entry(X.T * B * X, k, l), X[i, j], "derivative", {i: "index:m", j: "index:n", k: "index:n", l: "index:n"},
                 KroneckerDelta(l, j) * entry(X.T * B, k, i) + KroneckerDelta(k, j) * entry(B * X, i, l)),
        Identity("mc24m", "folklore", "element of X v by element of v",
                 entry(X * v, i, 0), v[j, 0], "derivative", {i: "index:m", j: "index:n"}, X[i, j]),
        Identity("mc25j", "Matrix Cookbook 2.5", "tr(XC) by one element",
                 Trace(X * C), X[i, j], "derivative", {i: "index:m", j: "index:n"}, C[j, i]),
    ]


def of_matrices():
    """A matrix by one entry."""
    X = matrix("X", m, n)
    B = matrix("B", m, m)
    i, j = symbols("i j", integer=True, nonnegative=True)
    return [
        Identity("mc80", "Matrix Cookbook 2.4", "X'BX by an entry",
                 X.T * B * X, X[i, j], "derivative", {i: "index:m", j: "index:n"},
                 X.T * B * MatrixUnit(m, n, i, j) + MatrixUnit(n, m, j, i) * B * X),
    ]


def of_a_power():
    """A power by one entry."""
    X = matrix("X", n, n)
    i, j = symbols("i j", integer=True, nonnegative=True)
    return [
        Identity("mc90", "Matrix Cookbook 2.4", "X^3 by an entry",
                 X**3, X[i, j], "derivative", {i: "index:n", j: "index:n"},
                 MatrixUnit(n, n, i, j) * X**2 + X * MatrixUnit(n, n, i, j) * X + X**2 * MatrixUnit(n, n, i, j)),
    ]


IDENTITIES = [*of_entries(), *of_matrices(), *of_a_power()]
