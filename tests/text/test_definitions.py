"""Definitions of names, in front of a formula and behind `where`: what is defined stands in the place of its name."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read

DEFINED = [  # (text, the same written out, with brackets around what is defined)
    ("-sum(y .* log(p)) where p = softmax(X*w)", "-sum(y .* log(softmax(X*w)))"),
    ("p = softmax(X*w); -sum(y.*log(p))", "-sum(y .* log(softmax(X*w)))"),
    ("-sum(y.*log(p)), with p = softmax(X*w)", "-sum(y .* log(softmax(X*w)))"),
    ("norm(r)^2 where r = X*w - y, X is m x n", "X is m x n; norm(X*w - y)^2"),
    ("A symmetric; r = A*x - b; r'*r", "A symmetric; (A*x - b)'*(A*x - b)"),
    ("q*p where p = q + 1, q = sum(x)", "sum(x)*(sum(x) + 1)"),
    ("r = X @ w - y\nr @ r", "(X @ w - y) @ (X @ w - y)"),
    ("x'*A*x for A = B + C", "x'*(B + C)*x"),
    (r"r^\top W r where r = y - X\beta", r"(y - X\beta)^\top W (y - X\beta)"),
    (r"\|r\|_2^2 \text{ where } r = y - X\beta", r"\|y - X\beta\|_2^2"),
    (r"p^\top y \quad where p = \sigma(Xw)", r"\sigma(Xw)^\top y"),
    ("where(a > 0, a, b)*c where c := a + b", "where(a > 0, a, b)*(a + b)"),
]


@pytest.mark.parametrize(("text", "written_out"), DEFINED)
def test_what_is_defined_is_put_in(text, written_out):
    seen, other = read(text), read(written_out)
    assert seen.expr == other.expr and seen.shapes == other.shapes and seen.facts == other.facts
    assert any("stands for" in note for note in seen.notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("p where p = p + 1", "defines a name by itself"),
        ("p where p = q, q = p", "defines a name by itself"),
        ("sum(x) where p = 3", "`p` is defined, and does not occur"),
        ("p + q where p = 1, p = 2, q = 3", "`p` is defined twice"),
        ("p vector; sum(p) where p = x + y", "`p` is declared, and also defined"),
        (r"ap + p where p = \sigma(X w)", "`p` is defined, and also read as a letter of its own"),
        ("x'*x where p == 2", "declares nothing"),
        ("norm(x)^2_1", "can be a number with a mark between its digits, and one with an index"),
        ("y = A*x", "leave out `y =`"),
        ("p0 where " + ", ".join(f"p{i} = p{i + 1}*p{i + 1}*p{i + 1}" for i in range(19)), "more than 10000 characters"),
        ("p0 where " + ", ".join(f"p{i} = p{i + 1}" for i in range(25)), "more than 20 definitions"),
    ],
)
def test_a_definition_that_cannot_be_put_in_is_an_error(text, says):
    with pytest.raises(mc.ParseError) as error:
        read(text)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("text", "written_out"),
    [
        ("‖Y − U Vᵀ‖²_F", "norm(Y - U*V')^2"), ("||X||^2_F + ||x||^2_1", "norm(X)^2 + norm1(x)^2"), ("‖x‖²₂", "norm(x)^2"),
        ("‖X‖²_*", "nuclear_norm(X)^2"), ("tr(Σ^{-1} S) + log det Σ", "tr(inv(Sigma)*S) + logdet(Sigma)"),
    ],
)  # fmt: skip
def test_the_kind_of_a_norm_may_stand_behind_its_power(text, written_out):
    assert read(text).expr == read(written_out).expr


@pytest.mark.parametrize("text", ["A matrix; x'*\u0391*x", "Lam matrix; \u039b*x", "sigma vector; x'*Sigma*x", "x_1 vector; sum(x1)"])
def test_a_declared_name_that_looks_as_another_does_is_an_error(text):
    with pytest.raises(mc.ParseError, match="two names; write both in one way"):
        read(text)
