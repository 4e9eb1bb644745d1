"""Differences that a small shift makes small: values against many digits, at sizes on both sides of the condition."""

from functools import partial

import mpmath
import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, Identity, Inverse, MatrixSymbol, OneMatrix, Q, Trace, log, symbols
from sympy.matrices.expressions.determinant import Determinant

from sympy_matcalc import hessian, lambdify
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.complements import cases
from sympy_matcalc.testing import evaluate

k, m, n = symbols("k m n", integer=True, positive=True)
t, a = symbols("t a", positive=True)
W, Y, A, S, w = MatrixSymbol("W", n, k), MatrixSymbol("Y", k, n), MatrixSymbol("A", k, m), MatrixSymbol("S", n, n), MatrixSymbol("w", k, 1)
b, v, I, J = MatrixSymbol("b", k, 1), MatrixSymbol("v", n, 1), Identity(k), Identity(n)
C = W * W.T + t * J
WEIGHTED = a**2 * W * DiagMatrix(w) * W.T + t * J
EXACT = {
    "identity": I - W.T * C.I * W,
    "turned": W.T * (t * J + W * W.T).I * W - I,
    "a matrix on both sides": A.T * A - A.T * W.T * C.I * W * A,
    "vectors on both sides": b.T * b - b.T * W.T * C.I * W * b,
    "a factor of the sum": A.T * (I - W.T * C.I * W),
    "two matrices": I - Y * Inverse(W * Y + t * J) * W,
    "of which the transpose is asked": I - W.T * Inverse(Y.T * W.T + t * J) * Y.T,
    "scaled": I - a**2 * W.T * Inverse(a**2 * W * W.T + t * J) * W,
    "weights on the left": I - a**2 * DiagMatrix(w) * W.T * WEIGHTED.I * W,
    "weights on the right": I - a**2 * W.T * WEIGHTED.I * W * DiagMatrix(w),
    "a term more": I + A * A.T - W.T * C.I * W,
}
INNER = t * I + W.T * W
V = DiagMatrix(v)
BESIDE = {
    "on the right": I - INNER.I * W.T * W,
    "on the left": I - W.T * W * INNER.I,
    "what a ridge regression leaves": W * b - W * INNER.I * W.T * W * b,
    "on both sides": A.T * A - A.T * W.T * W * INNER.I * A,
    "of two matrices": I - Inverse(t * I + Y * W) * Y * W,
    "two matrices on the left": I - Y * W * Inverse(t * I + Y * W),
    "scaled too": I - a * Inverse(t * I + a * W.T * W) * W.T * W,
    "weights": I - Inverse(t * I + W.T * V * W) * W.T * V * W,
}
NOT = {
    "another order": I - Inverse(t * I + Y * W) * (Y * W).T,
    "another weight": I - Inverse(t * I + W.T * V * W) * W.T * V * V * W,
    "a number more": I - 2 * INNER.I * W.T * W,
    "of the other kind": W * b - W * INNER.I * W.T * (W * b + W * b),
    "another number": 2 * I - W.T * C.I * W,
    "another factor": A.T * A - A.T * W.T * C.I * W * (A + A),
    "another inverse": I - W.T * Inverse(W * W.T + 2 * t * J) * Y.T,
    "no weight": I - W.T * WEIGHTED.I * W,
}
BOTH = "what a ridge regression leaves"  # with the larger of the matrices too, where that is the smaller
SYMBOLS = [W, Y, A, w, b, v, t, a]
ALL = {**EXACT, **BESIDE, **NOT}

TINY = 1e-9


def values(rows, columns, shift=TINY):
    rng = np.random.default_rng(3)
    shapes = {W: (rows, columns), Y: (columns, rows), A: (columns, 3), w: (columns, 1), b: (columns, 1), S: (rows, rows), v: (rows, 1)}
    given = {x: rng.standard_normal(shape) for x, shape in shapes.items()} | {t: shift, a: 1.5}
    return given | {w: given[w] ** 2, v: given[v] ** 2, S: given[S] @ given[S].T, Y: given[W].T + 0.1 * given[Y]}


