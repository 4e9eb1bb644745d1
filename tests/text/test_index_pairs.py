"""Sums over pairs of indices: their values by loops, their derivatives, in matrix notation where the terms are smooth."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate
from sympy_matcalc.text import parse, read

from .spelled import check_derivative, check_place
from .test_index_ranges import sq, values

far = lambda x, i, j: np.linalg.norm(x[i] - x[j])  # noqa: E731
PAIRS = [  # (LaTeX, the variable, a term, which pairs)
    (r"\sum_{i<j} \log(1 + \exp(-(s_i - s_j)))", "s", lambda s, i, j: np.log1p(np.exp(s[j] - s[i])), "<"),
    (r"\sum_{1 \le i < j \le n} w_{ij} (x_i - x_j)^2", "x", lambda w, x, i, j: w[i, j] * (x[i] - x[j]) ** 2, "<"),
    (r"\sum_{i<j} \|x_i - x_j\|^2", "x", lambda x, i, j: sq(x[i] - x[j]), "<"),
    (r"\sum_{i > j} e^{-\|x_i - x_j\|^2}", "x", lambda x, i, j: np.exp(-sq(x[i] - x[j])), ">"),
    (r"\sum_{i<j} \frac{1}{\|x_i - x_j\|}", "x", lambda x, i, j: 1 / far(x, i, j), "<"),
    (r"\sum_{i \ne j} \frac{q_i q_j}{\|x_i - x_j\|}", "x", lambda q, x, i, j: q[i] * q[j] / far(x, i, j), "!="),
    (r"\sum_{i \neq j} \frac{q_i}{\|x_i - x_j\|}", "x", lambda q, x, i, j: q[i] / far(x, i, j), "!="),
    (r"\sum_{i<j} \log |x_i - x_j|", "x", lambda x, i, j: np.log(abs(x[i] - x[j])), "<"),
    (r"\sum_{i<j} w_{ij} (\|x_i - x_j\| - d_{ij})^2", "x", lambda d, w, x, i, j: w[i, j] * (far(x, i, j) - d[i, j]) ** 2, "<"),
    (r"\sum_{i=1}^{n} \sum_{j=1}^{i} A_{ij} x_j", "x", lambda A, x, i, j: A[i, j] * x[j], ">="),
    (r"\sum_{i=1}^n a_i \sum_{j>i} x_j", "x", lambda a, x, i, j: a[i] * x[j], "<"),
    (r"\sum_{i \leq j} A_{ij} x_i x_j", "x", lambda A, x, i, j: A[i, j] * x[i] * x[j], "<="),
    (r"\sum_{i \ne j}^{n} |x_i - x_j|", "x", lambda x, i, j: abs(x[i] - x[j]), "!="),
    (r"\sum_{i=0}^{n-1} \sum_{j \ne i} x_i x_j^2", "x", lambda x, i, j: x[i] * x[j] ** 2, "!="),
]  # fmt: skip
MEANT = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "!=": np.not_equal}


@pytest.mark.parametrize(("text", "variable", "term", "which"), PAIRS)
def test_values_and_derivatives(text, variable, term, which):
    reading = read(text)
    env, given = values(reading)
    n, args = len(given[variable]), [given[k] for k in sorted(given)]
    expected = sum(term(*args, i, j) for i in range(n) for j in range(n) if MEANT[which](i, j))
    assert evaluate(reading.expr, env) == pytest.approx(float(expected))
    check_derivative(text, variable)


def test_a_symmetric_smooth_term_is_half_of_all_pairs():
    for text, gradient in [
        (r"\sum_{i<j} \|x_i - x_j\|^2", "2*n*x - 2*ones(n, n)*x"),
        (r"\sum_{i<j} (x_i - x_j)^2", "2*(n*x - ones(n, 1)*x.T*ones(n, 1))"),
    ]:
        expr, names = parse(text)
        assert str(mc.gradient(expr, names["x"])) == gradient


def test_code_of_a_potential_is_finite():
    expr, names = parse(r"\sum_{i \neq j} \frac{1}{\|x_i - x_j\|}")
    found = mc.lambdify([names["x"]], mc.gradient(expr, names["x"]))(np.random.default_rng(0).standard_normal((5, 2)))
    assert np.isfinite(found).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (r"\sum_{(i,j)} \log(1 + e^{-(s_i - s_j)})", r"each once `\sum_{i < j}`"), ("sum_{(i,j)} (s_i - s_j)^2", r"all of them are `\sum_{i,j}`"),
        (r"\sum_{(i,j) \in \mathcal{D}} (s_i - s_j)^2", "have weights 0 and 1"), (r"\sum_{i \in S} x_i", r"as in `\sum_i a_i x_i`"),
        (r"\prod_{i<j} (x_i - x_j)", "of a product"),
    ],
)  # fmt: skip
def test_pairs_that_are_not_known_are_an_error(text, says):
    check_place(text, 1, says)
