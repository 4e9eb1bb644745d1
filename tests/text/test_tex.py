r"""LaTeX against the same formula in Python's spelling."""

import pytest
from sympy import loggamma

from sympy_matcalc import MatcalcError, ParseError
from sympy_matcalc.text import parse, read

from ..counting import counted
from .spelled import check_derivative, check_place

FORMULAS = [  # (LaTeX, the same in Python's spelling, the variable)
    (r"x^\top A x", "x.T*A*x", "x"), (r"x^{\top} A x", "x.T*A*x", "x"), (r"x^T A\, x", "x.T*A*x", "x"), (r"x^{\mathsf{T}} A x", "x.T*A*x", "x"), (r"x^\intercal A x", "x.T*A*x", "x"),
    (r"\mathbf{x}^\top \mathbf{A} \mathbf{x}", "x.T*A*x", "x"), (r"\boldsymbol{x}^\top\boldsymbol{A}\boldsymbol{x}", "x.T*A*x", "x"), (r"A^{-1} b", "A.I*b", "b"),
    (r"b^\top A^{-\top} c", "b.T*A.T.I*c", "b"), (r"\operatorname{tr}(A X^{-1})", "tr(A*X.I)", "X"), (r"\mathrm{tr}\left(A X B\right)", "tr(A*X*B)", "X"), (r"\operatorname{tr} A X", "tr(A*X)", "X"),
    (r"\log\det X", "log(det(X))", "X"), (r"\log \left| X \right|", "log(det(X))", "X"), (r"\ln\det(X^\top X)", "log(det(X.T*X))", "X"), (r"\det(X)^2", "det(X)**2", "X"),
    (r"\lVert Xw - y\rVert_2^2", "norm(X*w - y)**2", "w"), (r"\|Xw - y\|^2", "norm(X*w - y)**2", "w"), (r"\left\|Xw - y\right\|_{2}^{2}", "norm(X*w - y)**2", "w"),
    (r"\frac{1}{2}\|Ax - b\|_2^2", "norm(A*x - b)**2/2", "x"), (r"\frac12 x^\top A x + b^\top x", "x.T*A*x/2 + b.T*x", "x"), (r"\|X\|_F^2", "norm(X)**2", "X"), (r"\|X\|_2", "spectral_norm(X)", "X"),
    (r"\|X\|_*", "nuclear_norm(X)", "X"), (r"\|x\|_1", "norm(x, 1)", "x"), (r"\|x\|_\infty", "norm(x, inf)", "x"), (r"\|x\|_p", "norm(x, p)", "x"), (r"\|Y - UV^\top\|_F^2", "norm(Y - U*V.T)**2", "U"),
    (r"\operatorname{sum}(x \odot y)", "sum(had(x, y))", "x"), (r"\operatorname{tr}((A \odot X)^\top B)", "tr(had(A, X).T*B)", "X"), (r"(A \otimes B) v", "kron(A, B)*v", "v"),
    (r"\operatorname{sum}(x^{\odot 2})", "sum(hpow(x, 2))", "x"), (r"\operatorname{sum}(x \oslash y)", "sum(had(x, hpow(y, -1)))", "y"), (r"\mathbf{1}^\top x", "ones(n).T*x", "x"), (r"\mathbf{1}_n^\top x", "ones(n).T*x", "x"),
    (r"(X\beta - y)^\top (X\beta - y) + \lambda\beta^\top\beta", "(X*beta - y).T*(X*beta - y) + lam*beta.T*beta", "beta"), (r"(x - \mu)^\top \Sigma^{-1} (x - \mu)", "(x - mu).T*Sigma.I*(x - mu)", "x"),
    (r"-\frac{1}{2}\log\det\Sigma - \frac{1}{2}(x - \mu)^\top\Sigma^{-1}(x - \mu)", "-1/2*log(det(Sigma)) - 1/2*(x - mu).T*Sigma.I*(x - mu)", "mu"), (r"\sigma(w^\top x)", "sigmoid(w.T*x)", "w"),
    (r"\log(1 + e^{-w^\top x})", "log(1 + exp(-w.T*x))", "w"), (r"\exp\left(-\frac{\|x - y\|^2}{2 s^2}\right)", "exp(-norm(x - y)**2/(2*s**2))", "x"), (r"\frac{x^\top A x}{x^\top x}", "x.T*A*x/(x.T*x)", "x"),
    (r"\sqrt{x^\top A x}", "sqrt(x.T*A*x)", "x"), (r"y^\top X^{+} y", "y.T*pinv(X)*y", "X"), (r"y^\top X^\dagger y", "y.T*pinv(X)*y", "X"), (r"\operatorname{tr}(e^{X})", "tr(expm(X))", "X"),
    (r"\operatorname{tr}(X^{2} A)", "tr(X**2*A)", "X"), (r"\operatorname{tr}(X^k)", "tr(X**k)", "X"), (r"a^\top \operatorname{diag}(x) b", "a.T*diag(x)*b", "x"), (r"\operatorname{vec}(X)^\top \operatorname{vec}(X)", "vec(X).T*vec(X)", "X"),
    (r"x^\top (A + I) x", "x.T*(A + I)*x", "x"), (r"x^\top\begin{bmatrix} A & B \\ B^\top & C \end{bmatrix} x", "x.T*block([[A, B], [B.T, C]])*x", "x"), (r"|a^\top x|", "abs(a.T*x)", "x"), (r"\max(0, w^\top x)", "max(0, w.T*x)", "w"),
    (r"\operatorname{softmax}(Wx)^\top y", "softmax(W*x).T*y", "x"), (r"\operatorname{logsumexp}(Ax)", "logsumexp(A*x)", "x"), (r"\tanh(Wx)^\top y", "tanh(W*x).T*y", "x"), (r"2\pi\, x^\top x", "2*pi*(x.T*x)", "x"),
    (r"$$x^\top A\, x$$", "x.T*A*x", "x"), (r"\left(x^{\top} A x\right)^{2}", "(x.T*A*x)**2", "x"), (r"X_{1,2}^2", "X[1, 2]**2", "X"), (r"x_1^\top A x_1", "x1.T*A*x1", "x1"), (r"\hat{y}^\top A \hat{y}", "y_hat.T*A*y_hat", "y_hat"),
    (r"x^\top A^{-1/2} x", "x.T*A**(-1/2)*x", "x"), (r"a \cdot x^\top x", "a*(x.T*x)", "x"), (r"\mathit{loss} \, x^\top x", "loss*(x.T*x)", "x"), (r"\log{\left(x^{\top} A x \right)}", "log(x.T*A*x)", "x"),
    (r"\sin^2 t", "sin(t)**2", "t"), (r"\tanh^2(w^\top x)", "tanh(w.T*x)**2", "x"), (r"\log^2 \det X", "log(det(X))**2", "X"), (r"\sin^2(a) b + \cos^{2}(a)", "sin(a)**2*b + cos(a)**2", "a"),
    (r"\frac12 x^Tx", "x.T*x/2", "x"), (r"\mathbf{x}^TA\mathbf{x}", "x.T*A*x", "x"), (r"\log\det(X^TX)", "log(det(X.T*X))", "X"), (r"\(x^T A x\)", "x.T*A*x", "x"),
    (r"\langle x, A y\rangle", "dot(x, A*y)", "x"), (r"\left\langle A x, y \right\rangle^2", "dot(A*x, y)**2", "x"), (r"\lambda x^\top x", "lam*(x.T*x)", "x"), (r"\operatorname{tr}\left(A X^{\top}\right) + \lVert X \rVert_{F}", "tr(A*X.T) + norm(X)", "X"),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "python", "variable"), FORMULAS)
