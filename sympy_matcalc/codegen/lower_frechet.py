"""Lowering of Fréchet derivatives of functions of a square matrix.

A library that looks at values has them of one decomposition for all directions (`runtime.numpy_spectral`), up to the second derivative.
Else each direction has a block of the function of a block matrix, the exponential and the square root by what libraries have for them.
"""

from sympy import exp, log, sqrt

from .lower import order_of, read_arrays, rule
from .lower_functions import NAMED, MatrixArithmetic, name_of, spectrum, written_out
from .lower_scalar import RECIPROCAL
from .values import COL, ROW, Val

SPECTRAL_ORDER = 2  # the highest derivative that goes by one decomposition

read_arrays("FrechetDerivative", "FrechetMatrix")


@rule("FrechetDerivative")
def frechet_derivative(ctx, e):
    if order_of(e) == 1:
        return ctx.mul(scalar_derivative(ctx, e, len(e.directions)), *map(ctx.low, e.directions))
    directions = [ctx.matrix(a)[0] for a in e.directions]
    node = spectral(ctx, "frechet", e, directions, len(directions))
    return Val(frechet(ctx, e, directions) if node is None else node, (ROW, COL))


def scalar_derivative(ctx, e, k):
    """Derivative k of the function at a 1x1 matrix."""
    x = e.function.variables[0]
    return ctx.scoped({x: ctx.low(e.arg)}, lambda: ctx.low(e.function.expr.diff(x, k)))


def frechet(ctx, e, directions):
    """The array of a Fréchet derivative in directions that are given as arrays."""
    graph, (x,), body = ctx.graph, e.function.variables, e.function.expr
    matrix, n = ctx.matrix(e.arg)[0], order_of(e.arg)
    if len(directions) == 1 and body == exp(x):
        derivative = graph.make("frechet_exp", (matrix, *directions))
        return graph.make("like", (derivative, matrix))  # SciPy computes it in double precision
    if len(directions) == 1 and body == sqrt(x):
        root = MatrixArithmetic(ctx, x, matrix, n).function(body)
        return graph.make("frechet_sqrt", (root, *directions))
    blocks = 2 ** len(directions)
    block = graph.make("block_triangular", (matrix, *directions))
    whole = MatrixArithmetic(ctx, x, block, blocks * n).function(body)
    one, (start, stop) = graph.const(1), (ctx.size((blocks - 1) * n), ctx.size(blocks * n))
    return graph.make("slice", (whole, graph.const(0), ctx.size(n), one, start, stop, one), ("slice", "slice"))


@rule("FrechetMatrix")
def frechet_matrix(ctx, e):
    """The columns are the derivatives in the direction of each unit matrix."""
    if order_of(e.arg) == 1:
        return ctx.mul(scalar_derivative(ctx, e, len(e.directions) + e.order), *map(ctx.low, e.directions))
    directions = [ctx.matrix(a)[0] for a in e.directions]
    square = ctx.graph.pow(ctx.size(order_of(e.arg)), ctx.graph.const(2))
    node = spectral(ctx, "frechet_matrix", e, directions, len(directions) + 1) if e.order == 1 else None
    return Val(column_by_column(ctx, e, directions, square) if node is None else ctx.graph.reshape(node, [square] * 2), (ROW, COL))


def column_by_column(ctx, e, directions, square):
    graph, it, n, dtype = ctx.graph, ctx.graph.iter(), ctx.size(order_of(e.arg)), ctx.graph.dtype_node()
    units, rest = [], it
    for _ in range(e.order):  # the digits of the number of the column, the last direction the fastest
        digit = graph.call("intmod", rest, square, integer=True) if e.order > 1 else rest
        units.insert(0, graph.make("unit_matrix", (n, digit, dtype)))
        rest = graph.call("floordiv", rest, square, integer=True) if e.order > 1 else rest
    column = graph.reshape(graph.transpose(frechet(ctx, e, [*units, *directions])), [square])
    count = graph.pow(n, graph.const(2 * e.order))
    columns = graph.make("loop", (column, graph.const(0), count, dtype), ("columns", it, True))
    return graph.make("stack", (columns,))


# ---- by one decomposition
def spectral(ctx, operation, e, directions, order):
    """The node of an operation with the function in the words of `runtime.numpy_spectral`; None where it is to be computed by blocks."""
    if not ctx.looks_at_values or order > SPECTRAL_ORDER:
        return None
    words = Words(ctx, e.function.variables[0])
    function = words.of(written_out(e.function.expr, words.variable))
    if function is None:
        return None
    matrix = ctx.matrix(e.arg)[0]
    return ctx.graph.make(operation, (matrix, spectrum(ctx, matrix), *directions, *words.numbers), (function, len(directions)))


class Words:
    """A SymPy expression in one variable as "x", the position of a number among `numbers`, or (operation, operands); None for others."""

    def __init__(self, ctx, variable):
        self.ctx, self.variable, self.numbers = ctx, variable, []

    def of(self, e):
        if e == self.variable:
            return "x"
        if not e.has(self.variable):
            return self.number(e)
        if e.is_Add or e.is_Mul:
            return self.with_operands("add" if e.is_Add else "mul", e.args)
        if e.is_Pow:
            return self.power(e.base, e.exp)
        name = name_of(e)
        if name in RECIPROCAL:
            return self.with_exponent(self.with_operands(RECIPROCAL[name], e.args), -1)
        return self.with_operands(name, e.args) if name in NAMED else None

    def number(self, e):
        val = self.ctx.scalar(e)
        if val.labels:
            return None
        self.numbers.append(val.node)
        return len(self.numbers) - 1

    def with_operands(self, name, args):
        operands = [self.of(a) for a in args]
        return None if None in operands else (name, *operands)

    def with_exponent(self, operand, k):
        return operand and ("power", operand, k)

    def power(self, base, exponent):
        if not base.has(self.variable):
            return self.of(exp(exponent * log(base), evaluate=False))
        if exponent.has(self.variable):
            return self.with_operands("exp", [exponent * log(base)])
        if exponent.is_Integer:
            return self.with_exponent(self.of(base), int(exponent))
        if (2 * exponent).is_Integer:
            root = self.with_operands("sqrt", [base])
            return root if 2 * exponent == 1 else self.with_exponent(root, int(2 * exponent))
        operands = self.of(base), self.number(exponent)
        return None if None in operands else ("root", *operands)
