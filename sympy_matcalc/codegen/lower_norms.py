"""Lowering of norms, of sums and means of entries, and of the functions of machine learning."""

from sympy import S

from .ir.product import Product, multiplied
from .lower import network, rule, shape_of
from .values import COL, ROW, Val


# ---- norms
def entries(ctx, e):
    """(value, axes): a matrix as an array, a diagonal one as its diagonal, and the axes of the array that are the matrix's."""
    shape, val = shape_of(e), ctx.low(e)
    if val.diag:  # the zeros beside the diagonal do not change a norm
        val, shape = Val(val.node, val.labels), (shape[0], S.One)
    val = ctx.dense(val, shape)
    return val, tuple(k for k, x in enumerate(val.labels) if x in (ROW, COL))


def reduce_entries(ctx, op, val, axes, *more):
    """An operation over the axes of a matrix; the indices of sums stay."""
    rest = tuple(x for x in val.labels if x not in (ROW, COL))
    return Val(ctx.graph.make(op, (val.node, *more), axes), rest)


@rule("Norm")
def norm(ctx, e):
    return norm_of(ctx, e.arg, e.p)


def norm_of(ctx, matrix, p):
    """The entrywise p-norm of a SymPy matrix."""
    val, axes = entries(ctx, matrix)
    if ctx.is_complex:
        val = ctx.call("abs", val)  # of which it is the same norm
    else:
        ctx.graph.real.add(val.node.number)
    if not axes:
        return ctx.call("abs", val)
    if p == 2:
        return reduce_entries(ctx, "norm", val, axes)
    if p == 1 or p is S.Infinity:
        return reduce_entries(ctx, "sum" if p == 1 else "max", val if ctx.is_complex else ctx.call("abs", val), axes)
    return reduce_entries(ctx, "p_norm", val, axes, ctx.scalar(p).node)


# ---- reductions
@network("ElementSum")
def element_sum(ctx, e):
    return ctx.net(e.arg).with_axes(())


@network("Mean")
def mean(ctx, e):
    net = element_sum(ctx, e)
    count = ctx.graph.mul(*(ctx.size(s) for s in shape_of(e.arg)))
    return multiplied([net, Product([ctx.graph.pow(count, ctx.graph.const(-1))])])


@network("RowSum")
def row_sum(ctx, e):
    net = ctx.net(e.arg)
    return net.with_axes((net.out[0], None))


# ---- machine learning
@rule("Elementwise")
def elementwise_node(ctx, e):
    """The operation that the class names, else its definition; that of a function with kinks is of real numbers."""
    if not e.is_analytic:
        ctx.graph.real.update(ctx.scalar(a).node.number for a in e.args)
    return ctx.call(e.numeric, *map(ctx.scalar, e.args)) if e.numeric else ctx.low(e.defined)


@rule("Relu")
def relu(ctx, e):
    return ctx.call("maximum", ctx.scalar(e.args[0]), ctx.const(0))
