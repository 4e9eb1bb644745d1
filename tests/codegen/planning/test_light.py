"""The identity plus constants and outer products: applied without being formed, on every side, and formed where it meets entries."""

import tracemalloc

import numpy as np
import pytest
from sympy import DiagMatrix, HadamardProduct, Identity, MatrixSymbol, OneMatrix, Symbol, Trace, exp, log, symbols, tanh

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
P, p = DiagMatrix(v) - v * v.T, np.diag(av) - np.outer(av, av)  # of probabilities, the derivative of a softmax
Q, q = t * v * v.T - v * v.T + DiagMatrix(-v), -0.3 * np.outer(av, av) - np.diag(av)
MATRICES = {
    "centring": (C, c),
    "reflection": (H, h),
    "scaled": (S, s),
    "diagonal": (D, r),
    "all of them": (E, e),
    "probabilities": (P, p),
    "minus": (Q, q),
}
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


def test_the_vector_of_the_diagonal_and_of_the_sides_is_taken_out():
    assert planned([P * X], {m: 1000, n: 1000}) == "(X + -1*matmul(v, X))*view(v; 0, None)"


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


ONES = np.ones((5, 5))
L, U = mc.LowerTriangle(OneMatrix(m, m)), mc.UpperTriangle(OneMatrix(m, m))
CUMULATIVE = {
    "columns": (L * X, np.tril(ONES) @ aX),
    "columns, from the end": (L.T * X, np.triu(ONES) @ aX),
    "rows": (X.T * L, aX.T @ np.tril(ONES)),
    "rows of the other": (X.T * U, aX.T @ np.triu(ONES)),
    "a vector": (U * x, np.triu(ONES) @ at),
    "twice": (L * L * x, np.tril(ONES) @ np.tril(ONES) @ at),
    "scaled": (L * DiagMatrix(d) * L.T * x, np.tril(ONES) @ np.diag(ad) @ np.tril(ONES).T @ at),
}


@pytest.mark.parametrize("name", CUMULATIVE)
def test_a_triangle_of_ones_is_a_cumulative_sum(name):
    expr, expected = CUMULATIVE[name]
    f = mc.lambdify(ARGS, expr)
    np.testing.assert_allclose(np.reshape(f(*data), expected.shape), expected)
    assert "cumsum(" in f.source and "np.tri" not in f.source


def test_other_triangles_are_products():
    for expr, expected in [
        (mc.LowerTriangle(OneMatrix(m, m), -1) * X, np.tril(ONES, -1) @ aX),
        (mc.LowerTriangle(B) * X, np.tril(aB) @ aX),
    ]:
        f = mc.lambdify(ARGS, expr)
        np.testing.assert_allclose(f(*data), expected)
        assert "cumsum(" not in f.source


def test_the_hessian_of_a_partial_likelihood_has_no_matrix_of_pairs():
    """Cox: as many samples as coefficients squared; the sums over those at risk are cumulative."""
    b = MatrixSymbol("b", n, 1)
    z = X * b
    loss = mc.ElementSum(mc.ReverseCumulativeSum(z.applyfunc(exp)).applyfunc(log)) - mc.ElementSum(z)
    f = mc.lambdify([X, b], mc.hessian(loss, b))
    draw = np.random.default_rng(2)
    sample, at_b = draw.standard_normal((4000, 3)), draw.standard_normal(3)
    f(sample[:50], at_b)
    tracemalloc.start()
    value = f(sample, at_b)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    e = np.exp(sample @ at_b)
    risk = np.cumsum(e[::-1])[::-1]
    first = np.cumsum((e[:, None] * sample)[::-1], 0)[::-1] / risk[:, None]
    weights = np.cumsum(1 / risk) * e
    np.testing.assert_allclose(value, (weights[:, None] * sample).T @ sample - first.T @ first, rtol=1e-8, atol=1e-8)
    assert peak < 2_000_000  # a matrix of pairs has 128 MB
