"""Functions that are typed with numbers that are no expressions, along an axis, or by another name."""

import numpy as np
import pytest

from sympy_matcalc import ParseError
from sympy_matcalc.testing import evaluate
from sympy_matcalc.text import parse, to_text

RNG = np.random.default_rng(0)
X, A, v, q = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 4)), RNG.normal(size=(4, 1)), RNG.normal(size=(4, 1))
VALUES = [
    ("gather(X, [2, 0, 0])", X[[2, 0, 0]]),
    ("scatter(X, [2, 0, 0, 1], 5)", np.array([X[1] + X[2], X[3], X[0], 0 * X[0], 0 * X[0]])),
    ("diag(v, 1)", np.diag(v[:, 0], 1)),
    ("diag(v, -2)", np.diag(v[:, 0], -2)),
    ("diag(A, 1)", np.diag(A, 1)[:, None]),
    ("diag(A, -1)", np.diag(A, -1)[:, None]),
    ("mean(X, axis=0)", X.mean(0)[None]),
    ("mean(X, 1)", X.mean(1)[:, None]),
    ("rowmean(X)", X.mean(1)[:, None]),
]


@pytest.mark.parametrize("text, value", VALUES, ids=[text for text, _ in VALUES])
def test_values(text, value):
    e, names = parse(text)
    env = {names[name]: array for name, array in (("X", X), ("A", A), ("v", v)) if name in names}
    sizes = {s: n for symbol, array in env.items() for s, n in zip(symbol.shape, array.shape) if s.is_Symbol}
    assert np.allclose(np.asarray(evaluate(e, env | sizes)).reshape(value.shape), value)


@pytest.mark.parametrize("text", ["gather(X, [2, 0, 0])", "scatter(X, [2, 0, 0], 5)", "quatrot(q)*v", "gather(X.T, [1])*v"])
def test_text_and_back(text):
    assert to_text(parse(text)[0]) == text


@pytest.mark.parametrize(
    "name, same", [("lyapunov(A, C)", "lyap(A, C)"), ("sylvester(A, B, C)", "sylv(A, B, C)"), ("riccati(A, B, C, D)", "care(A, B, C, D)")]
)
def test_other_names(name, same):
    assert parse(name)[0] == parse(same)[0]


@pytest.mark.parametrize(
    "text, said",
    [
        ("diag(x, n)", "whole number"),
        ("gather(X, 2)", "list of numbers of rows"),
        ("gather(X, [a])", "list of numbers of rows"),
        ("mean(X, axis=2)", "1 for each row, 0 for each column"),
        ("scatter(X, [0, 1], 1)", "out of range for 1 rows"),
        ("quatrot(cross(a, b))", "length 4"),
    ],
)
def test_what_is_no_such_call(text, said):
    with pytest.raises((ParseError, ValueError), match=said):
        parse(text)
