"""The rotation of a cycle that comes first, against trying all of them."""

from itertools import product

import pytest
from sympy import Identity, MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.chains.entries import _least_rotation


@pytest.mark.parametrize("length", range(1, 7))
def test_least_rotation(length):
    for keys in product(range(3), repeat=length):
        at = _least_rotation(keys)
        assert 0 <= at < length
        assert keys[at:] + keys[:at] == min(keys[k:] + keys[:k] for k in range(length))


def test_the_order_of_a_cycle_that_cancels():
    """tr(S'S) is the number of rows that S picks, and not the order of S'S; the same inside of a longer cycle and a product."""
    m, n = symbols("m n", integer=True, positive=True)
    A, S = MatrixSymbol("A", n, n), Identity(n)[2:5, :]
    assert mc.simplify(Trace(S.T * S)) == mc.simplify(Trace(S * S.T)) == 3
    B = MatrixSymbol("B", 3, 3)
    assert mc.simplify(Trace(S.T * B * B.inverse() * S)) == 3
    assert mc.gradient(Trace(A) * Trace(S.T * S), A) == 3 * Identity(n)
