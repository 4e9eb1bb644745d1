"""Declarations that contradict one another, among the options, in the text and between them."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read

CONTRADICTIONS = [  # (text, options, what the error says, both sides of it)
    ("sum(x)", ["x: vector", "x: scalar"], "`x` is declared twice, as a column and as scalar"),
    ("sum(x)", ["x: scalar", "x: vector"], "`x` is declared twice, as scalar and as a column"),
    ("sum(x)", ["x: vector", "x: m x n"], "as a column and as m x n"),
    ("sum(x)", ["x: n", "x: scalar"], "as n and as scalar"),
    ("A'*x", ["A: square", "A: m x n"], "as square and as m x n"),
    ("A*x where A is 3 x 4, A is square", [], "as 3 x 4 and as square"),
    ("A*x where A is 3 x 4, A is symmetric", [], "as 3 x 4 and as symmetric"),
    ("A*x where A is symmetric", ["A: m x n"], "symmetric in the text and m x n by the option"),
    ("x vector, x symmetric; x'*y", [], "as a column and as symmetric"),
    ("sum(x) where x vector", ["x: scalar"], "a column in the text and scalar by the option"),
    ("n*sum(x)", ["x: n", "n: 5"], "`n` is a size, in `x: n`, a whole number, and declared as 5"),
    ("sum(x)", ["x: n", "x is 5"], "`x` is declared twice, as n and as 5"),
    ("sum(x)", ["x: n", "n: vector"], "`n` is a size, in `x: n`, a whole number, and declared as a column"),
    ("n vector; sum(ones(n))", [], "`n` is a size, a whole number, and declared as a column"),
]


@pytest.mark.parametrize(("text", "shapes", "says"), CONTRADICTIONS)
def test_a_contradiction_is_an_error_that_shows_both(text, shapes, says):
    with pytest.raises(mc.ShapeError, match="leave one") as error:
        read(text, shapes)
    assert says in str(error.value)


def test_facts_that_are_assumed_count_too():
    with pytest.raises(mc.ShapeError, match="`A` is m x n by the option and square by what is assumed"):
        mc.parse("A*x", ["A: m x n"], assume=["symmetric: A"])


AGREED = [  # (text, options, the shape of the name that is declared twice)
    ("sum(x)", ["x: vector", "x: 5"], {"x": "5"}),
    ("A*x", ["A: matrix", "A: square"], {"A": "n x n", "x": "n"}),
    ("A*x", ["A: square", "A: matrix"], {"A": "n x n", "x": "n"}),
    ("A*x where A is symmetric", ["A: 3 x 3"], {"A": "3 x 3", "x": "3"}),
    ("n*sum(x)", ["x: n", "n: scalar"], {"n": "scalar", "x": "n"}),
    ("x scalar; x^2", ["x: scalar"], {"x": "scalar"}),
    ("x*y", ["x: number", "x: scalar", "y: row", "y: 1 x 4"], {"x": "scalar", "y": "1 x 4"}),
]


@pytest.mark.parametrize(("text", "shapes", "seen"), AGREED)
def test_what_says_the_same_is_taken_together(text, shapes, seen):
    assert read(text, shapes).shapes == seen


@pytest.mark.parametrize(
    ("text", "shapes"),
    [("n is 5; n is 6; sum(x)", []), ("n*sum(x)", ["n is 5"]), ("sum(x) where x is 5 and x is 6", []), ("sum(x)", ["x: n", "n is m"])],
)
def test_a_length_behind_is_can_be_a_value(text, shapes):
    with pytest.raises(mc.ParseError, match=r"can say a length, and that two numbers are equal.*write `[nx]: [5m]`"):
        read(text, shapes)
