"""Common factors of prepared matrices: ends of the summands of a sum, scalars of the sums in a product."""

import pytest
from sympy import Identity, MatrixSymbol, symbols
from sympy.matrices.expressions import MatMul

from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.factored import factored

n = symbols("n", integer=True, positive=True)
t, s = symbols("t s", positive=True)
A, B, C, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("C", n, n), MatrixSymbol("x", n, 1)


def test_common_ends_of_a_sum_are_taken_out():
    with session():
        assert factored(A * x + B * x) == (A + B) * x
        assert factored(A * x) == A * x


@pytest.mark.parametrize(
    "node, expected",
    [
        (C * (2 * A * B + 2 * B * A) / 8, C * (A * B + B * A) / 4),
        (C * (2 * A * B + 4 * B * A) * C, 2 * C * (A * B + 2 * B * A) * C),
        (C * (t * A + t * s * B), t * C * (A + s * B)),
        ((2 * A + 2 * Identity(n)) * (3 * B - 3 * C), MatMul(6, A + Identity(n), B - C)),
        (C * (2 * A + 2 * B).T / 2, C * (A + B).T),
        (C * (2 * A - B), C * (2 * A - B)),
        (C * (-2 * A - 2 * B), MatMul(2, C, -A - B)),  # signs stay where they are
    ],
    ids=str,
)
def test_scalars_of_sums_in_a_product_stand_in_front(node, expected):
    with session():
        assert prepare_whole(factored(prepare_whole(node))) == prepare_whole(expected)


def test_what_has_no_common_scalar_is_left():
    with session():
        node = prepare_whole(MatMul(C, A + B, C))
        assert factored(node) is node
