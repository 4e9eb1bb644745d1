"""What is there is not computed again: powers of reciprocals and exponentials, sums with their transposes, arrays that may be written to."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardPower, HadamardProduct, MatrixSymbol, OneMatrix, Sum, exp, symbols

import sympy_matcalc as mc

n, m, k = symbols("n m k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
A, P, X, Y, d, b = (
    MatrixSymbol(name, *shape) for name, *shape in (("A", n, n), ("P", n, n), ("X", n, k), ("Y", m, k), ("d", m, 1), ("b", k, 1))
)
RNG = np.random.default_rng(0)
DATA = {A: RNG.standard_normal((4, 4)), P: RNG.standard_normal((4, 4)), X: RNG.standard_normal((4, 3)), Y: RNG.standard_normal((5, 3)), d: RNG.standard_normal(5), b: RNG.standard_normal(3)}  # fmt: skip
a, p, x, y, dd, bb = DATA.values()


def called(e):
    args = [s for s in DATA if e.has(s)]
    f = mc.lambdify(args, e)
    return f(*(DATA[s] for s in args)), f.source.split("def compute")[1]


def test_exponentials_of_multiples():
    value, source = called(A.applyfunc(exp) * (2 * A).applyfunc(exp) * (3 * A).applyfunc(exp))
    assert np.allclose(value, np.exp(a) @ np.exp(2 * a) @ np.exp(3 * a), rtol=1e-14)
    assert source.count("np.exp") == 1


def test_exponentials_of_others():
    value, source = called(A.applyfunc(exp) * (2 * P).applyfunc(exp) + (-A).applyfunc(exp) * (5 * A).applyfunc(exp))
    assert np.allclose(value, np.exp(a) @ np.exp(2 * p) + np.exp(-a) @ np.exp(5 * a), rtol=1e-14)
    assert source.count("np.exp") == 3


def test_an_exponential_and_its_reciprocal():
    f = mc.lambdify([A], A.applyfunc(exp) + 3 * (-A).applyfunc(exp))
    assert f.source.split("def compute")[1].count("np.exp") == 1
    at = np.array([[-744.0, -709.7, -708.0, -1.0], [0.0, 1e-9, 1.0, 30.0], [708.0, 709.7, 709.8, 744.0], [1e3, -1e3, 5.0, 9.0]])
    with np.errstate(over="ignore", divide="ignore"):
        np.testing.assert_allclose(f(at), np.exp(at) + 3 * np.exp(-at), rtol=1e-15)


LOGISTIC, OTHER = (A.applyfunc(lambda u, sign=sign: 1 / (1 + exp(-sign * u))) for sign in (1, -1))


@pytest.mark.parametrize("dtype", [float, np.float32, complex])
@pytest.mark.parametrize(
    ("expr", "exact"),
    [
        ((LOGISTIC, OTHER, HadamardProduct(LOGISTIC, OTHER)), lambda p, q: (p, q, p * q)),
        ((LOGISTIC, HadamardProduct(LOGISTIC, OTHER)), lambda p, q: (p, p * q)),
        ((OTHER, HadamardProduct(LOGISTIC, OTHER)), lambda p, q: (q, p * q)),
        ((LOGISTIC, OTHER), lambda p, q: (p, q)),
    ],
)
def test_the_logistic_function_of_both_signs_and_its_slope(expr, exact, dtype):
    f = mc.lambdify([A], list(expr))
    body = f.source.split("def compute")[1]
    assert body.count("_odds_against(") == 1 and "_expit(" not in body and "_expit_slope" not in body
    for at in (np.array([[-3.0, 0.0], [1e-3, 8.0]]), np.array([[-800.0, -60.0], [60.0, 800.0]]), np.zeros((0, 0))):
        exponential = np.exp(-at.astype(np.longdouble))
        p = 1 / (1 + exponential)
        q = 1 / (1 + 1 / exponential)
        for found, value in zip(f(at.astype(dtype)), exact(p, q), strict=True):
            assert found.dtype == dtype
            np.testing.assert_allclose(found, value.astype(dtype), rtol=1e-5 if dtype is np.float32 else 1e-13, atol=1e-320)
    alone = mc.lambdify([A], HadamardProduct(LOGISTIC, OTHER))
    assert "_expit_slope" in alone.source
    nan = f(np.array([[np.nan, 1.0], [1.0, -1e4]]))
    assert all(np.isnan(value[0, 0]) and np.isfinite(value.ravel()[1:]).all() for value in nan)


def test_powers_of_reciprocals():
    value, source = called(HadamardPower(A, -1) * P + HadamardPower(A, -2) + HadamardPower(A, -3) * X * X.T)
    assert np.allclose(value, (1 / a) @ p + a**-2.0 + a**-3.0 @ x @ x.T, rtol=1e-13)
    assert "1.0 / A" in source and "A**" not in source


@pytest.mark.parametrize("other", [False, True])
def test_a_product_by_entries_and_its_transpose(other):
    """With a symmetric matrix they are one product; A is not symmetric."""
    K = (X * X.T + A).applyfunc(exp) if other else (X * X.T).applyfunc(exp)
    value, source = called(HadamardProduct(P, K) + HadamardProduct(P, K).T - HadamardPower(K, 2))
    k_ = np.exp(x @ x.T + (a if other else 0))
    assert np.allclose(value, p * k_ + (p * k_).T - k_**2, rtol=1e-13)
    assert ("_with_turned(P, P)" in source) != other


def test_both_factors_symmetric():
    K, L = (X * X.T).applyfunc(exp), (-X * X.T).applyfunc(lambda u: 1 / (1 + exp(u)))
    value, _ = called(HadamardProduct(K, L) + HadamardProduct(K, L).T)
    s = x @ x.T
    assert np.allclose(value, 2 * np.exp(s) / (1 + np.exp(-s)), rtol=1e-13)


def test_rows_and_columns_of_a_weighted_gram_matrix():
    value, source = called(DiagMatrix(b) * Y.T * DiagMatrix(d) * Y * DiagMatrix(b))
    assert np.allclose(value, np.outer(bb, bb) * (y.T @ (dd[:, None] * y)), rtol=1e-13)
    assert "_weighted_gram(Y, d)" in source


LAPLACIAN = (X * X.T).applyfunc(exp) - DiagMatrix((X * X.T).applyfunc(exp) * OneMatrix(n, 1))


def test_a_laplacian_is_written_in_place():
    value, source = called(LAPLACIAN * X)
    w = np.exp(x @ x.T)
    assert np.allclose(value, w @ x - w.sum(1)[:, None] * x, rtol=1e-13, atol=1e-13)
    assert "_add_diagonal(t1, -_sums(t1, 1))" in source


def test_what_is_used_after_it_is_not():
    w = np.exp(x @ x.T)
    laplacian = w - np.diag(w.sum(1))
    for e, exact in (
        (LAPLACIAN * X + (X * X.T).applyfunc(exp) * X, laplacian @ x + w @ x),
        (LAPLACIAN * (X * X.T).applyfunc(exp).T, laplacian @ w.T),
        (LAPLACIAN * LAPLACIAN.T * (X * X.T).applyfunc(exp), laplacian @ laplacian.T @ w),
        (LAPLACIAN + A * (X * X.T).applyfunc(exp), laplacian + a @ w),
    ):
        value, _ = called(e)
        assert np.allclose(value, exact, rtol=1e-12, atol=1e-12)


def test_several_results():
    f = mc.lambdify([X], [LAPLACIAN, (X * X.T).applyfunc(exp), Sum((X * X.T).applyfunc(exp)[i, i], (i, 0, n - 1))])
    w = np.exp(x @ x.T)
    for value, exact in zip(f(x), (w - np.diag(w.sum(1)), w, np.trace(w)), strict=True):
        assert np.allclose(value, exact, rtol=1e-13)
