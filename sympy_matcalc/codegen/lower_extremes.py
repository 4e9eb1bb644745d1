"""Lowering of largest and smallest entries."""

from .lower import rule, shape_of
from .lower_norms import reduce_entries
from .values import COL, ROW, Val


def dense(ctx, e):
    """(value with an axis for each size that is not 1, the axes of the matrix in it)."""
    val = ctx.dense(ctx.low(e), shape_of(e))
    return val, tuple(k for k, x in enumerate(val.labels) if x in (ROW, COL))


def reduce_rows(ctx, op, e):
    """An operation on the entries of each row; of a column nothing is to be done."""
    val, _ = dense(ctx, e.arg)
    if COL not in val.labels:
        return val
    rest = tuple(x for x in val.labels if x != COL)
    return Val(ctx.graph.make(op, (val.node,), (val.labels.index(COL),)), rest)


@rule("ElementMax", "ElementMin")
def extreme(ctx, e):
    val, axes = dense(ctx, e.arg)
    return reduce_entries(ctx, _operation(e), val, axes) if axes else val


@rule("RowMax", "RowMin")
def row_extreme(ctx, e):
    return reduce_rows(ctx, _operation(e), e)


def _operation(e):
    return "max" if type(e).__name__.endswith("Max") else "min"


@rule("Hardmax")
def hardmax(ctx, e):
    val, axes = dense(ctx, e.arg)
    return Val(ctx.graph.make("hardmax", (val.node,), axes), val.labels) if axes else ctx.const(1)


@rule("RowHardmax")
def row_hardmax(ctx, e):
    val, _ = dense(ctx, e.arg)
    return Val(ctx.graph.make("hardmax", (val.node,), (val.labels.index(COL),)), val.labels) if COL in val.labels else ctx.const(1)
