"""The nodes of the reference books: numeric code against straightforward NumPy, SciPy and extended precision."""

import sys
import warnings

import mpmath as mp
import numpy as np
import pytest
import scipy.linalg as sl
from sympy import (
    HadamardProduct,
    Identity,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Sum,
    Trace,
    acosh,
    asinh,
    atan,
    atanh,
    cosh,
    cot,
    exp,
    gamma,
    log,
    oo,
    sec,
    sin,
    sinh,
    sqrt,
    symbols,
    tan,
    tanh,
)  # fmt: skip
from sympy.matrices.expressions.diagonal import DiagMatrix

from sympy_matcalc import (
    Cholesky,
    DuplicationMatrix,
    Eigenvalue,
    EigenvalueProduct,
    EigenvalueSum,
    Eigenvector,
    ElementSum,
    FrechetDerivative,
    FrechetMatrix,
    HalfLower,
    LeftSingularVector,
    LogSumExp,
    MatrixCos,
    MatrixExp,
    MatrixFunction,
    MatrixLog,
    MatrixSin,
    MatrixSqrt,
    Mean,
    Norm,
    NuclearNorm,
    PseudoInverse,
    ReducedResolvent,
    Relu,
    RightSingularVector,
    RowSum,
    Sigmoid,
    SingularValue,
    Softmax,
    Softplus,
    SpectralNorm,
    Unvec,
    Vec,
)
from sympy_matcalc.codegen.lambdify import lambdify
from sympy_matcalc.errors import MatcalcError

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True, nonnegative=True)
t, p, u = symbols("t p u", real=True)
A, B, S, P = MatrixSymbol("A", n, n), MatrixSymbol("B", m, n), MatrixSymbol("S", n, n), MatrixSymbol("P", n, n)
E, F = MatrixSymbol("E", n, n), MatrixSymbol("F", n, n)
x, r, w, c = MatrixSymbol("x", n, 1), MatrixSymbol("r", 1, n), MatrixSymbol("w", m * n, 1), MatrixSymbol("c", 1, 1)
ARGS = [A, B, S, P, E, F, x, r, w, c, t, p, i]
SIZES = [(4, 3), (3, 4), (3, 3), (1, 3), (3, 1), (1, 1)]  # (n, m)


def data(size_n, size_m, seed=0):
    """Values of ARGS by name: S symmetric, P symmetric positive definite, A without eigenvalues on the negative axis."""
    g = np.random.default_rng(seed)
    a, e, f = (g.standard_normal((size_n, size_n)) / 2 for _ in range(3))
    q = g.standard_normal((size_n, size_n))
    return dict(
        A=a + 2 * np.eye(size_n), B=g.standard_normal((size_m, size_n)), S=q + q.T, P=q @ q.T + np.eye(size_n), E=e, F=f,
        x=g.standard_normal((size_n, 1)), r=g.standard_normal((1, size_n)), w=g.standard_normal((size_m * size_n, 1)),
        c=np.array([[0.7]]), t=0.3, p=3.5, i=min(1, size_n - 1, size_m - 1),
    )  # fmt: skip


def entrywise(a, p):
    return (np.abs(a) ** p).sum() ** (1 / p)


def smax(a):
    e = np.exp(a - a.max())
    return e / e.sum()


def vec(a):
    return a.reshape(-1, 1, order="F")


def duplication(k):
    """D from its definition, a column for each unit of vech."""
    pairs = [(row, col) for col in range(k) for row in range(col, k)]
    d = np.zeros((k * k, len(pairs)))
    for q, (row, col) in enumerate(pairs):
        d[row + col * k, q] = d[col + row * k, q] = 1
    return d


def svals(a):
    return np.linalg.svd(a, compute_uv=False)


def outer(a, k):
    """u_k v_k' of a matrix."""
    left, _, right = np.linalg.svd(a, full_matrices=False)
    return left[:, k : k + 1] @ right[k : k + 1]


def projector(a, k):
    v = np.linalg.eigh(a)[1][:, k : k + 1]
    return v @ v.T


