"""Products over entries are products of the entries of a matrix, or of each of its rows; what is no matrix stays a Product."""

import numpy as np
import pytest
from sympy import I, MatrixSymbol, Product, Rational, Sum, cos, exp, log, sin, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

m, n = symbols("m n", integer=True, positive=True)
i, j, t = symbols("i j t", integer=True)
X, x, y, x3 = MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("x3", 3, 1)
ROWS, COLUMNS = (i, 0, m - 1), (j, 0, n - 1)
OVER_X = Product(x[i, 0], (i, 0, n - 1))


@pytest.mark.parametrize(
    "f, variable, text",
    [
        (OVER_X, x, "others_prod(x)"),
        (Product(x3[i, 0], (i, 0, 2)), x3, "others_prod(x3)"),
        (Product(x[i, 0], (i, 1, n - 1)), x, "I(n)[1:, :].T*others_prod(x[1:, :])"),
        (Product(X[i, j], ROWS, COLUMNS), X, "others_prod(X)"),
        (Product(X[i, j], COLUMNS, ROWS), X, "others_prod(X)"),
        (Product(Product(X[i, j], COLUMNS), ROWS), X, "others_prod(X)"),
        (Product(Sum(X[i, j], ROWS), COLUMNS), X, "ones(m, 1)*others_prod(X.T*ones(m, 1)).T"),
        (Sum(Product(X[i, j], COLUMNS), ROWS), X, "row_others_prod(X)"),
        (Sum(Product(X[i, j], ROWS), COLUMNS), X, "row_others_prod(X.T).T"),
        (Product(x[j, 0], ROWS, COLUMNS), x, "m*prod(x)**(m - 1)*others_prod(x)"),
        (Product(1 + exp(X[i, j]), ROWS, COLUMNS), X, "HadamardProduct(exp(X), others_prod(ones(m, n) + exp(X)))"),
        (Sum(exp(Product(X[i, j], COLUMNS)), ROWS), X, "DiagMatrix(exp(rowprod(X)))*row_others_prod(X)"),
        (Sum(log(Product(X[i, j], COLUMNS)), ROWS), X, "HadamardPower(X, -1)"),
        (log(OVER_X), x, "HadamardPower(x, -1)"),
        (log(5 * OVER_X**2 / t), x, "2*HadamardPower(x, -1)"),
        (OVER_X ** (1 / n), x, "prod(x)**(1/n)*HadamardPower(x, -1)/n"),
        (OVER_X**2, x, "2*prod(x)*others_prod(x)"),
        (OVER_X**I, x, "I*prod(x)**(-1 + I)*others_prod(x)"),
    ],
)
def test_gradients(f, variable, text):
    assert str(mc.gradient(f, variable)) == text


@pytest.mark.parametrize(
    "f",
    [
        Product(3 * x[j, 0] * X[i, j], ROWS, COLUMNS),
        Product(2 * x[j, 0] + 1, ROWS, COLUMNS),
        Sum(y[j, 0] * Product(2 * X[i, j] + x[j, 0], ROWS), COLUMNS),
        Product(x[j, 0] * y[n - 1 - j, 0], COLUMNS),
        Sum(Product(x[j, 0], ROWS), COLUMNS),
        Sum(sin(Product(X[i, j] + x[j, 0] ** 2, COLUMNS)), ROWS),
        Sum(sqrt(Product(X[i, j] ** 2 + x[j, 0] ** 2, COLUMNS)), ROWS),
        Sum(exp(X[i, 0] * Product(x[j, 0], COLUMNS) / 9), ROWS),
        Sum(Product(i + cos(X[i, j] * x[j, 0]), COLUMNS) ** Rational(3), ROWS),
        Sum(log(Product(1 + exp(X[i, j] * x[j, 0]), COLUMNS)), ROWS),
    ],
    ids=str,
)
def test_values(f):
    """Of the canonical form, that of the Product written out."""
    env = {"m": 2, "n": 3, "X": np.arange(6).reshape(2, 3) - 2.5, "x": np.array([[1.5], [-2], [3]]), "y": np.array([[2.0], [0.5], [-1]])}
    expected = evaluate(f, env)
    assert np.isclose(evaluate(mc.simplify(f), env), expected)
    v, d = env["x"], np.array([[0.3], [-1], [0.5]])
    slope = (evaluate(f, env | {"x": v + 1e-6 * d}) - evaluate(f, env | {"x": v - 1e-6 * d})) / 2e-6
    assert np.isclose(np.sum(evaluate(mc.gradient(f, x), env) * d), slope, rtol=1e-6)


def test_what_has_no_matrix_is_as_before():
    assert mc.gradient(Product(t + i, (i, 0, n - 1)) * x[0, 0], x).has(Product)
    assert mc.gradient(Product(x[0, 0] + i, (i, 0, 2)), x).has(Product) is False
