"""Diagonal plus low rank at all scales: solutions and determinants as accurate as the whole matrix allows, against exact arithmetic."""

import tracemalloc

import mpmath
import numpy as np
import pytest

import sympy_matcalc as mc

pytest.importorskip("scipy")
from sympy_matcalc.operators import DiagonalPlusLowRankOperator, GramOperator  # noqa: E402

EPS = np.finfo(float).eps
KINDS = ["gram", "U", "diagonal C", "symmetric C", "general"]


@pytest.fixture(autouse=True)
def digits():
    with mpmath.workdps(120):
        yield


def exact(array):
    return mpmath.matrix(np.asarray(array).tolist())


def sizes(matrix):
    return matrix.apply(abs)


def random_parts(kind, seed):
    """(operator, d, U, C, V) with scales of 1e-15 to 1e15, of rows, columns or both."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    n = int(rng.integers(1, 9))
    k = int(rng.integers(1, max(2, n if rng.random() < 0.8 else n + 3)))
    width, is_complex = rng.choice([0, 3, 8, 12, 15]), rng.random() < 0.2

    def array(*shape):
        values = rng.standard_normal(shape)
        return values + 1j * rng.standard_normal(shape) if is_complex else values

    def scale(size, share):
        return 10.0 ** rng.uniform(-width, width, size) if rng.random() < share else np.ones(size)

    d = (np.abs(array(n)) if rng.random() < 0.5 else array(n)) * scale(n, 0.8)
    if rng.random() < 0.3:
        d[rng.integers(0, n, int(rng.integers(1, k + 1)))] *= rng.choice([0, 1e-15, 1e-20])
    U = scale(n, 0.4)[:, None] * array(n, k) * scale(k, 0.3)
    if kind == "gram":
        c = np.abs(array(k)) * scale(k, 0.3)
        return GramOperator(U.T, c, d), d, U, np.diag(c), U
    if kind == "U":
        return DiagonalPlusLowRankOperator(d, U), d, U, np.eye(k), U
    if kind == "diagonal C":
        c = array(k) * scale(k, 0.4)
        return DiagonalPlusLowRankOperator(d, U, c), d, U, np.diag(c), U
    if kind == "symmetric C":
        C = array(k, k)
        return DiagonalPlusLowRankOperator(d, U, C + C.T), d, U, C + C.T, U
    count = int(rng.integers(1, k + 2))
    C, V = array(k, count) * scale(count, 0.3), scale(n, 0.4)[:, None] * array(n, count)
    return DiagonalPlusLowRankOperator(d, U, C, V), d, U, C, V


def condition(inverse, size):
    """The least condition number over all scalings of rows and columns, that of the spectral radius of |A^-1| |A| (Bauer 1963)."""
    product, v, found = sizes(inverse) * size, mpmath.matrix([1] * size.rows), 0
    for _ in range(40):
        v = product * v
        found = max(v)
        v = v / found
    return float(found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(24))
def test_solutions_and_determinants_of_any_scale(kind, seed):
    op, d, U, C, V = random_parts(kind, seed)
    A = mpmath.diag(d.tolist()) + exact(U) * exact(C) * exact(V).T
    size = mpmath.diag(np.abs(d).tolist()) + sizes(exact(U)) * sizes(exact(C)) * sizes(exact(V)).T
    rng = np.random.default_rng(seed)
    b = np.stack([np.ones(len(d)), op @ rng.standard_normal(len(d)), op @ (10.0 ** rng.uniform(-9, 9, len(d)))], 1)
    try:
        inverse = A**-1
    except (ZeroDivisionError, TypeError):  # exactly singular, of which mpmath makes both
        with pytest.raises(np.linalg.LinAlgError):
            op.solve(b)
        return
    kappa = condition(inverse, size)
    try:
        factor = op.factor()
    except np.linalg.LinAlgError:
        assert kappa * EPS * 1000 > 1, "a regular matrix is no error"
        return
    for x in (op.solve(b), factor.solve(b), op.inv() @ b):
        for j in range(b.shape[1]):
            right = inverse * exact(b[:, j])
            error, allowed = sizes(exact(x[:, j]) - right), sizes(inverse) * (size * sizes(right) + sizes(exact(b[:, j])))
            assert all(e <= 1e4 * EPS * a for e, a in zip(error, allowed))
    (sign, logarithm), det = op.slogdet(), mpmath.det(A)
    np.testing.assert_allclose(logarithm, float(mpmath.log(abs(det))), rtol=1e-13, atol=1e4 * EPS * kappa)
    np.testing.assert_allclose(sign, complex(det / abs(det)), rtol=0, atol=1e4 * EPS * kappa)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_single_precision(kind, seed):
    """Of scales that it has room for, each solution that is given is held against its right side."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    n, k = 12, 3
    d, U, c = 10.0 ** rng.uniform(-6, 6, n), rng.standard_normal((n, k)), rng.standard_normal(k)
    d, U, c = (a.astype(np.float32) for a in (d, U, np.abs(c) if kind == "gram" else c))
    op = GramOperator(U.T, c, d) if kind == "gram" else DiagonalPlusLowRankOperator(d, U, c)
    b = rng.standard_normal(n).astype(np.float32)
    dense, size = U.astype(float) * c @ U.T + np.diag(d.astype(float)), np.abs(U).astype(float) * np.abs(c) @ np.abs(U.T) + np.diag(d)
    inverse, eps = np.abs(np.linalg.inv(dense)), np.finfo(np.float32).eps
    try:
        x = op.solve(b)
    except np.linalg.LinAlgError:
        assert np.abs(np.linalg.eigvals(inverse @ size)).max() * eps * 100 > 1
        return
    assert x.dtype == np.float32
    error = np.abs(x - np.linalg.solve(dense, b))
    assert (error <= 1e4 * eps * (inverse @ (size @ np.abs(x) + np.abs(b)))).all()


