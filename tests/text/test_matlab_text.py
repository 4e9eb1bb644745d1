"""MATLAB's spelling as MATLAB reads it: what it takes of each column is of all entries by a word, entries count from 1."""

import pytest

from sympy_matcalc.text import read
from sympy_matcalc.text.matlab_text import to_matlab

WRITTEN = [
    ("sum(A)", "sum(A, 'all')"), ("sum(x)", "sum(x)"), ("mean(A*B)", "mean(A*B, 'all')"), ("prod(A)", "prod(A, 'all')"),
    ("max(A)", "max(A, [], 'all')"), ("min(x)", "min(x)"), ("rowsum(A)", "sum(A, 2)"), ("rowmin(A)", "min(A, [], 2)"),
    ("rowsum(A.T).T", "sum(A, 1)"), ("rowmax(A.T).T", "max(A, [], 1)"), ("rowprod(A)", "prod(A, 2)"), ("tr(A*B)", "trace(A*B)"),
    ("norm(A)", "norm(A, 'fro')"), ("spectral_norm(A)", "norm(A, 2)"), ("one_norm(A)", "norm(A, 1)"), ("inf_norm(A)", "norm(A, inf)"),
    ("vec(A)", "A(:)"), ("vec(A*B)", "reshape(A*B, [], 1)"), ("unvec(x, 2, 3)", "reshape(x, 2, 3)"),
    ("chol(A)", "chol(A, 'lower')"), ("lyap(A, Q)", "lyap(A, -Q)"), ("ones(3)", "ones(3, 1)"), ("zeros(2, 3)", "zeros(2, 3)"), ("I(3)", "eye(3)"),
    ("x[0]", "x(1)"), ("A[0, 1]", "A(1, 2)"), ("A[i, j]", "A(i + 1, j + 1)"), ("A[:, 0]", "A(:, 1)"), ("A[1:, :2]", "A(2:end, 1:2)"),
    ("x[1:-1]", "x(2:end - 1)"), ("block([[A, B], [C, D]])", "[A, B; C, D]"), ("Matrix([[1, 2], [3, 4]])*x", "[1, 2; 3, 4]*x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "matlab"), WRITTEN)
def test_written_as_matlab_has_it_and_read_again(text, matlab):
    reading = read(text)
    assert to_matlab(reading.expr) == matlab
    assert read(matlab, reading.shapes, syntax="matlab").expr == reading.expr


def test_a_norm_of_all_entries_of_a_matrix():
    assert to_matlab(read("norm(A, 3)").expr) == "norm(A(:), 3)"
    assert to_matlab(read("norm(A*B, 3)").expr) == "norm(reshape(A*B, [], 1), 3)"


def test_what_is_no_name_has_no_entries_in_matlab():
    assert to_matlab(read("(A*B)[0, 1]").expr) == "(A*B)[0, 1]"
