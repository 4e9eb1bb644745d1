"""Every operation of the graph in every back end: the numbers and shapes of the NumPy back end, or an error that names the operation."""

import importlib
import subprocess
import sys
import warnings

import numpy as np
import pytest
import sympy as sp
from sympy import (
    And,
    BlockMatrix,
    Determinant,
    Heaviside,
    Identity,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    Matrix,
    MatrixSymbol,
    Max,
    Min,
    Mod,
    OneMatrix,
    Piecewise,
    Product,
    Rational,
    Sum,
    Trace,
    atan2,
    binomial,
    exp,
    gamma,
    log,
    oo,
    polygamma,
    sinc,
    sqrt,
    symbols,
)  # fmt: skip
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.tensor.array.expressions import ArrayContraction, ArraySymbol, ArrayTensorProduct

from sympy_matcalc import (
    Cholesky,
    DuplicationMatrix,
    Eigenvalue,
    Eigenvector,
    Einsum,
    EinsumTerm,
    FrechetDerivative,
    FrechetMatrix,
    HalfLower,
    LogSumExp,
    MatrixExp,
    MatrixFunction,
    MatrixSqrt,
    MatrixSum,
    Norm,
    NuclearNorm,
    PseudoInverse,
    ReducedResolvent,
    RightSingularVector,
    SingularValue,
    Softmax,
    Vec,
    gradient,
    hessian,
    jacobian,
    linear,
    nodes,
)
from sympy_matcalc.codegen import source as numeric
from sympy_matcalc.codegen.ir.ops import OPS
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.errors import TITLES, MatcalcError, ShapeError

from ..nodes.rows import ROWS
from . import test_book_nodes, test_nodes
from .refusals import REFUSED

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True, nonnegative=True)
t, s, c = symbols("t s c", real=True)
A, B, S, P, E = (MatrixSymbol(name, *shape) for name, shape in (("A", (n, n)), ("B", (m, n)), ("S", (n, n)), ("P", (n, n)), ("E", (n, n))))
x, y, r, u = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("r", 1, n), MatrixSymbol("u", 1, 1)
ARGS = [A, B, S, P, E, x, y, r, u, t, s, i, k]


def data(size_n, size_m):
    """Values of ARGS: S symmetric, P symmetric positive definite."""
    g = np.random.default_rng(0)
    q = g.standard_normal((size_n, size_n))
    return [
        g.uniform(0.5, 1.5, (size_n, size_n)) + 2 * np.eye(size_n), g.standard_normal((size_m, size_n)), q + q.T, q @ q.T + np.eye(size_n),
        g.standard_normal((size_n, size_n)), g.uniform(0.5, 1.5, (size_n, 1)), g.standard_normal((size_m, 1)),
        g.standard_normal((1, size_n)), np.array([[0.7]]), 0.3, -0.4, min(1, size_n - 1), 2,
    ]  # fmt: skip


# ---- the libraries
class Library:
    """A back end: what is passed as `modules`, and how its arrays become NumPy's."""

    def __init__(self, name):
        self.module = importlib.import_module({"dask": "dask.array", "jax": "jax.numpy", "strict": "array_api_strict"}.get(name, name))
        self.name, self.modules = name, self.module if name == "strict" else name

    def array(self, x):
        return self.module.asarray(x)

    def numpy(self, x):
        if self.name == "dask":
            assert type(x).__module__.startswith("dask")
            x = x.compute()
        if self.name == "strict":
            x = x._array
        return np.asarray(x.resolve_conj() if self.name == "torch" else x)


@pytest.fixture(scope="module", params=["jax", "torch", "dask", "strict"])
def lib(request):
    needed = dict(jax="jax", torch="torch", dask="dask.array", strict="array_api_strict")[request.param]
    pytest.importorskip(needed)
    if request.param != "jax":
        yield Library(request.param)
        return
    import jax

    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield Library("jax")
    jax.config.update("jax_enable_x64", before)


class Doubled(sp.MatrixExpr):
    """2 X, declared in every library."""

    shape = property(lambda self: self.args[0].shape)


