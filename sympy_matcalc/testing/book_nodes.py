"""Values of the package's nodes of the reference books: norms, reductions, activations, functions of matrices, spectra, factorisations."""

from functools import lru_cache, reduce
from itertools import product

import mpmath as mp
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
    FrechetDerivative,
    FrechetMatrix,
    HalfLower,
    Huber,
    LeftSingularVector,
    LogSumExp,
    MatrixCos,
    MatrixExp,
    MatrixFunction,
    MatrixLog,
    MatrixSin,
    MatrixSqrt,
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
from .frechet import DaleckiiKrein
from .matrix_nodes import sizes, square, vector
from .scalars import OnDemand

linalg = OnDemand("scipy.linalg")

SIMPLE = 1e-9  # values closer than this, relatively, do not determine their vectors
RANK_TOLERANCE = 1e-10
REAL_TOLERANCE = 1e-9
ROUNDING = 1e-13
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
    return np.exp(-np.logaddexp(0, -ev.scalar(node.args[0])))


@evaluator(Softplus)
def of_softplus(ev, node):
    return np.logaddexp(0, ev.scalar(node.args[0]))


@evaluator(Relu)
def of_relu(ev, node):
    return np.maximum(ev.scalar(node.args[0]), 0)


@evaluator(Clip)
def of_clip(ev, node):
    x, low, high = map(ev.scalar, node.args)
    return np.where(x < low, low, np.where(x > high, high, x))[()]


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


# ---- functions of a matrix
def inverse_of(function):
    return lambda X: np.linalg.inv(function(X))


def eye(X):
    return np.eye(len(X))


def sqrtm(X):
    """The principal root. A symmetric matrix such as B' B may be singular: its eigenvalues that are rounding errors count as zero."""
    if np.iscomplexobj(X) or not np.array_equal(X, X.T):
        return linalg.sqrtm(X)
    values, vectors = np.linalg.eigh(X)
    roots = np.sqrt(np.where(np.abs(values) <= ROUNDING * np.abs(values).max(), 0, values).astype(complex))
    return (vectors * roots) @ vectors.T


def asinm(X):
    """-i log(i X + (I - X^2)^(1/2))."""
    return -1j * linalg.logm(1j * X + sqrtm(eye(X) - X @ X))


MATRIX_FUNCTIONS = {
    sp.exp: linalg.expm,
    sp.log: linalg.logm,
    sp.sin: linalg.sinm,
    sp.cos: linalg.cosm,
    sp.tan: linalg.tanm,
    sp.csc: inverse_of(linalg.sinm),
    sp.sec: inverse_of(linalg.cosm),
    sp.cot: inverse_of(linalg.tanm),
    sp.sinh: linalg.sinhm,
    sp.cosh: linalg.coshm,
    sp.tanh: linalg.tanhm,
    sp.csch: inverse_of(linalg.sinhm),
    sp.sech: inverse_of(linalg.coshm),
    sp.coth: inverse_of(linalg.tanhm),
    sp.asin: asinm,
    sp.acos: lambda X: eye(X) * np.pi / 2 - asinm(X),
    sp.atan: lambda X: (linalg.logm(eye(X) + 1j * X) - linalg.logm(eye(X) - 1j * X)) / 2j,
    sp.asinh: lambda X: linalg.logm(X + sqrtm(eye(X) + X @ X)),
    sp.acosh: lambda X: linalg.logm(X + sqrtm(X + eye(X)) @ sqrtm(X - eye(X))),
    sp.atanh: lambda X: (linalg.logm(eye(X) + X) - linalg.logm(eye(X) - X)) / 2,
    Sigmoid: lambda X: np.linalg.inv(eye(X) + linalg.expm(-X)),
    Softplus: lambda X: linalg.logm(eye(X) + linalg.expm(X)),
}


def matrix_function(ev, function, X):
    """f(X) by the arithmetic of matrices that commute; nan where X is real and f(X) is not, as for the log of a negative number."""
    return real_where_it_should_be(function, X, arithmetic(ev, function.expr, function.variables[0], X))


