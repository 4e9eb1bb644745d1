"""`lambdify(..., memory=)`: values as without a bound, and a peak under it, whatever the expression."""

import pickle
import tracemalloc

import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, Lambda, MatrixSymbol, Mod, OneMatrix, Q, Sum, Symbol, Trace, cos, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.bounded.bytes import bytes_of
from sympy_matcalc.errors import ArgumentError, MatcalcError, ShapeError

m, n, k = symbols("m n k", integer=True, positive=True)
i = Symbol("i", integer=True)
c = Symbol("c", real=True)
X, Y, W = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, k), MatrixSymbol("W", n, k)
w, y, A, x = MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("A", m, m), MatrixSymbol("x", m, 1)
RNG = np.random.default_rng(0)
LOGISTIC = (OneMatrix(1, m) * (X * w).applyfunc(Lambda(c, log(1 + exp(c)))) - y.T * X * w)[0, 0]
ENTROPY = Sum(mc.LogSumExp((X[i, :] * W).T) - (Y[i, :] * W.T * X[i, :].T)[0, 0], (i, 0, m - 1))
RAYLEIGH = (x.T * A * x)[0, 0] / (x.T * x)[0, 0]
NORM = mc.Norm(X * w - y)
CAUCHY = (OneMatrix(1, m) * (X * w - y).applyfunc(Lambda(c, log(1 + c**2))))[0, 0]
ROWS, SQUARE = {m: 40_000, n: 8, k: 5}, {m: 700}


def derivatives(f, v):
    return [f, mc.gradient(f, v), mc.hessian(f, v)]


CASES = {
    "logistic": ([X, y, w], derivatives(LOGISTIC, w), ROWS, "1 MB"),
    "cross-entropy": ([X, Y, W], [ENTROPY, mc.gradient(ENTROPY, W)], ROWS, "1 MB"),
    "a norm": ([X, y, w], derivatives(NORM, w), ROWS, "500 kB"),
    "a robust loss": ([X, y, w], derivatives(CAUCHY, w), ROWS, "1 MB"),
    "of the matrix itself": ([X, y, w], [mc.gradient(LOGISTIC, X), mc.gradient(CAUCHY, X)], ROWS, "1 MB"),
    "entries": ([X, Y, W], X.applyfunc(Lambda(c, exp(-c * c))) + 2 * Y * W.T, ROWS, "1 MB"),
    "a kernel": ([X, x], mc.gradient((x.T * (X * X.T).applyfunc(Lambda(c, exp(-(c**2) / 2))) * x)[0, 0], x), {m: 700, n: 8}, "1 MB"),
    "a quotient": ([A, x], derivatives(RAYLEIGH, x), SQUARE, "1 MB"),
}


def arrays(args, sizes):
    shapes = [[int(s.subs(sizes)) for s in a.shape if s != 1] for a in args]
    return [RNG.standard_normal(shape) / np.sqrt(shape[-1]) for shape in shapes]


def listed(found):
    return found if isinstance(found, list) else [found]


def peak(function, data):
    """(results, bytes beside them at the peak)."""
    function(*data)  # what is loaded with the first call does not count
    tracemalloc.start()
    try:
        found = listed(function(*data))
        return found, tracemalloc.get_traced_memory()[1] - sum(np.asarray(v).nbytes for v in found)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", list(CASES))
def test_values_are_the_same_and_the_peak_is_under_the_bound(name):
    args, exprs, sizes, memory = CASES[name]
    data = arrays(args, sizes)
    plain, tiled = mc.lambdify(args, exprs), mc.lambdify(args, exprs, memory=memory)
    wanted, before = peak(plain, data)
    found, after = peak(tiled, data)
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * np.abs(b).max())
    assert after <= bytes_of(memory)
    assert before > bytes_of(memory)  # or nothing is tried


@pytest.mark.parametrize("rows", (0, 1, 2, 63, 64, 65, 131))
def test_any_number_of_rows(rows):
    """Tiles have 64 rows at least, where the bound has room for them."""
    data = arrays([X, y, w], {m: rows, n: 3})
    exprs = derivatives(LOGISTIC, w)
    f = mc.lambdify([X, y, w], exprs, memory="100 kB")
    for a, b in zip(f(*data), mc.lambdify([X, y, w], exprs)(*data), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_a_batch_is_cut_too():
    data = [RNG.standard_normal((200, 30)), RNG.standard_normal(200), RNG.standard_normal((500, 30))]
    exprs = derivatives(LOGISTIC, w)[:2]
    plain, tiled = (mc.lambdify([X, y, w], exprs, batch=[w], **more) for more in ({}, {"memory": "500 kB"}))
    wanted, before = peak(plain, data)
    found, after = peak(tiled, data)
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10)
    assert after <= 500_000 < before


