"""What is summed goes on behind a sign where the index stands there."""

import pytest

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
        (r"\sum_i x_i \odot y_i", "Sum(x[i]*y[i], (i, 0, n - 1))", ["x: n", "y: n"]),
    ],
)
def test_behind_a_sign(text, python, declared):
    assert read(text, syntax="latex").expr == read(python, declared).expr


def test_the_note_has_the_whole_sum():
    assert any(r"`\sum_i x_i \cdot (a + b)`" in note for note in read(r"\sum_i x_i \cdot (a + b)").notes)
