"""What is summed goes on behind a sign where the index stands there."""

import pytest

from sympy_matcalc.errors import ParseError
from sympy_matcalc.text import read


@pytest.mark.parametrize(
    "text, python, declared",
    [
        (r"\sum_i x_i \cdot y_i", "Sum(x[i]*y[i], (i, 0, n - 1))", ["x: n", "y: n"]),
        (r"-\sum_i p_i \cdot \log q_i", "-Sum(p[i]*log(q[i]), (i, 0, n - 1))", ["p: n", "q: n"]),
        (r"\sum_i x_i / y_i - c", "Sum(x[i]/y[i], (i, 0, n - 1)) - c", ["x: n", "y: n"]),
        (r"2 \sum_i \sum_j A_{ij} \cdot x_i \cdot x_j", "2*Sum(A[i, j]*x[i]*x[j], (j, 0, n - 1), (i, 0, n - 1))", ["A: n x n", "x: n"]),
        (r"\prod_i x_i \cdot y_i", "Product(x[i]*y[i], (i, 0, n - 1))", ["x: n", "y: n"]),
        (r"\prod_i x_i \cdot a", "Product(x[i], (i, 0, n - 1))*a", ["x: n"]),
        (r"\log \sum_i x_i / y_i", "log(Sum(x[i]/y[i], (i, 0, n - 1)))", ["x: n", "y: n"]),
        (r"-2 \log \sum_i 1/(1 + x_i^2)", "-2*log(Sum(1/(1 + x[i]**2), (i, 0, n - 1)))", ["x: n"]),
        (r"\sum_i \log \sum_j x_i/y_j", "Sum(log(Sum(x[i]/y[j], (j, 0, m - 1))), (i, 0, n - 1))", ["x: n", "y: m"]),
        (r"\sum_j \log \sum_i x_i \cdot y_j", "Sum(log(Sum(x[i], (i, 0, n - 1)))*y[j], (j, 0, m - 1))", ["x: n", "y: m"]),
        (r"(\log \sum_i x_i)/c", "log(Sum(x[i], (i, 0, n - 1)))/c", ["x: n"]),
        (r"\log(\sum_i x_i)/c", "log(Sum(x[i], (i, 0, n - 1)))/c", ["x: n"]),
        (r"\sum_i x_i \odot y_i", "Sum(x[i]*y[i], (i, 0, n - 1))", ["x: n", "y: n"]),
    ],
)
def test_behind_a_sign(text, python, declared):
    assert read(text, syntax="latex").expr == read(python, declared).expr


@pytest.mark.parametrize(
    "text, column, both",
    [
        (r"\log \sum_i e^{x_i} / n", 23, (r"`\log(\sum_i e^{x_i}/n)`", r"`(\log \sum_i e^{x_i})/n`")),
        (r"a + 2 \log \sum_i x_i/(2 c)", 24, (r"`\log(\sum_i x_i/(2 c))`", r"`(\log \sum_i x_i)/(2 c)`")),
        (r"\sum_j y_j \log \sum_i x_i/y_j", 28, (r"`\log(\sum_i x_i/y_j)`", r"`(\log \sum_i x_i)/y_j`")),
        (r"\log\sum_i e^{x_i}/\sum_j e^{y_j}", 20, (r"`(\log\sum_i e^{x_i})/(\sum_j e^{y_j})`",)),
    ],
)
def test_the_logarithm_of_a_sum_over_something_may_be_that_of_the_quotient(text, column, both):
    with pytest.raises(ParseError, match="can be read in two ways") as found:
        read(text, syntax="latex")
    assert f"column {column}:" in str(found.value) and all(way in str(found.value) for way in both)
    for way in both:
        read(text[: text.index("\\log")] + way.strip("`"), syntax="latex")


@pytest.mark.parametrize("text", [r"(\sum_i x_i) \cdot y_i", r"(\sum_i x_i) / y_i", r"(2 \sum_i x_i) \cdot y_i"])
def test_a_sum_in_brackets_ends_there(text):
    with pytest.raises(ParseError, match="stands outside of it"):
        read(text, syntax="latex")


def test_the_note_has_the_whole_sum():
    assert any(r"`\sum_i x_i \cdot (a + b)`" in note for note in read(r"\sum_i x_i \cdot (a + b)").notes)
