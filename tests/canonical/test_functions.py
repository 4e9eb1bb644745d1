"""Elementwise functions with scalars of matrices in their bodies: those are constants of the function."""

import pytest
from sympy import Lambda, MatrixSymbol, Max, Min, OneMatrix, Symbol, Trace, cos, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import check_rule
from sympy_matcalc.text import read

m, n, k = symbols("m n k", integer=True, positive=True)
H, V, W = MatrixSymbol("H", m, n), MatrixSymbol("V", k, n), MatrixSymbol("W", n, n)
y, z = MatrixSymbol("y", m, 1), MatrixSymbol("z", k, 1)

SOFTMAX = {
    "node": mc.Softmax,
    "entry": lambda v: v.applyfunc(exp) / (OneMatrix(1, v.shape[0]) * v.applyfunc(exp))[0, 0],
    "ElementSum": lambda v: v.applyfunc(exp) / mc.ElementSum(v.applyfunc(exp)),
    "inverse": lambda v: v.applyfunc(exp) * (OneMatrix(1, v.shape[0]) * v.applyfunc(exp)).I,
}


@pytest.mark.parametrize("spelling", SOFTMAX)
@pytest.mark.parametrize("outer", ("log sum exp", "log", "softmax"))
def test_softmax_of_softmax_in_every_spelling(spelling, outer):
    softmax = SOFTMAX[spelling]
    inner = H * softmax(V.T * z.applyfunc(cos))
    f = {
        "log sum exp": lambda: log((OneMatrix(1, m) * inner.applyfunc(exp))[0, 0]),
        "log": lambda: (y.T * softmax(inner.applyfunc(lambda u: u**2)).applyfunc(log))[0, 0],
        "softmax": lambda: mc.Norm(softmax(H * softmax(V.T * softmax(z)))) ** 2,
    }[outer]()
    check_rule(f, z)
    mc.hessian(f, z)


@pytest.mark.parametrize("variable", ("u", "X"))
def test_typed_logarithm_of_a_sum_in_a_quotient(variable):
    reading = read("y.T*log(X*exp(u)/sum(exp(u)))", ["X: m x n"], (variable,))
    f, (v,) = reading.expr, reading.variables
    check_rule(f, v, {s: "positive" for s in reading.symbols.values()})
    mc.hessian(f, v)


def test_a_scalar_of_a_matrix_is_a_constant_of_the_function_it_stands_in():
    total = mc.ElementSum(z.applyfunc(exp))
    f = mc.ElementSum((V.T * z).applyfunc(lambda u: log(1 + u**2 * total) / total))
    check_rule(f, z)
    check_rule(f, z, order=2)


def test_a_function_of_a_matrix_that_depends_on_the_entry_is_refused():
    t = Symbol("t")
    f = mc.ElementSum((V.T * z).applyfunc(Lambda(t, Trace(mc.MatrixExp(t * W)))))
    for g in (mc.gradient, mc.hessian, mc.differential, mc.diff, mc.jacobian):
        with pytest.raises(mc.MissingRuleError, match="scalar of a matrix that depends on the argument"):
            g(f, z)


def test_a_symbol_that_is_infinite_has_no_derivative():
    q = Symbol("q", infinite=True)
    for f in (Max(q, mc.Norm(z)), mc.ElementSum(z.applyfunc(lambda u: Min(u, q)))):
        with pytest.raises(mc.MatcalcError, match="declared complex or not real"):
            mc.gradient(f, z)