VALUES = [
    (Norm(x), lambda d: entrywise(d["x"], 2)), (Norm(r), lambda d: entrywise(d["r"], 2)), (Norm(B), lambda d: entrywise(d["B"], 2)),
    (Norm(B, 1), lambda d: np.abs(d["B"]).sum()), (Norm(B, oo), lambda d: np.abs(d["B"]).max()),
    (Norm(x, 3), lambda d: entrywise(d["x"], 3)), (Norm(B, p), lambda d: entrywise(d["B"], d["p"])), (Norm(c), lambda d: 0.7),
    (Norm(A * x, 4), lambda d: entrywise(d["A"] @ d["x"], 4)), (Norm(t * Identity(n)), lambda d: 0.3 * np.sqrt(len(d["A"]))),
    (Norm(DiagMatrix(x), 1), lambda d: np.abs(d["x"]).sum()), (Norm(OneMatrix(m, n)), lambda d: np.sqrt(d["B"].size)),
    (Norm(A + t * Identity(n)) * x, lambda d: entrywise(d["A"] + 0.3 * np.eye(len(d["A"])), 2) * d["x"]),
    (SpectralNorm(B), lambda d: svals(d["B"])[0]), (SpectralNorm(x), lambda d: entrywise(d["x"], 2)),
    (NuclearNorm(B), lambda d: svals(d["B"]).sum()), (NuclearNorm(r), lambda d: entrywise(d["r"], 2)),
    (SingularValue(B, i), lambda d: svals(d["B"])[d["i"]]), (SingularValue(B.T, 0), lambda d: svals(d["B"])[0]),
    (LeftSingularVector(B, i) * RightSingularVector(B, i).T, lambda d: outer(d["B"], d["i"])),
    (RightSingularVector(B, 0).T, lambda d: np.linalg.svd(d["B"])[2][:1]), (LeftSingularVector(x, 0) * c, lambda d: outer(d["x"], 0) * 0.7),
    (RightSingularVector(x, 0), lambda d: np.linalg.svd(d["x"], full_matrices=False)[2]),
    (LeftSingularVector(B.T, 0) * RightSingularVector(B.T, 0).T, lambda d: outer(d["B"], 0).T),
    (Sum(SingularValue(A, j) ** 2, (j, 0, n - 1)), lambda d: (d["A"] ** 2).sum()),
    (Eigenvalue(S, i), lambda d: np.linalg.eigvalsh(d["S"])[min(d["i"], len(d["S"]) - 1)]),
    (Sum(j * Eigenvalue(S, j), (j, 0, n - 1)), lambda d: np.arange(len(d["S"])) @ np.linalg.eigvalsh(d["S"])),
    (Eigenvector(S, 0) * Eigenvector(S, 0).T, lambda d: projector(d["S"], 0)), (Eigenvector(c, 0), lambda d: 1), (Eigenvalue(c, 0), lambda d: 0.7),
    (x.T * Eigenvector(S, 0) * Eigenvector(S.T, 0).T, lambda d: d["x"].T @ projector(d["S"], 0)),
    (Sum(Trace(Eigenvector(S, j) * Eigenvector(S, j).T * A) * j, (j, 0, n - 1)),
     lambda d: sum(k * np.trace(projector(d["S"], k) @ d["A"]) for k in range(len(d["S"])))),
    (EigenvalueSum(A * E), lambda d: np.trace(d["A"] @ d["E"])), (EigenvalueProduct(A), lambda d: np.linalg.det(d["A"])),
    (log(EigenvalueProduct(P)), lambda d: np.linalg.slogdet(d["P"])[1]),
    (Cholesky(P), lambda d: np.linalg.cholesky(d["P"])), (Cholesky(c), lambda d: np.sqrt(0.7)),
    (Cholesky(P).inv() * x, lambda d: np.linalg.solve(np.linalg.cholesky(d["P"]), d["x"])),
    (PseudoInverse(B), lambda d: np.linalg.pinv(d["B"])), (PseudoInverse(x) * A, lambda d: np.linalg.pinv(d["x"]) @ d["A"]),
    (PseudoInverse(B.T * B), lambda d: np.linalg.pinv(d["B"].T @ d["B"], 1e-10)), (x * PseudoInverse(c), lambda d: d["x"] / 0.7),
    (B * PseudoInverse(MatrixSqrt(B.T * B)), lambda d: sum(outer(d["B"], k) for k in range(min(d["B"].shape)))),
    (HalfLower(n), lambda d: np.tril(np.ones_like(d["A"])) - np.eye(len(d["A"])) / 2), (HalfLower(1), lambda d: 0.5),
    (HadamardProduct(A, HalfLower(n)), lambda d: np.tril(d["A"], -1) + np.diag(np.diag(d["A"])) / 2),
    (DuplicationMatrix(n), lambda d: duplication(len(d["A"]))), (DuplicationMatrix(n).T * Vec(A), lambda d: duplication(len(d["A"])).T @ vec(d["A"])),
    (Unvec(w, m, n), lambda d: d["w"].reshape(d["B"].shape, order="F")), (Unvec(w.T, n, m) * B, lambda d: d["w"].reshape(d["B"].T.shape, order="F") @ d["B"]),
    (Unvec(x, 1, n), lambda d: d["x"].T), (Unvec(r, n, 1), lambda d: d["r"].T), (Unvec(2 * Vec(B), m, n), lambda d: 2 * d["B"]),
    (ElementSum(B), lambda d: d["B"].sum()), (ElementSum(B * A), lambda d: (d["B"] @ d["A"]).sum()), (ElementSum(c), lambda d: 0.7),
    (ElementSum(Identity(n)), lambda d: len(d["A"])), (ElementSum(DiagMatrix(x) + A), lambda d: d["x"].sum() + d["A"].sum()),
    (Mean(B), lambda d: d["B"].mean()), (Mean(B * A * x), lambda d: (d["B"] @ d["A"] @ d["x"]).mean()), (Mean(OneMatrix(m, n)), lambda d: 1),
    (RowSum(B), lambda d: d["B"].sum(1, keepdims=True)), (RowSum(B * A), lambda d: (d["B"] @ d["A"]).sum(1, keepdims=True)),
    (RowSum(r), lambda d: d["r"].sum()), (RowSum(x), lambda d: d["x"]), (RowSum(A + DiagMatrix(x)), lambda d: d["A"].sum(1, keepdims=True) + d["x"]),
    (Softmax(x), lambda d: smax(d["x"])), (Softmax(r), lambda d: smax(d["r"])), (Softmax(c), lambda d: 1), (Softmax(B * x), lambda d: smax(d["B"] @ d["x"])),
    (LogSumExp(x), lambda d: np.log(np.exp(d["x"]).sum())), (LogSumExp(r), lambda d: np.log(np.exp(d["r"]).sum())), (LogSumExp(c), lambda d: 0.7),
    (DiagMatrix(Softmax(x)) - Softmax(x) * Softmax(x).T, lambda d: np.diag(smax(d["x"])[:, 0]) - smax(d["x"]) @ smax(d["x"]).T),
    (Softmax(x).applyfunc(log), lambda d: np.log(smax(d["x"]))), (Sum(log(Softmax(x)[j, 0]) * x[j, 0], (j, 0, n - 1)), lambda d: np.sum(np.log(smax(d["x"])) * d["x"])),
    (Sigmoid(t), lambda d: 1 / (1 + np.exp(-0.3))), (Sigmoid(B), lambda d: 1 / (1 + np.exp(-d["B"]))), (Softplus(x), lambda d: np.log1p(np.exp(d["x"]))),
    (Relu(B), lambda d: np.maximum(d["B"], 0)), (Relu(t) + Relu(-t), lambda d: 0.3), (B * Relu(x), lambda d: d["B"] @ np.maximum(d["x"], 0)),
    (x.applyfunc(Lambda(u, Sigmoid(2 * u) * Softplus(-u))), lambda d: np.log1p(np.exp(-d["x"])) / (1 + np.exp(-2 * d["x"]))),
]  # fmt: skip
FUNCTIONS = [
    (MatrixExp(A), lambda d: sl.expm(d["A"])), (MatrixLog(A), lambda d: sl.logm(d["A"])), (MatrixSqrt(A), lambda d: sl.sqrtm(d["A"])),
    (MatrixSin(A), lambda d: sl.sinm(d["A"])), (MatrixCos(A), lambda d: sl.cosm(d["A"])), (MatrixExp(c), lambda d: np.exp(0.7)),
    (MatrixExp(DiagMatrix(x)) * A, lambda d: np.exp(d["x"]) * d["A"]), (Trace(MatrixExp(t * Identity(n))), lambda d: len(d["A"]) * np.exp(0.3)),
    (x.T * MatrixExp(A + E).T * x, lambda d: d["x"].T @ sl.expm(d["A"] + d["E"]).T @ d["x"]), (x * MatrixExp(c), lambda d: np.exp(0.7) * d["x"]),
    *((MatrixFunction(f, A), lambda d, g=g: g(d["A"])) for f, g in [
        (tan, sl.tanm), (sinh, sl.sinhm), (cosh, sl.coshm), (tanh, sl.tanhm), (sec, lambda a: np.linalg.inv(sl.cosm(a))),
        (cot, lambda a: sl.cosm(a) @ np.linalg.inv(sl.sinm(a))), (Sigmoid, lambda a: np.linalg.inv(np.eye(len(a)) + sl.expm(-a))),
        (Softplus, lambda a: sl.logm(np.eye(len(a)) + sl.expm(a))), (asinh, lambda a: sl.logm(a + sl.sqrtm(a @ a + np.eye(len(a))))),
        (acosh, lambda a: sl.logm(a + sl.sqrtm(a - np.eye(len(a))) @ sl.sqrtm(a + np.eye(len(a))))),
        (Lambda(u, 1 / (2 + u) ** 2), lambda a: np.linalg.matrix_power(2 * np.eye(len(a)) + a, -2)),
        (Lambda(u, u**3 - t * u + 2), lambda a: a @ a @ a - 0.3 * a + 2 * np.eye(len(a))), (Lambda(u, 2**u), lambda a: sl.expm(np.log(2) * a)),
        (Lambda(u, (1 + 2 * u) / (1 + u**2)), lambda a: (np.eye(len(a)) + 2 * a) @ np.linalg.inv(np.eye(len(a)) + a @ a)),
        (Lambda(u, u ** (-Rational(1, 2))), lambda a: np.linalg.inv(sl.sqrtm(a))), (Lambda(u, (u**2 + 1) ** (3 * Rational(1, 2))), lambda a: np.linalg.matrix_power(sl.sqrtm(a @ a + np.eye(len(a))), 3)),
        (Lambda(u, u**t), lambda a: sl.fractional_matrix_power(a, 0.3).real), (Lambda(u, u * exp(u) * log(u)), lambda a: a @ sl.expm(a) @ sl.logm(a)),
        (Lambda(u, (1 + u) ** 20), lambda a: np.linalg.matrix_power(np.eye(len(a)) + a, 20)), (Lambda(u, u**u), lambda a: sl.expm(a @ sl.logm(a))),
    ]),
]  # fmt: skip


