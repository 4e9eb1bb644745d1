"""Sums over a Kronecker product, typed or made by SymPy's indexing, are the sums of its factors; its index is taken apart only where it can be."""

import pytest
from sympy import Dummy, KroneckerProduct, MatrixSymbol, Mod, OneMatrix, Sum, exp, floor, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical.kronecker_sums import fused, with_kronecker_indices
from sympy_matcalc.kernel.session import session
from sympy_matcalc.testing import check_rule

from ..counting import counted

m, n, p = symbols("m n p", integer=True, positive=True)
u, v, w, x = MatrixSymbol("u", m, 1), MatrixSymbol("v", n, 1), MatrixSymbol("w", p, 1), MatrixSymbol("x", p, 1)
A, W = MatrixSymbol("A", m, n), MatrixSymbol("W", m, p)
column = KroneckerProduct(u, v)
total = lambda M: (OneMatrix(1, M.shape[0]) * M)[0, 0]  # noqa: E731


def test_sum_of_a_product_is_the_product_of_sums():
    expected = mc.ElementSum(u) * mc.ElementSum(v)
    assert mc.simplify(total(column)) == expected
    assert mc.simplify(total(KroneckerProduct(u, v, w))) == expected * mc.ElementSum(w)
    assert mc.simplify(mc.ElementSum(column) - expected) == 0
    assert mc.simplify(mc.ElementSum(KroneckerProduct(A, W)) - mc.ElementSum(A) * mc.ElementSum(W)) == 0


def test_derivatives():
    for f in (total(column) ** 2, total(column.applyfunc(exp)), mc.ElementSum(KroneckerProduct(A, u)) ** 2):
        assert not mc.gradient(f, u).has(Mod, floor)
        check_rule(f, u, trials=1)


@pytest.mark.parametrize("top", ("m*n", "m*n - 1", "m"))
def test_what_is_no_tiling_stays(top):
    """An index that does not run over all pairs, or over some twice, is not a pair of indices."""
    i = Dummy("i", integer=True, nonnegative=True)
    high = {"m*n": m * n, "m*n - 1": m * n - 1, "m": m}[top]
    e = Sum(u[Mod(floor(i / n), m), 0] * v[Mod(i, n), 0], (i, 0, high))
    with session():
        assert (with_kronecker_indices(e) is e) == (top != "m*n - 1")


@pytest.mark.parametrize("softmax", [lambda k: k.applyfunc(exp) / total(k.applyfunc(exp)), mc.Softmax], ids=["written", "node"])
def test_a_softmax_of_a_kronecker_product_is_written_out_in_steps_that_grow_with_it(softmax):
    jacobian = mc.jacobian(softmax(KroneckerProduct(W * x, v)), W)

    def steps(rows):
        found, calls = counted(lambda: jacobian.subs({m: rows, n: 2, p: 4}).as_explicit())
        assert found.shape == (2 * rows, rows, 4) and not found.has(Mod, floor)
        return calls

    few, many = steps(2), steps(4)  # four times the entries, each with a sum of twice the length
    assert many < 16 * few, (few, many)


def test_an_index_that_is_taken_apart():
    i, j, k = symbols("i j k", integer=True)
    assert fused(i + m * j, {i: m, j: n}) == [j, i] and fused(i + 5 * j, {i: 5, j: 4}) == [j, i]
    assert fused(i + 4 * j + 20 * k, {i: 4, j: 5, k: 3}) == [k, j, i]
    for at in (2 * i + 3 * j, i + 4 * j, i + j):  # which skip some values, or have some twice
        assert fused(at, {i: 5, j: 4}) is None
    assert fused(i, {i: 5, j: 4}) is None
