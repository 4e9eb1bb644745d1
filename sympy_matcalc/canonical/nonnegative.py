"""Which functions may be taken of squares that are multiplied out: |x_i|^2 - 2 x_i'x_j + |x_j|^2 may be rounded to less than 0, not far.

A root or a logarithm of a squared distance plus a positive number is that of a positive number all the same.
"""

from typing import Any

from sympy import Add, Expr, Mul, Pow, Sum, Trace, log
from sympy.matrices.expressions import DotProduct, MatMul, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..compat import dummy
from ..kernel.session import session_state
from ..kernel.shapes import parted
from ..nodes import Norm
from ..nodes.bound import BOUND

SQUARES = dummy("u", 7_000_006, nonnegative=True)  # in the place of BOUND


def is_away_from_zero(inner: Expr, body: Expr) -> bool:
    """Whether `inner` is a sum of squares by its form, and what `body` takes roots, logarithms and quotients of is positive then."""
    if session_state.is_complex or not is_sum_of_squares(inner):
        return False
    body = body.xreplace({BOUND: SQUARES})
    bases = [p.base for p in body.atoms(Pow) if p.base.has(SQUARES) and not (p.exp.is_Integer and p.exp > 0)]
    return all(a.is_positive for a in (*bases, *(f.args[0] for f in body.atoms(log) if f.has(SQUARES))))


def is_positive_of_squares(inner: Expr, body: Expr) -> bool:
    """Whether `body` is positive of the sum of squares `inner`, and stays so where that is rounded to a little less than 0."""
    return body.xreplace({BOUND: SQUARES}).is_positive is True and is_away_from_zero(inner, body)


def is_sum_of_squares(e: Any) -> bool:
    """Whether no real entries make it negative, by its form."""
    if isinstance(e, Pow):
        return bool(e.exp.is_even) or e.exp.is_positive is True and is_sum_of_squares(e.base)
    if isinstance(e, (Add, Mul)):
        return all(map(is_sum_of_squares, e.args))
    if isinstance(e, Sum):
        return is_sum_of_squares(e.function)
    if isinstance(e, MatrixElement):
        return e.i == e.j and _is_gram(e.parent)
    if isinstance(e, Trace):
        return _is_gram(e.arg)
    if isinstance(e, DotProduct):
        return e.args[0] in (e.args[1], _turned(e.args[1]))
    return isinstance(e, Norm) or e.is_nonnegative is True


def _is_gram(e: Any) -> bool:
    """Whether it is A A', or a number that is not negative times that."""
    if not isinstance(e, MatMul):
        return False
    scalars, matrices = parted(e.args)
    pairs = zip(matrices, reversed(matrices))
    return all(map(is_sum_of_squares, scalars)) and len(matrices) % 2 == 0 and all(a == _turned(b) for a, b in pairs)


def _turned(e: Any) -> Any:
    return e.args[0] if isinstance(e, Transpose) else e.T
