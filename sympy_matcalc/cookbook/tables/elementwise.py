"""Elementwise operations on vectors."""
from sympy import Lambda, Sum, cos, exp, sin, symbols, tanh
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, OneMatrix

from ...nodes import ElementSum
from ..identity import Identity
from ..symbols import Eye, column, columns, i, m, matrix, n, p, relu, step, tanh_slope, u


def arithmetic():
    """Sums, products, quotients."""
    w, x = columns("w x", n)
    return [
        Identity("ph1", "Parr & Howard 4", "w + x by w", w + x, w, "jacobian", {}, Eye(n)),
        Identity("ph2", "Parr & Howard 4", "w - x by x", w - x, x, "jacobian", {}, -Eye(n)),
        Identity("ph3", "Parr & Howard 4", "w o x by w", HadamardProduct(w, x), w, "jacobian", {}, DiagMatrix(x)),
        Identity("ph3x", "Parr & Howard 4", "w o x by x", HadamardProduct(w, x), x, "jacobian", {}, DiagMatrix(w)),
        Identity("ph4", "Parr & Howard 4", "w / x elementwise by w",
                 HadamardProduct(w, HadamardPower(x, -1)), w, "jacobian", {x: "positive"}, DiagMatrix(HadamardPower(x, -1))),
        Identity("ph4x", "Parr & Howard 4", "w / x elementwise by x",
                 HadamardProduct(w, HadamardPower(x, -1)), x, "jacobian", {x: "positive"},
                 -DiagMatrix(HadamardProduct(w, HadamardPower(x, -2)))),
        Identity("ph5", "Parr & Howard 4", "w o w by w", HadamardProduct(w, w), w, "jacobian", {}, 2 * DiagMatrix(w)),
        Identity("ph26", "Parr & Howard 4", "max(w, x) elementwise by w via relu",
                 (w - x).applyfunc(relu) + x, w, "jacobian", {}, DiagMatrix((w - x).applyfunc(step))),
    ]


def with_a_scalar():
    """A vector and a scalar."""
    x = column("x", n)
    z, c = symbols("z c", real=True)
    return [
        Identity("ph6", "Parr & Howard 4", "vector + scalar by the vector", x + z * OneMatrix(n, 1), x, "jacobian", {}, Eye(n)),
        Identity("ph8", "Parr & Howard 4", "vector * scalar by the vector", x * z, x, "jacobian", {}, z * Eye(n)),
        Identity("ph5p", "Parr & Howard 4", "elementwise power by x",
                 HadamardPower(x, c), x, "jacobian", {x: "positive"}, c * DiagMatrix(HadamardPower(x, c - 1))),
    ]


def sums():
    """Sums over the entries."""
    x, w = columns("x w", n)
    z = symbols("z", real=True)
    A = matrix("A", m, n)
    return [
        Identity("ph10", "Parr & Howard 4", "sum of a vector", OneMatrix(1, n) * x, x, "gradient", {}, OneMatrix(n, 1)),
        Identity("ph10e", "Parr & Howard 4", "sum of a vector with ElementSum",
                 ElementSum(x), x, "gradient", {}, OneMatrix(n, 1)),
        Identity("ph10s", "Parr & Howard 4", "sum of a vector with Sum",
                 Sum(x[i, 0], (i, 0, n - 1)), x, "gradient", {}, OneMatrix(n, 1)),
        Identity("ph11", "Parr & Howard 4", "sum(x z) by x", OneMatrix(1, n) * (x * z), x, "gradient", {}, z * OneMatrix(n, 1)),
        Identity("ph28", "Parr & Howard 4", "chain: sum(sin(A x))",
                 OneMatrix(1, m) * (A * x).applyfunc(sin), x, "gradient", {}, A.T * (A * x).applyfunc(cos)),
        Identity("ph29", "Parr & Howard 4", "dot of f(w) and g(x): sum(w^2 o sin x)",
                 HadamardPower(w, 2).T * x.applyfunc(sin), w, "gradient", {}, 2 * HadamardProduct(w, x.applyfunc(sin))),
    ]


def of_a_map():
    """The sum of a function of an affine map."""
    A = matrix("A", p, m)
    X = matrix("X", m, n)
    b = column("b", n)
    return [
        Identity("mk7", "Minka", "sum(tanh(AXb))",
                 OneMatrix(1, p) * (A * X * b).applyfunc(tanh), X, "gradient", {}, A.T * (A * X * b).applyfunc(tanh_slope) * b.T),
    ]


def functions():
    """Functions applied entry by entry."""
    x = column("x", n)
    return [
        Identity("ph15", "Parr & Howard 4", "sin(x^2) elementwise on a vector",
                 x.applyfunc(Lambda(u, sin(u**2))), x, "jacobian", {}, DiagMatrix(x.applyfunc(Lambda(u, 2 * u * cos(u**2))))),
        Identity("ph30", "Parr & Howard 4", "exp(exp(x)) elementwise",
                 x.applyfunc(Lambda(u, exp(exp(u)))), x, "jacobian", {x: "small"},
                 DiagMatrix(x.applyfunc(Lambda(u, exp(u) * exp(exp(u)))))),
    ]


def diagonal_matrices():
    """A vector on a diagonal."""
    x, a, b = columns("x a b", n)
    A = matrix("A", m, n)
    return [
        Identity("mn42", "Magnus & Neudecker 9", "DiagMatrix(x) a by x", DiagMatrix(x) * a, x, "jacobian", {}, DiagMatrix(a)),
        Identity("mn43", "Magnus & Neudecker 9", "A DiagMatrix(x) b by x",
                 A * DiagMatrix(x) * b, x, "jacobian", {}, A * DiagMatrix(b)),
    ]


IDENTITIES = [*arithmetic(), *with_a_scalar(), *sums(), *of_a_map(), *functions(), *diagonal_matrices()]
