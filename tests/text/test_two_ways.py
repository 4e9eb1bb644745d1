"""Powers of vectors and quotients by them: an error that shows both readings, with its place."""

import re

import pytest

import sympy_matcalc as mc
from sympy_matcalc import ShapeError
from sympy_matcalc.text import read

TWO_WAYS = [  # (text, column, what the error shows besides the declaration of a scalar)
    ("x^2", 1, ["`x.^2`", "`hpow(x, 2)`", "`x'*x`"]), ("x**2", 1, ["`x.^2`", "`hpow(x, 2)`"]), ("1/x", 3, ["`./x`", "`hpow(x, -1)`"]), ("x/y", 3, ["`./y`"]),
    ("A*x^2", 3, ["`x.^2`"]), ("a'*x^2", 4, ["`x.^2`"]), ("X/Y", 3, ["`./Y`", "`inv(Y)`"]), ("(x + y)^2", 1, ["`(x + y).^2`", "`hpow(x + y, 2)`"]),
    ("1/(1 + exp(-z))", 4, ["`./(1 + exp(-z))`"]), ("X*w/s", 5, ["`./s`"]), ("w^3 + 1", 1, ["`w.^3`"]), ("b'/A", 4, ["`inv(A)`"]), (r"A x^{2}", 3, ["`x.^2`"]), (r"\frac{a}{x}", 10, ["`./x`"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "parts"), TWO_WAYS)
def test_both_readings_are_shown(text, column, parts):
    with pytest.raises(ShapeError) as error:
        read(text)
    message = str(error.value)
    assert error.value.column == column and "can be read in two ways" in message and message.splitlines()[-1].index("^") == column + 3
    assert ": scalar`" in message and not [part for part in parts if part not in message]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("exp(-norm(x - y)^2/(2*s^2))", "scalar"),
        ("x'*A*x/r", "scalar"),
        ("tr(A)/Z", "scalar"),
        ("t^2", None),
        ("n^2", None),
        ("sigma^2", None),
        ("x'*x/n", "scalar"),
    ],
)
def test_what_makes_sense_in_one_way_is_read(text, shape):
    assert bool(read(text).notes) == (shape is not None)


@pytest.mark.parametrize("text", ["x^2", "1/x", "A*x^2", "x/y"])
def test_a_declared_scalar_is_none_of_them(text):
    read(text, ["x: scalar", "y: scalar"])
    assert read(f"x scalar, y scalar; {text}").shapes["x"] == "scalar"


@pytest.mark.parametrize(
    ("text", "column"), [("x*y", 3), ("tr(A*x)", 4), ("A + A*x", 5), ("det(A*x)", 5), ("x'*A*x + B*y", 10), ("x[0] + x[1, 2, 3]", 8)]
)
def test_shapes_that_do_not_fit_have_a_caret(text, column):
    with pytest.raises(ValueError) as error:
        read(text)
    assert error.value.column == column and str(error.value).splitlines()[-1].strip() == "^"


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        (r"\log(\mathbf{1}^\top e^{x})", 22, "`exp(x)` entry by entry"), ("expm(-w)", 1, "`exp(-w)` entry by entry"), ("inv(x)", 1, "`hpow(x, -1)`"), ("x.I", 1, "`hpow(x, -1)`"),
        (r"\mathrm{Tr}[\rho \log \rho]", 1, "for a matrix declare `rho: n x n`"), ("tr(a)", 1, "declare `a: n x n`"), ("det(lambda)", 1, "declare `lam: n x n`"),
    ],
)  # fmt: skip
def test_functions_of_matrices_of_what_is_no_matrix_by_convention(text, column, says):
    with pytest.raises(ShapeError) as error:
        read(text)
    assert error.value.column == column and says in str(error.value)


@pytest.mark.parametrize("text", ["tr(x'*A*x)", "tr(a*X)", "expm(t)", r"e^{-x^\top x}", "det(t*A)", "a scalar; tr(a)"])
def test_functions_of_matrices_of_others(text):
    read(text)


