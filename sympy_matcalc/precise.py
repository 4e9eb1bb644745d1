"""Values of formulas to as many digits as mpmath works with (``mp.workdps``), without NumPy: what many digits are compared by.

SymPy's own nodes have their arithmetic here. A node of the package has it in its class, where it says everything: what `evalf` is of
it with explicit matrices. It shares nothing with the rules and the code generator. The data are taken as the exact numbers that they are.
"""

from collections.abc import Callable
from functools import reduce
from itertools import product
from math import prod
from operator import add, mul
from typing import Any

import sympy as sp
from mpmath import mp, mpc, mpf
from sympy import Basic, Expr, Float, ImmutableMatrix, Integer, MatrixSymbol, NDimArray
from sympy.core.evalf import PrecisionExhausted
from sympy.matrices import MatrixBase
from sympy.matrices import expressions as me
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from .kernel.walks import every_node, free_symbols
from .nodes.declaration import OwnNode

HANDLERS: dict[type, Callable] = {}


class UnknownNodeError(NotImplementedError):
    """A node that has no value here."""


NO_VALUE = (
    ZeroDivisionError, ValueError, TypeError, IndexError, KeyError, OverflowError, NotImplementedError, AttributeError, RecursionError,
    PrecisionExhausted, mp.NoConvergence,
)  # fmt: skip


class Precise:
    """The values under one environment: numbers as mpf or mpc, matrices as mpmath's of them, arrays of other ranks as lists of entries."""

    def __init__(self, env: dict):
        self.env, self.memo = dict(env), {}

    def value(self, e: Any) -> Any:
        if e not in self.memo:
            self.memo[e] = self._value(e)
        return self.memo[e]

    def _value(self, e):
        if isinstance(e, (sp.Symbol, MatrixSymbol)):
            return exactly(self.env[e])
        if isinstance(e, MatrixBase):
            return of_rows(e.shape, map(self.scalar, e.flat()))
        if isinstance(e, (sp.Number, sp.NumberSymbol)) or e is sp.I:
            return of_number(e)
        handler = HANDLERS.get(type(e))
        return handler(self, e) if handler is not None else self.declared(e)

    def declared(self, e):
        """The value that the class of a node gives it where its arguments are explicit."""
        bound = frozenset().union(*(getattr(node, "bound_symbols", ()) for node in every_node(e)))
        return _number_or_array(evalf(self._with_values(e, bound, at_top=True)))

    def _with_values(self, e, bound, at_top=False):
        """The expression with the largest parts that have a value replaced by it."""
        if not isinstance(e, Basic) or not free_symbols(e) or e in bound:
            return e
        if not at_top and isinstance(e, Expr) and not bound & free_symbols(e) and not _is_of_blocks(e):
            return self.explicit(e)
        if isinstance(e, (MatrixSymbol, MatrixElement)) and not at_top:
            return self.explicit(e) if isinstance(e, MatrixSymbol) else self.explicit(e.parent)[tuple(e.args[1:])]
        return e.func(*(self._with_values(a, bound) for a in e.args))

    def explicit(self, e):
        """The value as SymPy has it: a whole number where it surely is one."""
        value = self.value(e)
        if isinstance(value, mp.matrix):
            return ImmutableMatrix(value.rows, value.cols, [_sympy(x) for x in value])
        return Integer(int(value)) if e.is_integer else _sympy(value)

    def scalar(self, e):
        value = self.value(e)
        if not isinstance(value, mp.matrix):
            return value
        if (value.rows, value.cols) != (1, 1):
            raise UnknownNodeError(f"{e} is no number")
        return value[0, 0]

    def integer(self, e):
        value = self.scalar(e)
        if value != int(mp.re(value)):
            raise UnknownNodeError(f"{e} is no integer")
        return int(mp.re(value))

    def shape(self, e):
        return tuple(map(self.integer, e.shape))

    def holds(self, condition: Any) -> bool:
        """Whether a relation, or what is made of them by and, or, not, is true."""
        found = self._with_values(condition, frozenset(), at_top=True)
        if found not in (sp.true, sp.false):
            raise UnknownNodeError(f"{condition} is not decided")
        return bool(found)

    def with_bound(self, symbol, value, body):
        return Precise({**self.env, symbol: value}).value(body)