def exact(expr, given, sizes):
    """The value with 60 digits, entry by entry: a formula in matrices of mpmath."""
    with mpmath.workdps(60):
        return np.array(_exact(expr, given, sizes).tolist(), dtype=object)


def _exact(e, given, sizes):
    go = lambda x: _exact(x, given, sizes)  # noqa: E731
    name = type(e).__name__
    if e in given:
        return mpmath.mpf(given[e]) if np.ndim(given[e]) == 0 else mpmath.matrix(given[e].tolist())
    if name == "Identity":
        return mpmath.eye(int(e.shape[0].subs(sizes)))
    if name == "DiagMatrix":
        return mpmath.diag(list(go(e.args[0])))
    if name == "Transpose":
        return go(e.args[0]).T
    if name == "Inverse":
        return go(e.args[0]) ** -1
    if name in ("MatAdd", "MatMul", "Mul"):
        first, *rest = map(go, e.args)
        for x in rest:
            first = first + x if name == "MatAdd" else first * x
        return first
    if name in ("Pow", "MatPow"):
        return go(e.args[0]) ** int(e.args[1])
    return mpmath.mpf(int(e))


def error(value, right):
    return float(np.abs(np.asarray(value).astype(object).reshape(right.shape) - right).max() / np.abs(right).max())


@pytest.mark.parametrize("name", [*EXACT, *BESIDE])
@pytest.mark.parametrize(("rows", "columns"), ((7, 3), (30, 2), (4, 4)))
def test_all_digits_at_a_small_shift(name, rows, columns):
    expr = ALL[name]
    given = values(rows, columns, TINY if rows > columns else 1e-3)
    right = exact(expr, given, {n: rows, k: columns, m: 3})
    value = lambdify(SYMBOLS, expr)(*(given[x] for x in SYMBOLS))
    assert error(value, right) < (1e-11 if rows > columns else 1e-9)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("rows", "columns", "shift"), ((3, 7, TINY), (2, 30, 0.3), (7, 3, 0.7), (7, 3, 1e6)))
def test_values_on_both_sides_of_the_condition(name, rows, columns, shift):
    expr = ALL[name]
    if name not in EXACT and rows < columns:  # t I and a product of small rank
        shift = max(shift, 1e-3)
    given = values(rows, columns, shift)
    right = exact(expr, given, {n: rows, k: columns, m: 3})
    assert error(lambdify(SYMBOLS, expr)(*(given[x] for x in SYMBOLS)), right) < 1e-9


@pytest.mark.parametrize("name", ALL)
def test_where_it_is_taken(name):
    ctx, expr = Lowerer({k, m, n}), ALL[name]
    roots = [ctx.dense(ctx.low(expr), expr.shape).node]
    found = list(cases(ctx.graph, roots, Context(ctx.size, registry.find("numpy")({}), frozenset({k, m, n}))))
    assert [comparisons for comparisons, *_ in found] == (
        [((k, n, 1),), ()] if name in EXACT else [((n, k, 1),), ()] if name == BOTH else [()]
    )
    assert (list(found[-1][1]) == roots) == (name not in BESIDE)


def test_nothing_is_asked_of_sizes_that_are_known():
    for rows, columns, taken in ((7, 3, True), (3, 7, False), (n + 1, n, True), (n, n + 1, False)):
        X = MatrixSymbol("X", rows, columns)
        body = lambdify([X, t], Identity(columns) - X.T * Inverse(X * X.T + t * Identity(rows)) * X).source
        body = body[body.index("def compute") :]
        assert "<=" not in body and ("_add_diagonal(X.T.dot(X)" in body) == taken


def test_one_comparison_where_a_number_of_columns_is_known():
    X = MatrixSymbol("X", n, 3)
    body = lambdify([X, t], Identity(3) - X.T * Inverse(X * X.T + t * J) * X).source
    assert body.count("if 3 <= n:") == 1


