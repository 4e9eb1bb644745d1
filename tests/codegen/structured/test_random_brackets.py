"""Random scalars times brackets of low rank, diagonal and Kronecker terms, with the same scalars before a bracket and inside of it: the
operators, what they solve, and the dense code, against the evaluator.
"""

import random
from contextlib import suppress

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    Identity,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Rational,
    Symbol,
    Trace,
    exp,
    symbols,
)

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

m, n = symbols("m n", integer=True, positive=True)
c = Symbol("c", positive=True)
u = Symbol("u", real=True)
a, b, d = MatrixSymbol("a", m, 1), MatrixSymbol("b", m, 1), MatrixSymbol("d", n, 1)
A, B = MatrixSymbol("A", m, m), MatrixSymbol("B", n, n)
ARGS = [a, b, d, A, B, c]
VALUES = [
    np.array([0.7, 1.3]),
    np.array([0.9, 0.4]),
    np.array([1.2, 0.5, 0.8]),
    np.array([[2.0, 0.3], [0.4, 1.5]]),
    np.array([[1.7, 0.2, 0.1], [0.3, 2.2, 0.4], [0.2, 0.5, 1.4]]),
    1.3,
]
ENV = {**dict(zip(ARGS, [v[:, None] if np.ndim(v) == 1 else v for v in VALUES], strict=True)), m: 2, n: 3}

SCALARS = [
    c,
    exp(c),
    mc.Sigmoid(c),
    1 + exp(c),
    mc.dot(b, a),
    mc.dot(a, a),
    mc.Norm(a),
    mc.Norm(A),
    mc.scalar(a.T * A * b),
    mc.scalar(a.T * A.I * b),
    Trace(A),
    Determinant(A),
    mc.LogSumExp(a),
    mc.ElementSum(a.applyfunc(Lambda(u, exp(u)))),
    mc.dot(KroneckerProduct(a, d), KroneckerProduct(b, d)),
]
POWERS = [1, 1, 1, 2, 3, -1, -2, -3, -6, Rational(1, 2), Rational(-3, 2)]
ONE = OneMatrix(m, 1)
LOW_RANK = [a * a.T, a * b.T, b * b.T, (A * a) * a.T, ONE * a.T, MatAdd(a, MatMul(c, b)) * b.T]
DIAGONAL = [Identity(m), DiagMatrix(a), DiagMatrix(b.applyfunc(Lambda(u, exp(u))))]
E, F = Identity(m), Identity(n)
KRONECKER = [
    KroneckerProduct(E, F),
    KroneckerProduct(A, F),
    KroneckerProduct(E, B),
    KroneckerProduct(DiagMatrix(a), F),
    KroneckerProduct(A, B),
]
OUTER = [KroneckerProduct(x, d) * KroneckerProduct(y, d).T for x, y in ((a, a), (a, b), (b, b))]
KINDS = {"matrix": (LOW_RANK + DIAGONAL, 2), "pairs": (KRONECKER + OUTER, 6), "outer": (OUTER + KRONECKER[:1] + KRONECKER[3:4], 6)}


def random_bracket(rng, cores, chosen, depth):
    """``s*(s*core + ...)``, unevaluated, in which the scalars are products of powers of few, so that they meet again."""
    terms = []
    for _ in range(rng.choice([1, 2, 2, 3])):
        inner = random_bracket(rng, cores, chosen, depth - 1) if depth and rng.random() < 0.5 else rng.choice(cores)
        number = rng.choice([1, 1, 2, -1, -3, Rational(1, 2)])
        scalar = number
        for _ in range(rng.choice([1, 1, 2])):
            scalar *= rng.choice(chosen) ** rng.choice(POWERS)
        terms.append(MatMul(scalar, inner))
    return terms[0] if len(terms) == 1 else MatAdd(*terms)


def case(seed, kind):
    rng = random.Random(seed)
    cores, size = KINDS[kind]
    chosen = rng.sample(SCALARS, 2)
    return MatMul(rng.choice(chosen) ** rng.choice(POWERS), random_bracket(rng, cores, chosen, 2)), size


def dense_of(operator):
    return operator if isinstance(operator, np.ndarray) else np.asarray(operator.todense())


def judge(seed, kind):
    e, size = case(seed, kind)
    right = np.asarray(evaluate(e, ENV), dtype=float)
    close = dict(rtol=1e-9, atol=1e-9 * np.abs(right).max())
    np.testing.assert_allclose(mc.lambdify(ARGS, e)(*VALUES), right, **close)
    operator = mc.lambdify(ARGS, e, structured=True)(*VALUES)
    np.testing.assert_allclose(dense_of(operator).reshape(size, size), right, **close)
    if isinstance(operator, np.ndarray):
        return
    v = np.linspace(-1, 2, size)
    np.testing.assert_allclose(np.ravel(operator @ v), right @ v, **close)
    np.testing.assert_allclose(np.ravel(operator.diagonal()), np.diag(right), **close)
    with suppress(mc.MatcalcError):  # what has no cheap way says so
        np.testing.assert_allclose(operator.to_sparse().toarray(), right, **close)
    if np.linalg.cond(right) < 1e5:
        with suppress(mc.MatcalcError):
            np.testing.assert_allclose(right @ np.ravel(operator.solve(v)), v, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(25))
def test_brackets(seed, kind):
    judge(seed, kind)


CUBES = {
    "cube": mc.dot(b, a) ** 3 / mc.dot(a, a),
    "norm": mc.dot(b, a) ** 3 / mc.Norm(a) ** 2,
    "exponentials": mc.ElementSum(a.applyfunc(Lambda(u, exp(u)))) ** 3 / mc.dot(a, a),
    "Rayleigh": (mc.dot(a, b) / mc.dot(a, a)) ** 3,
    "Kronecker": mc.dot(KroneckerProduct(a, b), KroneckerProduct(b, b)) ** 2 / mc.dot(a, a),
}


@pytest.mark.parametrize("name", CUBES)
def test_hessians_of_powers_over_squares(name):
    f = CUBES[name]
    hessian = mc.hessian(f, a)
    right = np.asarray(evaluate(hessian, ENV), dtype=float)
    operator = mc.lambdify(ARGS, hessian, structured=True)(*VALUES)
    np.testing.assert_allclose(operator.todense(), right, rtol=1e-9, atol=1e-9)
    problem = mc.objective(f, a, data={b: VALUES[1]}, structured=True)
    np.testing.assert_allclose(problem.hess(problem.flatten(VALUES[0])).todense(), right, rtol=1e-9, atol=1e-9)


def test_cube_over_a_square_by_hand():
    """s = b'a = 5, q = a'a = 5: 6 s/q b b' - 6 s^2/q^2 (a b' + b a') + 8 s^3/q^3 a a' - 2 s^3/q^2 I."""
    operator = mc.lambdify([a, b], mc.hessian(CUBES["cube"], a), structured=True)(np.array([1.0, 2.0]), np.array([3.0, 1.0]))
    np.testing.assert_allclose(operator.todense(), [[16, -8], [-8, 4]], rtol=1e-12)
