"""The structured operators against the dense matrices that their formulas say."""

import subprocess
import sys
import tracemalloc
from functools import partial

import numpy as np
import pytest
from sympy import MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.errors import ArgumentError, MatcalcError, ShapeError

pytest.importorskip("scipy")
from scipy.sparse.linalg import LinearOperator, cg  # noqa: E402

from sympy_matcalc.operators import (
    BlockDiagonalOperator,
    BlockOperator,
    DenseOperator,
    DiagonalOperator,
    DiagonalPlusLowRankOperator,
    Eye,
    GramOperator,
    KroneckerOperator,
    StructuredOperator,
    SumOperator,
    TensorOperator,
    TransposedOperator,
)

from ..counting import counted  # noqa: E402

DTYPES = [np.float64, np.float32, np.complex128, np.complex64]


def make(dtype, seed=0):
    rng = np.random.default_rng(seed)

    def array(*shape):
        values = rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if np.dtype(dtype).kind == "c" else 0)
        return np.asarray(values, dtype)

    return array


def block_diag(blocks, interleaved=False):
    b, p, q = blocks.shape
    units = np.eye(b)[:, :, None] * np.eye(b)[:, None, :]
    pairs = [(blocks[i], units[i]) if interleaved else (units[i], blocks[i]) for i in range(b)]
    return sum((np.kron(*pair) for pair in pairs), np.zeros((b * p, b * q), blocks.dtype))


def tensor(spec, sizes, *arrays):
    """The dense matrix by NumPy, deltas as identities."""
    left, right = spec.split("->")
    out, into = right.split(",")
    terms, operands, labels = left.split(",") if left else [], list(arrays), ""
    for k, i in enumerate(out + into):
        label = "MNOPQRSTUVWXYZ"[k]
        labels += label
        terms.append(i + label)
        operands.append(np.eye(sizes[i]))
    dense = np.einsum(f"{','.join(terms)}->{labels}", *operands)
    return dense.reshape(int(np.prod([sizes[i] for i in out])), int(np.prod([sizes[i] for i in into])))


SPECS = [
    ("ab,bc->ai,ci", dict(a=2, b=3, c=4, i=5)), ("ab->ia,ib", dict(a=2, b=3, i=4)), ("iab->ia,ib", dict(a=2, b=3, i=4)), ("a,b->ab,ab", dict(a=2, b=3)),
    ("a,b->ab,ba", dict(a=2, b=3)), ("a->a,a", dict(a=3)), ("a,b->a,b", dict(a=3, b=3)), ("k->ij,kj", dict(i=2, j=3, k=4)), ("->ij,ji", dict(i=2, j=3)),
    ("a->ii,ia", dict(a=3, i=2)), ("ai->ia,ii", dict(a=3, i=2)), (",ab->a,b", dict(a=3, b=2)), ("ab,bc,cd->ad,ij", dict(a=2, b=3, c=2, d=2, i=2, j=1)),
    ("ij,jk,ik->ik,ij", dict(i=2, j=3, k=3)), ("aa,b->ab,bb", dict(a=2, b=2)), ("ab->,ab", dict(a=2, b=3)), ("ab->ab,", dict(a=2, b=3)), ("a->,", dict(a=2)),
    ("ij,kj->ik,ik", dict(i=2, j=3, k=4)), ("ab->ia,ib", dict(a=3, b=3, i=0)), ("ab->ia,ib", dict(a=1, b=1, i=1)), ("ij->ij,ji", dict(i=3, j=3)),
]  # fmt: skip


def tensor_case(spec, sizes):
    def build(array):
        arrays = [array(*(sizes[i] for i in text)) for text in spec.split("->")[0].split(",")] if spec.split("->")[0] else []
        return TensorOperator(spec, arrays, sizes), tensor(spec, sizes, *arrays)

    return build


