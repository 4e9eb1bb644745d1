"""Sums in matrix notation: which factors are taken out, and what is left alone."""

import numpy as np
import pytest
from sympy import Determinant, Identity, KroneckerProduct, MatMul, Matrix, MatrixSymbol, OneMatrix, Q, S, Symbol, Trace, cos, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.chains import express_chain, open_product
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.collect import _common, _commuted
from sympy_matcalc.testing import check_rule, evaluate, random_env

from ..comparator import same_expression

m, n, p = symbols("m n p", integer=True, positive=True)
t = Symbol("t", real=True)
X, W = MatrixSymbol("X", m, n), MatrixSymbol("W", m, p)
A, B = MatrixSymbol("A", m, m), MatrixSymbol("B", m, m)
K, H, P, R = MatrixSymbol("K", n, p), MatrixSymbol("H", p, n), MatrixSymbol("P", n, n), MatrixSymbol("R", p, p)
x, y = MatrixSymbol("x", m, 1), MatrixSymbol("y", m, 1)
G = (X.T * X).I
hat = X * G * X.T
form = lambda M: (x.T * M * x)[0, 0]  # noqa: E731

CASES = {
    "a sum that stands beside a product with it": (mc.gradient(Trace(hat * A), X), (Identity(m) - hat) * (A + A.T) * X * G),
    "a whole summand is the common end": (mc.gradient(Trace(hat * A), X, assumptions=Q.symmetric(A)), 2 * (Identity(m) - hat) * A * X * G),
    "covariance after a Kalman gain": (
        mc.gradient(
            Trace((Identity(n) - K * H) * P * (Identity(n) - K * H).T + K * R * K.T), K, assumptions=Q.symmetric(P) & Q.symmetric(R)
        ),
        -2 * (Identity(n) - K * H) * P * H.T + 2 * K * R,
    ),
    "a single symbol is no reason for an identity": (mc.gradient(x.T * A * x + x.T * x, x, assumptions=Q.symmetric(A)), 2 * A * x + 2 * x),
    "a vector beside its product": (mc.collect(x + A * x), x + A * x),
    "a product beside its product": (mc.collect(A * x + B * A * x), (Identity(m) + B) * A * x),
    "Rayleigh quotient": (
        mc.gradient(form(A) / form(B), x, assumptions=Q.symmetric(A) & Q.symmetric(B)),
        2 / form(B) * A * x - 2 * form(A) / form(B) ** 2 * B * x,
    ),
    "second derivative of a determinant": (
        mc.diff(Determinant(A + t * B), t, t),
        Determinant(A + t * B) * (Trace((A + t * B).I * B) ** 2 - Trace((A + t * B).I * B * (A + t * B).I * B)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_common_factors(name):
    ours, book = CASES[name]
    assert same_expression(ours, book), ours


def test_nothing_is_taken_out_of_the_summands_of_a_result():
    """I/r - x x'/r^3, as it is printed, and not (I - x x'/r^2)/r."""
    r = mc.Norm(x)
    assert same_expression(mc.jacobian(x / r, x), Identity(m) / r - x * x.T / r**3)


def test_a_sum_of_ones_is_not_taken_for_a_factor():
    assert same_expression(mc.gradient(Trace(X.T * W * W.T * X) + mc.ElementSum(X), X), 2 * W * W.T * X + OneMatrix(m, n))


def test_explicit_matrices_stay_explicit():
    """Their transposes are explicit too, their sums are one matrix, and by a scalar they have explicit derivatives."""
    R, v, u = Matrix([[1, t], [3, 4]]), MatrixSymbol("v", 2, 1), MatrixSymbol("u", 2, 1)
    assert mc.gradient(v.T * R * v, v) == Matrix([[2, t + 3], [t + 3, 8]]).as_immutable() * v
    assert mc.hessian(v.T * R * v, v) == Matrix([[2, t + 3], [t + 3, 8]])
    found = mc.gradient((R * v - u).T * (R * v - u), v)
    assert same_expression(found, MatMul(2, R.T.as_immutable(), R.as_immutable() * v - u)) and mc.simplify(found) == found


def test_a_rotation_by_its_angle():
    R, v = Matrix([[cos(t), -sin(t)], [sin(t), cos(t)]]), MatrixSymbol("v", 2, 1)
    assert mc.diff(R * v, t) == R.diff(t).as_immutable() * v
    M = MatrixSymbol("M", 2, 2)
    assert same_expression(mc.diff(M.as_explicit() * v, M[0, 1]), Matrix([[0, 1], [0, 0]]).as_immutable() * v)
    determinant = Determinant(M.as_explicit())
    assert not mc.diff(determinant, M[0, 1]).has(mc.MatrixUnit)
    for f, variable in ((Trace(R * M * R.T), t), ((R * v).T * M * v, t), (determinant, M[0, 1])):
        check_rule(f, variable, trials=1)


def test_an_inner_sum_that_cancels_once_its_scalar_is_taken_out():
    centred, twice = Identity(n) - OneMatrix(n, n) / n, 2 * Identity(n) - 2 * OneMatrix(n, n) / n
    z, left = MatrixSymbol("z", n, 1), MatMul(1 / n, twice, MatrixSymbol("z", n, 1))
    assert mc.simplify(left - MatMul(2 / n, centred, z)).is_ZeroMatrix
    assert mc.simplify(left - MatMul(2 / n, centred, z) + z) == z


def test_the_common_end_of_products_and_what_it_saves():
    with session():
        chain = lambda e: open_product(e)[1]  # noqa: E731
        of = lambda suffix, *terms: _common([(S(c), chain(e)) for c, e in terms], suffix)  # noqa: E731
        assert of(True, (1, A * B * x), (1, A.T * B * x)) == (2, 2)
        assert of(False, (1, A * B * x), (1, A * B.T * x)) == (1, 1)
        assert of(False, (1, A * B * x), (1, B * A * x)) == (0, 0)
        assert of(True, (1, A * B * x), (2, B * x)) == (2, 1)  # of the second summand an identity is left
        assert of(True, (1, A * B * x), (t, B * x)) == (1, 1)  # which is none of a symbol's multiple


q, k = symbols("q k", integer=True, positive=True)
MN, PQ, SQUARE = MatrixSymbol("M", m, n), MatrixSymbol("P", p, q), MatrixSymbol("S", k**2, k**2)


def kron_then_commuted(left, right, *sizes):
    return KroneckerProduct(right, left) * mc.CommutationMatrix(*sizes)


@pytest.mark.parametrize(
    "product, text",
    [
        (kron_then_commuted(MN, PQ, q, n), "commutation(p, m)*KroneckerProduct(M, P)"),
        (kron_then_commuted(MN, PQ, n, q), None),  # as many columns, in another order
        (kron_then_commuted(MN, PQ, n * q, 1), None),
        (KroneckerProduct(PQ, MN), None),
        (mc.CommutationMatrix(p, m) * KroneckerProduct(MN, PQ), None),
        (KroneckerProduct(PQ, MN, MatrixSymbol("c", 1, q)) * mc.CommutationMatrix(q, n * q), None),
        (KroneckerProduct(P, P) ** 2 * mc.CommutationMatrix(n, n), None),
        (SQUARE * mc.CommutationMatrix(k, k), None),
    ],
    ids=str,
)
def test_a_kronecker_product_before_a_commutation_matrix(product, text):
    """(B kron A) K_{q,n} is K_{p,m} (A kron B) for A m x n and B p x q."""
    with session():
        found = _commuted(open_product(prepare(product))[1])
        assert (None if found is None else f"{found[0]}*{express_chain(found[1])}") == text
    if text is not None:
        env = random_env([product], 0)
        value = evaluate(MatMul(found[0], express_chain(found[1])), env)
        np.testing.assert_allclose(np.asarray(value, float), np.asarray(evaluate(product, env), float))
