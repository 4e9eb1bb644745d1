"""A function of the entries has one form: however its argument was typed, and as the sum over entries that SymPy writes."""

import numpy as np
import pytest
from sympy import (
    Abs,
    Derivative,
    Integral,
    Lambda,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Product,
    Subs,
    Sum,
    erf,
    exp,
    log,
    sin,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions import DiagMatrix, HadamardProduct

import sympy_matcalc as mc
from sympy_matcalc.canonical.arguments import taken_out
from sympy_matcalc.canonical.form import prepare_whole
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND as u

m, n = symbols("m n", integer=True, positive=True)
t, b = symbols("t b", positive=True)
X, w = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1)
x, y = MatrixSymbol("x", m, 1), MatrixSymbol("y", m, 1)
ones = OneMatrix(m, 1)
residual = X * w - y
logistic, softplus = 1 / (1 + exp(-u)), log(1 + exp(u))
BODIES = {
    "logistic": logistic,
    "softplus": softplus,
    "exp(-u)": exp(-u),
    "Gaussian": exp(-(u**2) / 2),
    "tanh": tanh(u),
    "hinge": Max(0, 1 - u),
    "squared hinge": Max(0, 1 - u) ** 2,
    "pseudo-Huber": sqrt(1 + u**2),
    "log of logistic": log(logistic),
    "modulus": Abs(u),
    "Huber": Piecewise((u**2 / 2, Abs(u) <= 1), (Abs(u) - sqrt(2), True)),
    "shifted": sin(2 * u + 1),
}
ARGUMENTS = {
    "x": x,
    "-x": -x,
    "t x": t * x,
    "Xw": X * w,
    "-Xw": -X * w,
    "residual": residual,
    "y - Xw": y - X * w,
    "twice": 2 * residual,
    "bias": X * w + b * ones,
    "diagonal": -DiagMatrix(y) * X * w,
    "squares": HadamardProduct(x, x),
}
SHORT = {"x", "-Xw", "y - Xw", "diagonal"}
CASES = [(f, a) for k, f in enumerate(BODIES) for j, a in enumerate(ARGUMENTS) if a in SHORT or (k + j) % 4 == 0]


@pytest.mark.parametrize("function, argument", CASES, ids=[f"{f} of {a}" for f, a in CASES])
def test_the_entry_has_the_derivative_of_the_matrix(function, argument):
    f = OneMatrix(1, m) * ARGUMENTS[argument].applyfunc(Lambda(u, BODIES[function]))
    variable = x if f.has(x) else w
    assert str(mc.gradient(f[0, 0], variable)) == str(mc.gradient(f, variable))


