"""Computed numbers that are added to each entry of what only a convention makes a vector or matrix."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read


@pytest.mark.parametrize(
    ("text", "shape"),
    [("N*lam + tr(X)", {"N": "scalar", "lam": "scalar", "X": "n x n"}), ("w'*w*C + sum(x)", {"w": "n", "C": "scalar", "x": "m"})],
)
def test_a_capital_among_numbers_is_one_with_a_note(text, shape):
    seen = read(text)
    assert seen.shapes == shape and any("is read as a scalar" in note for note in seen.notes)
    assert seen.expr.is_Matrix is False


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("M*lam + tr(X)", 1, "declare `M: scalar` and `lam: scalar`, or `M: n x m`"),
        ("x'*y*C + tr(A)", 1, "declare `C: scalar`, or `C: m x k`"),
        ("tr(X) + A*beta", 9, "the number `tr(X)` is added to it"),
    ],
)
def test_what_may_be_a_number_and_a_number_is_added_to_is_an_error(text, column, says):
    with pytest.raises(mc.ShapeError) as error:
        read(text)
    assert says in str(error.value) and error.value.column == column


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("X*w + tr(A)", "adds the number `tr(A)` to every entry"),
        ("x - mean(x)", ""),
        ("log(x) - log(sum(exp(x)))", ""),
        ("X + tr(X)", "on the diagonal"),
    ],
)
def test_a_number_that_is_added_to_each_entry_has_a_note(text, note):
    notes = [one for one in read(text).notes if "to every entry" in one]
    assert len(notes) == bool(note) and all(note in one for one in notes)


@pytest.mark.parametrize("text", ["x^t A x", "x^t*A*x", "X^t*X", r"x^{t} A x", "x^t"])
def test_a_power_by_t_may_be_meant_as_a_transpose(text):
    with pytest.raises(mc.ShapeError, match="can be read in two ways: the transpose is"):
        read(text)


@pytest.mark.parametrize("text", ["a^t", "2^t + x'*x", "(1 + x'*x)^t", "x.^t", "t*x'*x + norm(x)^t"])
def test_a_power_by_t_of_a_number_is_one(text):
    assert "t" in read(text).symbols
    assert read("x^t", ["x: scalar"]).shapes["x"] == "scalar"


@pytest.mark.parametrize("text", ["x1 - x_1", r"\mathit{x1} + x_1"])
def test_two_names_that_are_one_in_a_formula_are_an_error(text):
    with pytest.raises(mc.ParseError, match="`x1` and `x_1` are two names"):
        read(text)


@pytest.mark.parametrize("text", ["X*w + b", "norm(X*w + b - y)^2", "y - X*w - b", "sigmoid(W*x + b)", "x + c"])
def test_a_letter_of_numbers_that_is_a_column_by_its_use_has_a_note(text):
    name = "c" if "c" in text else "b"
    assert [note for note in read(text).notes if f"declare `{name}: scalar`" in note]
    assert not [note for note in read(f"{name}: scalar; {text}").notes if "since it is added to one" in note]


@pytest.mark.parametrize("text", ["A*x - b", "norm(A*x - b)^2", r"A \ (b + c)", "x + y", "b: n; X*w + b", "a + b"])
def test_a_letter_that_no_one_takes_for_a_number_has_none(text):
    assert not [note for note in read(text).notes if "since it is added to one" in note]
