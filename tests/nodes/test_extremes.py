"""Largest and smallest entries: forms of the derivatives, and the convention at ties."""

import numpy as np
import pytest
from sympy import DiagMatrix, Matrix, MatrixSymbol, Max, S, Symbol, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, x = MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1)
t = Symbol("t", real=True)


@pytest.mark.parametrize(
    "expr, expected",
    [
        (mc.ElementMax(X * x), X.T * mc.Hardmax(X * x)),
        (mc.ElementMin(x), mc.Hardmax(-x)),
        (mc.ElementMax(-2 * x), -2 * mc.Hardmax(-x)),
        (mc.ElementMax(x.T), mc.Hardmax(x)),
        (mc.ElementSum(mc.RowMax(x.T)), mc.Hardmax(x)),
    ],
)
def test_gradients(expr, expected):
    assert mc.gradient(expr, x) == expected


def test_row_maxima():
    assert mc.gradient(mc.ElementSum(mc.RowMax(X)), X) == mc.RowHardmax(X)
    y = MatrixSymbol("y", m, 1)
    assert mc.gradient((y.T * mc.RowMax(X))[0, 0], X) == DiagMatrix(y) * mc.RowHardmax(X)


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
def test_at_ties_the_largest_entries_share_the_derivative(library):
    """As the step of SymPy's own Max does, and as softmax(x/t) for t to 0; of NaN it is NaN."""
    pytest.importorskip(library)
    value = mc.lambdify([x], mc.gradient(mc.ElementMax(x), x), modules=library)
    np.testing.assert_array_equal(np.asarray(value(np.array([3.0, 1.0, 3.0]))), [0.5, 0, 0.5])
    assert np.isnan(np.asarray(value(np.array([3.0, np.nan, 3.0])))).all()
    assert Max(t, 2).diff(t).subs(t, 2) == S.Half


def test_a_scale_of_unknown_sign_stays():
    assert mc.gradient(mc.ElementMax(t * x), x) == t * mc.Hardmax(t * x)


def test_explicit_entries():
    a, b = symbols("a b", real=True)
    assert mc.ElementMax(Matrix([a, b])).doit() == Max(a, b)
    assert mc.Hardmax(Matrix([a, b])).doit() == mc.Hardmax(Matrix([a, b]))
    assert mc.conditions(mc.gradient(mc.ElementMax(x), x)) == ("one entry of x is largest",)
