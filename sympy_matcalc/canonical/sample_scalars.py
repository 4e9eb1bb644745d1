"""Scalars of the matrices in a sum over samples: entries, traces, norms, and what of a sample is that of a row."""

from collections.abc import Callable
from typing import Any

from sympy import Abs, Basic, Expr, Pow, S, Trace
from sympy.matrices.expressions import DotProduct, HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import ElementMax, ElementMin, ElementProduct, ElementSum, LogSumExp, Mean, Norm, RowLogSumExp, RowMax, RowMin, RowProduct
from ..nodes.bound import BOUND
from ..notation.term import AdjointTerm, size_of
from . import sums
from .samples import SCALARS, Reader, entrywise, function_of, of_entries, reads, renamed, summed
from .sums import NotLiftable, TooManyAxes, product_of_sums


@reads(MatrixElement, table=SCALARS)
def entry(e: Any, reader: Reader) -> list[AdjointTerm]:
    """Unit vectors on the axes of the matrix."""
    terms = reader.matrix(e.parent)
    out = []
    for t in terms:
        leaves: list[tuple] = []
        for axis, at in zip(t.out, (e.i, e.j)):
            if axis:
                index, more = sums._axis(at, size_of(axis), reader.env)
                leaves += [(make.identity(size_of(axis)), axis, index), *more]
        out.append(t._replace(leaves=(*t.leaves, *leaves), out=()))
    return out


@reads(Trace, table=SCALARS)
def trace(e: Any, reader: Reader) -> list[AdjointTerm]:
    """Rows and columns are one index."""
    return [summed(renamed(t, t.out[1], t.out[0])) for t in reader.matrix(e.arg)]


@reads(ElementSum, table=SCALARS)
def element_sum(e: Any, reader: Reader) -> list[AdjointTerm]:
    return [summed(t) for t in reader.matrix(e.arg)]


@reads(Mean, table=SCALARS)
def mean(e: Any, reader: Reader) -> list[AdjointTerm]:
    rows, cols = e.arg.shape
    return [summed(t).times(1 / (S(rows) * cols)) for t in reader.matrix(e.arg)]


@reads(DotProduct, table=SCALARS)
def dot_product(e: Any, reader: Reader) -> list[AdjointTerm]:
    parts = []
    for a in e.args:
        terms = reader.single(reader.matrix(a))
        parts.append([t._replace(out=(t.out[0] or t.out[1], ())) for t in terms])
    return [summed(t) for t in product_of_sums(parts, reader.env, entrywise)]


@reads(Norm, table=SCALARS)
def norm(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The 2-norm by the sum of squares, which needs no more than two axes; others by the rows."""
    return norm_power(e, S.One, reader)


def norm_power(e: Any, k: Expr, reader: Reader) -> list[AdjointTerm]:
    """A power of a norm."""
    if e.p == 2:
        return function_of(_squares(e.arg, reader, k), BOUND ** (k / 2), reader)
    node, axis, _ = reader.rows(e.arg)
    absolute = make.apply(make.function(Abs(BOUND)), node)
    if e.p is S.Infinity:
        found, power = raw(RowMax, absolute), k
    else:
        found = make.mul(raw(HadamardPower, absolute, e.p), make.ones(shape_of(node)[1]))
        power = k / e.p
    return _column(make.apply(make.function(BOUND**power), found), axis, reader)


def _squares(e: Basic, reader: Reader, k: Expr) -> list[AdjointTerm]:
    """The sum of the squares of the entries: x'x, or where a function of it is taken the row sums of the squares of all samples."""
    if k != 2:
        try:
            return [summed(t) for t in of_entries(e, lambda node: raw(HadamardPower, node, S(2)), S(2), reader)]
        except TooManyAxes:
            if not (k / 2).is_Integer or k.is_negative:  # of a square that is multiplied out no root is safe
                raise NotLiftable from None
    first, second = (reader.single(reader.matrix(e)) for _ in range(2))  # with labels of their own
    return [summed(t) for t in product_of_sums([first, second], reader.env, entrywise)]


def _column(node: Basic, axis: tuple, reader: Reader) -> list[AdjointTerm]:
    return [sums.oriented(reader.prepare(node), [axis, ()])]


ALONG_ROWS = {LogSumExp: RowLogSumExp, ElementMax: RowMax, ElementMin: RowMin, ElementProduct: RowProduct}


@reads(*ALONG_ROWS, table=SCALARS)
def of_each_row(e: Any, reader: Reader) -> list[AdjointTerm]:
    """The same of each row."""
    node, axis, _ = reader.rows(e.arg)
    return _column(raw(ALONG_ROWS[type(e)], node), axis, reader)


# ---------------------------------------------------------------- what the reading of sums asks


def _terms_of(e: Basic, env: dict, prepare: Callable) -> list[AdjointTerm]:
    """Terms of a scalar of a matrix, or of a matrix that is 1 x 1, that depends on an index."""
    reader = Reader(env, prepare)
    if isinstance(e, Pow):
        return norm_power(e.base, e.exp, reader)
    if not is_matrix(e):
        return next(SCALARS[c] for c in type(e).__mro__ if c in SCALARS)(e, reader)
    if tuple(map(S, e.shape)) != (S.One, S.One):
        raise NotLiftable
    return [t._replace(out=()) for t in reader.matrix(e)]


sums.SCALARS_OF_MATRICES.update(dict.fromkeys((*SCALARS, MatrixExpr), _terms_of))