def check(e, want, sizes, flat, rtol=1e-9):
    d = data(*sizes)
    want = np.asarray(want(d), float)
    use = [a for a in ARGS if a in (A, B, S) or e.has(a)]
    f = lambdify(use, e)
    got = np.asarray(f(*(np.ravel(d[a.name]) if flat and a in (x, r, w) else d[a.name] for a in use)))
    shape = tuple(getattr(e, "shape", ()))
    if all(s == 1 for s in shape):  # of matrices of one entry it is one
        want = want.reshape(shape if shape and e.has(c) else ())
    elif flat and shape[1] == 1 and any(a in (x, r, w) for a in use):
        want = want.reshape(-1)
    assert got.shape == want.shape and got.dtype == float
    np.testing.assert_allclose(got, want, rtol=rtol, atol=1e-11 * max(1, np.abs(want).max()))


@pytest.mark.parametrize("flat", [False, True], ids=["2d", "1d"])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("e, want", VALUES, ids=lambda e: str(e)[:60] if hasattr(e, "args") else "")
def test_values(e, want, sizes, flat):
    check(e, want, sizes, flat)


@pytest.mark.parametrize("sizes", [(4, 3), (1, 1)], ids=str)
@pytest.mark.parametrize("e, want", FUNCTIONS, ids=lambda e: str(e)[:60] if hasattr(e, "args") else "")
def test_functions_of_a_matrix(e, want, sizes):
    check(e, want, sizes, False)


