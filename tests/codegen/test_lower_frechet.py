"""Fréchet derivatives in generated code: by one decomposition where a library looks at values, for functions that have the words for it."""

import numpy as np
import pytest
import sympy as sp
from scipy import linalg
from sympy import Lambda, MatrixSymbol, Trace, asin, cos, cot, exp, log, sqrt, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc import FrechetDerivative, FrechetMatrix, MatrixExp, MatrixFunction, MatrixLog, MatrixSqrt, Sigmoid, lambdify

n = symbols("n", integer=True, positive=True)
S, C, R, E, F = (MatrixSymbol(c, n, n) for c in "SCREF")
t, u = symbols("t u")
rng = np.random.default_rng(11)


def definite(k):
    b = rng.normal(size=(k, k))
    return b @ b.T / k + np.eye(k)


OBJECTIVES = {
    "exponential": Trace(C * MatrixExp(S)),
    "logarithm": Trace(C * MatrixLog(S)),
    "root": Trace(C * MatrixSqrt(S)),
    "entropy": Trace(S * MatrixLog(S)),
    "of a product": Trace(MatrixSqrt(R * S * R)),
    "own": Trace(C * MatrixFunction(Lambda(u, u * exp(-(u**2))), S)),
    "logistic": Trace(C * MatrixFunction(Sigmoid, S)),
}


@pytest.mark.parametrize("kind", ["repeated", "definite", "general", "1x1"])
@pytest.mark.parametrize("f", OBJECTIVES.values(), ids=OBJECTIVES)
def test_hessians_are_differences_of_gradients(f, kind):
    symbols_ = [S, *(s for s in (C, R) if f.has(s))]
    gradient, hessian = lambdify(symbols_, mc.gradient(f, S)), lambdify(symbols_, mc.hessian(f, S))
    assert "for i" not in hessian.source[hessian.source.index("def compute") :]
    k = 1 if kind == "1x1" else 4
    q = np.linalg.qr(rng.normal(size=(k, k)))[0]
    a = (q * [1, 1, 2, 2]) @ q.T if kind == "repeated" else definite(k)
    a = np.diag([1.0, 2, 3, 4]) + 0.3 * rng.normal(size=(k, k)) if kind == "general" else a
    others = [{C: rng.normal(size=(k, k)), R: definite(k)}[s] for s in symbols_[1:]]
    got, step = np.array(hessian(a, *others)).reshape((k,) * 4), 1e-3
    for _ in range(3):
        e = rng.normal(size=(k, k)) / k
        values = [np.array(gradient(a + s * step * e, *others)).reshape(k, k) for s in (-2, -1, 1, 2)]
        slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step)
        np.testing.assert_allclose(np.einsum("ijkl,kl->ij", got, e), slope, atol=2e-9 * max(1, np.abs(slope).max()))


def test_near_values_lose_no_digits():
    """Beside a multiple of the identity the second derivative of tr(C f(S)) is f'' (E C + C E)/2 there, but for terms in the step."""
    c, e = rng.normal(size=(2, 5, 5))
    hessian = lambdify([S, C], mc.hessian(Trace(C * MatrixLog(S)), S))
    for gap in (0, 1e-15, 1e-12, 1e-8):
        d = rng.normal(size=(5, 5))
        got = np.einsum("ijkl,ij,kl->", hessian(2 * np.eye(5) + gap * (d + d.T), c), e, e)
        assert got == pytest.approx(-0.25 * np.trace(c @ e @ e), rel=1e-13 + 20 * gap)


@pytest.mark.parametrize(
    "body", [u**3, u ** sp.Rational(5, 2), u**t, 2**u, u**u, cos(t * u) + t, cot(u), 1 / (1 + u), tanh(u) * log(u), sqrt(1 + u**2)], ids=str
)
def test_words_of_functions(body):
    f, a = Lambda(u, body), definite(4) / 2
    e, g = rng.normal(size=(2, 4, 4))
    code = lambdify(
        [S, E, F, t], [FrechetDerivative(f, S, E), FrechetDerivative(f, S, E, F), FrechetMatrix(f, S, 1, F), MatrixFunction(f, S)]
    )
    assert "_block_triangular(S" not in code.source
    one, two, matrix, value = code(a, e, g, 0.7)
    assert one.dtype == two.dtype == matrix.dtype == float
    w, v = np.linalg.eigh(a)
    scalar = sp.lambdify([u, t], body)
    np.testing.assert_allclose((v * [scalar(x, 0.7) for x in w]) @ v.T, value, rtol=1e-10, atol=1e-12)
    function = lambdify([S, t], MatrixFunction(f, S))
    np.testing.assert_allclose(one, (function(a + 1e-5 * e, 0.7) - function(a - 1e-5 * e, 0.7)) / 2e-5, atol=1e-7 * np.abs(one).max())
    first = lambdify([S, E, t], FrechetDerivative(f, S, E))
    np.testing.assert_allclose(two, (first(a + 1e-5 * g, e, 0.7) - first(a - 1e-5 * g, e, 0.7)) / 2e-5, atol=1e-7 * np.abs(two).max())
    np.testing.assert_allclose(matrix @ e.ravel(order="F"), two.ravel(order="F"), atol=1e-12 * np.abs(two).max())


def test_what_goes_by_blocks():
    third = lambdify([S, E], FrechetDerivative(log, S, E, E, E)).source
    assert "_block_triangular(" in third and "_frechet(" not in third
    by_log = lambdify(S, FrechetMatrix(asin, S))
    assert "_block_triangular(S" in by_log.source
    got = by_log(np.diag([0.1, 0.5]))
    assert np.diag(got) == pytest.approx([0.99**-0.5, *[(np.arcsin(0.5) - np.arcsin(0.1)) / 0.4] * 2, 0.75**-0.5])
    jax = pytest.importorskip("jax")
    code = lambdify(S, FrechetMatrix(exp, S), modules="jax")
    a = definite(3)
    with jax.enable_x64() if hasattr(jax, "enable_x64") else jax.experimental.enable_x64():
        np.testing.assert_allclose(code(a), lambdify(S, FrechetMatrix(exp, S))(a), rtol=1e-10)


def test_one_decomposition_for_all_that_is_asked_for():
    source = lambdify([S, C], [MatrixLog(S), MatrixSqrt(S), FrechetDerivative(log, S, C), FrechetMatrix(sqrt, S)]).source
    assert source[source.index("def compute") :].count("_spectrum(") == 1


def test_complex_matrices():
    a = definite(3) + 0.2j * rng.normal(size=(3, 3))
    e = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    for f, of in ((exp, linalg.expm), (log, linalg.logm), (sqrt, linalg.sqrtm)):
        for x in (a, a + a.conj().T, a.real):
            got = lambdify([S, E], FrechetDerivative(f, S, E), complex=True)(x, e)
            zero = np.zeros_like(e)
            np.testing.assert_allclose(got, of(np.block([[x, e], [zero, x]]))[:3, 3:], atol=1e-11)


@pytest.mark.parametrize("name", ["tanh", "exp", "cot", "asin"])
def test_an_undefined_function_is_not_the_known_one_of_its_name(name):
    e = Trace(C * MatrixFunction(Lambda(t, sp.Function(name)(t)), S))
    for order in (e, mc.gradient(e, S)):
        with pytest.raises(mc.MatcalcError, match="no code for the function"):
            lambdify([C, S], order)
