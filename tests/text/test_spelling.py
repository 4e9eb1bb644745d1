"""A symbol has one spelling, and sizes follow from what is stated and from inverses."""

import pytest
from sympy import pi

from sympy_matcalc.errors import ParseError, ShapeError
from sympy_matcalc.text import parse, read
from sympy_matcalc.text.spelling import NAMED, one_spelling


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("tr(Σ*Sigma)", "tr(Sigma*Sigma)"), ("x.T*Σ*x", "x.T*Sigma*x"), ("α*x.T*x", "alpha*x.T*x"), ("λ*A + lamda*B", "lam*A + lam*B"),
        ("σ2*A", "sigma2*A"), ("Σ_1*x", "Sigma_1*x"), ("apply(λ -> λ**2, x)", "apply(u -> u**2, x)"),
    ],
)  # fmt: skip
def test_a_greek_letter_is_its_name(a, b):
    assert parse(a) == parse(b)


def test_every_letter_has_a_name_of_its_own():
    assert len({one_spelling(letter) for letter in NAMED}) == len(NAMED) == 49
    assert all(one_spelling(name) == name for name in NAMED.values())
    assert one_spelling("Δx") == "Δx" and one_spelling("é") == "é"


def test_the_number_pi_has_two_spellings():
    assert parse("π*t") == parse("pi*t") and parse("π*t")[0].has(pi)


def test_declarations_and_variables_may_be_spelled_otherwise():
    assert read("x.T*Σ*x", {"Sigma": "3 x 3"}, ("Σ",)) == read("x.T*Σ*x", ["Σ: 3 x 3"], ("Sigma",))


@pytest.mark.parametrize(("text", "declared"), [("x.T*sigma*x", "Sigma"), ("x.T*Σ*x", "sigma"), ("x.T*a*x", "A"), ("X*w", "x")])
def test_a_declaration_in_another_case_is_an_error(text, declared):
    with pytest.raises(ParseError, match=f"`{declared}` is declared, and the expression has `.*`: two names"):
        read(text, [f"{declared}: n x n"])
    with pytest.raises(ParseError, match="two names"):
        read(text, square=[declared])


def test_both_cases_may_occur():
    assert set(parse("sigma*tr(Sigma)", ["Sigma: n x n", "sigma: scalar"])[1]) == {"sigma", "Sigma"}


# ---- sizes
@pytest.mark.parametrize(
    ("text", "given", "shapes"),
    [
        ("log(a + z.T*kron(A, B).I*z)", {}, {"a": "scalar", "z": "m*n", "A": "n x n", "B": "m x m"}),
        ("logdet(kron(A, B, C).T)", {}, {"A": "n x n", "B": "m x m", "C": "k x k"}),
        ("tr(inv(kron(A, kron(B, C)))*D)", {}, {"A": "n x n", "B": "m x m", "C": "k x k", "D": "k*m*n x k*m*n"}),
        ("tr(A*kron(I, F).T)", {"A": "2*m x 2*n", "F": "m x n"}, {"A": "2*m x 2*n", "F": "m x n"}),
        ("tr(A*kron(I, F).T)", {"A": "k*m x k*n", "F": "m x n"}, {"A": "k*m x k*n", "F": "m x n"}),
        ("tr(A*kron(B, F).T)", {"A": "m**2 x n*q", "F": "m x n"}, {"A": "m**2 x n*q", "B": "m x q", "F": "m x n"}),
        ("tr(A*kron(I, F).T)", {"A": "6 x 4", "F": "3 x 2"}, {"A": "6 x 4", "F": "3 x 2"}),
        ("tr(kron(A, B))", {"A": "2 x 3", "B": "3 x 2"}, {"A": "2 x 3", "B": "3 x 2"}),
    ],
)
def test_sizes_of_kronecker_products_are_solved(text, given, shapes):
    assert read(text, given).shapes == shapes


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        ("tr(A*kron(I, F).T)", {"A": "p x q", "F": "m x n"}, "are not settled"),  # p may be no multiple of m
        ("tr(A*kron(I, F).T)", {"A": "2*m x 3*n", "F": "m x n"}, "is 2.m x 3.m, but 2.m x 2.m is needed"),
    ],
)
def test_sizes_that_do_not_fit(text, given, message):
    with pytest.raises(ShapeError, match=message):
        read(text, given)


def test_what_is_stated_makes_square():
    assert read("logdet(A*X)", square=["A", "X"]).shapes == {"A": "n x n", "X": "n x n"}
    assert read("logdet(A*X)").shapes["X"] == "m x n"
    assert read("x.T*A*y", square=["A"]).shapes == {"x": "n", "A": "n x n", "y": "n"}
