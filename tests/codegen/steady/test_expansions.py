"""Values and derivatives of link functions over the whole range of numbers, against mpmath with 650 digits."""

import random
import warnings

import mpmath as mp
import numpy as np
import pytest
from sympy import MatrixSymbol, Symbol, cos, exp, lambdify, log, sin, sinh, sqrt, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.codegen import pipeline
from sympy_matcalc.codegen.steady.expansions import expansions

t = Symbol("t")

POINTS = (
    -1e3,
    -745.0,
    -300.0,
    -45.0,
    -20.0,
    -8.0,
    -1.0,
    -1e-3,
    -1e-9,
    -1e-20,
    1e-20,
    1e-9,
    1e-5,
    0.3,
    3.0,
    8.0,
    20.0,
    45.0,
    300.0,
    745.0,
    1e3,
)
POSITIVE = tuple(x for x in POINTS if x > 0)
FAR = (*POINTS, -1e10, 1e10)


def cloglog(u):
    return mp.log(-mp.expm1(-mp.exp(u)))


# formula, the function, points, what may be wrong in the value, and in the derivatives, of its size
LINKS = {
    "log(1-exp(-exp(u)))": (cloglog, POINTS),
    "1-exp(-exp(u))": (lambda u: -mp.expm1(-mp.exp(u)), [x for x in POINTS if abs(x) > 1e-2]),
    "log(1-exp(-exp(u)))-u": (lambda u: cloglog(u) - u, POINTS),
    "log(1-exp(-exp(-u)))": (lambda u: cloglog(-u), POINTS),
    "(1-exp(-exp(u)))./exp(u)": (lambda u: -mp.expm1(-mp.exp(u)) / mp.exp(u), POINTS),
    "log(log(1+exp(u)))": (lambda u: mp.log(mp.log1p(mp.exp(u))), POINTS),
    "log(exp(u)-1)": (lambda u: mp.log(mp.expm1(u)), POSITIVE),
    "log(exp(2*u)-exp(u))": (lambda u: u + mp.log(mp.expm1(u)), [x for x in POSITIVE if x > 1e-6]),
    "log(1-(1-exp(-u)).^3)": (lambda u: mp.log(1 - (-mp.expm1(-u)) ** 3), [x for x in POSITIVE if 1e-2 < x < 600]),
    "(exp(u)-1)./u": (lambda u: mp.expm1(u) / u, [x for x in POINTS if x < 600]),
    "u./(1-exp(-u))": (lambda u: -u / mp.expm1(-u), [x for x in POINTS if x > -600]),
    "sin(u)./u": (lambda u: mp.sin(u) / u, [x for x in POINTS if abs(x) < 2]),
    "(1-cos(u))./u.^2": (lambda u: (1 - mp.cos(u)) / u**2, [x for x in POINTS if abs(x) < 2]),
    "log(tanh(u))": (lambda u: mp.log(mp.tanh(u)), POSITIVE),
    "log(1/2+atan(u)/pi)": (lambda u: mp.log(mp.atan2(1, -u) / mp.pi), FAR),
    "log(u+sqrt(1+u.^2))": (mp.asinh, [x for x in FAR if abs(x) > 1e-2]),
    "sqrt(1+u.^2)-u": (lambda u: 1 / (mp.sqrt(1 + u * u) + u), [x for x in FAR if abs(x) > 1e-2]),
    "log(exp(-exp(u))-exp(-exp(u+1)))": (
        lambda u: mp.log(mp.exp(-mp.exp(u)) - mp.exp(-mp.exp(u + 1))),
        [x for x in POINTS if -600 < x < 6],
    ),
}


def expected(f, at):
    with mp.workdps(650):
        x = mp.mpf(at)
        h = min(abs(x), 1) * mp.mpf(10) ** -100
        low, middle, high = f(x - h), f(x), f(x + h)
        return float(middle), float((high - low) / (2 * h)), float((low + high - 2 * middle) / h**2)


@pytest.mark.parametrize("library", ["numpy", "jax.numpy", "torch"])
@pytest.mark.parametrize("text", LINKS)
def test_digits_of_links(text, library):
    pytest.importorskip(library.split(".")[0])
    f, points = LINKS[text]
    e, symbols_of = mc.parse(f"sum({text})")
    u = symbols_of["u"]
    codes = [mc.lambdify([u], x, modules=library) for x in (e, mc.gradient(e, u), mc.hessian(e, u))]
    for at in points if library == "numpy" else points[::4]:
        with warnings.catch_warnings():
            warnings.simplefilter("error" if library == "numpy" else "ignore")
            warnings.filterwarnings("ignore", ".*(overflow|underflow) encountered")
            got = [float(np.asarray(code(_array(library, at))).reshape(())) for code in codes]
        for value, right in zip(got, expected(f, at), strict=True):
            assert value == pytest.approx(right, rel=2e-9, abs=1e-290), (text, at)


def _array(library, at):
    if library == "numpy":
        return np.array([at])
    if library == "torch":
        import torch

        return torch.tensor([at], dtype=torch.float64)
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax.numpy.array([at])


def test_derivatives_by_the_library():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    e, names = mc.parse("sum(log(1-exp(-exp(u))))")
    value = mc.lambdify([names["u"]], e, modules="jax")
    slopes = jax.grad(value)(jax.numpy.array([-1e3, -800.0, -20.0, 0.0, 3.0]))
    assert np.allclose(slopes, [1, 1, 1 - 1.0305768112e-9, 0.58197670686933, 3.80053990644e-8], rtol=1e-9)


