"""Derivatives by complex variables, Wirtinger's and by real and imaginary part."""
from sympy import Adjoint, Determinant, I, Inverse, Trace, log

from ...nodes import Norm
from ..identity import Identity
from ..symbols import Eye, column, m, matrix, n, value

BOOK = "Matrix Cookbook 4.1"


def traces():
    X, A, B = matrix("X", m, n), matrix("A", m, n), matrix("B", n, m)
    S = matrix("X", n, n)
    return [
        Identity("mc4a", BOOK, "tr X^H by the real part", Trace(Adjoint(S)), S, "complex real", {}, Eye(n)),
        Identity("mc4b", BOOK, "tr X^H by the imaginary part", Trace(Adjoint(S)), S, "complex imag", {}, -I * Eye(n)),
        Identity("mc4e", BOOK, "tr AX^H by the real part", Trace(A * Adjoint(X)), X, "complex real", {}, A),
        Identity("mc4f", BOOK, "tr AX^H by the imaginary part", Trace(A * Adjoint(X)), X, "complex imag", {}, -I * A),
        Identity("mc4g", BOOK, "tr AX^* by the real part", Trace(B * X.conjugate()), X, "complex real", {}, B.T),
        Identity("mc4h", BOOK, "tr XX^H by the real part", Trace(X * Adjoint(X)), X, "complex real", {}, X + X.conjugate()),
        Identity("mc4i", BOOK, "tr XX^H by X", Trace(X * Adjoint(X)), X, "complex Z", {}, X.conjugate()),
        Identity("mc4j", BOOK, "tr XX^H by X^*", Trace(X * Adjoint(X)), X, "complex conjugate", {}, X),
        Identity("mc4k", BOOK, "tr XX^H, its gradient", Trace(X * Adjoint(X)), X, "complex gradient", {}, 2 * X),
    ]


def determinants():
    X, A = matrix("X", n, n), matrix("A", n, n)
    f = Determinant(Adjoint(X) * A * X)
    Y = matrix("X", m, n)
    return [
        Identity("mc4l", BOOK, "|X^H A X| by X", f, X, "complex Z", {}, f * (Inverse(Adjoint(X) * A * X) * Adjoint(X) * A).T),
        Identity("mc4m", BOOK, "|X^H A X| by X^*", f, X, "complex conjugate", {}, f * A * X * Inverse(Adjoint(X) * A * X)),
        Identity("hg1", "Hjorungnes 2011", "log |I + XX^H| by X^*", log(Determinant(Eye(m) + Y * Adjoint(Y))), Y, "complex conjugate", {},
                 Inverse(Eye(m) + Y * Adjoint(Y)) * Y),
    ]


def forms():
    x, b = column("x", n), column("b", m)
    A, B = matrix("A", n, n), matrix("A", m, n)
    return [
        Identity("mc4n", BOOK, "x^H A x by x", value(Adjoint(x) * A * x), x, "complex Z", {}, A.T * x.conjugate()),
        Identity("mc4o", BOOK, "x^H A x by x^*", value(Adjoint(x) * A * x), x, "complex conjugate", {}, A * x),
        Identity("mc4q", BOOK, "||Ax - b||^2 by x^*", Norm(B * x - b) ** 2, x, "complex conjugate", {}, Adjoint(B) * (B * x - b)),
        Identity("mc4r", "Brandwood 1983", "||Ax - b||^2, its gradient", Norm(B * x - b) ** 2, x, "complex gradient", {},
                 2 * Adjoint(B) * (B * x - b)),
    ]


IDENTITIES = [*traces(), *determinants(), *forms()]
