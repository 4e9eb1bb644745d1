"""MATLAB's spelling, and that of matrixcalculus.org, against the same formula in Python's."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import read, to_text
from sympy_matcalc.text.matlab_text import to_matlab

from .spelled import check_derivative, check_place

FORMULAS = [  # (as MATLAB has it, the same in Python's spelling, the variable)
    ("x'*A*x", "x.T*A*x", "x"), ("x'*A*x + c*sin(y)'*x", "x.T*A*x + c*sin(y).T*x", "x"), ("norm2(X*w - y)^2", "norm(X*w - y)**2", "w"),
    ("||A*x - b||^2", "norm(A*x - b)**2", "x"), ("(X*w - y)'*(X*w - y)", "(X*w - y).T*(X*w - y)", "w"), ("tr(A*X)", "tr(A*X)", "X"),
    ("tr(A*X'*B)", "tr(A*X.T*B)", "X"), ("tr(X^2)", "tr(X**2)", "X"), ("log(det(X))", "log(det(X))", "X"), ("logdet(inv(X))", "logdet(X.I)", "X"),
    ("det(X'*X)", "det(X.T*X)", "X"), ("inv(X)*a", "X.I*a", "X"), ("X^-1*a", "X.I*a", "X"), ("sum(log(exp(-y.*(X*w)) + vector(1)))", "sum(log(exp(-had(y, X*w)) + 1))", "w"),
    ("sum(A.*B)", "sum(had(A, B))", "A"), ("sum(x.^2)", "sum(hpow(x, 2))", "x"), ("sum(x./y)", "sum(had(x, hpow(y, -1)))", "y"), ("sum(1./x)", "sum(hpow(x, -1))", "x"),
    ("sum(2.^x)", "sum(hpow(2, x))", "x"), ("sum(x.^y)", "sum(hpow(x, y))", "y"), ("norm1(A*x - b)", "norm(A*x - b, 1)", "x"), ("normF(Y - U*V')^2", "norm(Y - U*V.T)**2", "U"),
    ("norm(X, 'fro')^2", "norm(X)**2", "X"), ("norm2(X)", "spectral_norm(X)", "X"), ("norm2(x)", "norm(x)", "x"), ("||x||", "norm(x)", "x"), ("norm(x, inf)", "norm(x, inf)", "x"),
    ("abs(x)'*y", "abs(x).T*y", "x"), ("sum(abs(x))", "sum(abs(x))", "x"), ("|a'*x|", "abs(a.T*x)", "x"), ("sign(t)*x'*x", "sign(t)*x.T*x", "x"),
    ("sum(relu(X*w))", "sum(relu(X*w))", "w"), ("sum(max(vector(1) - y.*(X*w), 0))", "sum(max(1 - had(y, X*w), 0))", "w"), ("diag(x)*A*diag(x)", "diag(x)*A*diag(x)", "x"),
    ("tr(diag(x)*A)", "tr(diag(x)*A)", "x"), ("a'*diag(X)", "a.T*diag(X)", "X"), ("vector(1)'*x", "ones(n).T*x", "x"), ("vector(1)'*X*vector(1)", "ones(n).T*X*ones(m)", "X"),
    ("tr(matrix(1)*X)", "tr(ones(m, n)*X)", "X"), ("tr((X - eye)*A)", "tr((X - I)*A)", "X"), ("x'*(A + eye)*x", "x.T*(A + I)*x", "x"), ("sum(arcsin(x))", "sum(asin(x))", "x"),
    ("sum(arccos(x))", "sum(acos(x))", "x"), ("sum(arctan(x))", "sum(atan(x))", "x"), ("sum(arcsinh(x))", "sum(asinh(x))", "x"), ("sum(tanh(A*x))", "sum(tanh(A*x))", "x"),
    ("sum(exp(x))", "sum(exp(x))", "x"), ("sum(log(x))", "sum(log(x))", "x"), ("sum(sqrt(x))", "sum(sqrt(x))", "x"), ("sum(cosh(A*x))", "sum(cosh(A*x))", "x"),
    ("tr(adj(X))", "tr(adj(X))", "X"), ("det(A*X*B)", "det(A*X*B)", "X"), ("tr(X*A*X'*B)", "tr(X*A*X.T*B)", "X"), ("a'*X'*X*b", "a.T*X.T*X*b", "X"), ("a'*X*X'*a", "a.T*X*X.T*a", "X"),
    ("x.'*A.'*y", "x.T*A.T*y", "x"), ("(A*x)'", "(A*x).T", "x"), ("A'\\x", "A.T.I*x", "x"), ("A\\b", "A.I*b", "b"), ("(A'*A)\\(A'*b)", "(A.T*A).I*(A.T*b)", "b"), ("x'*(A\\x)", "x.T*(A.I*x)", "x"),
    ("sum((X*w).^2)/2", "sum(hpow(X*w, 2))/2", "w"), ("exp(-norm2(x - y)^2/(2*s^2))", "exp(-norm(x - y)**2/(2*s**2))", "x"), ("lambda*norm2(w)^2", "lam*norm(w)**2", "w"),
    ("norm2(y - X*w)^2 + lambda*norm2(w)^2", "norm(y - X*w)**2 + lam*norm(w)**2", "w"), ("norm2(y - X*w)^2 + lambda*norm1(w)", "norm(y - X*w)**2 + lam*norm(w, 1)", "w"),
    ("(x - mu)'*inv(S)*(x - mu)", "(x - mu).T*S.I*(x - mu)", "x"), ("logdet(S) + (x - mu)'*inv(S)*(x - mu)", "logdet(S) + (x - mu).T*S.I*(x - mu)", "S"),
    ("log(sum(exp(A*x)))", "log(sum(exp(A*x)))", "x"), ("y'*(X*w) - sum(log(vector(1) + exp(X*w)))", "y.T*(X*w) - sum(log(1 + exp(X*w)))", "w"), ("tr(expm(X))", "tr(expm(X))", "X"),
    ("x'*x/(y'*y)", "x.T*x/(y.T*y)", "x"), ("(x'*A*x)/(x'*x)", "x.T*A*x/(x.T*x)", "x"), ("-x'*A*x", "-x.T*A*x", "x"), ("--x'*x", "x.T*x", "x"), ("2^-t*x'*x", "2**-t*x.T*x", "x"),
    ("-t^2", "-t**2", "t"), ("(-t)^2", "(-t)**2", "t"), ("tr(X^2')", "tr((X**2).T)", "X"), ("sum(x.^2')", "sum(hpow(x, 2).T)", "x"), ("x''*y'", "x*y.T", "x"),
    ("X(:)'*X(:)", "vec(X).T*vec(X)", "X"), ("tr([A, B; C, D]*X)", "tr(block([[A, B], [C, D]])*X)", "X"), ("kron(A, B)*v", "kron(A, B)*v", "v"), ("sum(sum(X))", "sum(sum(X))", "X"),
    ("2.*x'*x", "2*x.T*x", "x"), ("x'*y.*2", "x.T*y*2", "x"), ("sum((A*x + b)./t)", "sum((A*x + b)/t)", "x"), ("sum(3./(x.^2))", "sum(3*hpow(hpow(x, 2), -1))", "x"),
    ("a*x'*x", "a*x.T*x", "x"), ("(a + x'*x)^(1/2)", "(a + x.T*x)**(1/2)", "x"), ("sum(exp(x).*log(y))", "sum(had(exp(x), log(y)))", "x"), ("tr((A.*X)'*B)", "tr(had(A, X).T*B)", "X"),
    ("tr(A/2)", "tr(A/2)", "A"), ("sum(X + 1)", "sum(X + 1)", "X"), ("sum(X.^2 - 1)", "sum(hpow(X, 2) - 1)", "X"), ("t.^2", "t**2", "t"), ("y'*pinv(X)*y", "y.T*pinv(X)*y", "X"),
    ("sum(erf(x))", "sum(erf(x))", "x"), ("0.5*norm2(x)^2", "0.5*norm(x)**2", "x"), ("1e-3*x'*x", "1e-3*x.T*x", "x"), ("sum(x.*x.*x)", "sum(had(x, x, x))", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("matlab", "python", "variable"), FORMULAS)
def test_is_read_as_the_same_in_python(matlab, python, variable):
    seen, expected = read(matlab, syntax="matlab"), read(python, syntax="python")
    assert seen.expr == expected.expr and seen.shapes == expected.shapes
    assert read(matlab).expr == expected.expr


@pytest.mark.slow
@pytest.mark.parametrize(("matlab", "python", "variable"), FORMULAS)
def test_its_derivative_is_right(matlab, python, variable):
    check_derivative(matlab, variable)


REFUSED = [  # (text, the place of the caret, what is said)
    ("a^b^c", 4, "write `(a^b)^c` or `a^(b^c)`"), ("2.^x.^2", 5, "can be read in two ways"), ("x'*", 4, "ends with `*`"), ("x.*", 4, "ends with `.*`"),
    ("x'*(A*x", 4, "`(` was never closed"), ("x'*A)*x", 5, "`)` closes nothing"), ("trase(X)", 1, "did you mean `trace`"), ("2px", 2, "no operator between `2` and `px`"),
    ("x y", 3, "elementwise: `had(x, y)`"), ("X(1, 2)", 1, "an entry is `X[0, 1]`, counted from 0"), ("x'*A*x % loss", 8, "`%` begins no comment"), ("|x", 1, "`|` was never closed"),
    ("norm(X, 'nuk')", 9, "is not the power of a norm"), ("vector(3)", 1, "write `3*vector(1)`"), ("[A]", 1, "a list"), ("[A, B; C]", 1, "rows of different length"), ("||x|", 4, "`|`"),
    ("x..*y", 2, "`.` is not read"), ("x'.^", 5, "ends with `.^`"), ("*x", 1, "`*` at the beginning"), ("'x", 1, "follows nothing that it could transpose"), ("x & y", 3, "`&` is not read"),
    ("norm1(X, 2)", 1, "`norm1` got 2 arguments"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "says"), REFUSED)
def test_a_mistake_has_its_place(text, column, says):
    check_place(text, column, says)


@pytest.mark.parametrize(
    ("syntax", "text", "instead"),
    [
        ("python", "x'*A*x", "`x.T`"), ("python", "x .* y", "had(x, y)"), ("python", "x^2", "`**`"), ("python", "x./y", "hpow(y, -1)"), ("python", "x.^2", "hpow(x, k)"),
        ("python", "A\\b", "`A.I*b`"), ("matlab", "x**2", "`^`"), ("matlab", "x.T*y", "`x'`"), ("matlab", "x @ y", "`*`"), ("python", "x⊙y", "ASCII"),
    ],
)  # fmt: skip
def test_a_named_spelling_reads_its_own_signs_only(syntax, text, instead):
    with pytest.raises(mc.ParseError, match="is not read in") as error:
        read(text, syntax=syntax)
    assert instead in str(error.value)


def test_a_spelling_that_is_none():
    with pytest.raises(mc.ParseError, match="did you mean `matlab`"):
        read("x'*x", syntax="mathlab")
    with pytest.raises(mc.ParseError, match="one of `auto`, `python`, `matlab`"):
        read("x'*x", syntax="fortran")


def test_bars_are_of_scalars_and_of_matrices():
    assert read("|X|").expr == read("det(X)").expr and "read as the determinant" in read("|X|").notes[0]
    with pytest.raises(mc.ShapeError, match=r"bars around a vector.*`norm\(x\)`"):
        read("|x|")


def test_an_entrywise_product_broadcasts_scalars():
    assert read("t.*X").shapes == {"t": "scalar", "X": "n x m"}
    assert read("y.*(X*w)").shapes == {"y": "n", "X": "n x m", "w": "m"}
    with pytest.raises(mc.ShapeError, match="the shapes must be equal"):
        read("x.*y", ["x: 3", "y: 4"])


def test_facts_make_square():
    expr, names = mc.parse("logdet(A*X)", assume=["positive_definite: A, X"])
    assert names["A"].shape == names["X"].shape and names["A"].shape[0] == names["A"].shape[1]


@pytest.mark.parametrize(
    ("text", "syntax", "expected", "said"),
    [
        ("lyap(A, Q)", "matlab", "lyap(A, -Q)", "A*Y + Y*A' + Q = 0, as in MATLAB"),
        ("A'*lyap(A, Q)", "auto", "A.T*lyap(A, Q)", "MATLAB's has the other sign"),
        ("lyap(A, Q)", "auto", "lyap(A, Q)", None),
        ("lyapunov(A, Q)", "matlab", "lyap(A, Q)", None),
        ("chol(Q)'", "auto", "chol(Q).T", "the lower factor L with L*L' = Q"),
        ("chol(Q)", "python", "chol(Q)", None),
    ],
)
def test_functions_that_are_others_in_matlab_say_so(text, syntax, expected, said):
    reading = read(text, ["A: n x n", "Q: n x n"], syntax=syntax)
    assert to_text(reading.expr) == expected and (said in " ".join(reading.notes) if said else not reading.notes)
    assert read(to_matlab(reading.expr), ["A: n x n", "Q: n x n"], syntax="matlab").expr == reading.expr
