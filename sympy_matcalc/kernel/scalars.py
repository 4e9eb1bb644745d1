"""Products and sums of scalars, and rebuilding of scalar nodes, past SymPy's cache."""

from collections.abc import Iterable
from typing import Any

from sympy import Abs, Add, Basic, Expr, Heaviside, Max, Min, Mul, Piecewise, Pow, Rational, S, sign
from sympy.matrices.expressions import MatMul, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import ExpressionError
from ..nodes import Relu
from .session import id_memo, session_state

# Without SymPy's cache, which compares with equal trees of earlier sessions: exponential where parts are shared.
_MUL, _ADD, _POW = (getattr(cls.__new__, "__wrapped__", cls.__new__) for cls in (Mul, Add, Pow))
_EVALUATED = {Mul: _MUL, Add: _ADD, Pow: _POW}


def has_minus(c: Expr) -> bool:
    """SymPy's `could_extract_minus_sign`, which asks the assumptions of numbers too and builds the negative of a product."""
    if isinstance(c, Rational):
        return c.p < 0
    if isinstance(c, Mul):
        return c.args[0].is_Number and has_minus(c.args[0])
    return c.could_extract_minus_sign()


def scalar_product(*given: Expr) -> Expr:
    """Product of scalars with powers of one base merged, and sign(u)*|u|^k = u*|u|^(k-1), sign(u)*u = |u|, which SymPy leaves."""
    factors = [f for f in given if f is not S.One]
    if len(factors) < 2:
        return factors[0] if factors else S.One
    if len(factors) == 2 and isinstance(factors[0], Rational) and isinstance(factors[1], Rational):
        return factors[0] * factors[1]
    found = _MUL(Mul, *factors)
    return _tidy_product(found) if found.is_Mul else found


def _tidy_product(e: Mul) -> Expr:
    powers: dict[Basic, list[Basic]] = {}
    for f in e.args:
        base, k = (f.base, f.exp) if isinstance(f, Pow) else (f, S.One)
        powers.setdefault(base, []).append(k)
    if not session_state.is_complex:
        _take_squares_out(powers)
    signs = [base for base in powers if isinstance(base, sign) and (Abs(base.args[0]) in powers or _has_factor(powers, base.args[0]))]
    steps = [base for base in powers if isinstance(base, Heaviside)]
    if not signs and not steps and all(len(ks) == 1 for ks in powers.values()):
        return e
    for base in signs:
        _take_sign_out(powers, base)
    for base in steps:
        _take_step_out(powers, base)
    return Mul(*(_even_power(base, Add(*ks)) for base, ks in powers.items()))


def _take_squares_out(powers: dict[Basic, list[Basic]]) -> None:
    """x'x (x'x y'y)^k = (x'x)^(k + 1) (y'y)^k, in a table of powers."""
    for base in [b for b in powers if isinstance(b, Mul) and not all(k.is_Integer for k in powers[b])]:
        for squares in [f for f in base.args if f in powers and _is_sum_of_squares(f)]:
            ks = powers.pop(base)
            base = Mul(*(f for f in base.args if f is not squares))
            powers[squares] += ks
            powers[base] = powers.get(base, []) + ks


def _take_sign_out(powers: dict[Basic, list[Basic]], base: Basic) -> None:
    """The powers of sign(u) among those of u and |u|, in a table of powers."""
    u, k = base.args[0], Add(*powers.pop(base))
    if not k.is_Integer or k <= 0:
        powers[base] = [k]
    elif k % 2:  # sign(u)^2 = 1 beside a power of u, which is 0 where the sign is
        turn = S.One if Abs(u) in powers else S.NegativeOne  # sign(u) = u/|u| = |u|/u
        powers.setdefault(u, []).append(turn)
        powers.setdefault(Abs(u), []).append(-turn)


def _take_step_out(powers: dict[Basic, list[Basic]], base: Basic) -> None:
    """H(u)^k is H(u) but at the jump itself; H(u) max(0, u)^k is max(0, u)^k, and of a negative power that where u is positive."""
    u = base.args[0]
    if Add(*powers[base]).is_positive is not True:
        return
    powers[base] = [S.One]
    for part in [p for p in powers if is_positive_part(p) and u in p.args]:
        k = Add(*powers[part])
        if k.is_positive:
            powers.pop(base, None)
        elif k.is_negative:
            powers.pop(base, None)
            del powers[part]
            powers.setdefault(Piecewise((Pow(u, k), u > 0), (S.Zero, True)), []).append(S.One)  # one may be there already


def is_positive_part(e: Basic) -> bool:
    """Whether a scalar is max(0, u), by SymPy's name or the package's."""
    return isinstance(e, Relu) or isinstance(e, Max) and len(e.args) == 2 and S.Zero in e.args


def _is_sum_of_squares(e: Basic) -> bool:
    """Whether a scalar is v'v of a column v."""
    parent = e.args[0] if isinstance(e, MatrixElement) else None
    return isinstance(parent, MatMul) and len(parent.args) == 2 and parent.args[0] == Transpose(parent.args[1])


def _has_factor(powers: dict[Expr, list[Expr]], u: Expr) -> bool:
    return any(k.is_Integer and k > 0 for k in powers.get(u, ()))


def _even_power(base: Expr, k: Expr) -> Expr:
    """|u|^2k = u^2k for real u."""
    return Pow(base.args[0], k) if isinstance(base, Abs) and (k / 2).is_integer else Pow(base, k)


def scalar_sum(*terms: Expr) -> Expr:
    return terms[0] if len(terms) == 1 else _ADD(Add, *terms)


def evaluated_node(e: Any) -> Any:
    """A sum, product or power as SymPy evaluates it: 1 - c for what was typed as ``Add(1, Mul(c, -1, evaluate=False), evaluate=False)``."""
    make = _EVALUATED.get(type(e))
    if make is None:
        return e
    found = make(type(e), *e.args)
    return e if found == e else found


def evaluated(e: Any) -> Any:
    """A scalar without matrices, evaluated from the inside out."""
    if not e.args or not isinstance(e, Expr):
        return e
    table = id_memo("evaluated")
    found = table.get(e)
    if found is None:
        args = [evaluated(a) for a in e.args]
        found = table[e] = evaluated_node(e) if all(x is y for x, y in zip(args, e.args)) else rebuild_scalar(e, args)
    return found


class UndefinedError(ExpressionError):
    """A division by zero inside of what needs a value, such as a comparison."""


def rebuild_scalar(node: Basic, args: Iterable[Basic]) -> Any:
    """``node.func(*args)``; without evaluation where SymPy's fails on matrices inside, as the comparison of Max and the sign of Abs do."""
    if isinstance(node, (Max, Min)):
        return node.func(*args, evaluate=False)
    try:
        return node.func(*args)
    except ValueError as error:  # a step at a symbol that is stated to be infinite, say
        raise ExpressionError(f"SymPy cannot build `{type(node).__name__}` of {args}: {error}; write it in another way") from error
    except (TypeError, NotImplementedError):
        if any(a.has(S.ComplexInfinity, S.NaN) for a in args):
            raise UndefinedError(f"`{node}` has no value: it divides by zero") from None
        if not isinstance(node, (Abs, Pow, sign)):
            raise
        return node.func(*args, evaluate=False)
