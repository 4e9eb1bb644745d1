"""Inverses and powers."""

from sympy import S, exp
from sympy.matrices.expressions import Inverse, MatPow

from ..canonical.compositions import composition
from ..canonical.rotations import rotation_vector
from ..errors import MissingRuleError
from ..kernel import make
from ..kernel.indices import fresh_index
from ..kernel.interning import raw
from ..kernel.session import memo
from ..nodes import FrechetDerivative, MatrixExp, MatrixLog
from ..nodes.bound import BOUND
from . import linear
from .matrix_functions import d_composition
from .registry import builtin


@builtin(Inverse, name="differential of an inverse", source="Magnus & Neudecker, ch. 8, sec. 4")
def d_inverse(node, d):
    """d(A^-1) = -A^-1 dA A^-1 (Magnus & Neudecker, ch. 8, sec. 4), and that of ``exp(-A)``, which is the inverse of ``exp(A)``."""
    if isinstance(node.args[0], MatrixExp):
        return _opposite(node.args[0], d)
    whole = composition(node)
    if whole is not None:
        return d_composition(*whole, d)
    return linear.mul(S.NegativeOne, node, d(node.args[0]), node)


def _opposite(node, d):
    """d exp(-A) = -L_exp(-A; dA): by that of exp(A) it would be between two of exp(-A), and lose all digits that exp(A) takes."""
    w, da = rotation_vector(node), d(node.arg)
    if w is not None or da is None:
        inverse = make.inverse(node)
        return linear.mul(S.NegativeOne, inverse, d(node), inverse)
    return linear.mul(S.NegativeOne, raw(FrechetDerivative, make.function(exp(BOUND)), make.mul(S.NegativeOne, node.arg), da))


@builtin(MatPow, name="differential of a matrix power", source="Matrix Cookbook, eq. 90")
def d_power(node, d):
    """d(A^k) = sum_{r=0}^{k-1} A^r dA A^(k-1-r), and d(A^-k) = -sum_{r=0}^{k-1} A^-(r+1) dA A^-(k-r), k >= 0 (Matrix Cookbook eq. 90).

    The principal power of an exponent that need not be whole is the matrix function u^k: its differential is L(A; dA) + log(A) A^k dk.
    """
    a, k = node.args
    da = d(a)
    if k.is_integer is not True and k.is_extended_real:
        return _principal(node, da, d(k))
    if da is None:
        return None
    whole = composition(node)
    if whole is not None:
        return d_composition(*whole, d)
    if k.is_Integer and k < 0 and isinstance(a, MatrixExp):
        inverse, m = make.inverse(a), -int(k)
        return linear.add(*(linear.mul(*_factor(inverse, S(r)), _opposite(a, d), *_factor(inverse, S(m - 1 - r))) for r in range(m)))
    if k.is_Integer:
        sign, pairs = _exponents(k)
        return linear.add(*(linear.mul(*sign, *_factor(a, p), da, *_factor(a, q)) for p, q in pairs(range(abs(int(k))))))
    if not (is_nonnegative(k) or is_nonnegative(-k)):
        raise MissingRuleError(
            f"the derivative of `{node}` needs to know that the exponent `{k}` is a whole number and its sign"
            + (
                f": declare it, as in Symbol('{k}', integer=True, nonnegative=True), or real=True for the principal power"
                if k.is_Symbol
                else "; declare its symbols with integer=True and a sign, or with real=True for the principal power"
            )
        )
    r = fresh_index("r")
    sign, pairs = _exponents(k)
    ((p, q),) = pairs([r])
    return make.matrix_sum(linear.mul(*sign, *_factor(a, p), da, *_factor(a, q)), (r, S.Zero, abs_(k) - 1))


def _principal(node, da, dk):
    a, k = node.args
    by_exponent = None if dk is None else linear.mul(dk, raw(MatrixLog, a), node)
    return linear.add(None if da is None else raw(FrechetDerivative, make.function(BOUND**k), a, da), by_exponent)


def abs_(k):
    return k if is_nonnegative(k) else -k


def _exponents(k):
    """(sign, function of the summation indices to the two exponents)."""
    if is_nonnegative(k):
        return (), lambda rs: [(S(r), k - 1 - r) for r in rs]
    return (S.NegativeOne,), lambda rs: [(-S(r) - 1, k + r) for r in rs]


def _factor(a, k):
    return () if k == 0 else (make.power(a, k),)


def is_nonnegative(k):
    """Whether an exponent is a whole number >= 0, by its assumptions or by the range of the sums around it."""
    if k.is_integer is not True:
        return False
    for symbol, low, high in memo("ranges").get("limits", ()):  # innermost first: put in the end where k is least
        slope = k.diff(symbol)
        k = k.subs(symbol, high if slope.is_negative else low) if slope.is_number else k
    return bool(k.is_nonnegative or (k + 1).is_positive)
