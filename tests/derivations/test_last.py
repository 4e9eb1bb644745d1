"""The differential of a scalar is written behind its factors."""

import pytest
from sympy import Determinant, MatrixSymbol, Symbol, exp, log, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.derivations.explain import derived

n = symbols("n", integer=True, positive=True)
t, s = symbols("t s", real=True)
A, X, x = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n), MatrixSymbol("x", n, 1)


@pytest.mark.parametrize(
    "f, order, line, tex",
    [
        (sin(t) * exp(t), 1, "(sin(t) + cos(t))*exp(t)*dt", r"\right) e^{t} \, \mathrm{d}t &&"),
        (sin(t) ** 2, 2, "(2*cos(t)**2 - 2*sin(t)**2)*dt**2", r"\right) \, \mathrm{d}t^{2} &&"),
        (log(Determinant(A + t * X)), 1, "tr((A + t*X).I*X)*dt", r"X\right) \, \mathrm{d}t &&"),
        (exp(t) * A * x, 1, "exp(t)*A*x*dt", r"e^{t} A x \, \mathrm{d}t &&"),
        ((A + t * X).I, 1, "-(A + t*X).I*X*(A + t*X).I*dt", r"^{-1} \, \mathrm{d}t &&"),
        (t / (1 + t**2), 1, "dt/(t**2 + 1) - 2*t**2*dt/(t**2 + 1)**2", r"{t^{2} + 1} - \frac{2 t^{2}}{"),
        (log(t) * mc.Norm(A) ** 2, 1, "norm(A)**2*dt/t", r"^{2}}{t} \, \mathrm{d}t &&"),
    ],
    ids=str,
)
def test_it_stands_last(f, order, line, tex):
    d = derived(f, t, order=order)
    assert line in str(d) and tex in d.latex(), d.latex()
    assert any(line == step["right"] and step["text"].startswith(f"{step['left']} = {line}") for step in d.as_dict()["steps"])


def test_a_symbol_of_that_name_that_is_no_differential_stays_where_it_is():
    d = derived(Symbol("dt", real=True) * sin(t), t)
    assert d.steps[-1].left.direction.name == "dt'" and "dt*cos(t)*dt'" in str(d)
