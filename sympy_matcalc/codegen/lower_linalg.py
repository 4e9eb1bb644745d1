"""Lowering of spectra and factorisations, of the pseudo-inverse, and of the constant matrices of the vec calculus."""

from sympy import Adjoint, MatMul, Min, S, Transpose

from ..nodes.matrix_functions import MatrixSqrt, gram_factor
from .ir.labels import Label
from .ir.product import Factor, Product
from .lower import NeedsLoop, network, order_of, read_arrays, rule, shape_of
from .lower_inverse import determinant
from .lower_matrix import squeezed, trace_of
from .lower_norms import norm_of
from .network import leaf
from .values import COL, ROW, Val

LEFT, VALUES, RIGHT = 0, 1, 2  # the parts of an SVD, as NumPy returns them
EIGENVALUES, EIGENVECTORS = 0, 1


# ---- one decomposition for all that needs it
def part(ctx, decomposition, k):
    return ctx.graph.make("item", (decomposition,), (k,))


def untransposed(node):
    """(node, False), or for the transpose of an array (the array, True)."""
    return (node.args[0], True) if node.op == "view" and node.attrs == (1, 0) else (node, False)


def svd(ctx, matrix, of_real=True):
    """(U with columns u_i, singular values, V' with rows v_i') of a SymPy matrix; the transpose has the same decomposition. of_real: they
    are used by what is true of real matrices alone.
    """
    node, turned = untransposed(ctx.matrix(matrix)[0])
    if of_real:
        ctx.graph.real.add(node.number)
    both = ctx.graph.make("svd", (node,))
    left, right = part(ctx, both, LEFT), part(ctx, both, RIGHT)
    if turned:
        left, right = ctx.graph.transpose(right), ctx.graph.transpose(left)
    return left, part(ctx, both, VALUES), right


def symmetric(ctx, matrix):
    """The array of a SymPy matrix, which is checked at run time to be symmetric."""
    return ctx.graph.make("symmetric", (untransposed(ctx.matrix(matrix)[0])[0],))


def eigh(ctx, matrix):
    """(eigenvalues, matrix with the eigenvectors as columns)."""
    both = ctx.graph.make("eigh", (symmetric(ctx, matrix),))
    return part(ctx, both, EIGENVALUES), part(ctx, both, EIGENVECTORS)


def entry(ctx, values, i, size):
    """Value i of an ordered list of `size` values; i may run over the index of a sum."""
    at = ctx.index(i)
    if at.labels:
        return Val(ctx.graph.make("take", (values, at.node), (0,)), at.labels)
    return Val(ctx.graph.index(values, {0: ctx.within(at.node, size)}))


def simple(ctx, kind, values, e, size):
    """The index of a node, checked at run time: in range, and its value simple."""
    at = ctx.index(e.args[-1])
    if at.labels:
        raise NeedsLoop(type(e).__name__)
    return ctx.graph.make("simple", (values, ctx.within(at.node, size)), (kind,), integer=True, weak=True)


def vector(ctx, kind, values, vectors, axis, e, size):
    """Vector i along `axis` of the array of all, as a column."""
    i = simple(ctx, kind, values, e, size)
    node = ctx.graph.index(vectors, {axis: i})
    if e.shape[0] == 1:
        return Val(ctx.graph.index(node, {0: ctx.graph.const(0)}))
    return Val(node, (ROW,))


# ---- spectra
@rule("Eigenvalue")
def eigenvalue(ctx, e):
    return entry(ctx, eigh(ctx, e.arg)[0], e.args[1], order_of(e.arg))


@rule("Eigenvector")
def eigenvector(ctx, e):
    values, vectors = eigh(ctx, e.arg)
    return vector(ctx, "eigenvalue", values, vectors, 1, e, order_of(e.arg))


@network("ReducedResolvent")
def reduced_resolvent(ctx, e):
    size = order_of(e)
    if size == 1:
        return leaf(ctx.const(0), shape_of(e))
    values, vectors = eigh(ctx, e.arg)
    weights = ctx.graph.make("inverse_gaps", (values, simple(ctx, "eigenvalue", values, e, size)))
    a, b, k = Label(size), Label(size), Label(size)
    factors = Factor(vectors, (a, k)), Factor(weights, (k,)), Factor(vectors, (b, k))
    return Product((), factors, (a, b), labels=(a, b, k))


@rule("EigenvalueSum")
def eigenvalue_sum(ctx, e):
    """The trace, of which entries off the diagonal are no part: that they are finite is checked, where no product reads all of them."""
    if isinstance(e.arg, MatMul):
        return trace_of(ctx, e.arg)
    return Val(ctx.graph.make("trace", (ctx.graph.make("finite", (untransposed(ctx.matrix(e.arg)[0])[0],)),)))


rule("EigenvalueProduct")(determinant)


