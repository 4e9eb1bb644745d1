"""The order of a sum of matrices is the one that SymPy sorts it into."""

import random

import pytest
from sympy import (
    Determinant,
    HadamardProduct,
    Identity,
    Inverse,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Symbol,
    Trace,
    ZeroMatrix,
    default_sort_key,
    sin,
    symbols,
)

from sympy_matcalc import Norm
from sympy_matcalc.nodes import sum_order
from sympy_matcalc.nodes.sum_order import sympys_order

n = symbols("n", integer=True, positive=True)
A, B, X = (MatrixSymbol(name, n, n) for name in "ABX")
t = Symbol("t")
TERMS = [
    A, B, A.T, -A, 2 * A, t * A, -t * A, t**2 * B, A * B, B * A, A * B.T, A * B * X, -2 * A * B, (A + B) * X, (A + X) * B, A * (B + X), (B + A.T) * X,
    Inverse(X), Inverse(A * B + X), X**2, X**3, (A + B) ** 2, HadamardProduct(A, B), HadamardProduct(A, B + X), Trace(A) * B, Trace(B) * B,
    Determinant(A) * X, Identity(n), OneMatrix(n, n), ZeroMatrix(n, n), MatMul(-1, A + B), MatMul(t, A + B), X.applyfunc(sin), (A * B).T,
    MatMul(sin(t), X.T, A), Norm(A) * X, MatMul(Symbol("s") * t, A, B), MatrixSymbol("A", n, 1) * MatrixSymbol("b", 1, n),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_the_order_is_sympys(seed):
    terms = random.Random(seed).sample(TERMS, 2 + seed % 12)
    assert sympys_order(terms) == sorted(terms, key=default_sort_key)


@pytest.mark.parametrize("a", TERMS, ids=str)
def test_of_each_two(a):
    for b in TERMS:
        assert sympys_order([a, b]) == sorted([a, b], key=default_sort_key)


def test_parts_below_the_first_difference_are_not_looked_at(monkeypatch):
    """SymPy's key of a term holds the keys of all its parts."""

    def whole_key(e, order=None):
        raise AssertionError(f"the whole key of {e}")

    deep = A
    for _ in range(40):
        deep = MatMul(Inverse(deep), X) + B
    monkeypatch.setattr(sum_order, "default_sort_key", whole_key)
    assert sympys_order([Inverse(deep), B, Inverse(A)]) == [Inverse(deep), Inverse(A), B]
