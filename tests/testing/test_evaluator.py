"""The evaluator's values of the nodes of the reference books: against closed forms, SciPy, and what defines them."""

import inspect
from itertools import permutations

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg
import scipy.special
import sympy as sp
from numpy.linalg import eigh, norm, svd
from sympy import Lambda, Matrix, MatrixSymbol, Sum, exp, log, oo, sqrt, symbols

from sympy_matcalc import nodes
from sympy_matcalc.errors import ShapeError
from sympy_matcalc.nodes import (
    Cholesky,
    CommutationMatrix,
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
from sympy_matcalc.nodes.elementwise import Elementwise  # their values are compared with their definitions
from sympy_matcalc.testing import evaluate, finite_difference, random_env
from sympy_matcalc.testing.differences import second_along
from sympy_matcalc.testing.evaluator import HANDLERS, Evaluation

from ..nodes.rows import ROWS

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
u, a, p, t = symbols("u a p t")
A, X, P = MatrixSymbol("A", m, n), MatrixSymbol("X", n, n), MatrixSymbol("P", n, n)
E, F, G = (MatrixSymbol(c, n, n) for c in "EFG")
v, x = MatrixSymbol("v", m * n, 1), MatrixSymbol("x", n, 1)
S = P + P.T  # positive definite as P is; written so that its value is a product of the evaluator itself

rng = np.random.default_rng(3)
nA, nv, nx = rng.normal(size=(4, 3)), rng.normal(size=(12, 1)), rng.normal(size=(3, 1))
nX = np.array([[1.4, 0.3, -0.2], [-0.5, 1.1, 0.6], [0.1, -0.4, 1.8]])  # not symmetric, eigenvalues in the right half plane
nE, nF, nG = rng.normal(size=(3, 3, 3))
nP = np.array([[2.0, 0.3, 0.1], [0.5, 1.5, -0.2], [0.3, 0.2, 1.0]])
nS = nP + nP.T
ENV = {m: 4, n: 3, A: nA, X: nX, P: nP, E: nE, F: nF, G: nG, v: nv, x: nx, a: 0.7, p: 3, i: 1, j: 2}
I3, expm, logm, sqrtm, inv = np.eye(3), scipy.linalg.expm, scipy.linalg.logm, scipy.linalg.sqrtm, np.linalg.inv
U_, s_, Vt_ = svd(nA, full_matrices=False)
flat = np.abs(nA).ravel()


def frechet_exp(A, E):
    return scipy.linalg.expm_frechet(A, E, compute_expm=False)


def integral(function):
    return scipy.integrate.quad_vec(function, 0, 1, epsabs=1e-13, epsrel=1e-13)[0]


def log_frechet(A, E):
    """The integral of (t (A - I) + I)^-1 E (t (A - I) + I)^-1 (Higham, Functions of Matrices, eq. 11.10)."""
    return integral(lambda t: inv(t * (A - I3) + I3) @ E @ inv(t * (A - I3) + I3))


def exp_second(A, E, F):
    """The integral of e^((1 - t) A) E L_exp(t A; t F) + L_exp((1 - t) A; (1 - t) F) E e^(t A), the derivative of that for L_exp."""

    def at(t):
        return expm((1 - t) * A) @ E @ frechet_exp(t * A, t * F) + frechet_exp((1 - t) * A, (1 - t) * F) @ E @ expm(t * A)

    return integral(at)


VALUES = [
    (Norm(A), norm(nA)),
    (Norm(A, 1), flat.sum()),
    (Norm(A, p), (flat**3).sum() ** (1 / 3)),
    (Norm(A, sp.Rational(5, 2)), (flat**2.5).sum() ** 0.4),
    (Norm(x, oo), np.abs(nx).max()),
    (Sum(Norm(A, i), (i, 1, 3)), flat.sum() + norm(nA) + (flat**3).sum() ** (1 / 3)),
    (SpectralNorm(A), s_[0]),
    (NuclearNorm(A), s_.sum()),
    (ElementSum(A), nA.sum()),
    (Mean(A), nA.sum() / 12),
    (RowSum(A), nA @ np.ones((3, 1))),
    (Sigmoid(a), scipy.special.expit(0.7)),
    (Sigmoid(A), scipy.special.expit(nA)),
    (Softplus(A), np.log(1 + np.exp(nA))),
    (Relu(A), nA * (nA > 0)),
    (Sum(Relu(x[i, 0]), (i, 0, n - 1)), nx[nx > 0].sum()),
    (Softmax(x), scipy.special.softmax(nx)),
    (Softmax(x.T), scipy.special.softmax(nx).T),
    (LogSumExp(x.T), scipy.special.logsumexp(nx)),
    (Unvec(v, m, n), nv.reshape(3, 4).T),
    (Unvec(v.T, m, n), nv.reshape(3, 4).T),
    (Vec(Unvec(v, m, n)), nv),
    (CommutationMatrix(m, n) * Vec(A), nA.reshape(-1, 1)),
    (DuplicationMatrix(n) * Matrix([1, 2, 3, 4, 5, 6]), np.array([[1, 2, 3, 2, 4, 5, 3, 5, 6]]).T),
    (HalfLower(n), np.array([[0.5, 0, 0], [1, 0.5, 0], [1, 1, 0.5]])),
    (Cholesky(S) * Cholesky(S).T, nS),
    (PseudoInverse(A), inv(nA.T @ nA) @ nA.T),
    (PseudoInverse(x * x.T), nx @ nx.T / norm(nx) ** 4),
    (PseudoInverse(Norm(x) ** 2 * sp.Identity(1) - x.T * x), np.zeros((1, 1))),
    (PseudoInverse(Eigenvalue(S, i) * sp.Identity(n) - S) * Eigenvector(S, i), np.zeros((3, 1))),
    (Eigenvalue(Matrix([[2, a], [a, 2]]), 0), 1.3),
    (Eigenvalue(Matrix([[2, a], [a, 2]]), 1), 2.7),
    (Eigenvalue(P, j), eigh(nS)[0][2] / 2),
    (Sum(Eigenvalue(S, i), (i, 0, n - 1)), np.trace(nS)),
    (S * Eigenvector(S, i) - Eigenvalue(S, i) * Eigenvector(S, i), np.zeros((3, 1))),
    (ReducedResolvent(S, i), np.linalg.pinv(eigh(nS)[0][1] * I3 - nS, 1e-10)),
    (Eigenvector(P, i), eigh(nS)[1][:, [1]]),
    (EigenvalueSum(X), np.linalg.eigvals(nX).sum().real),
    (EigenvalueProduct(X), np.linalg.eigvals(nX).prod().real),
    (SingularValue(A, i), s_[1]),
    (LeftSingularVector(A, i), U_[:, [1]]),
    (RightSingularVector(A, i), Vt_[[1]].T),
    (LeftSingularVector(A, 0) * SingularValue(A, 0) - A * RightSingularVector(A, 0), np.zeros((4, 1))),
    (MatrixExp(X), np.linalg.matrix_power(sum(np.linalg.matrix_power(nX / 64, k) / float(sp.factorial(k)) for k in range(12)), 64)),
    (MatrixLog(X), integral(lambda t: (nX - I3) @ inv(t * (nX - I3) + I3))),
    (MatrixExp(MatrixLog(X)), nX),
    (MatrixSqrt(X) * (MatrixSqrt(X) + X), nX + sqrtm(nX) @ nX),
    (MatrixSqrt(x * x.T), nx @ nx.T / norm(nx)),
    (A.T * PseudoInverse(MatrixSqrt(A * A.T)), Vt_.T @ U_.T),
    (MatrixSin(X), np.imag(expm(1j * nX))),
    (MatrixCos(X), np.real(expm(1j * nX))),
    (FrechetDerivative(exp, X, E), frechet_exp(nX, nE)),
    (FrechetDerivative(log, X, E), log_frechet(nX, nE)),
    (FrechetDerivative(sqrt, X, E), scipy.linalg.solve_sylvester(sqrtm(nX), sqrtm(nX), nE)),
    (FrechetDerivative(Lambda(u, u**3), X, E), nE @ nX @ nX + nX @ nE @ nX + nX @ nX @ nE),
    (FrechetDerivative(Lambda(u, a / (a + u)), X, E), -0.7 * inv(0.7 * I3 + nX) @ nE @ inv(0.7 * I3 + nX)),
    (FrechetDerivative(Sigmoid, X, E), inv(I3 + expm(-nX)) @ frechet_exp(-nX, nE) @ inv(I3 + expm(-nX))),
    (FrechetDerivative(exp, X, E, F), exp_second(nX, nE, nF)),
    (FrechetDerivative(Lambda(u, u**2), X, E, F), nE @ nF + nF @ nE),
    (FrechetDerivative(Lambda(u, u**3), X, E, F, G), sum(A1 @ A2 @ A3 for A1, A2, A3 in permutations((nE, nF, nG)))),
    (FrechetDerivative(Lambda(u, u**2), X, E, F, G), np.zeros((3, 3))),
    (FrechetMatrix(exp, X) * Vec(E), frechet_exp(nX, nE).reshape(-1, 1, order="F")),
    (FrechetMatrix(exp, X, F) * Vec(E), exp_second(nX, nE, nF).reshape(-1, 1, order="F")),
    (FrechetMatrix(exp, X, 2) * sp.KroneckerProduct(Vec(E), Vec(F)), exp_second(nX, nE, nF).reshape(-1, 1, order="F")),
    (FrechetMatrix(Lambda(u, u**2), X), np.kron(nX.T, I3) + np.kron(I3, nX)),
]


def name_of(e):
    return str(e)[:50] if isinstance(e, (sp.Basic, type)) else ""


@pytest.mark.parametrize("expr, expected", VALUES, ids=name_of)
def test_values(expr, expected):
    value = evaluate(expr, ENV)
    assert np.isrealobj(value) and (np.shape(value) == np.shape(expected) or np.size(value) == np.size(expected) == 1)
    np.testing.assert_allclose(np.reshape(value, np.shape(expected)), expected, rtol=1e-10, atol=1e-11)


def test_every_node_of_the_package_has_a_handler_and_every_node_of_the_books_a_value():
    classes = {c for c in vars(nodes).values() if inspect.isclass(c) and issubclass(c, sp.Basic)}
    no_values = {"FunctionDerivative", "UnknownFunction"}  # the first has none until its function is given, the second is a function itself
    assert {c.__name__ for c in classes - set(HANDLERS)} == no_values
    seen = {type(e) for expr, _ in VALUES for e in sp.preorder_traversal(expr)} | set(
        ROWS
    )  # rows are compared with `evalf` and NumPy's code
    books = {
        c for c in classes if c.__module__.rpartition(".")[2] not in ("einsum", "sums", "unit", "arrays") and not issubclass(c, Elementwise)
    }
    assert {c.__name__ for c in (books & set(HANDLERS)) - seen} == set()


def test_activations_far_out():
    far = np.array([[-800.0, -40.0, 40.0, 800.0]])
    expected = {Sigmoid: [0, np.exp(-40), 1, 1], Softplus: [0, np.exp(-40), 40, 800], Softmax: [0, 0, 0, 1]}
    for node, value in expected.items():
        np.testing.assert_allclose(evaluate(node(MatrixSymbol("t", 1, 4)), {"t": far}), [value], rtol=1e-13, atol=1e-300)
    assert evaluate(LogSumExp(MatrixSymbol("t", 1, 4)), {"t": far}) == 800


# ---- functions of a matrix
FUNCTIONS = [
    sp.tan,
    sp.cot,
    sp.sec,
    sp.csc,
    sp.sinh,
    sp.cosh,
    sp.tanh,
    sp.coth,
    sp.sech,
    sp.csch,
    sp.asin,
    sp.acos,
    sp.atan,
    sp.asinh,
    sp.atanh,
    Sigmoid,
    Softplus,
    Lambda(u, sp.acosh(u + 1)),
    Lambda(u, a * exp(-(u**2)) + 1),
    Lambda(u, u ** (-2) + sqrt(u) * u),
    Lambda(u, u**a),
    Lambda(u, u ** sp.Rational(-3, 2)),
    Lambda(u, 2**u),
    Lambda(u, u**u),
    Lambda(u, u ** (2 * p) / (1 + u)),
]
EIGENVALUES = np.array([0.2, 0.45, 0.8])


@pytest.mark.parametrize("f", FUNCTIONS, ids=name_of)
def test_functions_of_a_matrix_and_their_derivatives(f):
    """At T diag(l) T^-1, against f of the numbers l, and against differences."""
    node = MatrixFunction(f, X)
    env = {**ENV, X: nX @ np.diag(EIGENVALUES) @ inv(nX)}
    f_of_l = np.diag([float(node.function(l).subs({a: 0.7, p: 3}).rewrite(exp).rewrite(log)) for l in EIGENVALUES])
    np.testing.assert_allclose(evaluate(node, env), nX @ f_of_l @ inv(nX), rtol=1e-11, atol=1e-11)
    along = finite_difference(MatrixFunction(f, X + t * E), t, {**env, t: 0}, h=0.004)
    np.testing.assert_allclose(evaluate(FrechetDerivative(f, X, E), env), along, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("at", [np.diag(np.ones(4), 1), np.zeros((5, 5)), np.eye(4), np.diag([1.0, 1, 2, 2]), nX, -40 * nX], ids=range(6))
def test_frechet_derivative_where_eigenvalues_coincide(at):
    E = rng.normal(size=at.shape)
    X, D = (MatrixSymbol(c, *at.shape) for c in "XD")
    expected = frechet_exp(at, E)
    value = evaluate(FrechetDerivative(exp, X, D), {X: at, D: E})
    np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-10 * np.abs(expected).max())


def test_second_frechet_derivative_at_a_jordan_block():
    """Of f = u^4 it is the sum over the places of two E in a word of four letters, for any X."""
    J, words = 2 * I3 + np.diag(np.ones(2), 1), sorted(set(permutations("EFJJ")))
    letters = {"E": nE, "F": nF, "J": J}
    expected = sum(np.linalg.multi_dot([letters[c] for c in word]) for word in words)
    np.testing.assert_allclose(evaluate(FrechetDerivative(Lambda(u, u**4), X, E, F), {**ENV, X: J}), expected, rtol=1e-13)


def test_complex_values():
    Z, D = nX + 0.3j * nE, nF + 1j * nG
    np.testing.assert_allclose(evaluate(FrechetDerivative(exp, X, E), {**ENV, X: Z, E: D}), frechet_exp(Z, D), rtol=1e-10)
    np.testing.assert_allclose(evaluate(FrechetDerivative(exp, X, E), {**ENV, E: D}), frechet_exp(nX, D), rtol=1e-10)
    np.testing.assert_allclose(evaluate(MatrixExp(X), {**ENV, X: Z}), expm(Z))
    np.testing.assert_allclose(evaluate(MatrixFunction(Lambda(u, exp(sp.I * u)), X), ENV), expm(1j * nX))


def test_no_value_off_the_domain():
    assert np.isnan(evaluate(MatrixLog(X), {**ENV, X: np.diag([-1.0, 1, 2])})).all()
    assert np.isnan(evaluate(FrechetDerivative(sqrt, X, E), {**ENV, X: np.diag([-1.0, 1, 2])})).all()


@pytest.mark.parametrize(
    "expr, error",
    [
        (MatrixFunction(sp.erf, X), NotImplementedError),
        (MatrixFunction(sp.erf, X), NotImplementedError),
        (FrechetDerivative(sp.erf, X, E), NotImplementedError),
        (FrechetDerivative(sp.gamma, X, E), NotImplementedError),
        (Eigenvector(sp.I * X, 0), NotImplementedError),
        (SingularValue(sp.I * X, 0), NotImplementedError),
        (Eigenvalue(X, i + 2), IndexError),
        (RightSingularVector(A, 3), IndexError),
        (Unvec(v, n, n), ShapeError),
        (FrechetDerivative(exp, X, MatrixSymbol("R", m, m)), ShapeError),
        (Cholesky(-S), np.linalg.LinAlgError),
    ],
    ids=name_of,
)
def test_refusals(expr, error):
    with pytest.raises(error):
        evaluate(expr, {**ENV, "R": np.eye(4)})


# ---- eigenvectors, whose sign is that of LAPACK at a point and continued around it
def simple(seed, size=5):
    return random_env([X], seed, {n: size}, {X: "simple_spectrum"})


@pytest.mark.parametrize("seed", range(12))
def test_differences_of_eigenvectors_are_of_one_sign(seed):
    """d v = (l I - X)^+ dX v at any point, though LAPACK's sign changes within the step of the differences."""
    env = simple(seed)
    k = seed % 5
    l, V = eigh(env[X])
    expected = np.einsum("ip,q->ipq", np.linalg.pinv(l[k] * np.eye(5) - env[X], 1e-10), V[:, k])[:, None]
    expected = (expected + expected.swapaxes(2, 3)) / 2
    np.testing.assert_allclose(finite_difference(Eigenvector(X, k), X, env), expected, atol=1e-7)
    np.testing.assert_allclose(finite_difference(Eigenvalue(X, k), X, env), np.outer(V[:, k], V[:, k]), atol=1e-7)


@pytest.mark.parametrize("seed", range(12))
def test_differences_of_singular_vectors_are_of_one_sign(seed):
    env = random_env([A], seed, {m: 5, n: 4}, {A: "fullrank"})
    k = seed % 4
    U, s, Vt = svd(env[A], full_matrices=False)
    left, right = (
        np.linalg.pinv(s[k] ** 2 * np.eye(5) - env[A] @ env[A].T, 1e-10),
        np.linalg.pinv(s[k] ** 2 * np.eye(4) - env[A].T @ env[A], 1e-10),
    )
    for node, inverse, B, w in ((LeftSingularVector, left, env[A], U[:, k]), (RightSingularVector, right, env[A].T, Vt[k])):
        expected = np.einsum("ip,q->ipq", inverse, B.T @ w) + np.einsum("iq,p->ipq", inverse @ B, w)
        expected = expected if node is LeftSingularVector else expected.swapaxes(1, 2)
        np.testing.assert_allclose(finite_difference(node(A, k), A, env)[:, 0], expected, atol=1e-6)


def test_differences_within_a_sum_and_of_second_order():
    """The sum over k of v_k v_k' w is w, and x' v has the second derivative that the first one has by differences."""
    env = {**simple(1, 3), x: nx}
    W = (X + X.T) / 2
    projections = Sum((Eigenvector(X, i).T * x)[0, 0] * Eigenvector(X, i)[0, 0], (i, 0, n - 1))
    np.testing.assert_allclose(finite_difference(projections, X, env), np.zeros((3, 3)), atol=1e-8)
    first = (x.T * PseudoInverse(Eigenvalue(W, 1) * sp.Identity(n) - W) * E * Eigenvector(W, 1))[0, 0]
    second = second_along((x.T * Eigenvector(X, 1))[0, 0], X, nS, env, X, nF)[0]
    np.testing.assert_allclose(second, np.sum(finite_difference(first, X, {**env, E: nS}) * nF), rtol=1e-5)


def test_a_sign_is_lapacks_at_a_point_and_continued_from_a_point_nearby():
    env, node, flips = simple(4), Eigenvector(X, 0), 0
    raw, base = eigh(env[X])[1][:, [0]], Evaluation(env)
    np.testing.assert_array_equal(evaluate(node, env), raw)
    for seed in range(40):
        step = np.random.default_rng(seed).normal(size=(5, 5)) * 0.02
        moved = {**env, X: env[X] + step + step.T}
        flips += np.vdot(evaluate(node, moved), raw) < 0
        assert np.vdot(evaluate(node, moved, base), raw) > 0
    assert flips > 0


# ---- the domains
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_domains(size):
    names = ("simple_spectrum", "small", "logdomain", "prob", "distinct_abs")
    M = {d: MatrixSymbol(d, n, n) for d in names}
    env = random_env([*M.values(), A], 2, {n: size, m: 4}, {**{M[d]: d for d in names}, A: "fullrank"})
    V = {d: env[M[d]] for d in names}
    assert np.array_equal(V["simple_spectrum"], V["simple_spectrum"].T)
    assert np.all(np.diff(np.linalg.eigvalsh(V["simple_spectrum"])) >= 0.3 - 1e-12)
    s = svd(env[A])[1]
    assert env[A].shape == (4, size) and s.max() <= 2 and s.min() >= 0.5 and np.all(-np.diff(s) > 0.1)
    assert np.abs(V["small"]).max() < 1.2 and np.linalg.eigvals(V["logdomain"]).real.min() >= 0.5
    assert np.isclose(V["prob"].sum(), 1) and V["prob"].min() > 0
    assert np.all(np.diff(np.sort(np.abs(V["distinct_abs"]).ravel())) > 0.14) and (V["prob"].shape == (size, size))
