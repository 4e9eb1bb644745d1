"""Factors of the QR and LU decompositions in canonical form; of a column Q is the unit vector, and R the norm."""

from sympy import S, sign
from sympy.matrices.expressions import MatMul

from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.shapes import is_column
from ..nodes import LUFactorL, LUFactorP, LUFactorU, Norm, QRFactorQ, QRFactorR
from .checks import check_square
from .form import as_scalar, prepare, prepares


@prepares(QRFactorQ)
def orthogonal_factor(e):
    a = prepare(e.arg)
    if not is_column(a):
        return raw(QRFactorQ, a)
    return make.mul(1 / raw_scalar(Norm, a), *(a.args if isinstance(a, MatMul) else (a,)))


@prepares(QRFactorR)
def triangular_factor(e):
    return raw(QRFactorR, prepare(e.arg))


@prepares(LUFactorP, LUFactorL, LUFactorU)
def factor_of_square(e):
    check_square(e.arg, type(e).__name__)
    return raw(type(e), prepare(e.arg))


@as_scalar(QRFactorQ)
def direction(e):
    return sign(prepare(e.arg))


@as_scalar(QRFactorR)
def length(e):
    return prepare(Norm(e.arg))


@as_scalar(LUFactorP, LUFactorL)
def one(e):
    return S.One


@as_scalar(LUFactorU)
def itself(e):
    return prepare(e.arg)
