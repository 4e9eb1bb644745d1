"""The identity plus constants and outer products: applied without being formed, on every side, and formed where it meets entries."""

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, Identity, MatrixSymbol, OneMatrix, Symbol, Trace, symbols, tanh

import sympy_matcalc as mc

from ...answers import planned

m, n = symbols("m n", integer=True, positive=True)
t = Symbol("t")
x, v, d = MatrixSymbol("x", m, 1), MatrixSymbol("v", m, 1), MatrixSymbol("d", m, 1)
X, Y, B = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("B", m, m)
ARGS = [x, v, d, X, Y, B, t]
rng = np.random.default_rng(1)
data = [*rng.standard_normal((3, 5)), *rng.standard_normal((2, 5, 3)), rng.standard_normal((5, 5)), 0.7]
at, av, ad, aX, aY, aB, _ = data
I = Identity(m)
C, c = I - OneMatrix(m, m) / m, np.eye(5) - 1 / 5
H, h = I - 2 * v * v.T, np.eye(5) - 2 * np.outer(av, av)
S, s = t * I + x * v.T, 0.7 * np.eye(5) + np.outer(at, av)
D, r = DiagMatrix(d) + v * x.T, np.diag(ad) + np.outer(av, at)
E, e = 3 * I + t * OneMatrix(m, m) + v * v.T, 3 * np.eye(5) + 0.7 + np.outer(av, av)
MATRICES = {"centring": (C, c), "reflection": (H, h), "scaled": (S, s), "diagonal": (D, r), "all of them": (E, e)}
USES = {
    "a vector": (lambda M: M * x, lambda a: a @ at),
    "a vector on the left": (lambda M: M.T * x, lambda a: a.T @ at),
    "columns": (lambda M: M * X, lambda a: a @ aX),
    "rows": (lambda M: X.T * M, lambda a: aX.T @ a),
    "both sides": (lambda M: X.T * M * Y, lambda a: aX.T @ a @ aY),
    "itself": (lambda M: M * M * X, lambda a: a @ a @ aX),
    "a function of it": (lambda M: M.applyfunc(tanh) * X, lambda a: np.tanh(a) @ aX),
    "entries": (lambda M: HadamardProduct(M, B) * X, lambda a: (a * aB) @ aX),
    "a trace": (lambda M: Trace(X.T * M * Y), lambda a: np.trace(aX.T @ a @ aY)),
    "an inverse": (lambda M: M.I * X, lambda a: np.linalg.inv(a) @ aX),
}


@pytest.mark.parametrize(("name", "use"), [(a, b) for a in MATRICES for b in USES if (a, b) != ("centring", "an inverse")])
def test_values(name, use):
    (M, a), (of, right) = MATRICES[name], USES[use]
    np.testing.assert_allclose(np.squeeze(mc.lambdify(ARGS, of(M))(*data)), right(a), rtol=1e-9, atol=1e-11)


FORMED = ("eye(", "add_diagonal(", "diag(", "v*view(v; 0, None)", "v*view(x; 0, None)", "x*view(v; 0, None)")


@pytest.mark.parametrize("use", ["a vector", "a vector on the left", "columns", "rows", "both sides", "itself"])
@pytest.mark.parametrize("name", MATRICES)
def test_it_is_not_formed(name, use):
    text = planned([USES[use][0](MATRICES[name][0])], {m: 1000, n: 5})
    assert not any(word in text for word in FORMED), text


def test_the_gradient_of_a_centred_regression_takes_memory_of_its_data():
    w, y = MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
    f = (C * X * w - y).T * (C * X * w - y) / (w.T * X.T * C * X * w)[0, 0]
    gradient, hessian = (mc.lambdify([w, X, y], of(f[0, 0], w)) for of in (mc.gradient, mc.hessian))
    assert "np.eye(m" not in gradient.source and "np.eye(m" not in hessian.source
    at_w, step = rng.standard_normal(3), 1e-6
    ends = [gradient(at_w + step * side * np.eye(3)[0], aX, at) for side in (1, -1)]
    np.testing.assert_allclose(hessian(at_w, aX, at)[0], (ends[0] - ends[1]) / (2 * step), rtol=1e-6, atol=1e-8)


def test_other_sums_are_formed():
    source = mc.lambdify(ARGS, (B + I) * x).source
    assert "_add_diagonal(B" in source or "B.dot(x)" in source
    np.testing.assert_allclose(mc.lambdify(ARGS, (B + I) * x)(*data), aB @ at + at, rtol=1e-12)
