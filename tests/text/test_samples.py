"""Vectors with the index of a sum in LaTeX: the rows of a matrix."""

import pytest
from sympy import Q, Sum

import sympy_matcalc as mc
from sympy_matcalc.text import parse
from sympy_matcalc.text.reader import read

from .spelled import check_derivative

LOSSES = [
    (r"\frac{1}{N}\sum_{i=1}^N (y_i - w^\top x_i)^2", "w", "x"),
    (r"\sum_{i=1}^n (y_i - x_i^\top\beta)^2 + \lambda\|\beta\|^2", "beta", "x"),
    (r"-\frac{n}{2}\log|\Sigma|-\frac12\sum_{i=1}^n(x_i-\mu)^\top\Sigma^{-1}(x_i-\mu)", "Sigma", "x"),
    (r"\sum_{i=1}^{n}\log(1+e^{-y_i w^\top x_i})", "w", "x"),
    (r"\sum_{i=1}^n \|x_i - \mu\|^2", "mu", "x"),
    (r"\sum_{i=1}^n\|y_i - W x_i\|_2^2", "W", "xy"),
    (r"\sum_{i=1}^n \|W x_i + b - y_i\|^2", "b", "xy"),
    (r"\sum_i \alpha_i - \frac12\sum_{i,j}\alpha_i\alpha_j y_i y_j x_i^\top x_j", "alpha", "x"),
    (r"\sum_i w_i\|x_i-c\|^2", "c", "x"),
    (r"\sum_{i=1}^n (y_i - w^\top X_i)^2", "w", "X"),
    (r"\sum_{i=1}^N \exp(-\gamma\|z - x_i\|^2)", "z", "x"),
    (r"\prod_i \sigma(w^\top x_i)", "w", "x"),
    (r"\sum_i x_i^\top A x_i", "A", "x"),
    (r"\sum_i \|x_i-\mu\|_{\Sigma^{-1}}^2", "mu", "x"),
    (r"\sum_i \|x_i\|_A^2", "A", "x"),
    (r"\sum_i \|x_i - z_i/2\|^2", "x", "xz"),
    (r"\sum_i \|y_i - \alpha x_i\|^2", "alpha", "xy"),
    (r"\sum_i \|t z_i - (1-t) y_i\|^2", "t", "yz"),
    (r"\sum_{i,j}\alpha_i\alpha_j y_i y_j \langle x_i,x_j\rangle", "alpha", "x"),
    (r"\sum_{i,j}\alpha_i\alpha_j y_i y_j (x_i \cdot x_j)", "alpha", "x"),
    (r"\sum_i \langle x_i, A x_i\rangle", "A", "x"),
    (r"\sum_i x_i^\top y z^\top w_i", "z", "xw"),
    (r"\sum_i (w^\top x_i)(v^\top z_i)", "v", "xz"),
    (r"\sum_i (y_i - \theta\cdot x_i)^2", "theta", "x"),
    (r"\frac1N\sum_{i=1}^N (y_i - \max(0, w \cdot x_i + b))^2", "w", "x"),
]

BESIDE = [  # a letter with an index is another one than the letter alone
    (r"\sum_i \alpha_i y_i \langle x_i, x\rangle + b", "x", "X"),
    (r"\sum_i \alpha_i \exp(-\|x - x_i\|^2)", "x", "X"),
    (r"\sum_k \|\mu_k - \mu\|^2", "mu", "mus"),
    (r"\sum_i (x_i - x)^\top X (x_i - x)", "x", "xs"),
    (r"\sum_i \alpha_i y_i x_i \cdot x", "x", "X"),
]


@pytest.mark.parametrize("text, by, rows", BESIDE)
def test_a_vector_beside_samples_of_its_letter(text, by, rows):
    reading = read(text, syntax="latex")
    assert reading.symbols[by].shape[1] == 1 and 1 not in reading.symbols[rows].shape
    assert any(f"a row of `{rows}`" in note and f"beside the vector `{by}`" in note for note in reading.notes)
    check_derivative(text, by)


@pytest.mark.parametrize(
    "text, python, declared",
    [
        (r"w^\top \sum_i \alpha_i y_i x_i", "w.T*MatrixSum(alpha[i]*y[i]*x[i, :].T, (i, 0, m - 1))", ["x: m x n", "w: n", "alpha: m", "y: m"]),
        (r"\Sigma^{-1}\sum_n (x_n-\mu)", "Sigma.I*MatrixSum(x[n, :].T - mu, (n, 0, k - 1))", ["x: k x m", "mu: m", "Sigma: m x m"]),
        (r"A \sum_i x_i", "A*MatrixSum(x[i, :].T, (i, 0, k - 1))", ["A: n x m", "x: k x m"]),
        (r"\sum_i (w^\top x_i - y_i) x_i", "MatrixSum((w.T*x[i, :].T - y[i])*x[i, :].T, (i, 0, m - 1))", ["w: n", "x: m x n", "y: m"]),
        (r"\sum_i (Y_i - X_i^\top\beta)^2", "Sum((Y[i] - X[i, :]*beta)**2, (i, 0, n - 1))", ["Y: n", "X: n x m", "beta: m"]),
        (r"\sum_{i,j} \alpha_i \alpha_j x_i \cdot x_j", "Sum(alpha[i]*alpha[j]*(x[i, :]*x[j, :].T), (j, 0, n - 1), (i, 0, n - 1))",
         ["alpha: n", "x: n x m"]),
    ],
)  # fmt: skip
def test_sums_behind_matrices_and_of_capitals(text, python, declared):
    reading = read(text, syntax="latex")
    assert reading.expr == read(python, declared).expr
    assert any("with an index is read as a vector" in note for note in reading.notes)


