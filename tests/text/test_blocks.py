"""Block matrices as they are typed: zeros of the size that is needed, numbers that stay numbers, square diagonals."""

import pytest
from sympy import ImmutableMatrix, Symbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.text import read, to_text

BLOCKS = [  # (typed, as read, the shapes)
    ("[A, 0; 0, B]*x", "block([[A, zeros(n, p)], [zeros(k, m), B]])*x", {"A": "n x m", "B": "k x p", "x": "m + p"}),
    (r"\begin{bmatrix} A & 0 \\ 0 & B \end{bmatrix} x", "block([[A, zeros(n, p)], [zeros(k, m), B]])*x", {"A": "n x m", "B": "k x p", "x": "m + p"}),
    (r"\begin{bmatrix} A & \mathbf{0} \\ \mathbf{0} & B \end{bmatrix} x", "block([[A, zeros(n, p)], [zeros(k, m), B]])*x", {"A": "n x m", "B": "k x p", "x": "m + p"}),
    ("[R, p; 0, 1]", "block([[R, p], [zeros(1, m), 1]])", {"R": "n x m", "p": "n"}),
    ("[A, b; c', 0]", "block([[A, b], [c.T, 0]])", {"A": "n x m", "b": "n", "c": "m"}),
    ("[I, 0; 0, A]", "block([[I(k), zeros(k, m)], [zeros(n, k), A]])", {"A": "n x m"}),
    ("block([[0, A], [A.T, 0]])", "block([[zeros(n, n), A], [A.T, zeros(m, m)]])", {"A": "n x m"}),
    ("[x; 0]", "block([[x], [0]])", {"x": "n"}),
    ("block([[A, 0], [0, 0]])", "block([[A, zeros(n, k)], [zeros(p, m), zeros(p, k)]])", {"A": "n x m"}),
]  # fmt: skip
SQUARE = [
    ("det([A, B; 0, D])", "det(block([[A, B], [zeros(m, n), D]]))", {"A": "n x n", "B": "n x m", "D": "m x m"}),
    ("tr([A, 0; 0, B])", "tr(block([[A, zeros(n, m)], [zeros(m, n), B]]))", {"A": "n x n", "B": "m x m"}),
    ("x'*[A, 0; 0, B]*x", "x.T*block([[A, zeros(n, m)], [zeros(m, n), B]])*x", {"x": "m + n", "A": "n x n", "B": "m x m"}),
    ("inv([A, b; c', d])", "(block([[A, b], [c.T, d]])).I", {"A": "n x n", "b": "n", "c": "n", "d": "scalar"}),
]


@pytest.mark.parametrize(("typed", "text", "shapes"), BLOCKS)
def test_a_zero_beside_matrices_is_a_block_of_the_size_that_it_needs(typed, text, shapes):
    reading = read(typed)
    assert (to_text(reading.expr), reading.shapes) == (text, shapes)


@pytest.mark.parametrize(("typed", "text", "shapes"), SQUARE)
def test_the_diagonal_of_what_has_to_be_square_is_square_and_that_is_said(typed, text, shapes):
    reading = read(typed)
    assert (to_text(reading.expr), reading.shapes) == (text, shapes)
    assert [note for note in reading.notes if "on the diagonal" in note and "square, by convention" in note]


def test_a_diagonal_that_use_makes_square_needs_no_convention():
    for typed in ("det([A, A'; 0, B])", "logdet([A, B; B', C])"):
        assert not [note for note in read(typed).notes if "on the diagonal" in note]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("[1, 2; 3, t]", [[1, 2], [3, Symbol("t", real=True)]]),
        ("[0, 0; 0, 0]", [[0, 0], [0, 0]]),
        ("[0, t; -t, 0]", [[0, Symbol("t", real=True)], [-Symbol("t", real=True), 0]]),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", [[1, 2], [3, 4]]),
    ],
)
def test_numbers_make_a_matrix_of_numbers(typed, rows):
    assert read(typed).expr == ImmutableMatrix(rows)


def test_declared_letters_say_what_a_zero_is():
    assert to_text(read("[a, 0; 0, b]*x", ["a: n x n", "b: m x m"]).expr) == "block([[a, zeros(n, m)], [zeros(m, n), b]])*x"
    a, b = symbols("a b", real=True)
    assert read("[a, 0; 0, b]", ["a: scalar", "b: scalar"]).expr == ImmutableMatrix([[a, 0], [0, b]])


def test_blocks_that_do_not_fit_are_refused():
    with pytest.raises(mc.ShapeError, match="equal in their rows"):
        read("[A, x; 0, 1]", ["A: n x n", "x: m"])


def test_numbers_among_blocks_print_as_numbers():
    expr = read("[a, x'; x, A]").expr
    n = Symbol("n", integer=True, positive=True)
    assert expr.shape == (n + 1, n + 1) and to_text(expr) == "block([[a, x.T], [x, A]])"
    assert mc.latex(expr) == r"\left[\begin{matrix}a & x^{\top}\\x & A\end{matrix}\right]"


def test_letters_of_columns_that_are_numbers_have_a_note():
    assert read("[x, 0; 0, y]").notes == ("`x`, `y` in `[x, 0; 0, y]` are read as numbers; for a column declare `x: n`",)
    assert not read("[x, 0; 0, y]", ["x: scalar", "y: scalar"]).notes and not read("[a, 0; 0, b]").notes


@pytest.mark.parametrize("text", ["[a -b; c -d]", "[A -B; C -D]", "[1 -2; 3 -4]"])
def test_a_space_that_ends_a_column_in_matlab_is_refused(text):
    with pytest.raises(mc.ParseError, match="can be read in two ways; write two columns as"):
        read(text, syntax="matlab")


def test_signs_with_spaces_on_both_sides_or_none():
    assert read("[a - b; c-d]", syntax="matlab").expr == read("block([[a - b], [c - d]])").expr


def test_a_vmatrix_is_a_determinant():
    tex = r"\begin{vmatrix} A & B \\ C & D \end{vmatrix}"
    assert read(tex).expr == read("det(block([[A, B], [C, D]]))").expr
    assert read(rf"2 \log{tex}").expr == read("2*log(det(block([[A, B], [C, D]])))").expr
    with pytest.raises(mc.ParseError, match="is not read; write a norm as"):
        read(r"\begin{Vmatrix} A & B \end{Vmatrix}")


@pytest.mark.parametrize("text", ["norm(x, -inf)", "x'*inf", "a*oo", "norm(A, -Inf)"])
def test_infinity_is_no_name(text):
    with pytest.raises(mc.ParseError, match="is no number of a formula"):
        read(text)


def test_a_block_diagonal_answer_prints_as_it_is_typed():
    expr, names = mc.parse("x'*[A, 0; 0, B]*x")
    assert str(mc.gradient(expr, names["x"])) == "(block([[A, 0], [0, B]]) + block([[A, 0], [0, B]]).T)*x"


def test_a_size_of_a_number_less_a_name_is_none():
    """Of the letters of columns that are numbers by convention, and what they meet: no matrix has 2 - n rows."""
    for text in ("[Q, A'; A, 0] \\ [c; b]", "norm([Q; B]*x - [c; d])^2"):
        with pytest.raises(mc.ShapeError, match="must be equal"):
            read(text, ["Q: n x n"])
    shapes = ["Q: n x n", "A: m x n", "c: n", "b: m"]
    assert read("[Q, A'; A, 0] \\ [c; b]", shapes).expr.shape == (
        Symbol("n", integer=True, positive=True) + Symbol("m", integer=True, positive=True),
        1,
    )
