"""What is put together of SymPy's nodes: values, derivatives and refusals."""

import numpy as np
import pytest
from sympy import Integer, MatrixSymbol, Symbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule, evaluate

m, n, p = symbols("m n p", integer=True, positive=True)
X, Y, S, Z, x = (MatrixSymbol(*a) for a in (("X", m, n), ("Y", m, p), ("S", n, n), ("Z", 3, 5), ("x", n, 1)))


@pytest.mark.parametrize("k", [-2, -1, 0, 1, 3])
def test_diagonals_are_those_of_numpy(k):
    values = np.arange(15.0).reshape(3, 5)
    if -3 < k:
        got = evaluate(mc.diagonal(Z, k), {Z: values})
        np.testing.assert_array_equal(got.ravel(), np.diagonal(values, k))
        np.testing.assert_array_equal(mc.lambdify([Z], mc.diagonal(Z, k))(values).ravel(), np.diagonal(values, k))
    made = mc.diag(x, k)
    np.testing.assert_array_equal(evaluate(made, {x: np.arange(1.0, 5)[:, None], n: 4}), np.diag(np.arange(1.0, 5), k))
    np.testing.assert_array_equal(mc.lambdify([x], made)(np.arange(1.0, 5)), np.diag(np.arange(1.0, 5), k))


@pytest.mark.parametrize(
    "expr, variable",
    [
        (mc.hstack(X, Y) * mc.vstack(X.T, Y.T), X),
        (mc.vstack(x, 2 * x, x), x),
        (mc.diag(x, 2), x),
        (Trace(mc.diag(x, -p) ** 2 * mc.diag(x, -p).T), x),
        (mc.diagonal(S * S.T, 1), S),
        (mc.diagonal(Z * Z.T * Z, -1), Z),
    ],
)
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives(expr, variable, order):
    check_rule(expr, variable, {}, order=order)


def test_a_diagonal_by_number_passes_to_one_of_that_number():
    C = MatrixSymbol("C", 4, 4)
    gradient = mc.gradient(Trace(C.T * mc.diag(MatrixSymbol("y", 3, 1), 1)), MatrixSymbol("y", 3, 1))
    assert gradient == mc.diagonal(C, 1)


@pytest.mark.parametrize(
    "call, error, says",
    [
        (lambda: mc.hstack(), mc.MatcalcError, "at least one"),
        (lambda: mc.hstack(X, x), mc.ShapeError, "as many rows"),
        (lambda: mc.vstack(X, Y), mc.ShapeError, "as many columns"),
        (lambda: mc.vstack(1, X), mc.ShapeError, "vstack needs a matrix"),
        (lambda: mc.diag(X, 1), mc.ShapeError, "diag needs a vector"),
        (lambda: mc.diag(x, Symbol("k", integer=True)), mc.MatcalcError, "known sign"),
        (lambda: mc.diagonal(Z, Integer(5)), mc.MatcalcError, "has no diagonal 5"),
    ],
)
def test_refusals(call, error, says):
    with pytest.raises(error, match=says):
        call()
