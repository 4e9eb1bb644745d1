"""Properties of matrices: what is said to be true or false is so for random matrices that satisfy the facts, and what is not known is None."""

import itertools

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    MatrixSymbol,
    OneMatrix,
    Q,
    Symbol,
    Trace,
    ZeroMatrix,
)
from sympy.logic.boolalg import And

import sympy_matcalc as mc
from sympy_matcalc import properties
from sympy_matcalc.canonical.form import prepare_whole
from sympy_matcalc.facts import OF_SQUARE, PREDICATES, read_facts
from sympy_matcalc.properties.declared import DERIVED, PROPERTIES, all_of, every, some
from sympy_matcalc.rewriting.public import facts_session
from sympy_matcalc.testing import evaluate, random_env

N = 3
A, B, D, S, U, P, X = (MatrixSymbol(name, N, N) for name in "ABDSUPX")
W, v = MatrixSymbol("W", N, 2), MatrixSymbol("v", N, 1)
c, p = Symbol("c", real=True), Symbol("p", positive=True)
FACTS = Q.symmetric(B) & Q.diagonal(D) & Q.positive_definite(S) & Q.orthogonal(U) & mc.idempotent(P) & Q.symmetric(P) & Q.invertible(A)
DOMAINS = {B: "symmetric", D: "diagonal", S: "spd", U: "orthogonal", A: "invertible"}


def close(a, b):
    return a.shape == b.shape and np.allclose(a, b, atol=1e-9)


def is_square(a):
    return a.shape[0] == a.shape[1]


NUMERICALLY = {
    "symmetric": lambda a: close(a, a.T),
    "orthogonal": lambda a: is_square(a) and close(a.T @ a, np.eye(len(a))),
    "orthonormal": lambda a: close(a.T @ a, np.eye(a.shape[1])),
    "diagonal": lambda a: is_square(a) and close(a, np.diag(np.diag(a))),
    "positive_definite": lambda a: close(a, a.T) and np.linalg.eigvalsh(a)[0] > 1e-9,
    "positive_semidefinite": lambda a: close(a, a.T) and np.linalg.eigvalsh(a)[0] > -1e-9,
    "invertible": lambda a: is_square(a) and np.linalg.matrix_rank(a, tol=1e-9) == len(a),
    "idempotent": lambda a: is_square(a) and close(a @ a, a),
}
ATOMS = [A, B, D, S, U, P, X, Identity(N), ZeroMatrix(N, N), OneMatrix(N, N), mc.MatrixUnit(N, N, 0, 1), mc.MatrixUnit(N, N, 1, 1)]
PAIRS = [A, B, D, S, U, Identity(N), OneMatrix(N, N)]
EXPRESSIONS = [
    *ATOMS, *(a.T for a in ATOMS[:7]), *(a.I for a in (A, S, U)), *(a**2 for a in (A, B, S, U, P)), *(a * b for a, b in itertools.product(PAIRS, PAIRS)),
    *(a + b for a, b in itertools.combinations(PAIRS, 2)), *(KroneckerProduct(a, b) for a, b in itertools.product((A, D, S, U), repeat=2)),
    *(HadamardProduct(a, b) for a, b in itertools.combinations((A, D, S, B), 2)), A * A.T, A.T * S * A, X * X.T, W.T * S * W, W * W.T, 2 * S, -S, p * U,
    c * S, 3 * D, -U, B.T * B, mc.MatrixExp(B), mc.MatrixExp(X), mc.Cholesky(S), DiagMatrix(v), W, W.T, A * ZeroMatrix(N, N), S + W * W.T, S.I + A.T * A,
]  # fmt: skip


def values(expr, draws=3):
    for seed in range(draws):
        env = random_env([expr, P], seed, domain={k: d for k, d in DOMAINS.items() if expr.has(k)})
        basis = np.linalg.qr(np.random.default_rng(seed).normal(size=(N, 1)))[0]
        env[P] = basis @ basis.T
        yield np.asarray(evaluate(expr, env), dtype=float)


