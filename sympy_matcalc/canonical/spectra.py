"""Columns of eigenvalues and singular values, and matrices of their vectors, in canonical form."""

from sympy import Abs, S, sign
from sympy.matrices.expressions import MatMul, Transpose

from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.shapes import is_column, is_matrix, is_one, shape_of
from ..nodes import Eigenvalues, Eigenvectors, InverseGaps, LeftSingularVectors, Norm, RightSingularVectors, SingularValues
from .checks import check_square
from .declared import number_in_front
from .form import as_scalar, prepare, prepares
from .orientation import transpose_prepared, upright

TURNED = {LeftSingularVectors: RightSingularVectors, RightSingularVectors: LeftSingularVectors}


@prepares(Eigenvalues, Eigenvectors)
def of_symmetric(e):
    """That of a transpose is that of the matrix."""
    check_square(e.arg, type(e).__name__)
    return raw(type(e), upright(prepare(e.arg)))


@prepares(SingularValues)
def singular_values(e):
    return raw(SingularValues, upright(prepare(e.arg)))


@prepares(LeftSingularVectors, RightSingularVectors)
def singular_vectors(e):
    """Those of a transpose are those of the matrix, left and right exchanged; those of a vector are the unit vector and 1."""
    a, cls = prepare(e.arg), type(e)
    if isinstance(a, Transpose) or is_one(shape_of(a)[0]):
        a, cls = transpose_prepared(a), TURNED[cls]
    if not is_column(a):
        return raw(cls, a)
    return make.mul(1 / raw_scalar(Norm, a), *(a.args if isinstance(a, MatMul) else (a,))) if cls is LeftSingularVectors else S.One


@prepares(InverseGaps)
def inverse_gaps(e):
    """A number in front of the vector divides."""
    x = prepare(e.arg)
    c, x = number_in_front(x if is_column(x) else transpose_prepared(x))
    return make.mul(1 / c, raw(InverseGaps, x))


@as_scalar(Eigenvalues)
def itself(e):
    return prepare(e.arg)


@as_scalar(SingularValues)
def length(e):
    x = prepare(e.arg)
    return prepare(Norm(e.arg)) if is_matrix(x) else Abs(x)


@as_scalar(LeftSingularVectors)
def direction(e):
    """The sign of a number x = U |x| V', where V = 1; of a row V is the unit vector."""
    x = prepare(e.arg)
    return S.One if is_matrix(x) else sign(x)


@as_scalar(Eigenvectors, RightSingularVectors)
def one(e):
    return S.One


@as_scalar(InverseGaps)
def zero(e):
    return S.Zero
