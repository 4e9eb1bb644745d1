r"""LaTeX in other words is read as in the usual ones: samples in brackets above, arrays in brackets, braces with labels."""

import pytest

from sympy_matcalc import ParseError
from sympy_matcalc.text import read

SAME = [
    (r"\sum_{i=1}^{m} (y^{(i)} - \theta^T x^{(i)})^2", r"\sum_{i=1}^{m} (y_i - \theta^T x_i)^2"), (r"\sum_i \mathbf{x}^{(i)} y^{(i)}", r"\sum_i \mathbf{x}_i y_i"),
    (r"\sum_{i=1}^m \sum_{j=1}^n x_j^{(i)} \theta_j", r"\sum_{i=1}^m \sum_{j=1}^n x_{ij} \theta_j"), (r"\sum_i \sum_j x^{(i)}_{j} w_j", r"\sum_i \sum_j x_{ij} w_j"),
    (r"\sum_i \mathbf{x}^{(i)\top} A \mathbf{x}^{(i)}", r"\sum_i \mathbf{x}_i^\top A \mathbf{x}_i"), (r"\sum_i (x^{(i)})^2", r"\sum_i (x_i)^2"),
    (r"\sum_i \hat{y}^{\left(i\right)} y^{(i)}", r"\sum_i \hat{y}_i y_i"), (r"\sum_i \log(1+\exp(-y^{(i)} w^\top x^{(i)}))", r"\sum_i \log(1+\exp(-y_i w^\top x_i))"),
]  # fmt: skip
SILENT = [
    (r"\frac{1}{2}\underbrace{x^\top Q x}_{\text{quadratic, in \{x\}}} + c^\top x", r"\frac{1}{2}x^\top Q x + c^\top x"), (r"\overbrace{A x}^{k} + b", "{A x} + b"),
    (r"\underbrace{\underbrace{A}_{1} x}_{2} + b", r"{{A} x} + b"), (r"\left[\begin{array}{cc} A & B \\ C & D \end{array}\right]", r"\begin{bmatrix} A & B \\ C & D \end{bmatrix}"),
    (r"\left(\begin{array}{c} x \\ y \end{array}\right)^\top z", r"\begin{pmatrix} x \\ y \end{pmatrix}^\top z"),
]  # fmt: skip


@pytest.mark.parametrize("text, usual", SAME)
def test_a_sample_in_brackets_above_is_an_index(text, usual):
    found = read(text)
    assert found.expr == read(usual).expr and [note for note in found.notes if "^" in note and "is read as" in note and "_{i" in note]


@pytest.mark.parametrize("text, usual", SILENT)
def test_arrays_and_braces_are_what_is_in_them(text, usual):
    assert read(text).expr == read(usual, syntax="latex").expr


@pytest.mark.parametrize("text", [r"W^{(1)} x", r"\sum_i W^{(k)} x_i", r"\sum_i a^{[i]}"])
def test_what_is_above_and_no_index_of_a_sum_stays_an_error(text):
    with pytest.raises(ParseError, match="upper index"):
        read(text)


@pytest.mark.parametrize("text", [r"\underbrace{x", r"\left[\begin{array}{c} x \\ y", r"\underbrace x"])
def test_what_does_not_end_is_an_error(text):
    with pytest.raises(ParseError):
        read(text)
