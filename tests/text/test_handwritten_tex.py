"""Handwritten sums and indices are read as the LaTeX that the same formula has, and a note shows it."""

import pytest

from sympy_matcalc import ParseError
from sympy_matcalc.text import read
from sympy_matcalc.text.handwritten_tex import in_latex

SAME = [  # (by hand, the same in LaTeX)
    ("∑ᵢ (yᵢ − wᵀxᵢ)²", r"\sum_i (y_i - w^\top x_i)^2"), ("∑ᵢ₌₁ⁿ (yᵢ − wᵀxᵢ − b)² + λ‖w‖²", r"\sum_{i=1}^n (y_i - w^\top x_i - b)^2 + \lambda\|w\|^2"),
    ("∑_i log(1+exp(-y_i wᵀx_i))", r"\sum_i \log(1+\exp(-y_i w^\top x_i))"), ("∑ᵢ∑ⱼ Aᵢⱼ xᵢ xⱼ", r"\sum_i \sum_j A_{ij} x_i x_j"),
    ("∑_{i=1}^n (x_i − μ)ᵀ Σ⁻¹ (x_i − μ)", r"\sum_{i=1}^n (x_i - \mu)^\top \Sigma^{-1} (x_i - \mu)"), ("½∑ᵢ xᵢ²", r"\frac{1}{2}\sum_i x_i^2"),
    ("∏ᵢ σ(wᵀxᵢ)", r"\prod_i \sigma(w^\top x_i)"), ("xᵢᵀ A xᵢ", r"x_i^\top A x_i"), ("√(∑ᵢ xᵢ²)", r"\sqrt{\sum_i x_i^2}"),
    ("∑_{i≠j} W_{ij}(x_i−x_j)²", r"\sum_{i \neq j} W_{ij}(x_i-x_j)^2"), ("∑_k x_k + aᵀΣ⁻ᵀb", r"\sum_k x_k + a^\top \Sigma^{-\top} b"),
    (r"\frac{1}{2}‖y − Xw‖²", r"\frac{1}{2}\|y - Xw\|^2"), (r"\alpha x^{⊤} A x + aᵀ x₁", r"\alpha x^\top A x + a^\top x_1"),
    ("(1/n) ∑ᵢ max(0, 1 − yᵢ wᵀxᵢ)", r"(1/n) \sum_i \max(0, 1 - y_i w^\top x_i)"),
]  # fmt: skip


@pytest.mark.parametrize("by_hand, latex", SAME)
def test_it_is_the_formula_in_latex(by_hand, latex):
    found, same = read(by_hand), read(latex)
    assert found.expr == same.expr and found.shapes == same.shapes
    assert found.notes[0] == f"`{by_hand}` is read as `{in_latex(by_hand)}`"


@pytest.mark.parametrize("text", ["xᵀAx", "‖X·w - y‖²", "x₁ + x₂", "X⁻ᵀ·b", r"\|x\|^2", "Σ⁻¹ x"])
def test_what_is_read_as_it_stands_has_no_such_note(text):
    assert not [note for note in read(text).notes if "is read as" in note and "\\" in note.split("is read as")[1]]


def test_a_place_of_an_error_is_one_of_the_text_that_is_shown():
    with pytest.raises(ParseError) as caught:
        read("∑ᵢ xᵢ + ♥")
    message, line, caret = str(caught.value).split("\n")
    assert line.strip() == r"\sum_{i} x_{i} + ♥" and line[caret.index("^")] == "♥"
