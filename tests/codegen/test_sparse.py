"""Sparse arguments: the same numbers as of dense ones, sparse where the docs say so, and refusals elsewhere."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Q,
    Symbol,
    Trace,
    exp,
    log,
    symbols,
)

import sympy_matcalc as mc
from sympy_matcalc.errors import DtypeError, MatcalcError

sparse = pytest.importorskip("scipy.sparse")

m, n = symbols("m n", integer=True, positive=True)
X, L, w, y, d = (MatrixSymbol(*a) for a in (("X", m, n), ("L", n, n), ("w", n, 1), ("y", m, 1), ("d", m, 1)))
lam, c = symbols("lambda", positive=True), Symbol("c")
LOSS = (OneMatrix(1, m) * (X * w).applyfunc(Lambda(c, log(1 + exp(c)))) - y.T * X * w + lam / 2 * w.T * w)[0, 0]
SQUARES = ((X * w - y).T * (X * w - y))[0, 0]
FORM = (w.T * L * w)[0, 0]

DENSE = {
    "logistic regression": LOSS,
    "its gradient": mc.gradient(LOSS, w),
    "residuals": X.T * (X * w - y),
    "norm of residuals": mc.Norm(X * w - y),
    "quadratic form": FORM,
    "its gradient too": mc.gradient(FORM, w),
    "log det": log(Determinant(L)),
    "solution": L.I * w,
    "ridge": (X.T * DiagMatrix(d) * X + lam * Identity(n)).I * w,
    "log det of a Gram matrix": log(Determinant(X.T * X + lam * Identity(n))),
    "trace": Trace(L),
    "sums of rows": HadamardProduct(X, X) * OneMatrix(n, 1),
    "cumulative sums": mc.LowerTriangle(OneMatrix(m, m)) * X,
    "cumulative sums of rows": X * mc.LowerTriangle(OneMatrix(n, n)),
}
SPARSE = {
    "Hessian of logistic regression": mc.hessian(LOSS, w),
    "Hessian of least squares": mc.hessian(SQUARES, w),
    "weighted Gram matrix": X.T * DiagMatrix(d) * X,
    "Hessian of a form": mc.hessian(FORM, w),
    "multiple": 2 * X,
    "scaled rows": DiagMatrix(d) * X,
}
REFUSED = {"function": X.applyfunc(exp), "ones": X + OneMatrix(m, n), "inverse": L.I, "Gram inverse": X * (X.T * X + Identity(n)).I * X.T}
RNG = np.random.default_rng(0)
THIN = sparse.random_array((40, 6), density=0.3, rng=RNG, format="csr")
SQUARE = sparse.random_array((6, 6), density=0.4, rng=RNG)
SQUARE = SQUARE + SQUARE.T + sparse.diags_array(np.array([10.0, 9, 8, 7, 6, 5]))
VALUES = {w: RNG.standard_normal(6), y: RNG.random(40), d: RNG.random(40) - 0.2, lam: 0.5}
FORMATS = {"csr": sparse.csr_array, "csc": sparse.csc_array, "matrix": sparse.csr_matrix, "coo": sparse.coo_array}


def both(e, kind):
    """The value of a sparse and of a dense call."""
    dense = {X: THIN.toarray(), L: SQUARE.toarray(), **VALUES}
    used = [s for s in dense if e.has(s)]
    thin = [s for s in (X, L) if e.has(s)]
    f = mc.lambdify(used, e, sparse=thin)
    found = f(*(FORMATS[kind](dense[s]) if s in thin else dense[s] for s in used))
    return found, mc.lambdify(used, e)(*(dense[s] for s in used))


@pytest.mark.parametrize("kind", FORMATS)
def test_sparse_arguments_give_the_numbers_of_dense_ones(kind):
    for name, e in DENSE.items():
        found, wanted = both(e, kind)
        assert not sparse.issparse(found) and np.shape(found) == np.shape(wanted), name
        assert np.allclose(found, wanted), name


@pytest.mark.parametrize("kind", FORMATS)
def test_results_that_can_be_sparse_are(kind):
    for name, e in SPARSE.items():
        found, wanted = both(e, kind)
        assert sparse.issparse(found), name
        assert np.allclose(found.toarray(), wanted), name


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_made_dense_in_silence(name):
    e = REFUSED[name]
    used = [s for s in (X, L) if e.has(s)]
    with pytest.raises(MatcalcError, match="would make a sparse array dense"):
        mc.lambdify(used, e, sparse=used)


def test_the_sign_of_a_determinant_is_that_of_its_permutations():
    f = mc.lambdify([L], log(Determinant(L) ** 2) + mc.Norm(L * OneMatrix(n, 1)), sparse=L)
    g = mc.lambdify([L], log(-Determinant(L)), sparse=L)
    flip = sparse.csr_array(np.array([[0.0, 2, 0], [3, 0, 0], [0, 0, 5]]))
    assert np.isclose(g(flip), np.log(30))
    assert np.isfinite(f(flip))
    with pytest.raises(np.linalg.LinAlgError):
        mc.lambdify([L, w], L.I * w, sparse=L)(sparse.csr_array((3, 3)), np.ones(3))


@pytest.mark.parametrize("entries", [[[np.nan, 0, 0], [0, 2, 0], [0, 0, 3]], [[1, 0], [np.nan, 1]], [[np.inf, np.inf], [np.inf, np.inf]]])
def test_what_is_not_a_number_is_not_called_singular(entries):
    flawed = sparse.csr_array(np.array(entries, float))
    assert np.isnan(mc.lambdify([L], log(Determinant(L)), sparse=L)(flawed))
    assert np.isnan(mc.lambdify([L, w], L.I * w, sparse=L)(flawed, np.ones(flawed.shape[0]))).any()


@pytest.mark.parametrize("of_matrix", ["f4", "f8", "c8", "c16"])
@pytest.mark.parametrize("of_vector", ["f2", "i4", "f4", "f8", "c8", "c16"])
def test_solutions_are_of_the_wider_precision(of_matrix, of_vector):
    solved = mc.lambdify([L, w], L.I * w, sparse=L)
    found = solved(sparse.csr_array(np.array([[2, 1], [0, 4]], of_matrix)), np.array([3, 4], of_vector))
    assert np.allclose(found, [1, 1]) and found.dtype == np.result_type(of_matrix, of_vector)


def test_more_than_double_precision_is_refused():
    with pytest.raises(DtypeError, match="single and double precision"):
        mc.lambdify([L], log(Determinant(L)), sparse=L)(sparse.csr_array(np.eye(2, dtype=np.longdouble)))


def test_what_sparse_does_not_go_with_is_refused():
    with pytest.raises(DtypeError, match="expected a sparse array"):
        mc.lambdify([X, w], X * w, sparse=X)(np.eye(2), np.ones(2))
    with pytest.raises(MatcalcError, match="for matrices"):
        mc.lambdify([X, w], X * w, sparse=w)
    for more in ({"modules": "jax"}, {"batch": [w]}, {"structured": True}):
        with pytest.raises(MatcalcError, match="`sparse` needs"):
            mc.lambdify([X, w], X * w, sparse=X, **more)


# ---- what is not finite meets zeros that are not stored
NOTHING = sparse.csr_array(np.array([[1.0, 0], [0, -2], [0, 0]]))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("kind", ["csr", "csc"])
def test_dense_results_are_not_numbers_where_dense_arrays_have_none(bad, kind):
    thin, right, left = FORMATS[kind](NOTHING), np.array([1, bad]), np.array([1, 1, bad])
    W = MatrixSymbol("W", n, 2)
    with np.errstate(invalid="ignore"):
        for args, e, given in [
            ([X, w], X * w, [right]),
            ([X, y], X.T * y, [left]),
            ([X, W], X * W, [np.array([[1, bad], [2, 3]])]),
            ([X, W], W.T * X.T, [np.array([[1, bad], [2, 3]])]),
            ([X, y, w], y.T * X * w, [left, right * 0]),
            ([X, d], Trace(X.T * DiagMatrix(d) * OneMatrix(m, n)), [left]),
        ]:
            found = mc.lambdify(args, e, sparse=X)(thin, *given)
            assert np.array_equal(found, mc.lambdify(args, e)(thin.toarray(), *given), equal_nan=True), e
            assert np.isnan(found).any(), e


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_sparse_results_that_would_lose_what_is_not_finite_are_errors(bad):
    flawed = sparse.csr_array(np.array([[1, bad], [0, 1]]))
    for args, e, given in [
        ([X, d], DiagMatrix(d) * X, [NOTHING, np.array([1, 1, bad])]),
        ([X, d], X.T * DiagMatrix(d) * X, [NOTHING, np.array([1, 1, bad])]),
        ([X, c], c * X, [NOTHING, bad]),
        ([X], X.T * X, [flawed]),
        ([X], HadamardProduct(X, X.T), [flawed]),
    ]:
        with pytest.raises(FloatingPointError, match="zeros of a sparse array"):
            mc.lambdify(args, e, sparse=X)(*given)
    assert mc.lambdify([X], X + X, sparse=X)(flawed)[0, 1] == bad or np.isnan(bad)


def test_stated_positive_definite_is_checked_of_sparse_arrays_too():
    solved = mc.lambdify([L, w], [L.I * w, log(Determinant(L))], sparse=L, assumptions=Q.positive_definite(L))
    assert np.allclose(solved(SQUARE, VALUES[w])[0], np.linalg.solve(SQUARE.toarray(), VALUES[w]))
    assert np.isclose(solved(SQUARE, VALUES[w])[1], np.linalg.slogdet(SQUARE.toarray())[1])
    hermitian = sparse.csr_array(np.array([[2, 1j], [-1j, 3]]))
    assert np.allclose(hermitian @ solved(hermitian, np.ones(2))[0], 1)
    for entries in ([[1, 0], [0, -2]], [[1, 2], [2, 1]], [[1, 2], [0, 1]], [[0, 1], [1, 0]], [[1, 1], [1, 1]], [[np.nan, 0], [0, 1]]):
        with pytest.raises(np.linalg.LinAlgError, match="stated to be positive definite"):
            solved(sparse.csr_array(np.array(entries, float)), np.ones(2))
    S = MatrixSymbol("S", n, n)
    with pytest.raises(np.linalg.LinAlgError, match="stated to be positive definite"):  # of a dense array beside a sparse one
        mc.lambdify([X, S, w], X * S.I * w, sparse=X, assumptions=Q.positive_definite(S))(NOTHING, -np.eye(2), np.ones(2))


def test_one_factorisation_serves_all_uses():
    f = mc.lambdify([L, w], [L.I * w, L.T.I * w, Determinant(L), log(Determinant(L))], sparse=L)
    assert f.source.count("_sparse_factor(L") == 1
    entries = np.array([[1.0, 2], [0, 3]])
    one, other, determinant, log_det = f(sparse.csr_array(entries), np.array([1.0, 3]))
    assert np.allclose(one, np.linalg.solve(entries, [1, 3])) and np.allclose(other, np.linalg.solve(entries.T, [1, 3]))
    assert np.isclose(determinant, 3) and np.isclose(log_det, np.log(3))


@pytest.mark.parametrize("e", [HadamardPower(X, 2), X.T * X, HadamardPower(X, 2) * OneMatrix(n, 1), 2 * X], ids=str)
def test_the_arrays_of_the_caller_stay_as_they_are(e):
    """Read-only ones, and such with an entry in two parts."""
    twice = sparse.csr_array((np.array([1.0, 2, 5]), np.array([0, 0, 1]), np.array([0, 2, 3])), shape=(2, 2))
    parts = twice.data, twice.indices, twice.indptr
    before = [a.copy() for a in parts]
    for a in parts:
        a.setflags(write=False)
    found = mc.lambdify([X], e, sparse=X)(twice)
    wanted = mc.lambdify([X], e)(np.array([[3.0, 0], [0, 5]]))
    assert np.allclose(found.toarray() if sparse.issparse(found) else found, wanted)
    assert all(np.array_equal(a, b) for a, b in zip(parts, before, strict=True)) and twice.data is parts[0]


@pytest.mark.parametrize("kind", ("random", "differences", "tall", "with an empty row", "with zeros in the result", "one"))
def test_a_pattern_that_comes_again_gives_the_same_bits(kind):
    """The second and third call find their places by the pattern; the numbers, their order and what is stored are those of SciPy."""
    rng = np.random.default_rng(0)
    x = {
        "random": lambda: sparse.random_array((300, 40), density=0.1, rng=rng),
        "differences": lambda: sparse.diags_array([-np.ones(5000), np.ones(5000)], offsets=[0, 1], shape=(5000, 5001)),  # without a table
        "tall": lambda: sparse.random_array((5000, 3), density=0.5, rng=rng),
        "with an empty row": lambda: sparse.csr_array(np.array([[1.0, 2.0], [0.0, 0.0], [3.0, 0.0]])),
        "with zeros in the result": lambda: sparse.csr_array(np.array([[1.0, 1.0], [1.0, -1.0], [0.0, 0.0]])),
        "one": lambda: sparse.csr_array(np.array([[2.0]])),
    }[kind]()
    x = sparse.csr_array(x)
    m, n, c = symbols("m n c", integer=True, positive=True)
    X, w = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1)
    e = mc.hessian((OneMatrix(1, m) * (X * w).applyfunc(Lambda(c, log(1 + exp(c)))))[0, 0], w)
    f = mc.lambdify([X, w], e, sparse=X)
    assert "_sparse_gram(" in f.source
    for call in range(4):
        data = x.copy()
        data.data *= 1 + (kind != "with zeros in the result") * rng.random(x.nnz)
        point = rng.standard_normal(x.shape[1]) * (kind != "with zeros in the result")
        found, fresh = f(data, point), mc.lambdify([X, w], e, sparse=X)(data, point)
        assert found.format == fresh.format and found.shape == fresh.shape
        for part in ("data", "indices", "indptr"):
            assert np.array_equal(getattr(found, part), getattr(fresh, part)), (call, part)
        found.data[...], found.indices[...] = 7, 0  # a result is the caller's own


def test_another_pattern_of_the_same_size_is_seen():
    m, n = symbols("m n", integer=True, positive=True)
    X, d = MatrixSymbol("X", m, n), MatrixSymbol("d", m, 1)
    f = mc.lambdify([X, d], X.T * DiagMatrix(d) * X, sparse=X)
    one, other = sparse.csr_array(np.array([[1.0, 2.0], [0.0, 3.0]])), sparse.csr_array(np.array([[1.0, 2.0], [3.0, 0.0]]))
    weights = np.array([2.0, -5.0])
    for x in (one, one, one, other, other, one, other, other, other):
        np.testing.assert_array_equal(f(x, weights).toarray(), x.toarray().T @ np.diag(weights) @ x.toarray())
    one.indices[1] = 0  # what a caller does to its array is seen too
    one.sum_duplicates()
    np.testing.assert_array_equal(f(one, weights).toarray(), one.toarray().T @ np.diag(weights) @ one.toarray())