# ---- what is one thing in one language and another in the next
@pytest.mark.parametrize(
    ("text", "syntax", "said"),
    [
        ("x'*A^T*x", "auto", "`A^T` can be read in two ways"),
        ("A**T*x", "python", "`A**T` can be read in two ways"),
        ("A^H*H", "auto", "for a power declare `H: scalar`"),
        ("norm(sum(A, 0))", "matlab", "it is 2 for each row, 1 for each column"),
        ("mean(A, 3)'*x", "matlab", "it is 2 for each row, 1 for each column"),
        ("e^t + e*x", "auto", "`e^t` can be read in two ways"),
        ("e^t + e x", "latex", "`e^t` can be read in two ways"),
        ("e^2", "auto", "write `exp(2)` for the exponential"),
        ("2'*x", "auto", "`2'` transposes a number"),
        ("11^\\top x", "latex", "`11^\\top` transposes a number"),
        ("A*x + Ax", "auto", "`Ax` can be one name, or a product; write `A*x`"),
        ("A\\2", "auto", "`2` is a number, and `A\\` divides a column or a matrix"),
        ("A\\(2*3)", "matlab", "`2*3` is a number"),
        ("sum(x[i]*y[i])", "auto", "`i` counts nothing there"),
        ("x_{t+1}", "latex", "can be an entry, and a vector of another time"),
        ("x_{k+1} - x_k", "latex", "can be an entry, and a vector of another time"),
        ("w vector; 1/(1+exp(-X*w))", "auto", "so that `X`, by convention a matrix, would be 1 x n"),
        ("y = A*x", "auto", "leave out `y =`"),
        ("A @ B * C", "python", "write `A @ B @ C` for the product, `had(A @ B, C)` entry by entry"),
        ("W^{(1)} x", "latex", "`W^{(1)}` can be an upper index, and a power"),
        ("f(x) + x^\\top x", "latex", "`f(...)` is a function of which nothing is known"),
        ("A(t) x", "latex", "`A(t)` can be a function and its argument, and a product"),
        (r"\phi(\mathbf{x})", "latex", "can be a function and its argument"),
        (r"\frac{\mathrm{d}x}{dt}", "latex", "is a derivative"),
        (r"\operatorname{tr}(A dX)", "latex", "`dX` can be a differential"),
        (r"\mathrm{d}X", "latex", "can be a differential"),
        ("X E_{ij} X", "latex", "`E_{ij}` can be an entry, and the matrix with a 1 at this place"),
        ("x + epsilon", "auto", "declare `epsilon: scalar` or `epsilon: n`"),
        (r"y - X\beta - 2\alpha", "latex", "declare `alpha: scalar` or `alpha: n`"),
        ("\\log_2 x", "latex", "`_2` below `log` is not read"),
        ("\\min_w w^\\top w", "latex", "write the function alone"),
        ("\\nabla x", "latex", "ask for its derivative"),
        ("exp(-norm(x - x')^2)", "auto", "`x'` is the transpose of a number, since `x` is one by its use; name another point otherwise"),
        (r"\exp(-\|x - x'\|^2 / 2 l^2)", "latex", "write `/(2 l^2)`, or `/2*l^2`"),
        ("np.sum(np.sqrt(x**2 + eps**2))", "auto", "declare `eps: scalar` or `eps: n`"),
        ("A(2, 3)", "auto", 'MATLAB\'s entries are read with `syntax="matlab"`'),
        ("norm(x)^2 / 2 s^2", "auto", "write `/(2 s^2)`, or `/2*s^2`"),
        ("\\mathbb{E}[x]", "latex", "an expectation is not read: write the mean of samples"),
        ("x(y + 1)", "matlab", "an entry is `A(1, 2)`"),
        ("A(0, 1)", "matlab", "the index `0`"),
        ("A.dot(x, y)", "python", "`.dot` is of one other array"),
        ("A.sum", "python", "write `sum(...)`"),
        ("A.foo()", "python", "the attribute `.foo` is not read"),
        ("sum(A**2 @ x)", "auto", "write `hpow(A, 2)` entry by entry, as NumPy has it, `A^2` for that of the matrix"),
        (r"A \otimes B \operatorname{vec}(X)", "latex", "write `(A \\otimes B) \\operatorname{vec}(X)`, or `\\otimes (B"),
        (r"\log \sum_k e^{w_k^\top x} - w_y^\top x", "latex", "`w_y` can be one of `w_k`, which are summed"),
        (r"\sum_i (x_i - x_j)^2", "latex", "`x_j` can be one of `x_i`"),
        ("A ⊗ B x", "auto", "write `(A ⊗ B) x`, or `⊗ (B x)`"),
        ("np.sum(A*B)", "auto", "write `A @ B` for the product, `had(A, B)` entry by entry"),
        ("(A*B).sum()", "auto", "write `A @ B` for the product, `had(A, B)` entry by entry"),
        ("np.linalg.norm(A*x - b)", "auto", "write `A @ x` for the product, `had(A, x)` entry by entry"),
        ("np.sum(X*w)", "auto", "write `X @ w` for the product, `had(X, w)` entry by entry"),
        ("var(x)", "auto", "write `mean(hpow(x - mean(x), 2))`"),
        ("foo(x)", "auto", "the functions are listed by"),
        ("A_{ij} x_j", "latex", "`x_j` can be a name"),
        (r"\sum_{i=1}^{n} \sum_{j=1}^{i+1} A_{ij}", "latex", "a sum over `j` up to `i`, the index of another sum"),
    ],
)
def test_is_an_error_that_says_so(text, syntax, said):
    with pytest.raises(mc.MatcalcError, match=re.escape(said)):
        mc.parse(text, syntax=syntax)


def test_a_power_by_a_letter_that_is_declared():
    e, names = mc.parse("A^T", shapes=["A: n x n", "T: scalar"])
    assert e == names["A"] ** names["T"]


def test_sums_of_matlab_have_a_note():
    assert any("MATLAB itself takes it of each column" in note for note in read("sum(A)*x", syntax="matlab").notes)
    assert not any("MATLAB" in note for note in [*read("sum(x)", syntax="matlab").notes, *read("sum(A)*x").notes])


def test_an_exponent_that_is_by_convention_a_vector_has_a_note():
    assert any("`x` is read as a scalar: it is an exponent" in note for note in read("2^x*A").notes)
    assert not any("exponent" in note for note in read("lam**k*A").notes)
