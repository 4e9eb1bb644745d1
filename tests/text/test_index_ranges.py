"""Sums over a part of an axis and entries with shifted indices: their values by loops, their derivatives, what cannot be read."""

import numpy as np
import pytest

from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.text import read

from .spelled import check_derivative, check_place

sq = lambda v: float(np.sum(np.square(v)))  # noqa: E731
READ = [  # (LaTeX, the variable, its value by a loop over arrays that count from 0, the shapes that it has)
    (r"\sum_{t=2}^T (x_t - x_{t-1})^2", "x", lambda x: sum((x[t] - x[t - 1]) ** 2 for t in range(1, len(x))), {"x": "T"}),
    (r"\sum_{i=1}^{n-1} |x_{i+1} - x_i|", "x", lambda x: sum(abs(x[i + 1] - x[i]) for i in range(len(x) - 1)), {"x": "n"}),
    (r"\sum_{i=2}^{n-1} (x_{i+1} - 2 x_i + x_{i-1})^2", "x", lambda x: sq(np.diff(x, 2)), {"x": "n"}),
    (r"\sum_{t=1}^{T-1} \|x_{t+1} - A x_t - B u_t\|_2^2", "A", lambda A, B, u, x: sum(sq(x[t + 1] - A @ x[t] - B @ u[t]) for t in range(len(x) - 1)), {"x": "T x n", "u": "T - 1 x m"}),
    (r"\sum_{k=1}^{T} \|x_k - A x_{k-1}\|^2 + \sum_{k=1}^{T} \|y_k - C x_k\|^2", "x", lambda A, C, x, y: sum(sq(x[k + 1] - A @ x[k]) + sq(y[k] - C @ x[k + 1]) for k in range(len(y))), {"x": "T + 1 x n", "y": "T x m"}),
    (r"\sum_{t=3}^{T} (y_t - a y_{t-1} - b y_{t-2})^2", "y", lambda a, b, y: sum((y[t] - a * y[t - 1] - b * y[t - 2]) ** 2 for t in range(2, len(y))), {"y": "T"}),
    (r"\sum_{t=0}^{T-1} \|x_{t+1} - A x_t\|^2", "A", lambda A, x: sum(sq(x[t + 1] - A @ x[t]) for t in range(len(x) - 1)), {"x": "T + 1 x n"}),
    (r"\sum_{i=1}^{m-1} \sum_{j=1}^{n} (X_{i+1,j} - X_{ij})^2", "X", lambda X: sq(np.diff(X, axis=0)), {"X": "m x n"}),
    (r"\sum_{t=2}^{T} t x_t", "x", lambda x: sum((t + 1) * x[t] for t in range(1, len(x))), {"x": "T"}),
    (r"\sum_{t=1}^{T} y_t^2 + \sum_{t=2}^{T} (y_t - c y_{t-1})^2", "y", lambda c, y: sq(y) + sum((y[t] - c * y[t - 1]) ** 2 for t in range(1, len(y))), {"y": "T"}),
    (r"\sum_{i} x_i + \sum_{i=2}^n x_i x_{i-1}", "x", lambda x: sum(x) + sum(x[1:] * x[:-1]), {"x": "n"}),
    (r"\prod_{i=2}^n x_i", "x", lambda x: np.prod(x[1:]), {"x": "n"}), (r"sum_{i=2}^n x_i^2", "x", lambda x: sq(x[1:]), {"x": "n"}),
    (r"\sum_{i=1}^{n-1} \sum_{j=i+1}^{n} A_{ij}", "A", lambda A: np.triu(A, 1).sum(), {"A": "n x n"}),
    (r"\sum_{i=2}^{n} \sum_{j=1}^{i-1} A_{ij}", "A", lambda A: np.tril(A, -1).sum(), {"A": "n x n"}),
]  # fmt: skip


def values(reading, seed=2):
    """(an environment, the arrays and numbers of its names, vectors with one axis)."""
    env = random_env([reading.expr], seed)
    sizes = {str(s) for s in env if s.is_integer}
    return env, {str(s): v[:, 0] if getattr(v, "shape", (0, 0))[1] == 1 else v for s, v in env.items() if str(s) not in sizes}


@pytest.mark.parametrize(("text", "variable", "value", "shapes"), READ)
def test_values_and_derivatives(text, variable, value, shapes):
    reading = read(text)
    assert shapes.items() <= reading.shapes.items()
    env, given = values(reading)
    assert evaluate(reading.expr, env) == pytest.approx(float(value(*(given[k] for k in sorted(given)))))
    check_derivative(text, variable)


def test_where_an_axis_begins_and_ends_is_said():
    notes = read(r"\sum_{t=1}^{T-1} \|x_{t+1} - A x_t - B u_t\|^2").notes
    assert "`x` has entries 1 to T" in notes and "`u` has entries 1 to T - 1" in notes
    assert "`x` has entries 0 to T" in read(r"\sum_{k=1}^{T} (x_k - x_{k-1})^2").notes
    assert not [note for note in read(r"\sum_{i=1}^n x_i^2").notes if "has entries" in note]
    assert "`X` has rows 1 to m" in read(r"\sum_{i=1}^{m-1} \sum_{j=1}^{n} (X_{i+1,j} - X_{ij})^2").notes


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        (r"\sum_i x_{i+1} x_i", 11, r"write them, as in `\sum_{i=1}^{n-1} x_{i+1}`"), (r"\sum_{t=0}^{T} x_t x_{t-1}", 23, "in front of the first entry"),
        (r"\sum_{i=5}^{3} x_i", 1, "from `5` to `3`"), (r"\sum_{i=1}^{n} \sum_{j=2}^{i} A_{ij}", 16, "the index of another sum"),
        (r"\sum_{i=1}^n \sum_{j=i+1}^{m} A_{ij}", 14, "goes from another first to another last"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_its_place(text, column, says):
    check_place(text, column, says)
