"""The transpose that an error of shapes offers makes of the text one that is read, and is offered in the text's own spelling."""

import re

import pytest

from sympy_matcalc import ShapeError
from sympy_matcalc.text import parse

OFFERED = [
    ("x A x", [], ["x' A x"]), ("x*A*x", ["x: n", "A: n x n"], ["x'*A*x"]), ("A*B", ["A: m x n", "B: m x n"], ["A'*B", "A*B'"]),
    ("y X w", [], ["y' X w"]), ("x'A'x'", [], ["x'A'x"]), ("x'*A'*y", ["A: 3 x 4", "x: 3", "y: 4"], ["x'*A*y"]),
    (r"\frac{1}{2} (y-Xw)(y-Xw)", [], [r"\frac{1}{2} (y-Xw)^\top(y-Xw)", r"\frac{1}{2} (y-Xw)(y-Xw)^\top"]),
    (r"x^\top A x + x b", [], [r"x^\top A x + x^\top b"]), (r"x^T A x + x b", [], ["x^T A x + x^T b"]), ("x.T*A*x + x*b", [], ["x.T*A*x + x.T*b"]),
    ("X*X*w - X*y", ["X: m x n", "y: m"], ["X'*X*w - X'*y"]),  # the same slip twice
]  # fmt: skip


def offered(text, shapes):
    with pytest.raises(ShapeError) as caught:
        parse(text, shapes)
    found = re.search(r"With a transpose it is (`.*?`(?: or `.*?`)?)\.", str(caught.value))
    return re.findall(r"`(.*?)`", found[1]) if found else []


@pytest.mark.parametrize("text, shapes, wanted", OFFERED)
def test_the_transpose_that_mends_it_is_offered(text, shapes, wanted):
    assert offered(text, shapes) == wanted
    for formula in wanted:
        parse(formula, shapes)


@pytest.mark.parametrize("text, shapes", [
    ("A + B", ["A: m x n", "B: n x m"]), ("A*x + B", []), ("softmax(Z)", []), ("A*B*x", ["A: 2 x 3", "B: 5 x 7", "x: 11"]),
    ("inv(A)*x", ["A: m x n"]), ("alpha*A*B", ["alpha: scalar", "A: 2 x 3", "B: 5 x 7"]),
])  # fmt: skip
def test_nothing_is_offered_where_no_transpose_of_a_factor_mends_it(text, shapes):
    assert offered(text, shapes) == []


@pytest.mark.parametrize("text, shapes, instead", [
    ("had(y, X)", ["y: n", "X: n x m"], "diag(y)*X"), ("X.*y", ["y: n", "X: n x m"], "diag(y)*X"), ("-y.*X*w", [], "diag(y)*X"),
    ("had(w', X)", ["w: m", "X: n x m"], "X*diag(w)"), ("sum((X*w).*X)", [], "diag(X*w)*X"), ("x.*(A-B)", ["x: n", "A: n x n"], "diag(x)*(A-B)"),
])  # fmt: skip
def test_rows_times_the_entries_of_a_column_are_said_with_a_diagonal_matrix(text, shapes, instead):
    with pytest.raises(ShapeError) as caught:
        parse(text, shapes)
    assert "times an entry of" in str(caught.value) and f"`{instead}`" in str(caught.value)
    parse(instead, shapes)


def test_dot_of_a_column_and_a_matrix_offers_no_diagonal_matrix():
    with pytest.raises(ShapeError) as caught:
        parse("dot(y, X)", ["y: n", "X: n x m"])
    assert "diag" not in str(caught.value)
