"""The nodes of the reference books in canonical form; those that only abbreviate (ElementSum, EigenvalueSum, ...) are written out."""

from sympy import Abs, Determinant, Mul, S, Trace, sqrt
from sympy.matrices.expressions import Identity, Inverse, MatMul, Transpose, ZeroMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import ShapeError
from ..kernel import make
from ..kernel.binding import substitute
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.session import session_state
from ..kernel.shapes import is_column, is_matrix, shape_of
from ..kernel.symmetry import transpose
from ..nodes import (
    Adjugate,
    Cholesky,
    DuplicationMatrix,
    Eigenvalue,
    EigenvalueProduct,
    EigenvalueSum,
    Eigenvector,
    ElementSum,
    FrechetDerivative,
    FrechetMatrix,
    HalfLower,
    LeftSingularVector,
    MatrixFunction,
    Mean,
    Norm,
    NuclearNorm,
    PseudoInverse,
    ReducedResolvent,
    RightSingularVector,
    RowSum,
    SingularValue,
    SpectralNorm,
    Unvec,
    Vec,
)
from ..nodes.bound import BOUND, body_of
from ..nodes.matrix_functions import AnalyticFunction
from ..nodes.norms import is_real
from . import functions
from .analytic import analytic_function, frechet, matrix_function
from .checks import check_square
from .declared import number_in_front
from .form import as_scalar, leaf, prepare, prepares
from .orientation import transpose_prepared, upright
from .scalars import handles, prepare_scalar

# ---------------------------------------------------------------- abbreviations


@handles(ElementSum)
def element_sum(e, prepare):
    rows, cols = shape_of(e.arg)
    return prepare(raw(MatMul, make.ones(S.One, rows), e.arg, make.ones(cols, S.One)))


@handles(Mean)
def mean(e, prepare):
    return element_sum(e, prepare) / scalar_product(*shape_of(e.arg))


@prepares(RowSum)
def row_sum(e):
    return prepare(raw(MatMul, e.arg, make.ones(shape_of(e.arg)[1], S.One)))


@handles(EigenvalueSum)
def eigenvalue_sum(e, prepare):
    return prepare(Trace(e.arg))


@handles(EigenvalueProduct)
def eigenvalue_product(e, prepare):
    return prepare(Determinant(e.arg))


# ---------------------------------------------------------------- scalars of a matrix


@handles(Norm)
def norm(e, prepare):
    a, p = prepare(e.arg), prepare_scalar(e.p, prepare)
    if not is_matrix(a):
        return Abs(a)
    scale, a = _real_unscaled(upright(a))
    return Abs(scale) * (raw(Norm, a) if p == 2 else raw(Norm, a, p))


@handles(SpectralNorm, NuclearNorm)
def norm_of_singular_values(e, prepare):
    a = prepare(e.arg)
    if not is_matrix(a):
        return Abs(a)
    scale, a = _real_unscaled(upright(a))
    return Abs(scale) * (raw(Norm, a) if is_column(a) else raw(type(e), a))


@handles(Eigenvalue)
def eigenvalue(e, prepare):
    check_square(e.arg, "an eigenvalue")
    a = prepare(e.arg)
    return raw(Eigenvalue, upright(a), e.args[1]) if is_matrix(a) else a


@handles(SingularValue)
def singular_value(e, prepare):
    a = prepare(e.arg)
    if not is_matrix(a):
        return Abs(a)
    return raw(SingularValue, upright(a), e.args[1])


def _column(x):
    return x if is_column(x) else transpose_prepared(x)


def _real_unscaled(a):
    c, rest = number_in_front(a)
    return (c, rest) if is_real(c) else (S.One, a)


# ---------------------------------------------------------------- matrices


@prepares(DuplicationMatrix, HalfLower)
def constant(e):
    return leaf(e)


@prepares(AnalyticFunction, MatrixFunction)
def analytic(e):
    check_square(e.arg, type(e).__name__)
    return matrix_function(prepare_scalar(body_of(e.function), prepare), prepare(e.arg))


@prepares(FrechetDerivative)
def frechet_derivative(e):
    a = prepare(e.arg)
    return frechet(prepare_scalar(body_of(e.function), prepare), a, [prepare(x) for x in e.directions])


@prepares(FrechetMatrix)
def frechet_matrix(e):
    return raw(FrechetMatrix, analytic_function(body_of(e.function)), *(prepare(a) if is_matrix(a) else a for a in e.args[1:]))