def test_is_read_as_the_same_in_python(tex, python, variable):
    expected = read(python, syntax="python")
    seen = read(tex, expected.shapes if "{1}" in tex else None)
    assert seen.expr == expected.expr and seen.shapes == expected.shapes
    assert read(tex, expected.shapes, (variable,), syntax="latex").expr == expected.expr


@pytest.mark.slow
@pytest.mark.parametrize(("tex", "python", "variable"), FORMULAS)
def test_its_derivative_is_right(tex, python, variable):
    check_derivative(tex, variable)


REFUSED = [  # (text, the place of the caret, what is said)
    (r"\log xy", 1, "write `log(xy)` or `log(x)*y`"), (r"1/\alpha x", 3, "can be read in two ways"), (r"x^2^3\,", 4, "write `(x^2)^3` or `x^(2^3)`"), (r"\|x", 1, "was never closed"),
    (r"\lVert x", 1, "was never closed"), (r"x^{\top", 4, "`\\top` is not read"), (r"\frac{a}{b", 9, "was never closed"), (r"\trace x \foo", 10, "`\\foo` is not read"), (r"\lamda x", 1, "did you mean `\\lambda`"),
    (r"\operatorname{trase}(X)", 1, "did you mean `trace`"), (r"\lambda_1(X)", 1, "write `\\operatorname{eigval}(X, i)`"),
    (r"\delta_{xy} A", 1, "Kronecker's delta is not read"), (r"\mathbf{x}^\top x", 17, "one symbol or two?"), (r"x^\top A +", 11, "ends with `+`"), (r"\left(x^\top x", 6, "was never closed"),
    (r"x^\top x)", 9, "closes nothing"), (r"\operatorname{tr}(\exp(X))", 19, "of a square matrix, can be read in two ways"), (r"\sqrt[3]{t}", 1, "write `x^{1/3}`"), (r"x \odot", 8, "ends with `\\odot`"),
    (r"\sin^{-1} t", 1, "can be read in two ways"), (r"\sin^2 a b", 1, r"write `\sin^2(a b)` or `\sin^2(a) b`"), (r"\sin^2 x", 1, "`hpow(sin(x), 2)`"),
    (r"\sin^{-1} t", 1, "can be read in two ways"), (r"\sin^2 a b", 1, r"write `\sin^2(a b)` or `\sin^2(a) b`"), (r"\sin^2 x", 1, "`hpow(sin(x), 2)`"),
    (r"\frac{\partial f}{\partial x}", 1, "is a derivative"), (r"(AX)_{ijk}\,", 5, "more than two axes"), (r"\odot x", 1, "at the beginning"), (r"x } \top", 3, "`}` closes nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "says"), REFUSED)
def test_a_mistake_has_its_place(text, column, says):
    check_place(text, column, says)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (r"\sigma(Xw)", "is read as the sigmoid function"), (r"\operatorname{tr} A X", "is read as the trace of the whole product"), (r"X_{ij}", "is read as an entry, counted from 0"),
        (r"\log|X|", "is read as the determinant"), (r"\|X\|", "is the Frobenius norm"),
    ],
)  # fmt: skip
def test_a_convention_comes_with_a_note(text, note):
    assert any(note in seen for seen in read(text).notes)


