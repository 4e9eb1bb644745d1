"""Powers of matrices whose exponent need not be whole, and permuted rows: against finite differences."""

import pytest
from sympy import Float, MatrixSymbol, Rational, S, Symbol, Trace, symbols
from sympy.combinatorics import Permutation
from sympy.matrices.expressions import MatPow, MatrixPermute, PermutationMatrix

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
t, q = Symbol("t", real=True), Symbol("q", positive=True)
X, A = MatrixSymbol("X", n, n), MatrixSymbol("A", n, n)


@pytest.mark.parametrize("exponent", [S.Half, Rational(3, 2), -S.Half, Rational(1, 3), Float(0.3), t, q], ids=str)
def test_principal_power(exponent):
    for e in (Trace(MatPow(X, exponent)), Trace(A * MatPow(X, exponent)), MatPow(X, exponent) * A):
        assert mc.check(e, X, domain={X: "logdomain"}).ok


def test_sums_whose_inner_limits_hold_the_outer_index():
    """The sum over k of A^r dX A^(3 - r), r up to 3 - k, has no k in its body, and is not three times one of them."""
    k = symbols("k", integer=True)
    e = Trace(mc.MatrixSum(X**k * A * X ** (4 - k), (k, 1, 3)))
    assert k not in mc.gradient(e, X).free_symbols
    assert mc.check(e, X).ok


def test_square_root_by_either_name():
    assert mc.gradient(Trace(MatPow(X, S.Half)), X) == mc.gradient(Trace(mc.MatrixSqrt(X)), X)
    assert mc.gradient(Trace(A * MatPow(X, S.Half)), X) == mc.gradient(Trace(A * mc.MatrixSqrt(X)), X)


def test_by_the_exponent():
    assert mc.gradient(Trace(A * MatPow(X, t)), t) == Trace(A * MatPow(X, t) * mc.MatrixLog(X))
    assert mc.check(Trace(A * MatPow(X, t**2)), t, domain={X: "spd"}).ok


Y = MatrixSymbol("Y", 3, 4)


@pytest.mark.parametrize(
    "e",
    [
        MatrixPermute(Y, Permutation([1, 2, 0])),
        MatrixPermute(Y, Permutation([1, 2, 0, 3]), 1),
        PermutationMatrix(Permutation([2, 0, 1])) * Y,
        MatrixPermute(Y, Permutation([1, 2, 0])).T * Y,
    ],
    ids=str,
)
def test_permuted_rows_and_columns(e):
    assert mc.check(e, Y).ok