def test_no_rows_and_no_columns():
    f = lambdify([W, t], EXACT["identity"])
    np.testing.assert_array_equal(f(np.zeros((4, 0)), 0.5), np.zeros((0, 0)))
    np.testing.assert_array_equal(f(np.zeros((0, 2)), 0.5), np.eye(2))


LIKELIHOODS = {
    "principal components": (log(Determinant(C)) / 2 + Trace(C.I * S) / 2, W),
    "a determinant": (log(Determinant(C)), W),
    "weights": (log(Determinant(WEIGHTED)), W),
}


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_second_derivatives_lose_no_more_digits_than_the_matrix_has(name):
    """At the condition 1/TINY of the matrix: the error would be its square."""
    expr, X = LIKELIHOODS[name]
    symbols_ = [W, S, w, t, a]
    for rows, columns in ((8, 2), (5, 4)):
        given = values(rows, columns, 1e-6)
        f = lambdify(symbols_, hessian(expr, X))
        g = partial(_gradient, name, given)
        value, at = f(*(given[x] for x in symbols_)), given[W]
        for p, q in ((0, 0), (rows - 1, columns - 1)):
            right = _slope(g, at, p, q)
            assert error(value[:, :, p, q], right) < 1e-7


def _gradient(name, given, V):
    """By hand, with mpmath: of one likelihood each."""
    shift, D = mpmath.mpf(given[t]), mpmath.eye(V.cols)
    if name == "weights":
        D = mpmath.diag([mpmath.mpf(x) * mpmath.mpf(given[a]) ** 2 for x in given[w][:, 0]])
    inverse = (V * D * V.T + shift * mpmath.eye(V.rows)) ** -1
    if name != "principal components":
        return 2 * inverse * V * D
    return inverse * V - inverse * mpmath.matrix(given[S].tolist()) * inverse * V


def _slope(g, at, p, q):
    with mpmath.workdps(80):
        h = mpmath.mpf(10) ** -30
        up, down = mpmath.matrix(at.tolist()), mpmath.matrix(at.tolist())
        up[p, q] += h
        down[p, q] -= h
        return np.array(((g(up) - g(down)) / (2 * h)).tolist(), dtype=object)


def test_a_stated_symmetric_matrix_is_seen_through_its_transpose():
    given = values(8, 2, 1e-6)
    plain, stated = (lambdify([W, S, t], hessian(LIKELIHOODS["principal components"][0], W), assumptions=x) for x in (None, Q.symmetric(S)))
    one, other = plain(given[W], given[S], 1e-6), stated(given[W], given[S], 1e-6)
    assert error(other, one.astype(object)) < 1e-7


def test_a_square_of_one_matrix_is_not_symmetric():
    B, C, s = MatrixSymbol("B", 4, 4), MatrixSymbol("C", 4, 4), symbols("s", positive=True)
    b, c = np.random.default_rng(0).standard_normal((2, 4, 4)) + 2 * np.eye(4)
    e = C - C * B * Inverse(s * Identity(4) + B * B) * B
    right = c - c @ b @ np.linalg.solve(1.3 * np.eye(4) + b @ b, b)
    np.testing.assert_allclose(lambdify([B, C, s], e)(b, c, 1.3), right, rtol=1e-10)


def test_an_inverse_that_meets_a_matrix_at_both_of_its_axes():
    """There it is multiplied entry by entry, and no product goes on behind it."""
    K, L = MatrixSymbol("K", k, k), MatrixSymbol("L", k, k)
    e = k - (OneMatrix(1, k) * HadamardProduct(Inverse(t * I + K * L), L.T, K.T) * OneMatrix(k, 1))[0, 0]
    rng = np.random.default_rng(4)
    given = {K: rng.standard_normal((3, 3)), L: rng.standard_normal((3, 3)), t: 0.7}
    assert np.isclose(lambdify([K, L, t], e)(*given.values()), float(evaluate(e, given | {k: 3})), rtol=1e-13)
