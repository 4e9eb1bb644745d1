"""Products over entries: the derivative holds where factors are 0 too; to order 2 against finite differences."""

import pytest
from sympy import MatrixSymbol, Product, Symbol, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n = symbols("n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t = Symbol("t", real=True)
x, X, x3 = MatrixSymbol("x", n, 1), MatrixSymbol("X", n, n), MatrixSymbol("x3", 3, 1)
CASES = [
    (Product(x[i, 0], (i, 0, n - 1)), x),
    (Product(x3[i, 0], (i, 0, 2)), x3),
    (Product(X[i, i], (i, 0, n - 1)), X),
    (Product(t * x[i, 0] + 1, (i, 0, n - 1)), t),
    (Product(1 + x[i, 0] ** 2, (i, 0, n - 1)), x),
    (Product(X[i, j], (i, 0, n - 1), (j, 0, n - 1)), X),
    (log(Product(x[i, 0], (i, 0, n - 1))), x),
    (Product(t + i, (i, 0, n - 1)), t),
    (Product(2 + x[i, 0] * x[n - 1 - i, 0], (i, 0, n - 1)), x),
]


@pytest.mark.parametrize("e, variable", CASES, ids=str)
def test_product(e, variable):
    domain = {} if not e.func == log else {x: "positive"}
    assert mc.check(e, variable, domain=domain).ok
    assert mc.check(mc.gradient(e, variable), variable, domain=domain).ok


def test_where_a_factor_is_0():
    found = evaluate(mc.gradient(Product(x[i, 0], (i, 0, n - 1)), x), {"n": 3, "x": [[0], [2], [5]]})
    assert found.ravel().tolist() == [10, 0, 0]