@prepares(Eigenvector, ReducedResolvent)
def eigenvector(e):
    check_square(e.arg, type(e).__name__)
    return raw(type(e), upright(prepare(e.arg)), e.args[1])


@prepares(LeftSingularVector, RightSingularVector)
def singular_vector(e):
    """Those of a transpose are those of the matrix, left and right exchanged."""
    a = prepare(e.arg)
    turned = {LeftSingularVector: RightSingularVector, RightSingularVector: LeftSingularVector}
    if not is_matrix(a):
        raise ShapeError(f"`{e}`: a number has no singular vectors; give a matrix")
    return raw(turned[type(e)], a.args[0], e.args[1]) if isinstance(a, Transpose) else raw(type(e), a, e.args[1])


@prepares(PseudoInverse)
def pseudo_inverse(e):
    a = prepare(e.arg)
    up = upright(a)
    return pseudo_inverse_of(a) if up is a else transpose_prepared(pseudo_inverse_of(up))


def pseudo_inverse_of(a):
    """A^+ of a prepared matrix; of a vector, and of what is surely invertible, in simpler notation.

    A derivative holds where the rank is constant, which that of a vector is where it is not 0; what is simplified may be 0.
    """
    scale, a = number_in_front(a)
    if isinstance(a, ZeroMatrix):
        return transpose_prepared(a)
    if scale is not S.One and not scale.is_number and not session_state.derives:
        return raw(PseudoInverse, make.mul(scale, *(a.args if isinstance(a, MatMul) else (a,))))
    if is_column(a) and session_state.derives:  # x'/(x'x)
        return make.mul(1 / (scale * prepare(make.mul(transpose(a), a))), transpose(a))
    node = make.inverse(a) if isinstance(a, (Identity, Inverse)) else raw(PseudoInverse, a)
    return node if scale is S.One else make.mul(1 / scale, node)


@prepares(Adjugate)
def adjugate(e):
    check_square(e.arg, "an adjugate")
    a = prepare(e.arg)
    if isinstance(a, Identity):
        return a
    return transpose(raw(Adjugate, a.args[0])) if isinstance(a, Transpose) else raw(Adjugate, a)


@prepares(Cholesky)
def cholesky(e):
    check_square(e.arg, "a Cholesky factor")
    return raw(Cholesky, prepare(e.arg))


@prepares(Unvec)
def unvec(e):
    v = _column(prepare(e.arg))
    if isinstance(v, Vec) and shape_of(v.arg) == e.shape:
        return v.arg
    return raw(Unvec, v, *e.shape)


# ---------------------------------------------------------------- 1 x 1


@as_scalar(AnalyticFunction, MatrixFunction)
def function_of_scalar(e):
    return prepare_scalar(substitute(body_of(e.function), {BOUND: prepare(e.arg)}), prepare)


@as_scalar(FrechetDerivative, FrechetMatrix)
def derivative_of_scalar(e):
    body = body_of(e.function)
    for _ in range(len(e.directions) + (e.order if isinstance(e, FrechetMatrix) else 0)):
        body = functions.derivative(body)
    return Mul(substitute(body, {BOUND: prepare(e.arg)}), *map(prepare, e.directions))


@as_scalar(Eigenvector, Adjugate)
def one(e):
    return S.One


@as_scalar(ReducedResolvent)
def zero(e):
    return S.Zero


@as_scalar(HalfLower)
def half(e):
    return S.Half


@as_scalar(DuplicationMatrix)
def duplication_of_scalar(e):
    return S.One


@as_scalar(Cholesky)
def root(e):
    return sqrt(prepare(e.arg))


@as_scalar(Vec, Unvec)
def inner(e):
    return prepare(e.arg)


@as_scalar(RowSum)
def sum_of_row(e):
    return element_sum(e, prepare)


@as_scalar(PseudoInverse)
def reciprocal(e):
    x = prepare(e.arg)
    if session_state.derives or x.is_nonzero:
        return 1 / x
    if x is S.Zero:
        return x
    of_symbol = isinstance(x, MatrixElement) and shape_of(x.parent) == (S.One, S.One)
    return raw(MatrixElement, raw(PseudoInverse, x.parent if of_symbol else make.mul(x, make.identity(S.One))), S.Zero, S.Zero)
