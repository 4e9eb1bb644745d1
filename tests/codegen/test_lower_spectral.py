"""Values and derivatives of functions of functions of a symmetric matrix whose eigenvalues are far apart."""

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Identity, MatrixSymbol, Trace, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate

n = symbols("n", integer=True, positive=True)
S, C, A, B = (MatrixSymbol(name, n, n) for name in "SCAB")
eye, expm = Identity(n), mc.MatrixExp

CASES = [
    (expm(-S), lambda w: mp.exp(-w)),
    ((eye + expm(S)).I, lambda w: 1 / (1 + mp.exp(w))),
    ((eye + expm(-S)).I, lambda w: 1 / (1 + mp.exp(-w))),
    (mc.MatrixFunction(lambda u: 1 / (1 + exp(-u)), S), lambda w: 1 / (1 + mp.exp(-w))),
    (expm(S) * (eye + expm(S)).I, lambda w: 1 / (1 + mp.exp(-w))),
    (mc.MatrixLog(eye + expm(S)), lambda w: mp.log(1 + mp.exp(w))),
    (S * (expm(S) - eye).I, lambda w: w / mp.expm1(w)),
]


def far_apart(size=5, spread=43.0):
    rng = np.random.default_rng(3)
    q, _ = np.linalg.qr(rng.standard_normal((size, size)))
    s = q @ np.diag(np.linspace(-0.4, 0.6, size) * spread) @ q.T
    c = rng.standard_normal((size, size))
    return (s + s.T) / 2, c + c.T


@pytest.mark.parametrize(("e", "f"), CASES, ids=lambda x: str(x) if x.__class__.__name__ != "function" else "")
def test_values_and_gradients(e, f):
    s, c = far_apart()
    w, q = np.linalg.eigh(s)
    inner = q.T @ c @ q
    with mp.workdps(60):
        values = [f(mpf(x)) for x in w]
        slopes = np.array(
            [
                [float((a - b) / (mpf(x) - mpf(y))) if x != y else float(mp.diff(f, mpf(x))) for y, b in zip(w, values)]
                for x, a in zip(w, values)
            ]
        )
        values = np.array([float(v) for v in values])
    found = mc.lambdify([S, C], Trace(C * e))(s, c)
    assert abs(found - values @ inner.diagonal()) < 1e-12 * abs(values).max() * abs(c).max()
    gradient = mc.lambdify([S, C], mc.gradient(Trace(C * e), S))(s, c)
    exact = q @ (slopes * inner) @ q.T
    assert np.abs(gradient - exact).max() < 1e-12 * np.abs(exact).max()


@pytest.mark.parametrize(("e", "f"), CASES, ids=lambda x: str(x) if x.__class__.__name__ != "function" else "")
def test_values_of_what_is_not_symmetric(e, f):
    a, c = np.random.default_rng(0).standard_normal((2, 4, 4))
    w, v = np.linalg.eig(a)
    exact = ((v * [complex(f(x)) for x in w]) @ np.linalg.inv(v)).real
    assert np.allclose(mc.lambdify([S, C], C * e)(a, c), c @ exact, rtol=1e-9)


def test_compositions_with_products_in_their_functions():
    """They are read outside of a derivation, where nodes are made as well."""
    for e in ((mc.MatrixExp(-A * B) + B).I, (3 * Identity(n) - A * mc.MatrixExp(-2 * A)).I):
        b = np.array([[2.0, 0.3], [0.1, 1.5]])
        a = np.array([[0.2, 0.5], [-0.4, 0.1]])
        np.testing.assert_allclose(mc.lambdify([A, B], e)(a, b), evaluate(e, {n: 2, A: a, B: b}), atol=1e-12)
