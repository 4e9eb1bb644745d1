"""Transposes as one writes them: taken up by products, never around one."""

import pytest
from sympy import Identity, MatrixSymbol, Q, Trace, Transpose, preorder_traversal, symbols
from sympy.matrices.expressions import Inverse, MatMul, MatPow

import sympy_matcalc as mc

n, p = symbols("n p", integer=True, positive=True)
K, H, P = MatrixSymbol("K", n, p), MatrixSymbol("H", p, n), MatrixSymbol("P", n, n)
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", n, n)
residual = Identity(n) - K * H

CASES = {
    "product of a sum": (Trace(residual * P * residual.T), K, Q.symmetric(P), "-2*(I - K*H)*P*H.T"),
    "product": (Trace(A * X * B), X, None, "A.T*B.T"),
    "power": (Trace(X**4), X, None, "4*X.T**3"),
    "inverse": (Trace((A * X + B).I), X, None, None),
    "long product": (Trace(A * B * X * B * A * A), X, None, None),
}


@pytest.mark.parametrize("name", CASES)
def test_no_transpose_around_a_product(name):
    f, variable, facts, text = CASES[name]
    found = mc.gradient(f, variable, assumptions=facts)
    assert not any(isinstance(e, Transpose) and isinstance(e.arg, (MatMul, MatPow, Inverse)) for e in preorder_traversal(found)), found
    assert text is None or str(found) == text