libraries = ("numpy", "jax", "torch", "dask", "array_api")
linear(Doubled, 0, adjoint=lambda node, W: Doubled(W), **{library: lambda X: 2 * X for library in libraries})


MATRIX = {"dask", "strict"}
BY_VALUE = {"dask"}  # what needs the values of a whole matrix
TAIL = (1 + sp.erf(c)) / 2
NEAR = (A * A.T).applyfunc(Lambda(c, sp.exp(c)))
QUOTIENTS = DiagMatrix((sp.HadamardProduct(E, NEAR) * OneMatrix(n, 1)).applyfunc(Lambda(c, 1 / c))) * E
SHARES = sp.HadamardProduct(QUOTIENTS + QUOTIENTS.T, NEAR)  # over the sums of rows and of columns
STEADY = [  # what is computed in another form than it has, so that it holds at extremes
    sp.log(sp.cosh(c)),
    1 - sp.tanh(c) ** 2,
    log(3 * c * (1 - sp.tanh(c))),
    sp.sinh(c) / sp.cosh(c) ** 2,
    sp.sqrt(1 + c**2) - 1,
    log(1 - exp(-c)),
    c**2 * log(c),
    c * log(c / 2) + c,
]
COX = (r * nodes.CumulativeSum(x.applyfunc(exp)).applyfunc(log))[0, 0]  # its derivatives have decays, each exponential over its own sum
CASES = [  # an expression, and the back ends that refuse it
    *((x.applyfunc(Lambda(c, e)), set()) for e in STEADY), (log(TAIL.subs(c, t)) * exp(-(t**2)) / TAIL.subs(c, t), {"strict"}),
    (Softmax(x).applyfunc(Lambda(c, log(c))), set()), (SHARES, set()), (Trace(x.applyfunc(Lambda(c, c * log(c))) * r), set()), (Determinant(A) / Determinant(P), BY_VALUE),
    (log((y.T * y.applyfunc(exp))[0, 0] ** 2), set()), ((x.T * x)[0, 0] ** Rational(-3, 2) * x * x.T, set()), (Norm(x, 3) ** -2 * HadamardPower(x, 2), set()),
    (A * x + t * x, set()), (2 * B.T * (B * x - y), set()), (x * x.T, set()), (Trace(A.T * A + 2 * A), set()), (DiagMatrix(x) * A, set()),
    (Determinant(A) * A.I * x, BY_VALUE), (log(Determinant(A)) * (A.I + A.T.I * t), BY_VALUE), (A**-2 * x + A.T.I * x, set()),
    (Einsum((n, n, n, n), *(EinsumTerm(1, (n,) * 4, ((0,), (1,), (2,), (3,)), [(p, (0,), (1,)), (q, (2,), (3,))]) for p, q in ((A, E), (P, S)))), set()),
    (sp.I * A * x, set()), (B.T * (B * x * sp.I), set()), ((sp.I * A).I * x, set()), (A.I * (sp.I * x) + A.T.I * x, set()), (A * A.applyfunc(abs), set()),
    ((x.T * A * x) ** Rational(3, 2), set()), (A.T * sp.conjugate(A), set()), (sqrt(x.T * x), set()),
    (B * A.I * B.T, set()), (DiagonalOf(B * S.I * B.T), set()),
    (Einsum((n,) * 4, EinsumTerm(1, (m, n, n, n, n), ((1,), (2,), (3,), (4,)), [(y, (0,), ()), *((B, (0,), (j,)) for j in range(1, 5))])), set()),
    (gradient(COX, x), set()), (hessian(COX, x), set()),
    (A.I * x, set()), (A.I, set()), (A**k, BY_VALUE), (Trace(A.I * S), set()), (Trace(A.I * B.T * B), set()), (B.T * DiagMatrix(y) * B, set()), (A.I[i, 0], set()), (Determinant(A), BY_VALUE),
    (log(2 * Determinant(A) ** 2), BY_VALUE), (A + DiagMatrix(x), set()), (3 * Identity(n) + A, set()), (DiagMatrix(x), set()),
    (Identity(n).applyfunc(sp.cos), set()), (DiagonalMatrix(B), set()), (DiagonalOf(A), set()), (DiagonalOf(B * B.T), set()),
    (OneMatrix(m, n), set()), (OneMatrix(m, n).applyfunc(exp), set()), (HalfLower(n), set()), (DuplicationMatrix(n), BY_VALUE),
    (BlockMatrix([[A, x], [r, u]]), set()), (Matrix([[t, s], [1, t * s]]), set()), (Matrix([[x[0, 0], 2 * t, sp.I]]), set()),
    (KroneckerProduct(A, B), set()), (Vec(B), set()), (A[0:1, :], set()), (B[0:m - 1, :], set()), (A[i, 0], set()), (x[i, 0] * x, set()),
    (Sum(A[j, Mod(j + 1, n)], (j, 0, n - 1)), set()), (Sum(x[j, 0] * j, (j, 0, n - 1)), set()), (Product(x[j, 0], (j, 0, n - 1)), set()),
    (Sum(t * j, (j, m, n)), set()), (Sum(A[i, j], (j, 0, i), (i, 0, n - 1)), set()), (MatrixSum(A**j * t, (j, 0, 2)), BY_VALUE),
    (Sum(log(Sum(exp(A[i, j]), (j, 0, n - 1))), (i, 0, n - 1)), set()), (KroneckerDelta(i, 1) * x, set()),
    (ArrayContraction(ArrayTensorProduct(A, A, B), (0, 2, 5)), set()), (ArrayTensorProduct(Identity(n), B), set()),
    (Einsum((n, n, n), EinsumTerm(t, (n, n), ((0,), (0,), (1,)), [(x, (1,), ())]), EinsumTerm(1, (n, n, n), ((0,), (1,), (2,)), [(A, (0,), (1,)), (x, (2,), ())])), set()),
    (Einsum((m, n, m, n), EinsumTerm(2, (m, n, n, m), ((0,), (1,), (0,), (2,)), [(B, (3,), (1,)), (B, (3,), (2,))])), set()),
    (Norm(B), set()), (Norm(x), set()), (Norm(B, oo), set()), (Norm(x, 3), set()), (Norm(B, t + 2), set()), (Softmax(x), set()),
    (LogSumExp(r), set()), (NuclearNorm(B), set()), (SingularValue(B, 0), set()), (Cholesky(P), set()), (PseudoInverse(B), BY_VALUE),
    (RightSingularVector(B, 0) * RightSingularVector(B, 0).T, BY_VALUE), (B * PseudoInverse(MatrixSqrt(B.T * B)), BY_VALUE),
    (Eigenvalue(S, i), BY_VALUE), (Eigenvector(S, 0) * Eigenvector(S, 0).T, BY_VALUE), (ReducedResolvent(S, 0), BY_VALUE),
    (Sum(j * Eigenvalue(S, j), (j, 0, n - 1)), BY_VALUE), (MatrixExp(A), MATRIX), (FrechetDerivative(exp, A, E), MATRIX),
    (FrechetMatrix(exp, A), MATRIX), (FrechetDerivative(Lambda(c, 1 / (c + 3)), A, E), BY_VALUE), (FrechetMatrix(Lambda(c, c**3), A), BY_VALUE),
    (MatrixSqrt(A), MATRIX), (FrechetDerivative(sqrt, A, E), MATRIX), (MatrixFunction(sp.tanh, A), MATRIX),
    (jacobian(B * MatrixExp(A), A), MATRIX),
    *((x.applyfunc(Lambda(c, f)), set()) for f in (
        1 / (1 + exp(-c)), exp(-c) / (1 + exp(-c)) ** 2, log(1 + exp(c)), exp(c) - 1, log(1 + c**2), sp.sin(c) * sp.tan(c), sp.asin(c / 3), sp.acosh(1 + c),
        sp.floor(c) + sp.ceiling(2 * c) + sp.sign(c), Mod(c, Rational(1, 3)), Max(c, 1, t), Min(c, s), atan2(c, t), atan2(1, c), sinc(c), Heaviside(c - 1),
        Piecewise((c, c > 1), (c**2, And(c < Rational(3, 4), c > t)), (3, True)), sp.tanh(c) ** t, 2**c, n**c, sp.re(c + 2 * sp.I), sp.im(c + 2 * sp.I),
        sp.conjugate(c), sp.arg(c * sp.I), abs(c - 1), 1 / c**2, sp.sec(c),
    )),
    (HadamardPower(A, A), set()), (Piecewise((1, t > 0), (2, True)) * x, set()), (sp.sin(Piecewise((1, t > 0), (2, True))), set()), (t < s, set()),
    (x.applyfunc(sp.erf), {"strict"}), (x.applyfunc(sp.loggamma), {"strict"}), (x.applyfunc(gamma), {"strict", "torch"}),
    (x.applyfunc(Lambda(c, polygamma(1, c))), {"strict", "dask"}), (x.applyfunc(Lambda(c, sp.besselj(0, c))), {"strict", "jax", "torch"}),
    (Identity(n)[1:, :].T * x[1:, :], set()), (Identity(n)[:n - 1, :] * A, set()), (A * Identity(n)[:, 1:], set()), (Identity(n)[::2, :] * 2, set()),
    (Identity(n)[::2, :].T * A[::2, :], set()), (Identity(n)[1:, :].T * DiagMatrix(x[1:, :]) * Identity(n)[:n - 1, :] + A, set()),
    (Identity(n)[1:, :].T * DiagMatrix(x[1:, :]) * Identity(n)[:n - 1, :], set()), (3 * Identity(n)[1:, :].T * Identity(n)[:n - 1, :], set()),
    (DiagMatrix(x[1:, :]) * Identity(n)[1:, :], set()), (Identity(n)[:n - 1, :] * Identity(n)[1:, :].T, set()),
    (log(n) * x, set()), (x / n, set()), (sqrt(m) * t, set()), (binomial(m, 2) * x, set()), (n * 2, set()), (sp.Integer(7), set()),
    (Doubled(B) * x, set()), (Doubled(x), set()), (Doubled(r) + r, set()), (Doubled(u), set()), (Sum(Doubled(j * B), (j, 0, n)), set()),
    (Piecewise((1, n > 2), (2, True)) * x, set()), (And(t > s, n > 1), set()), (t**2 + s, set()), (Rational(1, 2) * t, set()),
]  # fmt: skip


