"""Code of scalar formulas against SymPy's own values: forms that overflow as they are written, and whole numbers that index."""

import math

import numpy as np
import pytest
import scipy.special
import sympy as sp
from sympy import Abs, Float, Max, Min, Mod, Piecewise, Rational, ceiling, exp, floor, log, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.lower_scalar import mul_children

t, s = symbols("t s", real=True)
i, j = symbols("i j", integer=True, nonnegative=True)
n, m = symbols("n m", integer=True, positive=True)
A = sp.MatrixSymbol("A", n, m)

LOGISTIC = [
    1 / (1 + exp(t)),
    exp(t) / (1 + exp(t)),
    exp(t) / (1 + exp(t)) ** 2,
    exp(2 * t) / (1 + exp(t)) ** 2,
    exp(2 * t) / (1 + exp(t)) ** 3,
    exp(3 * t) / (1 + exp(t)) ** 2,
    exp(-t) / (1 + exp(t)),
    exp(t / 2) / (1 + exp(t)),
    exp(t) / (1 + exp(t)) ** Rational(3, 2),
    exp(-t) / (1 + exp(-t)) ** 2,
    (1 + exp(-t)) ** -2,
    (1 + exp(t)) ** Rational(-1, 2),
    3 * s * exp(t) / (1 + exp(t)) ** 2,
    exp(t - 1) / (1 + exp(t - 1)) ** 3,
    exp(s) * exp(2 * t) / (1 + exp(t)) ** 3,
    exp(t) / ((1 + exp(t)) * (1 + exp(s))),
]
OTHERS = [
    log(1 + exp(t)),
    exp(t) - 1,
    1 - exp(t),
    exp(t) + 1,
    s * exp(t) - 1,
    1 - 2 * exp(t),
    exp(t) + exp(s) - 1,
    sqrt(1 + t**2),
    1 / sqrt(1 + t**2),
    (1 + t**2) ** Rational(3, 2),
    (1 + t**2) ** s,
    sp.sec(t) + sp.csc(t + 1) + sp.cot(t + 2),
    sp.sech(t) + sp.csch(t + 1) + sp.coth(s),
    sp.asec(s + 2) + sp.acsc(s + 2) + sp.acot(s + 2),
    sp.asech(1 / (s + 1)) + sp.acsch(s) + sp.acoth(s + 2),
    sp.sinc(t),
    sp.factorial(s),
    sp.uppergamma(s, s + 1) + sp.lowergamma(s + 1, s),
    sp.erf(t) + sp.erfc(s) + sp.gamma(s) + sp.digamma(s) + sp.polygamma(1, s),
    sp.frac(t) + floor(t) + 2 * ceiling(s),
    Mod(t, 3) + Max(t, s, 1) - Min(t, 2, s) + Abs(t) + sp.sign(t),
    sp.Heaviside(t) + sp.Heaviside(s - 1),
    Piecewise((t, t < 0), (s, s >= 1), (t * s, True)),
    sp.atan2(t, s) + sp.atan(s),
    sp.KroneckerDelta(i, j) * t + s,
]
POINTS = [(-1.25, 0.75), (0.5, 1.5), (-4.0, 2.5)]


def value(e, at):
    """SymPy's own, with fifty digits."""
    return float(sp.re(sp.N(e.subs({k: sp.Integer(v) if k in (i, j) else Float(v, 60) for k, v in at.items()}), 50)))


