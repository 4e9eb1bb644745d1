"""Softmax, log-sum-exp, means and sums along an axis, which is NumPy's."""

import pickle

import numpy as np
import pytest
from sympy import DiagMatrix, Matrix, MatrixSymbol, Symbol, Trace, exp, latex, srepr, symbols
from sympy.core.symbol import Str

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule, evaluate
from sympy_matcalc.text import parse, to_text

m, n = symbols("m n", integer=True, positive=True)
X, G = MatrixSymbol("X", m, n), MatrixSymbol("G", m, n)
x = MatrixSymbol("x", n, 1)


def softmax(a, axis):
    e = np.exp(a - a.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def logsumexp(a, axis):
    top = a.max(axis, keepdims=True)
    return top + np.log(np.exp(a - top).sum(axis, keepdims=True))


ALONG = {
    mc.Softmax: softmax,
    mc.LogSumExp: logsumexp,
    mc.Mean: lambda a, axis: a.mean(axis, keepdims=True),
    mc.RowSum: lambda a, axis: a.sum(axis, keepdims=True),
    mc.ElementSum: lambda a, axis: a.sum(axis, keepdims=True),
    mc.ElementMax: lambda a, axis: a.max(axis, keepdims=True),
    mc.ElementMin: lambda a, axis: a.min(axis, keepdims=True),
}


@pytest.mark.parametrize("shape", [(3, 4), (1, 3), (3, 1), (1, 1)])
@pytest.mark.parametrize("axis", [0, 1, -1, -2])
@pytest.mark.parametrize("node", ALONG, ids=lambda node: node.__name__)
def test_axis_is_that_of_numpy(node, axis, shape):
    rng, A = np.random.default_rng(0), MatrixSymbol("A", *shape)
    value = rng.normal(size=shape)
    for a, data in ((A, {A: value}), (X, {X: value, m: shape[0], n: shape[1]})):
        expected = ALONG[node](value, axis)
        found = np.asarray(evaluate(node(a, axis=axis), data))
        np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-13)
        code = np.asarray(mc.lambdify([a], node(a, axis=axis))(value))
        np.testing.assert_allclose(code.reshape(expected.shape), expected, rtol=1e-13)
        assert node(a, axis=axis).shape == tuple(a.shape[k] if k != axis % 2 or node is mc.Softmax else 1 for k in (0, 1))
    explicit = Matrix(*shape, list(range(value.size)))
    exact = np.array(node(explicit, axis=axis).doit().evalf().tolist(), dtype=float)
    np.testing.assert_allclose(exact, ALONG[node](np.array(explicit.tolist(), dtype=float), axis), rtol=1e-13)


@pytest.mark.parametrize("node", ALONG, ids=lambda node: node.__name__)
@pytest.mark.parametrize("axis", [2, -3, "rows", 0.5, True, (0, 1)])
def test_other_axes_are_refused(node, axis):
    with pytest.raises(mc.ArgumentError, match="has the axes 0"):
        node(X, axis=axis)


def test_a_matrix_needs_an_axis():
    for node in (mc.Softmax, mc.LogSumExp):
        with pytest.raises(mc.ShapeError, match="axis=1"):
            node(X)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("shape", [(3, 4), (1, 3), (3, 1), (2, 2)])
def test_derivatives(axis, order, shape):
    A, W = MatrixSymbol("A", *shape), MatrixSymbol("W", *shape)
    for f in (
        Trace(W.T * mc.Softmax(A, axis=axis)),
        mc.Norm(mc.LogSumExp(A, axis=axis)) ** 2,
        mc.Norm(mc.Mean(A.applyfunc(exp), axis=axis)) ** 2,
        mc.Norm(mc.RowSum(A.applyfunc(exp), axis=axis)) ** 2,
    ):
        check_rule(f, A, {}, order=order, trials=1)


def test_large_entries():
    """No exponential overflows, of the node and of what is typed."""
    rng = np.random.default_rng(1)
    value, g = 1e4 * rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    typed = DiagMatrix(mc.RowSum(X.applyfunc(exp))).I * X.applyfunc(exp)
    p = softmax(value, 1)
    for node in (mc.Softmax(X, axis=1), typed):
        f = Trace(G.T * node)
        code = mc.lambdify([X, G], [f, mc.gradient(f, X), mc.LogSumExp(X, axis=1)])
        _check(*code(value, g), value, g, p)


def _check(f, slope, lse, value, g, p):
    np.testing.assert_allclose(f, (p * g).sum(), rtol=1e-12)
    np.testing.assert_allclose(slope, p * (g - (p * g).sum(1, keepdims=True)), atol=1e-12)
    np.testing.assert_allclose(lse, logsumexp(value, 1), rtol=1e-14)


@pytest.mark.parametrize("node", [mc.Softmax, mc.LogSumExp])
def test_of_columns_prints_with_its_axis_and_is_the_transpose_of_that_of_the_rows(node):
    of_columns = node(X, axis=0)
    word = node.__name__.lower()
    assert str(of_columns) == f"{word}(X, axis=0)" and str(of_columns.T) == f"{word}(X.T, axis=1)"
    assert of_columns.T.T == of_columns == of_columns.func(*of_columns.args) == pickle.loads(pickle.dumps(of_columns))
    assert of_columns.subs(X, G) == node(G, axis=0)
    assert eval(srepr(of_columns), {node.__name__: node, "MatrixSymbol": MatrixSymbol, "Symbol": Symbol, "Str": Str}) == of_columns
    assert to_text(of_columns) == f"{node.__name__.lower()}(X, 0)"
    assert parse(to_text(of_columns))[0].func is of_columns.func
    assert "mathrm{col}" in latex(of_columns) and "X" in latex(of_columns)
    assert node(Matrix([[0, 1], [0, 2]]), axis=0).doit() == node(Matrix([[0, 0], [1, 2]]), axis=1).doit().T


def test_gradients_by_columns_print_the_axis():
    found = mc.gradient(Trace(G.T * mc.Softmax(X, axis=0)), X)
    assert str(found) == "HadamardProduct(G - ones(m, m)*HadamardProduct(G, softmax(X, axis=0)), softmax(X, axis=0))"
    assert str(mc.gradient(mc.ElementSum(mc.LogSumExp(X, axis=0)), X)) == "softmax(X, axis=0)"
