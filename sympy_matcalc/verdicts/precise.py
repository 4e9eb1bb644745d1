"""Values of formulas with a hundred digits, where two that agree in floating point may still differ by what rounding hides.

For the nodes that formulas are mostly made of; None for a formula with any other. The data are taken as the exact numbers that they are.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp
from mpmath import mp, mpf
from sympy import Float, MatrixSymbol
from sympy.matrices import MatrixBase
from sympy.matrices import expressions as me
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..nodes import Adjugate, CommutationMatrix, ElementSum, Norm, Vec

DIGITS = 120
AGREE = mpf(10) ** -90  # relative, of values that are the same
MOST_ENTRIES = 400  # of a matrix that is looked at
HANDLERS: dict[type, Callable] = {}


class UnknownNodeError(Exception):
    """A node that has no value here."""


def values_agree(a: Any, b: Any, env: dict) -> bool | None:
    """Whether two formulas have the same value, beyond all rounding; None where that is not known."""
    with mp.workdps(DIGITS):
        try:
            x, y = (np.ravel(Precise(env).value(e)) for e in (a, b))
            if x.size != y.size or x.size > MOST_ENTRIES:
                return None
            largest = max(map(abs, [*x, *y, mpf(0)]))
            return bool(max(map(abs, x - y)) <= AGREE * largest)
        except (UnknownNodeError, ZeroDivisionError, ValueError, TypeError, IndexError, KeyError, OverflowError):
            return None


class Precise:
    """The values under one environment: numbers as mpf, matrices as arrays of them."""

    def __init__(self, env: dict):
        self.env, self.memo = dict(env), {}

    def value(self, e: Any) -> Any:
        if e not in self.memo:
            self.memo[e] = self._value(e)
        return self.memo[e]

    def _value(self, e):
        if isinstance(e, (sp.Symbol, MatrixSymbol)):
            return _exact(self.env[e])
        if isinstance(e, MatrixBase):
            return np.array([[self.scalar(x) for x in row] for row in e.tolist()], dtype=object)
        if isinstance(e, (sp.Number, sp.NumberSymbol)):
            return _number(e)
        handler = HANDLERS.get(type(e))
        if handler is not None:
            return handler(self, e)
        if isinstance(e, sp.Function):
            return _number(e.func(*(Float(self.scalar(a), DIGITS) for a in e.args)))
        raise UnknownNodeError(type(e).__name__)

    def scalar(self, e):
        value = self.value(e)
        return value if np.ndim(value) == 0 else np.reshape(value, ())[()]

    def integer(self, e):
        value = self.scalar(e)
        if value != int(value):
            raise UnknownNodeError(f"{e} is no integer")
        return int(value)

    def shape(self, e):
        return tuple(map(self.integer, e.shape))

    def with_bound(self, symbol, value, body):
        return Precise({**self.env, symbol: value}).value(body)


def _exact(value):
    if np.ndim(value) == 0:
        return mpf(int(value)) if isinstance(value, (int, np.integer)) else mpf(value)
    return np.vectorize(lambda x: mpf(float(x)), otypes=[object])(value)


def _number(e):
    found = e.evalf(DIGITS)
    if not isinstance(found, (Float, sp.Integer, sp.Rational)) or not found.is_finite:
        raise UnknownNodeError(f"{e} is no real number")
    return mpf(found._mpf_) if isinstance(found, Float) else mpf(found.p) / mpf(found.q)


def of(*classes):
    def register(handler):
        HANDLERS.update(dict.fromkeys(classes, handler))
        return handler

    return register


@of(sp.Add)
def _sum(ev, e):
    return reduce(lambda a, b: a + b, map(ev.scalar, e.args))


@of(sp.Mul)
def _product(ev, e):
    return reduce(lambda a, b: a * b, map(ev.scalar, e.args))


@of(sp.Pow)
def _power(ev, e):
    base, k = ev.scalar(e.base), ev.scalar(e.exp)
    if base < 0 and k != int(k):
        raise UnknownNodeError("a root of a negative number")
    return base ** (int(k) if k == int(k) else k)


@of(sp.Abs)
def _absolute(ev, e):
    return abs(ev.scalar(e.args[0]))


@of(me.MatAdd)
def _matrix_sum(ev, e):
    return reduce(np.add, map(ev.value, e.args))


@of(me.MatMul)
def _matrix_product(ev, e):
    matrices = [ev.value(a) for a in e.args if a.is_Matrix]
    return reduce(np.matmul, matrices) * reduce(lambda a, b: a * b, (ev.scalar(a) for a in e.args if not a.is_Matrix), mpf(1))


@of(me.MatPow, me.Inverse)
def _matrix_power(ev, e):
    base, k = ev.value(e.args[0]), ev.integer(e.exp)
    base = base if k >= 0 else inverse(base)
    return reduce(np.matmul, [base] * abs(k), _identity(len(base)))


@of(me.Transpose)
def _transpose(ev, e):
    return ev.value(e.arg).T


@of(me.Identity)
def _identity_of(ev, e):
    return _identity(ev.shape(e)[0])


@of(me.ZeroMatrix)
def _zeros(ev, e):
    return _exact(np.zeros(ev.shape(e)))


@of(me.OneMatrix)
def _ones(ev, e):
    return _exact(np.ones(ev.shape(e)))


@of(me.HadamardProduct)
def _hadamard(ev, e):
    return reduce(np.multiply, map(ev.value, e.args))


@of(me.HadamardPower)
def _hadamard_power(ev, e):
    k = ev.scalar(e.exp)
    return np.vectorize(lambda x: _powered(x, k), otypes=[object])(ev.value(e.base))


def _powered(x, k):
    if x < 0 and k != int(k):
        raise UnknownNodeError("a root of a negative number")
    return x ** (int(k) if k == int(k) else k)


@of(me.KroneckerProduct)
def _kronecker(ev, e):
    return reduce(np.kron, map(ev.value, e.args))


@of(DiagMatrix)
def _diag(ev, e):
    entries = np.ravel(ev.value(e.args[0]))
    return _exact(np.eye(len(entries))) * entries


@of(DiagonalOf)
def _diagonal(ev, e):
    return np.diagonal(ev.value(e.args[0])).reshape(-1, 1)


@of(DiagonalMatrix)
def _diagonal_matrix(ev, e):
    value = ev.value(e.args[0])
    return _exact(np.eye(*value.shape)) * value


@of(me.Trace)
def _trace(ev, e):
    return sum(np.diagonal(ev.value(e.arg)), mpf(0))


@of(me.Determinant)
def _determinant(ev, e):
    return determinant(ev.value(e.arg))


@of(MatrixElement)
def _element(ev, e):
    return ev.value(e.parent)[ev.integer(e.i), ev.integer(e.j)]


@of(ElementwiseApplyFunction)
def _elementwise(ev, e):
    (symbol,), body = e.function.variables, e.function.expr
    return np.vectorize(lambda x: ev.with_bound(symbol, x, body), otypes=[object])(ev.value(e.expr))


@of(sp.Sum)
def _sum_over(ev, e):
    (symbol, low, high), rest = e.limits[-1], e.limits[:-1]
    body = e.func(e.function, *rest) if rest else e.function
    return sum((ev.with_bound(symbol, k, body) for k in range(ev.integer(low), ev.integer(high) + 1)), mpf(0))


@of(Norm)
def _norm(ev, e):
    if e.p != 2:
        raise UnknownNodeError("a norm of another kind")
    return mp.sqrt(sum((x * x for x in np.ravel(ev.value(e.arg))), mpf(0)))


@of(ElementSum)
def _element_sum(ev, e):
    return sum(np.ravel(ev.value(e.args[0])), mpf(0))


@of(Vec)
def _vec(ev, e):
    return ev.value(e.args[0]).reshape(-1, 1, order="F")


@of(CommutationMatrix)
def _commutation(ev, e):
    m, n = map(ev.integer, e.args)
    return _exact(np.eye(m * n).reshape(n, m, m * n).transpose(1, 0, 2).reshape(m * n, m * n))


@of(Adjugate)
def _adjugate(ev, e):
    value = ev.value(e.args[0])
    return determinant(value) * inverse(value)


# ---- linear algebra by elimination
def _identity(n):
    return _exact(np.eye(n))


def _eliminated(a):
    """(the determinant, the reduced rows) of a matrix with more columns than rows by Gauss and Jordan."""
    a, det, n = a.copy(), mpf(1), len(a)
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i, k]))
        if not a[pivot, k]:
            return mpf(0), None
        if pivot != k:
            a[[k, pivot]], det = a[[pivot, k]], -det
        det *= a[k, k]
        a[k] = a[k] / a[k, k]
        for i in range(n):
            if i != k:
                a[i] = a[i] - a[k] * a[i, k]
    return det, a


def determinant(a):
    return _eliminated(a)[0]


def inverse(a):
    reduced = _eliminated(np.concatenate([a, _identity(len(a))], axis=1))[1]
    if reduced is None:
        raise ZeroDivisionError("a singular matrix")
    return reduced[:, len(a) :]
