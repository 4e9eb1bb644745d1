"""Largest and smallest entries in canonical form: a number of known sign stands in front, and turns a maximum into a minimum."""

from sympy import S
from sympy.matrices.expressions import MatMul, Transpose

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column, is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import ElementMax, ElementMin, Hardmax, RowHardmax, RowMax, RowMin
from .declared import number_in_front
from .form import as_scalar, prepare, prepares
from .orientation import transpose_prepared
from .scalars import handles

OPPOSITE = {ElementMax: ElementMin, ElementMin: ElementMax, RowMax: RowMin, RowMin: RowMax}


def scaled(cls, a):
    """(c, class, A) with max(a) = c max(A), or c min(A) where c is negative."""
    c, rest = number_in_front(a)
    if c.is_extended_positive:
        return c, cls, rest
    return (c, OPPOSITE[cls], rest) if c.is_extended_negative else (S.One, cls, a)


@handles(ElementMax, ElementMin)
def extreme(e, prepare):
    a = prepare(e.arg)
    if not is_matrix(a):
        return a
    c, cls, a = scaled(type(e), a)
    a = a.args[0] if isinstance(a, Transpose) else a if not is_one(shape_of(a)[0]) else transpose_prepared(a)
    return scalar_product(c, raw(cls, a))


@prepares(RowMax, RowMin)
def row_extreme(e):
    a = prepare(e.arg)
    if is_column(a):
        return a
    c, cls, a = scaled(type(e), a)
    return make.mul(c, raw(cls, a))


@as_scalar(RowMax, RowMin)
def extreme_of_row(e):
    return extreme({RowMax: ElementMax, RowMin: ElementMin}[type(e)](e.arg), prepare)


@prepares(Hardmax)
def hardmax(e):
    return hardmax_of(prepare(e.arg))


def hardmax_of(a):
    """That of a prepared matrix; that of a transpose is the transpose, and positive numbers change nothing."""
    a = _of_positive_scale(a)
    if isinstance(a, Transpose) or is_one(shape_of(a)[0]):
        return transpose(raw(Hardmax, transpose_prepared(a)))
    return raw(Hardmax, a)


@prepares(RowHardmax)
def row_hardmax(e):
    a = _of_positive_scale(prepare(e.arg))
    if is_column(a):
        return make.ones(shape_of(a)[0])
    return hardmax_of(a) if is_one(shape_of(a)[0]) else raw(RowHardmax, a)


@as_scalar(Hardmax, RowHardmax)
def one(e):
    return S.One


def negative(a):
    """-A of a prepared matrix."""
    c, rest = number_in_front(a)
    return make.mul(-c, *(rest.args if isinstance(rest, MatMul) else (rest,)))


def _of_positive_scale(a):
    c, rest = number_in_front(a)
    if c.is_extended_positive:
        return rest
    return negative(rest) if c.is_extended_negative else a