def test_inverse_functions_by_logarithms():
    a = data(4, 3)["A"] / 10
    for f, inverse in ((atan, sl.tanm), (atanh, sl.tanhm)):
        got = lambdify(A, MatrixFunction(f, A))(a)
        assert got.dtype == float
        np.testing.assert_allclose(inverse(got), a, rtol=1e-10, atol=1e-12)


# ---- Fréchet derivatives
def mp_function(f):
    """The function of an mpmath matrix."""
    if f is tanh:

        def g(a):
            plus, minus = mp.expm(a), mp.expm(-a)
            return mp.inverse(plus + minus) * (plus - minus)

        return g
    return {log: mp.logm, sqrt: mp.sqrtm, sin: mp.sinm, exp: mp.expm}[f]


def mp_derivative(f, a, *directions):
    """The mixed derivative by central differences in extended precision."""
    if not directions:
        return f(mp.matrix(a.tolist()) if isinstance(a, np.ndarray) else a)
    *rest, e = directions
    e, h = mp.matrix(e.tolist()), mp.mpf(10) ** -12
    a = mp.matrix(a.tolist()) if isinstance(a, np.ndarray) else a
    return (mp_derivative(f, a + h * e, *rest) - mp_derivative(f, a - h * e, *rest)) / (2 * h)


