"""A conjugate in what is real: nothing changes, and a warning says so; what is known to be complex is refused."""

import pytest
from sympy import Adjoint, I, Lambda, MatrixSymbol, Symbol, Trace, conjugate, exp, im, log, re, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
u = Symbol("u")
X, A = MatrixSymbol("X", n, n), MatrixSymbol("A", n, n)


@pytest.mark.parametrize("f", [Trace(Adjoint(X) * A), conjugate(Trace(X.T * A)), re(Trace(X.T * A))], ids=str)
def test_a_real_derivative_says_that_symbols_are_real(f):
    with pytest.warns(mc.TakenAsRealWarning, match="taken as real.*complex_derivative"):
        assert str(mc.gradient(f, X)) == "A"
    with pytest.warns(mc.TakenAsRealWarning):
        mc.simplify(Adjoint(X) * X)


def test_the_imaginary_part_of_what_is_real_is_zero():
    with pytest.warns(mc.TakenAsRealWarning):
        assert mc.gradient(im(Trace(X)) + Trace(X), X) == mc.gradient(Trace(X), X)


@pytest.mark.parametrize("f", [conjugate(log(2 + I * Trace(X))), Trace(A * Adjoint(X.applyfunc(Lambda(u, exp(I * u)))))], ids=str)
def test_an_imaginary_unit_is_refused(f):
    with pytest.raises(mc.MissingRuleError, match="complex_derivative"):
        mc.gradient(f, X)


@pytest.mark.parametrize(
    "z", [Symbol("z", complex=True), Symbol("z", imaginary=True), Symbol("z", real=False)], ids=("complex", "imaginary", "not real")
)
def test_a_complex_symbol_in_a_real_derivative_names_the_function(z):
    for f, x in ((z**2, z), (z * Trace(X), X)):
        with pytest.raises(mc.ExpressionError, match="complex_derivative"):
            mc.gradient(f, x)
