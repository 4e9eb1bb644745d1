"""Values of formulas with a hundred digits, where two that agree in floating point may still differ by what rounding hides.

SymPy's own nodes have their arithmetic here. A node of the package has it in its class, where it says everything: what `evalf` is of
it with explicit matrices. None for a formula with a node that has neither. The data are taken as the exact numbers that they are.
"""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp
from mpmath import mp, mpc, mpf
from mpmath.libmp import dps_to_prec
from sympy import Basic, Expr, Float, ImmutableMatrix, Integer, MatrixSymbol, NDimArray
from sympy.core.evalf import PrecisionExhausted
from sympy.matrices import MatrixBase
from sympy.matrices import expressions as me
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.walks import every_node, free_symbols
from ..nodes.declaration import OwnNode
from ..nodes.elementwise import Elementwise
from .decimals import ROUNDED

DIGITS = 120
AGREE = mpf(10) ** -90  # relative, of values that are the same
SEVERAL = 4  # operations with rounded decimals
MOST_ENTRIES = 400  # of a matrix that is looked at
HANDLERS: dict[type, Callable] = {}
NO_VALUE = (
    ZeroDivisionError, ValueError, TypeError, IndexError, KeyError, OverflowError, NotImplementedError, AttributeError, RecursionError,
    PrecisionExhausted, mp.NoConvergence,
)  # fmt: skip


class UnknownNodeError(Exception):
    """A node that has no value here."""


def values_agree(a: Any, b: Any, env: dict, rounded: dict | None = None) -> bool | None:
    """Whether two formulas have the same value, beyond all rounding; None where that is not known.

    rounded: {symbol: value} of decimals in them, of which that is all that is known.
    """
    with mp.workdps(DIGITS):
        env = env | {s: _number(q) for s, q in (rounded or {}).items()}
        pair = value_of(a, env), value_of(b, env)
        if pair[0] is None or pair[1] is None or pair[0].size != pair[1].size:
            return None
        left, allowed = abs(pair[0] - pair[1]), AGREE * largest(*pair)
        for s in rounded or {}:
            moved = env | {s: env[s] * (1 + SEVERAL * _number(ROUNDED))}
            others = value_of(a, moved), value_of(b, moved)
            if others[0] is None or others[1] is None:
                return None
            allowed = allowed + abs((others[0] - others[1]) - (pair[0] - pair[1]))
        return bool(np.all(left <= allowed))


def constant_ratio(a: Any, b: Any, envs: list) -> Any:
    """The number c with a = c*b beyond all rounding at every place, a decimal where no fraction is it; None where none is known."""
    with mp.workdps(DIGITS):
        found = None
        for env in envs:
            x, y = value_of(a, env), value_of(b, env)
            if x is None or y is None or x.size != y.size or not largest(y):
                return None
            found = np.vdot(y, x) / np.vdot(y, y) if found is None else found
            if mp.im(found) or largest(x - found * y) > AGREE * largest(x, y):
                return None
        if found is None:
            return None
        fraction = sp.Rational(mp.nstr(mp.re(found), DIGITS)).limit_denominator(10**30)
        return fraction if abs(_number(fraction) - found) <= AGREE else Float(mp.re(found), 15)


def digits_in_common(a: Any, b: Any, env: dict) -> int | None:
    """To how many digits the first value is the second, relative to its largest entry; None where they are the same, or not known."""
    with mp.workdps(DIGITS):
        x, y = value_of(a, env), value_of(b, env)
        if x is None or y is None or x.size != y.size or not largest(x - y):
            return None
        return max(0, int(mp.floor(-mp.log10(largest(x - y) / largest(y)) + mpf(10) ** -9))) if largest(y) else 0


def value_of(e: Any, env: dict) -> Any:
    """The entries of a formula in a row, as numbers of mpmath; None where they are not known. Within ``mp.workdps(DIGITS)``."""
    try:
        value = np.ravel(np.array(Precise(env).value(e), dtype=object))
    except (UnknownNodeError, *NO_VALUE):
        return None
    return value if value.size <= MOST_ENTRIES and all(map(mp.isfinite, value)) else None


def is_iterated(e: Any) -> bool:
    """Whether digits of a formula cost an iteration each, as those of eigenvalues and of functions of matrices do."""
    own = [node for node in every_node(e) if isinstance(node, OwnNode) and not isinstance(node, Elementwise)]
    return any(node.multiprecision is not None or type(node)._eval_evalf is not OwnNode._eval_evalf for node in own)


def largest(*arrays: Iterable) -> Any:
    """The largest entry without its sign."""
    return max((abs(x) for a in arrays for x in a), default=mpf(0))


