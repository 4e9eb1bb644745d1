"""Sums over samples of functions of rows: one derivative in matrix notation, code without a loop, and still right where there is neither."""

import numpy as np
import pytest
from sympy import Determinant, DotProduct, Identity, MatrixSymbol, Sum, Trace, exp, log, sqrt, symbols, tanh
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct

import sympy_matcalc as mc
from sympy_matcalc.canonical import in_matrix_notation
from sympy_matcalc.testing import evaluate, random_env

m, n, p, K = symbols("m n p K", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
X, W, Y, M = MatrixSymbol("X", m, n), MatrixSymbol("W", n, p), MatrixSymbol("Y", m, p), MatrixSymbol("M", K, n)
R = MatrixSymbol("R", m, K)
w, y, mu, c, b, q = (MatrixSymbol(*a) for a in (("w", n, 1), ("y", m, 1), ("mu", n, 1), ("c", p, 1), ("b", 1, p), ("q", K, 1)))
A = MatrixSymbol("A", n, n)
row = X[i, :]
Norm, Softmax, LogSumExp = mc.Norm, mc.Softmax, mc.LogSumExp
RESIDUAL = ((row * W).applyfunc(tanh) * c - Identity(1) * y[i, 0])[0, 0]


def over_samples(e):
    return Sum(e, (i, 0, m - 1))


def squared_distance(r, s):
    return ((r - s) * A * (r - s).T)[0, 0]


MIXTURE = over_samples(log(Sum(q[k, 0] * exp(-(Norm(row - M[k, :]) ** 2) / 2), (k, 0, K - 1))))
BOOK = {
    "softmax regression": (over_samples(LogSumExp((row * W).T) - (Y[i, :] * W.T * row.T)[0, 0]), W, X.T * (Softmax(X * W, axis=1) - Y)),
    "with a bias": (over_samples(LogSumExp(row * W + b) - DotProduct(Y[i, :], row * W + b)), b, None),
    "logistic regression": (over_samples(mc.Softplus((row * w)[0, 0]) - y[i, 0] * (row * w)[0, 0]), w, None),
    "least squares": (over_samples(Norm(row * W - Y[i, :]) ** 2), W, 2 * X.T * (X * W - Y)),
    "squares of an entry": (over_samples(((row * w)[0, 0] - y[i, 0]) ** 2), w, 2 * X.T * (X * w - y)),
    "weighted": (over_samples(y[i, 0] * (row * w)[0, 0] ** 2), w, 2 * X.T * HadamardProduct(X * w, y)),
    "a quadratic form": (over_samples(((row.T - mu).T * A * (row.T - mu))[0, 0]), mu, None),
    "of 1 x 1 matrices": (over_samples((row - mu.T) * A * (row.T - mu)), mu, None),
    "by the matrix of the form": (over_samples((row * A * row.T)[0, 0]), A, X.T * X),
    "a trace": (over_samples(Trace(row.T * row * A)), A, X.T * X),
    "norms": (over_samples(Norm(row * W)), W, None),
    "norms to the third": (over_samples(Norm(row * W - Y[i, :]) ** 3), W, None),
    "absolute values": (over_samples(Norm(row * W, 1)), W, None),
    "fourth powers": (over_samples(Norm(row * W - Y[i, :], 4) ** 4), W, None),
    "softmax of a row": (over_samples((Y[i, :] * Softmax((row * W).T))[0, 0]), W, None),
    "cross-entropy": (over_samples(-(Y[i, :] * Softmax((row * W).T).applyfunc(log))[0, 0]), W, None),
    "means": (over_samples(mc.Mean((row * W).applyfunc(tanh))), W, None),
    "a network": (over_samples(RESIDUAL**2), W, None),
    "largest entries": (over_samples(mc.ElementMax(row * W)), W, None),
    "elementwise products": (over_samples(mc.ElementSum(HadamardProduct(row * W, Y[i, :]))), W, X.T * Y),
    "elementwise powers": (over_samples(mc.ElementSum(HadamardPower(row * W, 3))), W, 3 * X.T * HadamardPower(X * W, 2)),
    "a diagonal matrix": (over_samples((row * DiagMatrix(w) * row.T)[0, 0]), w, None),
    "columns": (Sum(Norm(X[:, j]) ** 4, (j, 0, n - 1)), X, None),
    "a product with the sample before": (Sum((row * w)[0, 0] * (X[i - 1, :] * w)[0, 0], (i, 1, m - 1)), w, None),
    "means of clusters": (Sum(R[i, k] * Norm(row - M[k, :]) ** 2, (i, 0, m - 1), (k, 0, K - 1)), M, None),
    "a mixture": (MIXTURE, M, None),
    "a mixture by its weights": (MIXTURE, q, None),
    "a mixture with a metric": (over_samples(log(Sum(q[k, 0] * exp(-squared_distance(row, M[k, :])), (k, 0, K - 1)))), A, None),
    "pairs": (Sum(exp(-(Norm(row - X[j, :]) ** 2)), (i, 0, m - 1), (j, 0, m - 1)), X, None),
}


@pytest.mark.parametrize("f, variable, expected", BOOK.values(), ids=BOOK)
def test_the_gradient_is_in_matrix_notation(f, variable, expected):
    found = mc.gradient(f, variable)
    assert not found.has(Sum, mc.MatrixSum)
    assert mc.check(f, variable).ok
    if expected is not None:
        assert str(found) == str(mc.simplify(expected))
    assert in_matrix_notation(f) is not None


@pytest.mark.parametrize("f, variable, expected", BOOK.values(), ids=BOOK)
def test_generated_code_has_no_loop_over_samples(f, variable, expected):
    names = sorted((s for s in f.free_symbols if isinstance(s, MatrixSymbol)), key=str)
    fn = mc.lambdify(names, [f, mc.gradient(f, variable)])
    assert "in range(" not in fn.source[fn.source.index("def compute") :]
    env = random_env([f], seed=3)
    value, gradient = fn(*(np.abs(env[s]) for s in names))
    env = {**env, **{s: np.abs(env[s]) for s in names}}
    assert np.allclose(value, evaluate(f, env))
    assert np.allclose(gradient, np.reshape(evaluate(mc.gradient(f, variable), env), np.shape(gradient)))


def test_sums_of_matrices_are_matrices():
    assert in_matrix_notation(mc.MatrixSum(row.T * row, (i, 0, m - 1))) == X.T * X
    assert in_matrix_notation(mc.MatrixSum(y[i, 0] * row.T, (i, 0, m - 1))) == X.T * y
    assert in_matrix_notation(mc.MatrixSum(y[i, 0] * row, (i, 0, m - 1))) == y.T * X
    assert mc.jacobian(Sum(row.T * (row * w)[0, 0], (i, 0, m - 1)), w) == X.T * X


def test_a_part_that_has_no_matrix_form_stays_a_sum():
    volume = Determinant(Identity(n) + row.T * row)
    f = over_samples(log(volume) + (row * w)[0, 0] ** 2)
    assert mc.gradient(f, w) == 2 * X.T * X * w
    assert mc.check(f, X).ok


def test_no_root_is_taken_of_a_square_that_was_multiplied_out():
    """Rounding makes |x|^2 - 2 x'm + |m|^2 less than 0 where x is m."""
    for e in (Norm(row - M[k, :]), sqrt(Sum((X[i, j] - M[k, j]) ** 2, (j, 0, n - 1)))):
        f = Sum(e, (i, 0, m - 1), (k, 0, K - 1))
        fn = mc.lambdify([X, M], f)
        same = np.full((1, 3), 1e8) + [[0.1, 0.2, 0.3]]
        assert fn(same, same) == 0
        assert mc.check(f, M).ok


def test_an_index_in_the_function_is_no_sample_of_a_matrix():
    f = Sum(Norm(row) ** i, (i, 0, m - 1))
    assert mc.check(f, X).ok


def test_an_index_that_is_outside():
    with pytest.raises(mc.ShapeError, match="runs from"):
        mc.gradient(Sum((row * w)[0, 0] ** 2, (i, 0, m)), w)


def test_hessians():
    f = over_samples(mc.Softplus((row * w)[0, 0]))
    found = mc.hessian(f, w)
    assert not found.has(Sum, mc.MatrixSum)
    assert mc.check(mc.gradient(f, w), w).ok
    assert mc.hessian(over_samples(Norm(row * w - y[i, 0] * Identity(1)) ** 2 / 2), w) == X.T * X
