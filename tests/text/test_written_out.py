"""The normal distribution as MATLAB, SciPy and R call it."""

import numpy as np
import pytest
from scipy.stats import norm

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read

from .spelled import check_derivative, check_place

POINTS = np.array([-30.0, -8, -1, 0, 2, 9])
CALLED = [
    ("normcdf(x)", norm.cdf),
    ("norm.cdf(x)", norm.cdf),
    ("scipy.stats.norm.logcdf(x)", norm.logcdf),
    ("stats.norm.pdf(x)", norm.pdf),
    ("norm.logpdf(x)", norm.logpdf),
    ("scipy.special.ndtr(x)", norm.cdf),
    ("pnorm(x)", norm.cdf),
    ("dnorm(x)", norm.pdf),
    ("scipy.special.log_ndtr(x)", norm.logcdf),
    ("normpdf(x)", norm.pdf),
]


@pytest.mark.parametrize(("text", "value"), CALLED)
def test_values(text, value):
    expr, names = parse(text)
    assert mc.lambdify([names["x"]], expr)(POINTS) == pytest.approx(value(POINTS), rel=1e-12)


def test_the_slope_of_a_probit_likelihood_has_its_digits_in_both_tails():
    expr, names = parse("sum(log(normcdf(x)))")
    found = mc.lambdify([names["x"]], mc.gradient(expr, names["x"]))(POINTS)
    assert found == pytest.approx(np.exp(norm.logpdf(POINTS) - norm.logcdf(POINTS)), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("sum(log(normcdf(y.*(X*w))))", "w"),
        (r"\sum_i \log \operatorname{normcdf}(y_i x_i^\top \beta)", "beta"),
        ("np.sum(norm.logpdf(y - X @ w))", "w"),
    ],
)
def test_derivatives(text, variable):
    check_derivative(text, variable)


def test_letters_of_the_normal_distribution_are_pointed_to():
    check_place(r"\log \Phi(x)", 6, r"of the normal distribution it is `\operatorname{normcdf}(...)`")
    check_place(r"\phi(x^\top w)", 1, r"`\operatorname{normpdf}(...)`")
    check_place("norm.cdf(x, 1)", 1, "it takes 1")
    assert not [note for note in read("sum(norm.logpdf(x))").notes if "adds the number" in note]
