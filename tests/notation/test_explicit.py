"""Sums of single entries as explicit matrices."""

import pytest
from sympy import ImmutableDenseMatrix, MatMul, MatrixSymbol, S, Trace, Transpose, log, symbols

import sympy_matcalc as mc
from sympy_matcalc import MatrixUnit
from sympy_matcalc.kernel.chains import open_product
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.explicit import _place, all_units, explicit_of_units

i = symbols("i", integer=True, nonnegative=True)
UNIT = MatrixUnit(2, 3, 0, 2)
A = MatrixSymbol("A", 2, 2)


@pytest.mark.parametrize(
    "node, place",
    [
        (UNIT, (0, 2)),
        (Transpose(UNIT), (2, 0)),
        (MatrixUnit(3, 1, 2, 0), (2, 0)),
        (MatrixUnit(2, 3, i, 2), None),
        (MatrixUnit(2, 3, 0, i % 3), None),
        (A, None),
        (A * UNIT, None),
    ],
    ids=str,
)
def test_place(node, place):
    with session():
        assert _place(open_product(node)[1]) == place


def test_the_matrix_of_units():
    with session():
        terms = [(S(5), open_product(UNIT)[1]), (S(2), open_product(MatrixUnit(2, 3, 1, 0))[1]), (S(1), open_product(UNIT)[1])]
        assert all_units(terms, (S(2), S(3)))
        assert explicit_of_units(terms, (S(2), S(3))) == (S.One, ImmutableDenseMatrix([[0, 0, 6], [2, 0, 0]]))
        assert not all_units([(S(1), open_product(A)[1]), *terms], (S(2), S(3)))


def test_a_sum_of_units_inside_a_product_is_explicit():
    """Two entries of a product: Z' times the matrix of where they sit; one entry stays a unit."""
    Y = MatrixSymbol("Y", 2, 2)
    assert mc.gradient((A * Y)[0, 1] + 3 * (A * Y)[1, 1], Y) == MatMul(A.T, ImmutableDenseMatrix([[0, 1], [0, 3]]))
    assert mc.gradient(Trace(Y * A * Y * MatrixUnit(2, 2, 0, 1)), A) == MatMul(Y.T, MatrixUnit(2, 2, 1, 0), Y.T)


def test_what_all_entries_have_of_matrices_stands_in_front():
    Y, x, y = MatrixSymbol("Y", 2, 2), MatrixSymbol("x", 2, 1), symbols("y")
    found = mc.gradient(log((A * Y)[0, 1] + 3 * (A * Y)[1, 1]), Y)
    assert str(found).replace("\n", " ") == "A.T*Matrix([ [0, 1], [0, 3]])/((A*Y)[0, 1] + 3*(A*Y)[1, 1])"
    found = mc.gradient(log(Y[0, 1] + 3 * y * Y[1, 1]), Y)
    assert str(found).replace("\n", " ") == "Matrix([ [0,   1], [0, 3*y]])/(3*y*Y[1, 1] + Y[0, 1])"
    assert mc.gradient(x[0] * x[1] ** 2, x) == ImmutableDenseMatrix([x[1] ** 2, 2 * x[0] * x[1]])
