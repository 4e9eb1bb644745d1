"""Names that are scalars only by a power, a quotient, a comparison or an added number."""

import re

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read

REFUSED = [  # (text, what the message says)
    ("sum(1/x)", ["`1/x` (column 5) stands where a vector does", "`x` is a divisor", "hpow(v, -1)", "declare `x: scalar`"]),
    ("x.T*x + sum(1/x)", ["`x` (column 1) stands where a vector does", "hpow"]),
    ("x.T*A*x/x", ["`x` (column 1)", "`/x` (column 9)"]),
    ("sum(log(x)/x)", ["`log(x)/x` (column 5)", "hpow"]),
    ("had(x, 1/y)", ["`1/y` (column 8)", "hpow"]),
    ("dot(x, 1/y)", ["`1/y`", "hpow"]),
    ("x.T*y + x**2", ["`x**2` (column 9)", "`v.T*v`"]),
    ("(a*x+1)**2", ["`a*x+1` (column 2) is n x 1, and has a power in `(a*x+1)**2` (column 1)", "hpow(v, k)"]),
    ("-(A*x)**2", ["`A*x` (column 3) is n x 1, and has a power in `(A*x)**2`", "hpow(v, k)", "`v.T*v`"]),
    ("1/(1 + exp(-X*w))", ["`1 + exp(-X*w)` (column 4) is n x", "is a divisor", "hpow(1 + exp(-X*w), -1)"]),
    ("sum(1/(1+exp(-y.*x)))", ["`1+exp(-y.*x)` (column 8) is n x 1, and is a divisor", "hpow(1+exp(-y.*x), -1)"]),
    ("log(x.*y)^2 + 1", ["`log(x.*y)` (column 1) is n x 1, and has a power in `log(x.*y)^2` (column 1)", "hpow(v, k)"]),
    ("x[0] + 1/x", ["`x` (column 10) is n x 1", "hpow"]),
    ("where(x > 0, x, 0)", ["`x` is by convention a vector", "is compared", "apply(u -> where(u > 0, u, 0), v)", "declare `x: scalar`"]),
    ("where(X > 0, X, 0)", ["`X` is by convention a vector or matrix"]),
    ("where(A*x > 0, 1, 0)", ["`A*x`", "is compared", "apply(u -> where"]),
    ("where(a > 0, A*x, 0)", ["`A*x`", "is a value of `where`"]),
]


@pytest.mark.parametrize("text,parts", REFUSED)
def test_a_vector_that_has_to_be_a_scalar_is_an_error(text, parts):
    with pytest.raises(mc.ShapeError) as error:
        parse(text)
    assert not [part for part in parts if part not in str(error.value)], error.value


@pytest.mark.parametrize(
    "text,parts",
    [
        ("x.T*x/y", ["`y` is read as a scalar: it is a divisor in `/y` (column 7)", "hpow(v, -1)"]),
        ("exp(-x.T*x/(2*s**2))", ["`s` is read as a scalar: it has a power in `s**2` (column 15)"]),
        ("1 + x", ["`x` is read as a scalar: it is added to a number"]),
        ("A*x/A", ["`A` is read as a scalar", "`A.I` for an inverse"]),
        ("hpow(x, y)", ["`y` is read as a scalar: it is an elementwise exponent", "declare its shape"]),
    ],
)
def test_a_scalar_by_such_a_use_alone_has_a_note(text, parts):
    (note,) = read(text).notes
    assert not [part for part in parts if part not in note], note


@pytest.mark.parametrize(
    "text", ["a**2", "t/a", "(x - mu)/sigma", "norm(x)**2/norm(y)", "x.T*x/(y.T*y)", "hpow(x, k)", "exp(-t)/a", "1/(1 + exp(-a))"]
)
def test_what_is_a_scalar_anyway_has_none(text):
    assert not read(text).notes


@pytest.mark.parametrize("text", ["1/x", "x**2", "sum(1/x)", "x.T*x/x", "where(x > 0, x, 0)"])
def test_what_is_declared_to_be_a_scalar_is_one(text):
    reading = read(text, ["x: scalar"])
    assert not reading.notes and not reading.symbols["x"].is_Matrix


