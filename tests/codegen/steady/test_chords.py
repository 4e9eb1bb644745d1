"""Slopes of the logistic function and of tanh over a difference of the function: worked out, with all digits, and left alone elsewhere."""

import mpmath
import numpy as np
import pytest
from sympy import HadamardProduct, Lambda, MatrixSymbol, OneMatrix, log, sqrt, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.lower import Lowerer, shape_of
from sympy_matcalc.codegen.steady.chords import chords

m, n = symbols("m n", integer=True, positive=True)
t, p, q = symbols("t p q", real=True)
x, y, z, c = (MatrixSymbol(name, n, 1) for name in "xyzc")
X, w, u, l = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("u", m, 1), MatrixSymbol("l", m, 1)  # noqa: E741
rows = OneMatrix(n, 1)


def each(f, at):
    return at.applyfunc(Lambda(t, f(t)))


def sigma(at):
    return each(mc.Sigmoid, at)


def total_log(D):
    return mc.ElementSum(each(log, D))


def chorded(expr):
    """(text before, text after) of the pass alone."""
    ctx = Lowerer({m, n})
    root = ctx.dense(ctx.low(expr), shape_of(expr)).node
    (new,) = chords(ctx.graph, [root], Context(ctx.size, None, frozenset({m, n})))
    return text_of(root), text_of(new)


def logistic(v):
    return 1 / (1 + mpmath.exp(-v))


# ---- the derivatives of log(s(x) - s(y)) by x + y, which quotients of rounded differences cannot give
GAPS = [(1.0, 1.0 - 1e-9), (-2.0, -2.0 - 1e-13), (3.0, -1.0), (40.0, 39.0), (300.0, -2.0), (-300.0, -301.0), (800.0, -800.0), (0.5, 0.5)]
FUNCTIONS = {"logistic": (sigma, logistic), "tanh": (lambda at: each(tanh, at), mpmath.tanh)}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_digits_at_the_edge(name, order):
    """By z of ``log(s(x + z) - s(y + z))``: ``1 - s(x) - s(y)`` of the logistic function, ``-tanh(x) - tanh(y)``; then its slope."""
    ours, exact = FUNCTIONS[name]
    f = total_log(ours(x + z) - ours(y + z))
    code = mc.lambdify([x, y, z], mc.gradient(f, z) if order == 1 else mc.hessian(f, z))
    a, b = np.array(GAPS).T
    with mpmath.workdps(400):
        s = [(exact(mpmath.mpf(u)), exact(mpmath.mpf(v))) for u, v in GAPS]
        first = [1 - u - v if name == "logistic" else -u - v for u, v in s]
        slopes = [-(u - u * u + v - v * v) if name == "logistic" else u * u + v * v - 2 for u, v in s]
        want = [float(v) for v in (first if order == 1 else slopes)]
    got = code(a, b, np.zeros(len(a)))
    assert (got if order == 1 else np.diag(got)) == pytest.approx(want, rel=1e-13, abs=0)


def test_the_data_may_lie_anyhow_and_be_in_single_precision():
    f = total_log(sigma(u - X * w) - sigma(l - X * w))
    g, h = mc.gradient(f, w), mc.hessian(f, w)
    code = mc.lambdify([X, w, u, l], [g, h])
    r = np.random.default_rng(1)
    A, b = r.standard_normal((6, 14))[::2, ::3], r.standard_normal(5)
    low = r.standard_normal(3)
    up = low + r.random(3) + 0.1
    s = lambda v: 1 / (1 + np.exp(-v))  # noqa: E731
    want = -(1 - s(up - A @ b) - s(low - A @ b)) @ A
    weights = sum(s(v) * (1 - s(v)) for v in (up - A @ b, low - A @ b))
    for dtype, tolerance in ((np.float64, 1e-13), (np.float32, 1e-5)):
        gradient, hessian = code(*(v.astype(dtype) if dtype != np.float64 else v for v in (A, b, up, low)))
        assert gradient.dtype == hessian.dtype == dtype
        assert np.allclose(gradient, want, rtol=tolerance, atol=tolerance)
        assert np.allclose(hessian, -(A.T * weights) @ A, rtol=tolerance, atol=tolerance)
    one = code(A[:1, :1], b[:1], up[:1], low[:1])
    assert one[0].shape == (1,) and one[1].shape == (1, 1)


def test_of_complex_numbers():
    f = total_log(each(tanh, x + z) - each(tanh, y + z))
    a, b = np.array([0.3 + 0.4j]), np.array([-0.2 + 0.1j])
    got = mc.lambdify([x, y, z], mc.gradient(f, z))(a, b, np.zeros(1))
    assert np.allclose(got, -np.tanh(a) - np.tanh(b), rtol=1e-14)