def as_array(a):
    return np.array([[float(mp.re(v)) for v in row] for row in a.tolist()])


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("scale", [0.1, 1, 5])
def test_derivative_of_exp(size, scale):
    d = data(size, 1)
    got = lambdify([A, E], FrechetDerivative(exp, A, E))(scale * d["A"], d["E"])
    want = sl.expm_frechet(scale * d["A"], d["E"], compute_expm=False)
    assert np.abs(got - want).max() <= 1e-12 * np.abs(want).max()


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("f", [log, sqrt, sin, tanh, exp])
def test_derivatives_against_differences(f, size):
    d = data(size, 1)
    with mp.workdps(60):
        first = as_array(mp_derivative(mp_function(f), d["A"], d["E"]))
        second = as_array(mp_derivative(mp_function(f), d["A"], d["E"], d["F"]))
    one, two, turned = lambdify([A, E, F], [FrechetDerivative(f, A, E), FrechetDerivative(f, A, E, F), FrechetDerivative(f, A, F, E)])(
        d["A"], d["E"], d["F"]
    )
    assert one.dtype == two.dtype == float
    np.testing.assert_allclose(one, first, rtol=1e-9, atol=1e-9 * np.abs(first).max())
    np.testing.assert_allclose(two, second, rtol=1e-9, atol=1e-9 * np.abs(second).max())
    np.testing.assert_allclose(turned, second, rtol=1e-9, atol=1e-9 * np.abs(second).max())


def test_third_derivative_of_a_power():
    d = data(3, 1)
    got = lambdify([A, E], FrechetDerivative(Lambda(u, u**3 + 5 * u**2), A, E, E, E))(d["A"], d["E"])
    np.testing.assert_allclose(got, 6 * np.linalg.matrix_power(d["E"], 3), atol=1e-12)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("f", [log, sqrt, sin, tanh, exp, Lambda(u, 1 / (1 + u))])
