"""The judge is judged: the evaluator against hand-written NumPy, differences against known derivatives, check_rule against mutants."""

import inspect

import numpy as np
import pytest
import scipy.special
import sympy as sp
from sympy import (
    Abs,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    FunctionMatrix,
    HadamardPower,
    Heaviside,
    I,
    Identity,
    KroneckerDelta,
    KroneckerProduct,
    Lambda,
    Matrix,
    MatrixSymbol,
    Max,
    Min,
    OneMatrix,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    cos,
    exp,
    hadamard_product,
    log,
    sin,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.determinant import Permanent
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions import (
    ArrayAdd,
    ArrayContraction,
    ArrayDiagonal,
    ArrayElementwiseApplyFunc,
    ArrayTensorProduct,
    OneArray,
    PermuteDims,
    ZeroArray,
)

import sympy_matcalc as mc
from sympy_matcalc import nodes
from sympy_matcalc.errors import CheckError, ShapeError, UnsupportedVariableError
from sympy_matcalc.nodes import CommutationMatrix, Einsum, EinsumTerm, MatrixSum, MatrixUnit, Vec
from sympy_matcalc.testing import check_rule, evaluate, evaluator, finite_difference, random_env, random_expression, second_difference
from sympy_matcalc.testing.check import judge
from sympy_matcalc.testing.evaluator import HANDLERS

from .. import fuzz

m, n, K = symbols("m n K", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
a, b, t = symbols("a b t")
A, B, C, S = MatrixSymbol("A", m, n), MatrixSymbol("B", m, n), MatrixSymbol("C", n, m), MatrixSymbol("S", n, n)
x, y, w = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("w", 1, 1)

rng = np.random.default_rng(1)
nA, nB, nC, nS, nx, ny = (rng.normal(size=s) for s in ((2, 3), (2, 3), (3, 2), (3, 3), (3, 1), (3, 1)))
ENV = {m: 2, n: 3, K: 4, i: 1, j: 2, a: 0.7, "b": 1.3, "t": -0.4, A: nA, B: nB, "C": nC, S: nS, x: nx, y: ny, w: [[2.0]]}
sigma = 1 / (1 + np.exp(-nA))
z = Symbol("z")

MATRICES = [
    (A + 2 * B, nA + 2 * nB),
    (A * C, nA @ nC),
    (a * A * C / 3, 0.7 * nA @ nC / 3),
    (A.T, nA.T),
    ((A * C).T, (nA @ nC).T),
    (sp.Adjoint(A), nA.T),
    (S.I, np.linalg.inv(nS)),
    (S**3, nS @ nS @ nS),
    (S**-2, np.linalg.inv(nS @ nS)),
    (S**K, np.linalg.matrix_power(nS, 4)),
    (sqrt(x.T * x), np.sqrt(nx.T @ nx)),
    (x * (x.T * y) ** -1, nx / (nx.T @ ny)),
    (hadamard_product(A, B), nA * nB),
    (HadamardPower(A, 2), nA**2),
    (HadamardPower(2, A), 2**nA),
    (HadamardPower(HadamardPower(A, 2), B), (nA**2) ** nB),
    (A.applyfunc(sin), np.sin(nA)),
    (A.applyfunc(lambda z: 1 / (1 + exp(-z))), sigma),
    (A.applyfunc(lambda z: Piecewise((z, z > 0), (a * z, True))), np.where(nA > 0, nA, 0.7 * nA)),
    (A.applyfunc(sin).applyfunc(lambda z: z * a), 0.7 * np.sin(nA)),
    (A.applyfunc(lambda z: Max(z, 0) * (x.T * x)[0, 0]), np.maximum(nA, 0) * (nx**2).sum()),
    (A.applyfunc(lambda z: Sum(z**k, (k, 0, K - 1))), 1 + nA + nA**2 + nA**3),
    (A.applyfunc(lambda z: Sum(sin(k), (k, 0, z * 0))), 0 * nA),
    (A.applyfunc(Lambda(z, 3)), 0 * nA + 3),
    (KroneckerProduct(A, x, S), np.kron(np.kron(nA, nx), nS)),
    (DiagMatrix(x), np.diag(nx[:, 0])),
    (DiagMatrix(x.T), np.diag(nx[:, 0])),
    (DiagonalMatrix(S), np.diag(np.diag(nS))),
    (DiagonalMatrix(A), nA * np.eye(2, 3)),
    (DiagonalOf(S), np.diag(nS)[:, None]),
    (BlockMatrix([[S, x], [y.T, w]]), np.block([[nS, nx], [ny.T, np.array([[2.0]])]])),
    (BlockDiagMatrix(A, S), np.block([[nA, np.zeros((2, 3))], [np.zeros((3, 3)), nS]])),
    (A[0:1, 1:3], nA[0:1, 1:3]),
    (S[0:n:2, :], nS[::2]),
    (S[:, 0 : m - 1], nS[:, :1]),
    (Identity(n) + OneMatrix(n, n) + ZeroMatrix(n, n), np.eye(3) + 1),
    (FunctionMatrix(m, n, Lambda((i, j), i + 10 * j)), np.array([[0, 10, 20], [1, 11, 21]])),
    (FunctionMatrix(m, n, Lambda((i, j), A[i, j] ** 2)), nA**2),
    (Matrix([[a, 1], [b, sin(t)], [0, 2]]), np.array([[0.7, 1], [1.3, np.sin(-0.4)], [0, 2]])),
    (Sum(k * S, (k, 1, K)), 10 * nS),
    (Sum(S**k, (k, 0, 2)), np.eye(3) + nS + nS @ nS),
    (Product(S + k * Identity(n), (k, 1, 2)), (nS + np.eye(3)) @ (nS + 2 * np.eye(3))),
    (MatrixSum(S**k, (k, 0, 2)), np.eye(3) + nS + nS @ nS),
    (MatrixSum(S, (k, 0, -1)), np.zeros((3, 3))),
    (MatrixUnit(m, n, 1, j), np.eye(6)[5].reshape(2, 3)),
    (Vec(A), nA.reshape(-1, 1, order="F")),
    (CommutationMatrix(m, n) * Vec(A), nA.reshape(-1, 1)),
    (w * w + w, np.array([[6.0]])),
]

SCALARS = [
    (a + 2 * b * t - Rational(1, 3), 0.7 - 2 * 1.3 * 0.4 - 1 / 3),
    (Trace(A * C), np.trace(nA @ nC)),
    (Determinant(S), np.linalg.det(nS)),
    (log(Abs(Determinant(S))), np.linalg.slogdet(nS)[1]),
    (Permanent(S[0:2, 0:2]), nS[0, 0] * nS[1, 1] + nS[0, 1] * nS[1, 0]),
    ((x.T * S * y)[0, 0], (nx.T @ nS @ ny)[0, 0]),
    (MatrixElement(x.T * S * y, 0, 0), (nx.T @ nS @ ny)[0, 0]),
    (DotProduct(x, y.T), (nx * ny).sum()),
    (exp(x.T * x), np.exp((nx**2).sum())),
    (A[i, j], nA[1, 2]),
    (A[i - 1, sp.floor(j / 2)], nA[0, 1]),
    (w[0, 0] + 1, 3),
    (Sum(A[i, j] * x[j, 0], (i, 0, m - 1), (j, 0, n - 1)), (nA @ nx).sum()),
    (Sum(x[i, 0] * Sum(S[i, j] ** 2, (j, 0, i)), (i, 0, n - 1)), sum(nx[p, 0] * (nS[p, : p + 1] ** 2).sum() for p in range(3))),
    (Sum(Sum(S[i, j] * x[j, 0], (j, 0, n - 1)) ** 2, (i, 0, n - 1)), ((nS @ nx) ** 2).sum()),
    (Sum(Piecewise((x[i - 1, 0], i > 0), (0, True)), (i, 0, n - 1)), nx[:-1].sum()),
    (Sum(KroneckerDelta(i, j) * S[i, j], (i, 0, n - 1), (j, 0, n - 1)), np.trace(nS)),
    (Sum((S**i)[0, 0], (i, 1, 2)), nS[0, 0] + (nS @ nS)[0, 0]),
    (Sum(i, (i, 1, 0)), 0),
    (Sum(i, (i, 5, 1)), -(2 + 3 + 4)),
    (Product(x[i, 0] + 3, (i, 0, n - 1)), np.prod(nx + 3)),
    (Product(k, (k, 5, 1)), 1 / 24),
    (Piecewise((a, a > 1), (b, b > 1), (t, True)), 1.3),
    (Piecewise((1 / (a - a), False), (2, sp.And(a < b, sp.Or(a > 3, b > 1), sp.Not(sp.Eq(a, b))))), 2),
    (Max(a, b, t) - Min(a, b, t), 1.7),
    (sp.sign(t) + Heaviside(b) + Heaviside(t) + Heaviside(0, Rational(1, 2)), 0.5),
    (sp.DiracDelta(a), 0),
    (sp.erf(a) + sp.gamma(b) * sp.loggamma(b), scipy.special.erf(0.7) + scipy.special.gamma(1.3) * scipy.special.gammaln(1.3)),
    (sp.digamma(a) + sp.polygamma(2, b), scipy.special.digamma(0.7) + scipy.special.polygamma(2, 1.3)),
    (sp.floor(49 * sp.Mul(1, sp.Pow(49, -1, evaluate=False), evaluate=False)) + sp.ceiling(a), 2),
    (sp.Mod(7 * K, K + 1), 3),
    (cos(sp.pi) + sp.E + sp.tan(a) / sp.cosh(b) + sp.atan2(a, b), -1 + np.e + np.tan(0.7) / np.cosh(1.3) + np.arctan2(0.7, 1.3)),
    (n * a, 2.1),
]


@pytest.mark.parametrize("expr, expected", MATRICES, ids=lambda e: str(e)[:40] if isinstance(e, sp.Basic) else "")
def test_matrix_values(expr, expected):
    value = evaluate(expr, ENV)
    assert value.ndim == 2 and value.shape == expected.shape
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("expr, expected", SCALARS, ids=lambda e: str(e)[:40] if isinstance(e, sp.Basic) else "")
def test_scalar_values(expr, expected):
    value = evaluate(expr, ENV)
    assert np.size(value) == 1
    np.testing.assert_allclose(np.reshape(value, ()), expected, rtol=1e-12, atol=1e-13)


def test_raw_nodes_that_no_constructor_would_make():
    np.testing.assert_allclose(evaluate(sp.Inverse(S * S), ENV), np.linalg.inv(nS @ nS))
    np.testing.assert_allclose(evaluate(sp.MatMul(2, sp.MatMul(a, A), 3), ENV), 4.2 * nA)
    np.testing.assert_allclose(evaluate(sp.MatMul(sp.Pow(sp.Trace(S), -1), sp.MatAdd(A, A)), ENV), 2 * nA / np.trace(nS))
    np.testing.assert_allclose(evaluate(HadamardProduct(A, HadamardProduct(A, B)), ENV), nA * nA * nB)


def test_complex_values():
    Z = nS + 1j * nS.T
    env = {**ENV, S: Z}
    np.testing.assert_allclose(evaluate(sp.Adjoint(S) * S.I + I * S, env), Z.conj().T @ np.linalg.inv(Z) + 1j * Z)
    np.testing.assert_allclose(evaluate(Trace(S.conjugate()), env), np.trace(Z.conj()))
    np.testing.assert_allclose(evaluate(S.applyfunc(sp.Abs), env), np.abs(Z))
    step = evaluate(log(Determinant(S)), {**ENV, S: np.eye(3) + 1e-30j * nS})
    np.testing.assert_allclose(step.imag / 1e-30, np.trace(nS))


def einsum(shape, *terms):
    return Einsum(shape, *(EinsumTerm(*term) for term in terms))


EINSUMS = [
    (einsum((m, n), (a, (m, n, n), ((0,), (2,)), [(A, (0,), (1,)), (S, (1,), (2,))])), 0.7 * nA @ nS),
    (einsum((n, n, n), (1, (n, n), ((0,), (0,), (1,)), [(S, (0,), (1,))])), np.einsum("ij,ik->ikj", nS, np.eye(3))),
    (einsum((n, n, n), (2, (n,), ((0,), (0,), (0,)), [(x, (0,), ())])), 2 * np.einsum("i,ij,ik->ijk", nx[:, 0], np.eye(3), np.eye(3))),
    (einsum((m * n, m), (1, (m, n, m), ((0, 1), (2,)), [(A, (0,), (1,))])), np.outer(nA.ravel(), np.ones(2))),
    (einsum((n,), (1, (n, m), ((0,),), [(A, (1,), (0,))]), (-1, (n,), ((0,),), [(x, (0,), ())])), nA.sum(0)[:, None] - nx),
    (einsum((), (a, (n, m, K), (), [(A, (1,), (0,))])), 0.7 * 4 * nA.sum()),
    (einsum((), (a, (n,), (), [(S, (0,), (0,))])), 0.7 * np.trace(nS)),
    (einsum((m, n), (k, (m, n), ((0,), (1,)), [(A, (0,), (1,))], [(k, 1, K)])), 10 * nA),
    (einsum((n, n), (1, (n, n), ((0,), (1,)), [(S**k, (0,), (1,))], [(k, 0, K - 3)])), np.eye(3) + nS),
    (einsum((n, 1, n), (1, (n,), ((0,), (), (0,)), [])), np.eye(3)[:, None, :]),
    (einsum((m, n)), np.zeros((2, 3))),
    (einsum((m, n), (1, (m, n), ((0,), (1,)), [(KroneckerProduct(A, x.T), (0,), (1, 1))])), nA * nx.T),
]


@pytest.mark.parametrize("expr, expected", EINSUMS, ids=lambda e: str(e)[:40] if isinstance(e, sp.Basic) else "")
def test_einsum_values(expr, expected):
    np.testing.assert_allclose(evaluate(expr, ENV), expected, atol=1e-13)


@pytest.mark.parametrize("expr, expected", EINSUMS[:7], ids=lambda e: str(e)[:40] if isinstance(e, sp.Basic) else "")
def test_einsum_agrees_with_its_entries(expr, expected):
    """`Einsum.entry` and the evaluator read the same index notation."""
    index = tuple(0 if s == 1 else 1 for s in np.shape(expected)) if expr.axes_shape else ()
    value = evaluate(expr.entry(tuple(map(sp.Integer, index))[: len(expr.axes_shape)]), ENV)
    np.testing.assert_allclose(value, expected[index], atol=1e-13)


def test_array_expressions_against_their_explicit_form():
    P, Q = MatrixSymbol("P", 2, 3), MatrixSymbol("Q", 3, 2)
    product = ArrayTensorProduct(P, Q)
    arrays = [
        product,
        ArrayContraction(product, (1, 2)),
        ArrayContraction(product, (0, 3), (1, 2)),
        ArrayDiagonal(product, (0, 3)),
        ArrayDiagonal(product, (1, 2), (0, 3)),
        PermuteDims(product, [2, 0, 3, 1]),
        ArrayAdd(PermuteDims(product, [0, 1, 3, 2]), ArrayTensorProduct(P, P)),
        ArrayTensorProduct(a, P, ArrayElementwiseApplyFunc(Lambda(z, z**2 + a), Q)),
    ]
    env = {"P": nA, "Q": nC, a: 0.7}
    for array in arrays:
        explicit = array.as_explicit()
        np.testing.assert_allclose(evaluate(array, env), evaluate(explicit, env), err_msg=str(array))
    assert evaluate(OneArray(m, n, 4), ENV).shape == evaluate(ZeroArray(m, n, 4), ENV).shape == (2, 3, 4)


def test_einsum_agrees_with_its_array_expression():
    for expr, expected in EINSUMS[:2]:
        np.testing.assert_allclose(evaluate(expr.to_array_expression(), ENV).reshape(expected.shape), expected, atol=1e-13)


def test_every_node_of_the_package_has_a_value():
    ours = [c for c in vars(nodes).values() if inspect.isclass(c) and issubclass(c, sp.Basic)]
    no_values = ["FunctionDerivative", "UnknownFunction"]  # the first has none until its function is given, the second is a function itself
    assert ours and [c.__name__ for c in ours if c not in HANDLERS] == no_values


class Unheard(sp.Function):
    """A node that the evaluator does not know."""


class UnheardSin(sin):
    """A subclass of a node that it knows, which may mean anything."""


@pytest.mark.parametrize(
    "expr, error",
    [
        (Unheard(a), NotImplementedError),
        (UnheardSin(a, evaluate=False), NotImplementedError),
        (sp.Derivative(sp.Function("f")(a), a), NotImplementedError),
        (sp.Derivative(Trace(A), A, evaluate=False), NotImplementedError),
        (S ** Rational(1, 2), np.linalg.LinAlgError),
        (Sum(1 / k**2, (k, 1, sp.oo)), NotImplementedError),
        (Symbol("nothing"), KeyError),
        (sp.Dummy("a"), KeyError),
        (A[i + 1, 0], IndexError),
        (MatrixElement(A, i - 2, 0), IndexError),
        (A[a, 0], ValueError),
        (sin(S), ShapeError),
        (DiagMatrix(A), ShapeError),
        (sp.MatMul(A, A), ShapeError),
        (sp.MatAdd(A, A.T), ShapeError),
        (MatrixSymbol("C", m, n), ShapeError),
        (MatrixUnit(m, n, j, 0), IndexError),
        (einsum((m,), (1, (n,), ((0,),), [(x, (0,), ())])), ShapeError),
        (einsum((m,), (1, (m,), ((0,),), [(x, (0,), ())])), ShapeError),
    ],
    ids=lambda e: str(e)[:40] if isinstance(e, sp.Basic) else "",
)
def test_refusals(expr, error):
    with pytest.raises(error):
        evaluate(expr, ENV)


def test_a_node_can_be_registered():
    @evaluator(Unheard)
    def of_unheard(ev, node):
        return ev.scalar(node.args[0]) ** 2

    try:
        assert evaluate(Unheard(a) + 1, ENV) == pytest.approx(1.49)
    finally:
        del HANDLERS[Unheard]


def test_deep_expressions_need_no_recursion():
    expr = S
    for _ in range(600):  # built raw: the constructors of SymPy take time exponential in the depth
        expr = sp.Basic.__new__(sp.MatMul, Rational(1, 2), sp.Basic.__new__(sp.MatAdd, expr, S))
        hash(expr)
    np.testing.assert_allclose(evaluate(expr, ENV), nS)


# ---- differences
def test_finite_difference_shapes_and_values():
    expected = np.einsum("ik,jl->ijkl", np.eye(2), nS.T)
    np.testing.assert_allclose(finite_difference(A * S, A, ENV), expected, atol=1e-10)
    assert finite_difference(Trace(A * C), A, ENV).shape == (2, 3)
    np.testing.assert_allclose(finite_difference(log(Abs(Determinant(S))), S, ENV), np.linalg.inv(nS).T, rtol=1e-7)
    np.testing.assert_allclose(finite_difference(sin(a) * b, a, ENV), np.cos(0.7) * 1.3, rtol=1e-10)
    np.testing.assert_allclose(finite_difference(Trace(A * C), A[i, 0], ENV), nC[0, 1], rtol=1e-10)
    np.testing.assert_allclose(finite_difference(Trace(A * C), A[0, 1], ENV), nC[1, 0], rtol=1e-10)


def test_second_difference():
    np.testing.assert_allclose(second_difference((x.T * S * x)[0, 0], x, ENV), (nS + nS.T).reshape(3, 1, 3, 1), atol=1e-9)
    np.testing.assert_allclose(second_difference((x.T * S * y)[0, 0], x, ENV, y), nS.reshape(3, 1, 3, 1), atol=1e-9)
    np.testing.assert_allclose(second_difference(exp(a) * b, a, ENV), 1.3 * np.exp(0.7), rtol=1e-9)


def test_finite_difference_refuses_what_is_no_variable():
    with pytest.raises(UnsupportedVariableError):
        finite_difference(a, 2 * a, ENV)


# ---- random data
def test_random_env_domains():
    M = {d: MatrixSymbol(d.upper(), n, n) for d in ("spd", "symmetric", "posdet", "negdet", "invertible", "unit", "positive", "orthogonal")}
    exprs = [*M.values(), A, C, S[i, j], a, k * a]
    env = random_env(exprs, 5, None, {**{v: d for d, v in M.items()}, "k": "index:m"})
    V = {d: env[v] for d, v in M.items()}
    assert env[m] != env[n] and 0 <= env[i] < env[n] and 0 <= env[j] < env[n] and 0 <= env[k] < env[m]
    assert env[A].shape == (env[m], env[n]) and env[C].shape == (env[n], env[m])
    assert np.linalg.eigvalsh(V["spd"])[0] > 0 and np.allclose(V["symmetric"], V["symmetric"].T)
    assert np.linalg.det(V["posdet"]) > 0 > np.linalg.det(V["negdet"]) and np.linalg.cond(V["invertible"]) < 10
    assert V["unit"].min() >= 0.2 and V["unit"].max() <= 0.8 and V["positive"].min() > 0
    assert np.allclose(V["orthogonal"] @ V["orthogonal"].T, np.eye(env[n]))
    again = random_env(exprs, 5, None, {**{v: d for d, v in M.items()}, "k": "index:m"})
    assert all(np.array_equal(env[s], again[s]) for s in env)
    assert random_env(A, 0, {n: 1, "m": 7})[A].shape == (7, 1)
    with pytest.raises(ValueError):
        random_env(A, 0, None, {A: "tuesday"})


# ---- random expressions
def _shape_at(expr, env):
    return tuple(int(evaluate(s, env)) for s in expr.shape) if getattr(expr, "is_Matrix", False) else ()


@pytest.mark.parametrize("seed", range(40))
def test_random_expressions_are_well_typed_and_deterministic(seed):
    expr, X, domain = random_expression(seed)
    again = random_expression(seed)
    assert str(again[0]) == str(expr) and again[1:] == (X, domain)
    env = random_env([expr, X], seed, None, domain)
    value = evaluate(expr, env)
    assert np.shape(value) == _shape_at(expr, env) and np.all(np.isfinite(value))
    assert expr.has(getattr(X, "parent", X))


def test_random_expressions_take_requests():
    assert random_expression(3, kind="column", shape=())[1].shape[1] == 1
    expr, X, _ = random_expression(4, kind="matrix", shape="matrix", concrete=True)
    assert not expr.free_symbols & {m, n} and all(s.is_Integer for s in X.shape)


# ---- the checker
QUADRATIC = (x.T * S * x)[0, 0]
RIGHT = [
    (QUADRATIC, x, S * x + S.T * x, S + S.T),
    (S * x, x, S, einsum((n, n, n))),
    (Trace(S * S * S), S, 3 * (S * S).T, None),
    (exp(a) * b, a, exp(a) * b, exp(a) * b),
]


def _fake_jacobian(monkeypatch, table):
    monkeypatch.setattr(mc, "jacobian", lambda expr, X: table[expr], raising=False)


@pytest.mark.parametrize("expr, X, first, second", RIGHT, ids=lambda e: str(e)[:30])
def test_check_rule_accepts_right_derivatives(monkeypatch, expr, X, first, second):
    _fake_jacobian(monkeypatch, {first: second, expr: first})
    assert check_rule(expr, X) == first
    if second is not None:
        check_rule(expr, X, order=2)


MUTANTS = [
    (QUADRATIC, x, -(S * x + S.T * x), "sign"),
    (QUADRATIC, x, 2 * (S * x + S.T * x), "factor"),
    (QUADRATIC, x, S * x, "dropped term"),
    (QUADRATIC, x, ZeroMatrix(n, 1), "zero"),
    (S * x, x, S.T, "transpose"),
    (S * x, x, -S, "sign"),
    (A * x, x, C, "shape"),
    (A * x, x, A.T, "transpose of a non-square one"),
    (Trace(S * S * S), S, 3 * S * S, "transpose"),
    (log(Determinant(S)), S, S.I, "transpose"),
    (exp(a) * b, a, exp(a), "factor"),
    (Trace(A * C), A, k * C.T, "stray symbol"),
    (Trace(A * C) ** 2, A, 2 * C.T, "inner function"),
]


@pytest.mark.parametrize("expr, X, wrong, name", MUTANTS, ids=[f"{e}-{name}" for e, _, _, name in MUTANTS])
def test_check_rule_catches_mutants(monkeypatch, expr, X, wrong, name):
    _fake_jacobian(monkeypatch, {expr: wrong})
    with pytest.raises(CheckError) as caught:
        check_rule(expr, X, {S: "posdet"})
    assert "seed" in str(caught.value) and sp.srepr(expr) in str(caught.value)


@pytest.mark.parametrize("wrong", [-(S + S.T), 2 * (S + S.T), S, S * 2, ZeroMatrix(n, n)], ids=str)
def test_check_rule_catches_mutants_at_order_two(monkeypatch, wrong):
    first = S * x + S.T * x
    _fake_jacobian(monkeypatch, {QUADRATIC: first, first: wrong})
    with pytest.raises(CheckError):
        check_rule(QUADRATIC, x, order=2)


def test_check_rule_catches_what_is_wrong_only_for_length_one(monkeypatch):
    """A derivative that is right for n > 1 alone."""
    first = Piecewise((2, n > 1), (1, True)) * x
    _fake_jacobian(monkeypatch, {(x.T * x)[0, 0]: first, DotProduct(x, x): first})
    with pytest.raises(CheckError):
        check_rule(DotProduct(x, x), x)


def test_check_rule_says_so_where_nothing_can_be_judged(monkeypatch):
    expr = Max(0, sin(10**9 * a))
    _fake_jacobian(monkeypatch, {expr: a})
    with pytest.raises(CheckError, match="reliable"):
        check_rule(expr, a)


def test_judge_is_right_about_kinks():
    env = {a: 1e-4}
    assert judge(sp.sign(a), Abs(a), a, env) == "unreliable"
    assert judge(sp.sign(a), Abs(a), a, {a: 0.5}) == "right"
    assert judge(-sp.sign(a), Abs(a), a, {a: 0.5}) == "wrong"


# ---- the fuzzer
def test_fuzz_tells_right_from_wrong(monkeypatch):
    options = {"kind": "column", "shape": (), "depth": 2, "code": False}
    assert {o.verdict for o in fuzz.outcomes(7, **options)[1]} == {"correct"}
    right = mc.jacobian
    monkeypatch.setattr(mc, "jacobian", lambda expr, X: 2 * right(expr, X))
    (expr, X), results = fuzz.outcomes(7, **options)
    wrong = [o for o in results if o.verdict == "wrong"]
    assert [o.what for o in wrong] == ["jacobian"] and "seed 7" in fuzz.report(7, expr, X, wrong[0])


def test_fuzz_stops_a_derivative_that_takes_too_long(monkeypatch):
    def endless(expr, X):
        while True:
            pass

    monkeypatch.setattr(mc, "jacobian", endless)
    results = fuzz.outcomes(7, seconds=1, kind="column", shape=(), depth=2, code=False)[1]
    assert next(o for o in results if o.what == "jacobian").message.startswith("OutOfTime")
