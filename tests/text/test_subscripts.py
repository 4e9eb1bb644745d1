"""`einsum` as NumPy, PyTorch and JAX have it: the value is NumPy's, and what is not read has an error that says what is."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc import ParseError
from sympy_matcalc.text import parse

A, B = np.array([[1.0, 2, 3], [4, 5, 7], [-1, 0, 2]]), np.array([[2.0, -1, 1], [0, 3, 5], [1, 1, 4]])
x, y = np.array([1.0, -2, 3]), np.array([0.5, 4, 1])
GIVEN = {"A": A, "B": B, "x": x, "y": y, "a": 3.0}
READ = [
    ("ij,j->i", "A, x"), ("i,ij,j->", "x, A, x"), ("ii", "A"), ("ii->i", "A"), ("ik,jk->ij", "A, B"), ("i,j->ij", "x, y"), ("ij, ij -> ij", "A, B"),
    ("ij,k->ijk", "A, x"), ("ji", "A"), ("ij,jk", "A, B"), (",ij->ij", "a, B"), ("i,i", "x, y"), ("bi,ij,bj->b", "A, B, A"), ("i->i", "x"),
    ("zy,y", "A, x"), ("ij->", "A"), ("ij->j", "A"), ("Ij,jI->I", "A, B"),
]  # fmt: skip


@pytest.mark.parametrize("package", ["np.", "torch.", "jnp.", ""])
def test_packages_in_front(package):
    assert parse(f"{package}einsum('ij,j->i', A, x)")[0] == parse("Einsum(i: A[i,j]*x[j])")[0]


@pytest.mark.parametrize("subscripts, names", READ)
def test_the_value_is_numpys(subscripts, names):
    expr, symbols = parse(f'np.einsum("{subscripts}", {names})')
    arrays = [GIVEN[name] for name in names.split(", ")]
    found = mc.lambdify(list(symbols.values()), expr)(*(GIVEN[name] for name in symbols))
    assert np.allclose(np.squeeze(found), np.einsum(subscripts, *arrays))


def test_derivatives_are_in_matrix_notation():
    expr, names = parse("np.einsum('i,ij,j->', x, A, x)")
    assert mc.gradient(expr, names["x"]) == mc.gradient(parse("x.T @ A @ x")[0], names["x"])
    expr, names = parse("0.5*np.einsum('bi,ij,bj->', X - Y, A, X - Y)")
    assert mc.gradient(expr, names["A"]) == mc.gradient(parse("0.5*np.trace((X - Y) @ A @ (X - Y).T)")[0], names["A"])


@pytest.mark.parametrize("text, fault", [
    ("np.einsum('...i,i', A, x)", "an ellipsis"), ("np.einsum('ijk,k->ij', A, x)", "2 axes at most"), ("np.einsum(A, [0, 1])", "text in quotes"),
    ("np.einsum('ij,j->k', A, x)", "no array has the axis `k`"), ("np.einsum('ij->ii', A)", "the axis `i` twice"),
    ("np.einsum('ij,j->i', A)", "subscripts of 2 arrays, and 1 are given"), ("np.einsum('i1,j', A, x)", "axes are letters"), ("einsum()", "text in quotes"),
])  # fmt: skip
def test_what_is_not_read_says_why(text, fault):
    with pytest.raises(ParseError, match="write `einsum") as caught:
        parse(text)
    assert fault in str(caught.value)


def test_shapes_are_those_of_the_letters():
    with pytest.raises(mc.ShapeError, match="has the indices"):
        parse("np.einsum('ij,j->i', A, x)", ["A: 3 x 4", "x: 3"])
    assert parse("np.einsum('ij,j->i', A, x)", ["A: 3 x 4"])[1]["x"].shape == (4, 1)
