"""What a derivative is taken of: finite, and of real symbols."""

import pytest
from sympy import (
    Matrix,
    MatrixExpr,
    MatrixSymbol,
    Max,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    Trace,
    conjugate,
    exp,
    gamma,
    log,
    nan,
    oo,
    sin,
    symbols,
    zoo,
)

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
COMPLEX = [Symbol("z", complex=True), Symbol("y", imaginary=True), Symbol("r", real=False)]
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


@pytest.mark.parametrize("call", CALLS)
def test_infinite_symbols_are_refused(call):
    for e in (Max(Symbol("q", infinite=True), Trace(A)), Symbol("q", infinite=True) * Trace(A)):
        with pytest.raises(mc.MatcalcError, match="`q` is declared infinite"):
            CALLS[call](e)


@pytest.mark.parametrize("call", [*CALLS, "lambdify"])
def test_matrices_where_only_scalars_make_sense_are_refused(call):
    """SymPy's constructors take them, and its derivatives are those of scalars; so a factor too that the variable does not occur in."""
    B = MatrixSymbol("B", n, n)
    ask = CALLS.get(call, lambda e: mc.lambdify([A, B, x], e))
    for e in (1 / (1 + exp(-A)), exp(B) * Trace(A), log(x) + Trace(A), gamma(B) * Trace(A)):
        with pytest.raises(mc.ShapeError, match=r"of a matrix of shape \(n, .\) in .*applyfunc"):
            ask(e)
    for e in (x.T**A, Trace(A**B), Pow(Symbol("t"), B, evaluate=False) * Trace(A)):
        with pytest.raises(mc.ShapeError, match=r"exponent that is a matrix, of shape \(n, n\) in .*HadamardPower"):
            ask(e)


def test_what_is_one_number_may_stand_where_scalars_do():
    assert mc.gradient(log(x.T * x), x) == mc.gradient(log((x.T * x)[0, 0]), x)


def test_exceptions_of_sympy_do_not_leave_the_package():
    """They are the cause of one of the package's; those of a user's rule and of a wrong call are as they were."""

    class Doubled(MatrixExpr):
        shape = property(lambda self: self.args[0].shape)

    class Halved(Doubled):
        pass

    @mc.rule(Doubled)
    def d_doubled(node, d):
        return node.args[0].no_such_attribute

    @mc.rule(Halved)
    def d_halved(node, d):
        return Matrix([[1]]) * Matrix([[1, 2], [3, 4]])

    with pytest.raises(AttributeError, match="no_such_attribute"):
        mc.jacobian(Doubled(A), A)
    with pytest.raises(mc.MatcalcError, match="`jacobian` could not handle .*ShapeError") as caught:
        mc.jacobian(Halved(A), A)
    assert isinstance(caught.value.__cause__, Exception)
    with pytest.raises(TypeError, match="unexpected keyword"):
        mc.gradient(Trace(A), A, no_such_option=1)


def test_an_infinity_that_comes_out_names_what_was_typed():
    with pytest.raises(mc.ExpressionError, match=r"`zoo` comes out of `Trace\(A\)/Trace\(0\)`"):
        mc.gradient(Trace(A) / Trace(A - A), A)