@pytest.mark.parametrize("e", [*LOGISTIC, *OTHERS], ids=str)
def test_values_are_those_of_sympy(e):
    f = mc.lambdify([t, s, i, j], e)
    for a, b in POINTS:
        for p, q in ((0, 0), (0, 1)):
            assert f(a, b, p, q) == pytest.approx(value(e, {t: a, s: b, i: p, j: q}), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("e", LOGISTIC, ids=str)
@pytest.mark.parametrize("at", [-700.0, -40.0, 40.0, 700.0])
def test_what_overflows_as_written_has_its_value(e, at):
    wanted = value(e, {t: at, s: 0.5})
    with np.errstate(over="raise", invalid="raise"):
        assert mc.lambdify([t, s], e)(at, 0.5) == pytest.approx(wanted, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("at", [1e-12, -1e-12])
def test_differences_of_one_keep_their_digits(at):
    for e in (exp(t) - 1, 1 - exp(t), s * (exp(t) - 1)):
        assert mc.lambdify([t, s], e)(at, 2.0) == pytest.approx(value(e, {t: at, s: 2.0}), rel=1e-12, abs=0)
    assert mc.lambdify([t], log(1 + exp(t)))(-50.0) == pytest.approx(value(log(1 + exp(t)), {t: -50.0}), rel=1e-12, abs=0)


@pytest.mark.parametrize(
    "e, operands", [(s * t, [s, t]), (s * exp(t) / (1 + exp(t)) ** 2, [s, t]), (exp(s) * exp(t) / (1 + exp(t)), [exp(s), t])]
)
def test_of_a_logistic_factor_only_the_argument_is_an_operand(e, operands):
    """Its exponentials, which may overflow, are not computed."""
    assert set(mul_children(e)) == set(operands)


PLACES = [  # (row, column): as whole numbers, for every i, j, n, m
    (i, j),
    (i + 1, 2 * j),
    (n - 1 - i, m - 1),
    (floor(n / 2), floor((m - 1) / 3)),
    (floor((i + j) / 2), 0),
    (Mod(i + j, 2), Mod(7, m)),
    (Max(i, 1), Min(j, i, 1)),
    (Abs(i - 2), Abs(j - i)),
    (floor(i), ceiling(Rational(1, 2))),
    (i * j, i**2),
]


@pytest.mark.parametrize("row, column", PLACES, ids=str)
def test_entries_at_places_that_are_computed(row, column):
    f = mc.lambdify([A, i, j], A[row, column])
    for rows, columns in ((5, 4), (6, 5)):
        given = np.arange(rows * columns).reshape(rows, columns) + 0.5
        for p, q in ((0, 0), (1, 1), (2, 1), (1, 2)):
            at = {i: p, j: q, n: rows, m: columns}
            r, c = (int(sp.sympify(e).subs(at)) for e in (row, column))
            if 0 <= r < rows and 0 <= c < columns:
                assert f(given, p, q) == given[r, c]


ROUNDED_DOWN = [  # rows of a matrix of seven by five, computed of what is no integer, and which they are for t = 2.7
    (floor(t), 2),
    (floor(t / 2), 1),
    (floor(2 * t) + 1, 6),
    (floor(Rational(7, 2) * t) - 7, 2),
    (floor(n * t / 4), 4),
    (floor(0.3 * n), 2),
    (floor(sqrt(n)), 2),
    (floor(log(n)), 1),
    (floor(n / t), 2),
    (floor(floor(t) / 2), 1),
    (Max(floor(t), 1), 2),
    (floor(Max(t, 1)), 2),
    (floor(Abs(t)), 2),
    (Mod(floor(t), 2), 0),
    (floor(Mod(t + 1, 2)), 1),
    (ceiling(t), 3),
    ((n + m) / 2, 6),
    ((n - 1) / 2, 3),
    (floor((n + m + 1) / 2), 6),
]


@pytest.mark.parametrize("row, number", ROUNDED_DOWN, ids=str)
def test_places_are_rounded_as_they_say(row, number):
    """Not each part of what is rounded, nor to the nearest integer."""
    given = np.arange(35.0).reshape(7, 5)
    assert mc.lambdify([A, t], A[row, 0])(given, 2.7) == given[number, 0]


def test_bounds_and_sizes_are_rounded_as_they_say():
    given = np.arange(35.0).reshape(7, 5)
    for e, wanted in (
        (sp.Sum(t, (i, 1, floor(t))), 2 * 2.7),
        (sp.Sum(A[floor(i * t / 4), 0], (i, 0, n - 1)), sum(given[int(k * 2.7 / 4), 0] for k in range(7))),
        (sp.Sum(A[floor(sqrt(i)), 0], (i, 0, n - 1)), sum(given[math.isqrt(k), 0] for k in range(7))),
        (mc.ElementSum(A[: floor(sqrt(n)), :]), given[:2].sum()),
    ):
        assert mc.lambdify([A, t], e)(given, 2.7) == pytest.approx(wanted)


def test_sizes_and_bounds_are_integers_without_being_declared():
    p, q, k = symbols("p q k")
    P, given = sp.MatrixSymbol("P", p, q), np.arange(35.0).reshape(7, 5)
    for e, wanted in (
        (P[floor(p / 2), 0], given[3, 0]),
        (P[(p + q) / 2, 0], given[6, 0]),
        (sp.Sum(P[floor(k / 2), 0], (k, 0, p - 1)), sum(given[k // 2, 0] for k in range(7))),
    ):
        f = mc.lambdify([P], e)
        assert f(given) == pytest.approx(wanted) and "floor" not in f.source


def test_sums_of_entries_at_places_that_are_computed():
    given = np.random.default_rng(0).normal(size=(6, 6))
    B = sp.MatrixSymbol("B", n, n)
    for body, wanted in (
        (B[i, n - 1 - i], sum(given[k, 5 - k] for k in range(6))),
        (B[i, Mod(i + 1, n)], sum(given[k, (k + 1) % 6] for k in range(6))),
        (B[i, floor(i / 2)], sum(given[k, k // 2] for k in range(6))),
        (i * B[i, i] / (i + 1), sum(k * given[k, k] / (k + 1) for k in range(6))),
    ):
        assert mc.lambdify([B], sp.Sum(body, (i, 0, n - 1)))(given) == pytest.approx(wanted)


def test_powers_and_logarithms_of_sizes():
    """Of negative numbers they are complex."""
    given = np.ones((4, 3))
    for e in (sqrt(n - 1), sqrt(1 - n), log(-n), (-n) ** Rational(1, 3), (1 - n) ** 2, log(n)):
        found = mc.lambdify([A], e * A[0, 0])(given)
        assert complex(found) == pytest.approx(complex(sp.N(e.subs(n, 4))), rel=1e-12)


def test_large_whole_numbers_are_floats():
    assert mc.lambdify([t], t + sp.Integer(2) ** 70)(1.0) == float(2**70)
    assert mc.lambdify([t], t * (sp.Integer(2) ** 53 + 1)).source.count("9007199254740992.0") == 1
    assert (
        mc.lambdify([t], t * sp.Integer(2) ** 53).source.count("9007199254740992 ")
        + mc.lambdify([t], t * sp.Integer(2) ** 53).source.count("9007199254740992\n")
        >= 1
    )


def test_an_exponential_less_one_keeps_its_digits():
    for f, value in ((exp(t) - 1, 1e-12), (3 - 3 * exp(t), -3e-12)):
        assert np.isclose(mc.lambdify([t], f)(1e-12), value, rtol=1e-11, atol=0)


@pytest.mark.parametrize(
    "f, value",
    [
        (log(exp(t) - 1), math.log(1e-12)),
        (log(1 - exp(-t)), math.log(1e-12)),
        (log(1 - exp(t)), math.log(1e-12)),
        (1 / (exp(t) - 1), 1e12),
        (t * exp(t) / (exp(t) - 1), 1),
        (t / (1 - exp(-t)), 1),
        (t / (1 - exp(t)), -1),
        (sqrt(1 - exp(-t)), 1e-6),
    ],
    ids=str,
)
def test_it_keeps_them_inside_of_what_is_scaled_against_overflow(f, value):
    """As it is typed it is one function already where sums of exponentials are scaled, which would take its two terms apart."""
    sign = -1 if f == log(1 - exp(t)) else 1
    assert np.isclose(mc.lambdify([t], f)(sign * 1e-12), value, rtol=1e-11, atol=0)


def test_digamma_and_trigamma_by_the_functions_that_are_theirs():
    z = np.array([3.0, 0.5, 1e-300, 0.0, -0.5, -1.0, -2.5, 1e300, np.inf, -np.inf, np.nan])
    X = sp.MatrixSymbol("X", 11, 1)
    for order, name in ((0, "digamma(X)"), (1, "zeta(2.0, X)"), (2, "polygamma(2, X)"), (3, "polygamma(3, X)")):
        f = mc.lambdify([X], X.applyfunc(sp.Lambda(t, sp.polygamma(order, t))))
        assert f"special.{name}" in f.source
        np.testing.assert_array_equal(f(z), scipy.special.polygamma(order, z))
        np.testing.assert_allclose(
            f(z[:2].astype(np.float32).repeat(6)[:11]), scipy.special.polygamma(order, z[:2].repeat(6)[:11]), rtol=1e-5
        )
