"""Facts that contradict one another."""

import pytest
from sympy import Identity, MatrixSymbol, OneMatrix, Q, Symbol, Trace, ZeroMatrix, symbols
from sympy.matrices.expressions.diagonal import DiagMatrix

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, B, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("x", n, 1)
s, p = Symbol("s"), Symbol("p", positive=True)
BOTH = Q.invertible(A) & Q.invertible(B)
CONTRADICTIONS = [
    Q.singular(A.T) & Q.invertible(A), Q.singular(A) & Q.invertible(A.T), Q.singular(A) & Q.positive_definite(A.T),
    Q.singular(Identity(n)), Q.singular(A.I), Q.singular(A.I.T), Q.singular(A**2) & Q.invertible(A), Q.singular(A * B) & BOTH,
    Q.singular(2 * A * B.T) & BOTH, Q.singular(A) & Q.invertible(A * B), Q.singular(A) & Q.orthogonal(A),
    Q.positive(s) & ~Q.real(s), Q.zero(s) & Q.odd(s), Q.positive(s) & ~Q.nonzero(s), Q.even(s) & ~Q.integer(s), Q.imaginary(s) & Q.negative(s),
    Q.nonnegative(s) & Q.nonpositive(s) & Q.nonzero(s), Q.negative(p), Q.zero(p),
    Q.positive_definite(ZeroMatrix(n, n)), Q.invertible(ZeroMatrix(n, n)), ~Q.invertible(Identity(n)), ~Q.symmetric(A + A.T), ~Q.invertible(A.I),
    Q.singular(mc.MatrixExp(A)), ~Q.invertible(mc.MatrixExp(A)), ~Q.symmetric(A * A.T), ~Q.positive_definite(mc.MatrixExp(A)) & Q.symmetric(A),
    Q.positive_definite(A) & Q.positive_definite(-A), Q.positive_definite(A.T) & Q.positive_definite(-2 * A.I),
    Q.positive_definite(-A * p) & Q.positive_definite(A), Q.singular(A + B) & Q.positive_definite(A) & Q.positive_definite(B),
    ~Q.positive_definite(A + B) & Q.positive_definite(A) & Q.positive_definite(B), Q.invertible(A * B) & Q.singular(A),
    Q.invertible(OneMatrix(3, 3)), ~Q.diagonal(DiagMatrix(x)),
]  # fmt: skip
COMPATIBLE = [
    Q.singular(A * B) & Q.invertible(A), Q.singular(A) & Q.symmetric(A), Q.singular(A + B) & BOTH, Q.singular(A**2), Q.positive(s) & Q.even(s),
    Q.zero(s) & Q.even(s), Q.positive(p), Q.nonnegative(s) & Q.nonpositive(s), Q.invertible(A * B), Q.singular(A - Identity(n)) & Q.invertible(A),
    Q.positive_definite(A) & Q.positive_definite(s * A), Q.positive_definite(-A), Q.positive_definite(A - B) & Q.positive_definite(B),
    ~Q.positive_definite(A) & Q.symmetric(A), ~Q.symmetric(A + B), Q.invertible(A + B) & Q.singular(A) & Q.singular(B),
    Q.positive_definite(A * A.T), ~Q.invertible(A * A.T), Q.positive_definite(A) & ~Q.positive_definite(-A),
]  # fmt: skip


@pytest.mark.parametrize("facts", CONTRADICTIONS, ids=str)
def test_contradictions(facts):
    for call in (lambda: mc.gradient(Trace(A), A, assumptions=facts), lambda: mc.simplify(A * B, facts)):
        with pytest.raises(mc.MatcalcError, match="contradict"):
            call()


@pytest.mark.parametrize("facts", COMPATIBLE, ids=str)
def test_facts_that_go_together(facts):
    assert mc.gradient(Trace(A), A, assumptions=facts) == Identity(n)
