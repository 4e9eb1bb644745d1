"""Products of entries at zeros, forms, third derivatives; cumulative sums and their adjoints."""

import numpy as np
import pytest
from sympy import MatrixSymbol, OneMatrix, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule, evaluate

m, n = symbols("m n", integer=True, positive=True)
X, S, x, c = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("c", n, 1)


def test_forms():
    assert mc.gradient(mc.ElementProduct(x), x) == mc.ProductsOfOthers(x)
    assert mc.gradient(mc.ElementProduct(x.T), x) == mc.ProductsOfOthers(x)
    assert mc.hessian(mc.ElementProduct(x), x) == mc.ProductsOfOtherPairs(x)
    assert mc.gradient(mc.ElementSum(mc.RowProduct(X)), X) == mc.RowProductsOfOthers(X)
    assert mc.gradient(c.T * mc.CumulativeSum(x), x) == mc.ReverseCumulativeSum(c)
    assert mc.gradient(c.T * mc.CumulativeSum(X.T) * X * c, X).has(mc.ReverseCumulativeSum)
    assert mc.jacobian(mc.CumulativeSum(x), x) == mc.LowerTriangle(OneMatrix(n, n))


def test_of_one_row():
    """A row that is a product, whose canonical form is a transpose."""
    row = MatrixSymbol("r", 1, m)
    assert mc.check(mc.RowProductsOfOthers(row * X) * x, X).ok
    assert mc.diff(mc.RowHardmax(row * X) * x, x) == mc.Hardmax(X.T * row.T)


@pytest.mark.parametrize("library", ["numpy", "jax", "torch"])
@pytest.mark.parametrize("zeros", [(), (1,), (0, 2), (0, 1, 3)])
def test_at_zeros(library, zeros):
    pytest.importorskip(library)
    value = np.array([2.0, 3, 5, 7])
    value[list(zeros)] = 0
    f = mc.ElementProduct(x)
    wanted = [np.prod(value)]
    wanted.append([np.prod(np.delete(value, k)) for k in range(4)])
    wanted.append([[0 if j == k else np.prod(np.delete(value, [j, k])) for j in range(4)] for k in range(4)])
    got = mc.lambdify([x], [f, mc.gradient(f, x), mc.hessian(f, x)], modules=library)(value)
    for a, b in zip(got, wanted):
        np.testing.assert_allclose(np.asarray(a), b, rtol=1e-6)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("expr", [mc.CumulativeProduct(x), c.T * mc.CumulativeProduct(S * x), mc.CumulativeProduct(x.T).T * c], ids=str)
def test_cumulative_products(expr, order):
    check_rule(expr, x, {}, order=order)


def test_a_third_derivative():
    third = mc.jacobian(c.T * mc.ProductsOfOtherPairs(x) * c, x)
    env = {x: np.array([[2.0], [0.0], [3.0]]), c: np.array([[1.0], [1.0], [1.0]]), n: 3}
    np.testing.assert_allclose(evaluate(third, env).ravel(), [2, 2, 2])
