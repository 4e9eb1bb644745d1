"""Sums over samples that are spelled by IndexedBase: gradients by a whole base, numeric code with bases as arguments."""

import numpy as np
import pytest
from sympy import IndexedBase, MatrixSymbol, Sum, exp, log, symbols

import sympy_matcalc as mc

m, n, p = symbols("m n p", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
X, w, y, W, Y = map(IndexedBase, "XwyWY")
Xs, ws, ys = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
Xw = Sum(X[i, j] * w[j], (j, 0, n - 1))
XW = Sum(X[i, j] * W[j, k], (j, 0, n - 1))
SOFTMAX = Sum(log(Sum(exp(XW), (k, 0, p - 1))), (i, 0, m - 1)) - Sum(Y[i, k] * XW, (k, 0, p - 1), (i, 0, m - 1))


def test_gradients_are_in_matrix_notation():
    f = Sum((Xw - y[i]) ** 2, (i, 0, m - 1))
    in_matrices = (Xs * ws - ys).T * (Xs * ws - ys)
    for derivative in (mc.gradient, mc.diff, mc.jacobian, mc.hessian):
        assert derivative(f, w) == derivative(in_matrices, ws)
    assert str(mc.gradient(SOFTMAX, W)) == "X.T*(softmax(X*W, axis=1) - Y)"


def test_numeric_code_takes_bases():
    rng = np.random.default_rng(0)
    x, b, t = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=(5, 2))
    fn = mc.lambdify([X, W, Y], [SOFTMAX, mc.gradient(SOFTMAX, W)])
    assert "in range(" not in fn.source[fn.source.index("def compute") :]
    value, gradient = fn(x, b, t)
    z = x @ b
    assert np.isclose(value, np.log(np.exp(z).sum(1)).sum() - (t * z).sum())
    assert np.allclose(gradient, x.T @ (np.exp(z) / np.exp(z).sum(1)[:, None] - t))


def test_a_base_without_a_shape_that_does_not_occur():
    with pytest.raises(mc.UnsupportedVariableError, match="without a shape"):
        mc.gradient(Sum(w[j], (j, 0, n - 1)), IndexedBase("v"))
    assert mc.gradient(Sum(w[j], (j, 0, n - 1)), IndexedBase("v", shape=(n,))).is_ZeroMatrix


def test_an_entry_and_its_base_agree():
    f = Sum(exp(Xw) * y[i], (i, 0, m - 1))
    assert str(mc.to_index_notation(mc.gradient(f, w), k)) == str(mc.diff(f, w[k]))
