"""Lowering of all eigenvalues or singular values and of their vectors, from one decomposition."""

from .lower import order_of, rule, shape_of
from .lower_linalg import eigh, singular_values_of, svd
from .lower_matrix import squeezed
from .values import ROW, Val


@rule("Eigenvalues")
def eigenvalues(ctx, e):
    return column(ctx, eigh(ctx, e.arg)[0], e)


@rule("SingularValues")
def singular_values(ctx, e):
    return column(ctx, singular_values_of(ctx, e.arg), e)


def column(ctx, values, e):
    """Values as a column; the only one as a number."""
    return Val(values, (ROW,)) if shape_of(e)[0] != 1 else Val(ctx.graph.index(values, {0: ctx.graph.const(0)}))


@rule("Eigenvectors")
def eigenvectors(ctx, e):
    values, vectors = eigh(ctx, e.arg)
    return squeezed(ctx, ctx.graph.make("distinct", (vectors, values), ("eigenvalue",)), shape_of(e))


@rule("LeftSingularVectors")
def left_singular_vectors(ctx, e):
    left, values, _ = svd(ctx, e.arg)
    return squeezed(ctx, ctx.graph.make("distinct", (left, values), ("singular value",)), shape_of(e))


@rule("RightSingularVectors")
def right_singular_vectors(ctx, e):
    _, values, right = svd(ctx, e.arg)
    distinct = ctx.graph.make("distinct", (right, values), ("singular value",))
    return squeezed(ctx, ctx.graph.transpose(distinct), shape_of(e))


@rule("InverseGaps")
def inverse_gaps(ctx, e):
    if order_of(e) == 1:
        return ctx.const(0)
    node, _ = ctx.matrix(e.arg)
    values = ctx.graph.reshape(node, [ctx.size(order_of(e))])
    return squeezed(ctx, ctx.graph.make("gap_matrix", (values,)), shape_of(e))