CASES = {  # name: function of a generator of arrays that gives (operator, dense matrix)
    "kronecker": lambda a: (lambda A, B: (KroneckerOperator(A, B), np.kron(A, B)))(a(2, 3), a(4, 5)),
    "kronecker tall": lambda a: (lambda A, B: (KroneckerOperator(A, B), np.kron(A, B)))(a(7, 2), a(2, 9)),
    "kronecker square": lambda a: (lambda A, B: (KroneckerOperator(A, B), np.kron(A, B)))(a(3, 3), a(4, 4)),
    "eye, B": lambda a: (lambda B: (KroneckerOperator(Eye(3), B), np.kron(np.eye(3), B)))(a(4, 4)),
    "A, eye": lambda a: (lambda A: (KroneckerOperator(A, Eye(3)), np.kron(A, np.eye(3))))(a(4, 4)),
    "eye, B, no square": lambda a: (lambda B: (KroneckerOperator(Eye(3), B), np.kron(np.eye(3), B)))(a(2, 4)),
    "kronecker of 1": lambda a: (lambda A, B: (KroneckerOperator(A, B), np.kron(A, B)))(a(1, 1), a(1, 1)),
    "kronecker empty": lambda a: (lambda A: (KroneckerOperator(A, Eye(0)), np.zeros((0, 0))))(a(3, 3)),
    "block diagonal": lambda a: (lambda B: (BlockDiagonalOperator(B), block_diag(B)))(a(3, 4, 4)),
    "block diagonal, no square": lambda a: (lambda B: (BlockDiagonalOperator(B), block_diag(B)))(a(3, 4, 2)),
    "interleaved": lambda a: (lambda B: (BlockDiagonalOperator(B, True), block_diag(B, True)))(a(3, 4, 4)),
    "interleaved, no square": lambda a: (lambda B: (BlockDiagonalOperator(B, True), block_diag(B, True)))(a(3, 4, 2)),
    "blocks of 1": lambda a: (lambda B: (BlockDiagonalOperator(B), block_diag(B)))(a(3, 1, 1)),
    "no blocks": lambda a: (BlockDiagonalOperator(a(0, 2, 2)), np.zeros((0, 0))),
    "diagonal": lambda a: (lambda d: (DiagonalOperator(d), np.diag(d.ravel())))(a(2, 3)),
    "diagonal of 1": lambda a: (lambda d: (DiagonalOperator(d), np.diag(d)))(a(1)),
    "diagonal empty": lambda a: (DiagonalOperator(a(0)), np.zeros((0, 0))),
    "low rank": lambda a: (lambda d, U, C, V: (DiagonalPlusLowRankOperator(d, U, C, V), np.diag(d) + U @ C @ V.T))(a(6), a(6, 2), a(2, 3), a(6, 3)),
    "low rank, U": lambda a: (lambda d, U: (DiagonalPlusLowRankOperator(d, U), np.diag(d) + U @ U.T))(a(6), a(6, 2)),
    "low rank, diagonal C": lambda a: (lambda d, U, c: (DiagonalPlusLowRankOperator(d, U, c), np.diag(d) + U * c @ U.T))(a(6), a(6, 2), a(2)),
    "low rank, a vector": lambda a: (lambda d, u: (DiagonalPlusLowRankOperator(d, u, -1), np.diag(d) - np.outer(u, u)))(a(6), a(6)),
    "low rank, zeros": lambda a: (lambda d, U, V: (DiagonalPlusLowRankOperator(d, U, None, V), np.diag(d) + U @ V.T))(a(6) * (np.arange(6) % 3 > 0), a(6, 3), a(6, 3)),
    "low rank of 1": lambda a: (lambda d, U: (DiagonalPlusLowRankOperator(d, U), np.diag(d) + U @ U.T))(a(1), a(1, 1)),
    "low rank 0": lambda a: (lambda d, U: (DiagonalPlusLowRankOperator(d, U), np.diag(d)))(a(3), a(3, 0)),
    "gram": lambda a: (lambda X, d, e: (GramOperator(X, d, e), X.T * d @ X + np.diag(e)))(a(6, 3), a(6), a(3)),
    "gram, wide": lambda a: (lambda X, d, e: (GramOperator(X, d, e), X.T * d @ X + np.diag(e)))(a(3, 6), a(3), a(6)),
    "gram of X": lambda a: (lambda X: (GramOperator(X), X.T @ X))(a(6, 3)),
    "gram, wide, one number": lambda a: (lambda X: (GramOperator(X, e=0.5), X.T @ X + 0.5 * np.eye(6)))(a(3, 6)),
    "gram of no rows": lambda a: (GramOperator(a(0, 3), e=2), 2 * np.eye(3)),
    "grid": lambda a: (lambda A, B, d: (BlockOperator([[A, None], [DiagonalOperator(d), B]]), np.block([[A, np.zeros((2, 3))], [np.diag(d), B]])))(a(2, 4), a(4, 3), a(4)),
    "grid, diagonal": lambda a: (lambda A, d: (BlockOperator([[A, None], [None, DiagonalOperator(d)]]), np.block([[A, np.zeros((2, 3))], [np.zeros((3, 2)), np.diag(d)]])))(a(2, 2), a(3)),
    "grid with a row of zeros": lambda a: (lambda A: (BlockOperator([[A], [None]], row_sizes=[2, 3]), np.vstack([A, np.zeros((3, 4))])))(a(2, 4)),
    "permutation": lambda a: (lambda c: (TransposedOperator((2, 3, 2), (2, 0, 1), c), c * np.eye(12)[np.arange(12).reshape(2, 3, 2).transpose(2, 0, 1).ravel()]))(a()[()]),
    "commutation": lambda a: (lambda c: (TransposedOperator((3, 3), (1, 0), c), c * np.eye(9)[np.arange(9).reshape(3, 3).T.ravel()]))(a()[()]),
    "sum": lambda a: (lambda A, X: (KroneckerOperator(A, Eye(2)) + GramOperator(X), np.kron(A, np.eye(2)) + X.T @ X))(a(3, 3), a(4, 6)),
    "sum with a matrix": lambda a: (lambda d, M: (DiagonalOperator(d) + M, np.diag(d) + M))(a(4), a(4, 4)),
} | {f"tensor {spec} {sizes}": tensor_case(spec, sizes) for spec, sizes in SPECS}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def is_single(dtype):
    return np.finfo(dtype).eps > 1e-10


