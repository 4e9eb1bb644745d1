"""Products of entries, and cumulative sums and products, in canonical form."""

from sympy import S
from sympy.matrices.expressions import Transpose, ZeroMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_column, is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import (
    CumulativeProduct,
    CumulativeSum,
    ElementProduct,
    LowerTriangle,
    ProductsOfOtherPairs,
    ProductsOfOthers,
    ReverseCumulativeSum,
    RowProduct,
    RowProductsOfOthers,
    UpperTriangle,
)
from ..nodes.base import ColumnOfRows
from .declared import number_in_front
from .form import as_scalar, prepare, prepares
from .orientation import transpose_prepared, upright
from .scalars import handles
from .triangles import triangle_of


@handles(ElementProduct)
def element_product(e, prepare):
    a = prepare(e.arg)
    return raw(ElementProduct, upright(a)) if is_matrix(a) else a


@prepares(ColumnOfRows)
def of_each_row(e):
    """A function of the entries of each row, which of a column are itself."""
    a = prepare(e.arg)
    return a if is_column(a) else raw(type(e), a)


@as_scalar(RowProduct)
def product_of_row(e):
    return element_product(ElementProduct(e.arg), prepare)


@prepares(ProductsOfOthers)
def products_of_others(e):
    return products_of_others_of(prepare(e.arg))


def products_of_others_of(a):
    """That of a prepared matrix; that of a transpose is the transpose."""
    if isinstance(a, Transpose) or is_one(shape_of(a)[0]):
        return transpose(raw(ProductsOfOthers, transpose_prepared(a)))
    return raw(ProductsOfOthers, a)


@prepares(RowProductsOfOthers)
def row_products_of_others(e):
    a = prepare(e.arg)
    if is_column(a):
        return make.ones(shape_of(a)[0])
    return products_of_others_of(a) if is_one(shape_of(a)[0]) else raw(RowProductsOfOthers, a)


@prepares(ProductsOfOtherPairs)
def products_of_other_pairs(e):
    x = prepare(e.arg)
    return raw(ProductsOfOtherPairs, x if is_column(x) else transpose_prepared(x))


@prepares(CumulativeProduct)
def cumulative_product(e):
    """The products of the rows of the triangle of entries of x that has ones above it."""
    x = prepare(e.arg)
    x = x if is_column(x) else transpose_prepared(x)
    ones = make.ones(shape_of(x)[0])
    rows = prepare(make.mul(ones, transpose(x)))
    below = triangle_of(LowerTriangle, rows)
    above = triangle_of(UpperTriangle, make.ones(*shape_of(rows)), S.One)
    return of_each_row(RowProduct(prepare(make.add(below, above))))


@prepares(CumulativeSum, ReverseCumulativeSum)
def cumulative_sum(e):
    return cumulative_sum_of(type(e), prepare(e.arg))


def cumulative_sum_of(cls, a):
    """The cumulative sum of a prepared matrix: numbers stand in front."""
    if isinstance(a, ZeroMatrix) or is_one(shape_of(a)[0]):
        return a
    c, a = number_in_front(a)
    return make.mul(c, raw(cls, a))


@as_scalar(ProductsOfOthers, RowProductsOfOthers)
def one(e):
    return S.One


@as_scalar(ProductsOfOtherPairs)
def zero(e):
    return S.Zero


@as_scalar(CumulativeProduct, CumulativeSum, ReverseCumulativeSum)
def itself(e):
    return prepare(e.arg)