@pytest.mark.parametrize("text, by, rows", LOSSES)
def test_losses_over_samples(text, by, rows):
    reading = read(text, syntax="latex")
    for name in rows:
        assert reading.symbols[name].shape[1] != 1
        assert any(f"`{name}` with an index is read as a vector" in note for note in reading.notes)
    check_derivative(text, by)


def test_the_gradient_is_that_of_the_matrix():
    expr, symbols = parse(LOSSES[0][0], syntax="latex")
    x, y, w, N = (symbols[name] for name in "xywN")
    assert mc.gradient(expr, w) == mc.simplify(-2 * x.T * (y - x * w) / N)


@pytest.mark.parametrize(
    "text", [r"\sum_i x_i y_i", r"\sum_{i=1}^n (y_i - x_i)^2", r"\log\sum_i e^{x_i}", r"\sum_i (A x)_i^2", r"\sum_i (y_i - w x_i)^2"]
)
def test_entries_stay_entries(text):
    reading = read(text, syntax="latex")
    assert not any("with an index is read as a vector" in note for note in reading.notes)


@pytest.mark.parametrize(
    "text, shapes",
    [
        (r"\sum_{i=1}^N (y_i - x_i^\top w)^2", ["x: N"]),  # numbers, as declared
        (r"\sum_i x_i A", ()),
        (r"\sum_i u_i v_i^\top", ()),  # a number times a row, or an outer product
        (r"\sum_i \|x_i - \mu_{z_i}\|^2", ()),
        (r"\sum_i \|A_i x_i - b_i\|^2", ()),  # matrices with an index
        (r"\sum_i\sum_j (y_{ij} - x_{ij}^\top\beta)^2", ()),
        (r"\sum_i \|x_i - a_i b_i\|^2", ()),  # numbers added to a vector, or entries multiplied
        (r"\sum_i w_i A_i^\top b", ()),
        (r"A \sum_i \lambda_i", ()),  # a number behind a matrix
        (r"\sum_i \alpha_i \cdot x", ()),
        (r"\sum_i (x_i^\top w + x_i)^2", ()),
    ],
)
def test_what_contradicts_itself_is_an_error(text, shapes):
    with pytest.raises(mc.MatcalcError):
        parse(text, shapes, syntax="latex")


@pytest.mark.parametrize("text", [
    r"\sum_k x_k^\top\Sigma_k x_k", r"\sum_k (x_k-\mu_k)^\top\Sigma_k^{-1} (x_k-\mu_k)", r"\sum_k x_k^\top A_k y_k", r"\sum_k \log\det \Sigma_k",
    r"\sum_k \pi_k x^\top \Sigma_k x",
])  # fmt: skip
def test_a_matrix_for_each_index_is_named(text):
    """`x_k^\\top \\Sigma_k x_k` was the number `x_k^\\top \\Sigma_k` times a vector."""
    with pytest.raises(mc.ParseError, match="a matrix for each index has three axes"):
        parse(text, syntax="latex")


def test_a_capital_that_is_declared_or_between_no_vectors_is_of_vectors():
    for text in (r"Sigma: n x m; \sum_k x_k^\top\Sigma_k x_k", r"\sum_i w^\top X_i y_i", r"\sum_i (w^\top X_i)^{-1}"):
        assert parse(text)[0].has(Sum, mc.MatrixSum)


@pytest.mark.parametrize(
    "text, shape",
    [
        (r"\frac{1}{n}\sum_{i=1}^n (x_i - \mu)(x_i-\mu)^\top", ("m", "m")),
        (r"\sum_{i=1}^n (\sigma(x_i^\top\beta) - y_i) x_i", ("m", 1)),
        (r"\|\sum_i \alpha_i x_i - c\|^2", ()),
        (r"\operatorname{tr}(\Sigma^{-1}\sum_{i=1}^n (x_i - \mu)(x_i-\mu)^\top)", ()),
    ],
)
def test_sums_of_vectors_and_matrices(text, shape):
    expr = parse(text, syntax="latex")[0]
    assert tuple(map(str, getattr(expr, "shape", ()))) == tuple(map(str, shape))


def test_a_score_in_the_same_notation_is_right():
    loss, symbols = parse(r"-\frac12\sum_{i=1}^n (x_i-\mu)^\top S^{-1}(x_i-\mu)", syntax="latex")
    x, mu, S = (symbols[name] for name in ("x", "mu", "S"))
    score = parse(r"S^{-1}\sum_{i=1}^n (x_i - \mu)", {"x": x.shape, "mu": mu.shape, "S": S.shape}, syntax="latex")[0]
    assert mc.verdict(score, loss, mu, assumptions=Q.symmetric(S)).kind == "right"


@pytest.mark.parametrize("text", [r"\sum_{ij} x_{ij}^2", r"\sum_{i,j} y_{ij}\log x_{ij}", r"\sum_{ij} x_{ij} w_i w_j"])
def test_a_letter_with_two_indices_is_a_matrix(text):
    assert 1 not in parse(text, syntax="latex")[1]["x"].shape


def test_the_shape_of_the_data_may_be_declared():
    expr, symbols = parse(LOSSES[0][0], ["x: N x 3"], syntax="latex")
    assert symbols["w"].shape == (3, 1) and symbols["y"].rows == symbols["N"]
