"""Taylor polynomials: forms, and remainders that shrink with the right power of the step."""

import numpy as np
import pytest
from sympy import Determinant, Identity, KroneckerProduct, Matrix, MatrixSymbol, Trace, ZeroMatrix, exp, log, sin, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n = symbols("n", integer=True, positive=True)
x, y, t, t0 = symbols("x y t t0")
A, B, X, X0 = (MatrixSymbol(name, n, n) for name in ("A", "B", "X", "X0"))
v, v0, b = (MatrixSymbol(name, n, 1) for name in ("v", "v0", "b"))
r, r0 = MatrixSymbol("r", 1, n), MatrixSymbol("r0", 1, n)
f, F = mc.function("f"), mc.function("F", (n, n))

FORMS = [
    (mc.taylor(f(v), v, v0, 2), "((v - v0).T*grad(f)(v0))[0, 0] + ((v - v0).T*hess(f)(v0)*(v - v0))[0, 0]/2 + f(v0)"),
    (mc.taylor(log(Determinant(X)), X, Identity(n), 2), "Trace(X - I) - Trace((X - I)**2)/2"),
    (mc.taylor(X.I, X, X0), "X0**(-1) - X0**(-1)*(X - X0)*X0**(-1)"),
    (mc.taylor(F(X), X, X0), "F(X0) + D(F)(X0)[X - X0]"),
    (mc.taylor(x**2 + y**2, Matrix([x, y]), Matrix([1, 2])), "2*(x - 1) + 4*(y - 2) + 5"),
    (mc.taylor(sin(t), t, 0, 2), "t"),
]


@pytest.mark.parametrize("found, text", FORMS, ids=[row[1] for row in FORMS])
def test_forms(found, text):
    assert str(found) == text


FUNCTIONS = [
    ((v.T * A * v)[0, 0] + exp((b.T * v)[0, 0] / 10), v, v0), (log(Determinant(X.T * X + A.T * A)), X, X0), (X * A * X, X, X0), (X.I * A, X, X0), (f(A * v), v, v0),
    (F(X) * X, X, X0), ((A * v).applyfunc(sin), v, v0), (Trace(X * X * X), X, X0), (mc.Norm(v), v, v0), (F(t) * F(t**2), t, t0),
    (exp(t) * sin(t**2), t, t0), (r * A * r.T, r, r0), (r * A, r, r0), (A * sin(v[0, 0]), v, v0), (F(r.T * r), r, r0),
]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("g, X, X0", FUNCTIONS, ids=[str(row[0]) for row in FUNCTIONS])
def test_the_remainder_shrinks(g, X, X0, order):
    """f(X0 + h E) - T(X0 + h E) is of the order h^(k + 1): half the step, an eighth or a quarter of the remainder."""
    found, rng = mc.taylor(g, X, X0, order), np.random.default_rng(5)
    env = {s: rng.standard_normal([int(k.subs(n, 3)) for k in s.shape]) + 2 * np.eye(*[int(k.subs(n, 3)) for k in s.shape]) for s in (A, b)}
    shape = [int(k.subs(n, 3)) for k in getattr(X, "shape", ())]
    center, step = 1.5 + 0.3 * rng.standard_normal(shape) + (2 * np.eye(3) if shape == [3, 3] else 0), rng.standard_normal(shape)

    def remainder(h):
        here = env | {n: 3, X0: center, X: center + h * step}
        return np.max(np.abs(np.asarray(evaluate(g, here)) - np.asarray(evaluate(found, here))))

    first, second = remainder(0.02), remainder(0.01)
    assert first < 1e-11 or 0.6 * 2 ** (order + 1) < first / second < 1.7 * 2 ** (order + 1) or second < 1e-10


@pytest.mark.parametrize("order", [1, 2])
def test_explicit_variables(order):
    """As SymPy's series of f along x0 + h (x - x0)."""
    h, V, V0 = symbols("h"), Matrix([x, y]), Matrix([1, 2])
    g = x**3 * y + sin(x) * y**2
    along = g.subs({x: 1 + h * (x - 1), y: 2 + h * (y - 2)}, simultaneous=True)
    expected = sum(along.diff(h, k).subs(h, 0) / (2 if k == 2 else 1) for k in range(order + 1))
    assert (mc.taylor(g, V, V0, order) - expected).expand() == 0
    found = mc.taylor(Matrix([g, x]), V, [1, 2], order)
    assert (found - Matrix([expected, x])).expand() == Matrix([0, 0])


REFUSALS = [
    (lambda: mc.taylor(v.T * v, v, v0, 3), mc.ArgumentError, "order 1 or 2"),
    (lambda: mc.taylor(v.T * v, v, 2 * v), mc.ArgumentError, "variable in it"),
    (lambda: mc.taylor(v.T * v, v, 3), mc.ShapeError, "shape"),
    (lambda: mc.taylor(v.T * v, v, b.T), mc.ShapeError, "shape"),
    (lambda: mc.taylor(v.T * v, v.T, v0.T), mc.UnsupportedVariableError, "takes a MatrixSymbol"),
    (lambda: mc.taylor("x", x, 0), mc.ExpressionError, "expression"),
]


@pytest.mark.parametrize("call, error, text", REFUSALS)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call()


AT_CONSTANTS = [
    (lambda: mc.taylor(mc.MatrixExp(X), X, ZeroMatrix(n, n), order=2), "I + X + X**2/2"),
    (lambda: mc.taylor(mc.MatrixLog(X), X, Identity(n), order=2), "X - I - (X - I)**2/2"),
    (lambda: mc.taylor(mc.MatrixSqrt(X), X, Identity(n)), "I + (X - I)/2"),
    (lambda: mc.taylor(mc.MatrixExp(A * t), t, 0, order=2), "I + t*A + t**2*A**2/2"),
    (lambda: mc.taylor((A + t * B).I, t, 0), "A**(-1) - t*A**(-1)*B*A**(-1)"),
    (lambda: mc.taylor(log(Determinant(Identity(n) + t * B)), t, 0, order=2), "-t**2*Trace(B**2)/2 + t*Trace(B)"),
    (lambda: mc.taylor(mc.Sigmoid(v), v, ZeroMatrix(n, 1), order=2), "ones(n, 1)/2 + v/4"),
    (lambda: mc.taylor(mc.LogSumExp(v), v, ZeroMatrix(n, 1)), "log(n) + mean(v)"),
    (lambda: mc.taylor(KroneckerProduct(X, A), X, B, order=2), "KroneckerProduct(B, A) + KroneckerProduct(X - B, A)"),
    (lambda: mc.taylor(X.T * A * X, X, B), "B.T*A*B + B.T*A*(X - B) + (X - B).T*A*B"),
]


@pytest.mark.parametrize("make, text", AT_CONSTANTS, ids=[text for _, text in AT_CONSTANTS])
def test_at_a_constant_nothing_is_left_to_evaluate(make, text):
    assert str(make()) == text
