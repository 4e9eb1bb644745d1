"""Divided differences keep their digits where values are equal, nearly equal and far apart; derivatives by one decomposition are those by
blocks, for all kinds of matrices."""

from itertools import product

import mpmath
import numpy as np
import pytest
from scipy import linalg

from sympy_matcalc.codegen.backends.runtime import numpy_spectral
from sympy_matcalc.codegen.backends.runtime.divided_differences import _divided
from sympy_matcalc.codegen.backends.runtime.numpy_spectral import (
    _by_blocks,
    _frechet,
    _frechet_matrix,
    _function_of,
    _logm,
    _spectrum,
    _sqrtm,
)

EXP, LOG, ROOT = ("exp", "x"), ("log", "x"), ("sqrt", "x")
NUMBERS = 0.3, 1.0
SOFTPLUS = ("log", ("add", 1, EXP))
FUNCTIONS = {
    "exp": (EXP, mpmath.exp),
    "log": (LOG, mpmath.log),
    "root": (ROOT, mpmath.sqrt),
    "inverse": (("power", "x", -1), lambda x: 1 / x),
    "cube": (("power", "x", 3), lambda x: x**3),
    "power of a root": (("power", ROOT, -3), lambda x: x ** mpmath.mpf(-1.5)),
    "fractional power": (("root", "x", 0), lambda x: x ** mpmath.mpf(0.3)),
    "sin": (("sin", "x"), mpmath.sin),
    "cos": (("cos", "x"), mpmath.cos),
    "tan": (("tan", "x"), mpmath.tan),
    "sinh": (("sinh", "x"), mpmath.sinh),
    "cosh": (("cosh", "x"), mpmath.cosh),
    "tanh": (("tanh", "x"), mpmath.tanh),
    "entropy": (("mul", "x", LOG), lambda x: x * mpmath.log(x)),
    "logistic": (("power", ("add", 1, ("exp", ("mul", 0, "x"))), -1), lambda x: 1 / (1 + mpmath.exp(mpmath.mpf(0.3) * x))),
    "softplus": (SOFTPLUS, lambda x: mpmath.log(1 + mpmath.exp(x))),
}
VALUES = {
    "apart": [0.3, 0.9, 2.4, 5.0],
    "equal": [0.7, 0.7, 0.7, 1.9],
    "nearly equal": [0.7, 0.7 + 1e-15, 0.7 + 3e-9, 0.7 + 2e-5],
    "at the border of the series": [0.5, 1.4999, 1.5, 1.5001],
    "wide": [1e-5, 2e-5, 1.3, 1.3 + 1e-10],
    "far apart": [0.1, 1.3, 20.0, 31.0],
    "one": [0.8],
}