class Precise:
    """The values under one environment: numbers as mpf or mpc, matrices as arrays of them."""

    def __init__(self, env: dict):
        self.env, self.memo = dict(env), {}

    def value(self, e: Any) -> Any:
        if e not in self.memo:
            self.memo[e] = self._value(e)
        return self.memo[e]

    def _value(self, e):
        if isinstance(e, (sp.Symbol, MatrixSymbol)):
            return as_mpf(self.env[e])
        if isinstance(e, MatrixBase):
            return np.array([[self.scalar(x) for x in row] for row in e.tolist()], dtype=object).reshape(e.shape)
        if isinstance(e, (sp.Number, sp.NumberSymbol)) or e is sp.I:
            return _number(e)
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
        if np.ndim(value) == 0:
            return Integer(int(value)) if e.is_integer else _sympy(value)
        return ImmutableMatrix(*value.shape, [_sympy(x) for x in value.ravel()])

    def scalar(self, e):
        value = self.value(e)
        return value if np.ndim(value) == 0 else np.reshape(value, ())[()]

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


def as_mpf(value):
    """A number or an array of floating point as the exact number that it is; what is of mpmath as it is."""
    if np.ndim(value) == 0:
        return value if isinstance(value, (mpf, mpc)) else mpf(int(value)) if isinstance(value, (int, np.integer)) else mpf(value)
    if np.asarray(value).dtype == object:
        return value
    return np.vectorize(lambda x: mpf(float(x)), otypes=[object])(value)


def _number(e):
    """A number of SymPy's as one of mpmath."""
    if isinstance(e, sp.Rational):
        return mpf(e.p) / mpf(e.q)
    found = e if isinstance(e, Float) else e.evalf(DIGITS)
    if not found.is_number or found.is_finite is False or not all(isinstance(x, (sp.Number,)) for x in found.as_real_imag()):
        raise UnknownNodeError(f"{e} is no number")
    re, im = (x._to_mpmath(mp.prec) for x in found.as_real_imag())
    return mpc(re, im) if im else mpf(re)


def _sympy(x):
    """A number of mpmath as one of SymPy's."""
    return Float(x, DIGITS) if isinstance(x, mpf) else Expr._from_mpmath(x, dps_to_prec(DIGITS))


def evalf(e):
    """A node with explicit arguments to `DIGITS` digits: what its class says, of SymPy's nodes their entries."""
    found = e._eval_evalf(dps_to_prec(DIGITS)) if isinstance(e, OwnNode) else e
    if found is None:
        raise UnknownNodeError(f"{type(e).__name__} has no value")
    if getattr(found, "is_Matrix", False) or isinstance(found, NDimArray):
        return found.as_explicit() if hasattr(found, "as_explicit") else found
    return (found if found.is_number and found.is_Float else found.doit()).evalf(DIGITS)


def _number_or_array(e):
    if not hasattr(e, "shape"):
        return _number(e)
    entries = [_number(x) for x in (e.flat() if isinstance(e, MatrixBase) else sp.flatten(e))]
    found = np.empty(len(entries), dtype=object)
    found[:] = entries
    return found.reshape(tuple(map(int, e.shape)))


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
    return _powered(ev.scalar(e.base), ev.scalar(e.exp))


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
    return as_mpf(np.zeros(ev.shape(e)))


@of(me.OneMatrix)
def _ones(ev, e):
    return as_mpf(np.ones(ev.shape(e)))


@of(me.HadamardProduct)
def _hadamard(ev, e):
    return reduce(np.multiply, map(ev.value, e.args))


@of(me.HadamardPower)
def _hadamard_power(ev, e):
    k = ev.scalar(e.exp)
    return np.vectorize(lambda x: _powered(x, k), otypes=[object])(ev.value(e.base))


def _powered(x, k):
    return x ** (int(mp.re(k)) if k == int(mp.re(k)) else k)


@of(me.KroneckerProduct)
def _kronecker(ev, e):
    return reduce(np.kron, map(ev.value, e.args))


@of(DiagMatrix)
def _diag(ev, e):
    entries = np.ravel(ev.value(e.args[0]))
    return as_mpf(np.eye(len(entries))) * entries


@of(DiagonalOf)
def _diagonal(ev, e):
    return np.diagonal(ev.value(e.args[0])).reshape(-1, 1)


@of(DiagonalMatrix)
def _diagonal_matrix(ev, e):
    value = ev.value(e.args[0])
    return as_mpf(np.eye(*value.shape)) * value


@of(me.Adjoint)
def _adjoint(ev, e):
    return np.vectorize(mp.conj, otypes=[object])(ev.value(e.arg).T)


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


@of(sp.Piecewise)
def _pieces(ev, e):
    return next(ev.value(body) for body, condition in e.args if ev.holds(condition))


# ---- linear algebra by elimination
def _identity(n):
    return as_mpf(np.eye(n))


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
