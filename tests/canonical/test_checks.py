"""What the shapes of parts have to be, and the errors that say which are not."""

import pytest
from sympy import MatrixSymbol, symbols

from sympy_matcalc import ShapeError
from sympy_matcalc.canonical.checks import check_equal, check_square
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
