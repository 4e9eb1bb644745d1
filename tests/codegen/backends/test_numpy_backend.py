"""What NumPy's back end does with arguments that are parts of larger arrays: products by the method of arrays would copy them each time."""

import numpy as np
import pytest
from sympy import DiagMatrix, Identity, Lambda, MatrixSymbol, Sum, Trace, sin, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
rng = np.random.default_rng(5)
GRADIENT = X.T * (X * w - y)


def body(f):
    return f.source[f.source.index("def compute(") :]


def test_copied_once_before_several_products():
    f = mc.lambdify([X, w, y], GRADIENT)
    assert body(f).count(".copy()") == 1 and "if not X.flags.forc:" in body(f) and "_times" not in f.source
    large, v, r = rng.normal(size=(9, 11)), rng.normal(size=4), rng.normal(size=5)
    kept = large.copy()
    for part in (large[2:7, 3:7], large[:5, ::-1][:, :4], large[::2, 1:9:2], np.asfortranarray(large)[:5, :4], large[:5, :4].copy()):
        assert np.allclose(f(part, v, r), part.T @ (part @ v - r), rtol=1e-13)
    assert (large == kept).all()


def test_vectors_may_be_parts():
    f = mc.lambdify([X, w, y], GRADIENT)
    Z, v, r = rng.normal(size=(5, 4)), rng.normal(size=12), rng.normal(size=(5, 3))
    assert np.allclose(f(Z, v[::3], r[:, 1]), Z.T @ (Z @ v[::3] - r[:, 1]), rtol=1e-13)


def test_what_is_in_no_product_is_not_asked():
    assert "flags" not in body(mc.lambdify([X], 2 * X))


def test_no_copies_under_a_bound_of_memory():
    f = mc.lambdify([X, w, y], GRADIENT, memory="100 MB")
    assert "copy" not in body(f)
    large, v, r = rng.normal(size=(9, 11)), rng.normal(size=4), rng.normal(size=5)
    assert np.allclose(f(large[2:7, 3:7], v, r), large[2:7, 3:7].T @ (large[2:7, 3:7] @ v - r), rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.complex128, np.int64])
def test_other_precisions_and_kinds(dtype):
    f = mc.lambdify([X, w, y], GRADIENT)
    Z, v, r = (rng.normal(size=shape).astype(dtype) * 3 for shape in ((6, 8), (4,), (6,)))
    found = f(Z[:, 1:8:2], v, r)
    expected = Z[:, 1:8:2].T @ (Z[:, 1:8:2] @ v - r)
    assert np.allclose(found, expected, rtol=1e-5) and found.dtype == (float if dtype is np.int64 else dtype)


def test_an_index_or_a_bound_that_is_no_whole_number_is_an_error():
    t, q = symbols("t", real=True), symbols("q", integer=True)
    entry, total = mc.lambdify([w, t], w[t, 0]), mc.lambdify([w, t], Sum(w[q - 1, 0], (q, 1, t)))
    v = np.arange(5.0)
    assert entry(v, 2.0) == entry(v, 2) == 2 and total(v, 3.0) == 3 and entry(v, 2 + 1e-12) == 2
    for f, at in ((entry, 1.3), (total, 2.5), (entry, float("nan"))):
        with pytest.raises(mc.IndexRangeError, match="is no whole number"):
            f(v, at)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1, 3, 500, 501, 2000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logistic_functions_far_out_give_no_warning(size, dtype):
    """Whether all are looked at before, as of few entries, or the warning is turned off."""
    t = symbols("t", real=True)
    logistic, slope = mc.Sigmoid(t), mc.Sigmoid(t) * (1 - mc.Sigmoid(t))
    code = mc.lambdify([w], [w.applyfunc(Lambda(t, logistic)), w.applyfunc(Lambda(t, slope))])
    points = np.resize(np.array([-1000.0, -80.0, -0.5, 0.0, 2.0, 60.0, 1e4]), size).astype(dtype)
    for where in (points, points[::2], np.zeros(size, dtype)):
        exact = 1 / (1 + np.exp(np.minimum(-where.astype(float), 700)))
        exact[where < -700] = 0
        value, rate = code(where)
        assert value.dtype == rate.dtype == dtype
        assert np.allclose(value, exact, rtol=1e-5 if dtype == np.float32 else 1e-14, atol=0 if dtype == np.float64 else 1e-37)
        assert np.allclose(rate, exact * (1 - exact), rtol=1e-5, atol=1e-7)
    assert np.isnan(code(np.array([np.nan]))[0]).all()


