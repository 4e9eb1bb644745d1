"""Elementwise functions with scalars of matrices in their bodies: those are constants of the function."""

import pytest
from sympy import (
    Abs,
    Lambda,
    MatMul,
    MatrixSymbol,
    Max,
    Min,
    OneMatrix,
    S,
    Symbol,
    Trace,
    asin,
    cos,
    exp,
    hadamard_product,
    log,
    sign,
    sin,
    sqrt,
    symbols,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

import sympy_matcalc as mc
from sympy_matcalc.canonical import functions
from sympy_matcalc.canonical.functions import elementwise, has_branch, may_be_put_into, power
from sympy_matcalc.kernel import make
from sympy_matcalc.kernel.session import complex_session, session
from sympy_matcalc.nodes.bound import BOUND
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
@pytest.mark.parametrize(
    "outer", ("log sum exp", pytest.param("log", marks=pytest.mark.slow), pytest.param("softmax", marks=pytest.mark.slow))
)
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


def test_a_scalar_of_a_matrix_is_real():
    """SymPy does not know that of a trace, and answers with real and imaginary parts."""
    t = Trace(W)
    assert mc.diff(Abs(t * z[0, 0]), z[0, 0]) == t * sign(t * z[0, 0])
    with session():
        assert functions.derivative(Abs(BOUND * t)) == t * sign(BOUND * t)


def test_a_function_of_a_matrix_that_depends_on_the_entry_is_refused():
    t = Symbol("t")
    f = mc.ElementSum((V.T * z).applyfunc(Lambda(t, Trace(mc.MatrixExp(t * W)))))
    for g in (mc.gradient, mc.hessian, mc.differential, mc.diff, mc.jacobian):
        with pytest.raises(mc.MissingRuleError, match="scalar of a matrix that depends on the argument"):
            g(f, z)


def test_a_symbol_that_is_infinite_has_no_derivative():
    q = Symbol("q", infinite=True)
    for f in (Max(q, mc.Norm(z)), mc.ElementSum(z.applyfunc(lambda u: Min(u, q)))):
        with pytest.raises(mc.MatcalcError, match="declared infinite"):
            mc.gradient(f, z)


def test_an_even_function_of_minus_z_is_that_of_z():
    """As is the derivative of the logistic function, though SymPy does not see it."""
    u, w = Symbol("u"), MatrixSymbol("w", n, 1)
    logistic = lambda k: 1 / (1 + exp(-k * u))  # noqa: E731
    even = {cos(u): True, u**2: True, logistic(1) * (1 - logistic(1)): True, exp(u) + exp(-u): True, exp(u): False, logistic(2): False}
    assert {f: functions.is_even(f.subs(u, BOUND)) for f in even} == even
    margin = -hadamard_product(y, H * w)
    found = mc.hessian(OneMatrix(1, m) * margin.applyfunc(lambda v: log(1 + exp(v))), w)
    assert not any(a.args[1].args[0].is_negative for a in found.atoms(ElementwiseApplyFunction) if isinstance(a.args[1], MatMul)), found


def test_a_bias_is_added_to_the_argument_in_every_spelling():
    """Also where SymPy's indexing has made a sum over entries of it."""
    b, w = Symbol("b", real=True), MatrixSymbol("w", n, 1)
    residual = y - (H * w + b * OneMatrix(m, 1)).applyfunc(lambda v: Max(0, v))
    assert mc.gradient((residual.T * residual)[0, 0], w) == mc.gradient(residual.T * residual, w)


@pytest.mark.parametrize(
    "body, has", [(log(BOUND), True), (sqrt(BOUND), True), (BOUND**2 + 1, False), (sin(BOUND), False), (sqrt(2) * BOUND, False), (log(2) * BOUND, False), (asin(BOUND + 1), True), (BOUND**-1, False)], ids=str,
)  # fmt: skip
def test_functions_with_a_branch_cut(body, has):
    assert has_branch(body) is has


@pytest.mark.parametrize(
    "outer, inner, of_complex",
    [
        (log(BOUND), 2 * BOUND + 1, True),
        (log(BOUND), BOUND**2, False),
        (log(BOUND), exp(BOUND), False),
        (exp(BOUND), log(BOUND), False),
        (BOUND**2, sqrt(BOUND), False),
        (exp(BOUND), BOUND**2, True),
        (sin(BOUND), exp(BOUND), True),
    ],
    ids=str,
)
def test_what_may_be_put_into_a_function(outer, inner, of_complex):
    """Of real numbers whatever is defined; of complex ones log(u^2) is not 2 log(u)."""
    with session():
        assert may_be_put_into(outer, inner)
    with complex_session():
        assert bool(may_be_put_into(outer, inner)) is of_complex


def test_functions_that_are_no_functions():
    X = MatrixSymbol("X", 2, 3)
    with session():
        assert elementwise(S(3), X) == make.mul(S(3), make.ones(S(2), S(3)))
        assert elementwise(BOUND, X) == X and elementwise(2 * BOUND, X) == make.mul(S(2), X)
        assert power(X, S.Zero) == make.ones(S(2), S(3)) and power(X, S.One) == X
        assert power(make.hadamard_power(X, S(2)), S(3)) == make.hadamard_power(X, S(6))
        assert power(make.hadamard_power(X, S(2)), S.Half) == make.hadamard_power(make.hadamard_power(X, S(2)), S.Half)
