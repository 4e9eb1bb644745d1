"""A matrix and the transpose of another in one sum: what is written, and that strips of it are the whole."""

from types import SimpleNamespace

import numpy as np
import pytest
from sympy import Integer, MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends.runtime.numpy_turned import _with_turned
from sympy_matcalc.codegen.backends.spelling import PRODUCT, SUM
from sympy_matcalc.codegen.backends.turned import with_turned

m, n = symbols("m n", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
X, Y, x = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m), MatrixSymbol("x", n, 1)
rng = np.random.default_rng(0)


def last_line(arguments, e):
    return mc.lambdify(arguments, e).source.splitlines()[-1].strip()


@pytest.mark.parametrize(
    "arguments, e, line",
    [
        ([A], A + A.T, "return _with_turned(A, A)"),
        ([A, B], A - B.T, "return _with_turned(A, B, np.subtract)"),
        ([A, B], A - 2 * B.T, "return _with_turned(A, 2.0 * B, np.subtract)"),
        ([X, Y], X + Y.T, "return _with_turned(X, Y)"),
        ([A, B, x], A * B + A.T, "return (B.T.dot(A.T) + A).T"),
        ([A, B], A.T + B.T, "return (A + B).T"),
        ([MatrixSymbol("A", 5, 5)], MatrixSymbol("A", 5, 5) + MatrixSymbol("A", 5, 5).T, "return A + A.T"),
    ],
)
def test_what_is_written(arguments, e, line):
    assert last_line(arguments, e) == line


def test_sums_inside_of_sums():
    """A sum that begins with a minus is not minus the rest of it."""
    a, b, c = (rng.standard_normal((3, 3)) for _ in range(3))
    C = MatrixSymbol("C", n, n)
    for e, expected in (
        (C.T - (A + B), c.T - (a + b)),
        (C.T + (-A - B), c.T - a - b),
        (-C.T - (A + B), -c.T - a - b),
        (A - B - C.T, a - b - c.T),
        (C.T - A - B + A * B, c.T - a - b + a @ b),
    ):
        np.testing.assert_allclose(mc.lambdify([A, B, C], e)(a, b, c), expected, atol=1e-14)


@pytest.mark.parametrize("outer, inner", [("-a - b", "sum"), ("-a", "product"), ("a - b", "sum"), ("-2.0*a", "product")])
@pytest.mark.parametrize("turned", ["c.T", "-c.T", "-0.5 * c.T"])
def test_the_text_is_the_sum(outer, inner, turned):
    precedence = {"sum": SUM, "product": PRODUCT}[inner]
    size = Integer(300)
    matrix = SimpleNamespace(op="arg", shape=(size, size), args=(), ndim=2, attrs=())
    view = SimpleNamespace(op="view", shape=(size, size), args=(matrix,), ndim=2, attrs=(1, 0))
    node = SimpleNamespace(ndim=2, integer=False, shape=(size, size), args=[matrix, view])
    pair = with_turned(node, [(outer, precedence), (turned, PRODUCT)], lambda a: False)
    a, b, c = (rng.standard_normal((4, 4)) for _ in range(3))
    names = {"a": a, "b": b, "c": c, "np": np, "_with_turned": _with_turned}
    if pair is None:
        assert outer.startswith("-") and precedence == PRODUCT and turned.startswith("-")
    else:
        ((text, _),) = pair
        np.testing.assert_allclose(eval(text, names), eval(outer, names) + eval(turned, names), atol=1e-14)


def test_other_libraries_write_the_sum():
    pytest.importorskip("jax")
    assert "_with_turned" not in mc.lambdify([A], A + A.T, modules="jax").source


def laid_out(shape, dtype, order):
    a = rng.standard_normal(shape).astype(dtype)
    if order == "part":
        return np.concatenate([a, a], 1)[:, : shape[1]]
    return np.asarray(a, order=order)


@pytest.mark.parametrize(
    "shape", [(0, 3), (3, 0), (5, 7), (256, 256), (1030, 1024), (1300, 90), (90, 1300), (70, 2048), (40, 2048)], ids=str
)
@pytest.mark.parametrize("orders", ["CC", "FF", "CF", "FC", ["part", "C"], ["C", "part"], ["part", "F"]], ids="".join)
@pytest.mark.parametrize("dtypes", ["dd", "fd", "df", "dD"])
def test_values(shape, orders, dtypes):
    a, b = laid_out(shape, dtypes[0], orders[0]), laid_out(shape[::-1], dtypes[1], orders[1])
    before = a.copy(), b.copy()
    for op in (np.add, np.subtract):
        expected = op(a, b.T)
        np.testing.assert_array_equal(_with_turned(a, b, op), expected)
        assert _with_turned(a, b, op).dtype == expected.dtype
        np.testing.assert_array_equal(_with_turned(a.copy(order="K"), b, op, own=True), expected)
    np.testing.assert_array_equal(a, before[0])
    np.testing.assert_array_equal(b, before[1])


def test_what_has_no_other_use_holds_the_result():
    a, b = rng.standard_normal((1300, 1300)), rng.standard_normal((1300, 1300))
    expected = a + b.T
    assert _with_turned(a, b, own=True) is a
    np.testing.assert_array_equal(a, expected)


@pytest.mark.parametrize("size", [3, 300, 1300])
def test_arguments_stay_as_they_are(size):
    a, b = rng.standard_normal((size, size)), rng.standard_normal((size, size))
    copies = a.copy(), b.copy()
    f = mc.lambdify([A, B], [A + A.T, A - B.T, A * B + A.T])
    found = f(a, b)
    for value, expected in zip(found, (a + a.T, a - b.T, a @ b + a.T), strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(a, copies[0])
    np.testing.assert_array_equal(b, copies[1])


@pytest.mark.parametrize("rows, columns", [(3, 2), (400, 3), (400, 60), (1300, 4), (0, 2), (4, 0)])
def test_products_with_such_a_sum(rows, columns):
    """Of few columns by two products."""
    W = MatrixSymbol("W", n, m)
    f = mc.lambdify([A, W], mc.gradient(Trace(W.T * A * W), W))
    a, w = rng.standard_normal((rows, rows)), rng.standard_normal((rows, columns))
    assert "_dot_with_turned(A, A, W)" in f.source
    np.testing.assert_allclose(f(a, w), (a + a.T) @ w, rtol=1e-10, atol=1e-10)