def test_a_number_and_an_array_keep_the_axes():
    """One threshold a number, or both."""
    for f, places in ((total_log(sigma(x + z) - sigma(p * rows + z)), 1), (total_log(sigma(q * rows + z) - sigma(p * rows + z)), 0)):
        got = mc.lambdify([x, z, p, q], mc.gradient(f, z))(np.full(3, 0.9), np.array([0.1, 0.2, 0.3]), -0.4, 0.9)
        v = np.array([0.1, 0.2, 0.3])
        s = lambda v: 1 / (1 + np.exp(-v))  # noqa: E731
        assert got.shape == (3,) and np.allclose(got, 1 - s(0.9 + v) - s(-0.4 + v), rtol=1e-13), places


# ---- what the pass makes
def over(top, bottom, power=-1):
    return HadamardProduct(top, each(lambda v: v**power, bottom))


def slope(at):
    return each(lambda v: mc.Sigmoid(v) * (1 - mc.Sigmoid(v)), at)


def second(at):
    return each(lambda v: mc.Sigmoid(v).diff(v, 2), at)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (over(slope(x) - slope(y), sigma(x) - sigma(y)), "expit(-1*y) + -1*expit(x)"),
        (over(slope(y) - slope(x), sigma(x) - sigma(y)), "-1*(expit(-1*y) + -1*expit(x))"),
        (over(slope(x) - slope(y), 2 * sigma(x) - 2 * sigma(y)), "0.5*(expit(-1*y) + -1*expit(x))"),
        (over(slope(x) - slope(y), sigma(-y) - sigma(-x)), "-1*(expit(x) + -1*expit(-1*y))"),
        (over(each(lambda v: v**2, slope(y) - slope(x)), sigma(x) - sigma(y), -2), "(expit(-1*y) + -1*expit(x))**2"),
        (over(slope(x) - slope(y), sigma(x) - sigma(y), -2), "(expit(-1*y) + -1*expit(x))*(-1*expit(y) + expit(x))**-1"),
        (over(second(x) - second(y), sigma(x) - sigma(y)), "(expit(-1*y) + -1*expit(x))**2 + -1*expit_slope(y) + -1*expit_slope(x)"),
        ((c.T * over(slope(x) - slope(y), sigma(x) - sigma(y)))[0, 0], "sum(c[i] (expit(-1*y) + -1*expit(x))[i] -> )"),
    ],
)
def test_quotients(expr, text):
    before, after = chorded(expr)
    assert "**-" in before and after == text


@pytest.mark.parametrize(
    "expr",
    [
        over(slope(x) - slope(z), sigma(x) - sigma(y)),
        over(slope(x) + slope(y), sigma(x) - sigma(y)),
        over(slope(x) - slope(y), sigma(x) + sigma(y)),
        over(slope(x) - slope(y) + rows, sigma(x) - sigma(y)),
        over(slope(x) - 2 * slope(y), sigma(x) - sigma(y)),
        over(slope(x) - slope(y), sigma(x) - 2 * sigma(y)),
        over(slope(x) - slope(y), each(tanh, x) - each(tanh, y)),
        over(sigma(x) - sigma(y), sigma(x) - sigma(y)),
        over(slope(x) - slope(-x), sigma(x) - sigma(-x)),
        over(slope(x), sigma(x) - sigma(y)),
        over(each(sqrt, slope(x) - slope(y)), sigma(x) - sigma(y)),
        over(HadamardProduct(slope(x), sigma(y)) - HadamardProduct(slope(y), sigma(x)), sigma(x) - sigma(y)),
    ],
)
def test_other_quotients_stay(expr):
    before, after = chorded(expr)
    assert before == after


def test_opposites_cancel_where_the_axes_stay():
    ctx = Lowerer({n})
    g, a, b, k = ctx.graph, *(ctx.low(v).node for v in (x, y, p))
    less = lambda factor, v: g.mul(g.const(factor), v)  # noqa: E731
    after = lambda node: text_of(chords(g, [node], Context(ctx.size, None, frozenset({n})))[0])  # noqa: E731
    assert after(g.add(a, less(-1, g.add(a, less(-1, b))))) == "y"
    assert after(g.add(less(3, a), g.make("mul", (g.const(2), less(-1.5, g.add(a, b)))))) == "-3*y"
    # only a number would be left, the summands differ, or all of them cancel
    for kept in (g.add(a, less(-1, g.add(a, k))), g.add(a, less(-1, g.add(b, k))), g.add(g.add(a, b), less(-1, g.add(b, a)))):
        assert after(kept) == text_of(kept)
