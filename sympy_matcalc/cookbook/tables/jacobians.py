"""Linear and affine maps of vectors."""
from sympy.matrices.expressions import KroneckerProduct

from ..identity import Identity
from ..symbols import Eye, column, columns, m, matrix, n, p


def affine():
    """A matrix times a vector."""
    A = matrix("A", m, n)
    v, x = columns("v x", n)
    b = column("b", m)
    return [
        Identity("mc24a", "folklore", "A v by v", A * v, v, "jacobian", {}, A),
        Identity("mc24b", "folklore", "A v by A", A * v, A, "vec jacobian", {}, KroneckerProduct(v.T, Eye(m))),
        Identity("mc24d", "folklore", "b'A by b", b.T * A, b, "jacobian", {}, A.T),
        Identity("mc24e", "folklore", "v'A' (row) by v", v.T * A.T, v, "jacobian", {}, A),
        Identity("mc24f", "folklore", "identity map", x, x, "jacobian", {}, Eye(n)),
        Identity("mc24g", "folklore", "affine map A x + b", A * x + b, x, "jacobian", {}, A),
        Identity("mc24h", "folklore", "affine map by b", A * x + b, b, "jacobian", {}, Eye(m)),
    ]


def products():
    """Products of vectors."""
    x, a = columns("x a", n)
    b = column("b", m)
    A = matrix("A", m, n)
    X = matrix("X", n, p)
    v = column("v", p)
    return [
        Identity("mc24k", "folklore", "x x' by x",
                 x * x.T, x, "vec jacobian", {}, KroneckerProduct(x, Eye(n)) + KroneckerProduct(Eye(n), x)),
        Identity("mc24l", "folklore", "(x'a) b by x", b * (a.T * x), x, "jacobian", {}, b * a.T),
        Identity("mc24i", "folklore", "A X v by X", A * X * v, X, "vec jacobian", {}, KroneckerProduct(v.T, A)),
    ]


def of_a_matrix():
    """A matrix times a vector, by the matrix."""
    X = matrix("X", m, n)
    a = column("a", n)
    b = column("b", m)
    return [
        Identity("mn16", "Magnus & Neudecker 9", "Xa", X * a, X, "vec jacobian", {}, KroneckerProduct(a.T, Eye(m))),
        Identity("mn17", "Magnus & Neudecker 9", "X'b", X.T * b, X, "vec jacobian", {}, KroneckerProduct(Eye(n), b.T)),
    ]


IDENTITIES = [*affine(), *products(), *of_a_matrix()]
