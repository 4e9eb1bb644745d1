"""Results as operators: the same numbers as the dense function, in the structure that the formula has."""

import sys

import numpy as np
import pytest
from sympy import (
    BlockMatrix,
    Determinant,
    DiagonalMatrix,
    HadamardPower,
    HadamardProduct,
    I,
    Identity,
    Integer,
    KroneckerProduct,
    Lambda,
    Matrix,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    cos,
    exp,
    log,
    symbols,
    tanh,
)  # fmt: skip
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc import operators
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.nodes import Einsum, EinsumTerm

m, n, k = symbols("m n k", integer=True, positive=True)
t, lam = symbols("t lam")
SIZES = {m: 5, n: 4, k: 3}


def symbol(name, *shape):
    return MatrixSymbol(name, *shape)


X, A, B, C = (symbol(s, n, n) for s in "XABC")
Y, Z, M, T = (symbol(s, m, n) for s in "YZMT")
U, V, G, R = symbol("U", m, k), symbol("V", n, k), symbol("G", k, k), symbol("R", m, m)
x, w, c, y = symbol("x", n, 1), symbol("w", n, 1), symbol("c", m, 1), symbol("y", m, 1)
g = symbol("g", k, 1)
EYE = Identity(n)
RESIDUAL = T - U * V.T
MASKED = HadamardProduct(M, RESIDUAL)
KALMAN_K, KALMAN_H = symbol("K", n, m), symbol("H", m, n)
KALMAN = Trace((EYE - KALMAN_K * KALMAN_H) * A * (EYE - KALMAN_K * KALMAN_H).T + KALMAN_K * R * KALMAN_K.T)
W1, W2 = symbol("W1", k, n), symbol("W2", m, k)
NET = W2 * (W1 * Z.T).applyfunc(tanh) - R
CENTRED = Z - OneMatrix(m, 1) * x.T
GAUSS = -log(Determinant(X)) * m / 2 - Trace(CENTRED * X.I * CENTRED.T) / 2
LOGITS = symbol("L", n, k)
SOFTMAX = (OneMatrix(1, m) * ((Z * LOGITS).applyfunc(exp) * OneMatrix(k, 1)).applyfunc(log))[0, 0] - Trace(U.T * Z * LOGITS)
LOGISTIC = OneMatrix(1, m) * HadamardProduct(y, Z * w).applyfunc(Lambda(t, log(1 + exp(-t)))) + (lam / 2) * w.T * w
LAYER = (Z * x + c).applyfunc(tanh)


def hess(f, *by):
    return mc.hessian(f, *by)


