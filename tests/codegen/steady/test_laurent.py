"""Series against those of mpmath."""

import mpmath as mp
import pytest

from sympy_matcalc.codegen.steady.laurent import BEYOND, NoSeries, Series, beyond, exponential, logarithm


def s(count=8):
    return Series.of_variable(count, mp.mpf(1))


def number(c, count=8):
    return Series.of_number(mp.mpf(c), count)


def test_powers_and_logarithms():
    one_more = number(1) + s()
    for found, f in ((one_more.power(-1.5), lambda x: (1 + x) ** -1.5), (exponential(one_more), lambda x: mp.exp(1 + x))):
        assert [float(c) for c in found.numbers] == pytest.approx([float(c) for c in mp.taylor(f, 0, 7)])
    found = logarithm(one_more)
    assert (found.start, float(found.numbers[1])) == (1, -0.5)


def test_what_cancels_is_gone_and_its_error_is_not():
    found = exponential(s()) + number(-1) + s() * number(-1)
    assert (found.start, found.error, float(found.numbers[0])) == (2, 0, 0.5)


def test_a_logarithm_of_the_variable():
    found = logarithm(s() * s())
    assert (found.log, exponential(found).start) == (2, 2)
    with pytest.raises(NoSeries):
        found.power(2)


def test_both_sides_of_zero():
    for f in (lambda: logarithm(s(), True), lambda: s().power(0.5, True), lambda: (s() * s()).power(0.5, True)):
        with pytest.raises(NoSeries):
            f()


def test_what_goes_to_zero_faster_than_powers():
    falls = exponential(number(-2) * s().power(-1))
    assert falls.start == 2 * BEYOND and beyond(falls.start) == (1, 2.0)
    assert (falls * falls.power(-1)).start == 0
    assert (number(1) + falls).numbers == number(1).numbers
    with pytest.raises(NoSeries):
        logarithm(falls)
    with pytest.raises(NoSeries):
        exponential(exponential(exponential(s().power(-1))))