def test_matrix_of_a_derivative(f, size):
    d = data(size, 1)
    for directions in ((), (F,)):
        matrix, derivative = lambdify([A, E, F], [FrechetMatrix(f, A, *directions), FrechetDerivative(f, A, E, *directions)])(
            d["A"], d["E"], d["F"]
        )
        assert matrix.shape == (size**2, size**2) and matrix.dtype == float
        np.testing.assert_allclose(matrix @ vec(d["E"]), vec(derivative), rtol=1e-9, atol=1e-10)


def test_derivatives_of_a_literal_1x1():
    e = MatrixSymbol("e", 1, 1)
    one, two, matrix = lambdify([c, e], [FrechetDerivative(exp, c, e), FrechetDerivative(log, c, e, e), FrechetMatrix(tanh, c)])(
        [[0.7]], [[2]]
    )
    assert [one, two, matrix] == pytest.approx([2 * np.exp(0.7), -4 / 0.49, 1 - np.tanh(0.7) ** 2])


def test_a_square_root_is_shared():
    source = lambdify([A, E], MatrixSqrt(A) + FrechetDerivative(sqrt, A, E) + FrechetMatrix(sqrt, A)[0, 0] * A).source
    body = source[source.index("def compute") :]
    assert body.count("_sqrtm(") == body.count("_spectrum(") == 1 and "for " not in body


# ---- real and complex
def test_complex_results_are_kept():
    a = np.array([[1.0, 2.0], [2.0, 1.0]])  # eigenvalues -1, 3
    for e in (MatrixSqrt(A), MatrixLog(A), MatrixFunction(Lambda(u, u * sqrt(u)), A), MatrixFunction(Lambda(u, u**t), A)):
        got = lambdify([A, t], e)(a, 0.3)
        assert got.dtype == complex and np.abs(got.imag).max() > 0.1
    root = lambdify(A, MatrixSqrt(A))(a)
    np.testing.assert_allclose(root @ root, a, atol=1e-12)


def test_rounding_gives_no_imaginary_part():
    b = data(4, 2)["B"]
    root = lambdify(A, MatrixSqrt(A))(b.T @ b)  # singular: its zero eigenvalues are -1e-17 or so
    assert root.dtype == float
    np.testing.assert_allclose(root @ root, b.T @ b, atol=1e-12)
    got = lambdify(A, MatrixFunction(Lambda(u, cosh(sqrt(u))), A))(-data(4, 2)["P"])
    assert got.dtype == float
    np.testing.assert_allclose(got, sl.cosm(sl.sqrtm(data(4, 2)["P"])), rtol=1e-10, atol=1e-12)


def test_complex_data():
    a = data(3, 1)["A"] + 0.1j * data(3, 1)["E"]
    np.testing.assert_allclose(lambdify(A, MatrixExp(A))(a), sl.expm(a))
    with pytest.raises(MatcalcError, match="argument `A`: expected real numbers"):
        lambdify(A, Norm(A))(a)


