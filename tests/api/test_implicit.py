"""Implicit derivatives: forms, conditions, and finite differences of roots that are found by Newton's method."""

import numpy as np
import pytest
from sympy import Eq, ImmutableMatrix, Matrix, MatrixSymbol, Q, Trace, exp, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n = symbols("n", integer=True, positive=True)
x, y, t = symbols("x y t")
A, B, C, P, S = (MatrixSymbol(name, n, n) for name in "ABCPS")
v, b = MatrixSymbol("v", n, 1), MatrixSymbol("b", n, 1)
f, g, K = mc.function("f"), mc.function("g", (n, 1)), mc.function("K", (n, n))

FORMS = [
    (mc.implicit(A * v - b, v, b), "A**(-1)", ("A is invertible",)),
    (mc.implicit(Eq(A * v, b), v, b), "A**(-1)", ("A is invertible",)),
    (mc.implicit(g(v) + A * v - b, v, b), "(A + D(g)(v))**(-1)", ("A + D(g)(v) is invertible",)),
    (mc.implicit(mc.gradient(f(v), v) + b, v, b), "-hess(f)(v)**(-1)", ("hess(f)(v) is invertible",)),
    (mc.implicit(x**2 + y**2 - 1, y, x), "-x/y", ()),
    (mc.implicit(A * P + P * A.T + K(t), P, t), "-lyap(A, K'(t))", ("no two eigenvalues of A add up to 0",)),
    (mc.implicit(A * P + P * B - K(t), P, t), "sylv(A, B, K'(t))", ("no eigenvalue of A is one of -B",)),
    (mc.implicit(A * P * B - K(t), P, t), "A**(-1)*K'(t)*B**(-1)", ("A is invertible", "B is invertible")),
    (mc.implicit(2 * P + A * P - K(t), P, t), "(A + 2*I)**(-1)*K'(t)", ("2*I + A is invertible",)),
    (mc.implicit(A * P * A.T - P + K(t), P, t), "dlyap(A, K'(t))", ("no product of two eigenvalues of A is 1",)),
    (mc.implicit(P - A.T * P * A - t * C, P, t), "dlyap(A.T, C)", ("no product of two eigenvalues of A.T is 1",)),
    (mc.implicit(4 * P - A * P * A.T - t * C, P, t), "dlyap(A/2, C)/4", ("no product of two eigenvalues of A/2 is 1",)),
    (mc.implicit(A * P - P * (B + C) - t * S, P, t), "sylv(A, -(B + C), S)", ("no eigenvalue of A is one of B + C",)),
    (mc.implicit(P * P - K(t), P, t), "sylv(P, P, K'(t))", ("no eigenvalue of P is one of -P",)),
    (
        mc.implicit(P - A * P * B - K(t), P, t),
        "unvec((I - KroneckerProduct(B.T, A))**(-1)*vec(K'(t)), n, n)",
        ("I - (KroneckerProduct(B.T, A)) is invertible",),
    ),
]


@pytest.mark.parametrize("found, text, conditions", FORMS, ids=[row[1] for row in FORMS])
def test_forms(found, text, conditions):
    assert str(found) == text
    assert mc.conditions(found) == conditions


def test_riccati_with_facts():
    """A'P + PA - PSP + K(t) = 0 of symmetric P and S: Lyapunov's equation of the closed loop."""
    found = mc.implicit(A.T * P + P * A - P * S * P + K(t), P, t, assumptions=Q.symmetric(P) & Q.symmetric(S))
    assert found.has(mc.Lyapunov) and not found.has(mc.Sylvester)


def test_discrete_riccati_with_facts():
    """The linearised equation's four terms are one product: Lyapunov's equation of the closed loop, in discrete time."""
    gain = (S + B.T * P * B).I * B.T * P * A
    stated = Q.symmetric(P) & Q.symmetric(S) & Q.symmetric(C)
    found = mc.implicit(A.T * P * A - P - A.T * P * B * gain + K(t), P, t, assumptions=stated)
    assert found.has(mc.DiscreteLyapunov) and not found.has(mc.Unvec)