def close(got, expected, dtype):
    np.testing.assert_allclose(got, expected, rtol=0, atol=(2e-4 if is_single(dtype) else 1e-11) * np.abs(expected).max(initial=1))


@pytest.mark.parametrize("dtype", DTYPES)
def test_products(case, dtype):
    op, dense = case(make(dtype))
    assert isinstance(op, LinearOperator) and isinstance(op, StructuredOperator)
    assert op.shape == dense.shape == (int(np.prod(op.out_shape)), int(np.prod(op.in_shape)))
    array = make(dtype, 1)
    x, y, X, Y = array(dense.shape[1]), array(dense.shape[0]), array(dense.shape[1], 3), array(dense.shape[0], 2)
    close(op.matvec(x), dense @ x, dtype)
    close(op @ x[:, None], dense @ x[:, None], dtype)
    close(op.rmatvec(y), dense.conj().T @ y, dtype)
    close(op.matmat(X), dense @ X, dtype)
    close(op @ X[:, :1], dense @ X[:, :1], dtype)
    close(op.rmatmat(Y), dense.conj().T @ Y, dtype)
    close(op.todense(), dense, dtype)
    close(op.T.todense(), dense.T, dtype)
    close(op.H.todense(), dense.conj().T, dtype)
    close(op.conj() @ x, dense.conj() @ x, dtype)
    close(op.T @ y, dense.T @ y, dtype)
    assert type(op.todense()) is np.ndarray
    assert op.totensor().shape == op.out_shape + op.in_shape


