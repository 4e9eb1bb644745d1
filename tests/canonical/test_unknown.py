"""Derivatives of unknown functions: along a direction of zeros, and by two arguments in either order."""

from sympy import MatrixSymbol, S, Transpose, ZeroMatrix, symbols

import sympy_matcalc as mc

k, m, n = symbols("k m n", integer=True, positive=True)
X, V = MatrixSymbol("X", m, n), MatrixSymbol("V", m, n)
x, y, v = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("v", n, 1)
F, f = mc.function("F", (k, n)), mc.function("f")


def test_along_zeros_a_derivative_is_zero_of_its_shape():
    assert mc.simplify(mc.jvp(F(X), X, V).xreplace({V: ZeroMatrix(m, n)})) == ZeroMatrix(k, n)
    assert mc.simplify(mc.jvp(f(X), X, V).xreplace({V: ZeroMatrix(m, n)})) == S.Zero


def test_mixed_derivatives_are_transposes_of_each_other():
    mixed = mc.hessian(f(x, y), x, y)
    assert mixed.shape == (n, m) and not isinstance(mixed, Transpose)
    assert mc.hessian(f(x, y), y, x) == Transpose(mixed)
    assert mc.jacobian(mc.jacobian(f(x, y), y).T, x) == Transpose(mixed)
    assert mc.hessian(f(x), x).shape == (n, n) and mc.simplify(mc.hessian(f(x), x).T) == mc.hessian(f(x), x)
