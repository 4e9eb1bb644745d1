"""jvp, vjp, hvp: against the dense Jacobian or Hessian and against finite differences; what they cost; errors."""

import tracemalloc

import numpy as np
import pytest
from sympy import Determinant, HadamardProduct, Identity, Lambda, MatAdd, MatrixSymbol, Q, Symbol, Trace, exp, log, sin, symbols, tanh
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.matexpr import MatrixExpr

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError, MissingRuleError, ShapeError, UnsupportedVariableError
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.testing.differences import finite_difference_with_error

from ..counting import counted, products

m, n, p = symbols("m n p", integer=True, positive=True)
A, S, X = MatrixSymbol("A", n, n), MatrixSymbol("S", n, n), MatrixSymbol("X", m, n)
B, W = MatrixSymbol("B", m, p), MatrixSymbol("W", p, n)
x, w, y, r = MatrixSymbol("x", n, 1), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("r", 1, n)
o = MatrixSymbol("o", 1, 1)
t, u = Symbol("t", real=True), Symbol("u")
softplus = Lambda(u, log(1 + exp(u)))
net = B * (W * x).applyfunc(tanh) - y

SCALARS = [
    (x.T * A * x, x), ((x.T * A * x)[0, 0] ** 3, x), ((X * w - y).T * (X * w - y), w), (mc.ElementSum((X * w).applyfunc(softplus)), w),
    (mc.LogSumExp(X * w), w), (mc.Norm(X * w - y), w), (net.T * net, W), (net.T * net, B), (net.T * net, x), (mc.Norm(net), W),
    (log(Determinant(S.T * S + Identity(n))), S), (Trace(A * S.I), S), (Trace(S**3), S), (Determinant(S), S), (x.T * S.I * A * x, S),
    (Trace(HadamardProduct(S, S) * A), S), (Trace((X - B * W).T * (X - B * W)), B), (Trace((X - B * W).T * (X - B * W)), W),
    (r * A * r.T, r), (sin(t) * Trace(A * A) + t**3, t), (exp(t) * (x.T * A * x)[0, 0], x), (S[0, 1] ** 2 * Trace(S), S[0, 1]),
    (Trace(mc.MatrixExp(S)), S), (Trace(KroneckerProduct(S, A)), S), (Trace(A), S), (Trace(A * S), S),
    (Trace(o * o * o) * Trace(A), o), (Trace(A) * o, o), (log(Trace(S.T * S)) * Determinant(S), S), (Trace(mc.Cholesky(S.T * S + Identity(n)) * A), S),
]  # fmt: skip
ARRAYS = [
    (X * w, w), (net, W), (S.I, S), (A * S * A, S), (S * S * x, S), (x.applyfunc(tanh), x), (HadamardProduct(S, S.T), S), (A * t + A**2, t),
    (mc.Softmax(X * w), w), (KroneckerProduct(S, A), S), (r * A, r), (A * r.T, r), (x * x.T * A, x), (Determinant(S) * S, S), (Trace(S), S),
    (x.T * A * x, x), (S[0, 1] * A, S[0, 1]), (mc.MatrixExp(S), S), (mc.Norm(x) * x, x), (A, S), (KroneckerProduct(w, X), X[0, 0]), (mc.Cholesky(S.T * S + Identity(n)), S),
]  # fmt: skip

SIZES = {m: 4, n: 3, p: 2}


class Unknown(MatrixExpr):
    shape = property(lambda self: self.args[0].shape)


def shape_of(e):
    return tuple(getattr(e, "shape", ()))


def direction_like(e, name="V"):
    return MatrixSymbol(name, *e.shape) if len(shape_of(e)) == 2 else Symbol(name, real=True)


def values(*exprs):
    return random_env(list(exprs), 3, SIZES, None)


def number(e, env):
    return np.asarray(evaluate(e, env), float)


def by_lambdify(e, env):
    args = sorted(e.free_symbols | set(SIZES), key=str)
    return np.asarray(mc.lambdify(args, e)(*({**env, **SIZES}[s] for s in args)), float)


def contracted(derivative, env, expr, X, V, from_left):
    """<V, J> or J V of a derivative with the axes of `expr` and then those of X."""
    dense = number(derivative, env).reshape(int(np.size(number(expr, env))), -1)
    v = np.ravel(np.asarray(env[V], float))
    return v @ dense if from_left else dense @ v


