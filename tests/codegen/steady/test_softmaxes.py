"""exp(z) over its sum is a softmax, however it is written; alone or over another sum it stays."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, HadamardProduct, Identity, MatrixSymbol, OneMatrix, Sum, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.lower import Lowerer, shape_of
from sympy_matcalc.codegen.steady.logistic import logistics
from sympy_matcalc.codegen.steady.softmaxes import softmaxes

m, n = symbols("m n", integer=True, positive=True)
t = symbols("t", real=True)
x, y, w = (MatrixSymbol(name, n, 1) for name in "xyw")
X, A = MatrixSymbol("X", m, n), MatrixSymbol("A", n, n)
E, F = x.applyfunc(exp), X.applyfunc(exp)
total = (E.T * OneMatrix(n, 1))[0, 0]
rows = HadamardPower(F * OneMatrix(n, 1), -1)
s = w.applyfunc(lambda z: 1 / (1 + exp(-z)))


def passed(one, expr):
    ctx = Lowerer({m, n})
    root = ctx.dense(ctx.low(expr), shape_of(expr)).node
    (new,) = one(ctx.graph, [root], Context(ctx.size, None, frozenset({m, n})))
    return text_of(new)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (A * E / total, "sum(A[ij] softmax(x; 0)[j] -> i)"),
        (DiagMatrix(rows) * F, "softmax(X; 1)"),
        (HadamardProduct(rows * OneMatrix(1, n), F, X), "softmax(X; 1)*X"),
        (t * A * E / total**2, "(t*sum(exp(x); 0)**-1)*sum(A[ij] softmax(x; 0)[j] -> i)"),
        (DiagMatrix(E) / total, "diag(softmax(x; 0))"),
        ((E / total + y).applyfunc(log), "log(softmax(x; 0) + y)"),
    ],
)
def test_exponentials_over_their_sum(expr, text):
    assert passed(softmaxes, expr) == text


@pytest.mark.parametrize("expr", [E, E * total, DiagMatrix(HadamardPower(F.T * OneMatrix(m, 1), -1)) * A, E / (OneMatrix(1, n) * y)[0, 0]])
def test_no_softmax(expr):
    assert "softmax" not in passed(softmaxes, expr)


def test_of_both_sums_each_has_its_axis():
    columns = HadamardPower(F.T * OneMatrix(m, 1), -1)
    assert "softmax(X; 0)" in passed(softmaxes, F * DiagMatrix(columns))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (A * DiagMatrix(HadamardProduct(s, OneMatrix(n, 1) - s)) * A.T, "sum(A[ij] expit_slope(w)[j] A[kj] -> ik)"),
        (A * DiagMatrix(s) * DiagMatrix(OneMatrix(n, 1) - s) * A.T, "sum(A[ij] expit_slope(w)[j] A[kj] -> ik)"),
        ((s.T * (OneMatrix(n, 1) - s))[0, 0], "sum(expit_slope(w); 0)"),
        (s * (OneMatrix(n, 1) - s).T, "sum(expit(w)[i] expit(-1*w)[j] -> ij)"),
    ],
)
def test_logistic_pairs_in_products_that_are_summed(expr, text):
    assert passed(logistics, expr) == text


@pytest.mark.parametrize("structured", [False, True])
@pytest.mark.parametrize("scale", [1.0, 2000.0])
def test_a_hessian_of_a_log_of_a_sum_has_its_value_where_exp_overflows(scale, structured):
    """As an array, and as an operator, whose parts are laid out before passes."""
    H = mc.lambdify([x], mc.hessian(log(total), x), structured=structured)(scale * np.array([0.5, 0.25, 0.5]))
    H = np.asarray(H @ np.eye(3)) if structured else H
    p = np.exp(scale * np.array([0.0, -0.25, 0.0]))
    p /= p.sum()
    assert np.allclose(H, np.diag(p) - np.outer(p, p), rtol=1e-12)


def test_softmax_and_identity_in_one_product():
    assert "softmax" in passed(softmaxes, (Identity(n) + A) * E / total)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_terms_of_a_sum_over_three_indices(dtype):
    """The derivatives are sums over loops, in which each term is divided by the sum of all."""
    i, j, k = symbols("i j k", integer=True)
    p, q = MatrixSymbol("p", n, 1), MatrixSymbol("q", n, 1)
    total = Sum(exp(p[i, 0] + A[i, j] + A[j, k] + q[k, 0]), (i, 0, n - 1), (j, 0, n - 1), (k, 0, n - 1))
    values = [np.array([[0.5, -1], [2, 0.25]]), np.array([1.5, -0.25]), np.array([0, 1.25])]
    for e in (log(total), mc.gradient(log(total), A), mc.gradient(log(total), p), mc.hessian(log(total), p)):
        f = mc.lambdify([A, p, q], e)
        expected = f(*values)
        for by in (-512, 512):
            moved = (v.astype(dtype) for v in (values[0], values[1] + by, values[2] + by))
            shift = 2 * by if e == log(total) else 0
            np.testing.assert_allclose(f(*moved), expected + shift, rtol=50 * np.finfo(dtype).eps, atol=50 * np.finfo(dtype).eps)
