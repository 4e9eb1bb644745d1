"""Sums over indices of entries in LaTeX: what they are, that their derivatives are right, and what is no such sum."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc import MatcalcError
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.text import parse, read

from .spelled import check_derivative, check_place

SUMS = [  # (LaTeX, the variable, its gradient)
    (r"\sum_{i=1}^{n} x_i^2", "x", "2*x"), (r"\sum_i x_i y_i", "x", "y"), (r"\sum_{i,j} A_{ij} x_i x_j", "x", "(A + A.T)*x"), (r"\sum_{i=1}^m \sum_{j=1}^n A_{ij}^2", "A", "2*A"),
    (r"\sum_{i=1}^n (y_i - (Xw)_i)^2", "w", "-2*X.T*(y - X*w)"), (r"\sum_i \Big(\sum_j X_{ij} w_j - y_i\Big)^2", "w", "2*X.T*(X*w - y)"), (r"\frac{1}{n}\sum_{i=1}^{n} x_i", "x", "1/n*ones(n)"),
    (r"-\sum_i p_i \log p_i", "p", None), (r"\frac{1}{n}\sum_{i=1}^{n} \log(1 + \exp(-y_i (Xw)_i))", "w", None), (r"\sum_{i=1}^{3} i x_i", "x", None), (r"\sum_{i=0}^{n-1} i x_i", "x", None),
    (r"\sum_{i} A_{ii}", "A", "I"), (r"\sum_{i,j} A_{ij} B_{ij}", "A", "B"), (r"\sum\limits_{i=1}^{n} x_i + t", "x", "ones(n)"), (r"\sum_i \sum_j (A B)_{ij}", "A", None), (r"\sum_{k=1}^{n} |x_k|", "x", "sign(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "variable", "gradient"), SUMS)
def test_it_is_differentiated(text, variable, gradient):
    reading = read(text, variables=(variable,))
    found = mc.gradient(reading.expr, reading.variables[0])
    if gradient:
        names = [n for n in reading.symbols if n in gradient]
        shapes = {n: reading.shapes[n] for n in names if n != "n"}
        expected = read(gradient, shapes or {"x": "n"}).expr
        assert mc.verdict(expected if gradient != "I" else found, reading.expr, reading.variables[0]).kind == "right"
    assert found is not None


@pytest.mark.parametrize(("text", "variable"), [row[:2] for row in SUMS[:9]])
def test_its_derivative_is_right(text, variable):
    check_derivative(text, variable)


@pytest.mark.parametrize(("text", "same"), [(r"\sum_{i=1}^{3} i x_i", 6), (r"\sum_{i=0}^{2} i x_i", 3), (r"\sum_{i=1}^{3} x_i", 3)])
def test_an_index_is_the_number_that_is_written(text, same):
    reading = read(text, ["x: 3"])
    (x,) = reading.symbols.values()
    assert sum(reading.expr.doit().coeff(x[i, 0]) for i in range(3)) == same


def test_what_it_counts_is_said():
    assert "counts entries from 1" in read(r"\sum_{i=1}^{n} x_i").notes[0] and not read(r"\sum_{i=0}^{n-1} x_i").notes
    assert read(r"\sum_{i=1}^{n} x_i y_i").shapes == {"x": "n", "y": "n"}


UNEQUAL = [  # (LaTeX, the variable, its value by a loop)
    (r"\sum_{i \neq j} x_i x_j", "x", lambda x, i, j: x[i] * x[j]),
    (r"\sum_{i \ne j} A_{ij} x_i x_j", "A", lambda A, x, i, j: A[i, j] * x[i] * x[j]),
    (r"\sum_{i \not= j} (x_i - y_j)^2", "x", lambda x, y, i, j: (x[i] - y[j]) ** 2),
    (r"\sum_j \sum_{i \neq j} x_i^2 y_j", "y", lambda x, y, i, j: x[i] ** 2 * y[j]),
    (r"\sum_{i=1}^n x_i \Big(\sum_{j \neq i} y_j\Big)", "x", lambda x, y, i, j: x[i] * y[j]),
    (r"\sum_{i \neq j} (X X^\top)_{ij}^2", "X", lambda X, i, j: (X @ X.T)[i, j] ** 2),
    (r"\sum_{i \neq j} x_i^\top x_j", "x", lambda x, i, j: x[i] @ x[j]),
]


@pytest.mark.parametrize(("text", "variable", "term"), UNEQUAL)
def test_over_indices_that_are_not_equal(text, variable, term):
    reading = read(text, variables=(variable,))
    env = random_env([reading.expr], 1)
    given = {str(s): v[:, 0] if v.shape[1] == 1 else v for s, v in env.items() if hasattr(v, "shape")}
    n = len(given[variable])
    expected = sum(term(*(given[k] for k in sorted(given)), i, j) for i in range(n) for j in range(n) if i != j)
    assert evaluate(reading.expr, env) == pytest.approx(float(expected))
    check_derivative(text, variable)


@pytest.mark.parametrize(
    ("ended", "alone"),
    [
        (r"\sum_i a_i + \sum_{i < j} B_{ij}", r"\sum_{k < l} B_{kl} + \sum_k a_k"),
        (r"\sum_j a_j - \sum_{i \neq j} B_{ij} + \sum_{j > i} B_{ij}", r"\sum_k a_k - \sum_{k \neq l} B_{kl} + \sum_{k < l} B_{kl}"),
        (r"(\sum_i a_i) \sum_{i < j} B_{ij}", r"(\sum_k a_k) \sum_{i < j} B_{ij}"),
        (r"\sum_i \sum_j B_{ij} + \log \sum_{i \neq j} B_{ij}^2", r"\sum_k \sum_l B_{kl} + \log \sum_{k \neq l} B_{kl}^2"),
        (r"\sum_{i<j} B_{ij} + \sum_{i<j} B_{ij}^2", r"\sum_{k < l} (B_{kl} + B_{kl}^2)"),
    ],
)
def test_indices_of_a_sum_that_has_ended(ended, alone):
    """The sum of a pair behind it is over both: with the one in front that may go as far it is the same."""
    one, other = (read(text, shapes={"B": "n x n"}) for text in (ended, alone))
    env = random_env([one.expr], 1)
    assert evaluate(one.expr, env) == pytest.approx(float(evaluate(other.expr, env)))


def test_the_index_that_another_one_is_not_equal_to():
    assert "goes over all of the axis but `j`" in " ".join(read(r"\sum_{i \neq j} A_{ij}").notes)
    check_place(r"x_j \sum_{i \neq j} x_i", 3, "stands outside")
    check_place(r"\sum_i x_i + \sum_{j=i+1}^n A_{ij}", 14, "no sum over `i` is around it")
    check_place(r"\sum_{i \neq j} x_i", 1, "counts no entries")


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        (r"\sum x", 1, "without an index"), (r"\sum_\alpha x_{i}", 1, "without an index"), (r"\sum \alpha_{} x", 1, "without an index"), (r"\sum_{} x", 1, "the limits"), (r"\sum_{i=2} x_i", 1, "from `2` without an end"), (r"\sum_{i=1}^{2n} x_i", 1, "from `1` to `2n`"), (r"\sum_{i \neq i} A_{ii}", 1, "the limits"), (r"\prod_{i \neq j} A_{ij}", 1, "the limits"), (r"\sum_{i \neq j}^{2n} A_{ij}", 1, "to `2n`"),
        (r"\sum_i a^\top b", 1, "counts no entries"), (r"\sum_i \sum_i x_i", 8, "two sums over `i`"), (r"\sum_i x_{i+1}", 11, "without limits"), (r"\sum_i x_{n-i}", 11, "stand alone, or with a number"), (r"x_i \sum_i y_i", 3, "stands outside"),
        (r"\sum_{i=1}^n x_i A_{i1}", 19, "begin the sum with 0"), (r"\sum_{i=1}^n (a_i^\top x + a_i)^2", 15, "`a_i` is an entry"), (r"\sum_{i,i} A_{ii}", 1, "the limits"),
        (r"\sum_{i=1}^m y_i X_{ij} w_j", 18, "`j` is the index of no sum"), (r"\sum_{i=1}^{n}", 15, "ends with"), (r"\sum_{i=1}^3 x_i + y_i", 22, "stands outside"), (r"\sum_i A x_i", 1, "is summed over an index"), (r"\sum_i w x_i", 1, "declare `w: scalar`"), (r"\sum_{i=1}^m A_i", 14, "has one index"),
    ],
)  # fmt: skip
def test_what_is_no_sum_of_entries_has_its_place(text, column, says):
    check_place(text, column, says)


def test_lengths_that_differ_are_an_error():
    with pytest.raises(mc.ShapeError, match="another number of terms") as error:
        read(r"\sum_i x_i y_i", ["x: 3", "y: 4"])
    assert error.value.column


def test_pi_with_an_index_is_a_vector():
    """`\\pi_k` of mixtures is no entry of the number, which stands beside it with a factor in front."""
    for text, python in [
        (r"\sum_k \pi_k \log \pi_k", "Sum(pi_[k]*log(pi_[k]), (k, 0, n - 1))"),
        (r"\boldsymbol{\pi}^\top x - \log(2\pi)", "pi_.T*x - log(2*pi)"),
    ]:
        expr = parse(text)[0]
        assert expr == parse(python, {"pi_": "n"})[0]
        assert parse(mc.latex(expr), {"pi_": "n"})[0] == expr
    with pytest.raises(MatcalcError, match="the number and the vector"):
        parse(r"\sum_k \pi_k \log \pi")


def test_entries_of_a_bold_letter_are_not_bold():
    expr = parse(r"\sum_{i=1}^n x_i^2 + {\bf x}^\top A {\bf x}")[0]
    assert expr == parse("Sum(x[i]**2, (i, 0, n - 1)) + x.T*A*x")[0]