@pytest.mark.parametrize("f, X", SCALARS, ids=str)
def test_hvp(f, X):
    V = direction_like(X)
    product = mc.hvp(f, X, V)
    env = values(f, X, V)
    expected = contracted(mc.hessian(f, X), env, mc.gradient(f, X), X, V, False)
    np.testing.assert_allclose(np.ravel(number(product, env)), expected, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(np.ravel(by_lambdify(product, env)), expected, rtol=1e-8, atol=1e-9)
    assert shape_of(product) == shape_of(X)


@pytest.mark.parametrize("F, X", ARRAYS + SCALARS, ids=str)
def test_jvp_and_vjp(F, X):
    V, U = direction_like(X), direction_like(F, "U")
    env = values(F, X, V, U)
    dense = finite_difference_with_error(F, X, env)[0].reshape(-1, np.size(env[V]))
    forward, backward = mc.jvp(F, X, V), mc.vjp(F, X, U)
    np.testing.assert_allclose(np.ravel(number(forward, env)), dense @ np.ravel(env[V]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(np.ravel(number(backward, env)), np.ravel(env[U]) @ dense, rtol=1e-5, atol=1e-6)
    for e in (forward, backward):
        np.testing.assert_allclose(np.ravel(by_lambdify(e, env)), np.ravel(number(e, env)), rtol=1e-8, atol=1e-9)


def test_array_results_of_rank_three():
    F, V = mc.jacobian(S * S * x, S), MatrixSymbol("V", n, n)
    env = values(F, V)
    step = {**env, S: env[S] + 1e-6 * env[V]}
    np.testing.assert_allclose(number(mc.jvp(F, S, V), env), (number(F, step) - number(F, env)) / 1e-6, rtol=1e-4, atol=1e-4)


def test_textbook_forms():
    V, v = MatrixSymbol("V", n, n), MatrixSymbol("v", n, 1)
    assert mc.hvp(x.T * A * x, x, v) == (A + A.T) * v
    assert mc.jvp(S.I, S, V) == -S.I * V * S.I
    assert str(mc.hvp(Trace(A * S.I), S, V)) == "S.T**(-1)*(A*S**(-1)*V + V*S**(-1)*A).T*S.T**(-1)"
    assert str(mc.hvp(Trace(X * S * X.T), S, V)) == "zeros(n, n)"
    assert mc.vjp(S * x, S, v) == v * x.T


def test_several_variables():
    v, a = MatrixSymbol("v", n, 1), MatrixSymbol("a", n, 1)
    assert mc.hvp(x.T * A * w, [x, w], [v, a]) == (A * a, A.T * v)
    assert mc.vjp(A * x, (x, A), v) == (A.T * v, v * x.T)
    V = MatrixSymbol("V", n, n)
    env = values(A, x, v, V)
    np.testing.assert_allclose(number(mc.jvp(A * x, (A, x), (V, v)), env), env[V] @ env[x] + env[A] @ env[v])


def test_facts_are_used():
    v = MatrixSymbol("v", n, 1)
    assert mc.hvp(x.T * A * x, x, v, assumptions=Q.symmetric(A)) == 2 * A * v


# ---- what it costs
@pytest.mark.parametrize("f", [net.T * net, Trace(A * W.T * W), log(Determinant(W * W.T + Identity(p)))], ids=str)
def test_no_array_of_four_axes(f):
    """The whole evaluation needs a small multiple of the memory of its matrices, far from the Hessian's."""
    V = MatrixSymbol("V", p, n)
    product = mc.hvp(f, W, V)
    args = sorted(product.free_symbols, key=str)
    env = random_env([product, f], 0, {m: 30, n: 41, p: 42}, None)
    compute = mc.lambdify(args, product)
    data = [np.asarray(env[a]) for a in args]
    compute(*data)
    tracemalloc.start()
    compute(*data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 41 * 42 * 8 < 41 * 42 * 41 * 42 * 8 / 20


def test_growth_with_depth():
    """A residual net: the number of products with a matrix grows by the layer, not with the paths, whose number doubles; so do steps."""
    counts, steps = [], []
    v = MatrixSymbol("v", n, 1)
    for depth in (3, 6, 9):
        h = x
        for _ in range(depth):
            h = MatAdd(h, (A * h).applyfunc(tanh), evaluate=False)
        found, calls = counted(lambda h=h: [mc.hvp(mc.ElementSum(h), x, v), mc.jvp(h, x, v), mc.vjp(h, x, v)])
        steps.append(calls)
        counts.append([products(mc.lambdify([A, x, v], e).source) for e in found])
    assert steps[2] < 4 * steps[1], steps
    assert (np.array(counts) <= 4 * np.array([[3], [6], [9]]) + 2).all(), counts


# ---- errors
def test_wrong_directions():
    v, V = MatrixSymbol("v", n, 1), MatrixSymbol("V", n, n)
    for call in (
        lambda: mc.hvp(x.T * A * x, x, V),
        lambda: mc.jvp(A * x, x, y),
        lambda: mc.vjp(X * w, w, r),
        lambda: mc.jvp(A * x, x, t),
        lambda: mc.vjp(Trace(A), A, V),
    ):
        with pytest.raises(ShapeError, match="must have the shape of"):
            call()
    for call in (
        lambda: mc.hvp(x.T * A * x, x, x),
        lambda: mc.hvp(x.T * A * x, x, MatrixSymbol("A", n, 1)),
        lambda: mc.vjp(X * w, w, y * 2),
        lambda: mc.vjp(X * w + y, w, y),
        lambda: mc.jvp(S * S, S, S),
        lambda: mc.jvp(x, x, MatrixSymbol("n", n, 1)),
        lambda: mc.jvp(A * x, (A, x), (V, MatrixSymbol("V", n, 1))),
    ):
        with pytest.raises(UnsupportedVariableError, match="direction"):
            call()
    for call in (lambda: mc.jvp(A * x, (A, x), V), lambda: mc.hvp(x.T * x, (x, x), (v, v)), lambda: mc.jvp(A * x, (), ())):
        with pytest.raises(MatcalcError):
            call()


def test_wrong_expressions():
    v = MatrixSymbol("v", n, 1)
    with pytest.raises(ShapeError, match="needs a scalar"):
        mc.hvp(A * x, x, v)
    with pytest.raises(ShapeError, match="scalar or a matrix"):
        mc.vjp(mc.jacobian(S * S * x, S), S, v)
    with pytest.raises(MissingRuleError):
        mc.jvp(Unknown(S), S, MatrixSymbol("V", n, n))