SOLVED = [
    (A * v + sin(t) * b + v * (v.T * v)[0, 0], v, t),
    (A * v + mc.ElementSum(v) * b + (v.T * v)[0, 0] * v - b, v, b),
    (4 * v + (A * v).applyfunc(sin) - A * b, v, A),
    (A * P + P * B - t**2 * C, P, t),
    (A * P + P * A.T + P * P * P / 20 - t * C, P, t),
    (A * P * B + sin(t) * P - C, P, t),
    (P - A * P * B / 50 - t * C, P, t),
    (P - A * P * A.T / 50 - t * C, P, t),
    (A.T * P * A - 2 * P + sin(t) * C, P, t),
    (A * P + P * A.T + 2 * t * P - C, P, t),
    (P.T * A + P * B - t * C, P, t),
    (A * P + P * B - C, P, C),
    (A * P + P * B - C, P, A),
    (exp(y) + y + (b.T * b)[0, 0], y, b),
    (exp(y) + y * Trace(C) - t, y, t),
    (exp(y) + y - Trace(C * C), y, C),
    (v.T * A + t * (v.T * v)[0, 0] * v.T - b.T, v, t),
]  # fmt: skip


def _root(F, y, env, start):
    """F = 0 by Newton's method with a Jacobian of differences."""
    value = np.array(start, float)
    for _ in range(40):
        here = np.ravel(evaluate(F, env | {y: value}))
        columns = []
        for k in range(value.size):
            moved = value.copy()
            moved.reshape(-1)[k] += 1e-6
            columns.append((np.ravel(evaluate(F, env | {y: moved})) - here) / 1e-6)
        value = np.array(value - np.linalg.solve(np.array(columns).T, here).reshape(value.shape))
    assert np.max(np.abs(evaluate(F, env | {y: value}))) < 1e-10
    return value


@pytest.mark.parametrize("F, y, x", SOLVED, ids=[str(row[0]) for row in SOLVED])
def test_against_differences_of_the_root(F, y, x):
    rng = np.random.default_rng(11)
    env = {n: 2, t: 0.7} | {s: 0.4 * rng.standard_normal((2, 2)) + 3 * np.eye(2) for s in (A, B)}
    env |= {C: rng.standard_normal((2, 2)) + np.eye(2), b: 0.3 * rng.standard_normal((2, 1))}
    shape = [int(k.subs(n, 2)) for k in getattr(y, "shape", ())]
    root = _root(F, y, env, np.zeros(shape) + 0.1)
    found = np.asarray(evaluate(mc.implicit(F, y, x), env | {y: root}))
    size = np.size(env[x])
    rates = []
    for k in range(size):
        moved = [np.array(env[x], float) for _ in range(2)]
        for sign, value in zip((1, -1), moved):
            value.reshape(-1)[k] += sign * 1e-5
        ends = [_root(F, y, env | {x: value if value.ndim else float(value)}, root) for value in moved]
        rates.append((ends[0] - ends[1]) / 2e-5)
    rates = np.array(rates).reshape((*np.shape(env[x]), *shape))
    if found.shape and np.ndim(env[x]) == 2 and shape:  # the vec form: columns stacked
        rows, cols = np.shape(env[x])
        table = [rates[i, j].ravel(order="F") for j in range(cols) for i in range(rows)]
        rates = np.array(table).T
    np.testing.assert_allclose(np.ravel(found), np.ravel(rates), rtol=2e-5, atol=1e-7)


REFUSALS = [
    (lambda: mc.implicit(A * v - b, v, v), mc.ArgumentError, "two variables"),
    (lambda: mc.implicit(A * b, v, b), mc.ArgumentError, "does not depend"),
    (lambda: mc.implicit(v.T * v, v, b), mc.ShapeError, "as many equations"),
    (lambda: mc.implicit(A * v - b, ImmutableMatrix([x, y]), b), mc.UnsupportedVariableError, "variable"),
]


@pytest.mark.parametrize("call, error, text", REFUSALS)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_explicit_variables_are_those_of_a_system_of_equations():
    u, v, x, y = symbols("u v x y")
    found = mc.implicit(Matrix([u + v - x, u * v - y]), Matrix([u, v]), Matrix([x, y]))
    assert found == Matrix([[u / (u - v), -1 / (u - v)], [-v / (u - v), 1 / (u - v)]])
    assert mc.conditions(found) == ("Matrix([[1, 1], [v, u]]) is invertible",)
    assert mc.implicit(x**2 + y**2 - 1, y, Matrix([x])) == Matrix([[-x / y]])
    with pytest.raises(mc.ArgumentError, match="singular"):
        mc.implicit(Matrix([u + v - x, 2 * u + 2 * v]), Matrix([u, v]), x)
    with pytest.raises(mc.ShapeError, match="as many equations"):
        mc.implicit(Matrix([u + v - x]), Matrix([u, v]), x)
