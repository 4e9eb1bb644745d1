"""Inverses, resolvents and projections."""
from sympy import Determinant, Trace, symbols
from sympy.matrices.expressions import KroneckerProduct

from ...nodes import CommutationMatrix, MatrixUnit, PseudoInverse, Vec
from ..identity import Identity
from ..symbols import TALL, Eye, column, columns, m, matrices, matrix, n, p


def square():
    """Scalars of an inverse."""
    X, A = matrices("X A", n, n)
    a, b = columns("a b", n)
    return [
        Identity("mc61", "Matrix Cookbook 2.2", "a' X^-1 b",
                 a.T * X.I * b, X, "gradient", {X: "invertible"}, -X.I.T * a * b.T * X.I.T),
        Identity("mc22a", "Minka", "tr A X^-1", Trace(A * X.I), X, "gradient", {X: "invertible"}, -(X.I * A * X.I).T),
        Identity("mc22e", "folklore", "tr X^-1 X^-T",
                 Trace(X.I * X.I.T), X, "gradient", {X: "invertible"}, -2 * X.I.T * X.I * X.I.T),
    ]


def sandwiched():
    """A product around an inverse."""
    X = matrix("X", n, n)
    A = matrix("A", m, n)
    B = matrix("B", n, m)
    return [
        Identity("mc63", "Matrix Cookbook 2.2", "tr A X^-1 B",
                 Trace(A * X.I * B), X, "gradient", {X: "invertible"}, -(X.I * B * A * X.I).T),
        Identity("mc124", "Matrix Cookbook 2.5", "tr AX^-1B",
                 Trace(A * X.I * B), X, "gradient", {X: "invertible"}, -X.T.I * A.T * B.T * X.T.I),
    ]


def as_matrices():
    """Inverses as matrices, in vec form."""
    X = matrix("X", n, n)
    A = matrix("A", m, n)
    B = matrix("B", n, p)
    a = column("a", n)
    return [
        Identity("mc22b", "Magnus & Neudecker 9", "A X^-1 B",
                 A * X.I * B, X, "vec jacobian", {X: "invertible"}, -KroneckerProduct((X.I * B).T, A * X.I)),
        Identity("mc22c", "Magnus & Neudecker 9", "X^-1 a",
                 X.I * a, X, "vec jacobian", {X: "invertible"}, -KroneckerProduct((X.I * a).T, X.I)),
        Identity("mn47", "Magnus & Neudecker 9", "det(X) X^-1 (adjugate)",
                 Determinant(X) * X.I, X, "vec jacobian", {X: "invertible"},
                 Determinant(X) * (Vec(X.I) * Vec(X.I.T).T - KroneckerProduct(X.I.T, X.I))),
    ]


def by_an_entry():
    """An inverse by one of its entries."""
    X = matrix("X", n, n)
    i, j = symbols("i j", integer=True, nonnegative=True)
    return [
        Identity("mc60m", "Matrix Cookbook 2.2", "inverse by an entry",
                 X.I, X[i, j], "derivative", {X: "invertible", i: "index:n", j: "index:n"}, -X.I * MatrixUnit(n, n, i, j) * X.I),
    ]


def by_a_scalar():
    """An inverse by a scalar."""
    A, B, X = matrices("A B X", n, n)
    t, z = symbols("t z", real=True)
    return [
        Identity("mc59", "Matrix Cookbook 2.2", "inverse of A+tB by t",
                 (A + t * B).I, t, "derivative", {A: "invertible", B: "small"}, -(A + t * B).I * B * (A + t * B).I),
        Identity("mc22i", "Minka", "trace of the resolvent by z",
                 Trace((z * Eye(n) - X).I), z, "derivative", {X: "spd"}, -Trace((z * Eye(n) - X).I**2)),
    ]


def chain():
    """The inverse as an inner function."""
    A, B = matrices("A B", n, n)
    x = column("x", n)
    return [
        Identity("mc65", "Matrix Cookbook 2.2", "tr B A^-1 A^-T",
                 Trace(B * A.I * A.I.T), A, "gradient", {A: "invertible", B: "symmetric"}, -A.I.T * (B + B.T) * A.I * A.I.T),
        Identity("mc22g", "folklore", "x'(A + xx')^-1 x",
                 x.T * (A + x * x.T).I * x, x, "gradient", {A: "spd"},
                 2 * (A + x * x.T).I * x - 2 * (A + x * x.T).I * x * (x.T * (A + x * x.T).I * x)),
    ]


def of_a_gram_matrix():
    """A quadratic form of the inverse of a matrix plus XX'."""
    y = column("y", m)
    A = matrix("A", m, m)
    X = matrix("X", m, n)
    return [
        Identity("mk9", "Minka", "y'(A + X X')^-1 y by X",
                 y.T * (A + X * X.T).I * y, X, "gradient", {A: "spd"}, -2 * (A + X * X.T).I * y * y.T * (A + X * X.T).I * X),
    ]


def projections():
    """Projections and the pseudo-inverse, with a tall X."""
    X = matrix("X", m, n)
    A, C = matrices("A C", m, m)
    B = matrix("B", n, n)
    return [
        Identity("mc22j", "folklore", "projection trace tr(A X (X'X)^-1 X')",
                 Trace(A * X * (X.T * X).I * X.T), X, "gradient", TALL | {A: "symmetric"},
                 2 * ((Eye(m) - X * (X.T * X).I * X.T) * A * X * (X.T * X).I)),
        Identity("mn40", "Magnus & Neudecker 9", "projection trace tr(X (X'X)^-1 X'A)",
                 Trace(X * (X.T * X).I * X.T * A), X, "gradient", TALL, (Eye(m) - X * (X.T * X).I * X.T) * (A + A.T) * X * (X.T * X).I),
        Identity("mc125", "Matrix Cookbook 2.5", "tr (X'CX)^-1 B",
                 Trace((X.T * C * X).I * B), X, "gradient", TALL | {C: "spd"},
                 -(C * X * (X.T * C * X).I) * (B + B.T) * (X.T * C * X).I),
        Identity("mn12", "Magnus & Neudecker 9", "X^+ (full column rank)",
                 PseudoInverse(X), X, "vec jacobian", TALL,
                 -KroneckerProduct(PseudoInverse(X).T, PseudoInverse(X))
                 + KroneckerProduct(Eye(m) - X * PseudoInverse(X), (X.T * X).I) * CommutationMatrix(m, n)),
    ]


IDENTITIES = [
    *square(), *sandwiched(), *as_matrices(), *by_an_entry(), *by_a_scalar(), *chain(), *of_a_gram_matrix(),
    *projections(),
]