CASES = {  # name: (expression, class, methods that exist beyond products)
    "factorisation": (lambda: hess(Trace(RESIDUAL.T * RESIDUAL), U), "KroneckerOperator", "solve diagonal slogdet"),
    "masked": (lambda: hess(Trace(MASKED.T * MASKED), U), "BlockDiagonalOperator", "solve diagonal slogdet"),
    "masked, other factor": (lambda: hess(Trace(MASKED.T * MASKED), V), "BlockDiagonalOperator", "solve diagonal slogdet"),
    "masked with ridge": (lambda: hess(Trace(MASKED.T * MASKED) + lam * Trace(U.T * U), U), "BlockDiagonalOperator", "solve slogdet"),
    "kalman": (lambda: hess(KALMAN, KALMAN_K), "KroneckerOperator", "solve diagonal slogdet"),
    "net, first": (lambda: hess(Trace(NET.T * NET), W1), "SumOperator", "diagonal"),
    "net, last": (lambda: hess(Trace(NET.T * NET), W2), "KroneckerOperator", "solve"),
    "net, mixed": (lambda: hess(Trace(NET.T * NET), W1, W2), "SumOperator", ""),
    "logdet": (lambda: hess(log(Determinant(X)), X), "TensorOperator", "diagonal"),
    "gauss by covariance": (lambda: hess(GAUSS, X), "SumOperator", "diagonal"),
    "gauss by mean": (lambda: hess(GAUSS, x), "DenseOperator", "solve"),
    "layer by weight": (lambda: mc.jacobian(LAYER, Z), "TensorOperator", ""),
    "layer by input": (lambda: mc.jacobian(LAYER, x), "DenseOperator", ""),
    "softmax": (lambda: hess(SOFTMAX, LOGITS), "SumOperator", "diagonal"),
    "logistic ridge": (lambda: hess(LOGISTIC, w), "GramOperator", "solve diagonal slogdet"),
    "log-sum-exp": (lambda: hess(log((OneMatrix(1, n) * w.applyfunc(exp))[0, 0]), w), "DiagonalPlusLowRankOperator", "diagonal"),
    "tr(X'AXB)": (lambda: hess(Trace(X.T * A * X * B), X), "SumOperator", "diagonal"),
    "tr(XAXB)": (lambda: hess(Trace(X * A * X * B), X), "SumOperator", "diagonal"),
    "tr(XA)^2": (lambda: hess(Trace(X * A) ** 2, X), "TensorOperator", "diagonal"),
    "tr(X'X)^2": (lambda: hess(Trace(Y.T * Y) ** 2, Y), "DiagonalPlusLowRankOperator", "solve diagonal"),
    "zero": (lambda: hess(Trace(X * A), X), "TensorOperator", "diagonal"),
    "vec form": (lambda: hess(Trace(X.T * A * X * B), X, None, "vec"), "SumOperator", "diagonal"),
    "X by X": (lambda: mc.jacobian(Y, Y), "DiagonalOperator", "solve diagonal slogdet"),
    "X' by X": (lambda: mc.jacobian(Y.T, Y), "TransposedOperator", "solve diagonal"),
    "inverse": (lambda: mc.jacobian(X.I, X), "KroneckerOperator", "solve diagonal slogdet"),
    "diagonal part": (lambda: mc.jacobian(DiagonalMatrix(X), X), "TensorOperator", "diagonal"),
    "diagonal vector": (lambda: mc.jacobian(DiagonalOf(X), X), "TensorOperator", ""),
    "xx'": (lambda: mc.jacobian(x * x.T, x), "SumOperator", ""),
    "AXB": (lambda: mc.jacobian(A * X * B, X), "KroneckerOperator", "solve"),
    "AX + XB + X": (lambda: mc.jacobian(A * X + X * B + X, X), "SumOperator", "diagonal"),
    "X o XA": (lambda: mc.jacobian(HadamardProduct(X, X * A), X), "BlockDiagonalOperator", "solve diagonal"),
    "X o AX": (lambda: mc.jacobian(HadamardProduct(X, A * X), X), "BlockDiagonalOperator", "solve diagonal"),
    "X (x) A": (lambda: mc.jacobian(KroneckerProduct(X, Z), X), "TensorOperator", ""),
    "cos": (lambda: mc.jacobian(Y.applyfunc(cos), Y), "DiagonalOperator", "solve"),
    "cube": (lambda: mc.jacobian(X**3, X), "SumOperator", "diagonal"),
    "gram": (lambda: lam * EYE + Z.T * DiagMatrix(c) * Z, "GramOperator", "solve diagonal slogdet"),
    "gram of rows": (lambda: Z * Z.T + Identity(m), "GramOperator", "solve diagonal"),
    "scaled gram": (lambda: 2 * Z.T * Z, "GramOperator", "solve"),
    "diagonal and rank one": (lambda: DiagMatrix(x) + w * x.T, "DiagonalPlusLowRankOperator", "solve diagonal slogdet"),
    "rank two": (lambda: DiagMatrix(x) + w * x.T - 2 * x * w.T, "DiagonalPlusLowRankOperator", "solve diagonal"),
    "mixed ranks": (lambda: DiagMatrix(x) + V * G * V.T + w * w.T, "DiagonalPlusLowRankOperator", "solve diagonal"),
    "inverse inside": (lambda: DiagMatrix(x) + V * G.I * V.T, "DiagonalPlusLowRankOperator", "solve"),
    "diagonal inside": (lambda: DiagMatrix(x) + V * DiagMatrix(g) * LOGITS.T, "DiagonalPlusLowRankOperator", "solve"),
    "kronecker": (lambda: KroneckerProduct(A, Y), "KroneckerOperator", ""),
    "kronecker sum": (lambda: KroneckerProduct(Identity(m), A) + KroneckerProduct(R, EYE), "SumOperator", "diagonal"),
    "three factors": (lambda: KroneckerProduct(A, Y, V), "TensorOperator", ""),
    "scaled identity": (lambda: lam * EYE, "DiagonalOperator", "solve"),
    "dense": (lambda: lam * EYE + A, "DenseOperator", "solve diagonal slogdet"),
    "product": (lambda: EYE + A * B, "SumOperator", "diagonal"),
    "solution": (lambda: A.I * B, "DenseOperator", "solve"),
    "saddle point": (lambda: BlockMatrix([[lam * EYE, Z.T], [Z, ZeroMatrix(m, m)]]), "BlockOperator", "diagonal"),
    "diagonal blocks": (lambda: BlockMatrix([[DiagMatrix(x), ZeroMatrix(n, m)], [ZeroMatrix(m, n), lam * R]]), "BlockOperator", "solve"),
    "bordered": (lambda: BlockMatrix([[A, x], [x.T, Matrix([[1]])]]), "DenseOperator", "solve"),
    "zeros around": (lambda: BlockMatrix([[ZeroMatrix(n, m), ZeroMatrix(n, n)], [lam * R, Z]]), "BlockOperator", ""),
    "a column of zeros": (lambda: BlockMatrix([[ZeroMatrix(n, m), A], [ZeroMatrix(m, m), Z]]), "BlockOperator", ""),
    "a row of blocks": (lambda: BlockMatrix([[DiagMatrix(x), EYE, V]]), "BlockOperator", ""),
    "bordered diagonal": (lambda: BlockMatrix([[DiagMatrix(x), w], [x.T, Matrix([[1]])]]), "BlockOperator", "diagonal"),
    "RY + M o Y": (lambda: mc.jacobian(R * Y + HadamardProduct(M, Y), Y), "BlockDiagonalOperator", "solve diagonal"),
    "YA + M o Y": (lambda: mc.jacobian(Y * A + HadamardProduct(M, Y), Y), "BlockDiagonalOperator", "solve diagonal"),
    "RY + diag(c) Y": (lambda: mc.jacobian(R * Y + DiagMatrix(c) * Y, Y), "KroneckerOperator", "solve diagonal"),
    "YA + Y diag(x)": (lambda: mc.jacobian(Y * A + Y * DiagMatrix(x), Y), "KroneckerOperator", "solve diagonal"),
    "both sides": (lambda: mc.jacobian(R * Y + Y * A + DiagMatrix(c) * Y + 2 * Y * DiagMatrix(x), Y), "SumOperator", "diagonal"),
    "both, and masked": (lambda: mc.jacobian(R * Y + Y * A + HadamardProduct(M, Y), Y), "SumOperator", "diagonal"),
    "masked and outer": (lambda: mc.jacobian(HadamardProduct(M, Y) + 3 * Trace(Z.T * Y) * T, Y), "DiagonalPlusLowRankOperator", "solve"),
    "two outer": (lambda: mc.jacobian(HadamardProduct(M, Y) + Trace(Z.T * Y) * T - 2 * Trace(T.T * Y) * Z, Y), "DiagonalPlusLowRankOperator", "solve"),
    "transposed as typed": (lambda: Transpose(DiagMatrix(x) + w * x.T), "DiagonalPlusLowRankOperator", "solve"),
    "kronecker, transposed": (lambda: Transpose(KroneckerProduct(A, Y)), "KroneckerOperator", ""),
    "transposed": (lambda: (DiagMatrix(x) + w * x.T).T, "DiagonalPlusLowRankOperator", "solve"),
}  # fmt: skip