def test_what_has_its_digits_stays():
    t = Symbol("t", real=True)
    for e in (1 / (1 + exp(t)), log(1 + exp(t)), exp(t) / (1 + exp(t)) ** 2, 1 - cos(t), t / (1 + t**2), sinh(t), exp(-t) * (t + 1)):
        assert "where" not in mc.lambdify([t], e).source, e


def test_complex_numbers():
    z = symbols("z")
    code = mc.lambdify([z], (exp(z) - 1 - z) / z**2)
    near, far = 1e-6 * np.exp(0.3j), 2.0 * np.exp(0.3j)
    assert code(near) == pytest.approx(0.5 + near / 6, rel=1e-12)
    assert code(far) == pytest.approx((np.exp(far) - 1 - far) / far**2, rel=1e-14)


def test_two_variables_have_their_factors_apart():
    n = symbols("n", integer=True, positive=True)
    y, u = MatrixSymbol("y", n, 1), MatrixSymbol("u", n, 1)
    e, names = mc.parse("sum(y.*log(1-exp(-exp(u)))-(1-y).*exp(u))")
    y, u = names["y"], names["u"]
    h = mc.lambdify([u, y], mc.hessian(e, u))
    at, weight = -25.0, 0.25
    right = weight * expected(cloglog, at)[2] - (1 - weight) * np.exp(at)
    assert h(np.array([at]), np.array([weight]))[0, 0] == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize(
    ("e", "f", "at"),
    [
        (lambda t: (t / (t + 1) - 2 * tanh(t)) ** 2, lambda x: (x / (x + 1) - 2 * mp.tanh(x)) ** 2, 12.0),
        (lambda t: sinh(log(1 - t)) * tanh(t), lambda x: mp.sinh(mp.log(1 - x)) * mp.tanh(x), -8.0),
    ],
    ids=["tanh", "sinh"],
)
def test_what_is_left_out_has_no_digit(e, f, at):
    """1 - tanh(t) goes to 0 faster than any power of 1/t, and is no 0 at 10."""
    t = Symbol("t", real=True)
    assert float(mc.lambdify([t], e(t).diff(t, 2))(at)) == pytest.approx(expected(f, at)[2], rel=1e-10)


@pytest.mark.parametrize(
    ("expr", "at"),
    [
        (sin(t) + exp(t) * exp(-exp(t)), 60.0),
        (exp(-t) * exp(-exp(-t)) - sin(t), -8.3),
        (1 / ((exp(sin(t)) + 1) * (log(exp(t) + 2) - log(exp(t) + 1))), 7.0),
        (exp(t / 2) / (exp(t) - 1 / (1 + exp(-t))), 0.7),
        (exp(t / 2) / (exp(t) - 1 / (1 + exp(-t))), 30.0),
        (exp(t / 2) / (exp(t) - 1 / (2 + exp(-t))), 9.0),
        (exp(t) * log(1 + exp(-t)) - 1 + 1 / t, 100.0),
        (log(1 + t**3) - 3 * log(t), 1e3 + 1e4j),
        (sqrt(1 + t**4) - t**2, 1e4 + 3e4j),
    ],
)
def test_a_series_is_of_its_place_and_of_what_is_known(expr, at):
    """sin has none where exp goes to 0; the side of 0; terms beyond those that are known; branches of complex numbers."""
    with mp.workdps(400):
        exact = complex(lambdify(t, expr, "mpmath")(mp.mpmathify(at)))
    np.testing.assert_allclose(complex(mc.lambdify([t], expr)(at)), exact, rtol=1e-9)


LEAVES = exp(t), exp(-t), t, t**2, exp(2 * t), cos(t), sin(t), tanh(t), sqrt(1 + t**2), log(1 + exp(t)), log(1 + exp(-t)), exp(-exp(t))


def random_function(rng, depth):
    if not depth:
        return rng.choice(LEAVES)
    a, b = random_function(rng, depth - 1), random_function(rng, depth - 1)
    return rng.choice([a - b, a - 2 * b, a * b, a / b, b / a, log(1 + a**2), a / t - 1])


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_no_random_function_is_worse_than_as_it_is_written(first, monkeypatch):
    """A series takes the place only of what has fewer digits: the same code without the pass, against many digits."""
    points = (1e-20, -1e-8, 3e-4, -0.7, 1.1, -3.0, 6.0, -12.0, 25.0, -40.0, 80.0)
    for seed in range(first, first + 10):
        rng = random.Random(seed)
        e = random_function(rng, 2).diff(t, rng.choice((0, 1)))
        with_series = mc.lambdify([t], e)
        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "BEFORE", tuple(one for one in pipeline.BEFORE if one is not expansions))
            written = mc.lambdify([t], e)
        for at in points if with_series.source != written.source else ():
            with np.errstate(all="ignore"):
                found, plain = float(with_series(at)), float(written(at))
            try:
                with mp.workdps(400):
                    exact = mp.re(lambdify(t, e, "mpmath")(mp.mpf(at)))
            except ZeroDivisionError:  # a pole, or a divisor below what the digits tell
                continue
            if 1e-290 < abs(exact) < 1e290 and np.isfinite(plain):
                assert abs(found - exact) <= max(1e-9 * abs(exact), 30 * abs(plain - exact)), (e, at)