SPELLINGS = {
    "a sign": [(log(1 + exp(-u)), X * w), (softplus, -X * w)],
    "a sign of a sum": [(exp(-u), residual), (exp(u), y - X * w), (exp(u), -residual)],
    "a number": [(log(2 * u), x), (log(u), 2 * x)],
    "a symbol": [(exp(t * u), x), (exp(u), t * x)],
    "a shift": [(Max(0, u + b), X * w), (Max(0, u), X * w + b * ones)],
    "a hinge": [(Max(0, 1 - u), x), (Max(0, u), ones - x)],
    "squares": [(exp(u**2), x), (exp(u), HadamardProduct(x, x)), (exp(u**2), -x)],
    "an odd function": [(tanh(u), residual), (-tanh(u), y - X * w)],
    "logistic of the negative": [(1 / (1 + exp(u)), x), (logistic, -x)],
    "nested": [(log(1 + u), x.applyfunc(exp)), (softplus, x)],
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_one_form_for_all_spellings(name):
    with session():
        assert len({prepare_whole(a.applyfunc(Lambda(u, body))) for body, a in SPELLINGS[name]}) == 1


@pytest.mark.parametrize(
    "body, function, argument",
    [
        (logistic, logistic, u),
        (log(1 + exp(-u)), softplus, -u),
        (u * logistic, u * logistic, u),  # of u and of -u
        (u * exp(-(u**2)), u * exp(-(u**2)), u),
        (exp(-u) / (1 + exp(-u)) ** 2, exp(-u) / (1 + exp(-u)) ** 2, u),
        ((u + b) * erf(2 * u + 2 * b), u * erf(2 * u), u + b),
        (Max(0, 1 - u) ** 2, Max(0, u) ** 2, 1 - u),
        (1 + exp(u**2), 1 + exp(u), u**2),
    ],
)
def test_taken_out(body, function, argument):
    with session():
        found, inner = taken_out(body)
        assert (found, inner.of(u)) == (function, argument)
        assert (found.subs(u, inner.of(u)) - body).equals(0)


a, c = symbols("a c", real=True)  # which may be 0


@pytest.mark.parametrize(
    "body, function, argument",
    [
        (sin(a * u) + c * u, sin(a * u) + c * u, u),  # c/a has no value at a = 0, where this is c*u
        (sin(a * u) + sin(c * u), sin(a * u) + sin(c * u), u),
        (sin(a * u) + a * c * u, sin(u) + c * u, a * u),
        (sin(u / a) + u / (a * c), sin(u) + u / c, u / a),  # what the body divides by already
        (sin(t * u) + c * u, sin(u) + c * u / t, t * u),  # t is not 0
    ],
)
def test_no_symbol_that_may_be_zero_comes_to_stand_below(body, function, argument):
    with session():
        found, inner = taken_out(body)
        assert (found, inner.of(u)) == (function, argument)


def test_the_derivative_has_a_value_where_the_symbol_is_zero():
    found = mc.jacobian(x.applyfunc(Lambda(u, sin(a * u) + c * u)), x)
    code = mc.lambdify([a, c, x], found)
    np.testing.assert_allclose(code(0.0, 2.0, np.array([[0.5], [-1.0]])), 2 * np.eye(2), rtol=1e-12)


def test_what_the_book_prints_stays():
    """Logistic and hinge losses with labels."""
    labels = DiagMatrix(y)
    for body, slope in ((softplus, "sigmoid({})"), (Max(0, u), "apply(u -> Heaviside(u), {})")):
        f = OneMatrix(1, m) * (-labels * X * w).applyfunc(Lambda(u, body))
        text = f"-X.T*DiagMatrix(y)*{slope.format('-DiagMatrix(y)*X*w')}"
        assert str(mc.gradient(f, w)) == str(mc.gradient(f[0, 0], w)) == text
    assert str(mc.gradient(OneMatrix(1, m) * HadamardProduct(x, x).applyfunc(exp), x)) == ("2*HadamardProduct(x, exp(HadamardPower(x, 2)))")


k = symbols("k", integer=True)


@pytest.mark.parametrize(
    "body, derivative",
    [
        (Sum(exp(k * u), (k, 0, 3)), "Sum(k*exp(k*u), (k, 0, 3))"),
        (Sum(sin(k + u), (k, 0, 3)), "Sum(cos(k + u), (k, 0, 3))"),
        (Integral(exp(b * u), (b, 0, 1)), "Integral(b*exp(b*u), (b, 0, 1))"),
        (Subs(sin(b * u), b, 2), "2*apply(u -> cos(2*u), x)"),
        (Derivative(sin(b * u), b), "-b*u*sin(b*u) + cos(b*u)"),
    ],
    ids=str,
)
def test_what_is_bound_in_a_function_stays_in_it(body, derivative):
    found = str(mc.gradient(mc.ElementSum(x.applyfunc(Lambda(u, body))), x))
    assert found in (derivative, f"apply(u -> {derivative}, x)")


@pytest.mark.parametrize("body", [Sum(exp(k * u), (k, 0, 3)), Product(1 + k * u, (k, 1, 3)), Sum(sin(k + u) ** 2, (k, 0, 2))], ids=str)
def test_values_of_functions_with_indices(body):
    f = mc.ElementSum(X.applyfunc(Lambda(u, body)))
    assert mc.check(f, X).ok
    at = np.array([[0.3, -0.2, 0.7], [0.1, 0.4, -0.6]])
    expected = [[body.doit().diff(u).evalf(20, subs={u: v}) for v in row] for row in at]
    assert np.allclose(mc.lambdify([X], mc.gradient(f, X))(at), np.array(expected, dtype=float))