def symbols_of(e):
    return sorted((s for s in e.free_symbols if isinstance(s, MatrixSymbol) or s not in SIZES), key=str)


def values_of(args, sizes, rng, dtype=float):
    out = []
    for a in args:
        shape = [int(s.subs(sizes)) for s in getattr(a, "shape", ())]
        value = rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if dtype is complex else 0)
        if len(shape) == 2 and shape[0] == shape[1] and dtype is not complex:
            value = value @ value.T / max(shape[0], 1) + np.eye(shape[0])
        out.append(np.asarray(value, dtype)[()])
    return out


def compare(e, sizes=SIZES, dtype=float, seed=0, structured=True):
    """The operator of e, whose products agree with the dense function."""
    args, rng = symbols_of(e) or [X], np.random.default_rng(seed)
    values = values_of([*args, *symbols_for_sizes(e, args)], sizes, rng, dtype)
    args += symbols_for_sizes(e, args)
    op = mc.lambdify(args, e, structured=structured)(*values)
    want = np.asarray(mc.lambdify(args, e)(*values))
    assert isinstance(op, operators.StructuredOperator)
    assert op.shape[0] * op.shape[1] == want.size
    want = want.reshape(op.shape)
    near = dict(
        rtol=1e-9 if np.dtype(dtype).itemsize > 4 else 1e-3, atol=1e-9 * np.abs(want).max(initial=1) if dtype is not np.float32 else 1e-3
    )
    np.testing.assert_allclose(op.todense(), want, **near)
    p, q = (values_of([symbol("v", s, 1)], {}, rng, dtype)[0][:, 0] for s in map(Integer, op.shape[::-1]))
    np.testing.assert_allclose(op @ p, want @ p, **near)
    np.testing.assert_allclose(op.rmatvec(q), want.conj().T @ q, **near)
    np.testing.assert_allclose(op @ np.stack([p, 2 * p], 1), want @ np.stack([p, 2 * p], 1), **near)
    return op, want


