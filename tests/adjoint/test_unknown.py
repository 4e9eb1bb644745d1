"""Derivatives of unknown functions pass through the walk as operators: judged by differences of functions that stand for the unknown ones."""

import pytest
from sympy import HadamardProduct, MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

m, n = symbols("m n", integer=True, positive=True)
t = symbols("t", real=True)
A, S = MatrixSymbol("A", m, n), MatrixSymbol("S", m, n)
x, w, y = MatrixSymbol("x", n, 1), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
X, C = MatrixSymbol("X", n, n), MatrixSymbol("C", n, n)
f, g, r, F, G = (mc.function(*row) for row in (("f",), ("g", (m, 1)), ("r", (1, n)), ("F", (n, n)), ("G", (m, n))))

FIRST = [
    (Trace(C * F(X)), X),
    (F(X) * w, X),
    (w.T * F(X), X),
    (F(X) * C * F(X), X),
    (HadamardProduct(F(X), C), X),
    (F(F(X)), X),
    (F(x * w.T) * x, x),
    (g(A * x).T * g(x), x),
    (A.T * g(x), x),
    (r(x) * C, x),
    (r(x) * x, x),
    (Trace(S.T * G(w, X)), X),
    (Trace(S.T * G(w, X)), w),
    (G(w, X) * x, w),
    (G(x, x * w.T) * x, x),
    (F(t * C) * x, t),
    (F(X)[0, 0], X),
    (mc.jacobian(g(x), x) * w, x),
    (mc.jacobian(g(x), x) * x, x),
    (mc.jacobian(g(x), x) * C * x, x),
    (y.T * mc.jacobian(g(x), x), x),
    (mc.jacobian(G(w, X) * x, w) * w, w),
]
SECOND = [
    (f(A * x), x),
    (g(x).T * g(x), x),
    (y.T * g(x) * (w.T * x), x),
    (r(x) * C * x, x),
    (Trace(C * F(X)), X),
    (Trace(F(X).T * F(X)), X),
    (Trace(S.T * G(w, X)), w),
    (Trace(S.T * G(x, x * w.T)), x),
    (g(g_of := A.T * g(x)).T * y + g_of.T * x, x),
]


@pytest.mark.parametrize("expr, variable", FIRST, ids=map(str, FIRST))
def test_first_derivatives(expr, variable):
    check_rule(expr, variable, trials=1)


@pytest.mark.parametrize("expr, variable", SECOND, ids=map(str, SECOND))
def test_second_derivatives(expr, variable):
    check_rule(expr, variable, order=2, trials=1)


@pytest.mark.parametrize(
    "expr, variable, text",
    [
        (g(x).T * g(x), x, "2*D(g)(x).T*D(g)(x) + 2*D2(g)(x)^*[g(x)]"),
        (y.T * g(x), x, "D2(g)(x)^*[y]"),
        (r(x) * w, x, "D2(r)(x)^*[w.T]"),
        (f(A * x), x, "A.T*hess(f)(A*x)*A"),
    ],
    ids=str,
)
def test_vectors_are_put_into_second_derivatives(expr, variable, text):
    """No array of three axes is left: the Hessian is that of a number."""
    assert str(mc.hessian(expr, variable)) == text
