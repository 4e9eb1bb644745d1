"""What a derivative is taken of: finite, and of real symbols."""

import pytest
from sympy import MatrixSymbol, Piecewise, Sum, Symbol, Trace, conjugate, nan, oo, sin, symbols, zoo

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
COMPLEX = [Symbol("z", complex=True), Symbol("y", imaginary=True), Symbol("r", real=False), Symbol("q", infinite=True)]
CALLS = {
    "gradient": lambda e: mc.gradient(e, A),
    "diff": lambda e: mc.diff(e, A),
    "differential": lambda e: mc.differential(e, A),
    "jacobian": lambda e: mc.jacobian(e, A),
    "hessian": lambda e: mc.hessian(e, A),
    "jvp": lambda e: mc.jvp(e, A, MatrixSymbol("V", n, n)),
    "check": lambda e: mc.check(e, A),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("z", COMPLEX, ids=str)
def test_complex_symbols_are_refused(z, call):
    for factor in (z, z**2 + 1, conjugate(z) * z, sin(z)):
        with pytest.raises(mc.MatcalcError, match="complex or not real"):
            CALLS[call](factor * Trace(A * A))


@pytest.mark.parametrize("call", CALLS)
def test_branches_are_looked_into(call):
    """SymPy keeps the branches of a Piecewise in pairs, as it keeps limits."""
    t, z = Symbol("t", real=True), Symbol("z", complex=True)
    for part, words in ((z * Trace(A), "complex or not real"), (zoo * Trace(A), "not finite")):
        with pytest.raises(mc.MatcalcError, match=words):
            CALLS[call](Piecewise((part, t > 0), (Trace(A), True)))


@pytest.mark.parametrize("s", [Symbol("s"), Symbol("s", real=True), Symbol("s", positive=True), Symbol("s", integer=True)])
def test_other_symbols_are_real(s):
    assert mc.gradient(s * Trace(A), A).has(s)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("bad", [zoo, nan, oo, -oo])
def test_what_is_not_finite_is_refused(bad, call):
    for e in (bad * Trace(A), bad + Trace(A), sin(Trace(A)) * bad, Trace(A) ** 2 / Trace(A - A) if bad is zoo else bad * Trace(A)):
        if e is not nan:
            with pytest.raises(mc.MatcalcError, match="not finite"):
                CALLS[call](e)


def test_infinity_as_a_limit_or_the_kind_of_a_norm_is_no_number():
    k = Symbol("k", integer=True)
    assert mc.gradient(mc.Norm(x, oo), x) is not None
    assert mc.gradient(Sum(Trace(A) / 2**k, (k, 0, oo)), A) is not None