def _is_of_blocks(e):
    return isinstance(e, MatrixBase) and any(getattr(x, "is_Matrix", False) for x in e.flat())


def exactly(value):
    """A number or a matrix of floating point, NumPy's too, as the exact number that it is; what is of mpmath as it is."""
    if isinstance(value, (mpf, mpc, mp.matrix)):
        return value
    value = value.tolist() if hasattr(value, "tolist") else value
    return mp.matrix([list(map(exactly, row)) for row in value]) if isinstance(value, list) else mpf(value)


def of_rows(shape, entries):
    """The matrix of these entries, row by row; ValueError where they are more or fewer."""
    out = mp.matrix(*map(int, shape))
    for place, x in zip(product(range(out.rows), range(out.cols)), entries, strict=True):
        out[place] = x
    return out


def entries_of(value):
    """The entries of a value in a row."""
    return list(value) if isinstance(value, (mp.matrix, list)) else [value]


def entrywise(f, *matrices):
    first = matrices[0]
    if any((M.rows, M.cols) != (first.rows, first.cols) for M in matrices):
        raise ValueError("matrices of different shapes")
    return of_rows((first.rows, first.cols), map(f, *matrices))


def diagonal(M):
    return [M[k, k] for k in range(min(M.rows, M.cols))]


def of_number(e):
    """A number of SymPy's as one of mpmath."""
    if isinstance(e, sp.Rational):
        return mpf(e.p) / mpf(e.q)
    found = e if isinstance(e, Float) else e.evalf(mp.dps)
    if not found.is_number or found.is_finite is False or not all(isinstance(x, (sp.Number,)) for x in found.as_real_imag()):
        raise UnknownNodeError(f"{e} is no number")
    re, im = (x._to_mpmath(mp.prec) for x in found.as_real_imag())
    return mpc(re, im) if im else mpf(re)


def _sympy(x):
    """A number of mpmath as one of SymPy's."""
    return Float(x, mp.dps) if isinstance(x, mpf) else Expr._from_mpmath(x, mp.prec)


def evalf(e):
    """A node with explicit arguments to as many digits as mpmath works with: what its class says, of SymPy's nodes their entries."""
    found = e._eval_evalf(mp.prec) if isinstance(e, OwnNode) else e
    if found is None:
        raise UnknownNodeError(f"{type(e).__name__} has no value")
    if getattr(found, "is_Matrix", False) or isinstance(found, NDimArray):
        return found.as_explicit() if hasattr(found, "as_explicit") else found
    return (found if found.is_number and found.is_Float else found.doit()).evalf(mp.dps)


def _number_or_array(e):
    if not hasattr(e, "shape"):
        return of_number(e)
    entries = [of_number(x) for x in (e.flat() if isinstance(e, MatrixBase) else sp.flatten(e.tolist()))]
    if len(e.shape) == 2:
        return of_rows(e.shape, entries)
    if len(entries) != prod(e.shape):
        raise UnknownNodeError(f"{type(e).__name__} has not all its entries")
    return entries


def of(*classes):
    def register(handler):
        HANDLERS.update(dict.fromkeys(classes, handler))
        return handler

    return register


@of(sp.Add)
def _sum(ev, e):
    return reduce(add, map(ev.scalar, e.args))


@of(sp.Mul)
def _product(ev, e):
    return reduce(mul, map(ev.scalar, e.args))


@of(sp.Pow)
def _power(ev, e):
    return _powered(ev.scalar(e.base), ev.scalar(e.exp))


@of(me.MatAdd)
def _matrix_sum(ev, e):
    return reduce(add, map(ev.value, e.args))


@of(me.MatMul)
def _matrix_product(ev, e):
    matrices = [ev.value(a) for a in e.args if a.is_Matrix]
    return reduce(mul, matrices) * reduce(mul, (ev.scalar(a) for a in e.args if not a.is_Matrix), mpf(1))


@of(me.MatPow, me.Inverse)
def _matrix_power(ev, e):
    base, k = ev.value(e.args[0]), ev.integer(e.exp)
    return (base if k >= 0 else inverse(base)) ** abs(k)


@of(me.Transpose)
def _transpose(ev, e):
    return ev.value(e.arg).T


@of(me.Identity)
def _identity(ev, e):
    return mp.eye(ev.shape(e)[0])


