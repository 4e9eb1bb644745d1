"""What is fast at small sizes in NumPy's helpers is right at all."""

import warnings

import numpy as np
import pytest
from sympy import DiagMatrix, MatrixSymbol, OneMatrix, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends.runtime.numpy_helpers import (
    _add_diagonal,
    _add_diagonals,
    _embedded,
    _embedded_pairs,
    _exp_of_sum,
    _expit,
    _expit_of_sum,
    _expit_slope,
    _expit_slope_of_sum,
    _fourth_moments,
    _is_symmetric,
    _log_beside,
    _outer_sum,
    _outer_sums,
    _plus,
    _second_moments,
    _sum_of_products,
    _sums,
    _times,
    _weighted_gram,
)

rng = np.random.default_rng(4)


@pytest.mark.parametrize("n", [1, 2, 5, 63, 64, 300])
def test_symmetric_to_the_last_bit(n):
    a = rng.normal(size=(n, n))
    a = a + a.T
    assert all(map(_is_symmetric, (a, a.T, np.asfortranarray(a), np.pad(a, 2)[2:-2, 2:-2], a.astype(np.float32))))
    if n > 1:
        a[n // 2, 0] = np.nextafter(a[n // 2, 0], 9)
        assert not _is_symmetric(a)
    assert not _is_symmetric(a.astype(complex)) and not _is_symmetric(a[:0, :0])


@pytest.mark.parametrize("shapes", [((2,), (3, 2)), ((4, 4), (5, 3)), ((1, 3), (2,))])
@pytest.mark.parametrize("terms", [2, 3])
def test_outer_sum(shapes, terms):
    left, right = ([rng.normal(size=shape[::-1]).T for _ in range(terms)] for shape in shapes)
    assert np.allclose(_outer_sum(left, right), sum(map(np.multiply.outer, left, right)), rtol=1e-13)


@pytest.mark.parametrize("m, n, k", [(5, 2, 3), (40, 1, 2), (0, 2, 3)])
def test_outer_sums(m, n, k):
    left, right = rng.normal(size=(3, m, n)), rng.normal(size=(3, k, m)).transpose(0, 2, 1)
    assert np.allclose(_outer_sums(tuple(left), tuple(right), 1), np.einsum("rsi,rsj->sij", left, right), rtol=1e-13)


@pytest.mark.parametrize("dtype", [float, np.float32, complex])
@pytest.mark.parametrize(
    "m, n, shape", [(7, 3, (4, 4)), (60, 12, (9, 9)), (3000, 11, (3,)), (30, 70, (2, 3)), (0, 3, (2, 2)), (200_000, 2, (2, 2))]
)
def test_second_moments(m, n, shape, dtype):
    x, f = rng.normal(size=(m, n)).astype(dtype), rng.normal(size=(m, *shape)).astype(dtype)
    f = f + f.swapaxes(-1, -2) if shape[0] == shape[-1] and len(shape) > 1 else f
    expected = np.tensordot(x[:, :, None] * x[:, None, :], f, (0, 0))
    for mirrored in {False, len(shape) > 1 and shape[0] == shape[1]}:
        found = _second_moments(x, f, mirrored)
        assert found.dtype == expected.dtype and np.allclose(found, expected, rtol=1e-9, atol=np.finfo(dtype).eps * 100 * (m + 1))


@pytest.mark.parametrize("dtype", [float, np.float32, complex])
@pytest.mark.parametrize("m, n", [(7, 3), (300, 12), (40, 20), (0, 3), (5, 0), (300_000, 1)])
@pytest.mark.parametrize("low, high", [(None, None), (0.1, 1), (-1, 1)])
def test_fourth_moments(m, n, low, high, dtype):
    x = rng.normal(size=(m, n)).astype(dtype)
    weights = () if low is None else (rng.uniform(low, high, m).astype(np.float32),)
    found = _fourth_moments(x, *weights)
    pairs = (x[:, :, None] * x[:, None, :]).reshape(m, n * n)
    expected = (pairs.T @ (pairs * weights[0][:, None] if weights else pairs)).reshape(n, n, n, n)
    assert found.dtype == expected.dtype and np.allclose(found, expected, rtol=1e-6, atol=np.finfo(dtype).eps * 100 * (m + 1))


@pytest.mark.parametrize(
    "n", [(3, 2, 4, 5), (70, 9, 20, 30), (1, 300, 20, 30), (3000, 3, 2, 40), (0, 2, 3, 4), (5, 0, 300, 400), (300, 2, 200, 2)]
)
@pytest.mark.parametrize("dtype", [np.float32, complex])
def test_sums_of_products(n, dtype):
    a, b = rng.normal(size=(*n[:2], 1, 1)), rng.normal(size=n[2:]).astype(dtype)
    c, d = rng.normal(size=(n[0], 1, n[2], 1)).astype(np.float32), rng.normal(size=(n[1], 1, n[3]))
    found, expected = _sum_of_products((a, b), (c, d), (b, a)), 2 * a * b + c * d
    assert found.shape == n and found.dtype == expected.dtype and np.allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("low, high", [(0.1, 1), (-1, -0.1), (-1, 1), (0, 0)])
@pytest.mark.parametrize("m, n", [(7, 3), (400, 40)])
def test_weighted_grams_are_symmetric(low, high, m, n):
    x, d = rng.normal(size=(m, n)), rng.uniform(low, high, m)
    found = _weighted_gram(x, d)
    assert (found == found.T).all() and np.allclose(found, x.T @ np.diag(d) @ x, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "of", [lambda x: x, lambda x: x[:4], lambda x: np.tile(x, 900), lambda x: np.stack([x, x]).T, lambda x: x.astype("f")]
)
def test_expit_without_a_warning(of):
    x = np.array([0.0, -1.0, 2.0, 30.0, -745.0, 800.0, -1000.0, np.inf, -np.inf])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.allclose(_expit(of(x)), of(np.array([0.5, 0.2689414213699951, 0.8807970779778823, 1, 0, 1, 0, 1, 0])), atol=1e-13)
    assert np.isnan(_expit(np.array([np.nan, 1.0]))).tolist() == [True, False]


@pytest.mark.parametrize("axes, order", [("aa->a", (0,)), ("abac->abc", (2, 0, 1)), ("abcb->acb", (0, 1, 2)), ("aba->ba", (0, 1))])
def test_added_to_one_diagonal(axes, order):
    source, target = axes.split("->")
    x = rng.normal(size=(3,) * len(source))
    core, expected = rng.normal(size=(3,) * len(target)), x.copy()
    np.einsum(axes, expected)[...] += core
    repeated = next(letter for letter in source if source.count(letter) == 2)
    pair = tuple(k for k, letter in enumerate(source) if letter == repeated)
    assert (_add_diagonal(x.copy(), core, pair, order) == expected).all() and (_add_diagonals(axes, x.copy(), core) == expected).all()
    written = np.zeros_like(x)
    np.einsum(axes, written)[...] = core
    for found in (_embedded(core, x.shape, x.dtype, pair, order), _embedded_pairs(axes, core, x.shape, x.dtype)):
        assert (found == written).all()
    wide = _add_diagonal(x.astype(np.float32), core, pair, order)
    assert wide.dtype == float and np.allclose(wide, expected, atol=1e-6)


@pytest.mark.parametrize("x", [2, 2.0, np.float64(2), np.array([2.0, 0.0]), 0, 0.0])
def test_a_logarithm_beside_numbers_of_any_kind(x):
    y = 0.5 if np.ndim(x) == 0 and x else np.asarray(x) / 4
    np.testing.assert_allclose(_log_beside(y, x), np.log(np.where(np.asarray(x) == 0, 1.0, 0.5)))


@pytest.mark.parametrize("size", [1.0, 100.0, 170.0, 180.0, 400.0, 800.0, np.nan, np.inf])
@pytest.mark.parametrize("dtype", [float, np.float32, complex])
def test_functions_of_sums_of_a_column_and_a_row(size, dtype):
    """Where exponentials of either are out of range, those of the sums may be in it."""
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=(50, 1)).astype(dtype), rng.normal(size=60).astype(dtype)
    u[0], v[:3] = size, (size, -size, size - 3)
    with np.errstate(all="ignore"):
        for pair, one in ((_exp_of_sum, np.exp), (_expit_of_sum, _expit), (_expit_slope_of_sum, _expit_slope)):
            found, exact = pair(u, v), one(u + v)
            assert found.dtype == exact.dtype and found.shape == (50, 60)
            np.testing.assert_allclose(found, exact, rtol=1e-4 if dtype is np.float32 else 1e-12)


