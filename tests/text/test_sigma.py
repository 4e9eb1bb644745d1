"""A Sigma or Pi in the place of a sum or product is an error, one that is a letter is read."""

import re

import pytest
from sympy import MatrixSymbol, Product, Sum

from sympy_matcalc import ParseError
from sympy_matcalc.text import parse

LIKE_SUMS = [
    "Σ_i (y_i - w'*x_i)^2", "Σᵢ (yᵢ − wᵀxᵢ)²", r"\Sigma_i (y_i - w^\top x_i)^2", "½Σᵢ (yᵢ − xᵢ)²", r"\Pi_i p_i", r"\Sigma_i x_i + \mu_i",
    r"\frac{1}{n}\Sigma_{i} \left(y_i - x_i\right)^2",
]  # fmt: skip
LETTERS = [
    r"\mu_i^\top \Sigma_i^{-1} \mu_i", r"x_i^\top \Sigma_i x_i", "aᵀ Σᵢ b", "μᵢᵀ Σᵢ⁻¹ μᵢ", "Σ x_i", r"\Sigma_k x", r"\Sigma_i \cdot x_i", "Sigma_i*x_i",
    "Sigma_i: n x n; \\Sigma_i x_i", r"\Sigma_x y_x",
]  # fmt: skip


@pytest.mark.parametrize("text", LIKE_SUMS)
def test_a_sigma_over_the_index_of_what_follows_can_be_read_in_two_ways(text):
    with pytest.raises(ParseError, match="and a letter with an index; write") as caught:
        parse(text)
    word, declared = re.search(r"write `(\\\w+)_\w`", str(caught.value))[1], re.search(r"declare `(\w+): n x n`", str(caught.value))[1]
    as_sum = re.sub(r"Σ|\\Sigma|\\Pi", lambda _: word, text.split(" + ")[0])
    assert parse(as_sum)[0].has(Sum, Product)
    if text in (r"\Pi_i p_i", r"\Sigma_i x_i + \mu_i"):
        assert parse(f"{declared}: n x n; {text}")[0].has(MatrixSymbol)


@pytest.mark.parametrize("text", ["Σ_{i=1}^n (y_i - x_i)^2", r"\Sigma_{i=1}^n (y_i - x_i)^2", r"2\Pi_{i=1}^{n} p_i"])
def test_limits_are_those_of_a_sum(text):
    with pytest.raises(ParseError, match="has the limits of a (sum|product), and is a letter") as caught:
        parse(text)
    limits = re.search(r"write `(.*?)`", str(caught.value))[1]
    assert parse(re.sub(r"(?:Σ|\\Sigma|\\Pi)_\{i=1\}\^(?:n|\{n\})", lambda _: limits, text))[0].has(Sum, Product)


@pytest.mark.parametrize("text", LETTERS)
def test_a_letter_is_read(text):
    assert re.search(r"Sigma", str(parse(text)[0]))
