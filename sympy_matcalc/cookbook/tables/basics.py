"""Rules of calculation: constants, sums, products, transposes."""
from sympy import Matrix, Trace, cos, log, sin, symbols
from sympy.matrices.expressions import HadamardProduct, KroneckerProduct, ZeroMatrix

from ...nodes import CommutationMatrix
from ..identity import Identity
from ..symbols import Eye, m, matrices, matrix, n, p


def linearity():
    """What d does with constants, factors and sums."""
    A, X, B, Y = matrices("A X B Y", m, n)
    alpha = symbols("alpha", real=True)
    C = matrix("C", p, m)
    return [
        Identity("mc33", "Matrix Cookbook 2", "constant", Trace(A * A.T), X, "gradient", {}, ZeroMatrix(m, n)),
        Identity("mc34", "Matrix Cookbook 2", "scaling: d(alpha X)", Trace(alpha * B.T * X), X, "gradient", {}, alpha * B),
        Identity("mc34m", "Matrix Cookbook 2", "scaling, matrix form", alpha * X, X, "vec jacobian", {}, alpha * Eye(m * n)),
        Identity("mc35", "Matrix Cookbook 2", "sum rule", C * (X + Y), X, "vec jacobian", {}, KroneckerProduct(Eye(n), C)),
        Identity("mn1", "Magnus & Neudecker 9", "X by X", X, X, "vec jacobian", {}, Eye(m * n)),
        Identity("mc44", "Matrix Cookbook 2", "transpose", X.T, X, "vec jacobian", {}, CommutationMatrix(m, n)),
        Identity("mc44t", "Matrix Cookbook 2", "transpose, under a trace", Trace(A * X.T), X, "gradient", {}, A),
        Identity("mc38s", "Matrix Cookbook 2", "Hadamard product under the trace",
                 Trace(A.T * HadamardProduct(X, B)), X, "gradient", {}, HadamardProduct(A, B)),
    ]


def products():
    """The product rule."""
    X = matrix("X", m, n)
    Y = matrix("Y", n, p)
    t = symbols("t", real=True)
    return [
        Identity("mc37x", "Matrix Cookbook 2", "product rule d(XY) by X",
                 X * Y, X, "vec jacobian", {}, KroneckerProduct(Y.T, Eye(m))),
        Identity("mc37y", "Matrix Cookbook 2", "product rule d(XY) by Y",
                 X * Y, Y, "vec jacobian", {}, KroneckerProduct(Eye(p), X)),
        Identity("mc37t", "Matrix Cookbook 2", "product rule, both factors depending on t",
                 t * X * (t**2 * Y), t, "derivative", {}, 3 * t**2 * X * Y),
    ]


def by_a_scalar():
    """Expressions of a scalar t."""
    A, B = matrices("A B", n, n)
    t = symbols("t", real=True)
    return [
        Identity("mc36", "Matrix Cookbook 2", "trace and differential commute",
                 Trace(A + t**2 * B), t, "derivative", {}, 2 * t * Trace(B)),
        Identity("ph17", "Parr & Howard 4", "vector of scalars [ln t^2, sin 3t]",
                 Matrix([log(t**2), sin(3 * t)]), t, "derivative", {}, Matrix([2 / t, 3 * cos(3 * t)])),
    ]


def scalars():
    """Functions of one scalar."""
    x = symbols("x", real=True)
    z = symbols("z", positive=True)
    return [
        Identity("ph13", "Parr & Howard 4", "sin(x^2) nested chain, scalar", sin(x**2), x, "derivative", {}, 2 * x * cos(x**2)),
        Identity("ph14", "Parr & Howard 4", "log(sin(x^3)^2)",
                 log(sin(z**3)**2), z, "derivative", {}, 6 * z**2 * cos(z**3) / sin(z**3)),
        Identity("ph27", "Parr & Howard 4", "total derivative x + x^2", x + x**2, x, "derivative", {}, 1 + 2 * x),
    ]


IDENTITIES = [*linearity(), *products(), *by_a_scalar(), *scalars()]