def compared(lib, e, args, runs, rtol=1e-8):
    f, g = lambdify(args, e, modules=lib.modules), lambdify(args, e)
    for values in runs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                want = np.asarray(g(*values))
            except IndexError:  # an entry that is not there at this size
                continue
            got = lib.numpy(f(*values))
        assert got.shape == want.shape, f.source
        np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-10, err_msg=f.source)


@pytest.mark.parametrize(("e", "refused"), CASES, ids=lambda e: "" if isinstance(e, set) else str(e)[:60])
def test_agrees_with_numpy_or_is_refused(lib, e, refused):
    if lib.name in refused:
        with pytest.raises(MatcalcError, match="(?i)back end of `lambdify` has no numeric code for the (operation|function) `"):
            lambdify(ARGS, e, modules=lib.modules)
    else:
        flat = [v.ravel() if np.ndim(v) == 2 and 1 in v.shape else v for v in data(3, 5)]
        compared(lib, e, ARGS, [data(3, 5), flat])


@pytest.mark.parametrize(
    ("e", "refused"), [case for case in CASES if getattr(case[0], "shape", ())], ids=lambda e: "" if isinstance(e, set) else str(e)[:60]
)
def test_float32_stays(lib, e, refused):
    if lib.name in refused:
        pytest.skip("refused")
    values = [np.asarray(v, np.float32) if np.ndim(v) else v for v in data(3, 5)]
    got = lib.numpy(lambdify(ARGS, e, modules=lib.modules)(*values))
    assert got.dtype in (np.float32, np.complex64)
    np.testing.assert_allclose(got, lambdify(ARGS, e)(*values), rtol=3e-3, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("module", [test_nodes, test_book_nodes], ids=["nodes", "book_nodes"])
def test_every_node_agrees_with_numpy_or_is_refused(lib, module):
    values = (
        (lambda *sizes: [module.values(sizes)[a] for a in module.ARGS])
        if module is test_nodes
        else (lambda *sizes: [module.data(*sizes)[a.name] for a in module.ARGS])
    )
    cases = module.CASES if module is test_nodes else [e for e, _ in module.VALUES + module.FUNCTIONS]
    refused = set()
    for e in map(sp.sympify, cases):
        try:
            compared(lib, e, module.ARGS, [values(*sizes) for sizes in module.SIZES[::2]])
        except MatcalcError as error:
            assert "numeric code for the" in str(error)
            refused.add(str(e))
    assert refused == REFUSED[lib.name] & {str(sp.sympify(e)) for e in cases}


@pytest.mark.parametrize("module", [test_nodes, test_book_nodes], ids=["nodes", "book_nodes"])
def test_what_is_refused_is_listed_by_name(lib, module):
    """As the code is written; that its values agree is for the slow test above."""
    refused = set()
    cases = [sp.sympify(e) for e in (module.CASES if module is test_nodes else [e for e, _ in module.VALUES + module.FUNCTIONS])]
    for e in cases:
        try:
            lambdify(module.ARGS, e, modules=lib.modules)
        except MatcalcError as error:
            assert "numeric code for the" in str(error)
            refused.add(str(e))
    assert refused == REFUSED[lib.name] & set(map(str, cases))


def test_the_list_of_what_is_refused_has_only_what_there_is():
    there = {str(sp.sympify(e)) for e in [*test_nodes.CASES, *(e for e, _ in test_book_nodes.VALUES + test_book_nodes.FUNCTIONS)]}
    assert set().union(*REFUSED.values()) <= there


def test_every_operation_is_exercised(monkeypatch):
    """The operations of CASES, and of the package's nodes, are those of the table."""
    seen, scheduler = set(), numeric.Scheduler

    class Recording(scheduler):
        def __init__(self, backend, *rest):
            super().__init__(backend, *rest)
            seen.update(node.op for node in self.order)

    monkeypatch.setattr(numeric, "Scheduler", Recording)
    for e, _ in CASES:
        lambdify(ARGS, e)
    for e in (e for rows in ROWS.values() for e, _ in rows if not e.has(ArraySymbol) and not e.atoms(AppliedUndef) and not e.has(*UNKNOWN)):
        arrays = sorted(e.atoms(MatrixSymbol), key=str)
        names = {M.name for M in arrays}
        lambdify([*arrays, *sorted((a for a in e.free_symbols if isinstance(a, sp.Symbol) and a.name not in names), key=str)], e)
    assert {name for name, op in OPS.items() if op.written} - seen == NOT_SEEN


# `adjugate`: only where no factorisation is kept; `int`: only for indices that are no integer expressions; `inv`: in NumPy only without SciPy; `size`: only where no symbol has the size; `room`, `tile_rows`: only under a bound of memory, see `bounded`; of functions of a matrix those by blocks: of what has no word in `lower_spectral`; `max_or_zero`, `sum_of_products`: in the tests of `together` and of `broadcast_products`
UNKNOWN = (
    nodes.UnknownScalar,
    nodes.UnknownMatrix,
    nodes.UnknownScalarDerivative,
    nodes.UnknownMatrixDerivative,
)  # without code until they are given
NOT_SEEN = {"adjugate", "int", "inv", "max_or_zero", "room", "size", "sum_of_products", "tile_rows"} | {
    "block_triangular",
    "stack",
    "unit_matrix",
}


# ---- intake
def test_vectors_come_back_the_way_they_went_in(lib):
    f = lambdify([B, x, y], B.T * (B * x - y), modules=lib.modules)
    b, v, w = data(3, 2)[1], np.ones(3), np.ones(2)
    assert [f(*map(lib.array, args)).shape for args in ((b, v, w), (b, v[:, None], w[:, None]), (b, v, w[:, None]))] == [
        (3,),
        (3, 1),
        (3, 1),
    ]


def test_lists_and_integers_become_the_default_float(lib):
    f = lambdify([A, x], A * x, modules=lib.modules)
    got = f([[1, 2], [3, 4]], [1, 1])
    default = lib.module.get_default_dtype() if lib.name == "torch" else lib.module.asarray(0.0).dtype
    assert lib.numpy(got).tolist() == [3, 7] and got.dtype == default
    assert lib.numpy(lambdify([t], 1 / t, modules=lib.modules)(2)) == 0.5


def test_complex_data(lib):
    a = data(3, 5)[0] + 0.1j
    e = [
        A * x,
        Trace(A.T * A),
        A.applyfunc(Lambda(c, 1 / (1 + exp(-c)))),
        A.applyfunc(Lambda(c, log(1 + exp(c)))),
        sp.Adjoint(A) * x,
        A.applyfunc(abs),
        A.applyfunc(sp.im),
    ]
    for got, want in zip(
        lambdify([A, x], e, modules=lib.modules)(lib.array(a), np.ones(3)), lambdify([A, x], e)(a, np.ones(3)), strict=True
    ):
        np.testing.assert_allclose(lib.numpy(got), want)
    products = [A * A.applyfunc(abs), A.applyfunc(sp.re) * x, A.I * x.applyfunc(sp.im)]
    for got, want in zip(
        lambdify([A, x], products, modules=lib.modules)(lib.array(a), np.ones(3)), lambdify([A, x], products)(a, np.ones(3)), strict=True
    ):
        np.testing.assert_allclose(lib.numpy(got), want)
    got = lambdify([t, x], t * x, modules=lib.modules)(1j, np.ones(2, np.float32))
    assert lib.numpy(got).dtype == np.complex64


@pytest.mark.parametrize(("values", "words"), [
    ((np.ones((2, 3)), np.ones(3)), ["`A`", "(n, n) = (2, 2)", "(2, 3)"]),
    ((np.ones((3, 3)), np.ones(2)), ["`x`", "n from `A`", "(3,)", "(2,)"]),
    ((np.ones((3, 3)), np.ones((3, 3))), ["`x`", "(n, 1)", "(3, 3)"]),
    ((np.ones(3), np.ones(3)), ["`A`", "(3,)"]),
])  # fmt: skip
def test_shape_errors_name_argument_expected_and_got(lib, values, words):
    f = lambdify([A, x], A * x, modules=lib.modules)
    with pytest.raises(ShapeError) as error:
        f(*map(lib.array, values))
    assert all(word in str(error.value) for word in words), str(error.value)


def test_errors_of_scalars_and_indices(lib):
    with pytest.raises(ShapeError, match="`t`"):
        lambdify([t, x], t * x, modules=lib.modules)(np.ones(2), np.ones(2))
    with pytest.raises(ShapeError, match="`u`"):
        lambdify([u], u, modules=lib.modules)(np.ones((2, 2)))
    with pytest.raises(ShapeError, match="`k`"):
        lambdify([A, k], k * A, modules=lib.modules)(np.ones((2, 2)), 1.5)
    with pytest.raises(IndexError):
        lambdify([x, i], x[i, 0], modules=lib.modules)(np.ones(2), 2)
    with pytest.raises(IndexError):
        lib.numpy(lambdify([x], Sum(x[j - 1, 0], (j, 0, n - 1)), modules=lib.modules)(np.ones(2)))


def test_a_size_alone_and_nothing_at_all(lib):
    f = lambdify([n], [2 * Identity(n), n * t**0 + 1], modules=lib.modules)
    assert [lib.numpy(part).tolist() for part in f(2)] == [[[2, 0], [0, 2]], 3]
    assert lib.numpy(lambdify([], sp.Integer(3), modules=lib.modules)()) == 3


def test_forms_of_the_result(lib):
    e = {"f": x.T * A * x, "g": (A + A.T) * x}
    out = lambdify([A, x], e, modules=lib.modules)(lib.array(np.eye(2)), lib.array(np.ones(2)))
    assert out["f"].ndim == 0 and lib.numpy(out["g"]).tolist() == [2, 2]


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_extreme_values(lib):
    big = np.array([-1e4, -800.0, 0.0, 800.0, 1e4])
    e = [x.applyfunc(Lambda(c, f)) for f in (1 / (1 + exp(-c)), log(1 + exp(c)), exp(-c) / (1 + exp(-c)) ** 2)] + [LogSumExp(x), Softmax(x)]
    want = [[0, 0, 0.5, 1, 1], [0, 0, np.log(2), 800, 1e4], [0, 0, 0.25, 0, 0], 1e4, [0, 0, 0, 0, 1]]
    for got, w in zip(lambdify([x], e, modules=lib.modules)(lib.array(big)), want, strict=True):
        np.testing.assert_allclose(lib.numpy(got), w, atol=1e-300)


def test_what_numpy_raises_for_is_nan(lib):
    if lib.name == "dask":
        pytest.skip("no spectra")
    f = lambdify([S], [Eigenvalue(S, 0), Eigenvector(S, 0), ReducedResolvent(S, 0)], modules=lib.modules)
    assert np.isnan(lib.numpy(f(lib.array(np.array([[1.0, 2.0], [3.0, 4.0]])))[0]))
    assert all(np.isnan(lib.numpy(part)).any() for part in f(lib.array(np.eye(2)))[1:])


# ---- source
def test_source_runs_alone(lib):
    f = lambdify([A, x, t], [A.I * x, (A * x).applyfunc(Lambda(c, 1 / (1 + exp(-c)))), A + t * Identity(n)], modules=lib.modules)
    code = f.source + "\nprint([part.shape for part in compute([[2.0, 1.0], [0.0, 1.0]], [1.0, 1.0], 1.0)])\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("(") + done.stdout.count("Size([") >= 3 and "sympy" not in f.source


def test_names_of_the_library_may_be_symbols(lib):
    symbols_ = [MatrixSymbol(name, n, 1) for name in ("jnp", "torch", "da", "xp", "device", "reduce")]
    f = lambdify(symbols_, sum(symbols_[1:], symbols_[0]), modules=lib.modules)
    assert lib.numpy(f(*[np.ones(2)] * 6)).tolist() == [6, 6]


# ---- errors of the choice
@pytest.mark.parametrize("modules", ["tensorflow", None, 3, [], sys])
def test_an_unknown_back_end_lists_what_there_is(modules):
    with pytest.raises(MatcalcError, match="'numpy', 'jax', 'torch', 'dask'.*array API"):
        lambdify([t], t, modules=modules)


def test_the_module_of_a_library_is_its_back_end(lib):
    f = lambdify([A, x], A * x, modules=lib.module)
    assert lib.numpy(f(np.eye(2), np.ones(2))).tolist() == [1, 1]
    assert f.source == lambdify([A, x], A * x, modules=lib.modules).source
    assert lambdify([t], t, modules=np).source == lambdify([t], t, modules=["numpy", "scipy"]).source == lambdify([t], t).source


@pytest.mark.parametrize("name", ["jax", "torch", "dask"])
def test_a_missing_library_says_how_to_get_it(name, monkeypatch):
    module = dict(jax="jax.numpy", dask="dask.array").get(name, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MatcalcError, match=f"needs {TITLES[name]}: pip install '?{name}"):
        lambdify([t], t, modules=name)


def test_a_size_that_is_a_quotient_of_whole_numbers_is_checked():
    """As many rows as a vech has; what may be no whole number is refused."""
    A, D = MatrixSymbol("A", n, n), MatrixSymbol("D", n * (n + 1) / 2, n)
    f = lambdify([A, D], D * A)
    a, d = np.arange(9.0).reshape(3, 3), np.arange(18.0).reshape(6, 3)
    assert np.allclose(f(a, d), d @ a)
    with pytest.raises(ValueError, match=r"expected shape .* = \(6, 3\), got \(5, 3\)"):
        f(a, d[:5])
    with pytest.raises(MatcalcError, match="cannot check the size"):
        lambdify([A, MatrixSymbol("E", n / 2, n)], MatrixSymbol("E", n / 2, n) * A)
