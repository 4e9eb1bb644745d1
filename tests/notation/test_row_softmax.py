"""The softmax of each row recognised as it is spelled, and its gradients as books print them."""

import numpy as np
import pytest
from sympy import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    S,
    Trace,
    exp,
    hadamard_product,
    log,
    sqrt,
    symbols,
)

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.chains import express_chain, open_product
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation import row_softmax
from sympy_matcalc.testing import check_rule, evaluate, random_env

from ..comparator import same_expression

m, n, d, k = symbols("m n d k", integer=True, positive=True)
u = symbols("u")
X, G, Y = MatrixSymbol("X", m, n), MatrixSymbol("G", m, n), MatrixSymbol("Y", m, n)
Q, K, V, W = MatrixSymbol("Q", m, d), MatrixSymbol("K", n, d), MatrixSymbol("V", n, k), MatrixSymbol("W", m, k)
E, ones, row = X.applyfunc(exp), OneMatrix(n, 1), OneMatrix(1, n)
P, C = mc.Softmax(X, axis=1), mc.Softmax(X, axis=0)


def book(P, G):
    """P o (G - rowsum(P o G) 1')."""
    return hadamard_product(P, G - hadamard_product(P, G) * OneMatrix(n, n))


ROWS = {
    "diag": DiagMatrix(HadamardPower(E * ones, -1)) * E,
    "inverse of diag": DiagMatrix(E * ones).I * E,
    "row sums": DiagMatrix(HadamardPower(mc.RowSum(E), -1)) * E,
    "function": DiagMatrix((E * ones).applyfunc(Lambda(u, 1 / u))) * E,
    "broadcast": HadamardProduct(E, HadamardPower(E * ones, -1) * row),
    "matrix of ones": HadamardProduct(E, HadamardPower(E * OneMatrix(n, n), -1)),
    "power of broadcast": HadamardProduct(HadamardPower(mc.RowSum(E) * row, -1), E),
    "function of broadcast": HadamardProduct(E, (E * OneMatrix(n, n)).applyfunc(Lambda(u, 1 / u))),
    "transposed": (E.T * DiagMatrix(HadamardPower(E * ones, -1))).T,
    "node": P,
}
COLUMNS = {
    "diag": E * DiagMatrix(HadamardPower(E.T * OneMatrix(m, 1), -1)),
    "inverse of diag": E * DiagMatrix(mc.RowSum(E.T)).I,
    "matrix of ones": HadamardProduct(E, HadamardPower(OneMatrix(m, m) * E, -1)),
    "broadcast": HadamardProduct(E, OneMatrix(m, 1) * HadamardPower(OneMatrix(1, m) * E, -1)),
    "node": C,
}


@pytest.mark.parametrize("spelling", ROWS)
def test_rows(spelling):
    f = Trace(G.T * ROWS[spelling])
    found = mc.gradient(f, X)
    assert same_expression(found, book(P, G)), found
    assert str(found) == str(mc.gradient(Trace(G.T * P), X)) == str(mc.simplify(found))
    check_rule(f, X, {}, trials=1)


@pytest.mark.parametrize("spelling", COLUMNS)
def test_columns(spelling):
    f = Trace(G.T * COLUMNS[spelling])
    found = mc.gradient(f, X)
    assert str(found) == str(mc.gradient(Trace(G.T * C), X))
    assert same_expression(found, hadamard_product(C, G - OneMatrix(m, m) * hadamard_product(C, G))), found
    check_rule(f, X, {}, trials=1)


OTHERS = {
    "sums of the columns": DiagMatrix(HadamardPower(E.T * OneMatrix(m, 1), -1)) * E.T,
    "another matrix": DiagMatrix(HadamardPower(Y.applyfunc(exp) * ones, -1)) * E,
    "sums": DiagMatrix(E * ones) * E,
    "square of the sums": DiagMatrix(HadamardPower(E * ones, -2)) * E,
    "sums of squares": DiagMatrix(HadamardPower(HadamardPower(E, 2) * ones, -1)) * E,
}


@pytest.mark.parametrize("name", OTHERS)
def test_right_whatever_it_looks_like(name):
    expr = OTHERS[name]
    other = MatrixSymbol("O", *expr.shape)
    check_rule(Trace(other.T * expr), X, {}, trials=1)
    found = mc.gradient(Trace(other.T * expr), X)
    assert found.has(mc.RowSoftmax) == (name in ("sums of the columns", "square of the sums")), found


def test_attention():
    """softmax(Q K'/sqrt d) V by the queries, keys and values."""
    P = mc.Softmax(Q * K.T / sqrt(d), axis=1)
    f = Trace(W.T * P * V)
    inside = book(P, W * V.T)
    assert same_expression(mc.gradient(f, Q), inside * K / sqrt(d))
    assert same_expression(mc.gradient(f, K), inside.T * Q / sqrt(d))
    assert same_expression(mc.gradient(f, V), P.T * W)
    typed = DiagMatrix(mc.RowSum((Q * K.T / sqrt(d)).applyfunc(exp))).I * (Q * K.T / sqrt(d)).applyfunc(exp)
    assert str(mc.gradient(Trace(W.T * typed * V), Q)) == str(mc.gradient(f, Q))


