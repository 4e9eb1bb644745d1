"""Signs in front of exponents: what books write of generalized inverses is no power."""

import pytest

from sympy_matcalc import ParseError, ShapeError
from sympy_matcalc.text import read


@pytest.mark.parametrize("text", ["A^+ b", "A^+b", "A^- b", "A^+ (b - c)", "(A + B)^+ y", "inv(A)^- b"])
def test_a_sign_behind_a_matrix_can_be_read_in_two_ways(text):
    with pytest.raises(ParseError, match="for the pseudoinverse"):
        read(text)


@pytest.mark.parametrize(
    ("text", "python"),
    [("A^-1 b", "A.I*b"), ("A^-1*b", "A.I*b"), ("A^+2", "A**2"), ("A^(-k)", "A**(-k)"), ("a^+b", "a**b"), ("2^-t", "2**(-t)")],
)
def test_powers_stay(text, python):
    assert read(text).expr == read(python).expr


def test_braces_say_which_it_is():
    assert read("A^{+} b").expr == read("pinv(A)*b").expr


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("A/B", "A*B.I"), ("x'/A*x", "x.T*A.I*x"), ("(A*B)/(C + D)", "A*B*(C + D).I"), ("(X'*y)'/(X'*X)", "(X.T*y).T*(X.T*X).I"),
        ("B: scalar; A/B", "B: scalar; A/B"), ("X'*X/N", "X.T*X/N"), ("A/c", "A/c"), ("A./B", "had(A, hpow(B, -1))"),
    ],
)  # fmt: skip
def test_right_division_of_matlab(text, python):
    """Where its spelling is named, what a matrix or row is divided by is inverted if it is a matrix by its letters."""
    reading = read(text, syntax="matlab")
    assert reading.expr == read(python).expr
    assert any("as in MATLAB" in note for note in reading.notes) == (".I" in python)


@pytest.mark.parametrize(("text", "syntax"), [("A/B", "auto"), ("a/B", "matlab"), ("A/B", "python")])
def test_other_quotients_by_a_matrix_are_an_error(text, syntax):
    with pytest.raises(ShapeError, match=r"`inv\(B\)` for the inverse, as MATLAB divides"):
        read(text, syntax=syntax)
