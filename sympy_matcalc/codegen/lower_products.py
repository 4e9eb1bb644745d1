"""Lowering of products of entries, and of cumulative sums and products."""

from .lower import rule, shape_of
from .lower_extremes import dense, reduce_rows
from .lower_matrix import squeezed
from .lower_norms import reduce_entries


@rule("ElementProduct")
def element_product(ctx, e):
    val, axes = dense(ctx, e.arg)
    return reduce_entries(ctx, "prod", val, axes) if axes else val


@rule("RowProduct")
def row_product(ctx, e):
    return reduce_rows(ctx, "prod", e)


@rule("ProductsOfOthers")
def products_of_others(ctx, e):
    """Of all entries in one row."""
    node, shape = ctx.matrix(e.arg)
    sizes = [ctx.size(s) for s in shape]
    row = ctx.graph.reshape(node, [ctx.graph.const(1), ctx.graph.mul(*sizes)])
    return squeezed(ctx, ctx.graph.reshape(ctx.graph.make("others", (row,)), sizes), shape)


@rule("RowProductsOfOthers")
def row_products_of_others(ctx, e):
    return squeezed(ctx, ctx.graph.make("others", (ctx.matrix(e.arg)[0],)), shape_of(e))


@rule("ProductsOfOtherPairs")
def products_of_other_pairs(ctx, e):
    shape = shape_of(e)
    if shape == (1, 1):
        return ctx.const(0)
    node, _ = ctx.matrix(e.arg)
    return squeezed(ctx, ctx.graph.make("other_pairs", (ctx.graph.reshape(node, [ctx.size(shape[0])]),)), shape)


@rule("CumulativeProduct")
def cumulative_product(ctx, e):
    return cumulative(ctx, e, "cumprod", True)


@rule("CumulativeSum")
def cumulative_sum(ctx, e):
    return cumulative(ctx, e, "cumsum", True)


@rule("ReverseCumulativeSum")
def reverse_cumulative_sum(ctx, e):
    return cumulative(ctx, e, "cumsum", False)


def cumulative(ctx, e, op, forward):
    """Down the columns, from the top or from the bottom; a row is turned into a column."""
    node, _ = ctx.matrix(e.arg)
    node = ctx.graph.transpose(node) if shape_of(e.arg) != shape_of(e) else node
    return squeezed(ctx, ctx.graph.make("cumulative", (node,), (op, forward)), shape_of(e))
