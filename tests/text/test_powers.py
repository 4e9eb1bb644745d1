"""Signs in front of exponents: what books write of generalized inverses is no power."""

import pytest

from sympy_matcalc import ParseError
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