def singular_values_of(ctx, matrix):
    """The singular values of a SymPy matrix, largest first."""
    return svd(ctx, matrix, of_real=not ctx.is_complex)[1]


def rank_bound(e):
    """The number of singular values."""
    rows, cols = shape_of(e)
    return Min(rows, cols)


@rule("SingularValue")
def singular_value(ctx, e):
    return entry(ctx, singular_values_of(ctx, e.arg), e.args[1], rank_bound(e.arg))


@rule("SpectralNorm")
def spectral_norm(ctx, e):
    if 1 in shape_of(e.arg):
        return norm_of(ctx, e.arg, 2)
    return entry(ctx, singular_values_of(ctx, e.arg), S.Zero, S.One)


@rule("NuclearNorm")
def nuclear_norm(ctx, e):
    if 1 in shape_of(e.arg):
        return norm_of(ctx, e.arg, 2)
    return Val(ctx.graph.sum(singular_values_of(ctx, e.arg), (0,)))


@rule("LeftSingularVector")
def left_singular_vector(ctx, e):
    left, values, _ = svd(ctx, e.arg)
    return vector(ctx, "singular value", values, left, 1, e, rank_bound(e.arg))


@rule("RightSingularVector")
def right_singular_vector(ctx, e):
    _, values, right = svd(ctx, e.arg)
    return vector(ctx, "singular value", values, right, 0, e, rank_bound(e.arg))


# ---- factorisations
@rule("Cholesky")
def cholesky(ctx, e):
    val = ctx.dense(ctx.low(e.arg), shape_of(e))
    if ctx.stacks and len(val.labels) > 2:
        return Val(ctx.graph.make("cholesky", (ctx.graph.make("symmetric", (val.node,)),)), val.labels)
    return squeezed(ctx, ctx.graph.make("cholesky", (symmetric(ctx, e.arg),)), shape_of(e))


@rule("Adjugate")
def adjugate(ctx, e):
    if shape_of(e) == (S.One, S.One):
        return ctx.const(1)
    return squeezed(ctx, ctx.graph.make("adjugate", (ctx.matrix(e.arg)[0],)), shape_of(e))


@network("PseudoInverse")
def pseudo_inverse(ctx, e):
    for conjugated in (Transpose, Adjoint):
        root = gram_factor(e.arg.arg, conjugated) if isinstance(e.arg, MatrixSqrt) else None
        if root is not None:
            return pseudo_inverse_of_root(ctx, root, conjugated is Adjoint)
    return leaf(squeezed(ctx, ctx.graph.make("pinv", (ctx.matrix(e.arg)[0],)), shape_of(e)), shape_of(e))


def pseudo_inverse_of_root(ctx, root, conjugated):
    """``V diag(1/s) V'`` from the singular values of B, not of the root of B' B: that has only half of the digits left, so that what
    is zero does not show. conjugated: of B^H B, else of B' B, which needs a real B.
    """
    _, values, right = svd(ctx, root, of_real=not conjugated)
    a, b, k = (Label(s) for s in (root.shape[1], root.shape[1], Min(*root.shape)))
    reciprocal = ctx.graph.make("reciprocal", (values, values if conjugated else right))
    left = ctx.graph.call("conj", right) if conjugated else right
    factors = Factor(left, (k, a)), Factor(reciprocal, (k,)), Factor(right, (k, b))
    return Product((), factors, (a, b), labels=(a, b, k))


# ---- constant matrices, and vectors made matrices
read_arrays("HalfLower", "DuplicationMatrix", "Unvec")
read_arrays("Eigenvalue", "Eigenvector", "ReducedResolvent", "SingularValue", "LeftSingularVector", "RightSingularVector")


@rule("HalfLower")
def half_lower(ctx, e):
    if order_of(e) == 1:
        return ctx.const(0.5)
    n = ctx.size(order_of(e))
    tri = ctx.graph.make("tri", (n, ctx.graph.dtype_node()))
    return Val(ctx.graph.add(tri, ctx.graph.mul(ctx.graph.const(-0.5), ctx.graph.eye(n))), (ROW, COL))


@rule("DuplicationMatrix")
def duplication(ctx, e):
    if e.args[0] == 1:
        return ctx.const(1)
    return Val(ctx.graph.make("duplication", (ctx.size(e.args[0]), ctx.graph.dtype_node())), (ROW, COL))


@rule("Unvec")
def unvec(ctx, e):
    m, n = shape_of(e)
    val = ctx.dense(ctx.low(e.arg), shape_of(e.arg))
    if len(val.labels) > 1 or val.labels and val.labels[0] not in (ROW, COL):
        raise NeedsLoop("Unvec")
    labels = tuple(k for k in (COL, ROW) if (m, n)[k] != 1)
    sizes = [ctx.size((m, n)[k]) for k in labels]
    return Val(ctx.graph.reshape(val.node, sizes) if val.labels and len(labels) != 1 else val.node, labels if val.labels else ())
