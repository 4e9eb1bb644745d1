"""What the shapes of parts have to be, and the errors that say which are not."""

from types import SimpleNamespace

import pytest
from sympy import MatrixSymbol, S, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

from sympy_matcalc import ShapeError
from sympy_matcalc.canonical.checks import check_equal, check_index, check_product, check_square, slice_bounds
from sympy_matcalc.kernel.session import session

m, n, t = symbols("m n t", integer=True, positive=True)
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, m)


@pytest.mark.parametrize("parts, wrong", [([X, A], 1), ([A, X], 1), ([A, B, X], 2), ([A, t, X, B], 2)])
def test_parts_of_unequal_shapes(parts, wrong):
    with session(), pytest.raises(ShapeError) as raised:
        check_equal(parts, "a sum")
    assert str(raised.value).startswith(f"a sum of shapes {parts[0].shape} and {parts[wrong].shape}, which must be equal: `{parts[0]}`")


def test_parts_of_equal_shapes():
    with session():
        check_equal([A, B, A], "a sum")
        check_equal([t, X], "a sum")
        check_equal([], "a sum")


def test_square():
    with session():
        check_square(A, "a trace")
        check_square(t, "a trace")
        with pytest.raises(ShapeError, match="a trace needs a square matrix, got shape"):
            check_square(X, "a trace")


def test_products():
    with session():
        check_product([A, X, X.T, B])
        check_product([A])
        for wrong in ([A, X, B], [X, X], [X.T, X.T]):
            with pytest.raises(ShapeError, match="the two must be equal"):
                check_product(wrong)
        with pytest.raises(ShapeError, match=r"shapes \(n, m\) and \(n, n\): `X` has m columns, `B` has n rows"):
            check_product([A, X, B])


@pytest.mark.parametrize(
    "i, j, wrong", [(0, 0, None), (n - 1, m - 1, None), (t, 0, None), (-1, 0, -1), (0, -2, -2), (n, 0, n), (0, m + 1, m + 1)]
)
def test_entries(i, j, wrong):
    entry = MatrixElement(X, i, j) if wrong is None else SimpleNamespace(parent=X)
    if wrong is None:
        check_index(entry, *map(S, (i, j)))
    else:
        with pytest.raises(ShapeError) as raised:
            check_index(entry, *map(S, (i, j)))
        assert f"the index {wrong} is out of range" in str(raised.value)


def test_slices():
    assert slice_bounds((0, 6, 2)) == (0, 6, 2) and slice_bounds((1, n, 1)) == (1, n, 1)
    for bounds in ((0, 5, 2), (1, n, 2)):
        with pytest.raises(ShapeError, match=f"a slice from {bounds[0]} to {bounds[1]} in steps of 2"):
            slice_bounds(bounds)
