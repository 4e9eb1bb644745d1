"""What could have been meant otherwise is said: a note for each reading that a convention chose."""

import pytest

from sympy_matcalc import ParseError
from sympy_matcalc.text import read

NOTED = [  # (text, what a note says)
    ("dot(A, B)", "MATLAB's is of each column"), (r"A \circ B C", "the product `B C` first"), (r"A B \odot C", "the product `A B` first"),
    ("mean(X)'*w", "`mean(X)` is of all entries; MATLAB itself takes it of each column, which is `rowmean(X')'`"),
    ("sum(X.^2)'*w", "which is `rowsum(X')'`"), ("X.mean().T*w", "of each column"), ("w'*max(X).T", "which is `rowmax(X')'`"),
    (r"\sum_i (x_i - \bar x)^2", r"`\bar x` is read as a symbol of its own, not as the mean of `x_i`, which is `\frac{1}{n} \sum_{j=1}^{n} x_j`"),
    (r"\bar{y} + \sum_{i=1}^n y_i", r"not as the mean of `y_i`"), (r"\sum_i (\mathbf{x}_i - \overline{x})^2", r"not as the mean of `\mathbf{x}_i`"),
    (r"\sum_i \log(x_i - y_i)^2", r"that of what it is of: `\log((x_i - y_i)^2)`"), (r"\ln\left(a\right)^2 + 1", "is the power of the logarithm"),
    ("x' + y", "`y` is read as a row"), ("kron(A, B)*vec(X)", "by convention"),
]  # fmt: skip
PLAIN = ["dot(x, y)", r"y \odot X w", r"A \odot (B C)", "A*B.*C", "x + y", r"A \odot (B C) + D", r"(A B) \odot C"]


@pytest.mark.parametrize(("text", "says"), NOTED)
def test_a_reading_that_was_chosen_is_noted(text, says):
    assert [note for note in read(text).notes if says in note]


@pytest.mark.parametrize("text", [r"a + (\log(b))^2", r"\left(\log(b)\right)^2", r"\log((b)^2)", "log(b)^2"])
def test_a_power_of_a_logarithm_that_is_plain_has_no_note(text):
    assert not [note for note in read(text).notes if "logarithm" in note]


@pytest.mark.parametrize("text", PLAIN)
def test_one_reading_has_no_note(text):
    assert not read(text).notes


def test_an_index_of_a_number_is_refused():
    for text in (r"\lVert x \rVert_q_r", "(x.T*x)[r]", "tr(X)[k]"):
        with pytest.raises(ParseError, match="which is a number"):
            read(text)


@pytest.mark.parametrize("text", ["mean(X)*w", "mean(x)'*w", "rowsum(X)'*y", "X: 1 x n; sum(X)'*w"])
def test_sums_that_are_no_vectors_in_matlab_either_have_no_note(text):
    assert not [note for note in read(text).notes if "MATLAB" in note]


@pytest.mark.parametrize("text", [r"\bar x^\top x", r"x_bar: scalar; \sum_i (x_i - \bar x)^2", r"\sum_i (x_i - \bar y)^2"])
def test_a_bar_that_is_no_mean_of_what_is_summed_has_no_note(text):
    assert not [note for note in read(text).notes if "mean" in note]


def test_the_mean_that_a_note_on_a_bar_offers_can_be_read():
    (note,) = (n for n in read(r"\sum_i (x_i - \bar x)^2").notes if "not as the mean" in n)
    mean = note.split("`")[-2]
    assert read(rf"\sum_i (x_i - {mean})^2").shapes == {"x": "n", "n": "scalar"}