@pytest.mark.parametrize("dtype", DTYPES)
def test_multiples_and_sums(case, dtype):
    op, dense = case(make(dtype))
    x = make(dtype, 1)(dense.shape[1])
    close((2 * op).todense(), 2 * dense, dtype)
    close((-op) @ x, -(dense @ x), dtype)
    close((op / 4 - op * 3).todense(), dense / 4 - 3 * dense, dtype)
    close((np.float32(2) * op) @ x, 2 * dense @ x, dtype)
    close((op + op).todense(), 2 * dense, dtype)
    close((op + dense).todense(), 2 * dense, dtype)
    close((3 * dense - op).todense(), 2 * dense, dtype)
    close((op - 3 * dense).todense(), -2 * dense, dtype)
    if dense.shape[0] == dense.shape[1]:
        d = make(dtype, 2)(dense.shape[0])
        for D in (DiagonalOperator(d), DiagonalOperator(np.full_like(d, 3))):
            close((op + D).todense(), dense + D.todense(), dtype)
            close((D + op) @ x, dense @ x + D @ x, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_diagonal_solve_determinant(case, dtype):
    op, dense = case(make(dtype))
    b = make(dtype, 3)(dense.shape[0])
    for what, expected in [("diagonal", lambda: dense.diagonal()), ("trace", lambda: dense.trace())]:
        try:
            got = getattr(op, what)()
        except MatcalcError as error:
            assert "cheap" in str(error) or dense.shape[0] != dense.shape[1] or "square" in str(error)
            continue
        close(got, expected(), dtype)
    try:
        solutions = [op.solve(b), op.solve(b), op.solve(np.stack([b, 2 * b], 1))[:, 1] / 2]
    except (MatcalcError, np.linalg.LinAlgError) as error:
        assert isinstance(error, MatcalcError) or abs(np.linalg.det(dense)) < 1e-6
        return
    for x in solutions:
        np.testing.assert_allclose(dense @ x, b, rtol=0, atol=3e-3 if is_single(dtype) else 1e-9)
        assert x.dtype == b.dtype
    if dense.size:
        try:
            sign, logarithm = op.slogdet()
        except MatcalcError:
            assert isinstance(op, (TransposedOperator, SumOperator))
            return
        expected = np.linalg.slogdet(dense)
        np.testing.assert_allclose(
            [sign, logarithm], expected, rtol=1e-2 if is_single(dtype) else 1e-9, atol=1e-3 if is_single(dtype) else 1e-9
        )


@pytest.mark.parametrize("dtype", DTYPES)
def test_inverses_factorisations_sparse_arrays_and_what_is_shown(case, dtype):
    op, dense = case(make(dtype))
    try:
        thin = op.to_sparse()
    except MatcalcError as error:
        assert "cheap" in str(error)
    else:
        assert thin.format == "csr" and thin.shape == dense.shape
        close(thin.toarray(), dense, dtype)
        assert type(op) is DenseOperator or isinstance(op, SumOperator) or thin.nnz < dense.size or min(dense.shape, default=0) < 3
    square = dense.shape[0] == dense.shape[1]
    assert op.is_symmetric in (None, square and np.allclose(dense, dense.T))
    if op.is_positive_definite is not None and dense.size:
        lowest = np.linalg.eigvalsh(dense)[0] if square and np.allclose(dense, dense.conj().T) else -1
        assert op.is_positive_definite == (lowest > 0)
    b = make(dtype, 3)(dense.shape[0])
    try:
        factor, inverse = op.factor(), op.inv()
    except (MatcalcError, np.linalg.LinAlgError):
        return
    np.testing.assert_allclose(factor.solve(b), op.solve(b), rtol=1e-5)
    np.testing.assert_allclose(inverse @ b, op.solve(b), rtol=1e-4, atol=1e-4 if is_single(dtype) else 1e-10)
    np.testing.assert_allclose(dense.T @ (inverse.T @ b), b, rtol=0, atol=3e-3 if is_single(dtype) else 1e-9)
    np.testing.assert_allclose(inverse.solve(b), dense @ b, rtol=1e-4, atol=1e-4 if is_single(dtype) else 1e-10)
    np.testing.assert_allclose((2 * inverse) @ b, 2 * op.solve(b), rtol=1e-4, atol=1e-4 if is_single(dtype) else 1e-10)
    assert inverse.dtype == op.dtype and factor.inv().shape == op.shape[::-1]


@pytest.mark.parametrize("dtype", DTYPES)
def test_types_are_kept(case, dtype):
    op, _ = case(make(dtype))
    if isinstance(op, TensorOperator) and not op.arrays or isinstance(op, KroneckerOperator) and op.shape == (0, 0):
        return
    assert op.dtype == dtype
    assert (op @ np.ones(op.shape[1], dtype)).dtype == dtype
    assert op.T.dtype == op.H.dtype == (2 * op).dtype == dtype


def test_structure_is_kept():
    B, d = np.eye(3) * 2, np.arange(12.0)
    one = DiagonalOperator(np.ones((4, 3)))
    kinds = {
        KroneckerOperator: KroneckerOperator(Eye(4), B) + 0.5 * one,
        BlockDiagonalOperator: BlockDiagonalOperator(np.ones((4, 3, 3))) + DiagonalOperator(d),
        GramOperator: DiagonalOperator(d) + GramOperator(np.ones((2, 12))),
        DiagonalPlusLowRankOperator: DiagonalOperator(d) + DiagonalPlusLowRankOperator(d, d),
        DiagonalOperator: DiagonalOperator(d) - DiagonalOperator(d),
        SumOperator: KroneckerOperator(B, np.eye(4)) + KroneckerOperator(np.eye(4), B),
    }
    for kind, op in kinds.items():
        assert type(op) is kind


def test_logdet():
    assert DiagonalOperator(np.array([2.0, 3.0])).logdet() == pytest.approx(np.log(6))
    assert np.isnan(DiagonalOperator(np.array([-2.0, 3.0])).logdet())
    assert KroneckerOperator(np.zeros((2, 2)), Eye(2)).logdet() == -np.inf


def test_scipy_solvers_take_them():
    rng = np.random.default_rng(0)
    op = GramOperator(rng.standard_normal((30, 10)), e=0.1) + DiagonalOperator(np.arange(10.0))
    b = rng.standard_normal(10)
    x, info = cg(op, b)
    assert info == 0
    np.testing.assert_allclose(x, op.solve(b), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_singular_but_for_rounding_is_no_solution(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 25))
    A, p = rng.normal(size=(k, k - 1)), rng.dirichlet(np.ones(k))
    S = A @ A.T
    whole = [
        GramOperator(A.T),
        KroneckerOperator(S, Eye(2)),
        KroneckerOperator(Eye(3), A @ rng.normal(size=(k - 1, k))),
        BlockDiagonalOperator(np.stack([np.eye(k), S])),
        DiagonalPlusLowRankOperator(p, p, -1),
        KroneckerOperator(S, Eye(2)) + KroneckerOperator(Eye(k), np.zeros((2, 2))),
    ]
    for singular in whole:
        with pytest.raises(np.linalg.LinAlgError, match="ingular"):
            singular.solve(np.ones(singular.shape[0]))


@pytest.mark.parametrize("seed", range(12))
def test_a_bad_scale_alone_is_not_singular(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 25))
    d, x = 10.0 ** rng.uniform(-5, 5, size=k), rng.normal(size=k)
    M = rng.normal(size=(k, k)) + 2 * k * np.eye(k)
    for regular in (
        GramOperator(M * d),
        KroneckerOperator(d[:, None] * M * d[::-1], Eye(1)),
        BlockDiagonalOperator((d[:, None] * M)[None]),
    ):
        b = regular @ (x / d)
        assert np.allclose(regular @ regular.solve(b), b, rtol=1e-9, atol=0)


