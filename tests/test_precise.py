"""Values without NumPy: exact where a pivot is small, strict about shapes; those of every node are compared in tests/verdicts/test_precise.py."""

import pytest
from mpmath import mp, mpc, mpf
from sympy import Determinant, HadamardProduct, Identity, Inverse, MatrixSymbol, Piecewise, Sum, Symbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.precise import NO_VALUE, Precise, UnknownNodeError, entrywise, exactly, of_rows

n = symbols("n", integer=True, positive=True)
A, B, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("x", n, 1)
t = Symbol("t")


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(40):
        yield


def test_a_small_pivot_is_no_zero():
    """mpmath's own determinant is 0 here, and its inverse an error."""
    M = mp.diag([mpf(1), mpf(10) ** -60])
    assert abs(Precise({A: M, n: 2}).value(Determinant(A)) - mpf(10) ** -60) < mpf(10) ** -95
    inverse = Precise({A: M, n: 2}).value(Inverse(A))
    assert abs(inverse[1, 1] * mpf(10) ** -60 - 1) < mpf(10) ** -38 and inverse[0, 1] == inverse[1, 0] == 0


def test_rows_are_exchanged_with_their_sign():
    M = mp.matrix([[0, 1, 2], [1, 0, 3], [4, -3, 8]])
    ev = Precise({A: M, n: 3})
    assert ev.value(Determinant(A)) == -2
    assert mp.norm(ev.value(A * Inverse(A)) - mp.eye(3)) < mpf(10) ** -37


def test_a_singular_matrix_has_a_determinant_and_no_inverse():
    ev = Precise({A: mp.matrix([[1, 2], [2, 4]]), n: 2})
    assert ev.value(Determinant(A)) == 0
    with pytest.raises(ZeroDivisionError):
        ev.value(Inverse(A))


def test_powers():
    ev = Precise({A: mp.matrix([[2, 1], [1, 1]]), n: 2})
    assert ev.value(A**2) == mp.matrix([[5, 3], [3, 2]])
    assert mp.norm(ev.value(A**-2) * ev.value(A**2) - mp.eye(2)) < mpf(10) ** -37


def test_entries_are_neither_too_few_nor_too_many():
    assert of_rows((2, 1), [1, 2]) == mp.matrix([1, 2])
    for entries in ([1], [1, 2, 3]):
        with pytest.raises(ValueError):
            of_rows((2, 1), entries)


def test_shapes_that_differ_are_no_product():
    with pytest.raises(ValueError):
        entrywise(lambda a, b: a * b, mp.eye(2), mp.eye(3))
    with pytest.raises(ValueError):
        Precise({A: mp.eye(2), B: mp.eye(3), n: 2}).value(HadamardProduct(A, B))


@pytest.mark.parametrize("i, j", [(2, 0), (0, 2), (-1, 0), (0, -1)])
def test_an_entry_outside_of_the_matrix_is_an_error(i, j):
    k, l = symbols("k l", integer=True)
    with pytest.raises(IndexError):
        Precise({A: mp.eye(2), n: 2, k: i, l: j}).value(A[k, l])


def test_data_are_taken_as_they_are():
    assert exactly(0.1) == mpf(3602879701896397) / 2**55
    assert exactly([[0.5], [2]]) == mp.matrix([[0.5], [2]])
    assert exactly(mpc(0, 1)) == mpc(0, 1)
    with pytest.raises(TypeError):
        exactly(1j)


def test_what_is_not_known_is_among_the_errors_that_say_so():
    assert issubclass(UnknownNodeError, NO_VALUE)
    with pytest.raises(UnknownNodeError):
        Precise({x: mp.matrix([1, 2]), n: 2}).value(mc.function("f")(x))
    with pytest.raises(UnknownNodeError):
        Precise({x: mp.matrix([1, 2]), n: 2}).scalar(x)
    with pytest.raises(UnknownNodeError):
        Precise({n: mpf("2.5")}).value(Identity(n))


def test_where_no_branch_holds_there_is_no_value():
    """Nor one without the other terms of a sum that it is in."""
    t = Symbol("t", real=True)
    branches = 1 + Piecewise((t, t > 0)) + 2 * t
    assert Precise({t: mpf(2)}).value(branches) == 7
    with pytest.raises(UnknownNodeError):
        Precise({t: mpf(-2)}).value(branches)


def test_a_sum_that_runs_backwards_has_no_value():
    """SymPy's value is -2 here, that of a loop 0; of an empty range it is 0 in both."""
    i = Symbol("i", integer=True)
    assert Precise({n: 3}).value(Sum(i, (i, 1, n))) == 6
    assert Precise({n: 3}).value(Sum(i, (i, n, 2))) == 0
    with pytest.raises(UnknownNodeError):
        Precise({n: 3}).value(Sum(i, (i, n, 1)))
