"""Lowering of Fréchet derivatives of functions of a square matrix.

A library has them of one decomposition for all directions (`runtime.numpy_spectral`, `runtime.standard_functions`), up to the second
derivative. Else each direction has a block of the function of a block matrix.
"""

from .lower import order_of, read_arrays, rule
from .lower_chains import first_of_chain
from .lower_functions import MatrixArithmetic
from .lower_spectral import spectral
from .values import COL, ROW, Val

read_arrays("FrechetDerivative", "FrechetMatrix")


@rule("FrechetDerivative")
def frechet_derivative(ctx, e):
    if order_of(e) == 1:
        return ctx.mul(scalar_derivative(ctx, e, len(e.directions)), *map(ctx.low, e.directions))
    whole = first_of_chain(e) if ctx.decomposes else None
    if whole is not None:
        return ctx.low(whole)
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
