"""Capitals that are numbers by their use, with a note; those that are matrices all the same."""

import pytest

from sympy_matcalc.text import read

NUMBERS = [
    ("(N-1)*norm(x)^2", "N"),
    ("N*norm(x)^2", "N"),
    (r"N\log\sigma^2 + x^\top x", "N"),
    (r"N \log \sigma^2 + \sum_i (x_i - \mu)^2", "N"),
    (r"-\frac{N}{2}\log\beta - \frac{\beta}{2}\|y - Xw\|^2", ""),
    ("x'*x + N*y'*y", "N"),
    ("w'*w + C*sum(xi)", "C"),
    ("1 - y*w'*x", "y"),
    ("log(1 + exp(-y*(w'*x + b)))", "y"),
    (r"\log(1 + e^{-y w^\top x})", "y"),
    ("1 + w'*x*y", "y"),
    ("k*x'*x/2", "k"),
    ("x'*b - s*x'*A*x", "s"),
    ("0.5*w'*w + C*sum(max(0, 1 - y.*(X*w)))", "C"),
    (r"\frac{\lambda}{2}\|w\|^2 + C \sum_i \xi_i", "C"),
    ("lam*norm(w)^2/2 + C*sum(xi)", "C"),
]


@pytest.mark.parametrize("text, name", NUMBERS)
def test_numbers(text, name):
    reading = read(text)
    assert reading.shapes[name or "N"] == "scalar" and reading.shapes.get("lam", "scalar") == "scalar"
    assert not name or any(f"`{name}` is read as a scalar" in note for note in reading.notes)
    assert getattr(reading.expr, "shape", (1, 1)) == (1, 1)


@pytest.mark.parametrize("text", ["N", "2*N", "tr(N)", "N*x", "A*N", "x'*N*x", "N'*N", "inv(N)*norm(x)"])
def test_matrices(text):
    assert read(text).shapes["N"].count("x") == 1


@pytest.mark.parametrize("text", ["sum(log(1 + exp(-y.*(X*w))))", "1 - y*y'*x", "y*w'*x", "x*x'*x", "k*x'*x + k'*x*k"])
def test_vectors(text):
    assert "scalar" not in read(text).shapes.values()


@pytest.mark.parametrize(
    "text",
    [
        "x'*A*y + 1",
        "log(1 + x'*A*y)",
        "x'*inv(S)*y + 1",
        r"1 + x^\top \Sigma^{-1} y",
        "1/(1 + exp(-x'*W*y))",
        "x'*(A + B)*y + 1",
        "x'*A*B*y + 1",
    ],
)
def test_the_last_letter_of_a_form_is_a_column(text):
    """A row times a matrix is no number."""
    reading = read(text)
    assert reading.shapes["x"] in ("n", "m") and reading.shapes["y"] in ("n", "m", "k")
    assert getattr(reading.expr, "shape", (1, 1)) == (1, 1) and not [note for note in reading.notes if "scalar" in note]


def test_declared():
    assert read("N*norm(x)^2", ["N: m x n"]).shapes["N"] == "m x n"
    assert read("sum(x)*N", square=["N"]).shapes["N"].count("x") == 1


def test_a_matrix_times_a_number_has_a_note():
    assert any("`C` is read as a matrix, times a number" in note for note in read("C*sum(xi)").notes)
    assert not read("2*C").notes and not read("C*x").notes