def symbols_for_sizes(e, args):
    """An argument for each size that the other arguments do not show."""
    shown = {s for a in args for n in getattr(a, "shape", ()) for s in n.free_symbols}
    missing = e.free_symbols.union(*(d.free_symbols for d in e.shape)) & SIZES.keys() - shown
    return [symbol(f"size_{s}", s, s) for s in sorted(missing, key=str)]


@pytest.mark.parametrize("name", CASES)
def test_the_operator_is_the_dense_result(name):
    make, kind, methods = CASES[name]
    op, want = compare(make())
    assert type(op).__name__ == kind
    if "diagonal" in methods.split():
        np.testing.assert_allclose(op.diagonal(), want.diagonal(), rtol=1e-9, atol=1e-9)
    if "solve" in methods.split():
        b = np.arange(op.shape[0]) + 1.0
        np.testing.assert_allclose(want @ op.solve(b), b, rtol=1e-6, atol=1e-6)
    if "slogdet" in methods.split():
        np.testing.assert_allclose(op.slogdet(), np.linalg.slogdet(want), rtol=1e-8)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sizes", [{m: 1, n: 3, k: 2}, {m: 3, n: 1, k: 1}, {m: 2, n: 3, k: 4}], ids=str)
def test_sizes_of_one_and_other_proportions(name, sizes):
    compare(CASES[name][0](), sizes, seed=1)


@pytest.mark.parametrize(
    "name", ["factorisation", "masked", "kalman", "X by X", "X' by X", "gram", "mixed ranks", "kronecker", "net, first"]
)
def test_precision_is_that_of_the_data(name):
    op, _ = compare(CASES[name][0](), dtype=np.float32)
    assert op.dtype == np.float32


@pytest.mark.parametrize(
    "name", ["factorisation", "masked", "AXB", "X o XA", "scaled gram", "diagonal and rank one", "inverse", "three factors"]
)
def test_complex_data(name):
    op, _ = compare(CASES[name][0](), dtype=complex)
    assert op.dtype == complex
    compare(I * CASES["kronecker"][0](), dtype=complex)


@pytest.mark.parametrize("name", ["factorisation", "masked", "X by X", "scaled gram", "kronecker"])
def test_empty_sizes(name):
    e = CASES[name][0]()
    args = symbols_of(e)
    args += symbols_for_sizes(e, args)
    for sizes in ({m: 0, n: 3, k: 2}, {m: 2, n: 3, k: 0}):
        op = mc.lambdify(args, e, structured=True)(*values_of(args, sizes, np.random.default_rng(0)))
        assert op.todense().shape == op.shape


# ---- random networks
def random_einsum(rng):
    """A sum of products over indices of four sizes, with deltas, repeated factors and fused axes here and there."""
    axes = int(rng.integers(2, 5))
    dims = [(m, n)[rng.integers(2)] for _ in range(axes)]
    terms = []
    for _ in range(int(rng.integers(1, 4))):
        index = list(range(axes))
        for b in range(1, axes):  # a delta where the sizes allow it
            same = [a for a in range(b) if dims[a] == dims[b]]
            if same and rng.random() < 0.5:
                index[b] = index[int(rng.choice(same))]
        sizes = [*dims, *((m, n, k)[rng.integers(3)] for _ in range(int(rng.integers(0, 3))))]
        factors = []
        for _ in range(int(rng.integers(0, 5))):
            i, j = (int(rng.integers(len(sizes))) for _ in range(2))
            i, j = (index[a] if a < axes else a for a in (i, j))
            if rng.random() < 0.3:
                factors.append((symbol(f"v{sizes[i]}{rng.integers(2)}", sizes[i], 1), ((i,), ())))
            else:
                factors.append((symbol(f"A{sizes[i]}{sizes[j]}{rng.integers(2)}", sizes[i], sizes[j]), ((i,), (j,))))
        terms.append((int(rng.integers(-2, 3)) or lam, factors, sizes, index))
    return dims, terms


