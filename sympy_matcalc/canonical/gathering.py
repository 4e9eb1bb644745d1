"""Gathered and scattered rows in canonical form: numbers stand in front; of one row they are products with a unit vector."""

from sympy import Integer, Tuple
from sympy.matrices.expressions import MatMul, ZeroMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import Gather, Scatter
from .declared import number_in_front
from .form import as_scalar, prepare, prepares


@prepares(Gather)
@as_scalar(Gather)
def gather(e):
    rows, a = shape_of(e.arg)[0], prepare(e.arg)
    if len(e.numbers) == 1:
        return _product(transpose(make.unit(rows, e.args[1][0])), a)
    if is_one(rows):
        return _product(make.ones(shape_of(e)[0]), a)
    return gather_of(a, e.args[1])


def gather_of(a, indices):
    """Rows of a prepared matrix."""
    if isinstance(a, ZeroMatrix):
        return make.zero(Integer(len(indices)), shape_of(a)[1])
    c, a = number_in_front(a)
    if isinstance(a, Gather):
        a, indices = a.arg, Tuple(*(a.args[1][int(i)] for i in indices))
    return make.mul(c, raw(Gather, a, indices))


@prepares(Scatter)
@as_scalar(Scatter)
def scatter(e):
    (_, indices, size), a = e.args, prepare(e.arg)
    if len(e.numbers) == 1:
        return _product(make.unit(size, indices[0]), a)
    if is_one(size):
        return _product(transpose(make.ones(shape_of(e.arg)[0])), a)
    return scatter_of(a, indices, size)


def scatter_of(a, indices, size):
    """Rows of a prepared matrix, added up."""
    if isinstance(a, ZeroMatrix):
        return make.zero(size, shape_of(a)[1])
    c, a = number_in_front(a)
    return make.mul(c, raw(Scatter, a, indices, size))


def _product(left, a):
    """The product of a vector and a prepared matrix or scalar."""
    return prepare(make.mul(left, *(a.args if isinstance(a, MatMul) else (a,))))
