"""Index notation is typed as it is printed, in Python's spelling and in LaTeX."""

import pytest
from sympy import Symbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read, to_text

m, n, k = symbols("m n k", integer=True, positive=True)
TYPED = [  # a Jacobian or second derivative that has no matrix notation: of what, by what, the shapes
    ("X", "X", "X: m x n"),
    ("X*X", "X", "X: n x n"),
    ("2*W*v", "W", "W: m x n, v: n"),
    ("X.I*a", "X", "X: n x n, a: n"),
    ("A*X*B", "X", "A: m x n, X: n x k, B: k x m"),
    ("det(X)*X.I", "X", "X: n x n"),
    ("tr(X)*X", "X", "X: m x m"),
    ("tanh(W*x)", "W", "W: m x n, x: n"),
    ("x.T*x*X/3 - X", "X", "x: n, X: m x n"),
]


@pytest.mark.parametrize(("text", "by", "shapes"), TYPED, ids=[row[0] for row in TYPED])
def test_what_is_printed_reads_back(text, by, shapes):
    declared = shapes.split(", ")
    expr, names = parse(text, declared)
    found = mc.jacobian(expr, names[by])
    occurring = [d for d in declared if names[d.split(":")[0]] in found.free_symbols]
    for printed in (to_text(found), str(found)):
        assert parse(printed, occurring)[0] == found
    back = parse(mc.latex(found), occurring, syntax="latex")[0]
    assert [term.out for term in back.terms] == [term.out for term in found.terms]


def test_a_kronecker_axis_and_sums():
    expr, names = parse("tr(A*kron(I, F).T)", ["A: m*n x m*k", "F: n x k"])
    found = mc.gradient(expr, names["F"])
    assert to_text(found) == "Einsum(ij: A[(ki),(kj)])"
    assert [to_text(parse(text)[0]) for text in (to_text(found), mc.latex(found))] == [to_text(found)] * 2
    with pytest.raises(mc.ShapeError, match="factors of a Kronecker axis are not settled"):
        parse(to_text(found), ["A: m*n x m*k"])


def test_the_size_of_an_index_that_only_deltas_have_is_said():
    X = parse("X", ["X: m x n"])[0]
    assert str(mc.jacobian(X, X)) == "Einsum(ijkl: I(m)[i,k]*I(n)[j,l])"


def test_deltas_elsewhere():
    expr, names = parse(r"\sum_{i} \sum_{j} \delta_{ij} A_{ij}", ["A: 3 x 3"], syntax="latex")
    assert expr.doit() == sum(names["A"][i, i] for i in range(3))


def test_entries_with_an_index_of_a_sum_from_0_and_a_free_one():
    reading = read(r"\sum_{j=0}^{n-1} A_{ij} v_j", syntax="latex")
    assert reading.shapes["A"] == "m x n" and Symbol("i", integer=True, nonnegative=True) in reading.expr.free_symbols


def test_a_matrix_of_numbers():
    expr, _ = parse("Matrix([[2/t, 1], [3*cos(3*t), 0]])")
    assert expr.shape == (2, 2) and parse(to_text(expr))[0] == expr


def test_indices_that_no_one_has_named_have_letters_in_latex():
    A, x = parse("A*x", ["A: n x n"])[1].values()
    entry = (x.T * A * A * x)[0, 0]
    tex = mc.latex(entry.doit()) if not entry.has(Symbol) else mc.latex(entry)
    assert "_{1}" not in tex


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("Einsum(ijk: x)", 1, "no factor of `Einsum` has the index `i`"),
        ("Einsum()", 1, "no sum of products"),
        ("Einsum(ii: A[i,i])", 8, "the axes `ii`"),
        ("Einsum(ijk: A[i,j]/x[k])", 13, "write its terms as products by `*`"),
        ("Einsum(ijk: A[i,j]*x[k]) + 1", 1, "has 3 axes: it stands alone"),
        ("Einsum(ijk: I(n)[i,j]*A[i,k]*I(m)[i,j])", 30, "another size than the index `i`"),
        ("Einsum(ij: A[i,j,k])", 12, "3 indices"),
    ],
)
def test_mistakes_have_their_place(text, column, said):
    with pytest.raises(mc.MatcalcError) as error:
        parse(text)
    assert said in str(error.value) and error.value.column == column
