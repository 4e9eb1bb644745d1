"""The softmax of each row recognised as it is spelled, and its gradients as books print them."""

import pytest
from sympy import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Trace,
    exp,
    hadamard_product,
    log,
    sqrt,
    symbols,
)

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule

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
