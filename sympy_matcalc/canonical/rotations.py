"""Rotations in canonical form."""

from sympy import S

from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column, is_matrix
from ..nodes import MatrixExp, QuaternionRotation, RightJacobian, SkewMatrix, Stumpff
from .declared import number_in_front
from .form import prepare, prepares
from .orientation import transpose_prepared
from .scalars import handles


@handles(Stumpff)
def stumpff(e, prepare):
    w = prepare(e.arg)
    if not is_matrix(w):
        w = make.mul(w, make.identity(S.One))
    return raw_scalar(Stumpff, w if is_column(w) else transpose_prepared(w), e.args[1])


@prepares(RightJacobian, QuaternionRotation)
def of_vector(e):
    return raw(type(e), prepare(e.arg))


def rotation_vector(node):
    """w where the prepared node is exp([w]); None where it is not."""
    if not isinstance(node, MatrixExp):
        return None
    c, inner = number_in_front(node.arg)
    if not isinstance(inner, SkewMatrix):
        return None
    d, w = number_in_front(inner.arg)
    return prepare(make.mul(scalar_product(c, d), w))
