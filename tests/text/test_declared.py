"""Declarations in words, in front of a formula and behind `where`."""

import pytest

from sympy_matcalc import MatcalcError, gradient, parse
from sympy_matcalc.text import read

DECLARED = [  # (text, the shapes, the facts)
    ("A symmetric matrix, x vector; x'*A*x", {"x": "n", "A": "n x n"}, ("symmetric: A",)),
    ("X is m x n; w vector\n ||X*w - y||^2", {"X": "m x n", "w": "n", "y": "m"}, ()),
    ("x'*A*x where A is symmetric, x is a vector", {"x": "n", "A": "n x n"}, ("symmetric: A",)),
    ("S spd; logdet(S)", {"S": "n x n"}, ("positive_definite: S",)),
    ("A, B symmetric; tr(A*B)", {"A": "n x n", "B": "n x n"}, ("symmetric: A, B",)),
    ("let A be a positive definite matrix; a scalar; a*logdet(A)", {"a": "scalar", "A": "n x n"}, ("positive_definite: A",)),
    ("X ∈ R^{m x n}; tr(X'*X)", {"X": "m x n"}, ()),
    (r"A \in \mathbb{R}^{m \times n}; \|A\|_F", {"A": "m x n"}, ()),
    ("x in R^n; x'*x", {"x": "n"}, ()),
    ("A is a symmetric 3 x 3 matrix; tr(A)", {"A": "3 x 3"}, ("symmetric: A",)),
    ("b: n; b'*b", {"b": "n"}, ()),
    ("a vector; t*a'*a", {"t": "scalar", "a": "n"}, ()),
    ("A is a row vector; A*x", {"A": "1 x n", "x": "n"}, ()),
    ("K square; tr(K)", {"K": "n x n"}, ()),
    ("K square, K is a matrix; X matrix, X is m x n; K*X", {"K": "m x m", "X": "m x n"}, ()),
    (r"x^\top A x where A is symmetric", {"x": "n", "A": "n x n"}, ("symmetric: A",)),
    ("X scalar; X^2", {"X": "scalar"}, ()),
    ("Σ spd; x'*inv(Sigma)*x", {"x": "n", "Sigma": "n x n"}, ("positive_definite: Sigma",)),
    ("[A, B; C, D]*x", {"A": "n x m", "B": "n x k", "C": "p x m", "D": "p x k", "x": "k + m"}, ()),
    ("where(a > 0, a, b)", {"a": "scalar", "b": "scalar"}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "facts"), DECLARED)
def test_what_is_declared(text, shapes, facts):
    seen = read(text)
    assert seen.shapes == shapes and seen.facts == facts


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("A symetric; tr(A)", 3, "did you mean `symmetric`"), ("x vector, A foo; tr(A)", 13, "`foo` is no word"), ("x; y", 1, "`x` declares nothing"),
        ("A matrix; x'*x", None, None), ("sigma vector; x'*Sigma*x", None, "two names"), ("A vector; det(A)", None, "square"),
        ("X is 2 x 3, X is 3 x 2; tr(X'*X)", 13, "`X` is declared twice, as `2 x 3` and as `3 x 2`"), ("x vector, x scalar; x'*x", 11, "declared twice"),
    ],
)  # fmt: skip
def test_what_declares_nothing(text, column, says):
    if says is None:
        assert "A" not in read(text).symbols  # what does not occur is left out
        return
    with pytest.raises(MatcalcError) as error:
        read(text)
    assert says in str(error.value) and (column is None or error.value.column == column)


@pytest.mark.parametrize(
    ("text", "shapes", "says"),
    [
        ("X is m x n; tr(X'*X)", ["X: 2 x 3"], "`X` is m x n in the text and 2 x 3 by the option"), ("x vector; x'*x", ["x: scalar"], "is a column in the text and scalar by the option"), ("x vector; x'*x", ["x: 3 x 2"], "is a column in the text"),
        ("K square; tr(K)", ["K: 2 x 3"], "is square in the text"), ("X is 2 x 3; tr(X'*X)", ["X: 2 x 3"], None), ("x vector; x'*x", ["x: 4"], None), ("K square; tr(K)", ["K: n x n"], None),
    ],
)  # fmt: skip
def test_an_option_that_says_something_else_than_the_text_is_an_error(text, shapes, says):
    if says is None:
        assert parse(text, shapes=shapes)[1]
        return
    with pytest.raises(MatcalcError, match="leave one of them out") as error:
        parse(text, shapes=shapes)
    assert says in str(error.value)


