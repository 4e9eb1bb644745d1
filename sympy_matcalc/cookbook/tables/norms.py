"""Norms of vectors and matrices."""
from sympy import Abs, Rational, Trace, exp, log, sign, sqrt
from sympy.matrices.expressions import DotProduct, OneMatrix

from ...nodes import MatrixSqrt, Norm, NuclearNorm
from ..identity import Identity
from ..symbols import TALL, Eye, column, columns, m, matrix, n, p, q, value


def euclidean():
    """The 2-norm of a vector and its powers."""
    x, a = columns("x a", n)
    return [
        Identity("mc131", "Matrix Cookbook 2.6", "||x||^2", x.T * x, x, "gradient", {}, 2 * x),
        Identity("mc129p", "Matrix Cookbook 2.6", "||x-a||",
                 sqrt(value((x - a).T * (x - a))), x, "gradient", {}, (x - a) / sqrt(value((x - a).T * (x - a)))),
        Identity("mc129m", "Matrix Cookbook 2.6", "||x-a||, root of a 1x1 matrix",
                 sqrt((x - a).T * (x - a)), x, "gradient", {}, (x - a) / sqrt(value((x - a).T * (x - a)))),
        Identity("mc129d", "Matrix Cookbook 2.6", "||x|| through DotProduct",
                 sqrt(DotProduct(x, x)), x, "gradient", {x: "nonzero"}, x / sqrt(DotProduct(x, x))),
        Identity("mc130", "Matrix Cookbook 2.6", "unit vector (x-a)/||x-a||",
                 (x - a) / sqrt(value((x - a).T * (x - a))), x, "jacobian", {},
                 Eye(n) / sqrt(value((x - a).T * (x - a))) - (x - a) * (x - a).T / value((x - a).T * (x - a))**Rational(3, 2)),
        Identity("mc26h", "folklore", "||x||^4", value(x.T * x)**2, x, "gradient", {}, 4 * value(x.T * x) * x),
        Identity("mc26i", "folklore", "||x||^4 as a 1x1 matrix power", (x.T * x)**2, x, "gradient", {}, 4 * x * (x.T * x)),
        Identity("mc26c", "folklore", "||x||_1", Norm(x, 1), x, "gradient", {}, x.applyfunc(sign)),
        Identity("mc26d", "folklore", "||x||_1 as a sum",
                 OneMatrix(1, n) * x.applyfunc(Abs), x, "gradient", {}, x.applyfunc(sign)),
        Identity("mc26j", "folklore", "cosine similarity",
                 value(a.T * x) / sqrt(value(a.T * a) * value(x.T * x)), x, "gradient", {x: "nonzero", a: "nonzero"},
                 a / sqrt(value(a.T * a) * value(x.T * x))
                 - value(a.T * x) / sqrt(value(a.T * a)) / value(x.T * x)**Rational(3, 2) * x),
    ]


def affine():
    """The norm of an affine map."""
    A = matrix("A", m, n)
    x = column("x", n)
    b = column("b", m)
    return [
        Identity("mc26a", "folklore", "||Ax-b||^2", (A * x - b).T * (A * x - b), x, "gradient", {}, 2 * A.T * (A * x - b)),
        Identity("mc26b", "folklore", "||Ax-b||",
                 sqrt(value((A * x - b).T * (A * x - b))), x, "gradient", {},
                 A.T * (A * x - b) / sqrt(value((A * x - b).T * (A * x - b)))),
    ]


def of_a_form():
    """Functions of a linear or quadratic form."""
    x, a = columns("x a", n)
    A = matrix("A", n, n)
    return [
        Identity("mc26l", "folklore", "Gaussian bump exp(-x'x/2)",
                 exp(-value(x.T * x) / 2), x, "gradient", {}, -exp(-value(x.T * x) / 2) * x),
        Identity("mc26o", "folklore", "log(x'Ax)",
                 log(x.T * A * x), x, "gradient", {A: "spd", x: "nonzero"}, (A + A.T) * x / value(x.T * A * x)),
        Identity("mc26p", "folklore", "exp(a'x)", exp(a.T * x), x, "gradient", {}, exp(value(a.T * x)) * a),
        Identity("mc26q", "folklore", "sqrt(x'Ax) by A",
                 sqrt(value(x.T * A * x)), A, "gradient", {A: "spd", x: "nonzero"}, x * x.T / (2 * sqrt(value(x.T * A * x)))),
    ]


def frobenius():
    """The Frobenius norm of a matrix."""
    X = matrix("X", m, n)
    A = matrix("A", m, m)
    return [
        Identity("mc132", "Matrix Cookbook 2.7", "||X||_F^2", Trace(X * X.T), X, "gradient", {}, 2 * X),
        Identity("mc132n", "Matrix Cookbook 2.7", "||X||_F^2 with Norm", Norm(X)**2, X, "gradient", {}, 2 * X),
        Identity("mc132g", "Matrix Cookbook 10.4", "||X||_F with Norm", Norm(X), X, "gradient", {}, X / Norm(X)),
        Identity("mc27d", "folklore", "||XX'-A||_F^2, A symmetric",
                 Trace((X * X.T - A) * (X * X.T - A).T), X, "gradient", {A: "symmetric"}, 4 * ((X * X.T - A) * X)),
        Identity("mc27e", "folklore", "orthogonality penalty ||X'X-I||_F^2",
                 Trace((X.T * X - Eye(n)).T * (X.T * X - Eye(n))), X, "gradient", {}, 4 * X * (X.T * X - Eye(n))),
    ]


def frobenius_residual():
    """The Frobenius norm of a residual."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    B = matrix("B", n, q)
    C = matrix("C", p, q)
    return [
        Identity("mc27a", "folklore", "||AXB-C||_F^2",
                 Trace((A * X * B - C).T * (A * X * B - C)), X, "gradient", {}, 2 * A.T * (A * X * B - C) * B.T),
    ]


def nuclear():
    """The nuclear norm, with a tall X."""
    X = matrix("X", m, n)
    return [
        Identity("mc27b", "folklore", "nuclear norm as tr sqrt(X'X)",
                 Trace(MatrixSqrt(X.T * X)), X, "gradient", TALL, X * MatrixSqrt(X.T * X).I),
        Identity("mc27b2", "folklore", "nuclear norm", NuclearNorm(X), X, "gradient", TALL, X * MatrixSqrt(X.T * X).I),
    ]


IDENTITIES = [*euclidean(), *affine(), *of_a_form(), *frobenius(), *frobenius_residual(), *nuclear()]
