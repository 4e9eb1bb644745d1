"""Calls that MATLAB writes in a way of its own, against Python's spelling of the same."""

import pytest

from sympy_matcalc import ParseError
from sympy_matcalc.text import read

SAME = [
    ("max(A, [], 'all')", "max(A)"), ("min(A*B, [], 'all')", "min(A*B)"), ('sum(A, "all")', "sum(A)"), ("mean(A, 'all')", "mean(A)"),
    ("chol(A, 'lower')", "chol(A)"), ("chol(A, 'upper')", "chol(A).T"), ("reshape(A*B, [], 1)", "vec(A*B)"), ("reshape(x, 2, 3)", "unvec(x, 2, 3)"),
    ("A(i + 1, j)", "A[i, j - 1]"), ("A(i - 1, j + 2)", "A[i - 2, j + 1]"), ("A(3, i)", "A[2, i - 1]"),
]  # fmt: skip


@pytest.mark.parametrize(("matlab", "python"), SAME)
def test_is_read_as_the_same_in_python(matlab, python):
    assert read(matlab, syntax="matlab").expr == read(python, syntax="python").expr


@pytest.mark.parametrize("text", ["sum(A, 'all')", "max(A, [], 'all')", "chol(A, 'lower')"])
def test_what_says_which_it_is_has_no_note(text):
    assert not read(text, syntax="matlab").notes


@pytest.mark.parametrize("text", ["sum(A)", "max(A)", "chol(A)"])
def test_what_is_otherwise_in_matlab_has_one(text):
    assert read(text, syntax="matlab").notes


@pytest.mark.parametrize(
    ("text", "says"),
    [("reshape(A, 1, [])", "a `reshape` of another kind"), ("reshape(A)", "a `reshape` of another kind"), ("A(2*i, 1)", "the index `2*i`")],
)
def test_others_are_refused(text, says):
    with pytest.raises(ParseError, match=says.replace("*", r"\*")):
        read(text, syntax="matlab")


def test_a_reshape_of_numpy_goes_by_rows_and_is_refused():
    with pytest.raises(ParseError, match="unvec"):
        read("x.T*reshape(A, 2, 3)", syntax="python")