def test_singular():
    for op in (
        DiagonalOperator(np.zeros(2)),
        KroneckerOperator(np.zeros((2, 2)), Eye(2)),
        GramOperator(np.zeros((3, 2))),
        BlockDiagonalOperator(np.zeros((2, 2, 2))),
        DiagonalPlusLowRankOperator(np.ones(2), np.eye(2), -1),
        BlockOperator([[np.eye(2), None], [None, None]], [2, 2], [2, 2]),
    ):
        with pytest.raises(np.linalg.LinAlgError):
            op.solve(np.ones(op.shape[0]))


def test_errors():
    for call, error, text in [
        (lambda: KroneckerOperator(np.ones(3), Eye(2)), ShapeError, "2 axes"),
        (lambda: KroneckerOperator(np.ones((2, 3)), np.ones((3, 2))).solve(np.ones(6)), ShapeError, "square factors"),
        (lambda: KroneckerOperator(np.ones((2, 3)), Eye(2)).solve(np.ones(4)), ShapeError, "square operator"),
        (lambda: DiagonalOperator(np.ones(3)).solve(np.ones(4)), ShapeError, r"needs \(3,\)"),
        (lambda: TensorOperator("ab->a,b", [np.ones((2, 3))]).T.solve(np.ones(3)), ShapeError, "square"),
        (lambda: TensorOperator("ab->a,b", [np.ones((2, 2))]).solve(np.ones(2)), MatcalcError, "no cheap `solve`: use"),
        (lambda: TensorOperator("ab->a,b", []), ArgumentError, "a spec is like"),
        (lambda: TensorOperator("ab->ab", [np.ones((2, 2))]), ArgumentError, "a spec is like"),
        (lambda: TensorOperator("ab->ai,bi", [np.ones((2, 2))]), ShapeError, "size of `i`"),
        (lambda: TensorOperator("ab,bc->a,c", [np.ones((2, 2)), np.ones((3, 2))]), ShapeError, "`b` of"),
        (lambda: TransposedOperator((2, 3), (0, 0)), ArgumentError, "permutation"),
        (lambda: BlockOperator([[np.ones((2, 2)), np.ones((3, 2))]]), ShapeError, "row 0"),
        (lambda: BlockOperator([[None]]), ShapeError, "give row_sizes"),
        (lambda: GramOperator(np.ones((3, 2)), d=np.ones(2)), ShapeError, "must be m x n"),
        (lambda: DiagonalPlusLowRankOperator(np.ones(3), np.ones((2, 1))), ShapeError, "must be n"),
        (lambda: SumOperator(DiagonalOperator(np.ones(2)), DiagonalOperator(np.ones(3))), ShapeError, "sum of operators"),
    ]:
        with pytest.raises(error, match=text):
            call()


