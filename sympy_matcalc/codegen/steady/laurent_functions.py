"""The functions of a graph as functions of series. The last argument of each, `two`, says that s may be negative.

>>> s = Series.of_variable(4, mp.mpf(1))
>>> [round(float(c), 3) for c in FUNCTIONS["tanh"](s, True).numbers]
[1.0, 0.0, -0.333]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mpmath import mp

from .laurent import NoSeries, Series, exponential, logarithm, with_derivative

Rule = Callable[..., Series]


def _number(c: float, like: Series) -> Series:
    return Series.of_number(mp.mpf(c), len(like.numbers))


def negative(s: Series) -> Series:
    return replace(s, numbers=tuple(-c for c in s.numbers), log=-s.log)


def _times(c: float, s: Series) -> Series:
    return replace(s, numbers=tuple(c * x for x in s.numbers), log=c * s.log)


def _exp(z: Series, two: bool) -> Series:
    return exponential(z, two)


def _expm1(z: Series, two: bool) -> Series:
    return _exp(z, two) + _number(-1, z)


def _expit(z: Series, two: bool) -> Series:
    return (_number(1, z) + _exp(negative(z), two)).power(-1)


def _softplus(z: Series, two: bool) -> Series:
    return logarithm(_number(1, z) + _exp(z, two), two)


def _cosh(z: Series, two: bool) -> Series:
    return _times(0.5, _exp(z, two) + _exp(negative(z), two))


def _sinh(z: Series, two: bool) -> Series:
    return _times(0.5, _exp(z, two) + negative(_exp(negative(z), two)))


def _tanh(z: Series, two: bool) -> Series:
    return _number(1, z) + _times(-2, _expit(_times(-2, z), two))


def _abs(z: Series, two: bool) -> Series:
    return chosen(z, z, negative(z), two)


def chosen(sign: Series, above: Series, below: Series, two: bool) -> Series:
    """One of two series, by the sign of another one, where s is so small that this has the sign of its first term."""
    if two and (sign.start or not sign.numbers[0]):
        raise NoSeries
    first = sign.numbers[0]
    rest = [float(abs(c / (sign.log or first))) for c in sign.numbers]
    rate = max([c ** (1 / k) for k, c in enumerate(rest) if k and c], default=0.25)
    bound = 0.25 / rate
    if sign.log:
        if sign.start < 0:
            raise NoSeries
        bound = min(bound, float(mp.exp(-1 - abs(first / sign.log)))) if first and not sign.start else bound
    found = above if (sign.log < 0 if sign.log else first > 0) else below
    return replace(found, within=min(found.within, sign.within, bound))


def _extreme(largest: bool) -> Rule:
    def rule(a: Series, b: Series, two: bool) -> Series:
        return chosen(a + negative(b), a if largest else b, b if largest else a, two)

    return rule


def _scaled(f: Rule) -> Rule:
    return lambda z, two: f(z, two) * _exp(negative(_abs(z, two)), two)


def _sin(z: Series, two: bool) -> Series:
    r = z.without_log()
    return with_derivative(mp.sin, lambda r: _cos(r, two), r) if any(r.numbers) else r


def _cos(z: Series, two: bool) -> Series:
    """By exponentials of an imaginary argument, whose numbers are complex."""
    r = z.regular()
    e = exponential(replace(r, numbers=tuple(mp.mpc(0, 1) * c for c in r.numbers)))
    return replace(e, numbers=tuple(mp.re(c) for c in e.numbers))


def _arctan(z: Series, two: bool) -> Series:
    if z.start < 0 and not two:
        sign = 1 if z.without_log().numbers[0] > 0 else -1
        return _number(sign * mp.pi / 2, z) + negative(_arctan(z.power(-1), two))
    return with_derivative(mp.atan, lambda r: (_number(1, r) + r * r).power(-1), z)


def _erf(z: Series, two: bool) -> Series:
    return with_derivative(mp.erf, lambda r: _times(2 / mp.sqrt(mp.pi), exponential(negative(r * r))), z)


FUNCTIONS: dict[str, Rule] = {
    "log": logarithm,
    "cos": _cos,
    "exp": _exp,
    "expm1": _expm1,
    "log1p": lambda z, two: logarithm(_number(1, z) + z, two),
    "sqrt": lambda z, two: z.power(0.5, two),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sin": _sin,
    "arctan": _arctan,
    "special.erf": _erf,
    "expit": _expit,
    "expit_slope": lambda z, two: _expit(z, two) * _expit(negative(z), two),
    "softplus": _softplus,
    "log_cosh": lambda z, two: logarithm(_cosh(z, two), two),
    "sech_squared": lambda z, two: _cosh(z, two).power(-2),
    "exp_over_less_one": lambda z, two: negative(_expm1(negative(z), two).power(-1)),
    "log_one_less_exp": lambda z, two: logarithm(negative(_expm1(z, two)), two),
    "sinh_scaled": _scaled(_sinh),
    "cosh_scaled": _scaled(_cosh),
    "abs": _abs,
    "real": lambda z, two: z,
    "maximum": _extreme(True),
    "minimum": _extreme(False),
}
LOSING = frozenset({"log", "cos"})  # the others have all the digits that their argument has, however small the value is
# what a function divides by, or has the logarithm of, by its operand
DIVIDING: dict[str, Callable[[Series], Series]] = {
    "log": lambda z: z,
    "log1p": lambda z: _number(1, z) + z,
    "log_one_less_exp": lambda z: _expm1(z, False),
    "exp_over_less_one": lambda z: _expm1(z, False),
}
