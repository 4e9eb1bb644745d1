"""Lowering of gathered and scattered rows, and of permutation matrices."""

from sympy.matrices.expressions.permutation import PermutationMatrix

from .lower import network, read_arrays, rule, shape_of
from .lower_matrix import product, squeezed
from .values import COL, ROW, Val


@rule("Gather")
def gather(ctx, e):
    return squeezed(ctx, ctx.graph.make("gather", (ctx.matrix(e.arg)[0],), e.numbers), shape_of(e))


@rule("Scatter")
def scatter(ctx, e):
    return squeezed(ctx, ctx.graph.make("scatter", (ctx.matrix(e.arg)[0], ctx.size(e.args[2])), e.numbers), shape_of(e))


@rule("PermutationMatrix")
def permutation_matrix(ctx, e):
    """Row i is that of number p(i) of the identity; in a product it is of the other factor, see `product`."""
    if e.shape == (1, 1):
        return ctx.const(1)
    return Val(ctx.graph.make("gather", (ctx.graph.eye(ctx.size(e.shape[0])),), e.args[0].array_form), (ROW, COL))


@network("MatrixPermute")
def permuted(ctx, e):
    """Rows in another order are P A, columns A P'."""
    a, p, axis = e.args
    return product(ctx, [PermutationMatrix(p), a] if axis == 0 else [a, PermutationMatrix(p**-1)])


read_arrays("Gather", "Scatter")