def test_memory_is_that_of_what_is_kept():
    n = 3000
    d, U = np.ones(n), np.ones((n, 3))
    x = np.ones(n * 2)
    tracemalloc.start()
    KroneckerOperator(Eye(n), np.eye(2) * 2).solve(x)
    DiagonalPlusLowRankOperator(d, U).solve(d)
    GramOperator(U.T, e=1.0).solve(d)
    TensorOperator("ab->ia,ib", [np.eye(2)], {"i": n}).matvec(x)
    TransposedOperator((n, 2), (1, 0)) @ x
    BlockDiagonalOperator(np.ones((n, 2, 2)) + np.eye(2)).solve(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < n * n / 4


def test_newton_step_of_a_factorisation():
    """Hessian of |Y - U V'|^2 / 2 by U: I (x) V' V, here 40000 x 40000; the step takes the room of a gradient, and as many calls as a small one."""
    rng = np.random.default_rng(0)
    V, calls = rng.standard_normal((100, 20)), []
    for rows in (20, 2000):
        G, H = rng.standard_normal((rows, 20)), KroneckerOperator(Eye(rows), 2 * V.T @ V)
        H.solve(G.ravel())  # what is loaded at first use
        tracemalloc.start()
        step, count = counted(partial(H.solve, G.ravel()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        np.testing.assert_allclose(step.reshape(G.shape), G @ np.linalg.inv(2 * V.T @ V), rtol=1e-9)
        calls.append(count)
        assert peak < 8 * G.nbytes + 100_000
    assert calls[0] == calls[1]


def test_a_derivative_of_the_package():
    """The Hessian that `lambdify` computes densely is the operator."""
    m, n, k = symbols("m n k", integer=True, positive=True)
    Y, U, V = MatrixSymbol("Y", m, n), MatrixSymbol("U", m, k), MatrixSymbol("V", n, k)
    rng = np.random.default_rng(0)
    y, u, v = rng.standard_normal((4, 5)), rng.standard_normal((4, 2)), rng.standard_normal((5, 2))
    f = Trace((Y - U * V.T).T * (Y - U * V.T))
    dense = mc.lambdify([Y, U, V], mc.hessian(f, U))(y, u, v)
    np.testing.assert_allclose(KroneckerOperator(Eye(4), 2 * v.T @ v).totensor(), dense)
    np.testing.assert_allclose(TensorOperator("ka,kb->ia,ib", [2 * v, v], {"i": 4}).totensor(), dense)


def test_without_scipy():
    code = (
        "import sys; sys.modules['scipy'] = sys.modules['scipy.sparse'] = sys.modules['scipy.sparse.linalg'] = None\n"
        "from sympy_matcalc.errors import MatcalcError\n"
        "try:\n    import sympy_matcalc.operators\nexcept MatcalcError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "needs SciPy: pip install scipy" in done.stdout
