"""Functions of the tails of the normal and of the logistic distribution: all digits on both sides, where the whole is 1 but for rounding."""

import mpmath
import numpy as np
import pytest
from sympy import Symbol, diff, digamma, erf, erfc, exp, lambdify, log, loggamma, polygamma, sqrt, symbols

import sympy_matcalc as mc

t, u = symbols("t u", real=True)
p = Symbol("p", positive=True)
s = 1 / (1 + exp(-t))
PROBIT = {
    "erfc of the negative": log(erfc(-t / sqrt(2)) / 2),
    "erfc": log(erfc(t / sqrt(2))),
    "erf": log(1 + erf(t / sqrt(2))),
    "less erf": log(3 - 3 * erf(2 * t)),
}


def exact(f, **values):
    with mpmath.workdps(200):
        names = [x for x in (t, u, p) if x.name in values]
        return float(lambdify(names, f, "mpmath")(*(mpmath.mpf(values[x.name]) for x in names)))


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", PROBIT)
def test_probit(name, order):
    pytest.importorskip("scipy")
    f = diff(PROBIT[name], t, order)
    code = mc.lambdify([t], f)
    for at in (-8.0, -1.3, 0.2, 2.0, 8.0):
        assert np.isclose(code(at), exact(f, t=at), rtol=1e-9, atol=1e-300), at


def test_what_is_divided_by_alone():
    pytest.importorskip("scipy")
    for f in (u / (1 + erf(t)), u / (2 - erfc(t)), 1 / (1 - erf(-t)) ** 2):
        code = mc.lambdify([t, u], f)
        for at in (-5.0, -0.3, 3.0):
            assert np.isclose(code(at, 1.5), exact(f + 0 * u, t=at, u=1.5), rtol=1e-12), (f, at)


@pytest.mark.parametrize("whole", [1, 3, p], ids=str)
def test_special_functions_of_the_other_side(whole):
    pytest.importorskip("scipy")
    for f in (
        loggamma(whole - whole * s),
        loggamma(whole * (1 - s)),
        digamma(whole - whole * s),
        polygamma(1, whole * (1 - s)),
        log(1 - s),
    ):
        code = mc.lambdify([t, p], f)
        for at in (-30.0, 0.4, 30.0, 300.0):
            assert np.isclose(code(at, 0.7), exact(f + 0 * p, t=at, p=0.7), rtol=1e-11), (f, at)


def test_what_is_not_the_whole_less_a_part_stays():
    pytest.importorskip("scipy")
    for f in (loggamma(3 - 2 * s), loggamma(p - s), loggamma(2 + p * s), 1 / (3 + erf(t)), 1 / (3 - erfc(t))):
        code = mc.lambdify([t, p], f)
        assert np.isclose(code(0.4, 1.7), exact(f + 0 * p, t=0.4, p=1.7), rtol=1e-12), f
        assert "expit(-" not in code.source and "erfc(-" not in code.source


LIKELIHOODS = (
    r"\sum_{i=1}^n [y_i \log\operatorname{normcdf}(x_i^\top\beta) + (1-y_i)\log(1-\operatorname{normcdf}(x_i^\top\beta))]",
    "sum(y.*log(normcdf(X*beta)) + (1-y).*log(1-normcdf(X*beta)))",
    "y'*log(normcdf(X*beta)) + (1-y)'*log(1-normcdf(X*beta))",
    "y'*log((1+erf(X*beta/sqrt(2)))/2) + (1-y)'*log((1-erf(X*beta/sqrt(2)))/2)",
    "y'*log((1+erf(X*beta/sqrt(2)))/2) + (1-y)'*log(1-(1+erf(X*beta/sqrt(2)))/2)",
)


def probit(at, y):
    """The logarithm of the likelihood of one observation at X*beta, and its first two derivatives, exact."""
    with mpmath.workdps(400):
        w, y = mpmath.mpf(at), mpmath.mpf(float(y))
        one, other = mpmath.erfc(-w / mpmath.sqrt(2)) / 2, mpmath.erfc(w / mpmath.sqrt(2)) / 2
        density = mpmath.exp(-w * w / 2) / mpmath.sqrt(2 * mpmath.pi)
        rate, against = density / one, density / other
        value = y * mpmath.log(one) + (1 - y) * mpmath.log(other)
        slopes = y * rate - (1 - y) * against, -y * rate * (rate + w) - (1 - y) * against * (against - w)
        return [float(f) for f in (value, *slopes)]


@pytest.mark.parametrize("text", LIKELIHOODS)
@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-11), (np.float32, 2e-3)])
def test_likelihood_of_the_probit_model(text, dtype, tolerance):
    pytest.importorskip("scipy")
    f, s = mc.parse(text)
    X, y, beta = s["X"] if "X" in s else s["x"], s["y"], s["beta"]
    code = mc.lambdify([X, y, beta], [f, mc.gradient(f, beta), mc.hessian(f, beta)])
    for at in (-38, -27, -12, -8, -6, -1, 0, 2, 6, 8, 12, 27, 38):
        for chance in (0, 1, 0.3):
            got = code(*(np.array(v, dtype) for v in ([[1]], [chance], [at])))
            assert np.allclose([np.ravel(g)[0] for g in got], probit(at, dtype(chance)), rtol=tolerance, atol=np.finfo(dtype).tiny), at
