"""What is typed by habits of NumPy, MATLAB, R and Julia: read where it has one meaning, else an error that says what to write."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse
from sympy_matcalc.text.reader import read
from sympy_matcalc.text.respelled import to_matlab

A = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, -1.0]])
X = np.array([0.3, -1.2, 2.0])

READ = [  # text, spelling, arrays, value
    ("norm(A,1)", "matlab", {"A": A}, np.linalg.norm(A, 1)),
    ("norm(A,Inf)", "matlab", {"A": A}, np.linalg.norm(A, np.inf)),
    ("np.linalg.norm(A, 1)", "auto", {"A": A}, np.linalg.norm(A, 1)),
    ("np.linalg.norm(A, ord=np.inf)", "auto", {"A": A}, np.linalg.norm(A, np.inf)),
    ("norm(A, 1)", "python", {"A": A}, abs(A).sum()),
    ("norm(x,1)", "matlab", {"x": X}, abs(X).sum()),
    ("np.pi*x", "auto", {"x": X}, np.pi * X),
    ("math.e**c + np.e", "auto", {"c": 0.7}, np.exp(0.7) + np.e),
    ("np.linalg.norm(x, np.inf)", "auto", {"x": X}, 2.0),
    ("sum(log.(1 .+ exp.(-x)))", "auto", {"x": X}, np.log1p(np.exp(-X)).sum()),
    ("A*x .- y", "auto", {"A": A, "x": X, "y": np.ones(2)}, A @ X - 1),
    ("x'y/(||x|| ||y||)", "auto", {"x": X, "y": X + 1}, X @ (X + 1) / np.linalg.norm(X) / np.linalg.norm(X + 1)),
    ("Product(x[i], (i, 0, n - 1))", "auto", {"x": X}, X.prod()),
]


@pytest.mark.parametrize("text,syntax,arrays,value", READ, ids=[row[0] for row in READ])
def test_what_other_languages_write_has_their_value(text, syntax, arrays, value):
    expr, names = parse(text, syntax=syntax)
    arguments = {names[k]: v for k, v in arrays.items()}
    np.testing.assert_allclose(np.squeeze(mc.lambdify(list(arguments), expr)(*arguments.values())), value, rtol=1e-12)


@pytest.mark.parametrize(
    "text,said",
    [
        ("norm(A,3) + x'*x", "it is 1, 2 or `inf` of a matrix there; that of all entries is `norm(vec(A), 3)`"),
        ("A' B^T", "the transpose is `B'`, `B.T` in Python's spelling; for a power declare"),
        ("[A B; C D]", "no operator between `A` and `B`"),
        ("loss of w", "no operator between `loss` and `of`"),
        ("foo (x)", "is not a function"),
        ("norm(AB)", "`AB` can be one name, or a product"),
        ("Xw - y", "`Xw` can be one name, or a product"),
        ("Xw*z + X", "`Xw` can be one name, or a product"),
        ("A %*% B", "`%*%` is an operator of R's, and is not read; write the product as `*`"),
        ("t(A)*B", "the transpose is `X'`"),
        ("inv.(A)", "`inv` is a function"),
        ("log1p(x)", "write `log(1 + x)`"),
        ("np.inf*x", "is no number of a formula; it is read as the power of a norm"),
        ("x'z / x'x", "`/x'x` can be read in two ways"),
        ("x*A*x", "elementwise"),
    ],
)
def test_what_is_not_read_is_told_what_to_write(text, said):
    with pytest.raises(mc.MatcalcError) as error:
        parse(text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "written_out", "note"),
    [
        ("x @ A @ z", "x.T*A*z", "is read as a row in front of `@`"),
        ("x @ z", "x.T*z", "is read as the inner product of two columns"),
        ("A.T @ x @ z", "(A.T*x).T*z", "is read as the inner product"),
        ("x @ y.T", "x*y.T", ""),
        ("x.T @ A @ x - b.T @ x", "x.T*A*x - b.T*x", ""),
        ("x.T @ x + (y.T @ x)", "x.T*x + y.T*x", ""),
        ("beta.T @ X.T @ X @ beta - 2*y.T @ X @ beta", "beta.T*X.T*X*beta - 2*y.T*X*beta", ""),
        ("(y - X @ w).T @ (y - X @ w) + lam*w.T @ w", "(y - X*w).T*(y - X*w) + lam*w.T*w", ""),
        ("y.T @ X @ w + lam/2 * w.T @ w", "y.T*X*w + lam*w.T*w/2", ""),
        ("lam/2 * w @ w", "lam*w.T*w/2", "is read as the inner product of two columns"),
        ("1/(2*n) * (y - X @ w) @ (y - X @ w)", "(y - X*w).T*(y - X*w)/(2*n)", "is read as the inner product of two columns"),
        ("-0.5*(x - mu) @ inv(S) @ (x - mu)", "-(x - mu).T*S.I*(x - mu)/2", "is read as a row in front of `@`"),
        ("np.dot(A, x)", "A*x", ""),
        ("np.dot(x, z)", "x.T*z", "is read as the inner product"),
        ("x.T.dot(A).dot(x)", "x.T*A*x", ""),
        ("(A @ B).trace() + x.max() - A.transpose().sum()", "tr(A*B) + max(x) - sum(A.T)", ""),
        ("A.sum(axis=1)", "rowsum(A)", ""),
        ("sum((X*w - y)^2)", "sum(hpow(X*w - y, 2))", "is of each entry, since `X*w - y` is a vector"),
        ("np.mean((X @ w - y)**2)", "mean(hpow(X*w - y, 2))", "is of each entry"),
        ("(x**2).sum()", "sum(hpow(x, 2))", "is of each entry"),
        ("(X @ w - y)**2", "hpow(X*w - y, 2)", "is of each entry"),
        ("mean((x - mean(x))**2)", "mean(hpow(x - mean(x), 2))", "is of each entry"),
        ("sum(vec(A)**2)", "sum(hpow(vec(A), 2))", "is of each entry"),
        ("sum(A^2)", "sum(A**2)", "is the matrix power"),
        ("np.exp(-np.linalg.norm(x)**2/sigma**2)", "exp(-norm(x)^2/sigma^2)", ""),
    ],
)
def test_numpys_products_methods_and_powers(text, written_out, note):
    reading = read(text)
    assert reading.expr == read(written_out).expr
    assert any(note in said for said in reading.notes) if note else not reading.notes


@pytest.mark.parametrize(
    "text,said",
    [
        ("max(A, 1)", "is the larger of each entry and 1; of each row: `max(A, axis=1)`"),
        ("np.cumsum(A)", "is down each column"),
        ("norm(A, 1)", "takes all entries as one vector"),
    ],
)
def test_a_note_says_what_else_is_meant_elsewhere(text, said):
    assert any(said in note for note in read(text).notes)
    assert not read(text.replace("A", "x")).notes


def test_the_norm_of_all_entries_is_no_induced_norm_in_matlabs_spelling():
    expr, names = parse("norm(A, 1)")
    again = parse(to_matlab(expr), {"A": "2 x 3"}, syntax="matlab")
    value = mc.lambdify([again[1]["A"]], again[0])(A)
    assert value == abs(A).sum()


@pytest.mark.parametrize(
    "text,value",
    [
        (r"\prod_{i=1}^{n} x_i", X.prod()),
        (r"\log \prod_i (x_i^2 + 1)", np.log((X**2 + 1).prod())),
        (r"\prod\limits_{i=1}^n x_i + 1", X.prod() + 1),
        (r"\operatorname{prod}(x)", X.prod()),
    ],
)
def test_a_product_over_an_index_has_its_value_and_a_checked_gradient(text, value):
    expr, names = parse(text, syntax="latex")
    np.testing.assert_allclose(np.squeeze(mc.lambdify([names["x"]], expr)(X)), value, rtol=1e-12)
    assert mc.check(expr, names["x"], mc.gradient(expr, names["x"]).T).ok


@pytest.mark.parametrize(
    "text,said", [(r"\prod^n x_i", r"`\prod` without an index"), (r"\prod_{i} 2", "a product over `i`, which counts no entries")]
)
def test_a_product_without_what_it_counts_is_an_error(text, said):
    with pytest.raises(mc.ParseError) as error:
        parse(text, syntax="latex")
    assert said in str(error.value)
