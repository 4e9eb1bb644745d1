"""The reader of typed expressions: what it reads, the shapes it infers, what it refuses."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatrixSymbol,
    Min,
    OneMatrix,
    Symbol,
    Trace,
    ZeroMatrix,
    log,
    pi,
    symbols,
    tanh,
)
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc import ParseError, ShapeError
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.text import parse, read, to_text
from sympy_matcalc.text.domains import domains

from ..counting import counted

n, m, k, p = symbols("n m k p", integer=True, positive=True)


def matrix(name, rows, cols):
    return MatrixSymbol(name, rows, cols)


A, X, x, y = matrix("A", n, n), matrix("X", n, m), matrix("x", n, 1), matrix("y", n, 1)
w, S = matrix("w", m, 1), matrix("X", n, n)

READ = [
    ("x.T*A*x", x.T * matrix("A", n, n) * x),
    ("x.T @ A @ x", x.T * matrix("A", n, n) * x),
    ("log(det(X))", log(Determinant(S))),
    ("logdet(X)", log(Determinant(S))),
    ("trace(A*X.I*B)", Trace(matrix("A", n, m) * matrix("X", m, m).I * matrix("B", m, n))),
    ("inv(X)", S.I),
    ("x.H*y", x.T * y),  # symbols are real
    ("X**3", S**3),
    ("X*w - y", X * w - y),
    ("had(y, X*w)", HadamardProduct(y, matrix("X", n, m) * w)),
    ("diag(x)*A", DiagMatrix(x) * X.xreplace({X: matrix("A", n, m)})),
    ("x.T*(A - I)*x", x.T * (A - Identity(n)) * x),
    ("X + ones(m, n)", matrix("X", m, n) + OneMatrix(m, n)),
    ("X*zeros(m)", matrix("X", n, m) * ZeroMatrix(m, 1)),
    ("kron(A, I(3))", KroneckerProduct(matrix("A", n, m), Identity(3))),
    ("2*pi", 2 * pi),
    ("X[0, 1]", matrix("X", n, m)[0, 1]),
    ("x[2]", x[2, 0]),
    ("2*x.T*x", 2 * x.T * x),
]


@pytest.mark.parametrize("text,expected", READ)
def test_reads(text, expected):
    assert parse(text)[0] == expected


def test_sums_and_functions_stay_as_typed():
    assert str(parse("(X*w - y).T*(X*w - y)")[0]) == "(X*w - y).T*(X*w - y)"
    assert parse("tanh(A*x)")[0] == parse("apply(tanh, A*x)")[0]
    assert to_text(parse("kron(B, ones(n)).I*v")[0]) == "kron(B, ones(n)).I*v"
    assert parse("tanh(t)")[0] == tanh(Symbol("t", real=True))


def test_a_1x1_product_is_a_scalar_where_one_is_needed():
    expr = parse("1 + x.T*x")[0]
    assert expr == 1 + MatrixElement(x.T * x, 0, 0)
    assert parse("(x.T*x)*y")[0].shape == (m, 1)
    assert parse("norm(x)**2")[0] == mc.Norm(x) ** 2


SHAPES = [
    ("x.T*A*x", "x: n, A: n x n"),
    ("X*w - y", "X: n x m, w: m, y: n"),
    ("norm(Y - U*V.T)", "Y: n x m, U: n x k, V: m x k"),
    ("a.T*X*b", "a: n, X: n x m, b: m"),  # a..g where a vector fits
    ("A*x - b", "A: n x m, x: m, b: n"),
    ("c*x.T*x", "c: scalar, x: n"),
    ("A*x*b", "A: n x m, x: m, b: scalar"),
    ("t*X", "t: scalar, X: n x m"),
    ("(x - mu).T*Sigma.I*(x - mu)", "x: n, mu: n, Sigma: n x n"),
    ("lam*X", "lam: scalar, X: n x m"),
    ("1 + x", "x: scalar"),
    ("t**2", "t: scalar"),
    ("1/a", "a: scalar"),
    ("log(1 + exp(-had(y, X*w)))", "y: n, X: n x m, w: m"),
    ("x - mean(x)", "x: n"),
    ("x - sum(x)/n", "x: m, n: scalar"),  # the size is not the user's n
    ("X**k", "X: n x n, k: scalar"),
    ("X[i, j]", "X: n x m, i: scalar, j: scalar"),
    ("block([[A, b], [b.T, 1]])", "A: n x n, b: n"),
    ("kron(A, B)*v", "A: n x m, B: k x p, v: m*p"),
    ("ones(n).T*x", "x: n"),
    ("diag(X)", "X: n x n"),
    ("dot(a, b)", "a: n, b: n"),
    ("x.T*x*y", "x: n, y: m"),
    ("det(2*X + I)", "X: n x n"),
    ("A*B*C*u", "A: n x m, B: m x k, C: k x p, u: p"),
    ("expm(t*A)*x", "t: scalar, A: n x n, x: n"),
    ("eigval(X, i)", "X: n x n, i: scalar"),
    ("A*eigvec(X, 0)", "A: n x m, X: m x m"),
    ("A*left_singvec(X, 0)", "A: n x m, X: m x k"),
    ("A*right_singvec(X, 0)", "A: n x m, X: k x m"),
    ("A*pinv(X)*b", "A: n x m, X: k x m, b: k"),
    ("y + rowsum(X)", "y: n, X: n x m"),
    ("v - softmax(W*x)", "v: n, W: n x m, x: m"),
    ("unvec(v, m, n)*x", "v: m*n, x: n"),
    ("commutation(m, 2)*v", "v: 2*m"),
    ("duplication(n)*v", "v: n*(n + 1)/2"),
    ("frechet(exp, X, A*b*c.T)", "X: n x n, A: n x m, b: m, c: n"),
    ("frechet_matrix(exp, X, E)*v", "X: n x n, E: n x n, v: n**2"),
    ("halflower(3)*x", "x: 3"),
    ("spectral_norm(a)*norm(B, 1)", "a: n, B: m x k"),  # as for `norm`, a letter a..g is a column
]


@pytest.mark.parametrize("text,shapes", SHAPES)
def test_infers_shapes(text, shapes):
    assert ", ".join(f"{name}: {shape}" for name, shape in read(text).shapes.items()) == shapes


DECLARED = [
    ("x.T*A*x", ["A: 3 x 3"], {"x": "3", "A": "3 x 3"}),
    ("t*x", ["t: scalar", "x: m x n"], {"t": "scalar", "x": "m x n"}),
    ("X*w", {"X": ("m", 4)}, {"X": "m x 4", "w": "4"}),
    ("X*w", {"X": (m, n)}, {"X": "m x n", "w": "n"}),
    ("sum(x)/n", ["x: n"], {"x": "n", "n": "scalar"}),
    ("kron(A, B)*v", ["A: 2 x 2", "v: 6"], {"A": "2 x 2", "B": "n x 3", "v": "6"}),
    ("X*b", ["X: 2*n x n+1"], {"X": "2*n x n + 1", "b": "n + 1"}),
    ("x", ["x:n"], {"x": "n"}),
    ("X", ["X: 3x4"], {"X": "3 x 4"}),
    ("v", ["v: n**2"], {"v": "n**2"}),
    ("had(vec(X), y)", ["X: n x m+1", "y: n*m + n"], {"X": "n x m + 1", "y": "m*n + n"}),
    ("v", ["v: n*(n - 1)/2"], {"v": "n*(n - 1)/2"}),
    ("eigval(X, n - 1)", ["X: n x n"], {"X": "n x n", "n": "scalar"}),
]


@pytest.mark.parametrize("text,declared,shapes", DECLARED)
def test_declarations_override(text, declared, shapes):
    assert read(text, declared).shapes == shapes


def test_a_size_in_the_text_is_the_declared_size():
    expr, names = parse("sum(x)/n", ["x: n"])
    assert names["n"] == n and expr.has(1 / n) and names["x"].shape == (n, 1)


CONTRADICTIONS = [  # (text, declared, two places or shapes that the message names)
    ("A*x", ["A: 3 x 4", "x: 5"], ["`A` (column 1) is 3 x 4", "`x` (column 3) is 5 x 1"]),
    ("A*x + B", [], ["`A*x` (column 1) is n x 1", "`B` (column 7) is n x k"]),
    ("x*y", [], ["`x` (column 1) is n x 1", "`y` (column 3) is m x 1", "had(x, y)"]),
    ("det(X)", ["X: m x n"], ["square", "`X` (column 5) is m x n"]),
    ("X.I", ["X: 2 x 3"], ["`X` (column 1) is 2 x 3"]),
    ("y/x", ["x: n"], ["divisor", "`x` (column 3) is n x 1"]),
    ("x + y", ["x: m", "y: n"], ["`x` (column 1) is m x 1", "`y` (column 5) is n x 1"]),
    ("X**x", ["x: n"], ["exponent", "`x` (column 4)"]),
    ("x + x.T*x", [], ["the shapes must be equal"]),
    ("block([[A, B]])", ["A: 2 x 2", "B: 3 x 3"], ["`A` (column 9) is 2 x 2", "`B` (column 12) is 3 x 3"]),
    ("kron(A, B)*v", ["A: 2 x 2", "v: 5"], ["`kron(A, B)` (column 1)", "`v` (column 12)"]),
    ("x", ["x: n", "x: m"], ["declared twice"]),
    ("expm(X)", ["X: 2 x 3"], ["`expm` needs a square matrix", "`X` (column 6) is 2 x 3"]),
    ("chol(X.T)", ["X: 2 x 3"], ["`chol` needs a square matrix", "`X.T` (column 6) is 3 x 2"]),
    ("apply(u -> u*x, y)", ["x: n"], ["the value of a map must be a scalar", "`u*x` (column 12) is n x 1"]),
    ("softmax(X)", [], ["`softmax` needs a vector", "`X` (column 9) is n x m", "softmax(vec(X))", "`softmax(X, 1)`"]),
    ("logsumexp(A*B)", [], ["`logsumexp` needs a vector", "`A*B` (column 11)", "logsumexp(vec(A*B))", "`logsumexp(A*B, 1)`"]),
    ("unvec(v, 2, 3)", ["v: 5"], ["a vector of length 6", "`v` (column 7) is 5 x 1"]),
    ("unvec(X, 2, 3)", [], ["`unvec` needs a vector", "`X` (column 7) is n x m"]),
    ("frechet(exp, X, E)", ["X: 2 x 2", "E: 3 x 3"], ["`X` (column 14) is 2 x 2", "`E` (column 17) is 3 x 3"]),
    ("eigval(X, x)", ["x: n"], ["an index must be a scalar", "`x` (column 11) is n x 1"]),
    ("norm(A, W*x)", [], ["`W*x` (column 9)", "scalar"]),
]


@pytest.mark.parametrize("text,declared,places", CONTRADICTIONS)
def test_contradictions_name_both_places(text, declared, places):
    with pytest.raises(ShapeError) as error:
        parse(text, declared)
    assert not [place for place in places if place not in str(error.value)], error.value


REFUSED = [  # (text, a part of the message, column of the caret from 1 or None)
    ("__import__('os')", "not a function", 1),
    ("x.__class__", "attribute `.__class__`", 3),
    ("x.T.doit()", "the attribute `.doit` is not read", 5),
    ("foo(x)", "`foo` is not a function", 1),
    ("lambda q: q", "a lambda", 1),
    ("[q for q in x]", "a comprehension", 4),
    ("tr(q for q in x)", "a comprehension", None),
    ("'text'", "text in quotes", 1),
    ("f'{x}'", "`{` is not read", 3),
    ("1j*x", "no operator between `1` and `j`", 2),
    ("True", "not a number", 1),
    ("...", "`.` is not read", 1),
    ("x if y else z", "a condition", 3),
    ("x < y", "a comparison", 1),
    ("x and y", "a logical operator", 1),
    ("not x", "operator", 1),
    ("x // y", "`/` behind `/`", 4),
    ("X[0, 1, 2]", "3 indices", 1),
    ("X[-1, 0]", "indices count from 0", 1),
    ("(x, y)", "a tuple", None),
    ("tr(X, X)", "got 2 arguments", 1),
    ("tr(A=X)", "keyword", 1),
    ("tr(*X)", "star", 1),
    ("sum", "is a function", 1),
    ("(x := 1)", "is not read", None),
    ("_x", "is not a name", 1),
    ("a__b", "is not a name", 1),
    ("x; y", "`x` declares nothing", None),
    ("(x", "never closed", 1),
    ("", "empty", None),
    ("   ", "empty", None),
    ("x\0y", "", None),
    ("\ud800", "cannot be read", None),
    ("I(2000000)", "is not a size", None),
    ("X**1000001", "out of range", None),
    ("9**9**9**9", "out of range", None),
    ("10**100000", "out of range", None),
    ("(((10**200)**200)**200)", "out of range", None),
    ("1e999", "out of range", 1),
    ("1/0", "division by zero", None),
    ("x/(1 - 1)", "division by zero", None),
    ("inv(0)", "division by zero", 1),
    ("log(0)*x", "no finite value", 1),
    ("(I(n) - I(n)).I", "cannot be built", None),
    ("X*zeros(-n)", "out of range", None),
    ("apply(x, y)", "`x` is not a function that `apply` takes", 7),
    ("block([A, B])", "rows of equal length", 1),
    ("block([[A], [B, C]])", "rows of equal length", 1),
    ("ones(x.T)", "is not a size", None),
    ("norm(A, fro)", "`fro` is not the power of a norm; it is a number >= 1, a name or `inf`; Frobenius: `norm(X)`", 9),
    ("norm(A, 0.5)", "the power `1/2`", 1),
    ("norm(A, -1)", "the power `-1` of a norm in `norm(A, -1)`; it is a number >= 1, a name or `inf`", 1),
    ("norm(A, 1, 2)", "`norm` got 3 arguments; it takes 1 to 2: `norm(X), norm(X, p)`", 1),
    ("funm(abs, X)", "`abs` is not a function that `funm` takes; write a map such as `u -> u/(1 + u)`, or one of acos", 6),
    ("funm(tanh(x), X)", "`tanh(x)` is not a function that `funm` takes", 6),
    ("funm(X, tanh)", "`tanh` is a function", 9),
    ("frechet(exp, X)", "it takes 3 or more: `frechet(exp, X, E)`", 1),
    ("frechet_matrix(exp, X, 0)", "the order `0`", 24),
    ("eigval(X)", "`eigval` got 1 argument; it takes 2: `eigval(X, i)`", 1),
    ("eigval(X, 1.5)", "the index `3/2` in `eigval(X, 1.5)`; an index is a whole number from 0 on, or a name", 1),
    ("eigval(X, -1)", "the index `-1`", 1),
    ("eigval(t, 1)", "of a 1 x 1 matrix", 1),
    ("eigvec(I(3), 3)", "index 3 is out of range for 3 values", 1),
    ("unit(2, 2, 2, 0)", "index 2 is out of range", 1),
    ("left_singvec(t, 0)", "a number has no singular vectors", 1),
    ("commutation(n, x.T)", "`x.T` is not a size", 16),
    ("duplication(n/2)", "the size `n/2` is not a whole number; as `n*(n + 1)/2` is", None),
    ("expm", "is a function", 1),
    ("funm(u -> abs(u), X)", "`funm` of a map with `abs`, which is not analytic", 1),
    ("u -> u**2", "`->` behind `u` is not read here", 3),
    ("tr(u -> u)", "is not read", None),
    ("apply(u -> apply(v -> v, u), X)", "a map inside the map of `u`", 18),
    ("apply(pi -> pi, X)", "`pi` is taken", 7),
    ("apply(__u -> 1, X)", "is not a name", 7),
    ("spectral(X, 2)", "`spectral` got 2 arguments; it takes 1: `spectral_norm(X)`", 1),
]


@pytest.mark.parametrize("text,part,column", REFUSED)
def test_refuses_what_is_outside_the_grammar(text, part, column):
    with pytest.raises(ParseError) as error:
        parse(text)
    message = str(error.value)
    assert part in message
    if column is not None:
        first, line, caret = message.split("\n")
        assert f"column {column}:" in first and line.strip() == text.strip()
        assert caret == " " * (4 + column - 1) + "^"


HOSTILE = {
    "minus": "-" * 9999 + "x",
    "brackets": "(" * 4999 + "x" + ")" * 4999,
    "open": "(" * 9999,
    "powers": "x**" * 3000 + "x",
    "transposes": "x" + ".T" * 4000,
    "entries": "x" + "[0]" * 3000,
    "nested": "-(x+" * 150 + "x" + ")" * 150,
    "sum": "x" + "+x" * 4999,
    "long": "x" * 10_001,
    "digits": "1" * 9999,
    "names": "+".join(f"x{i}" for i in range(1500)),
    "signs": "-(tanh(x+" * 50 + "x" + "))" * 50,
    "tower": "2" + "**2" * 100,
    "not": "not " * 2000 + "x",
    "unclosed text": "'" + "x" * 9000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_quickly(name):
    def refuse():
        with pytest.raises(ParseError):
            parse(HOSTILE[name])

    assert counted(refuse)[1] < 3_000_000


def test_long_but_flat_text_is_read():
    expr, names = parse("+".join(f"x{i}" for i in range(150)))
    assert len(expr.args) == 150 and len(names) == 150
    assert parse("(" * 150 + "x" + ")" * 150)[0] == parse("x")[0]


def test_the_variable_is_a_name_or_an_entry():
    assert read("tr(A*X)", variables=["X"]).variables == (matrix("X", m, n),)
    assert read("tr(A*X)", variables=["X[0, 1]"]).variables[0] == matrix("X", m, n)[0, 1]
    assert parse("a + x.T*x", variable="a")[1]["a"] == Symbol("a", real=True)


@pytest.mark.parametrize("variable", ["z", "x + 1", "x.T", "2", "", "x[0:1]"])
def test_refuses_what_is_no_variable(variable):
    with pytest.raises(ParseError):
        parse("x.T*x", variable=variable)


NO_SHAPES = ["X", "X: 1 x 2 x 3", "X: 0 x 3", "X: -1", "1: n", "det: n", "I: n", "X: 1.5", "X: f(n)", "__x: n", "X: ", 5]


@pytest.mark.parametrize("declaration", NO_SHAPES)
def test_refuses_what_declares_no_shape(declaration):
    with pytest.raises(ParseError):
        parse("X", [declaration])


NOTES = [
    ("exp(A*t)*x", "`exp(A*t)` acts entry by entry; it is not the matrix function, which is `expm`"),
    ("tanh(X)", "`funm(tanh, X)`"),
    ("sum((X-U*V.T)**2)", "`(X-U*V.T)**2` is the matrix power; elementwise: `hpow(X-U*V.T, 2)`"),
    ("X**3*y", "`hpow(X, 3)`"),
    ("X + 1", "`X + 1` adds a number to every entry; on the diagonal: `+ c*I`"),
    ("norm(X)", "`norm(X)` is the Frobenius norm; the spectral norm: `norm2(X)`"),
    ("||A - B||^2", "the Frobenius norm"),
    ("norm(X, 2)", "`norm(X, 2)` is the spectral norm, as in MATLAB and NumPy; Frobenius: `normF(X)`"),
]


@pytest.mark.parametrize("text,note", NOTES)
def test_what_could_be_meant_otherwise_comes_with_a_note(text, note):
    (seen,) = read(text).notes
    assert note in seen


@pytest.mark.parametrize(
    "text", ["exp(x)", "t**2", "X**-1", "X**k", "norm(x, 1)", "normF(X)", "norm(X, 'fro')", "hpow(X, 2)", "expm(X)**2"]
)
def test_what_is_clear_has_no_note(text):
    assert not read(text).notes


WRITTEN = [
    "x.T*A*x", "log(det(X))", "tr(A*X.I*B)", "(X*w - y).T*(X*w - y)", "tanh(W*x + b)", "x[0]", "X[i, j]**2", "sqrt(x.T*x)", "diag(x)*A",
    "kron(A, B)*v", "X**k", "x.T*(A + I(n))*x", "log(exp(-had(y, X*w)) + ones(n, 1))", "vec(A*X*B)", "block([[A, B], [C, D]])",
    "lam*(x.T*x) + log(det(S))", "(x.T*x)*y", "diag(sigmoid(X*w))*X", "(A + B).T*softplus(x)", "hpow(x, 3)",
    "norm(A, 1)", "norm(A, 3/2)", "norm(A, inf)", "norm(A*x - b)**2", "x/norm(x)", "norm(A)*B", "(x - a)/norm(x - a)", "-2*(x - y)/norm(x - y)**3", "a*x.T/(2*sqrt(t))", "-(A + B)*x/2", "-(A + B)*x",
    "2*t*A/3", "A/(lam*t)", "exp(-t)*A", "x*y.T/(x.T*y)", "(lam + t)*A/(lam - t)", "spectral_norm(A)", "nuclear_norm(A*B)",
    "sum(A)*x", "mean(x)", "x - mean(x)*ones(n, 1)", "log(sum(exp(x)))", "rowsum(A)", "rowsum(x.T)", "unvec(v, m, n)*x",
    "logsumexp(A*x)", "softmax(W*x).T*v", "diag(softmax(x)) - softmax(x)*softmax(x).T", "step(W*x + b)", "sigmoid(t)*softplus(lam) + step(t)",
    "expm(t*A)*x", "tr(logm(X))", "sqrtm(X)", "sinm(X)*cosm(X)", "funm(tanh, X)**2", "funm(sigmoid, X)", "-expm(X)", "vec(expm(X))",
    "frechet(exp, X, E)", "frechet(log, X, E, F).T", "frechet_matrix(sqrt, X)", "frechet_matrix(exp, X, E)*vec(F + X)",
    "frechet_matrix(exp, X, 2, E)", "pinv(A).T*pinv(A)", "eigval(X, i)**2", "eigval(X, n - 1)", "eigvec(X, i)[k]", "A*eigvec(X, 0)",
    "resolvent(X.T*X, m - 1)", "eigsum(X) + eigprod(X)", "singval(A, 0)", "left_singvec(A, i)*right_singvec(A, i).T", "chol(S).T.I",
    "had(halflower(n), A)", "commutation(m, n)*v", "duplication(n)*v", "unit(m, n, i, 0)", "t*unit(n, 1, 0, 0)",
    "apply(u -> sigmoid(u)*(1 - sigmoid(u)), X*w)", "diag(apply(u -> u**2*sign(u), x))", "apply(v -> norm(u)*v**2, u)", "frechet(u -> 1/(u + 1), X, E)",
    "funm(u -> lam*u/(u + 1), X)", "frechet_matrix(u -> u**(1/3), X)",
    "dot(x, y)*z", "tr(A.T*B)", "hpow(x, 2*y) + y", "hpow(A*x, A*y - ones(n, 1))", "apply(u -> c**u, y)", "max(a, b)", "min(a, b, 2)*x",
    "apply(u -> max(t, u), x)", "where(a > b, a, b)", "where((a >= 1 and b > 0) or b < -2, a, b < 3, b**2, 1)", "where(x.T*x > 1, x.T*y, 0)*z",
    "apply(u -> where(t < u, u**2, u), X)", "lgamma(x) + digamma(X*w)", "trigamma(t)*erfc(x)", "asinh(x) + acosh(x)", "atanh(A*x)",
    "apply(u -> polygamma(2, u), x)", "polygamma(3, t)", "apply(u -> step(u, 1/2), x)", "step(t, 1/2)", "norm(x, p)", "norm(A, 2*p + 1)",
    "x[1:] - x[:-1]", "x[1:-1].T*A", "A[:, j].T*x", "A[0, :]*x", "A[1:3, 2:]", "(A*B)[:, 0]", "x[:2]", "x.T[:2]", "A[n:, :]*x", "funm(digamma, X)",
    "relu(t) + abs(t)", "X*w - y", "-x + 2*y", "-A*(B - C)", "-(x.T*x)*y", "(A*B)**2", "X.T.I",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written_reads_back(text):
    reading = read(text)
    written = to_text(reading.expr)
    assert parse(written, reading.shapes)[0] == reading.expr
    assert to_text(parse(written, reading.shapes)[0]) == written


AS_WRITTEN = [
    ("1/norm(x - a)*(x - a)", "(x - a)/norm(x - a)"), ("1/(2*sqrt(t))*a*b.T", "a*b.T/(2*sqrt(t))"), ("-1/2*(A + B)*x", "-(A + B)*x/2"),
    ("t**-2*A", "A/t**2"), ("-1*A/t", "-A/t"), ("1/3*t*A", "t*A/3"), ("1/(lam*t)*A.I", "A.I/(lam*t)"), ("A/2 - B/t", "A/2 - B/t"),
    ("apply(u -> exp(-u), x)/t", "apply(u -> exp(-u), x)/t"), ("2**-t*A", "2**(-t)*A"),
]  # fmt: skip


@pytest.mark.parametrize("text,written", AS_WRITTEN)
def test_what_divides_a_product_is_written_behind_it(text, written):
    assert to_text(parse(text)[0]) == written


OTHER_WORDS = [
    ("trace(X)", "tr(X)"), ("hadamard(A, B)", "had(A, B)"), ("norm2(A)", "spectral_norm(A)"), ("spectral(A)", "spectral_norm(A)"),
    ("nuclear(A)", "nuclear_norm(A)"), ("cholesky(S)", "chol(S)"), ("norm(A, 2)", "spectral_norm(A)"), ("norm(A, oo)", "norm(A, inf)"),
    ("apply(sigmoid, A*x)", "sigmoid(A*x)"), ("expm(X)*expm(-X)", "I(n)"),
    # of a number
    ("expm(t)", "exp(t)"), ("chol(t)", "sqrt(t)"), ("norm(t, 3)", "abs(t)"), ("pinv(t)", "1/t"), ("softmax(t)", "1"), ("eigval(t, 0)", "t"),
    ("frechet(exp, t, s)", "s*exp(t)"), ("frechet_matrix(sin, t, 2)", "-sin(t)"), ("funm(tanh, x.T*x)", "tanh(x.T*x)"), ("halflower(1)", "1/2"),
]  # fmt: skip


@pytest.mark.parametrize("text,written", OTHER_WORDS)
def test_what_has_another_word_is_written_with_the_first(text, written):
    assert to_text(parse(text)[0]) == written


DERIVATIVES = [  # (text, variable, options of the derivative)
    ("norm(A*x - b)", "x", {}), ("norm(X, 1)", "X", {}), ("spectral_norm(X)", "X", {}), ("nuclear_norm(X)", "X", {}),
    ("sum(sigmoid(X*w))/n", "X", {}), ("mean(had(X, X))", "X", {}), ("logsumexp(A*x)", "x", {}), ("softmax(W*x)", "x", {}),
    ("sum(relu(W*x + b))", "W", {}), ("sum(softplus(W*x))", "W", {}), ("X[0, 1]**2", "X", {}), ("rowsum(A*X)", "X", {"form": "vec"}),
    ("tr(A*expm(X))", "X", {}), ("tr(A*logm(X))", "X", {}), ("tr(sqrtm(X))", "X", {}), ("tr(funm(tanh, X))", "X", {}),
    ("expm(X)", "X", {"form": "vec"}), ("A*sqrtm(X)", "X", {"form": "vec"}), ("tr(A*pinv(X))", "X", {}), ("pinv(X)", "X", {"form": "vec"}),
    ("eigval(X, i)", "X", {}), ("eigvec(X, i)", "X", {"form": "vec"}), ("singval(X, i)", "X", {}),
    ("left_singvec(X, 0)", "X", {"form": "vec"}), ("right_singvec(X, i)", "X", {"form": "vec"}), ("tr(A*chol(S))", "S", {}),
    ("chol(S)", "S", {"form": "vec"}), ("unvec(v, m, n)*x", "v", {}), ("X.T", "X", {"form": "vec"}), ("duplication(n)*v", "v", {}),
    ("sum(hpow(x, y))", "x", {}), ("sum(hpow(x, y) + y)", "y", {}), ("sum(hpow(3, y))", "y", {}), ("dot(A*X, B)", "X", {}),
    ("x[1:] - x[:-1]", "x", {"form": "vec"}), ("norm(X[:, 0] - X[:, 1])**2", "X", {}), ("sum(exp(X[0, :]))", "X", {}),
    ("max(a, b)**2", "a", {}), ("sum(max(x, t))", "x", {}), ("sum(max(x, t))", "t", {}), ("min(x.T*x, t)", "x", {}),
    ("where(a > b, a**2, b)", "a", {}), ("where(norm(x) < 1, norm(x)**2, 2*norm(x) - 1)", "x", {}),
    ("sum(apply(u -> where(u > t, u**2, u), X))", "X", {}), ("sum(lgamma(x))", "x", {}), ("sum(digamma(x))", "x", {}),
    ("sum(trigamma(x))", "x", {}), ("sum(erfc(x))", "x", {}), ("sum(asinh(X))", "X", {}), ("sum(acosh(x))", "x", {}), ("sum(atanh(x))", "x", {}),
    ("norm(x, p)", "x", {}), ("norm(A, p)", "A", {}),
    ("frechet(exp, X, E)", "X", {"form": "vec"}), ("frechet(exp, X, E)", "E", {"form": "vec"}),
]  # fmt: skip


@pytest.mark.parametrize("text,variable,options", DERIVATIVES)
def test_derivatives_read_back(text, variable, options):
    reading = read(text, variables=(variable,))
    layout = "numerator" if options else "denominator"
    derivative = mc.jacobian(reading.expr, *reading.variables, layout=layout, **options)
    back = parse(to_text(derivative), reading.shapes)[0]
    env = random_env([reading.expr, derivative], domain=domains(reading.expr)[0])
    assert np.allclose(evaluate(back, env), evaluate(derivative, env), rtol=1e-12, atol=1e-12)


DOMAINS = [
    ("eigval(X, 0)*t", {"X": "simple_spectrum"}), ("eigvec(X.T, i)", {"X": "simple_spectrum", "i": ("index", n)}),
    ("chol(S)", {"S": "spd"}), ("logm(X)", {"X": "logdomain"}), ("funm(sqrt, X)", {"X": "logdomain"}), ("frechet(log, X, E)", {"X": "logdomain"}),
    ("logm(S)*chol(S)", {"S": "spd"}), ("pinv(X)", {"X": "fullrank"}), ("singval(X, k)", {"X": "fullrank", "k": ("index", Min(m, n))}),
    ("spectral_norm(X) + nuclear_norm(Y)", {"X": "fullrank", "Y": "fullrank"}), ("norm(X, 1)", {"X": "distinct_abs"}),
    ("sum(log(X))", {"X": "positive"}), ("funm(asin, X)", {"X": "small"}), ("sum(asin(x))", {"x": "unit"}),
    ("sum(acosh(x))", {"x": "above_one"}), ("sum(atanh(x) + lgamma(x))", {"x": "unit"}), ("sum(digamma(X))", {"X": "positive"}),
    ("norm(x, p)", {"x": "distinct_abs", "p": "above_one"}), ("sum(hpow(x, y))", {"x": "positive"}),
    ("eigval(X, i + 1)*Y[i, j]", {"X": "simple_spectrum", "i": ("index", Min(m, n - 1)), "j": ("index", k)}),
    ("unit(m, n, i, 0)*x", {"i": ("index", m)}), ("eigval(X.T*X, j - 1)", {}),
    ("norm(X)", {}), ("expm(X)", {}), ("eigval(A*A.T, 0)", {}), ("logm(A + B)", {}), ("log(t)", {}),
]  # fmt: skip


@pytest.mark.parametrize("text,expected", DOMAINS)
def test_the_domain_of_the_check_is_that_of_the_functions(text, expected):
    found, notes = domains(parse(text)[0])
    assert {s.name: d for s, d in found.items()} == expected
    assert len(notes) == len([d for d in found.values() if isinstance(d, str)]) and all(note.startswith("checked with ") for note in notes)


def test_nested_expressions_take_no_time():
    steps = counted(lambda: parse("-(tanh(x+" * 12 + "x" + "))" * 12))[1]
    assert steps < 2_000_000  # tried again at every level it would be 2**12 times that of one
    expr = parse("-(tanh(x+" * 12 + "x" + "))" * 12)[0]
    assert to_text(expr) == "-tanh(x - " + "tanh(x - " * 10 + "tanh(2*x)" + ")" * 11
    assert parse("tanh(A*" * 50 + "x" + ")" * 50)[0].shape == (n, 1)


def test_the_outcome_depends_on_the_text_alone():
    first, second = read("norm(Y - U*V.T) + x.T*A*x"), read("norm(Y - U*V.T) + x.T*A*x")
    assert first.expr == second.expr and first.shapes == second.shapes


@pytest.mark.parametrize(
    "text",
    ["1e-5000*tr(A)", "1e-60*tr(A)", "tr(A)/1e-400", "1e5000*tr(A)", "1e-99999999999999999999*tr(A)", "1e99999999999999999999*tr(A)",
     "9**9**9*tr(A)", "(3*tr(A))**100000", "tr((3*A)**100000)", "*".join(["10**299"] * 20) + "*tr(A)", "2**-3000*tr(A)",
     "+".join(["1/7**300*1/3**500"] * 3) + " + tr(A)"],
)  # fmt: skip
def test_numbers_of_too_many_digits_are_refused(text):
    with pytest.raises(ParseError, match="out of range|digits"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["0e-5000*tr(A) + tr(A)", "0.0*tr(A) + tr(A)", "1e-49*tr(A)", "tr(A)**100000", "1**100000*tr(A)", "2**900*tr(A)"]
)
def test_numbers_of_few_digits_are_read(text):
    parse(text)


@pytest.mark.parametrize(
    ("text", "other"),
    [(r"\operatorname{tr}(M)^{-1}", r"\operatorname{tr}(M^{-1})"), ("tr(X'*X)^-1", "tr((X'*X)^-1)"), ("r: n x n; tr(r)^-1", "tr(r^-1)")],
)
def test_one_over_a_trace_says_how_the_trace_of_the_inverse_is_written(text, other):
    (note,) = [note for note in read(text).notes if "one over the trace" in note]
    assert note.endswith(f"`{other}`")
    assert not [note for note in read(other if text[0] != "r" else f"r: n x n; {other}").notes if "one over" in note]


def test_names_that_could_be_entries_of_what_is_declared_are_noted():
    assert "`x_1` is read as a name of its own, not as an entry of `x`" in read("x: n; x_1 + x_2").notes
    for text in ("x: scalar; x_1 + x", "X: n x n; X1 + X", "x: n; x_1: scalar; x_1*x"):
        assert not [note for note in read(text).notes if "name of its own" in note]