def test_the_dtype_is_asked_for_once():
    t = symbols("t")
    f = mc.lambdify([X, w, y, t], t * GRADIENT)
    looks = body(f).split("if not (", 1)
    assert "dtype = _DOUBLE" in looks[0] and looks[1].count("np.result_type(X, w, y)") == 1 and body(f).count("result_type") == 1
    Z, v, r = rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=6)
    assert f(Z, v, r, 2.0).dtype == float and f(*(a.astype("f") for a in (Z, v, r)), 2.0).dtype == np.float32
    assert np.allclose(f(Z, v, r, 3), 3 * Z.T @ (Z @ v - r), rtol=1e-13) and f(Z, v, r, 1j).dtype == complex


def test_shapes_are_looked_at_by_single_lengths():
    f = mc.lambdify([X, w, y], GRADIENT)
    assert "if X.shape[1] != n:" in body(f) or "if len(w) != n:" in body(f)
    Z, v, r = rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=6)
    wrong = [
        (Z[:, :3], v, r),
        (Z[:5], v, r),
        (Z, v[:3], r),
        (Z, v, r[:5]),
        (Z[0], v, r),
        (Z[None], v, r),
        (Z, v[:, None, None], r),
        (Z, v, Z),
    ]
    for arrays in wrong:
        with pytest.raises(mc.ShapeError, match="expected shape"):
            f(*arrays)


def test_scalars_meet_before_they_meet_an_array():
    s, t = symbols("s t")
    f = mc.lambdify([X, s, t], -2 * s * t * X.applyfunc(sin))
    assert "np.sin(X) * (-2.0 * s * t)" in body(f)
    quotient = mc.lambdify([X, s, t], X.applyfunc(sin) / s / t)
    assert "np.sin(X) / s / t" in body(quotient)  # 1/(s t) may be out of range where neither quotient is
    Z = rng.normal(size=(3, 2))
    assert np.allclose(f(Z, 2.0, 3.0), -12 * np.sin(Z), rtol=1e-14)
    assert np.allclose(quotient(Z, 1e200, 1e200), 0) and quotient(1e300 * Z, 1e200, 1e100).any()


def test_the_end_of_an_axis_is_within_it():
    assert "_within" not in mc.lambdify([w], w[1:, :]).source and "_within" in mc.lambdify([w], w[1:3, :]).source


def test_what_is_added_to_a_diagonal_is_added_up_before():
    """The matrix is written to once; a whole number is written as a float, which NumPy need not look at."""
    d, s = MatrixSymbol("d", m, 1), symbols("s")
    f = mc.lambdify([X, d, s], X * X.T + DiagMatrix(d) + s * Identity(m))
    assert body(f).count("_add_diagonal(") == 1 and "_add_diagonal(X.dot(X.T), 1.0)" in mc.lambdify([X], X * X.T + Identity(m)).source
    Z, v = rng.normal(size=(4, 3)), rng.normal(size=4)
    assert np.allclose(f(Z, v, 2.0), Z @ Z.T + np.diag(v) + 2 * np.eye(4), rtol=1e-14)


def test_no_einsum_for_one_diagonal_of_many_axes():
    U, V = MatrixSymbol("U", m, n), MatrixSymbol("V", m, n)
    H = mc.lambdify([U, V], mc.hessian(Trace(U * V.T * V * U.T), U))
    assert "einsum" not in body(H) and "_embedded_pairs" not in H.source
    A, B = rng.normal(size=(2, 4, 3))
    assert np.allclose(H(A, B), 2 * np.einsum("ik,jl->ijkl", np.eye(4), B.T @ B), rtol=1e-13)


@pytest.mark.parametrize("dtype", [float, np.float32, complex])
def test_products_of_the_transpose_of_a_large_matrix_with_few_columns(dtype):
    """BLAS is asked for the transposed product where that is faster; a result is laid out by rows either way."""
    k = symbols("k", integer=True, positive=True)
    Y, W = MatrixSymbol("Y", m, k), MatrixSymbol("W", n, k)
    f = mc.lambdify([X, Y], X.T * Y)
    assert "_dot(X.T, Y)" in body(f) and "_dot" not in body(mc.lambdify([X, y], X.T * y)) + body(mc.lambdify([X, W], X * W))
    for rows, columns, few in (
        (2000, 300, 5),
        (2000, 300, 75),
        (2000, 300, 76),
        (2000, 300, 290),
        (60000, 10, 4),
        (7, 5, 3),
        (800, 700, 1),
    ):
        A, B = rng.normal(size=(rows, columns)).astype(dtype), rng.normal(size=(rows, few)).astype(dtype)
        size = rows**0.5 * np.finfo(dtype).eps * 100
        for left in (A, np.asfortranarray(A)):
            for right in (B, np.asfortranarray(B), rng.normal(size=(few, rows)).astype(dtype).T):
                found, exact = f(left, right), A.T.astype(complex) @ right
                assert found.dtype == dtype and found.flags.c_contiguous and np.abs(found - exact).max() < size * np.abs(exact).max()