def built(dims, terms):
    return Einsum(
        tuple(dims), *(EinsumTerm(c, tuple(s), tuple((i,) for i in index), tuple((a, *axes) for a, axes in f)) for c, f, s, index in terms)
    )


@pytest.mark.parametrize("seed", range(60))
def test_random_networks(seed):
    rng = np.random.default_rng(seed)
    e = built(*random_einsum(rng))
    for structured in (True, *range(1, len(e.shape))):
        args = symbols_of(e)
        args += symbols_for_sizes(e, args)
        values = values_of(args, SIZES, rng)
        op = mc.lambdify(args, e, structured=structured)(*values)
        want = by_einsum(e, dict(zip(args, values))).reshape(op.shape)
        near = dict(rtol=1e-9, atol=1e-9 * np.abs(want).max(initial=1))
        np.testing.assert_allclose(op.todense(), want, **near)
        p, q = rng.standard_normal(op.shape[1]), rng.standard_normal(op.shape[0])
        np.testing.assert_allclose(op @ p, want @ p, **near)
        np.testing.assert_allclose(op.rmatvec(q), want.T @ q, **near)


def by_einsum(e, values):
    """The array of an Einsum, each term by NumPy's einsum, as little like the generated code as can be."""
    letters, total = "abcdefghijklmnop", 0
    for term in e.terms:
        out = [axis[0] for axis in term.out]
        unique = list(dict.fromkeys(out))
        sizes = [int(d.subs(SIZES)) for d in term.dims]
        words = ["".join(letters[i] for axis in axes for i in axis) for _, axes in term.factors]
        arrays = [values[op].reshape([sizes[i] for axis in axes for i in axis]) for op, axes in term.factors]
        words += [letters[i] for i in range(len(sizes))]
        arrays += [np.ones(s) for s in sizes]
        core = np.einsum(f"{','.join(words)}->{''.join(letters[i] for i in unique)}", *arrays, optimize=True)
        found = np.zeros([sizes[i] for i in out])
        np.einsum(f"{''.join(letters[i] for i in out)}->{''.join(letters[i] for i in unique)}", found)[...] = core
        total = total + float(term.coefficient.subs({s: v for s, v in values.items() if np.ndim(v) == 0})) * found
    return total


# ---- the interface
def test_value_gradient_and_hessian_share_their_work():
    f = Trace(RESIDUAL.T * RESIDUAL)
    results = {"value": f, "gradient": mc.gradient(f, U), "hessian": mc.hessian(f, U)}
    function = mc.lambdify([U, V, T], results, structured={"hessian": True})
    assert function.source.count("V.T.dot(V)") <= 2  # once in each of the two plans by sizes
    u, v, r = values_of([U, V, T], SIZES, np.random.default_rng(0))
    found = function(u, v, r)
    step = found["hessian"].solve(found["gradient"].ravel()).reshape(u.shape)
    np.testing.assert_allclose(u - step, np.linalg.solve(v.T @ v, v.T @ r.T).T)
    assert isinstance(found["value"], float)
    first = mc.lambdify([U, V, T], list(results.values()), structured=[False, False, True])(u, v, r)
    assert isinstance(first[1], np.ndarray) and isinstance(first[2], operators.KroneckerOperator)


def test_the_source_runs_when_pasted():
    f = mc.lambdify([U, V, T], mc.hessian(Trace(RESIDUAL.T * RESIDUAL), U), structured=True)
    assert "from sympy_matcalc.operators import Eye, KroneckerOperator" in f.source
    assert "return KroneckerOperator(Eye(m), 2.0 * V.T.dot(V))" in f.source
    namespace = {}
    exec(f.source, namespace)
    values = values_of([U, V, T], SIZES, np.random.default_rng(0))
    np.testing.assert_array_equal(namespace["compute"](*values).todense(), f(*values).todense())


def test_scalars_and_vectors_stay_arrays():
    assert np.ndim(mc.lambdify([X], Trace(X), structured=True)(np.eye(2))) == 0
    np.testing.assert_array_equal(mc.lambdify([X, x], X * x, structured=True)(np.eye(2), np.ones(2)), [1, 1])


