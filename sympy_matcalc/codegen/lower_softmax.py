"""Lowering of softmax and log-sum-exp, of vectors and of rows."""

from sympy.matrices.expressions import OneMatrix

from .lower import rule, shape_of
from .lower_extremes import dense, reduce_rows
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
    return reduce_rows(ctx, "logsumexp", e)