@pytest.mark.parametrize(
    "text", [r"^{\top}__", r"x_\,", r"\mathbf{1}_{}^\top x", r"\|x\|_{}", "\\frac" * 500, "X*w" * 3000, "e^" * 3000, r"_{ij} x\,"]
)
def test_odd_text_is_read_or_refused_at_once(text):
    def reads():
        try:
            read(text)
        except MatcalcError:
            pass

    assert counted(reads)[1] < 1_500_000


def test_a_sigma_that_stands_elsewhere_is_a_number():
    assert not read(r"\sigma(a + b) + \sigma^2").notes


def test_functions_of_entries_are_marked():
    assert read(r"\operatorname{tr}(\exp_{\odot}(X) A^\top X^\top)").expr == read("tr(exp(X)*A.T*X.T)").expr


@pytest.mark.parametrize(
    "text, meant",
    [
        (r"{\rm tr}(A B)", r"\operatorname{tr}(A B)"),
        (r"{\rm diag}(x)", r"\operatorname{diag}(x)"),
        (r"x^{\rm T} A x", r"x^\top A x"),
        (r"\|x\|^2_2", r"\|x\|_2^2"),
        (r"\|X - Y\|^{2}_F + 1", r"\|X - Y\|_F^2 + 1"),
        (r"\|x\|^3_{\infty}", r"\|x\|_\infty^3"),
        (r"\|x\|^p_p", r"\|x\|_p^p"),
        (r"\|x - y\|^2_{\Sigma^{-1}}", r"\|x - y\|_{\Sigma^{-1}}^2"),
        (r"\sum_{ij} A_{ij} x_i x_j", r"\sum_{i,j} A_{ij} x_i x_j"),
        (r"\sum_{ijk} A_{ij} B_{jk} C_{ki}", r"\sum_{i,j,k} A_{ij} B_{jk} C_{ki}"),
    ],
)
def test_older_spellings_and_other_orders(text, meant):
    assert parse(text, syntax="latex")[0] == parse(meant, syntax="latex")[0]