def test_the_axes_of_the_function():
    by_weight, by_vector = mc.jacobian(LAYER, Z), mc.jacobian(x * x.T, x)
    values = values_of(symbols_of(by_weight), SIZES, np.random.default_rng(0))
    assert mc.lambdify(symbols_of(by_weight), by_weight, structured=True)(*values).out_shape == (5,)
    assert mc.lambdify([x], by_vector, structured=True)(np.ones(4)).out_shape == (4, 4)
    ambiguous = mc.jacobian(DiagMatrix(x), x)
    assert mc.lambdify([x], ambiguous, structured=True)(np.ones(4)).shape == (4, 16)
    assert mc.lambdify([x], ambiguous, structured=2)(np.ones(4)).shape == (16, 4)


@pytest.mark.parametrize("structured", [3, -1, "yes", [True, True], {"H": True}, 1.0])
def test_what_structured_may_be(structured):
    with pytest.raises(MatcalcError, match="structured"):
        mc.lambdify([X, x], mc.jacobian(DiagMatrix(x), x), structured=structured)


def test_other_modules_are_refused():
    with pytest.raises(MatcalcError, match="numpy"):
        mc.lambdify([X], X, modules="torch", structured=True)


def test_without_scipy(monkeypatch):
    for name in [s for s in sys.modules if s.startswith(("sympy_matcalc.operators", "scipy"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "scipy.sparse.linalg", None)
    with pytest.raises(MatcalcError, match="SciPy"):
        mc.lambdify([X], X, structured=True)


# ---- sparse arrays
@pytest.mark.parametrize(
    "name", ["separable", "least squares by a matrix", "several by one matrix", "transpose", "rows", "commutation", "symmetric"]
)
def test_sparse_results_are_the_dense_ones_without_their_zeros(name):
    sparse = pytest.importorskip("scipy.sparse")
    m, n, k = symbols("m n k", integer=True, positive=True)
    x, X, A, S = MatrixSymbol("x", n, 1), MatrixSymbol("X", m, n), MatrixSymbol("A", n, k), MatrixSymbol("S", n, n)
    c = Symbol("c")
    e = {
        "separable": mc.hessian(mc.ElementSum(x.applyfunc(Lambda(c, log(1 + exp(c))))), x),
        "least squares by a matrix": mc.hessian(Trace(A.T * X.T * X * A), X),
        "several by one matrix": mc.hessian(Trace(X.T * X) + mc.ElementSum(HadamardPower(X, 4)), X),
        "transpose": mc.jacobian(X.T, X),
        "rows": mc.jacobian(HadamardPower(X, 2) * A * A.T, X),
        "commutation": mc.jacobian(3 * X.T, X, form="vec"),
        "symmetric": mc.jacobian(S + S.T, S, form="vec"),
    }[name]
    given = {x: np.arange(1.0, 4), X: np.arange(1.0, 7).reshape(2, 3), A: np.arange(6.0).reshape(3, 2), S: np.eye(3)}
    found = mc.lambdify(list(given), e, structured="sparse")(*given.values())
    dense = mc.lambdify(list(given), e)(*given.values())
    size = round(dense.size**0.5)
    assert sparse.issparse(found) and found.format == "csr" and found.nnz < dense.size
    np.testing.assert_allclose(found.toarray(), dense.reshape(size, size))


def test_results_without_zeros_by_their_form_are_not_made_sparse():
    m, n = symbols("m n", integer=True, positive=True)
    w, X, S = MatrixSymbol("w", n, 1), MatrixSymbol("X", m, n), MatrixSymbol("S", n, n)
    ones = mc.hessian(mc.ElementSum(S) ** 2 / 2, S)
    for args, e in [([X, w], mc.hessian(((X * w).T * X * w)[0, 0], w)), ([S], mc.jacobian(S.I, S)), ([S], S * S), ([S], ones)]:
        with pytest.raises(MatcalcError, match='`structured="sparse"`.*no zeros by its form'):
            mc.lambdify(args, e, structured="sparse")
    with pytest.raises(MatcalcError, match='True, False, "sparse" or'):
        mc.lambdify([S], S, structured="thin")
    assert mc.lambdify([S], mc.hessian(Trace(S), S), structured="sparse")(np.ones((2, 2))).nnz == 0
