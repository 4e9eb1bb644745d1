"""Series of functions of one variable about a point: ``a*log(s) + c[0]*s**v + c[1]*s**(v + 1) + ...``, s > 0 or, at 0, of either sign.

With each goes how the rounding error of what is computed goes to 0: as ``s**error``.

>>> s = Series.of_variable(12)
>>> less_one = exponential(s) + Series.of_number(-1.0, 12)
>>> less_one.start, less_one.error  # exp(s) - 1 goes as s, its rounding error does not
(1, 0)
>>> quotient = less_one * s.power(-1)
>>> quotient.start, quotient.error, [round(c, 6) for c in quotient.numbers[:3]]
(0, -1, [1.0, 0.5, 0.166667])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from mpmath import mp

CANCELS = 1e-14  # numbers in a graph are rounded: what is left of a sum beside its terms below this is 0

# exp(-c/s^k), which goes to 0 faster than any power, is s to a power that is c times this to the power k
BEYOND = 10**12
NO_DIGIT = 60  # exp(-60) is none of 1, or of what is left of it where a few terms have cancelled


class NoSeries(Exception):
    """The function has no such series, or none that is seen."""


@dataclass(frozen=True)
class Series:
    """See above. error: the power as which the rounding error goes; within: the s below which what goes to 0 faster than any power, and is
    left out, has no digit of the rest.
    """

    numbers: tuple[Any, ...]
    start: int = 0
    error: float = 0
    log: Any = 0
    within: float = inf

    @staticmethod
    def of_number(c: Any, count: int) -> Series:
        return Series((c, *[0 * c] * (count - 1)), 0, 0)

    @staticmethod
    def of_variable(count: int, one: Any = 1.0) -> Series:
        return Series((one, *[0 * one] * (count - 1)), 1, 1)

    @property
    def order(self) -> int:
        """The first power that is not known."""
        return self.start + len(self.numbers)

    def at(self, power: int) -> Any:
        return self.numbers[power - self.start] if self.start <= power < self.order else 0

    def without_log(self) -> Series:
        if self.log:
            raise NoSeries
        return self

    def __add__(self, other: Series) -> Series:
        start, order = min(self.start, other.start), min(self.order, other.order)
        sums = []
        for k in range(start, order):
            a, b = self.at(k), other.at(k)
            sums.append(a + b if abs(a + b) > CANCELS * (abs(a) + abs(b)) else 0 * (a + b))
        return _stripped(Series(tuple(sums), start, min(self.error, other.error), self.log + other.log, min(self.within, other.within)))

    def __mul__(self, other: Series) -> Series:
        for a, b in ((self, other), (other, self)):
            if a.log and not (b.start >= 0 and not any(b.numbers[1:]) and b.start == 0 and not b.log):
                raise NoSeries
        log = self.log * other.numbers[0] + other.log * self.numbers[0]
        count = min(len(self.numbers), len(other.numbers))
        numbers = tuple(sum(self.numbers[j] * other.numbers[k - j] for j in range(k + 1)) for k in range(count))
        error = min(self.error + other.start, other.error + self.start)
        return Series(numbers, self.start + other.start, error, log, min(self.within, other.within))

    def power(self, p: float, both_sides: bool = False) -> Series:
        """A power, by Miller's recurrence."""
        a, start = self.without_log().numbers, self.start * p
        if start != int(start) or p != int(p) and (a[0] < 0 or both_sides and self.start):
            raise NoSeries
        if not a[0]:
            raise NoSeries
        out = [a[0] ** (int(p) if p == int(p) else p)]
        for k in range(1, len(a)):
            out.append(sum((p * j - (k - j)) * a[j] * out[k - j] for j in range(1, k + 1)) / (k * a[0]))
        return Series(tuple(out), int(start), self.error + start - self.start, within=self.within)

    def derivative(self) -> Series:
        return Series(tuple((self.start + k) * c for k, c in enumerate(self.numbers)), self.start - 1, self.error - 1, within=self.within)

    def regular(self) -> Series:
        """The same from the power 0 on; NoSeries where it has a lower one, or a logarithm."""
        self.without_log()
        if self.start < 0:
            raise NoSeries
        zeros = [0 * self.numbers[0]] * min(self.start, len(self.numbers))
        return replace(self, numbers=(*zeros, *(() if self.start > len(self.numbers) else self.numbers)), start=0)


def _stripped(s: Series) -> Series:
    """Without the numbers that are 0 in front. Errors: NoSeries where no number is known up to the power 0, of what cancelled."""
    first = next((k for k, c in enumerate(s.numbers) if c), None)
    if first is None:
        if s.order <= 0:
            raise NoSeries
        return replace(s, numbers=(0.0,) * min(s.order, len(s.numbers)), start=0)
    return replace(s, numbers=s.numbers[first:], start=s.start + first)


def _integrated(s: Series, first: Any) -> Series:
    """The integral of a series that starts at the power 0, with its value there."""
    return Series((first, *(c / (k + 1) for k, c in enumerate(s.numbers))), 0, 0)


def exponential(s: Series, both_sides: bool = False) -> Series:
    """exp(s); s**a from ``a*log(s)``."""
    power, r = s.log, replace(s, log=0)
    if r.start < 0 and any(r.numbers):
        power += _beyond(-r.start, -r.numbers[0])
        r = replace(r, within=min(r.within, float((abs(r.numbers[0]) / NO_DIGIT) ** (-1.0 / r.start))))
        r = _stripped(replace(r, numbers=(0, *r.numbers[1:])))
    if power != int(power) or power and both_sides:
        raise NoSeries
    r = r.regular()
    out = [mp.exp(r.numbers[0])]
    for k in range(1, len(r.numbers)):
        out.append(sum(j * r.numbers[j] * out[k - j] for j in range(1, k + 1)) / k)
    return Series(tuple(out), int(power), int(power) + min(s.error, 0), within=r.within)


def _beyond(k: int, c: Any) -> int:
    if k > 8 or not 1e-5 < abs(c) < 1e5:
        raise NoSeries
    return int(mp.nint(c * BEYOND)) * BEYOND ** (k - 1)


def beyond(power: int) -> tuple[int, float] | None:
    """(k, c) of a power that stands for ``exp(-c/s**k)``; None of others."""
    k = (len(str(abs(power))) + 5) // 12
    return (k, power / BEYOND**k) if k else None


def logarithm(s: Series, both_sides: bool = False) -> Series:
    """log(s)."""
    a = s.without_log().numbers
    if a[0] <= 0 or both_sides and s.start or beyond(s.start):
        raise NoSeries
    out = [mp.log(a[0])]
    for k in range(1, len(a)):
        out.append((a[k] - sum(j * out[j] * a[k - j] for j in range(1, k)) / k) / a[0])
    error = s.error - s.start
    if abs(out[0]) < CANCELS:
        out[0] = 0 * out[0]
    return _stripped(Series(tuple(out), 0, error, s.start, s.within))


def with_derivative(value: Callable[[Any], Any], slope: Callable[[Series], Series], s: Series) -> Series:
    """A function that is smooth at the value of s, by its derivative."""
    r = s.regular()
    inner = r.derivative()
    if not any(inner.numbers):
        return replace(Series.of_number(value(r.numbers[0]), len(r.numbers)), within=s.within)
    rate = slope(_stripped(r) if any(r.numbers) else r) * _stripped(inner)
    out = _stripped(_integrated(rate.regular(), value(r.numbers[0])))
    return replace(out, error=min(s.error, out.start), within=min(s.within, rate.within))
