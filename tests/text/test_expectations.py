"""Expectations are not read: what could be one is an error that names both readings."""

import pytest

from sympy_matcalc.text import read

from .spelled import check_place

ARE = [
    ("E[x]", 1, "for an entry declare `E: n x n`"), ("1 + E[(y - w'*x)^2]", 5, "can be an expectation, and an entry of `E`"),
    (r"\mathbb{E}[x^2]", 1, "write the mean of samples"), (r"\operatorname{E}[x x^\top]", 1, "a product with a matrix `E`"),
    (r"\mathrm{E}(x x^\top)", 1, "can be an expectation"), (r"E\left[ (y - w^\top x)^2 \right]", 1, r"the product is `E \cdot (...)`"),
    (r"\|x\|^2 + E(x x^\top)", 11, "can be an expectation"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "says"), ARE)
def test_an_expectation_is_an_error(text, column, says):
    check_place(text, column, says)


@pytest.mark.parametrize(
    "text",
    [
        "E[i, j]",
        "E[0, 1] + tr(E)",
        "E[:, 1]",
        "E[n - 1]",
        "E[2]",
        r"E (I + A) + E^\top",
        "E: n x n; E[1, 0]",
        r"E: n x n; E[x y^\top]",
        r"E_{ij} + \operatorname{tr}(E)",
    ],
)
def test_an_entry_or_a_product_is_read(text):
    assert "E" in read(text).shapes


def test_what_the_error_offers_can_be_read():
    assert read(r"\frac{1}{n} \sum_{i=1}^{n} (y_i - w^\top x_i)^2").shapes["w"] == "m"
    assert read("mean((y - X*w).^2)").shapes["X"] == "n x m"