def arithmetic(ev, body, u, X):
    """The value of the body of a function of u with X for u, and multiples of the identity for constants."""
    if body == u:
        return X
    if not body.has(u):
        return ev.scalar(body) * eye(X)
    parts = [arithmetic(ev, a, u, X) for a in body.args]
    if isinstance(body, sp.Add):
        return reduce(np.add, parts)
    if isinstance(body, sp.Mul):
        return reduce(np.matmul, parts)
    if isinstance(body, sp.Pow) and not body.exp.has(u):
        return power(parts[0], ev.scalar(body.exp))
    if isinstance(body, sp.Pow):
        return linalg.expm(parts[1] @ linalg.logm(parts[0]))
    if type(body) in MATRIX_FUNCTIONS and len(parts) == 1:
        return MATRIX_FUNCTIONS[type(body)](*parts)
    raise NotImplementedError(f"`{body}` of a matrix")


def power(base, exponent):
    """The principal power of a matrix."""
    if exponent == np.round(exponent):
        return np.linalg.matrix_power(base, int(np.real(exponent)))
    if 2 * exponent == np.round(2 * exponent):
        return np.linalg.matrix_power(sqrtm(base), int(np.real(2 * exponent)))
    return linalg.expm(exponent * linalg.logm(base))


def real_where_it_should_be(function, X, value):
    """The real part of f(X) for real X, nan where the imaginary part is more than rounding; a function that names I may be complex."""
    if np.iscomplexobj(X) or function.expr.has(sp.I):
        return value
    is_real = np.all(np.abs(np.imag(value)) <= REAL_TOLERANCE * max(1, np.abs(value).max()))
    return np.real(value) if is_real else np.full(X.shape, np.nan)


@evaluator(MatrixExp, MatrixLog, MatrixSqrt, MatrixSin, MatrixCos, MatrixFunction)
def of_matrix_function(ev, node):
    return matrix_function(ev, node.function, square(ev, node.arg))


@evaluator(FrechetDerivative)
def of_frechet_derivative(ev, node):
    derivative, directions = frechet(ev, node, len(node.directions))
    return derivative(*directions)


@evaluator(FrechetMatrix)
def of_frechet_matrix(ev, node):
    """The columns are vecs of the derivative along unit matrices, and along the directions of the node; the first of several is slowest."""
    derivative, directions = frechet(ev, node, len(node.directions) + node.order)
    n = ev.integer(node.arg.shape[0])
    units = [e.reshape(n, n, order="F") for e in np.eye(n * n)]
    return np.stack([derivative(*es, *directions).ravel(order="F") for es in product(units, repeat=node.order)], axis=1)


def frechet(ev, node, order):
    """The derivative of f at X as a function of `order` directions, and the directions that the node gives."""
    function, X = node.function, square(ev, node.arg)
    directions = [square(ev, E) for E in node.directions]
    if any(E.shape != X.shape for E in directions):
        raise ShapeError(f"shapes {[E.shape for E in directions]} of the directions of `{node}`, expected {X.shape}")
    derivative = DaleckiiKrein(scalar_function(ev, function), X, order)
    is_complex = any(np.iscomplexobj(E) for E in directions)
    return (derivative if is_complex else lambda *E: real_where_it_should_be(function, X, derivative(*E))), directions


def scalar_function(ev, function):
    """f as a function of an mpmath number, at its precision; NotImplementedError where f has a part that may not be analytic."""
    (u,) = function.variables
    unknown = {type(a) for a in sp.preorder_traversal(function.expr) if a.has(u)} - {sp.Add, sp.Mul, sp.Pow, type(u), *MATRIX_FUNCTIONS}
    if unknown:
        raise NotImplementedError(f"the derivative of a function of a matrix with {', '.join(sorted(map(str, unknown)))}")
    body, parameters = with_numbers_named(function)
    compiled, values = mpmath_function(body, len(parameters)), [mp.mpmathify(ev.scalar(p)) for p in parameters]
    return lambda x: compiled(x, *values)


VARIABLE, NUMBER = sp.Symbol("u"), "number_{}"


def with_numbers_named(function):
    """(body in `VARIABLE`, parts that do not depend on it): each of the parts is a symbol of ours in the body, which is printed and run."""
    (u,) = function.variables
    found = {}

    def named(e):
        if e == u:
            return VARIABLE
        if not e.has(u):
            return e if e.is_Number else found.setdefault(e, sp.Symbol(NUMBER.format(len(found))))
        return e.func(*map(named, e.args))

    return named(function.expr), list(found)


@lru_cache(maxsize=256)
def mpmath_function(body, count):
    """The body as a function of mpmath numbers: the variable and `count` numbers."""
    ours = {"Sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "Softplus": lambda x: mp.log(1 + mp.exp(x))}
    return sp.lambdify((VARIABLE, *(sp.Symbol(NUMBER.format(k)) for k in range(count))), body, [ours, "mpmath"])