def test_a_mistake_in_a_declaration_has_a_caret():
    with pytest.raises(MatcalcError) as error:
        read("x vector, A foo; tr(A)")
    *_, line, caret = str(error.value).splitlines()
    assert line.strip() == "x vector, A foo; tr(A)" and line[caret.index("^") :].startswith("foo") and error.value.column == 13


@pytest.mark.parametrize("said", ["X: 2 x 3", "X is 2 x 3", "  X  is  2 x 3 "])
def test_an_option_declares_as_a_text_does(said):
    assert parse("norm(X)", shapes=[said])[1]["X"].shape == (2, 3)


@pytest.mark.parametrize("said", ["x: vector", "x vector", "x is a vector", "x is 4"])
def test_a_kind_is_declared_in_words(said):
    assert parse("norm(x)", shapes=[said])[1]["x"].shape[1] == 1


@pytest.mark.parametrize("said", ["", " ", "X", "X is", "is", "X 2 x 3", "x foo", "x:: n", "x is: n"])
def test_what_declares_nothing_is_an_error(said):
    with pytest.raises(MatcalcError, match="write `X: m x n`"):
        parse("norm(X) + norm(x)", shapes=[said])


@pytest.mark.parametrize("said", ["x is positive", "x: positive", "x is real", "X is an array", "X: random"])
def test_a_word_that_says_no_shape_is_no_size(said):
    with pytest.raises(MatcalcError, match="says no shape; write"):
        parse("norm(X) + norm(x)", shapes=[said])


@pytest.mark.parametrize(
    "said",
    ["positive scalar a", "a positive scalar", "a is a positive number", "a positive", "a: positive", "a > 0", "a>0", "let a be positive", "given positive a"],
)  # fmt: skip
@pytest.mark.parametrize("text", ["{}; sqrt(a^2)", "sqrt(a^2) where {}", r"{}; \sqrt{{a^2}}"])
def test_a_positive_number(said, text):
    expr, symbols = parse(text.format(said))
    assert symbols["a"].is_positive and expr == symbols["a"] and gradient(expr, symbols["a"]) == 1


def test_positive_numbers_together():
    for text in ("a, b > 0; sqrt(a^2*b^2)", "a > 0, b > 0; sqrt(a^2*b^2)", "a, b positive scalars; sqrt(a^2*b^2)"):
        expr, symbols = parse(text)
        assert expr == symbols["a"] * symbols["b"]
    assert parse(r"\lambda > 0; \sqrt{\lambda^2}")[1]["lam"].is_positive
    assert parse("scalar a; sqrt(a^2)")[1]["a"].is_positive is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x > 0; sum(log(x))", "`x` is said to be positive, which is read of a number alone, and is n x 1 here; declare `x: scalar`"),
        ("A > 0; logdet(A)", "of a matrix write `A positive definite`"),
        ("x positive vector; sum(log(x))", "declare `x: scalar`, or leave `positive` out"),
        ("A > 0; a*b", "`A` is declared, and the expression has `a`"),
    ],
)
def test_vectors_and_matrices_are_not_positive(text, said):
    with pytest.raises(MatcalcError) as found:
        parse(text)
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("symmetric A; x'*A*x", ("symmetric: A",)),
        ("given symmetric A; x'*A*x", ("symmetric: A",)),
        ("positive definite A; logdet(A)", ("positive_definite: A",)),
        ("symmetric positive definite matrix A; x'*A*x", ("symmetric: A", "positive_definite: A")),
    ],
)
def test_facts_in_front_of_the_name(text, facts):
    assert read(text).facts == facts


def test_kinds_in_front_of_the_name():
    assert read("vector a; a'*a").shapes == {"a": "n"} and read("scalar X; X^2").shapes == {"X": "scalar"}
    assert read("row vector; row'*x").shapes["row"] == "n"