@pytest.mark.parametrize(
    "e",
    [e for e, _ in VALUES + FUNCTIONS if getattr(e, "shape", (1,)) not in ((1,), (1, 1))]
    + [FrechetDerivative(f, P, E) for f in (exp, log, sqrt, sin)]
    + [FrechetMatrix(exp, A)],
    ids=lambda e: str(e)[:60],
)
def test_float32_stays(e):
    d = data(3, 4)
    d = {k: np.asarray(v, np.float32) if isinstance(v, np.ndarray) else v for k, v in d.items()}
    use = [a for a in ARGS if a in (A, B) or e.has(a)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert lambdify(use, e)(*(d[a.name] for a in use)).dtype == np.float32


# ---- one decomposition
def test_shared_svd():
    e = [
        SpectralNorm(B),
        NuclearNorm(B.T),
        SingularValue(B, 1),
        LeftSingularVector(B, 0) * RightSingularVector(B, 0).T,
        RightSingularVector(B.T, 1),
    ]
    source = lambdify(B, e).source
    assert source.count("svd(") == 1 and "np.linalg.svd(_finite(B), full_matrices=False)" in source
    assert "compute_uv=False" in lambdify(B, e[:3]).source


def test_shared_eigh():
    e = [Eigenvalue(S, 0), Eigenvalue(S, 1), Eigenvector(S, 0) * Eigenvector(S, 1).T, Eigenvector(S.T, 2)]
    source = lambdify(S, e).source
    assert source.count("eigh(") == 1 and source.count("_symmetric(S)") == 1
    assert "eigh(" not in lambdify(S, e[:2]).source and lambdify(S, e[:2]).source.count("eigvalsh(") == 1


# ---- errors
@pytest.mark.parametrize("e", [Eigenvalue(S, 0), Eigenvector(S, 0), Cholesky(S)], ids=str)
def test_symmetry_is_needed(e):
    f = lambdify(S, e)
    good = np.array([[2.0, 1.0], [1.0, 3.0]])
    f(good + [[0, 1e-12], [0, 0]])
    for bad in (good + [[0, 1e-5], [0, 0]], good + [[0, 0.1j], [-0.1j, 0]]):
        with pytest.raises(np.linalg.LinAlgError, match="symmetric"):
            f(bad)


def test_cholesky_needs_a_positive_matrix():
    with pytest.raises(np.linalg.LinAlgError, match="positive definite"):
        lambdify(S, Cholesky(S))([[1, 2], [2, 1]])


def test_vectors_need_simple_values():
    f = lambdify([S, i], [Eigenvalue(S, i), Eigenvector(S, i)])
    d = np.diag([1.0, 1.0 + 1e-12, 3.0])
    assert f(d, 2)[0] == 3
    with pytest.raises(np.linalg.LinAlgError, match="eigenvalue 1 is not simple"):
        f(d, 1)
    for vector in (LeftSingularVector(B, i), RightSingularVector(B, i)):
        f = lambdify([B, i], vector)
        d = np.diag([2.0, 2.0, 1.0, 0.0])
        assert np.abs(f(d, 2)[:, 0]).tolist() == [0, 0, 1, 0]
        with pytest.raises(np.linalg.LinAlgError, match="singular value 0 is not simple"):
            f(d, 0)
        with pytest.raises(np.linalg.LinAlgError, match="singular value 3 is zero"):
            f(d, 3)


@pytest.mark.parametrize(
    "e", [Eigenvalue(S, i), Eigenvector(S, i), SingularValue(S, i), LeftSingularVector(S, i), Eigenvalue(S, 5)], ids=str
)
def test_index_out_of_range(e):
    f = lambdify([S, i], e)
    for k in (2, 5):
        with pytest.raises(IndexError, match="out of range"):
            f(np.diag([1.0, 2.0]), k)


def test_reduced_resolvent():
    d = data(4, 5)["S"]
    values, vectors = np.linalg.eigh(d)
    want = sum(np.outer(vectors[:, k], vectors[:, k]) / (values[1] - values[k]) for k in (0, 2, 3))
    f = lambdify([S, i], [ReducedResolvent(S, i), PseudoInverse(Eigenvalue(S, i) * Identity(n) - S), Eigenvector(S, i)])
    np.testing.assert_allclose(f(d, 1)[0], want, atol=1e-12)
    np.testing.assert_allclose(f(d, 1)[1], want, atol=1e-10)
    assert f.source.count("eigh(") == 1
    assert lambdify(c, ReducedResolvent(c, 0))([[2]]) == 0
    assert f([[2]], 0)[0].tolist() == [[0]]
    for repeated in (2 * np.eye(2), np.zeros((2, 2)), np.diag([1, 1 + 1e-12, 5.0])):
        with pytest.raises(np.linalg.LinAlgError, match="not simple"):
            f(repeated, 0)
    assert "diag" not in lambdify([S, x, i], ReducedResolvent(S, i) * x).source.split("def compute")[1]


def test_tanh_of_a_large_matrix():
    q = np.linalg.qr(data(3, 1)["A"])[0]
    for f, g in ((tanh, np.tanh), (Sigmoid, lambda v: 1 / (1 + np.exp(-v)))):
        for values in (np.array([0.1, -3, 40]), np.array([1e4, 1, -0.5])):
            np.testing.assert_allclose(lambdify(A, MatrixFunction(f, A))(q * values @ q.T), q * g(values) @ q.T, atol=1e-10)


def test_square_root_of_a_singular_matrix_has_no_derivative():
    f = lambdify([A, E], FrechetDerivative(sqrt, A, E))
    b = data(4, 2)["B"]
    for singular in (np.diag([1.0, 0.0]), b.T @ b):
        with warnings.catch_warnings(), pytest.raises(np.linalg.LinAlgError, match="singular"):
            warnings.simplefilter("ignore")  # SciPy warns of the singular matrix as well
            f(singular, np.ones_like(singular))


def test_functions_without_a_form():
    with pytest.raises(MatcalcError, match="gamma"):
        lambdify(A, MatrixFunction(gamma, A))


def test_scipy_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert lambdify(A, Norm(A))(np.eye(2)) == pytest.approx(np.sqrt(2))
    for e in (MatrixExp(A), FrechetDerivative(exp, A, E), FrechetDerivative(sqrt, A, E), MatrixFunction(tanh, A)):
        with pytest.raises(MatcalcError, match="needs SciPy: pip install scipy"):
            lambdify([A, E], e)


# ---- accuracy
def test_no_overflow():
    big = np.array([1000.0, -1000.0, 0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lambdify(x, Softmax(x))(big).tolist() == [1, 0, 0]
        assert lambdify(x, LogSumExp(x))(big) == 1000
        assert lambdify(x, Softplus(x))(big).tolist() == [1000, 0, np.log(2)]
        assert lambdify(x, Sigmoid(x))(big).tolist() == [1, 0, 0.5]
        assert lambdify(x, Softmax(x).applyfunc(log))(big).tolist() == [0, -2000, -1000]
        assert lambdify(x, Sigmoid(x).applyfunc(log))(big).tolist() == [0, -1000, -np.log(2)]
        assert lambdify(x, x.applyfunc(Lambda(u, log(1 - Sigmoid(u)))))(big).tolist() == [-1000, 0, -np.log(2)]
        assert lambdify(x, Norm(x, 300))(big) == pytest.approx(1000 * 2 ** (1 / 300))
        assert lambdify(x, Norm(x, 300))(1e-5 * big) == pytest.approx(0.01 * 2 ** (1 / 300))
        assert lambdify(x, Norm(x, 3))(0 * big) == 0
        assert lambdify([x, p], Norm(x, p))(big, np.inf) == 1000


@pytest.mark.parametrize(
    "e",
    [
        x.applyfunc(Lambda(u, Sigmoid(u) * (1 - Sigmoid(u)))),
        HadamardProduct(Sigmoid(x), OneMatrix(n, 1) - Sigmoid(x)),
        x.applyfunc(Lambda(u, Sigmoid(-u) * (1 - Sigmoid(-u)))),
    ],
    ids=str,
)
def test_slope_of_the_logistic_function(e):
    far = np.array([-700.0, -40.0, 0.0, 40.0, 700.0])
    want = np.exp(-np.abs(far)) / (1 + np.exp(-np.abs(far))) ** 2
    np.testing.assert_allclose(lambdify(x, e)(far), want, rtol=1e-14)
    np.testing.assert_allclose(lambdify(x, OneMatrix(n, 1) - Sigmoid(x))(far), 1 / (1 + np.exp(far)), rtol=1e-14)


def test_frechet_matrix_of_order_two():
    """K (vec E kron vec F) = vec L(A; E, F)."""
    a, e, f = np.random.default_rng(0).normal(size=(3, 3, 3)) / 2
    K = lambdify([A], FrechetMatrix(exp, A, 2))(a)
    L = lambdify([A, E, F], FrechetDerivative(exp, A, E, F))(a, e, f)
    assert K.shape == (9, 81)
    np.testing.assert_allclose(K @ np.kron(e.ravel(order="F"), f.ravel(order="F")), L.ravel(order="F"), atol=1e-12)
