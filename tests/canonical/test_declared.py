"""Nodes that a user declares linear: numbers in front, arguments in canonical form, 0 where an argument is 0."""

import pytest
from sympy import MatrixSymbol, Trace, ZeroMatrix, symbols

from ..adjoint.own_nodes import Inner, Ramp, Smooth, Stack
from ..answers import canonical

m, n = symbols("m n", integer=True, positive=True)
t = symbols("t", real=True)
A, B, X, Y, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, m), MatrixSymbol("Y", n, m), MatrixSymbol("x", n, 1)
NONE = ZeroMatrix(n, m)


@pytest.mark.parametrize(
    "e, expected",
    [
        (Inner(A * A.I * X, 2 * Y), 2 * Inner(X, Y)),
        (Inner(3 * X, 2 * Y), 6 * Inner(X, Y)),
        (Inner(X, NONE), 0),
        (Inner(X, Y - Y), 0),
        (Smooth(A, 3 * x), 3 * Smooth(A, x)),
        (Smooth(A * A.I * B, x), Smooth(B, x)),
        (Stack(2 * X, 2 * Y), Stack(2 * X, 2 * Y)),
        (Stack(X, NONE), Stack(X, NONE)),
        (Ramp(1, A), Ramp(1, A)),
        (Ramp(0, A), ZeroMatrix(n, n)),
        (Ramp(Trace(A.T), A), Ramp(Trace(A), A)),
        (Inner((Y.T * A.T).T, X), Inner(A * Y, X)),
        (Smooth((B.T * A.T).T, x), Smooth(A * B, x)),
        (Ramp(Trace(A * A.I * B), A), Ramp(Trace(B), A)),
    ],
    ids=str,
)
def test_forms(e, expected):
    assert canonical(e) == expected
