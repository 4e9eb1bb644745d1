"""Cross products in canonical form: numbers stand in front, the factors are in one order, of equal ones the product is 0."""

from sympy import S
from sympy.matrices.expressions import ZeroMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..nodes import CrossProduct, SkewMatrix
from .declared import number_in_front
from .form import prepare, prepares

THREE = S(3)


@prepares(CrossProduct)
def cross_product(e):
    return cross(*map(prepare, e.args))


def cross(x, y):
    """The cross product of two prepared vectors."""
    (c, x), (d, y) = number_in_front(x), number_in_front(y)
    if x == y or isinstance(x, ZeroMatrix) or isinstance(y, ZeroMatrix):
        return make.zero(THREE, S.One)
    swapped = sort_key(y) < sort_key(x)
    return make.mul(-c * d if swapped else c * d, raw(CrossProduct, *((y, x) if swapped else (x, y))))


@prepares(SkewMatrix)
def skew_matrix(e):
    return skew(prepare(e.arg))


def skew(x):
    """The matrix of the cross product with a prepared vector."""
    if isinstance(x, ZeroMatrix):
        return make.zero(THREE, THREE)
    c, x = number_in_front(x)
    return make.mul(c, raw(SkewMatrix, x))