def exact(f, values):
    """Divided differences with 200 digits, equal values moved apart by 1e-40."""
    with mpmath.workdps(200):
        x = [mpmath.mpf(float(v)) + k * mpmath.mpf(10) ** -40 for k, v in enumerate(values)]
        y = [f(v) for v in x]
        while len(y) > 1:
            step = len(x) - len(y) + 1
            y = [(b - a) / (x[k + step] - x[k]) for k, (a, b) in enumerate(zip(y, y[1:], strict=False))]
        return float(y[0])


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("words, f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_divided_differences(words, f, values):
    w = np.array(values)
    got = _divided(words, NUMBERS, w, 2)
    for order in (1, 2):
        want = np.array([exact(f, w[list(at)]) for at in product(range(len(w)), repeat=order + 1)]).reshape(got[order].shape)
        # sums of exponentials have their scale, those of others that of the largest
        sums = words[0] in ("sin", "cos", "tan", "sinh", "cosh", "tanh") or words[-1] == -1 or words == SOFTPLUS
        size = np.abs(want) + (0.02 if sums else 0)
        np.testing.assert_array_less(np.abs(got[order] - want), 2e-13 * size + 1e-15 * np.abs(want).max())


def test_divided_differences_of_complex_values():
    w = np.array([1 + 2j, 1 - 2j, 0.9 + 2j, 3, 1 + 2j + 1e-9])
    for words, _ in FUNCTIONS.values():
        got = _divided(words, NUMBERS, w, 2)
        a = np.diag(w[[0, 1, 3]]) + np.diag([1, 1], 1)
        block = _function_of(words, NUMBERS, a)  # of a triangle with ones beside the diagonal (Opitz)
        assert got[1][0, 1] == pytest.approx(block[0, 1], rel=1e-11)
        assert got[2][0, 1, 3] == pytest.approx(block[0, 2], rel=1e-11)
        near = _function_of(words, NUMBERS, np.diag(w[[0, 2, 0]]) + np.diag([1, 1], 1))
        assert got[2][0, 2, 4] == pytest.approx(near[0, 2], rel=1e-7)


def matrices():
    rng = np.random.default_rng(5)
    b, q = rng.normal(size=(5, 5)), np.linalg.qr(rng.normal(size=(5, 5)))[0]
    return {
        "symmetric": b @ b.T / 5 + np.eye(5),
        "equal values": (q * [1, 1, 1, 2, 2]) @ q.T,
        "nearly equal values": (q * [1, 1 + 1e-10, 1 + 1e-5, 2, 2 + 1e-13]) @ q.T,
        "multiple of the identity": 2 * np.eye(5),
        "general": np.diag(np.arange(1.0, 6)) + 0.3 * b,
        "complex pairs": 3 * np.eye(5) + b - b.T,
        "no vectors": 2 * np.eye(5) + np.diag(np.ones(4), 1),
        "few vectors, nearly": np.diag([2, 2 + 1e-7, 2, 3, 3 + 1e-9]) + np.diag(np.ones(4), 1),
        "1x1": np.array([[1.7]]),
        "complex": b @ b.T / 5 + np.eye(5) + 1j * (b - b.T) / 4,
        "complex, not Hermitian": np.diag(np.arange(1.0, 6)) + 0.2j * b,
        "single precision": (b @ b.T / 5 + np.eye(5)).astype(np.float32),
    }


@pytest.mark.parametrize("kind", matrices())
@pytest.mark.parametrize("words", [words for words, _ in FUNCTIONS.values()], ids=FUNCTIONS)
def test_derivatives_are_those_by_blocks(words, kind):
    a = matrices()[kind]
    n, single = len(a), a.dtype == np.float32
    e, f = np.random.default_rng(1).normal(size=(2, n, n)).astype(a.dtype)
    exactly = a.astype(float) if single else a
    for more in ((), (f,)):
        want = _by_blocks(exactly, words, NUMBERS)(e.astype(exactly.dtype), *more)
        got, matrix = (g(a, _spectrum(a), words, NUMBERS, *d) for g, d in ((_frechet, (e, *more)), (_frechet_matrix, more)))
        assert got.dtype == matrix.dtype == a.dtype
        tolerance = 2e-4 if single else 1e-6 if "nearly" in kind and "few" in kind else 1e-10  # of SciPy's `logm` of large blocks
        size = np.abs(want).max()
        np.testing.assert_allclose(got, want, atol=tolerance * size)
        np.testing.assert_allclose(np.einsum("jilk,kl->ij", matrix, e), want, atol=tolerance * size)


@pytest.mark.parametrize("kind", ["symmetric", "equal values", "general", "complex pairs"])
def test_one_decomposition_serves_all_directions(kind, monkeypatch):
    a, f = matrices()[kind], np.random.default_rng(1).normal(size=(5, 5))
    monkeypatch.setattr(numpy_spectral, "_by_blocks", None)  # a block would call it
    for words, _ in FUNCTIONS.values():
        for more in ((), (f,)):
            assert np.isfinite(_frechet_matrix(a, _spectrum(a), words, NUMBERS, *more)).all()


def test_what_is_symmetric_but_for_rounding_is_symmetric():
    rng = np.random.default_rng(2)
    b = rng.normal(size=(9, 9))
    a = b @ (b @ b.T + np.eye(9)) @ b.T
    assert not np.array_equal(a, a.T)
    assert _spectrum(a)[1].dtype == float
    a[0, 5] += 1e-9 * a[0, 0]
    assert _spectrum(a) is None
    assert _spectrum(np.array([[0, 1e-300], [0, 0]])) is None
    assert _spectrum(np.array([[1.0, np.nan], [np.nan, 1.0]])) is None


def test_of_a_negative_eigenvalue_they_are_complex():
    a, e = np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])
    with np.errstate(all="ignore"):
        got = _frechet_matrix(a, _spectrum(a), LOG, ())
        assert got.dtype == complex
        np.testing.assert_allclose(np.einsum("jilk,kl->ij", got, e), linalg.logm(np.block([[a, e], [0 * a, a]]))[:2, 2:], atol=1e-12)


@pytest.mark.parametrize("more", [0, 1])
def test_a_singular_matrix_has_no_derivative_of_its_root(more):
    a = np.diag([1.0, 0.0])
    with pytest.raises(np.linalg.LinAlgError, match="is singular"):
        _frechet_matrix(a, _spectrum(a), ROOT, (), *[np.ones((2, 2))] * more)


def test_entries_that_are_not_finite():
    for bad in (np.nan, np.inf):
        a = np.array([[1.0, bad], [bad, 1.0]])
        with pytest.raises((np.linalg.LinAlgError, ValueError), match="not finite|infs or NaNs"):
            _frechet_matrix(a, _spectrum(a), EXP, ())


def test_root_and_logarithm_by_eigenvalues(monkeypatch):
    a = matrices()["symmetric"]
    want = linalg.logm(a)
    for name in ("sqrtm", "logm"):
        monkeypatch.setattr(numpy_spectral.linalg, name, None)
    root = _sqrtm(a, _spectrum(a))
    np.testing.assert_allclose(root @ root, a, rtol=1e-13)
    np.testing.assert_allclose(_logm(a, _spectrum(a)), want, atol=1e-13)
