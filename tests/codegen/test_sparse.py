"""Sparse arguments: the same numbers as of dense ones, sparse where the docs say so, and refusals elsewhere."""

import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, HadamardProduct, Identity, Lambda, MatrixSymbol, OneMatrix, Symbol, Trace, exp, log, symbols

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
