"""What is typed by habits of NumPy, MATLAB, R and Julia: read where it has one meaning, else an error that says what to write."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse
from sympy_matcalc.text.matlab_text import to_matlab
from sympy_matcalc.text.reader import read

A = np.array([[1.0, -2.0, 0.5], [3.0, 4.0, -1.0]])
X = np.array([0.3, -1.2, 2.0])
SQUARE = np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 1.0], [0.0, 3.0, 2.0]])

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
    ("np.log1p(x**2)", "auto", {"x": X}, np.log1p(X**2)),
    ("log1p(c)", "matlab", {"c": 0.7}, np.log1p(0.7)),
    ("np.sum(np.expm1(x))", "auto", {"x": X}, np.expm1(X).sum()),
    ("np.logaddexp(0, x)", "auto", {"x": X}, np.logaddexp(0, X)),
    ("np.logaddexp(c, d)", "auto", {"c": 0.7, "d": -0.2}, np.logaddexp(0.7, -0.2)),
    ("np.logaddexp(x, z)", "auto", {"x": X, "z": X**2}, np.logaddexp(X, X**2)),
    ("np.logaddexp(x, 2) + np.logaddexp(-1, z)", "auto", {"x": X, "z": X**2}, np.logaddexp(X, 2) + np.logaddexp(-1, X**2)),
    ("np.logaddexp(A @ x, y)", "auto", {"A": A, "x": X, "y": np.ones(2)}, np.logaddexp(A @ X, np.ones(2))),
    ("np.logaddexp(A, B)", "auto", {"A": A, "B": A**2}, np.logaddexp(A, A**2)),
    ("np.sum(np.kron(x, y) @ np.kron(x, y))", "auto", {"x": X, "y": X[:2]}, X @ X * (X[:2] @ X[:2])),
    ("np.kron(x, y) @ S @ np.kron(x, y)", "auto", {"x": X[:1], "y": X, "S": SQUARE}, X[0] ** 2 * (X @ SQUARE @ X)),
    ("np.sum((A - A.mean(axis=0))**2)", "auto", {"A": A}, np.sum((A - A.mean(axis=0)) ** 2)),
    ("np.trace(S**3) + (S**-2.0).sum()", "auto", {"S": SQUARE + 4}, np.trace((SQUARE + 4) ** 3) + ((SQUARE + 4) ** -2).sum()),
    ("log2(c) + log10(d)", "auto", {"c": 0.7, "d": 0.2}, np.log2(0.7) + np.log10(0.2)),
    ("np.linalg.slogdet(S)[1]", "auto", {"S": SQUARE}, np.linalg.slogdet(SQUARE)[1]),
    ("torch.slogdet(S).logabsdet", "auto", {"S": SQUARE}, np.linalg.slogdet(SQUARE)[1]),
    ("slogdet(S)[0]", "auto", {"S": SQUARE}, np.linalg.slogdet(SQUARE)[0]),
    ("np.linalg.solve(S, x)", "auto", {"S": SQUARE, "x": X}, np.linalg.solve(SQUARE, X)),
    ("np.outer(x, z)", "auto", {"x": X, "z": X + 1}, np.outer(X, X + 1)),
    ("np.square(x).mean()", "auto", {"x": X}, (X**2).mean()),
    ("np.matmul(A, np.transpose(A))", "auto", {"A": A}, A @ A.T),
    ("normnuc(A)", "matlab", {"A": A}, np.linalg.norm(A, "nuc")),
    ("sum(logistic(x))", "auto", {"x": X}, (1 / (1 + np.exp(-X))).sum()),
    ("jnp.sum(jax.nn.softmax(x)*z)", "auto", {"x": X, "z": X + 1}, np.exp(X) @ (X + 1) / np.exp(X).sum()),
    ("torch.softmax(A, dim=1)", "auto", {"A": A}, np.exp(A) / np.exp(A).sum(axis=1, keepdims=True)),
    ("np.sum(x*z)", "auto", {"x": X, "z": X + 1}, X @ (X + 1)),
    ("2*A @ x*y", "auto", {"A": A, "x": X, "y": np.array([2.0, 3.0])}, 2 * A @ X * np.array([2.0, 3.0])),
    ("np.sum(x*z*np.exp(x)) + x*z @ x", "auto", {"x": X, "z": X + 1}, np.sum(X * (X + 1) * np.exp(X)) + X * (X + 1) @ X),
    (
        "np.mean(p*np.log(q) + (1 - p)*np.log(1 - q))",
        "auto",
        {"p": X, "q": X**2 / 5},
        np.mean(X * np.log(X**2 / 5) + (1 - X) * np.log(1 - X**2 / 5)),
    ),
    ("np.log1p(np.exp(-y*(w @ x)))", "auto", {"y": 1.5, "w": X + 1, "x": X}, np.log1p(np.exp(-1.5 * (X @ (X + 1))))),
    ("A - A.mean(axis=0)", "auto", {"A": A}, A - A.mean(axis=0)),
    ("A - np.mean(A, axis=1, keepdims=True)", "auto", {"A": A}, A - A.mean(axis=1, keepdims=True)),
    ("A - mean(A, 2)", "matlab", {"A": A}, A - A.mean(axis=1, keepdims=True)),
    ("A - mean(A, 1)", "matlab", {"A": A}, A - A.mean(axis=0)),
    ("np.sum(np.exp(p) / (1 + np.exp(p)))", "auto", {"p": X}, np.sum(np.exp(X) / (1 + np.exp(X)))),
    ("np.exp(p) / (np.exp(p) + np.exp(q))", "auto", {"p": X, "q": X + 1}, np.exp(X) / (np.exp(X) + np.exp(X + 1))),
    (
        "np.sum(q*np.log(1/(1 + np.exp(-A @ p))))",
        "auto",
        {"A": A, "p": A[0], "q": A[:, 0]},
        np.sum(A[:, 0] * np.log(1 / (1 + np.exp(-A @ A[0])))),
    ),
    ("t(p) %*% q", "auto", {"p": X, "q": X + 1}, X @ (X + 1)),
    ("solve(tcrossprod(A)) %*% q", "auto", {"A": A, "q": A[:, 0]}, np.linalg.solve(A @ A.T, A[:, 0])),
    ("solve(tcrossprod(A), A %*% p)", "auto", {"A": A, "p": X}, np.linalg.solve(A @ A.T, A @ X)),
    ("crossprod(A, q)", "auto", {"A": A, "q": A[:, 0]}, A.T @ A[:, 0]),
    ("sum(abs2, p - q)", "auto", {"p": X, "q": X**2}, np.sum((X - X**2) ** 2)),
    ("dot(p, A, q)", "auto", {"p": A[:, 0], "A": A, "q": A[0]}, A[:, 0] @ A @ A[0]),
    ("scipy.special.expit(p) + F.softplus(p)", "auto", {"p": X}, 1 / (1 + np.exp(-X)) + np.log1p(np.exp(X))),
    ("A.pow(2).sum() + p.square().mean() + torch.norm(p, p=1)", "auto", {"A": A, "p": X}, np.sum(A**2) + np.mean(X**2) + np.abs(X).sum()),
    ("A(:, 2)'*q + sum(A(1, :)) + p(end)", "auto", {"A": A, "q": A[:, 0], "p": X}, A[:, 1] @ A[:, 0] + A[0].sum() + X[-1]),
    ("norm(A(:, 2:end) - A(:, 1:end-1), 'fro')^2", "auto", {"A": A}, np.sum((A[:, 1:] - A[:, :-1]) ** 2)),
    ("np.vdot(p, q)", "auto", {"p": X, "q": X + 1}, X @ (X + 1)),
    ("diagm(p)*q", "auto", {"p": X, "q": X + 1}, X * (X + 1)),
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
        ("A %in% B", "`%in%` is an operator of R's, and is not read; write products of matrices as `*`"),
        ("t(A)*B", "the transpose is `X'`"),
        ("inv.(A)", "`inv` is a function"),
        ("np.cov(X)", "write `X*(I - ones(n, n)/n)*X.T/(n - 1)`"),
        ("tr((X @ Y + A)**2)", "`(X @ Y + A)^2` for that of the matrix"),
        ("X'^t", "`X'` is a transpose already; for a power declare"),
        ("slogdet(A) + 1", "write `slogdet(A)[1]` for the logarithm of the absolute value"),
        ("slogdet(A)[2]", "`slogdet` returns two numbers"),
        ("log1p(x, y)", "`log1p` got 2 arguments; it takes 1"),
        ("np.outer(I(3), x)", "`outer` needs two columns"),
        ("X - X.mean(axis=1)", "write `keepdims=True` behind the axis for each column"),
        ("np.inf*x", "is no number of a formula; it is read as the power of a norm"),
        ("x'z / x'x", "`/x'x` can be read in two ways"),
        ("x*A*x", "elementwise"),
    ],
)
def test_what_is_not_read_is_told_what_to_write(text, said):
    with pytest.raises(mc.MatcalcError) as error:
        parse(text)
    assert said in str(error.value)


@pytest.mark.parametrize("a,b", [(1000.0, 999.0), (-800.0, -801.0), (-801.0, -800.0), (1000.0, -1000.0)])
def test_logaddexp_and_its_derivatives_do_not_overflow(a, b):
    share, rest = (1 / (1 + np.exp(np.minimum(d, 700))) for d in (b - a, a - b))
    numbers, columns = parse("np.logaddexp(a, b)"), parse("np.sum(np.logaddexp(x, y))")
    for (e, names), wrap in ((numbers, float), (columns, lambda value: np.array([value, value]))):
        first, second = names.values()
        found = lambda answer: mc.lambdify([first, second], answer)(wrap(a), wrap(b))  # noqa: B023, E731
        count = np.size(wrap(a))
        np.testing.assert_allclose(found(e), count * np.logaddexp(a, b), rtol=1e-15, atol=1e-300)
        np.testing.assert_allclose(found(mc.gradient(e, first)), wrap(share), rtol=1e-15, atol=1e-300)
        np.testing.assert_allclose(found(mc.gradient(e, second)), wrap(rest), rtol=1e-15, atol=1e-300)
        for by in (first, second):
            np.testing.assert_allclose(found(mc.hessian(e, by)), share * rest * np.eye(count).squeeze(), rtol=1e-15, atol=1e-300)


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
        ("np.sum(y*x)", "sum(had(y, x))", "is read entry by entry, as NumPy has it"),
        ("np.sum(np.log1p(np.exp(-y*(X @ w))))", "sum(log(ones(n) + exp(-had(y, X*w))))", "is read entry by entry, as NumPy has it"),
        ("X - X.mean(axis=0)", "X - ones(n)*mean(X, axis=0)", "is added to each row"),
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