def test_arrays_of_every_precision_and_order():
    f, g = (mc.lambdify([X, y, w], derivatives(LOGISTIC, w), **more) for more in ({}, {"memory": "150 kB"}))
    X_, y_, w_ = arrays([X, y, w], {m: 300, n: 6})
    for data in (
        (X_.astype("f4"), y_.astype("f4"), w_.astype("f4")),
        (np.asfortranarray(X_), y_, w_),
        (X_[::-1, ::-1], y_[::-1], w_),
        (X_.astype("f4"), y_, w_),
    ):
        for a, b in zip(f(*data), g(*data), strict=True):
            assert np.asarray(a).dtype == np.asarray(b).dtype
            np.testing.assert_allclose(a, b, rtol=1e-4)


def test_a_file_that_is_mapped_is_read_by_tiles(tmp_path):
    mapped = np.memmap(tmp_path / "rows", float, "w+", shape=(20_000, 8))
    mapped[...] = RNG.standard_normal(mapped.shape)
    others = arrays([y, w], {m: 20_000, n: 8})
    f, g = (mc.lambdify([X, y, w], derivatives(LOGISTIC, w), **more) for more in ({}, {"memory": "500 kB"}))
    found, used = peak(g, [mapped, *others])
    for a, b in zip(found, f(np.array(mapped), *others), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10)
    assert used <= 500_000


def test_results_may_be_written_into():
    f = mc.lambdify([X, Y, W], X.applyfunc(Lambda(c, exp(c))) + Y * W.T, memory="1 MB")
    data = arrays([X, Y, W], {m: 10, n: 3, k: 2})
    kept = [v.copy() for v in data]
    f(*data)[...] = 7
    assert all(np.array_equal(a, b) for a, b in zip(data, kept, strict=True))


def test_nan_and_infinity_are_kept():
    f, g = (mc.lambdify([X, y, w], NORM, **more) for more in ({}, {"memory": "100 kB"}))
    X_, y_, w_ = arrays([X, y, w], {m: 200, n: 3})
    y_[0], y_[150] = np.inf, np.nan
    with np.errstate(invalid="ignore"):
        assert np.isnan(f(X_, y_, w_)) and np.isnan(g(X_, y_, w_))


def test_a_bound_that_cannot_be_kept_says_the_least():
    inverse = mc.lambdify([A], A.I * A.applyfunc(Lambda(c, exp(c))), memory="1 MB")
    a = RNG.standard_normal((300, 300)) + 20 * np.eye(300)
    with pytest.raises(MemoryError, match=r"needs at least \d+(\.\d+)? MB beside its arguments and results,? and was given 1 MB"):
        inverse(a)
    assert inverse(a[:20, :20]).shape == (20, 20)
    least = mc.lambdify([A], A.I * A.applyfunc(Lambda(c, exp(c))), memory="1 GB")
    np.testing.assert_allclose(least(a), np.linalg.inv(a) @ np.exp(a), rtol=1e-8)


def test_the_least_that_is_said_is_enough():
    f = mc.lambdify([X, y, w], derivatives(LOGISTIC, w), memory=1)
    data = arrays([X, y, w], {m: 5000, n: 200})
    with pytest.raises(MemoryError) as error:
        f(*data)
    least = str(error.value).split("at least ")[1].split(" MB")[0]
    f = mc.lambdify([X, y, w], derivatives(LOGISTIC, w), memory=int(float(least) * 1.01e6))
    _, used = peak(f, data)
    assert used <= float(least) * 1.01e6


@pytest.mark.parametrize("typed", ("256", "-1 MB", "1 XB", "", 0, -5, 1.5, True, "MB"))
def test_what_is_no_amount_of_memory(typed):
    with pytest.raises(ArgumentError, match="number of bytes, or a text with a unit"):
        mc.lambdify([X], X, memory=typed)


@pytest.mark.parametrize(
    ("options", "said"),
    (
        ({"modules": "jax"}, "needs modules=\"numpy\", got modules='jax'"),
        ({"modules": "torch"}, 'needs modules="numpy"'),
        ({"modules": "dask"}, 'needs modules="numpy"'),
        ({"structured": "sparse"}, "and `structured` exclude each other: .* sparse results .*; leave `memory` out"),
        ({"sparse": X}, "and `sparse` exclude each other: .* sparse arguments .*; leave `memory` out"),
    ),
    ids=str,
)
def test_other_ways_are_refused_by_name(options, said):
    with pytest.raises(MatcalcError, match=f"`memory='1 MB'` {said}"):
        mc.lambdify([X, w], X * w, memory="1 MB", **options)


