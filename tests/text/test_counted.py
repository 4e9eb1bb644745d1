"""The number of terms that divides a sum, and numbers that may be meant to be lengths."""

import pytest

from sympy_matcalc.text import read

COUNTED = [  # (text, the shape of the letter that is summed, whether the count is one of its sizes)
    (r"\frac1n\sum_j x_j", {"n": "scalar", "x": "n"}),
    (r"\frac{1}{2n}\sum_i (y_i - x_i^\top w)^2", {"n": "scalar", "y": "n", "x": "n x m", "w": "m"}),
    (r"\frac{1}{n-1}\sum_i (x_i - \mu)^2", {"n": "scalar", "x": "n", "mu": "scalar"}),
    (r"\frac1N \sum_i x_i + \lambda w^\top w", {"N": "scalar", "x": "N", "lam": "scalar", "w": "n"}),
]


@pytest.mark.parametrize(("text", "shapes"), COUNTED)
def test_a_count_that_divides_the_one_sum_is_its_length(text, shapes):
    seen = read(text)
    assert seen.shapes == shapes
    assert any("is read as the number of terms of" in note for note in seen.notes)
    name = next(iter(set(shapes) & {"n", "N"}))
    assert seen.symbols[name] in seen.symbols["x"].shape


FREE = [  # (text, options, what the note says)
    (r"\frac1n\sum_i x_i + \frac1n\sum_j w_j", [], "`n` is a number of its own"),  # of which of them?
    (r"\frac{\lambda}{n}\sum_j w_j^2", [], "declare `w: n`"),  # of samples, not of weights
    ("norm(X*w - y)^2/n", [], "while `X` is m x k; where it is a length declare `X: n x k`"),
    ("sum(x)/(2*m)", [], "declare `x: m`"),
    (r"\frac1n\sum_j x_j", ["n: scalar"], ""),
    (r"\frac{1}{2m}\sum_{i=1}^n x_i", [], ""),
    ("norm(X*w - y)^2/n", ["X: n x m"], ""),
]


@pytest.mark.parametrize(("text", "shapes", "says"), FREE)
def test_a_number_that_may_be_a_length_has_a_note(text, shapes, says):
    notes = [note for note in read(text, shapes).notes if "number of" in note]
    assert len(notes) == bool(says) and all(says in note for note in notes)


def test_a_count_that_contradicts_the_rest_stays_a_number():
    seen = read(r"\frac1n\sum_j x_j", ["x: 3"])
    assert seen.shapes == {"n": "scalar", "x": "3"} and not any("number of terms" in note for note in seen.notes)