@pytest.mark.parametrize("expr", EXPRESSIONS, ids=str)
def test_what_is_said_is_so(expr):
    with facts_session(read_facts(FACTS)):
        prepared = prepare_whole(expr)
        said = {name: derived(prepared) for name, derived in DERIVED.items()}
    for name, value in said.items():
        assert value is None or isinstance(value, bool)
        if value is not None:
            assert all(NUMERICALLY[name](a) == value for a in values(expr)), f"{name} of {expr}: {value}"


SAID = [  # (expression, facts besides, property, value)
    (A * S, True, "invertible", True), (A * X, True, "invertible", None), (A * ZeroMatrix(N, N), True, "invertible", False),
    (X, ~Q.invertible(X), "invertible", False), (X, ~Q.invertible(X), "positive_definite", False), (X, ~Q.invertible(X), "orthogonal", False),
    (X, Q.singular(X), "invertible", False), (X, Q.singular(X), "positive_definite", False), (X.T * A, Q.singular(X), "invertible", False),
    (X, ~Q.symmetric(X), "symmetric", False), (X, ~Q.symmetric(X), "diagonal", False), (X, ~Q.symmetric(X), "invertible", None),
    (X, ~Q.orthogonal(X), "orthogonal", False), (X.T, ~Q.orthogonal(X), "orthogonal", False), (X, True, "symmetric", None),
    (U * X, True, "orthogonal", None), (U * U.T * U, True, "orthogonal", True), (W, True, "invertible", False), (W, True, "symmetric", False),
    (OneMatrix(N, N), True, "diagonal", False), (OneMatrix(N, N), True, "positive_semidefinite", True), (mc.MatrixUnit(N, N, 0, 1), True, "symmetric", False),
    (S + X * X.T, True, "positive_definite", True), (S - X * X.T, True, "positive_definite", None), (X * X.T, True, "positive_semidefinite", True),
    (W.T * S * W, True, "positive_semidefinite", True), (A.T * S * A, True, "positive_definite", True), (P, True, "idempotent", True),
    (X, ~mc.idempotent(X), "idempotent", False), (D * D, True, "diagonal", True), (D * X, True, "diagonal", None),
]  # fmt: skip


@pytest.mark.parametrize("expr,facts,name,value", SAID, ids=str)
def test_three_values(expr, facts, name, value):
    with facts_session(read_facts(And(FACTS, facts))):
        assert DERIVED[name](prepare_whole(expr)) is value


SIGNS = [
    (Determinant(S), "is_positive", True), (Determinant(A), "is_nonzero", True), (Determinant(X), "is_nonzero", None), (Trace(S), "is_positive", True),
    (Trace(X * X.T), "is_nonnegative", True), (p * Determinant(S), "is_positive", True), (mc.Norm(v), "is_nonnegative", True), (-p, "is_positive", False),
    (-p, "is_negative", True), (c, "is_nonnegative", None), (p + Trace(X * X.T), "is_positive", True), ((v.T * S * v)[0, 0], "is_nonnegative", None),
]  # fmt: skip


@pytest.mark.parametrize("expr,name,value", SIGNS, ids=str)
def test_signs(expr, name, value):
    with facts_session(read_facts(FACTS)):
        assert getattr(properties, name)(prepare_whole(expr)) in ((value,) if value is not None else (None, True))


def test_denied_signs():
    with facts_session(read_facts(~Q.positive(c) & Q.real(c))):
        assert properties.is_positive(c) is False and properties.is_negative(c) is None


def test_what_is_declared_is_read():
    assert list(PREDICATES) == [
        "symmetric", "orthogonal", "diagonal", "positive_definite", "invertible", "singular", "fullrank", "unit_triangular", "upper_triangular",
        "lower_triangular", "idempotent",
    ]  # fmt: skip
    assert {"hermitian", "unitary", "normal"} <= OF_SQUARE and not {"fullrank", "upper_triangular"} & OF_SQUARE
    assert {name for p in PROPERTIES.values() for name in p.implies} <= set(PROPERTIES)
    assert set(NUMERICALLY) == set(DERIVED)


@pytest.mark.parametrize("found", [*itertools.product([True, False, None], repeat=2)])
def test_logic_of_three_values(found):
    assert all_of(found) is (True if found == (True, True) else None)
    assert every(found) is (False if False in found else True if None not in found else None)
    assert some(found) is (True if True in found else None)
