"""Lowering of induced norms, and of the logarithm of a determinant."""

from sympy import Abs, Determinant, log

from .lower import rule
from .lower_extremes import dense
from .values import COL, ROW, Val


@rule("OneNorm", "InfinityNorm")
def induced(ctx, e):
    """The largest of the sums along one axis."""
    val, axes = dense(ctx, e.arg)
    val = ctx.call("abs", val)
    along = COL if type(e).__name__ == "InfinityNorm" else ROW
    for op, axis in (("sum", along), ("max", ROW if along == COL else COL)):
        if axis in val.labels:
            node = ctx.graph.make(op, (val.node,), (val.labels.index(axis),))
            val = Val(node, tuple(x for x in val.labels if x != axis))
    return val


@rule("LogAbsDeterminant")
def log_abs_determinant(ctx, e):
    return ctx.low(log(Abs(Determinant(e.arg))))
