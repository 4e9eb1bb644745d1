"""What the tables are written in: sizes, symbols of a shape, entries, and the elementwise functions of the textbooks."""

from sympy import Basic, Heaviside, Identity, Lambda, MatrixSymbol, Max, Symbol, exp, log, symbols, tanh
from sympy.matrices.expressions.matexpr import MatrixElement

Eye = Identity  # in the tables `Identity` is a row
m, n, p, q = symbols("m n p q", integer=True, positive=True)
i, r = symbols("i r", integer=True)
TALL = {m: 4, n: 3}  # sizes at which X'X of an m x n matrix X is invertible

u = Symbol("u")
sigmoid = Lambda(u, 1 / (1 + exp(-u)))
sigmoid_slope = Lambda(u, exp(-u) / (1 + exp(-u)) ** 2)
softplus = Lambda(u, log(1 + exp(u)))
tanh_slope = Lambda(u, 1 - tanh(u) ** 2)
relu = Lambda(u, Max(0, u))
step = Lambda(u, Heaviside(u))


def matrix(name, rows, cols):
    return MatrixSymbol(name, rows, cols)


def matrices(names, rows, cols):
    return [matrix(name, rows, cols) for name in names.split()]


def column(name, size):
    return MatrixSymbol(name, size, 1)


def columns(names, size):
    return [column(name, size) for name in names.split()]


class Entry(MatrixElement):
    """An entry while a row is being written: SymPy would write it out as a sum, slowly, in every product around it."""

    def doit(self, **hints):
        return self


def entry(expr, row, col):
    """``expr[row, col]``, not written out."""
    return Entry(expr, row, col)


def value(expr):
    """The number that a 1 x 1 matrix is."""
    return entry(expr, 0, 0)


def plain(expr):
    """With SymPy's own entries, which stand as they are in an expression that is finished."""
    if not isinstance(expr, Basic):
        return expr
    return expr.xreplace({e: MatrixElement(*e.args) for e in expr.atoms(Entry)})