def test_parts_of_operators_are_computed_by_tiles():
    """What an operator holds is a result."""
    robust = Trace((X * W).applyfunc(Lambda(c, log(1 + c**2))).T * (X * W).applyfunc(Lambda(c, exp(-(c**2)))))
    exprs = [mc.gradient(robust, W), mc.hessian(robust, W), mc.hessian(LOGISTIC, w)]
    data = arrays([X, W, w, y], ROWS)
    options = {"structured": [False, True, True]}
    plain, tiled = (mc.lambdify([X, W, w, y], exprs, **options, **more) for more in ({}, {"memory": "1 MB"}))
    for a, b in zip(tiled(*data)[1:], plain(*data)[1:], strict=True):
        assert type(a) is type(b)
        v = RNG.standard_normal(a.shape[1])
        np.testing.assert_allclose(a @ v, b @ v, rtol=1e-9, atol=1e-9 * np.abs(b @ v).max())
    tracemalloc.start()
    try:
        found = tiled(*data)
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 3
    assert most - held <= bytes_of("1 MB")


@pytest.mark.parametrize("f", (mc.ElementMax(X * w), mc.ElementMin((X * w).applyfunc(exp)), mc.Mean((X * w).applyfunc(exp))), ids=str)
def test_no_rows_where_there_is_no_value_then(f):
    g = mc.lambdify([X, w], f, memory="1 MB")
    assert g(np.ones((3, 2)), np.zeros(2)) in (0, 1)
    with pytest.raises(ShapeError, match="argument `X` of shape .0, 2.: the size `m` is 0, and of no entries the expression has no value"):
        g(np.ones((0, 2)), np.zeros(2))


def test_the_gradient_of_a_mean_has_no_value_of_no_rows():
    """Nor without a bound, where it was nan."""
    for more in ({}, {"memory": "1 MB"}):
        f = mc.lambdify([X, y, w], mc.gradient(((X * w - y).T * (X * w - y))[0, 0] / m, w), **more)
        assert f(np.ones((3, 0)), np.ones(3), np.ones(0)).shape == (0,)
        with pytest.raises(ShapeError, match="the size `m` is 0"):
            f(np.ones((0, 2)), np.ones(0), np.ones(2))


def test_sizes_that_only_the_values_tell_are_refused():
    S = MatrixSymbol("S", n, n)
    e = Sum(log(Determinant(S + X[i, :].T * X[i, :])), (i, 0, m - 1))  # by tiles of its own
    with pytest.raises(MatcalcError, match="`memory`: 1 size of an array is known only .*no bound can be kept"):
        mc.lambdify([X, S], e, memory="1 MB")


def test_products_of_all_others():
    f = Determinant(DiagMatrix(x)) + mc.ElementSum(x.applyfunc(exp))
    bounded = mc.lambdify([x], mc.gradient(f, x), memory="1 MB")
    assert np.allclose(bounded(np.array([0.0, 2, 3])), [7, np.exp(2), np.exp(3)])
    (found,), most = peak(bounded, [np.ones(10_000)])
    assert most <= 1_000_000 and np.allclose(found, 1 + np.e)
    with pytest.raises(MemoryError, match="needs at least"):
        bounded(np.ones(40_000))


def test_facts_and_pickles():
    S = MatrixSymbol("S", n, n)
    f = mc.lambdify([X, S], [(X * S * X.T).applyfunc(Lambda(c, exp(c))), S.I], assumptions=Q.positive_definite(S), memory="2 MB")
    x_ = arrays([X], {m: 20, n: 4})[0]
    s = x_.T @ x_ + np.eye(4)
    for g in (f, pickle.loads(pickle.dumps(f))):
        np.testing.assert_allclose(g(x_, s)[0], np.exp(x_ @ s @ x_.T))


def test_entries_around_a_ring():
    """The index of the next entry is a whole number in a tile too."""
    ring, j = MatrixSymbol("r", n, 1), Symbol("j", integer=True)
    f = Sum(cos(ring[j, 0] - ring[Mod(j + 1, n), 0]), (j, 0, n - 1))
    v = RNG.random(50_000)
    bounded = mc.lambdify([ring], f, memory="3 MB")
    assert "_tile_rows" in bounded.source
    np.testing.assert_allclose(bounded(v), mc.lambdify([ring], f)(v), rtol=1e-10)
