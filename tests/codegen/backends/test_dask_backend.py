"""The Dask back end: lazy results, chunks of rows, a cluster of processes whose memory is smaller than the data."""

import numpy as np
import pytest
from sympy import Determinant, Identity, MatrixSymbol, log, symbols
from sympy.matrices.expressions.diagonal import DiagMatrix

from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.errors import MatcalcError, ShapeError

from ..models import ARGS, MODELS, data

da = pytest.importorskip("dask.array")
dask = pytest.importorskip("dask")
callbacks = pytest.importorskip("dask.callbacks")
m, n = symbols("m n", integer=True, positive=True)
A, X, x = MatrixSymbol("A", n, n), MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1)


def chunked(values, rows):
    """X and y in chunks of rows; the small arguments as they are."""
    X, y, *small = values
    return da.from_array(X, chunks=(rows, -1)), da.from_array(y, chunks=rows), *small


@pytest.mark.parametrize("model", MODELS)
def test_data_in_chunks_of_rows_with_small_arrays_of_numpy(model):
    values = data(1000, 4)
    results = lambdify(ARGS, MODELS[model], modules="dask")(*chunked(values, 128))
    assert all(isinstance(r, da.Array) for r in results.values())
    got = dict(zip(results, dask.compute(*results.values()), strict=True))
    for key, want in lambdify(ARGS, MODELS[model])(*values).items():
        np.testing.assert_allclose(got[key], want, rtol=1e-9, err_msg=key)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_larger_than_a_chunk_is_made(model):
    """Walked over: the size of every array that a task gives."""
    largest, rows, columns = 0, 128, 4

    class Watch(callbacks.Callback):
        def _posttask(self, key, result, dsk, state, worker_id):
            nonlocal largest
            parts = result if isinstance(result, (list, tuple)) else [result]
            largest = max([largest, *(np.size(p) for p in parts if isinstance(p, np.ndarray))])

    X, y = da.random.default_rng(0).random((4096, columns), chunks=(rows, -1)), da.random.default_rng(1).random(4096, chunks=rows)
    results = lambdify(ARGS, MODELS[model], modules="dask")(X, y, np.ones(columns), 0.5)
    with Watch():
        dask.compute(*results.values(), scheduler="sync")
    assert 0 < largest <= rows * columns


def test_scalars_may_be_lazy_too():
    f = lambdify(ARGS, MODELS["least_squares"]["value"], modules="dask")
    X, y, w, lam = data(50, 3)
    got = f(da.from_array(X, chunks=(20, -1)), da.from_array(y, chunks=20), da.from_array(w), da.from_array(np.array(lam)))
    assert got.ndim == 0 and got.compute() == pytest.approx(lambdify(ARGS, MODELS["least_squares"]["value"])(X, y, w, lam))


def test_a_matrix_in_chunks_is_solved_and_inverted():
    a = np.random.default_rng(0).standard_normal((12, 12)) + 5 * np.eye(12)
    for chunks in (4, (4, 6), 5):
        got = lambdify([A, x], [A.I * x, A.I, A + 2 * Identity(n), A + DiagMatrix(x)], modules="dask")(
            da.from_array(a, chunks=chunks), np.ones(12)
        )
        for g, want in zip(got, (np.linalg.solve(a, np.ones(12)), np.linalg.inv(a), a + 2 * np.eye(12), a + np.eye(12)), strict=True):
            np.testing.assert_allclose(g.compute(), want, atol=1e-10)
        assert got[2].chunks == got[3].chunks == da.from_array(a, chunks=chunks).chunks


def test_what_dask_cannot_do_is_named():
    with pytest.raises(MatcalcError, match="Dask back end.*operation `slogdet`.*compute the matrix.*numpy"):
        lambdify([A], log(Determinant(A)), modules="dask")


def test_chunks_of_unknown_size_are_an_error():
    lazy = da.from_array(np.ones((4, 2)))
    with pytest.raises(ShapeError, match="`X`.*compute_chunk_sizes"):
        lambdify([X], X.T * X, modules="dask")(lazy[lazy[:, 0] > 0])


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, memory_limit="500MB", dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        yield client


def logistic_data(rows, columns, chunk):
    """Made by the workers, chunk by chunk."""
    g = da.random.default_rng(0)
    return g.standard_normal((rows, columns), chunks=(chunk, -1)), (g.random(rows, chunks=chunk) < 0.4).astype(float)


@pytest.mark.parametrize("model", MODELS)
def test_on_a_cluster(client, model):
    X, y = logistic_data(20000, 5, 4000)
    w = np.linspace(-1, 1, 5)
    results = lambdify(ARGS, MODELS[model], modules="dask")(X, y, w, 0.5)
    got = dict(zip(results, dask.compute(*results.values()), strict=True))
    for key, want in lambdify(ARGS, MODELS[model])(*dask.compute(X, y), w, 0.5).items():
        np.testing.assert_allclose(got[key], want, rtol=1e-9, err_msg=key)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_data_larger_than_the_memory_of_all_workers(client, model):
    """1.6 GB through two workers of 0.5 GB each; nothing is spilled."""
    X, y = logistic_data(10_000_000, 20, 250_000)
    assert X.nbytes > 1.5e9
    results = lambdify(ARGS, {k: MODELS[model][k] for k in ("gradient", "hessian")}, modules="dask")(X, y, np.zeros(20), 0.5)
    gradient, hessian = dask.compute(*results.values())
    assert gradient.shape == (20,) and hessian.shape == (20, 20) and np.isfinite(hessian).all()
    scale = 2 if model == "least_squares" else 0.25
    assert np.diag(hessian) == pytest.approx(np.full(20, scale * 1e7), rel=1e-2)
    spilled = client.run(lambda dask_worker: getattr(dask_worker.data, "spilled_total", (0, 0))[0])
    assert set(spilled.values()) == {0}
