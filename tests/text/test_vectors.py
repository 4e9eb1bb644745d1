"""Powers and reciprocals of vectors, and Greek letters that are vectors: the reading that is meant, or an error."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse
from sympy_matcalc.text.reader import read

POWERS = ["tr(X.T*(I - diag(rowsum(A)**(-1/2))*A*diag(rowsum(A)**(-1/2)))*X)", "rowsum(A)**2 + y"]
POWERS += ["sum(x + rowsum(A*B)**3)", "rowsum(X.T)**2", "vec(A)**2"]


@pytest.mark.parametrize("text", POWERS)
def test_a_power_of_a_vector_is_an_error(text):
    with pytest.raises(mc.MatcalcError, match=r"hpow\(v, k\)"):
        parse(text)


@pytest.mark.parametrize("text", ["1/rowsum(A)", "sum(1/rowsum(A*B))"])
def test_a_reciprocal_of_a_vector_is_an_error(text):
    with pytest.raises(mc.MatcalcError, match="hpow"):
        parse(text)


@pytest.mark.parametrize("text", ["a**2", "(a + b)**2", "1/a", "sum(A)**2", "mean(x)**2", "norm(x)**2", "(x.T*x)**2"])
def test_powers_of_scalars_are_read(text):
    parse(text)


@pytest.mark.parametrize(
    "text, columns, scalars",
    [
        ("mu.T*w/sqrt(w.T*Sigma*w)", ["mu", "w"], []),
        ("y.T*X*beta", ["beta"], []),
        ("(X*theta - y).T*(X*theta - y)/sigma**2", ["theta"], ["sigma"]),
        ("norm(X*w - y)**2 + lam*norm(w)**2", ["w"], ["lam"]),
        ("alpha*x.T*x", ["x"], ["alpha"]),
        ("a*b.T", ["a", "b"], []),
        ("X - 2*c*a*b.T", ["a", "b"], ["c"]),
        ("a*b.T*X/d", ["a", "b"], ["d"]),
        ("c*b.T*x", ["b", "x"], ["c"]),  # a number times an inner product
        ("c*x.T", ["x"], ["c"]),
        ("lam*b.T", ["b"], ["lam"]),
    ],
)
def test_greek_letters_are_what_use_says(text, columns, scalars):
    symbols = parse(text)[1]
    assert all(symbols[name].shape[1] == 1 for name in columns) and not any(hasattr(symbols[name], "shape") for name in scalars)


@pytest.mark.parametrize(
    "text, meant",
    [
        (r"w \cdot x + b", "w'*x + b"),
        (r"\max(0, \mathbf{w}\cdot\mathbf{x} + b)", "max(0, w'*x + b)"),
        ("2·w·x", "2*w'*x"),
        (r"A x \cdot y", "(A*x)'*y"),
        (r"x \cdot A y \cdot z", "(x'*A*y)*z"),
        (r"1 + w \cdot x", "1 + w'*x"),
        (r"\frac{x \cdot y}{\|x\| \|y\|}", "x'*y/(norm(x)*norm(y))"),
        (r"A \cdot B \cdot x", "A*B*x"),
        (r"x \cdot y^\top", "x*y'"),
        (r"x^\top \cdot y", "x'*y"),
        (r"\lambda \cdot x", "lam*x"),
        (r"\theta \cdot x + b", "theta'*x + b"),
        (r"\|a\|^2 + a \cdot b", "norm(a)^2 + a'*b"),
    ],
)
def test_the_dot_of_two_columns_is_their_inner_product(text, meant):
    assert parse(text)[0] == parse(meant)[0]


def test_a_dot_that_is_an_inner_product_has_a_note():
    assert [n for n in read("w·x + b").notes if "inner product" in n] == ["`w·x` (column 1) is read as the inner product of two columns"]
    assert not [n for n in read("A·x").notes if "inner product" in n]


@pytest.mark.parametrize("text", ["x·y + A", r"x \cdot A", "x*y"])
def test_a_dot_does_not_hide_a_contradiction(text):
    with pytest.raises(mc.MatcalcError):
        parse(text, ["x: n", "y: m", "A: k x k"])


@pytest.mark.parametrize("text", ["norm(w)**2/2 + C*sum(max(0, 1 - X*w))", "C*norm(x) + norm(w)**2"])
def test_a_capital_in_front_of_a_number_that_is_added_to_a_number_is_one(text):
    reading = read(text)
    assert "C" in reading.shapes and reading.shapes["C"] == "scalar" and any("`C` is read as a scalar" in n for n in reading.notes)


@pytest.mark.parametrize("text", [r"\theta - \eta x", r"\theta - \alpha\cdot X^\top y", "mu - eta*x"])
def test_a_step_size_is_no_row(text):
    with pytest.raises(mc.MatcalcError, match="by convention a number, would be a row"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["X + 1", "C*norm(x)**2 + logdet(C)", "A*norm(x) + norm(A)", "tr(A)*B + tr(A*B)", "2*X + tr(A)", "X + norm(w)", "C*2 + 1"]
)
def test_a_capital_is_else_a_matrix(text):
    reading = read(text)
    assert "scalar" not in [shape for name, shape in reading.shapes.items() if name in "XCAB"]
