"""Lowering of eigenvalues and vectors of pencils, by Cholesky's factor, and of matrices that need not be symmetric."""

from .ir.labels import Label
from .ir.product import Factor, Product
from .lower import NeedsLoop, network, order_of, read_arrays, rule, shape_of
from .lower_linalg import EIGENVALUES, EIGENVECTORS, entry, part, simple, symmetric, vector
from .lower_matrix import squeezed
from .network import leaf
from .values import ROW, Val

read_arrays("GeneralizedEigenvalue", "GeneralizedEigenvector", "PencilResolvent")
read_arrays("GeneralEigenvalue", "RightEigenvector", "LeftEigenvector", "GroupResolvent")


def pencil(ctx, e):
    """(eigenvalues, vectors V with V' B V = I) of A v = lambda B v, from L^-1 A L^-T with B = L L'."""
    g, (a, b) = ctx.graph, (symmetric(ctx, x) for x in e.args[:2])
    lower = g.make("cholesky", (b,))
    inner = g.make("solve", (lower, g.transpose(g.make("solve", (lower, a)))))
    both = g.make("eigh", (inner,))
    return part(ctx, both, EIGENVALUES), g.make("solve", (g.transpose(lower), part(ctx, both, EIGENVECTORS)))


@rule("GeneralizedEigenvalue")
def generalized_eigenvalue(ctx, e):
    return entry(ctx, pencil(ctx, e)[0], e.args[2], order_of(e.args[0]))


@rule("GeneralizedEigenvector")
def generalized_eigenvector(ctx, e):
    values, vectors = pencil(ctx, e)
    return vector(ctx, "eigenvalue", values, vectors, 1, e, order_of(e.args[0]))


@network("PencilResolvent")
def pencil_resolvent(ctx, e):
    size = order_of(e)
    if size == 1:
        return leaf(ctx.const(0), shape_of(e))
    values, vectors = pencil(ctx, e)
    weights = ctx.graph.make("inverse_gaps", (values, simple(ctx, "eigenvalue", values, e, size)))
    a, b, k = Label(size), Label(size), Label(size)
    factors = Factor(vectors, (a, k)), Factor(weights, (k,)), Factor(vectors, (b, k))
    return Product((), factors, (a, b), labels=(a, b, k))


def system(ctx, e):
    """The node of (eigenvalue, right vector, left vector) of a matrix that need not be symmetric."""
    at = ctx.index(e.args[1])
    if at.labels:
        raise NeedsLoop(type(e).__name__)
    return ctx.graph.make("real_eigen", (ctx.matrix(e.args[0])[0], ctx.within(at.node, order_of(e.args[0]))))


@rule("GeneralEigenvalue")
def general_eigenvalue(ctx, e):
    return Val(part(ctx, system(ctx, e), 0))


@rule("RightEigenvector", "LeftEigenvector")
def general_eigenvector(ctx, e):
    node = part(ctx, system(ctx, e), 1 if type(e).__name__ == "RightEigenvector" else 2)
    return Val(node, (ROW,)) if shape_of(e)[0] != 1 else Val(ctx.graph.index(node, {0: ctx.graph.const(0)}))


@rule("GroupResolvent")
def group_resolvent(ctx, e):
    parts = [part(ctx, system(ctx, e), k) for k in range(3)]
    return squeezed(ctx, ctx.graph.make("group_resolvent", (ctx.matrix(e.args[0])[0], *parts)), shape_of(e))