@pytest.mark.parametrize("tiny", [1e-8, 1e-15, 1e-20, 1e-200, 0.0])
def test_one_tiny_entry(tiny):
    B = np.array([[1, 0.3, 0.7], [0.5, 2, 1]])
    d = np.array([tiny, 1, 1])
    dense = B.T @ B + np.diag(d)
    for op in (DiagonalPlusLowRankOperator(d, B.T), GramOperator(B, e=d)):
        np.testing.assert_allclose(op.solve(np.ones(3)), np.linalg.solve(dense, np.ones(3)), rtol=1e-12)
        np.testing.assert_allclose(op.inv() @ np.eye(3), np.linalg.inv(dense), rtol=1e-12)
        np.testing.assert_allclose(op.logdet(), np.linalg.slogdet(dense)[1], rtol=1e-12)


def test_a_hessian_with_a_tiny_entry():
    values = np.array([[1, 0.3, 0.7], [0.5, 2, 1]])
    f, known = mc.parse("sum(exp(x)) + norm(B*x)^2/2", {"x": "n x 1", "B": "m x n"})
    hess = mc.objective(f, known["x"], data={known["B"]: values}, structured=True).hess(np.array([-34.5, 0, 0]))
    assert isinstance(hess, DiagonalPlusLowRankOperator | GramOperator)
    np.testing.assert_allclose(hess.solve(np.ones(3)), np.linalg.solve(hess.todense(), np.ones(3)), rtol=1e-12)


def test_what_is_tiny_takes_no_more_memory():
    n = 3000
    rng = np.random.default_rng(0)
    d, U, b = rng.uniform(1, 2, n), rng.standard_normal((n, 3)), rng.standard_normal((n, 2))
    d[[5, 700]] = 1e-17, 0
    tracemalloc.start()
    op = DiagonalPlusLowRankOperator(d, U)
    x = op.solve(b)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_allclose(op @ x, b, rtol=0, atol=1e-9)
    assert peak < n * n / 4


def test_a_solution_does_not_depend_on_those_before():
    rng = np.random.default_rng(0)
    X, e = rng.standard_normal((3, 8)), 10.0 ** rng.uniform(-9, 0, 8)
    op, b = GramOperator(X, e=e), rng.standard_normal((8, 20))
    first = [GramOperator(X, e=e).solve(b[:, j]) for j in range(20)]
    for j in reversed(range(20)):
        np.testing.assert_array_equal(op.solve(b[:, j]), first[j])


def test_more_zeros_than_columns_and_numbers_that_are_none():
    for n in (4, 3000):
        d = np.r_[0.0, 0.0, np.ones(n - 2)]
        singular = DiagonalPlusLowRankOperator(d, np.ones(n))
        with pytest.raises(np.linalg.LinAlgError, match="ingular"):
            singular.solve(np.ones(n))
        assert singular.logdet() == -np.inf or singular.logdet() < -30
    assert np.isnan(DiagonalPlusLowRankOperator(np.ones(3), np.ones(3)).solve(np.array([1, np.nan, 0]))).any()


@pytest.mark.parametrize("small", [1e-3, 1e-9, 1e-14, 1e-20])
def test_a_diagonal_that_is_small_as_a_whole_tells_a_solution(small):
    """Of X' X + e with a wide X: singular but for e, and a solution where the right side has a part that e alone takes, and only there."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((3, 40))
    op, b = GramOperator(X, e=small), rng.standard_normal(40)
    inner = exact(X) * exact(X).T + small * mpmath.eye(3)
    for right in (b, X.T @ b[:3]):
        expected = (exact(right) - exact(X).T * mpmath.lu_solve(inner, exact(X) * exact(right))) / small
        expected = np.array([float(v) for v in expected])
        try:
            x = op.solve(right)
        except np.linalg.LinAlgError:
            assert right is not b and small < 1e-10
            continue
        np.testing.assert_allclose(x, expected, rtol=0, atol=1e-2 * np.abs(expected).max())
        if right is b:
            np.testing.assert_allclose(x, expected, rtol=0, atol=1e-12 * np.abs(expected).max())
