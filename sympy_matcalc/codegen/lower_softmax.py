"""Lowering of softmax and log-sum-exp, of vectors and of rows."""

from sympy.matrices.expressions import OneMatrix

from .lower import rule, shape_of
from .lower_extremes import dense
from .lower_norms import entries, reduce_entries
from .values import COL, Val


@rule("Softmax")
def softmax(ctx, e):
    val, axes = entries(ctx, e.arg)
    return Val(ctx.graph.make("softmax", (val.node,), axes), val.labels) if axes else ctx.const(1)


@rule("LogSumExp")
def logsumexp(ctx, e):
    val, axes = entries(ctx, e.arg)
    return reduce_entries(ctx, "logsumexp", val, axes) if axes else val


@rule("RowSoftmax")
def row_softmax(ctx, e):
    val, _ = dense(ctx, e.arg)
    if COL not in val.labels:
        return ctx.low(OneMatrix(*shape_of(e)))
    return Val(ctx.graph.make("softmax", (val.node,), (val.labels.index(COL),)), val.labels)


@rule("RowLogSumExp")
def row_logsumexp(ctx, e):
    val, _ = dense(ctx, e.arg)
    if COL not in val.labels:
        return val
    rest = tuple(x for x in val.labels if x != COL)
    return Val(ctx.graph.make("logsumexp", (val.node,), (val.labels.index(COL),)), rest)