def test_cross_entropy():
    """Of typed and of named softmax: A'(diag(Y 1) P - Y)."""
    A, B = MatrixSymbol("A", m, d), MatrixSymbol("B", d, n)
    P = mc.Softmax(A * B, axis=1)
    right = A.T * (DiagMatrix(Y * ones) * P - Y)
    assert same_expression(mc.gradient(-Trace(Y.T * P.applyfunc(log)), B), right)
    e = (A * B).applyfunc(exp)
    assert same_expression(mc.gradient(mc.ElementSum((e * ones).applyfunc(log)), B), A.T * P)
    assert same_expression(mc.gradient(-Trace(Y.T * (DiagMatrix(mc.RowSum(e)).I * e).applyfunc(log)), B), right)


def test_rows_sum_to_one():
    A = MatrixSymbol("A", m, m)
    assert mc.gradient(mc.ElementSum(P), X) == mc.gradient(Trace(OneMatrix(n, m) * P), X) == 0 * X
    assert mc.gradient(mc.ElementSum(A * P), A) == OneMatrix(m, m)


def test_second_derivatives():
    lse = mc.ElementSum(mc.LogSumExp(X, axis=1))
    assert mc.hessian(lse, X) == mc.jacobian(P, X)
    check_rule(Trace(G.T * P), X, {}, order=2, trials=1)


ROWS_OF_ONES, ALL = OneMatrix(m, m), OneMatrix(n, n)


@pytest.mark.parametrize(
    "factor, base, flip, by_rows",
    [
        (HadamardPower(E * ALL, -1), E, False, True),
        (HadamardPower(E * ALL, -2), E, False, True),
        (HadamardPower(ROWS_OF_ONES * E, -1), E, False, False),
        (HadamardPower(E.T * ROWS_OF_ONES, -1), E, True, True),
        (HadamardPower(ALL * E.T, -1), E, True, False),
        (HadamardPower(E * ALL, -1).T, E, True, False),
        (HadamardPower(E * ones, -1) * row, E, False, True),
        (OneMatrix(m, 1) * HadamardPower(E.T * OneMatrix(m, 1), -1).T, E, False, False),
        (HadamardPower(E * ALL, 1), E, False, None),
        (HadamardPower(E * ALL, S.Half), E, False, None),
        (HadamardPower(2 * E * ALL, -1), E, False, None),
        (HadamardPower(E, -1), E, False, None),
        (HadamardPower(E * Y.T * Y, -1), E, False, None),
        (HadamardPower(G * ALL, -1), E, False, None),
        (HadamardPower(E * ALL, -1), E, True, None),
        (HadamardPower(E * ones, -2) * row, E, False, None),
        (HadamardPower(G * ones, -1) * row, E, False, None),
        (HadamardPower(MatrixSymbol("v", m, 1), -1) * row, E, False, None),
        (MatrixSymbol("v", m, 1) * row, E, False, None),
        (2 * HadamardPower(E * ones, -1) * row, E, False, None),
        (G * Y.T * Y, E, False, None),
        (G * Y.T, E, False, None),
        (G, E, False, None),
    ],
    ids=str,
)
def test_what_divides_by_the_sums_of_rows_or_columns(factor, base, flip, by_rows):
    with session():
        assert row_softmax._broadcast_divisor(prepare(factor), prepare(base), flip) is by_rows


@pytest.mark.parametrize(
    "product, text",
    [
        (P * G.T, "HadamardProduct(G, softmax(X, axis=1))"),
        (G * P.T, "HadamardProduct(G, softmax(X, axis=1))"),
        (P * Y.T * W * W.T, "HadamardProduct(W*W.T*Y, softmax(X, axis=1))"),
        (P * P.T, "HadamardPower(softmax(X, axis=1), 2)"),
        (2 * P * G.T, None),
        (-P * G.T, None),
        (P, None),
        (G * Y.T, None),
        (P.T * G, None),
        (G.T * P, None),
        (P * (2 * G.T + Y.T), "HadamardProduct(2*G + Y, softmax(X, axis=1))"),
    ],
    ids=str,
)
def test_the_diagonal_of_a_product_with_a_softmax(product, text):
    """diag(P G') has the sums of the rows of P o G."""
    with session():
        p = prepare(P)
        found = row_softmax._sum_of_entries(prepare(product), p)
        assert (None if found is None else str(express_chain(found))) == text
    if text is not None:
        env = random_env([product], 0)
        sums = np.asarray(evaluate(express_chain(found), env)).sum(1)
        np.testing.assert_allclose(sums, np.diag(evaluate(product, env)), rtol=1e-10)


def test_what_cancels_beside_a_softmax():
    """P o (G - v 1') where nothing is left of G, or of v."""
    with session():
        p, chain = prepare(P), open_product(prepare(G))[1]
        assert row_softmax._slope(p, False, (S.Zero, chain), (S.One, chain)) is None
        assert row_softmax._slope(p, False, (S.One, chain), (S.Zero, chain)) is None
