"""Values of the package's nodes of the reference books: norms, reductions, activations, spectra, factorisations."""

import numpy as np
import sympy as sp

from ..errors import ShapeError
from ..nodes import (
    Adjugate,
    Cholesky,
    Clip,
    DuplicationMatrix,
    Eigenvalue,
    EigenvalueProduct,
    EigenvalueSum,
    Eigenvector,
    ElementSum,
    HalfLower,
    Huber,
    LeftSingularVector,
    LogSumExp,
    Mean,
    Norm,
    NuclearNorm,
    PseudoInverse,
    ReducedResolvent,
    Relu,
    RightSingularVector,
    RowSum,
    Sigmoid,
    SingularValue,
    Softmax,
    Softplus,
    SpectralNorm,
    Unvec,
)
from .evaluator import evaluator
from .matrix_nodes import sizes, square, vector
from .scalars import OnDemand

linalg = OnDemand("scipy.linalg")

SIMPLE = 1e-9  # values closer than this, relatively, do not determine their vectors
RANK_TOLERANCE = 1e-10
TINY = np.finfo(float).tiny


def real(value, expr):
    """The value of the expression, which has to be real."""
    if np.iscomplexobj(value):
        raise NotImplementedError(f"a real matrix was needed, `{expr}` is complex")
    return value


# ---- norms and reductions
@evaluator(Norm)
def of_norm(ev, node):
    """The p-norm of all entries; p may be a batch of numbers."""
    entries, p = np.abs(ev.matrix(node.arg)).ravel(), ev.scalar(node.p)
    return np.max(entries) if np.ndim(p) == 0 and np.isinf(p) else np.sum(np.power.outer(entries, p), axis=0) ** (1 / p)


@evaluator(SpectralNorm)
def of_spectral_norm(ev, node):
    return np.linalg.norm(ev.matrix(node.arg), 2)


@evaluator(NuclearNorm)
def of_nuclear_norm(ev, node):
    return np.linalg.norm(ev.matrix(node.arg), "nuc")


@evaluator(ElementSum)
def of_element_sum(ev, node):
    return np.sum(ev.matrix(node.arg))


@evaluator(Mean)
def of_mean(ev, node):
    return np.mean(ev.matrix(node.arg))


@evaluator(RowSum)
def of_row_sum(ev, node):
    return np.sum(ev.matrix(node.arg), axis=1, keepdims=True)


# ---- activations
@evaluator(Sigmoid)
def of_sigmoid(ev, node):
    x = ev.scalar(node.args[0])
    return 1 / (1 + np.exp(-x)) if np.iscomplexobj(x) else np.exp(-np.logaddexp(0, -x))


@evaluator(Softplus)
def of_softplus(ev, node):
    x = ev.scalar(node.args[0])
    return np.log(1 + np.exp(x)) if np.iscomplexobj(x) else np.logaddexp(0, x)


@evaluator(Relu)
def of_relu(ev, node):
    return np.maximum(ev.scalar(node.args[0]), 0)


@evaluator(Clip)
def of_clip(ev, node):
    x, low, high = map(ev.scalar, node.args)
    raised = np.where(x < low, low, x)
    return np.where(raised > high, high, raised)[()]


@evaluator(Huber)
def of_huber(ev, node):
    """The least of the parabola and its tangents, d |x| - d^2/2."""
    x, d = map(ev.scalar, node.args)
    return np.where(np.abs(x) > d, d * np.abs(x) - d * d / 2, x * x / 2)[()]


@evaluator(LogSumExp)
def of_log_sum_exp(ev, node):
    return log_sum_exp(vector(ev, node.arg))


@evaluator(Softmax)
def of_softmax(ev, node):
    return np.exp(ev.matrix(node.arg) - log_sum_exp(vector(ev, node.arg)))


def log_sum_exp(x):
    top = np.max(np.real(x))
    return top + np.log(np.sum(np.exp(x - top)))


# ---- vec
@evaluator(Unvec)
def of_unvec(ev, node):
    entries, shape = vector(ev, node.arg), sizes(ev, node)
    if entries.size != np.prod(shape):
        raise ShapeError(f"`{node}` makes a matrix of shape {tuple(shape)} of {entries.size} entries")
    return entries.reshape(shape, order="F")


