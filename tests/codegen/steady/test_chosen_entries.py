"""Entries that a triangle of ones leaves out are not read."""

import numpy as np
import pytest
from sympy import HadamardProduct, MatrixSymbol, OneMatrix, Trace, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n = symbols("n", integer=True, positive=True)
W, V, x = MatrixSymbol("W", n, n), MatrixSymbol("V", n, n), MatrixSymbol("x", n, 1)
ONES = OneMatrix(n, n)
STRICT, WHOLE, LOWER = mc.UpperTriangle(ONES, 1), mc.UpperTriangle(ONES), mc.LowerTriangle(ONES, -2)
STRICTLY, ABOVE, BELOW = (lambda k: np.triu(k, 1)), np.triu, (lambda k: np.tril(k, -2))
CASES = [  # an expression, and the part of W that it is of
    (HadamardProduct(STRICT, W) * x, STRICTLY), (HadamardProduct(WHOLE, W) * x, ABOVE), (HadamardProduct(LOWER, W) * x, BELOW),
    (x.T * HadamardProduct(STRICT.T, W.T) * x, STRICTLY), (x.T * HadamardProduct(STRICT.T, W) * x, lambda k: np.tril(k, -1)),
    (Trace(STRICT * W.T), STRICTLY), (Trace(STRICT * W), lambda k: np.tril(k, -1)), (Trace(WHOLE.T * HadamardProduct(W, V)), ABOVE),
    (HadamardProduct(LOWER, (x * x.T).applyfunc(exp), W), BELOW), (mc.ElementSum(HadamardProduct(STRICT, W, V)), STRICTLY),
    (HadamardProduct(STRICT, W, V) * V, STRICTLY),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "part"), CASES, ids=[str(e) for e, _ in CASES])
@pytest.mark.parametrize("size", [4, 1, 2])
@pytest.mark.parametrize("left_out", [np.nan, np.inf, 1e300])
def test_what_is_left_out_is_not_read(expr, part, size, left_out):
    rng = np.random.default_rng(size)
    w, v, u = rng.standard_normal((size, size)), rng.standard_normal((size, size)), rng.standard_normal(size)
    expected = np.asarray(evaluate(expr, {W: w, V: v, x: u[:, None], n: size}), float)
    given = np.where(part(np.ones((size, size))), w, left_out)
    found = mc.lambdify([W, V, x], expr)(given, v, u)
    assert np.allclose(np.reshape(found, expected.shape), expected, rtol=1e-13)


def test_typed_sums_over_pairs_do_not_read_the_others():
    loss, names = mc.parse(r"\sum_{i<j} W_{ij} (x_i - x_j)^2", ["W: n x n", "x: n"])
    args = [names["W"], names["x"]]
    w, u = np.where(np.triu(np.ones((5, 5)), 1), 2.0, np.nan), np.arange(5.0) ** 2
    value, gradient = mc.lambdify(args, [loss, mc.gradient(loss, names["x"])])(w, u)
    pairs = [(i, j) for i in range(5) for j in range(i + 1, 5)]
    assert np.isclose(value, sum(2 * (u[i] - u[j]) ** 2 for i, j in pairs))
    assert np.allclose(gradient, [sum(4 * (u[k] - u[j]) for j in range(5)) for k in range(5)])
