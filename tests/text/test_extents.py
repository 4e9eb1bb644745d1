"""How many entries, rows and columns there are, as programs ask."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read

from .spelled import check_derivative, check_place

SIZES = [
    ("len(y)*y'*X", "auto", 0), ("y'*X*y.size", "python", 0), ("X.shape[0]*(y'*X)", "auto", 0), ("X.shape[1]*(y'*X)", "auto", 1), ("length(y)*y'*X", "matlab", 0),
    ("size(X, 1)*y'*X", "matlab", 0), ("size(X, 2)*y'*X", "auto", 1), ("nrow(X)*(t(y) %*% X)", "auto", 0), ("ncol(X)*(t(y) %*% X)", "auto", 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "syntax", "axis"), SIZES)
def test_it_is_the_size(text, syntax, axis):
    reading = read(text.replace("'", ".T") if syntax == "python" else text, syntax=syntax)
    shape = reading.symbols["X"].shape
    assert reading.expr == (shape[axis] * reading.symbols["y"].T * reading.symbols["X"]).doit()


def test_it_is_no_size_that_is_declared():
    assert read("len: scalar; len*x").shapes["len"] == "scalar"
    check_place("length(A)", 1, "is the larger of its sizes; write `size(A, 1)`")
    check_place("lam*np.eye(X.shape[1])", 12, "write `I`, `vector(1)` for ones")
    assert str(read("numel(X)*a").expr) == "a*m*n"


@pytest.mark.parametrize(
    "text",
    [
        "np.sum((y - X @ w)**2)/len(y)",
        "sum((X*w - y).^2)/size(X, 1)",
        "sum((y - X %*% w)^2)/nrow(X)",
        "np.sum((y - X @ w)**2) / y.shape[0]",
    ],
)
def test_means_by_hand(text):
    reading = read(text)
    assert (
        mc.verdict(read("2*X.T*(X*w - y)/n", {"X": "n x m", "y": "n", "w": "m"}).expr, reading.expr, reading.symbols["w"]).kind == "right"
    )
    check_derivative(text, "w")