@evaluator(DuplicationMatrix)
def of_duplication(ev, node):
    """D with D vech(A) = vec(A) for a symmetric A: column k has ones where vec(A) has entry k of vech(A)."""
    n = ev.integer(node.args[0])
    columns = []
    for j in range(n):
        for i in range(j, n):
            symmetric = np.zeros((n, n))
            symmetric[i, j] = symmetric[j, i] = 1
            columns.append(symmetric.ravel(order="F"))
    return np.stack(columns, axis=1)


# ---- spectra
def symmetric_part(ev, expr):
    """(A + A')/2, so that moving one entry of a symmetric matrix moves both."""
    A = real(square(ev, expr), expr)
    return (A + A.T) / 2


def singular(ev, node):
    """(U, s, V) with the singular vectors as columns."""
    U, s, Vt = np.linalg.svd(real(ev.matrix(node.arg), node.arg), full_matrices=False)
    return U, s, Vt.T


def picked(ev, node, values, vectors):
    """The column of the node's index, its sign that of LAPACK, or continued from a point nearby."""
    k = ev.index(node.args[1], vectors.shape[1], node)
    if not all(abs(values[k] - other) > SIMPLE * np.abs(values).max() for j, other in enumerate(values) if j != k):
        raise np.linalg.LinAlgError(f"value {k} of `{node.arg}` is not simple: {values}")
    return ev.signed(vectors[:, [k]], node)


@evaluator(Eigenvalue)
def of_eigenvalue(ev, node):
    values = np.linalg.eigh(symmetric_part(ev, node.arg))[0]
    return values[ev.index(node.args[1], len(values), node)]


@evaluator(Eigenvector)
def of_eigenvector(ev, node):
    return picked(ev, node, *np.linalg.eigh(symmetric_part(ev, node.arg)))


@evaluator(ReducedResolvent)
def of_reduced_resolvent(ev, node):
    """The pseudo-inverse of lambda I - X by its definition, with the one eigenvalue 0 left out."""
    values, vectors = np.linalg.eigh(symmetric_part(ev, node.arg))
    k = ev.index(node.args[1], len(values), node)
    others = [j for j in range(len(values)) if j != k]
    return (vectors[:, others] / (values[k] - values[others])) @ vectors[:, others].T


@evaluator(SingularValue)
def of_singular_value(ev, node):
    values = singular(ev, node)[1]
    return values[ev.index(node.args[1], len(values), node)]


@evaluator(LeftSingularVector)
def of_left_singular_vector(ev, node):
    U, s, _ = singular(ev, node)
    return picked(ev, node, s, U)


@evaluator(RightSingularVector)
def of_right_singular_vector(ev, node):
    _, s, V = singular(ev, node)
    return picked(ev, node, s, V)


@evaluator(EigenvalueSum)
def of_eigenvalue_sum(ev, node):
    return np.trace(square(ev, node.arg))


@evaluator(EigenvalueProduct)
def of_eigenvalue_product(ev, node):
    return np.linalg.det(square(ev, node.arg))


# ---- factorisations
@evaluator(PseudoInverse)
def of_pseudo_inverse(ev, node):
    """Singular values count as zero next to the largest term of a sum: l I - X has the rank that it has up to rounding, be it zero."""
    A = ev.matrix(node.arg)
    terms = [ev.matrix(a) for a in node.arg.args] if isinstance(node.arg, sp.MatAdd) else [A]
    cancelled = max(float(np.linalg.norm(t, 2)) for t in terms) / max(float(np.linalg.norm(A, 2)), TINY)
    return np.linalg.pinv(A, RANK_TOLERANCE * max(1, cancelled))


@evaluator(Adjugate)
def of_adjugate(ev, node):
    """The cofactors, by their definition."""
    A = square(ev, node.arg)
    places = range(len(A))
    minors = [[np.linalg.det(np.delete(np.delete(A, i, 0), j, 1)) * (-1) ** (i + j) for i in places] for j in places]
    return np.array(minors, A.dtype).reshape(A.shape)


@evaluator(Cholesky)
def of_cholesky(ev, node):
    return np.linalg.cholesky(symmetric_part(ev, node.arg))


@evaluator(HalfLower)
def of_half_lower(ev, node):
    n = ev.integer(node.args[0])
    return np.tril(np.ones((n, n))) - np.eye(n) / 2
