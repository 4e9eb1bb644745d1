"""Derivatives of unknown functions: along a direction of zeros, and by two arguments in either order."""

import pytest
from sympy import MatrixSymbol, S, Transpose, ZeroMatrix, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical.unknown import derivative
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.unknown import Form

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


r, K, W = MatrixSymbol("r", 1, n), MatrixSymbol("K", k, n), MatrixSymbol("W", m, n)
row, column, one = mc.function("row", (1, n)), mc.function("column", (n, 1)), mc.function("one", (1, 1))


@pytest.mark.parametrize(
    "form, text",
    [
        (Form(f, (X,)), "f(X)"),
        (Form(one, (X,)), "one(X)"),
        (Form(F, (X,), rows=(0,)), "F(X)"),
        (Form(F, (X,), given=(K,)), "Trace(K*F(X).T)"),
        (Form(row, (X,), given=(r,)), "(row(X)*r.T)[0, 0]"),
        (Form(column, (X,), given=(2 * v,)), "2*(column(X).T*v)[0, 0]"),
        (Form(f, (X,), (0,), given=(2 * V,)), "2*Trace(V*grad(f)(X).T)"),
        (Form(f, (X,), (0, 0), given=(V, W)), "Trace(W*hess(f)(X)[V].T)"),
        (Form(F, (X,), (0,), given=(K, V)), "Trace(V*D(F)(X)^*[K].T)"),
    ],
)
def test_a_scalar_is_the_inner_product_of_the_last_direction_and_what_is_left(form, text):
    with session():
        assert str(derivative(form)) == text
