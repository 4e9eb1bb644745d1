"""What is typed by habit is read as it is meant, with a note, in every spelling: the same as what is written out."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read

READ = [  # (typed, spelling, the same written out, what the note says; "" for none)
    ("e^(-t)*x", "auto", "exp(-t)*x", "is read as the exponential of `-t`"),
    ("e**(-x.T*x)", "python", "exp(-x.T*x)", "is read as the exponential"),
    ("e^(A*t)*x", "matlab", "expm(A*t)*x", "is read as the exponential"),
    ("e^{-t} x", "latex", "exp(-t)*x", ""),
    ("e^\\top e", "latex", "e.T*e", ""),
    ("e^T X e", "latex", "e.T*X*e", ""),
    ("e scalar; e^t + e", "auto", "e scalar; e**t + e", ""),
    ("e^2 + e", "auto", "e**2 + e", ""),
    ("1'*x", "matlab", "ones(n).T*x", "`1'` is read as a row of ones"),
    ("1ᵀAx", "auto", "ones(n).T*A*x", "`1ᵀ` is read as a row of ones"),
    ("1^\\top x", "latex", "ones(n).T*x", "is read as a row of ones"),
    ("x^\\top 1", "latex", "x.T*ones(n)", "is read as a vector: a number stands in front"),
    ("x'*(1*1')*x", "auto", "x.T*ones(n, n)*x", "is read as a matrix of ones"),
    ("x'*1", "auto", "x.T", "is a product with the number 1"),
    ("(A + c*I_n)*x", "auto", "(A + c*I(n))*x", "`I_n` is read as `I(n)`, the identity"),
    ("A + I_3", "python", "A + I(3)", "`I_3` is read as `I(3)`, the identity"),
    ("x'Ax", "auto", "x.T*A*x", "`Ax` is read as `A*x`"),
    ("(Ax - b)'(Ax - b)", "auto", "(A*x - b).T*(A*x - b)", "`Ax` is read as `A*x`"),
    ("norm(Ax*z - b)^2", "auto", "norm(Ax*z - b)**2", "did you mean `A*x`?"),
    ("A \\ (b + c)", "auto", "b vector, c vector; A.I*(b + c)", "the least squares of a tall one are `pinv(A)*"),
    ("(A'*A) \\ (A'*b)", "auto", "(A.T*A).I*(A.T*b)", ""),
    ("A_{1,2}", "latex", "A[1, 2]", "is read as an entry, counted from 0"),
    ("x_{n-1}", "latex", "x[n - 1]", "is read as an entry, counted from 0"),
    ("sum(A, 1)", "python", "rowsum(A)", "of each row, as NumPy counts axes"),
    ("sum(A, 1)", "auto", "rowsum(A)", "of each row, as NumPy counts axes"),
    ("sum(A, 2)", "auto", "rowsum(A)", ""),
    ("sum(A, 1)", "matlab", "rowsum(A.T).T", "of each column, as MATLAB counts"),
    ("mean(A.^2, 1)", "auto", "rowmean(hpow(A, 2).T).T", "of each column, as MATLAB counts"),
    ("mean(A.T, 1)", "auto", "rowmean(A.T)", "of each row, as NumPy counts axes"),
    ("mean(A, 2)", "matlab", "rowmean(A)", ""),
    ("max(A, [], 1)", "matlab", "rowmax(A.T).T", "of each column, as MATLAB counts"),
    ("min(A, [], 2)", "auto", "rowmin(A)", ""),
    ("sum(A, 'all')", "matlab", "sum(A)", ""),
    ("norm(A, 2)", "matlab", "spectral_norm(A)", "is the spectral norm, as in MATLAB and NumPy"),
    ("ones(n)*x", "matlab", "ones(n, n)*x", "is n x n, as in MATLAB"),
    ("ones(n)'*x", "auto", "ones(n).T*x", "is a column; MATLAB's is n x n"),
    ("np.linalg.inv(A) @ np.exp(x)", "python", "A.I*exp(x)", ""),
    ("np.max(A, 1)", "auto", "rowmax(A)", "of each row, as NumPy counts axes"),
    ("np.max(A, 0)", "python", "rowmax(A.T).T", ""),
    ("torch.min(A, 1)", "auto", "rowmin(A)", "of each row, as NumPy counts axes"),
    ("np.maximum(A, 1)", "auto", "apply(u -> Max(1, u), A)", ""),
    ("c * A @ x * 2", "python", "2*c*A*x", ""),
    ("norm(x, ord=1)", "python", "norm(x, 1)", ""),
    ("½xᵀAx", "auto", "x.T*A*x/2", "`Ax` is read as `A*x`"),
    ("2½*t + 10¼", "auto", "5*t/2 + 41/4", ""),
    ("√(xᵀx) + √2", "auto", "sqrt(x.T*x) + sqrt(2)", ""),
    ("log|Σ|", "auto", "logdet(Sigma)", "is read as the determinant"),
    ("log det X", "auto", "logdet(X)", ""),
    ("σ(Xw)", "auto", "sigmoid(X*w)", "is read as the sigmoid function"),
    ("αx + y", "auto", "alpha*x + y", "`αx` is read as `α*x`"),
    ("A₁x", "auto", "A1*x", "`A1x` is read as `A1*x`"),
    ("tr(AB)", "matlab", "AB matrix; tr(AB)", "did you mean `A*B`?"),
    ("1./(1 + exp(-x))", "matlab", "hpow(1 + exp(-x), -1)", ""),
    ("A(1, 2)*x(3)", "matlab", "A[0, 1]*x[2]", "`A(1, 2)` counts from 1"),
    ("A(:, 1)'*x(2:end)", "matlab", "A[:, 0].T*x[1:]", "`A(:, 1)` counts from 1"),
    ("x(1:end-1) - x(2:end)", "matlab", "x[:-1] - x[1:]", "counts from 1"),
    ("A(i, :)*x", "matlab", "A[i - 1, :]*x", "counts from 1"),
    ("[A, b]*x", "matlab", "block([[A, b]])*x", ""),
    ("\\begin{bmatrix} A & b \\end{bmatrix} x", "latex", "block([[A, b]])*x", ""),
    ("\\mathbb{1}^\\top x", "latex", "ones(n).T*x", ""),
    ("1_n^\\top x", "latex", "ones(n).T*x", ""),
    ("x^* y", "latex", "x.T*y", "is read as the conjugate transpose"),
    ("\\phi(x + y) + \\phi y", "latex", "phi*(x + y) + phi*y", ""),
    ("x - x_0", "latex", "x - x0", "is read as a name of its own, not as an entry of `x`"),
    ("\\lambda_i(X)", "latex", "eigval(X, i)", "is read as `eigval(..., i)`, counted from 0"),
    ("\\sigma_{k}\\left(\\Sigma\\right)", "latex", "singval(Sigma, k)", "is read as `singval(..., k)`"),
    ("\\operatorname{step}_{1/2}\\left(A x\\right)", "latex", "apply(u -> step(u, 1/2), A*x)", ""),
    ("np.eye(n) @ x", "python", "I(n)*x", ""),
    ("x_{ij}^\\top y", "latex", "x_ij.T*y", "is read as a name, not as an entry"),
    ("y - X*B", "auto", "y - X*B", ""),
    ("A x - 2b", "auto", "A*x - 2*b", ""),
    ("(A x - b)^T (A x - b)", "auto", "(A*x - b).T*(A*x - b)", "`^T` is read as the transpose"),
    ("w^Tx + x^H A x", "auto", "w.T*x + x.T*A*x", "`^T` is read as the transpose"),
    ("A^-1 x + B^(-1) x", "auto", "A.I*x + B.I*x", ""),
    ("1/2 x' A x", "auto", "x.T*A*x/2", "`/2` in front of `x` is read as a fraction of its own"),
    ("1/2 ||X w - y||^2 + lambda/2 ||w||^2", "auto", "norm(X*w - y)**2/2 + lam*norm(w)**2/2", "is read as a fraction"),
    ("2(x + y)(x + y)'", "auto", "2*(x + y)*(x + y).T", ""),
    ("Tr(A B C) + log det(A) + trace A", "auto", "tr(A*B*C) + logdet(A) + tr(A)", ""),
    (r"\frac{1}{n}\mathbf{1}\mathbf{1}^\top x", "latex", "n scalar; x: m; ones(m, m)*x/n", "is square, by convention"),
    ("tr(kron(A, B))", "auto", "A: n x n, B: m x m; tr(kron(A, B))", ""),
    ("det(A^{-1}B) + log t^{2}", "latex", "det(A.I*B) + log(t**2)", ""),
    (r"\|x - \mu\|_{\Sigma^{-1}}^2", "latex", "dot(x - mu, Sigma.I*(x - mu))", "is read as the root of"),
    ("‖x‖_P", "auto", "sqrt(x.T*P*x)", "is read as the root of"),
    ("vec(A)'*vec(B)", "auto", "A: n x m, B: n x m; vec(A).T*vec(B)", "are of one shape, by convention"),
    ("E_{ij} + tr(E)", "latex", "E[i, j] + tr(E)", "is read as an entry"),
    (r"\frac{n}{2} \log(2\pi)", "latex", "n scalar; n*log(2*pi)/2", ""),
    ("I - u u'", "auto", "I - u*u.T", ""),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "syntax", "python", "note"), READ)
def test_is_read_as_what_is_written_out(typed, syntax, python, note):
    reading = read(typed, syntax=syntax)
    assert reading.expr == read(python).expr
    assert any(note in said for said in reading.notes) if note else not reading.notes or "by its use" in reading.notes[0]


@pytest.mark.parametrize(("name", "variable"), [("e^t", "e"), ("Ax - b", "Ax"), ("I_n*x", "I_n")])
def test_what_is_asked_for_is_a_name(name, variable):
    """A name that the derivative is taken by stands for itself."""
    reading = read(name, variables=(variable,))
    assert reading.variables[0].name == variable and not any("is read as the" in note for note in reading.notes)


def test_declared_names_stand_for_themselves():
    assert read("Ax'*Ax", ["Ax: n"]).shapes == {"Ax": "n"}
    with pytest.raises(mc.ParseError, match="can be one name, or a product"):
        read("Ax'*A*x")


def test_a_capital_that_use_makes_a_row_has_a_note():
    assert any("`X` is read as a row, 1 x n, by its use; otherwise declare `X: m x n`" in note for note in read("X + x'", ["x: n"]).notes)


FUNCTIONS_OF_MATLAB = [
    ("var(x)", 1, "write `mean"),
    ("norm(A*x - b)/length(A)", 15, "is the larger of its sizes"),
    ("size(A)", 1, "sizes are names"),
    ("rank(A)", 1, "for an entry declare `rank: n`"),
    ("floor(t)", 1, "`floor` is not a function"),
    ("gamma(x)", 7, "`x` as an index"),
    ("x(y)", 3, "`y` as an index"),
]


@pytest.mark.parametrize(("text", "column", "says"), FUNCTIONS_OF_MATLAB)
def test_brackets_behind_no_vector_are_no_entry(text, column, says):
    with pytest.raises(mc.ParseError, match=f"column {column}: .*{says}"):
        read(text, syntax="matlab")


def test_what_is_declared_has_entries_and_is_an_index():
    assert (
        read("data(3)*x(at)", ["data: n", "at: scalar"], syntax="matlab").expr == read("data[2]*x[at - 1]", ["data: n", "at: scalar"]).expr
    )


@pytest.mark.parametrize("text, column", [("2 ½*t", 3), ("2.5½*t", 4), ("2½½", 3), ("1e3½", 4)])
def test_a_half_beside_what_is_no_whole_number_is_not_read(text, column):
    with pytest.raises(mc.MatcalcError, match=rf"column {column}: .* two ways"):
        mc.parse(text)


@pytest.mark.parametrize(("text", "says"), [("prod(x[i])", "write `prod\\(x\\)`"), ("sum(x[i]*y[i])", "write `Sum\\(")])
def test_what_counts_nothing_says_how_to_count(text, says):
    with pytest.raises(mc.ShapeError, match=says):
        read(text)


def test_a_function_of_columns_says_what_those_are():
    assert "which is `rowmax(X')'`" in read("max(A)", syntax="matlab").notes[0]
    assert "which is `rowsum(X')'`" in read("sum(A)", syntax="matlab").notes[0]
