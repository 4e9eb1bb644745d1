"""Softmax and log-sum-exp of a vector and of each row, in canonical form."""

from sympy import S

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_column, is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import LogSumExp, RowLogSumExp, RowSoftmax, Softmax
from .form import as_scalar, prepare, prepares
from .orientation import transpose_prepared
from .scalars import handles


def _column(x):
    return x if is_column(x) else transpose_prepared(x)


@handles(LogSumExp)
def log_sum_exp(e, prepare):
    x = prepare(e.arg)
    return raw(LogSumExp, _column(x)) if is_matrix(x) else x


@prepares(Softmax)
def softmax(e):
    x = prepare(e.arg)
    return raw(Softmax, x) if is_column(x) else transpose(raw(Softmax, transpose_prepared(x)))


@prepares(RowSoftmax)
def row_softmax(e):
    a = prepare(e.arg)
    if is_column(a):
        return make.ones(shape_of(a)[0])
    return transpose(raw(Softmax, transpose_prepared(a))) if is_one(shape_of(a)[0]) else raw(RowSoftmax, a)


@as_scalar(RowLogSumExp)
def of_one_row(e):
    return prepare(LogSumExp(e.arg))


@as_scalar(Softmax, RowSoftmax)
def one(e):
    return S.One
