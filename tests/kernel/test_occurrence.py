"""Whether a symbol occurs, in the nodes of a session and in others."""

from sympy import ImmutableDenseMatrix, MatMul, Matrix, MatrixSymbol, Trace, sin, symbols

from sympy_matcalc.kernel.interning import intern, raw, surely_finite
from sympy_matcalc.kernel.occurrence import occurrence_of, occurs_nowhere
from sympy_matcalc.kernel.session import session, session_state

n, t = symbols("n t")
A, B, C = (MatrixSymbol(c, n, n) for c in "ABC")


def test_occurs_nowhere():
    with session():
        e = intern(A * B)
        assert occurs_nowhere(C, e)
        assert not occurs_nowhere(A, e)


def test_occurrence_in_parts():
    with session():
        product, other = intern(A * B), intern(B * C)
        occurs = occurrence_of(A)
        assert [occurs(e) for e in (A, B, product, other, Trace(product), sin(t))] == [True, False, True, False, True, False]
        assert occurs(product) and not occurs(other)  # as they are remembered


def test_surely_finite():
    with session():
        assert surely_finite(A * B) and surely_finite(raw(MatMul, A, B)) and not session_state.closed
        assert raw(Trace, ImmutableDenseMatrix([[1]])).args and session_state.closed
    with session():
        assert not surely_finite(Matrix([[1, 2]]).as_immutable() * MatrixSymbol("v", 2, 1))
