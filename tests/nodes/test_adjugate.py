"""The adjugate: values, what it is of matrices that say more, its derivative."""

import numpy as np
import pytest
from sympy import Identity, Matrix, MatrixSymbol, Q, Symbol, Trace, ZeroMatrix, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule
from sympy_matcalc.text import parse, to_text

n = symbols("n", integer=True, positive=True)
A, X, t = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n), Symbol("t")


def test_values():
    assert mc.Adjugate(Identity(n)) == Identity(n) and mc.Adjugate(X.T) == mc.Adjugate(X).T
    assert mc.Adjugate(Matrix([[1, 2], [2, 4]])).doit() == Matrix([[4, -2], [-2, 1]])
    assert mc.Adjugate(Matrix([[t, 1], [0, t]])).doit() == Matrix([[t, -1], [0, t]])
    assert mc.Adjugate(Matrix([[5]])).doit() == Matrix([[1]]) and mc.Adjugate(ZeroMatrix(2, 2).as_explicit()).doit() == Matrix.zeros(2, 2)
    with pytest.raises(mc.ShapeError, match="Adjugate"):
        mc.Adjugate(MatrixSymbol("B", 2, 3))


def test_text_and_latex():
    assert to_text(parse("tr(adj(X)*A)")[0]) == "tr(adj(X)*A)"
    assert to_text(mc.Adjugate(X).T) == "adj(X).T" and to_text(parse("adjugate(X)")[0]) == "adj(X)"
    assert mc.latex(mc.Adjugate(X)) == r"\operatorname{adj}\left(X\right)"


@pytest.mark.parametrize("order", [1, 2])
def test_derivatives(order):
    check_rule(Trace(A * mc.Adjugate(X)), X, {X: "invertible"}, order=order)
    check_rule(mc.Adjugate(A + t * X), t, {A: "invertible", X: "small"}, order=order)


def test_of_a_symmetric_matrix_it_is_symmetric():
    assert mc.simplify(mc.Adjugate(X).T - mc.Adjugate(X), Q.symmetric(X)) == ZeroMatrix(n, n)


def test_of_one_entry_it_is_one():
    o = MatrixSymbol("o", 1, 1)
    assert mc.gradient(Trace(mc.Adjugate(o) * o), o) == Identity(1)
    assert mc.lambdify(o, mc.Adjugate(o))([[3.0]]).tolist() == [[1]]
    assert mc.lambdify(X, mc.Adjugate(X))(np.array([[3.0]])).tolist() == [[1]]
