"""Lowering of functions of a square matrix, and of their Fréchet derivatives.

The body of the function is computed in matrix arithmetic: its variable is the matrix, a number c is c I. What arises commutes, so a
product is one of the planner's networks, and a reciprocal in it a solve.
"""

from sympy import S, exp, log, sqrt

from ..errors import MatcalcError
from ..nodes.elementwise import Elementwise
from .lower import NeedsLoop, order_of, read_arrays, rule
from .lower_inverse import chained, inverse_of
from .lower_matrix import apply
from .lower_scalar import RECIPROCAL
from .network import contract, leaf
from .values import COL, ROW, Val

NAMED = dict(exp="expm", log="logm", sin="sinm", cos="cosm", tan="tanm", sinh="sinhm", cosh="coshm", tanh="tanhm")
BRANCHED = ("logm", "sqrtm", "fractional_matrix_power")
BY_LOG = ("asin", "acos", "atan", "asinh", "acosh", "atanh")


class MatrixArithmetic:
    """Values of SymPy expressions in one variable that stands for a square matrix, an array with `size` rows."""

    def __init__(self, ctx, variable, matrix, size):
        self.ctx, self.variable, self.shape = ctx, variable, (size, size)
        self.matrix = matrix

    def function(self, body):
        """The array of the function; of a real matrix it is real unless it is complex by more than rounding."""
        body = self.written_out(body)
        node = self.dense(body)
        composed = any(is_branched(a) for a in body.args if a.has(self.variable)) or body.func.__name__ in BY_LOG
        return self.ctx.graph.make("like", (node, self.matrix)) if composed else node

    def written_out(self, body):
        """The package's functions of the variable by what they are in those of SymPy."""
        own = [e for e in body.atoms(Elementwise) if e.has(self.variable)]
        return body.replace(lambda e: e in own, lambda e: e.matrix_definition(*e.args)) if own else body

    def dense(self, e):
        return self.ctx.dense(self.value(e), self.shape).node

    def value(self, e):
        return contract(self.ctx, self.net(e))

    def net(self, e):
        """The value of e as a network."""
        if e == self.variable:
            return leaf(Val(self.matrix, (ROW, COL)), self.shape)
        if not e.has(self.variable):
            val = self.ctx.scalar(e)
            if val.labels:
                raise NeedsLoop("a function of a matrix")
            return leaf(Val(val.node, (), diag=True), self.shape)
        if e.is_Mul:
            return self.product(e.args)
        if e.is_Add:
            return leaf(self.ctx.sum_of([(self.value(a), self.shape) for a in e.args]), self.shape)
        if e.is_Pow:
            return self.power(e.base, e.exp)
        return self.named(e)

    def product(self, args):
        return chained([self.net(a) for a in args])

    def power(self, base, exponent):
        if not base.has(self.variable):
            return self.net(exp(exponent * log(base)))
        if exponent.has(self.variable):
            return self.apply("expm", self.dense(exponent * log(base)))
        if exponent.is_Integer:
            return self.integer_power(self.net(base), int(exponent))
        if (2 * exponent).is_Integer:
            return self.integer_power(self.apply("sqrtm", self.dense(base)), int(2 * exponent))
        return self.apply("fractional_matrix_power", self.dense(base), self.ctx.scalar(exponent).node)

    def integer_power(self, net, k):
        if k < 0:
            net = inverse_of(self.ctx, contract(self.ctx, net), self.shape)
        if abs(k) <= 16:
            return chained([net.fresh() for _ in range(abs(k))])
        node = self.ctx.dense(contract(self.ctx, net), self.shape).node
        return self.leaf(self.ctx.graph.make("matrix_power", (node, self.ctx.graph.const(abs(k)))))

    def named(self, e):
        name = type(e).__name__
        if name in NAMED:
            return self.apply(NAMED[name], self.dense(e.args[0]))
        if name in RECIPROCAL:
            return self.integer_power(self.apply(NAMED[RECIPROCAL[name]], self.dense(e.args[0])), -1)
        if name in BY_LOG:
            return self.net(e.rewrite(log))
        raise MatcalcError(f"`lambdify` has no code for the function `{e}` of a matrix; write it by functions that it has")

    def apply(self, name, *nodes):
        node = self.ctx.graph.make("matrix_function", nodes, (name,))
        return self.leaf(self.ctx.graph.make("like", (node, nodes[0])) if name in BRANCHED else node)

    def leaf(self, node):
        return leaf(Val(node, (ROW, COL)), self.shape)


def is_branched(e):
    """Whether e, of a real matrix, may be complex on the way to a real value."""
    name = type(e).__name__
    return name == "log" or name in BY_LOG or e.is_Pow and not e.exp.is_integer or e.has(S.ImaginaryUnit) or any(map(is_branched, e.args))


# ---- functions of a matrix
@rule("AnalyticFunction", "MatrixFunction")
def analytic_function(ctx, e):
    n, val = order_of(e), ctx.low(e.arg)
    if val.diag or n == 1:
        out = apply(ctx, e.function, Val(val.node, val.labels))
        return Val(out.node, out.labels, val.diag)
    matrix, _ = ctx.matrix(e.arg)
    node = MatrixArithmetic(ctx, e.function.variables[0], matrix, n).function(e.function.expr)
    return Val(node, (ROW, COL))


read_arrays("AnalyticFunction", "MatrixFunction", "FrechetDerivative", "FrechetMatrix")


@rule("FrechetDerivative")
def frechet_derivative(ctx, e):
    if order_of(e) == 1:
        return ctx.mul(scalar_derivative(ctx, e, len(e.directions)), *map(ctx.low, e.directions))
    return Val(frechet(ctx, e, [ctx.matrix(a)[0] for a in e.directions]), (ROW, COL))


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
    graph, it, n = ctx.graph, ctx.graph.iter(), ctx.size(order_of(e.arg))
    square, dtype = graph.pow(n, graph.const(2)), graph.dtype_node()
    units, rest = [], it
    for _ in range(e.order):  # the digits of the number of the column, the last direction the fastest
        digit = graph.call("intmod", rest, square, integer=True) if e.order > 1 else rest
        units.insert(0, graph.make("unit_matrix", (n, digit, dtype)))
        rest = graph.call("floordiv", rest, square, integer=True) if e.order > 1 else rest
    derivative = frechet(ctx, e, [*units, *(ctx.matrix(a)[0] for a in e.directions)])
    column = graph.reshape(graph.transpose(derivative), [square])
    count = graph.pow(n, graph.const(2 * e.order))
    columns = graph.make("loop", (column, graph.const(0), count, dtype), ("columns", it, True))
    return Val(graph.make("stack", (columns,)), (ROW, COL))