DECLARED = [  # a text that does not fit, shapes, the declarations that would mend it
    ("A*x + B", [], "It can be read with `A: scalar` or `x: scalar` or `B: vector` declared."),
    ("x.T*S*x + A*x", ["S: 3 x 3"], "It can be read with `x: scalar` declared."),
    ("x*y", [], "It can be read with `x: scalar` or `y: scalar` declared."),
    ("softmax(Z)", [], "It can be read with `Z: vector` declared."),
    ("log(a + z.T*kron(A, B)*z)", [], "declare `z` (column 9)"),
]


@pytest.mark.parametrize("text,shapes,offered", DECLARED)
def test_a_declaration_that_is_offered_mends_the_error(text, shapes, offered):
    with pytest.raises(mc.ShapeError) as error:
        parse(text, shapes)
    assert offered in str(error.value)
    for declaration in re.findall(r"`(\w+: \w+)`", offered):
        assert parse(text, [*shapes, declaration])[0].free_symbols


@pytest.mark.parametrize(
    "text,shapes",
    [
        ("x'*A*y", ["x: 3", "A: 4 x 4"]),
        ("A*x + y", ["A: 3 x 4", "y: 7"]),
        ("1/(1 + exp(-X*w))", []),
        ("x*y*z", []),
        ("softmax(Z)", ["Z: 3 x 4"]),
    ],
)
def test_no_declaration_is_offered_that_does_not_help(text, shapes):
    with pytest.raises(mc.ShapeError) as error:
        parse(text, shapes)
    assert "can be read with" not in str(error.value) and "--shape" not in str(error.value)


def test_what_does_not_fit_is_shown_with_its_brackets():
    with pytest.raises(mc.ShapeError, match=r"in a product `\(y - x\)` .*`dot\(y - x, x - y\)`, elementwise: `had\(y - x, x - y\)`"):
        parse("(y - x)*(x - y)")
    with pytest.raises(mc.ShapeError, match=r"divisor in `/\(1 \+ exp\(-X\*w\)\)` .*write `hpow\(1 \+ exp\(-X\*w\), -1\)`"):
        parse("1/(1 + exp(-X*w))")


@pytest.mark.parametrize(
    "text,shape,name,expected",
    [
        ("A*x", "x: vector", "x", "m x 1"),
        ("x*A", "x: row", "x", "1 x n"),
        ("A*x", "A: square", "A", "n x n"),
        ("A*x", "x: rows", "x", "rows x 1"),
    ],
)
def test_a_shape_may_be_a_word(text, shape, name, expected):
    assert " x ".join(map(str, parse(text, [shape])[1][name].shape)) == expected


@pytest.mark.parametrize(
    "shapes,said",
    [
        (["x: vectr"], "did you mean `x: vector`?"),
        (["x: spd"], "is a fact, no shape"),
        (["x: row", "x: vector"], "declared twice"),
        (["pi: vector"], "cannot be declared"),
    ],
)
def test_a_word_that_is_no_shape_is_an_error(shapes, said):
    with pytest.raises(mc.MatcalcError) as error:
        parse("A*x", shapes)
    assert said in str(error.value)
    with pytest.raises(mc.ShapeError, match="a matrix in the text and a column by the option"):
        parse("x matrix; A*x", ["x: vector"])


def test_no_hint_to_declare_what_is_declared():
    with pytest.raises(mc.ShapeError) as error:
        parse("A*x", ["A: 3 x 4", "x: 5"])
    assert "--shape" not in str(error.value)


def test_a_declared_scalar_adds_to_every_entry():
    assert parse("X*w + b", ["b: scalar"])[0] == parse("X*w + b*ones(n)", ["b: scalar", "X: n x m"])[0]
    assert parse("sum(relu(1 - had(y, X*w + b)))", ["b: scalar"])[1]["y"].shape[1] == 1


def test_a_matrix_by_use_alone_has_a_note():
    (note,) = read("logdet(K + lam)").notes
    assert "`lam` is read as a matrix, n x n, by its use" in note and "`lam: scalar`" in note
    assert not read("logdet(K + lam*I)").notes
