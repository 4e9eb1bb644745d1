"""Eigenvalues of pencils and of matrices that need not be symmetric, in canonical form."""

from sympy import Expr, S, sqrt

from ..kernel.interning import raw, raw_scalar
from ..kernel.shapes import is_matrix
from ..nodes import (
    GeneralEigenvalue,
    GeneralizedEigenvalue,
    GeneralizedEigenvector,
    GroupResolvent,
    LeftEigenvector,
    PencilResolvent,
    RightEigenvector,
)
from .checks import check_square
from .form import as_scalar, prepare, prepares
from .scalars import handles

OF_MATRIX = "an eigenvalue"


def _prepared(e):
    """The arguments, each matrix square and prepared."""
    for a in e.args:
        if is_matrix(a):
            check_square(a, OF_MATRIX)
    return [prepare(a) if is_matrix(a) else a for a in e.args]


@handles(GeneralizedEigenvalue, GeneralEigenvalue)
def eigenvalue(e, prepare):
    args = _prepared(e)
    if is_matrix(args[0]):
        return raw_scalar(type(e), *args)
    return args[0] / args[1] if isinstance(e, GeneralizedEigenvalue) else args[0]


@prepares(GeneralizedEigenvector, PencilResolvent, RightEigenvector, LeftEigenvector, GroupResolvent)
def of_eigenvalue(e):
    return raw(type(e), *_prepared(e))


@as_scalar(GeneralizedEigenvector)
def scale(e) -> Expr:
    return 1 / sqrt(prepare(e.args[1]))


@as_scalar(RightEigenvector, LeftEigenvector)
def one(e):
    return S.One


@as_scalar(PencilResolvent, GroupResolvent)
def zero(e):
    return S.Zero
