"""Lowering of what selects entries of a matrix by a pattern."""

from .lower import read_arrays, rule, shape_of
from .lower_matrix import squeezed


@rule("UpperTriangle", "LowerTriangle")
def triangle(ctx, e):
    name = "triu" if type(e).__name__ == "UpperTriangle" else "tril"
    return squeezed(ctx, ctx.graph.make("triangle", (ctx.matrix(e.arg)[0], ctx.size(e.offset)), (name,)), shape_of(e))


read_arrays("UpperTriangle", "LowerTriangle")
