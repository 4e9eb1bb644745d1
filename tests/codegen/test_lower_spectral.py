"""Values and derivatives of functions of functions of a symmetric matrix whose eigenvalues are far apart."""

import numpy as np
import pytest
from mpmath import mp, mpf
from sympy import Identity, MatrixSymbol, Q, Trace, exp, sinh, symbols

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
    (expm(S) * expm(-2 * S), lambda w: mp.exp(-w)),
    (expm(S) * S * expm(-3 * S), lambda w: w * mp.exp(-2 * w)),
    (mc.MatrixFunction(sinh, S) * expm(-S) * S, lambda w: w * mp.sinh(w) * mp.exp(-w)),
    (expm(-S) * (expm(S) - 2 * eye), lambda w: 1 - 2 * mp.exp(-w)),
    (S.I * (expm(S) - eye), lambda w: mp.expm1(w) / w),
    ((eye + expm(S)).I * (eye + expm(-S)).I, lambda w: 1 / (2 + mp.exp(w) + mp.exp(-w))),
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


@pytest.fixture(params=["jax", "torch"])
def library(request):
    """(name, maker of arrays of double precision)."""
    found = pytest.importorskip(request.param)
    if request.param == "torch":
        yield "torch", found.tensor
        return
    before = found.config.jax_enable_x64
    found.config.update("jax_enable_x64", True)
    yield "jax", found.numpy.asarray
    found.config.update("jax_enable_x64", before)


@pytest.mark.parametrize(("e", "f"), CASES[-5:], ids=lambda x: str(x) if x.__class__.__name__ != "function" else "")
def test_values_and_gradients_of_other_libraries(e, f, library):
    """They are NumPy's, of which the test above says that they are right."""
    both = [Trace(C * e), mc.gradient(Trace(C * e), S)]
    s, c = far_apart()
    name, array = library
    value, gradient = mc.lambdify([S, C], both, modules=name, assumptions=Q.symmetric(S))(array(s), array(c))
    exact = mc.lambdify([S, C], both)(s, c)
    assert abs(float(value) - exact[0]) < 1e-12 * abs(c).max() * np.abs(np.linalg.eigvalsh(mc.lambdify([S], e)(s))).max()
    np.testing.assert_allclose(np.asarray(gradient), exact[1], atol=1e-12 * np.abs(exact[1]).max())


def test_products_of_functions_of_what_is_not_symmetric():
    """By eigenvectors that are well-conditioned; refused where there are none."""
    e = mc.MatrixFunction(sinh, A) * expm(-2 * A)
    f = mc.lambdify([A], e)
    v, w = np.array([[1, 0.3, 0.1], [0, 1, 0.2], [0.4, 0, 1]]), np.array([-30.0, 1, 25])
    a = v @ np.diag(w) @ np.linalg.inv(v)
    exact = v @ np.diag((np.exp(-w) - np.exp(-3 * w)) / 2) @ np.linalg.inv(v)
    np.testing.assert_allclose(f(a), exact, atol=1e-9 * np.abs(exact).max())
    with pytest.raises(np.linalg.LinAlgError, match="no digit"):
        mc.lambdify([A], mc.MatrixFunction(sinh, A) * expm(-A))(np.array([[60.0, 1e3, 1e3], [0, 10, 1e3], [0, 0, -5]]))


def test_compositions_with_products_in_their_functions():
    """They are read outside of a derivation, where nodes are made as well."""
    for e in ((mc.MatrixExp(-A * B) + B).I, (3 * Identity(n) - A * mc.MatrixExp(-2 * A)).I):
        b = np.array([[2.0, 0.3], [0.1, 1.5]])
        a = np.array([[0.2, 0.5], [-0.4, 0.1]])
        np.testing.assert_allclose(mc.lambdify([A, B], e)(a, b), evaluate(e, {n: 2, A: a, B: b}), atol=1e-12)


@pytest.mark.parametrize("least", [0.0, 1e-13, -1e-8, 0.1])
@pytest.mark.parametrize(("e", "f"), [(S.I * (expm(S) - eye), np.expm1), (S.I * mc.MatrixLog(eye + S), np.log1p)], ids=["expm1", "log1p"])
def test_quotients_near_zero(e, f, least):
    """``f(x)/x`` with f(0) = 0 where an eigenvalue is nearly 0."""
    rng = np.random.default_rng(2)
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    s = q @ np.diag([least, 0.5, 2.0]) @ q.T
    s, c = (s + s.T) / 2, rng.normal(size=(3, 3))
    with mp.workdps(50):
        g = lambda x: (mp.expm1 if f is np.expm1 else mp.log1p)(x) / x  # noqa: E731
        w = [mpf(x) + mpf(10) ** -30 for x in np.linalg.eigvalsh(s)]
        slopes = np.array(
            [
                [
                    float((g(x) - g(y)) / (x - y)) if x is not y else float((g(x * (1 + mpf(10) ** -15)) - g(x)) / (x * mpf(10) ** -15))
                    for y in w
                ]
                for x in w
            ]
        )
    v = np.linalg.eigh(s)[1]
    found = mc.lambdify([S, C], mc.gradient(Trace(C * e), S))(s, c)
    assert np.abs(found - v @ (slopes * (v.T @ c.T @ v)) @ v.T).max() < 1e-9