def test_a_size_is_not_called_as_an_index_is():
    total, symbols = parse(r"\sum_{i,j,k} A_{ij} B_{jk} C_{ki}", syntax="latex")
    assert not {str(s) for _, _, last in total.limits for s in last.free_symbols} & set("ijk")
    assert symbols["A"].cols == symbols["B"].rows


@pytest.mark.parametrize("text", [r"\|x\|_2^2_2", r"\|x\|^2_2_2", r"\sum_{ii} A_{ii}"])
def test_what_is_below_twice_is_an_error(text):
    with pytest.raises(MatcalcError):
        parse(text, syntax="latex")


def test_a_small_raised_digit_below_a_norm_is_an_error():
    check_place(r"\|x\|_²", 4, "is not the power of a norm")


@pytest.mark.parametrize(
    ("tex", "python"),
    [
        (r"\|X\|_{op}", "spectral_norm(X)"), (r"\|X\|_{\mathrm{op}}^2", "spectral_norm(X)**2"), (r"\|X\|^2_{\text{op}}", "spectral_norm(X)**2"),
        (r"\|X\|_{\text{F}}", "norm(X)"), (r"\|X\|_{\mathrm{HS}}", "norm(X)"), (r"\|X\|_{\mathrm{tr}}", "nuclear_norm(X)"), (r"\|X\|_{\max}", "norm(X, inf)"),
    ],
)  # fmt: skip
def test_norms_by_the_names_of_books(tex, python):
    assert read(tex).expr == read(python).expr


def test_a_word_below_a_norm_is_no_power():
    with pytest.raises(ParseError, match="`foo` is not the power of a norm"):
        read(r"\|x\|_{foo}")
    assert read(r"\|x\|_{foo}", ["foo: scalar"]).expr == read("norm(x, foo)", ["foo: scalar"]).expr


def test_a_dagger_has_a_note_and_a_plus_has_none():
    assert [note for note in read(r"A^\dagger b").notes if "the conjugate transpose is `^H`" in note]
    assert not read("A^{+} b").notes


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (r"\Gamma(a)", "a"),
        (r"\Gamma(\alpha+\beta)", r"\alpha+\beta"),
        (r"\log(\Gamma(a+1))", "a+1"),
        (r"\log(b) \Gamma(y+1)", "y+1"),
        (r"\sum_i 2 \Gamma\left(y_i (a + 1)\right)", "y_i (a + 1)"),
        (r"x^\top \mathrm{\Gamma}(A+B) x", "A+B"),
    ],
)
def test_the_gamma_function_is_no_product_and_its_error_says_how_to_write_both(text, inner):
    with pytest.raises(ParseError) as found:
        parse(text)
    said = str(found.value).splitlines()[0]
    log, function = rf"\operatorname{{lgamma}}({inner})", rf"\exp(\operatorname{{lgamma}}({inner}))"
    assert f"`{log}`" in said and f"`{function}`" in said and rf"\Gamma \cdot ({inner})`" in said.replace(r"\mathrm{\Gamma}", r"\Gamma")
    assert parse(log if "_i" not in log else rf"\sum_i {log}")[0].has(loggamma)


@pytest.mark.parametrize(
    "text", [r"Gamma: n x n; x^\top \Gamma(A+B) x", r"x^\top \boldsymbol{\Gamma}(A+B) x", r"x^\top \Gamma \cdot (A+B) x"]
)
def test_a_gamma_that_is_a_matrix_is_one(text):
    assert parse(text)[1]["Gamma"].shape and parse(text)[0].has(parse(text)[1]["Gamma"])


def test_the_multivariate_gamma_function_is_no_product():
    check_place(r"\log \Gamma_p(a + 1)", 6, "can be the multivariate gamma function")
    assert parse(r"\Gamma_2(A + B)x")[1]["Gamma2"].is_Matrix


def test_both_readings_of_a_function_without_brackets_have_their_brackets():
    with pytest.raises(ParseError, match=r"write `log\(A\(y\+1\)\)` or `log\(A\)\*\(y\+1\)`"):
        parse(r"\log A(y+1)")


@pytest.mark.parametrize("text", [r"\Gamma^2(a + 1)", r"\Gamma^{2} \left[a + 1\right]", r"\Gamma\{a + 1\}"])
def test_powers_and_other_brackets_of_the_gamma_function(text):
    check_place(text, 1, r"`\exp(\operatorname{lgamma}(a + 1))" + ("^" if "^" in text else "`"))