@pytest.mark.parametrize("shape", [(3, 4), (50, 60)])
def test_what_broadcasts_meets_a_large_array_in_its_memory(shape):
    rng = np.random.default_rng(0)
    x, row, column = rng.random(shape), rng.random(shape[1]), rng.random((shape[0], 1))
    for helper, exact in ((_plus, x + row + column + 2.0), (_times, x * row * column * 2.0)):
        own = x.copy()
        found = helper(own, row, column, 2.0)
        assert np.array_equal(found, exact) and (found is own) is (x.size > 2000)
    for other in (row.astype(complex), row.astype(np.longdouble)):  # what does not fit into it is new
        own = x.copy()
        assert _times(own, other).dtype == other.dtype and np.array_equal(own, x)
    assert _plus(x.astype(np.float32), np.float64(2)).dtype == (x.astype(np.float32) + np.float64(2)).dtype


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("dtype", [float, np.float32, complex, bool, int])
def test_sums_along_an_axis(axis, dtype):
    x = (10 * np.random.default_rng(0).standard_normal((70, 50))).astype(dtype)
    for a in (x, np.asfortranarray(x), x[::2, ::2], x[:0], x[:, :0]):
        found, exact = _sums(a, axis), a.sum(axis)
        assert (
            found.dtype == exact.dtype and found.shape == exact.shape and np.allclose(found, exact, rtol=1e-14 if dtype is float else 1e-5)
        )
    if dtype is float:
        x[2, 3], x[4, 1] = np.nan, np.inf
        assert np.array_equal(np.isfinite(_sums(x, axis)), np.isfinite(x.sum(axis)))


def test_code_that_writes_into_large_arrays_leaves_arguments_alone():
    """Rows and columns of a product and of an argument scaled, of sizes where it is done in place."""
    m, n = symbols("m n", integer=True, positive=True)
    A, B, x, y = MatrixSymbol("A", m, n), MatrixSymbol("B", n, n), MatrixSymbol("x", m, 1), MatrixSymbol("y", n, 1)
    f = mc.lambdify(
        [A, B, x, y], [A * B * DiagMatrix(y), DiagMatrix(x) * A * DiagMatrix(y), A + x * OneMatrix(1, n) + OneMatrix(m, 1) * y.T]
    )
    assert "_times(" in f.source
    rng = np.random.default_rng(1)
    values = [rng.random(s) for s in ((60, 50), (50, 50), 60, 50)]
    kept = [v.copy() for v in values]
    a, b, u, v = kept
    for found, exact in zip(f(*values), ((a @ b) * v, u[:, None] * a * v, a + u[:, None] + v), strict=True):
        assert np.allclose(found, exact, rtol=1e-14)
    assert all(map(np.array_equal, values, kept))
