"""Lowering of functions of a square matrix.

The body of the function is computed in matrix arithmetic: its variable is the matrix, a number c is c I. What arises commutes, so a
product is one of the planner's networks, and a reciprocal in it a solve.
"""

from sympy import S, exp, log

from ..errors import MatcalcError
from .lower import NeedsLoop, order_of, read_arrays, rule
from .lower_inverse import chained, inverse_of
from .lower_matrix import apply
from .lower_scalar import RECIPROCAL
from .lower_spectral import NAMED, composed, name_of, spectrum, written_out
from .network import contract, leaf
from .values import COL, ROW, Val

BRANCHED = ("logm", "sqrtm", "fractional_matrix_power")
BY_VALUES = ("logm", "sqrtm")  # faster by eigenvalues where a matrix is symmetric
BY_LOG = ("asin", "acos", "atan", "asinh", "acosh", "atanh")


class MatrixArithmetic:
    """Values of SymPy expressions in one variable that stands for a square matrix, an array with `size` rows."""

    def __init__(self, ctx, variable, matrix, size):
        self.ctx, self.variable, self.shape = ctx, variable, (size, size)
        self.matrix = matrix

    def function(self, body):
        """The array of the function; of a real matrix it is real unless it is complex by more than rounding."""
        body = written_out(body, self.variable)
        node = self.dense(body)
        composed = any(is_branched(a) for a in body.args if a.has(self.variable)) or body.func.__name__ in BY_LOG
        return self.ctx.graph.make("like", (node, self.matrix)) if composed else node

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
        name = name_of(e)
        if name in NAMED:
            return self.apply(NAMED[name], self.dense(e.args[0]))
        if name in RECIPROCAL:
            return self.integer_power(self.apply(NAMED[RECIPROCAL[name]], self.dense(e.args[0])), -1)
        if name in BY_LOG:
            return self.net(e.rewrite(log))
        raise MatcalcError(f"`lambdify` has no code for the function `{e}` of a matrix; write it by functions that it has")

    def apply(self, name, *nodes):
        more = [spectrum(self.ctx, nodes[0])] if name in BY_VALUES and self.ctx.decomposes else []
        node = self.ctx.graph.make("matrix_function", (*nodes, *more), (name,))
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
    node = composed(ctx, e)
    if node is not None:
        return Val(node, (ROW, COL))
    node = MatrixArithmetic(ctx, e.function.variables[0], matrix, n).function(e.function.expr)
    return Val(node, (ROW, COL))


read_arrays("AnalyticFunction", "MatrixFunction")
