"""What could have been meant otherwise is said: a note for each reading that a convention chose."""

import pytest

from sympy_matcalc import ParseError
from sympy_matcalc.text import read

NOTED = [  # (text, what a note says)
    ("dot(A, B)", "MATLAB's is of each column"), (r"A \circ B C", "the product `B C` first"), (r"A B \odot C", "the product `A B` first"),
    ("x' + y", "`y` is read as a row"), ("kron(A, B)*vec(X)", "by convention"),
]  # fmt: skip
PLAIN = ["dot(x, y)", r"y \odot X w", r"A \odot (B C)", "A*B.*C", "x + y", r"A \odot (B C) + D", r"(A B) \odot C"]


@pytest.mark.parametrize(("text", "says"), NOTED)
def test_a_reading_that_was_chosen_is_noted(text, says):
    assert [note for note in read(text).notes if says in note]


@pytest.mark.parametrize("text", PLAIN)
def test_one_reading_has_no_note(text):
    assert not read(text).notes


def test_an_index_of_a_number_is_refused():
    for text in (r"\lVert x \rVert_q_r", "(x.T*x)[r]", "tr(X)[k]"):
        with pytest.raises(ParseError, match="which is a number"):
            read(text)
