"""The entries of matrices in index notation, class by class."""

from typing import Any

from sympy import Expr, IndexedBase, KroneckerDelta, Mul, Pow, S, exp, floor, log
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    DiagMatrix,
    FunctionMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf

from ..compat import modulo
from ..kernel.shapes import is_matrix, parted
from ..nodes import AsMatrix, Einsum, MatrixSum, MatrixUnit, RowLogSumExp, RowSoftmax, RowSum, Softmax, Vec
from .scalars_of_matrices import total
from .to_indices import Writer, joined, writes


def base_of(e: Any) -> IndexedBase:
    """The IndexedBase of a matrix symbol: a column has one index."""
    rows, cols = e.shape
    return IndexedBase(e.name, shape=(rows,) if cols == 1 and rows != 1 else (rows, cols))


@writes(MatrixSymbol)
def symbol(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    base = base_of(e)
    return base[i] if len(base.shape) == 1 else base[i, j]


@writes(AsMatrix)
def array_symbol(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    array = e.array
    return IndexedBase(str(array.name), shape=tuple(array.shape))[(i, j)[: len(array.shape)]]


@writes(MatMul)
def product(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    """A sum over every axis between two factors."""
    scalars, matrices = parted(e.args)
    inner = [S.Zero if a.shape[1] == 1 else w.fresh() for a in matrices[:-1]]
    places = [i, *inner, j]
    body = Mul(*(w.entry(a, places[k], places[k + 1]) for k, a in enumerate(matrices)))
    for index, a in zip(reversed(inner), reversed(matrices[:-1])):
        body = body if index == 0 else joined(body, (index, S.Zero, a.shape[1] - 1))
    return Mul(*map(w.scalar, scalars), body)


@writes(MatAdd)
def added(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return sum((w.entry(a, i, j) for a in e.args), start=S.Zero)


@writes(Transpose)
def transposed(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.entry(e.arg, j, i)


@writes(HadamardProduct)
def hadamard(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return Mul(*(w.entry(a, i, j) for a in e.args))


@writes(HadamardPower)
def entrywise_power(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    base, k = (w.entry(a, i, j) if is_matrix(a) else w.scalar(a) for a in e.args)
    return Pow(base, k)


@writes(ElementwiseApplyFunction)
def applied(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.scalar(e.function(w.entry(e.expr, i, j)))


@writes(Identity)
def identity(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return KroneckerDelta(i, j)


@writes(OneMatrix)
def ones(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return S.One


@writes(ZeroMatrix)
def zeros(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return S.Zero


@writes(MatrixUnit)
def unit(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return Mul(*(KroneckerDelta(at, here) for (at, size), here in zip(e.indices, (i, j)) if size != 1))


@writes(DiagMatrix)
def diagonal(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    v = e.args[0]
    return KroneckerDelta(i, j) * (w.entry(v, i, S.Zero) if v.shape[1] == 1 else w.entry(v, S.Zero, i))


@writes(DiagonalOf)
def diagonal_of(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.entry(e.args[0], i, i)


@writes(DiagonalMatrix)
def diagonal_part(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return KroneckerDelta(i, j) * w.entry(e.args[0], i, i)


@writes(KroneckerProduct)
def kronecker(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    """Quotients and remainders of the indices."""
    places = []
    for axis, at in enumerate((i, j)):
        sizes, here = [S(a.shape[axis]) for a in e.args], []
        for k in range(len(sizes) - 1, -1, -1):
            is_last = all(size == 1 for size in sizes[:k])
            here.append(S.Zero if sizes[k] == 1 else at if is_last else modulo(at, sizes[k]))
            at = S.Zero if is_last and sizes[k] != 1 else floor(at / sizes[k])
        places.append(here[::-1])
    return Mul(*(w.entry(a, places[0][k], places[1][k]) for k, a in enumerate(e.args)))


@writes(Vec)
def stacked(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    rows, cols = e.arg.shape
    return w.entry(e.arg, i, S.Zero) if cols == 1 else w.entry(e.arg, modulo(i, rows), floor(i / rows))


@writes(MatrixSlice)
def sliced(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    at = (S(start) + S(step) * k for (start, _, step), k in zip((e.rowslice, e.colslice), (i, j)))
    return w.entry(e.parent, *at)


@writes(MatPow)
def power(w: Writer, e: Any, i: Expr, j: Expr) -> Expr | None:
    """A product for the powers that are written out; an inverse has no formula."""
    if not (e.exp.is_Integer and 2 <= e.exp <= 4):
        return None
    return product(w, MatMul(*[e.base] * int(e.exp), evaluate=False), i, j)


@writes(MatrixSum)
def matrix_sum(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    body = w.entry(e.body, i, j)
    for limit in e.limits:
        body = joined(body, tuple(limit))
    return body


@writes(Einsum)
def einsum(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.einsum(e, (i, j)[: len(e.axes_shape)])


@writes(RowSum)
def row_sum(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.summed(e.arg.shape[1], lambda k: w.entry(e.arg, i, k))


@writes(RowSoftmax)
def row_softmax(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return exp(w.entry(e.arg, i, j)) / w.summed(e.arg.shape[1], lambda k: exp(w.entry(e.arg, i, k)))


@writes(Softmax)
def softmax(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return exp(w.entry(e.arg, i, j)) / total(w, e.arg, exp)


@writes(RowLogSumExp)
def row_log_sum_exp(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return log(w.summed(e.arg.shape[1], lambda k: exp(w.entry(e.arg, i, k))))


@writes(FunctionMatrix)
def of_indices(w: Writer, e: Any, i: Expr, j: Expr) -> Expr:
    return w.scalar(e.lamda(i, j))


@writes(MatrixBase)
def explicit(w: Writer, e: Any, i: Expr, j: Expr) -> Expr | None:
    """An entry at a known place; of an explicit matrix at a symbolic place there is no formula."""
    return w.scalar(e[int(i), int(j)]) if i.is_Integer and j.is_Integer else None