@of(me.ZeroMatrix)
def _zeros(ev, e):
    return mp.zeros(*ev.shape(e))


@of(me.OneMatrix)
def _ones(ev, e):
    return mp.ones(*ev.shape(e))


@of(me.HadamardProduct)
def _hadamard(ev, e):
    return reduce(lambda a, b: entrywise(mul, a, b), map(ev.value, e.args))


@of(me.HadamardPower)
def _hadamard_power(ev, e):
    k = ev.scalar(e.exp)
    return entrywise(lambda x: _powered(x, k), ev.value(e.base))


def _powered(x, k):
    return x ** (int(mp.re(k)) if k == int(mp.re(k)) else k)


@of(me.KroneckerProduct)
def _kronecker(ev, e):
    return reduce(kronecker, map(ev.value, e.args))


def kronecker(A, B):
    rows = ((A[i, j] * B[k, l] for j in range(A.cols) for l in range(B.cols)) for i in range(A.rows) for k in range(B.rows))
    return of_rows((A.rows * B.rows, A.cols * B.cols), (x for row in rows for x in row))


@of(DiagMatrix)
def _diag(ev, e):
    return mp.diag(entries_of(ev.value(e.args[0])))


@of(DiagonalOf)
def _diagonal(ev, e):
    return mp.matrix(diagonal(ev.value(e.args[0])))


@of(DiagonalMatrix)
def _diagonal_matrix(ev, e):
    value = ev.value(e.args[0])
    return of_rows((value.rows, value.cols), (value[i, j] if i == j else 0 for i in range(value.rows) for j in range(value.cols)))


@of(me.Adjoint)
def _adjoint(ev, e):
    return ev.value(e.arg).H


@of(me.Trace)
def _trace(ev, e):
    return sum(diagonal(ev.value(e.arg)), mpf(0))


@of(me.Determinant)
def _determinant(ev, e):
    return determinant(ev.value(e.arg))


@of(MatrixElement)
def _element(ev, e):
    M, i, j = ev.value(e.parent), ev.integer(e.i), ev.integer(e.j)
    if not (0 <= i < M.rows and 0 <= j < M.cols):
        raise IndexError(f"{e} is outside of a matrix of {M.rows} x {M.cols}")
    return M[i, j]


@of(ElementwiseApplyFunction)
def _elementwise(ev, e):
    (symbol,), body = e.function.variables, e.function.expr
    return entrywise(lambda x: ev.with_bound(symbol, x, body), ev.value(e.expr))


@of(sp.Sum)
def _sum_over(ev, e):
    (symbol, low, high), rest = e.limits[-1], e.limits[:-1]
    body = e.func(e.function, *rest) if rest else e.function
    first, last = ev.integer(low), ev.integer(high)
    if last < first - 1:  # SymPy takes the negative sum of what lies between
        raise UnknownNodeError(f"{e} runs backwards")
    return sum((ev.with_bound(symbol, k, body) for k in range(first, last + 1)), mpf(0))


@of(sp.Piecewise)
def _pieces(ev, e):
    for body, condition in e.args:
        if ev.holds(condition):
            return ev.value(body)
    raise UnknownNodeError("no branch of a Piecewise holds")


# ---- linear algebra by elimination, which mpmath's own ends where a pivot is small beside the largest entry
def _eliminated(M, beside):
    """(the determinant, what the rows beside a square matrix become where it is made the identity) by Gauss and Jordan."""
    a, det, n = [left + right for left, right in zip(M.tolist(), beside.tolist(), strict=True)], mpf(1), M.cols
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        if not a[pivot][k]:
            return mpf(0), None
        if pivot != k:
            a[k], a[pivot], det = a[pivot], a[k], -det
        det *= a[k][k]
        a[k] = [x / a[k][k] for x in a[k]]
        for i in range(n):
            if i != k:
                factor = a[i][k]
                a[i] = [x - factor * y for x, y in zip(a[i], a[k], strict=True)]
    return det, [row[n:] for row in a]


def determinant(M):
    return _eliminated(M, mp.matrix(M.rows, 0))[0]


def inverse(M):
    found = _eliminated(M, mp.eye(M.rows))[1]
    if found is None:
        raise ZeroDivisionError("a singular matrix")
    return mp.matrix(found)
