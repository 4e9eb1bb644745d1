"""Functions of matrices without a Schur form: the digits of roots and logarithms, stacks, and what has no value.

The helpers are run in NumPy's words; `tests/codegen/backends/test_function_spelling.py` runs them in JAX and PyTorch.
"""

import mpmath
import numpy as np
import pytest
from scipy import linalg
from sympy import MatrixSymbol, Symbol, Trace

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends.runtime import standard_functions
from sympy_matcalc.codegen.backends.runtime.standard_functions import (
    _by_blocks,
    _cosm,
    _fractional_matrix_power,
    _frechet_matrix,
    _like,
    _log_of_matrix,
    _logm,
    _root_of_matrix,
    _sinm,
    _spectrum,
    _sqrtm,
    _tanhm,
    _tanm,
)

pytestmark = pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="NumPy has the words of the standard since 2.0")


@pytest.fixture(autouse=True)
def exponential(monkeypatch):
    monkeypatch.setattr(standard_functions, "_matrix_exponential", linalg.expm)
    monkeypatch.setitem(standard_functions._OF_MATRIX, "exp", linalg.expm)


def matrices():
    rng = np.random.default_rng(3)
    b = rng.normal(size=(6, 6))
    return {
        "positive definite": b @ b.T + 0.1 * np.eye(6),
        "general": 6 * np.eye(6) + b,
        "near the identity": np.eye(6) + 1e-6 * b,
        "one block of Jordan": 2 * np.eye(6) + np.diag(np.ones(5), 1),
        "turns by nearly a half": linalg.block_diag([[np.cos(3.1), -np.sin(3.1)], [np.sin(3.1), np.cos(3.1)]], np.diag([1e5, 1, 1e-5])),
        "complex": 6 * np.eye(6) + b + 1j * b.T,
        "one entry": np.array([[1.7]]),
    }


def exactly(function, a):
    with mpmath.workdps(60):
        value = np.array(function(mpmath.matrix(a.tolist())).tolist()).astype(complex)
        return value if np.iscomplexobj(a) else value.real


@pytest.mark.parametrize("kind", matrices())
def test_roots_and_logarithms_have_their_digits(kind):
    a = matrices()[kind]
    for ours, theirs in ((_root_of_matrix, mpmath.sqrtm), (_log_of_matrix, mpmath.logm)):
        if kind.startswith("turns") or kind == "one block of Jordan" and theirs is mpmath.logm:  # mpmath does not find them
            want = (linalg.logm if theirs is mpmath.logm else linalg.sqrtm)(a)
        else:
            want = exactly(theirs, a)
        tolerance = 1e-9 if kind.startswith("turns") else 1e-12
        np.testing.assert_allclose(ours(a), want, atol=tolerance * np.abs(want).max())


def test_the_logarithm_of_what_is_near_the_identity_has_relative_digits():
    e = 1e-12 * np.array([[1.0, 2.0], [3.0, -1.0]])
    np.testing.assert_allclose(_log_of_matrix(np.eye(2) + e), (np.eye(2) + e) - np.eye(2), rtol=1e-10)


@pytest.mark.parametrize("scale", (1e-200, 1e200))
def test_roots_and_logarithms_of_small_and_large_matrices(scale):
    a = matrices()["positive definite"]
    np.testing.assert_allclose(_root_of_matrix(scale * a), scale**0.5 * exactly(mpmath.sqrtm, a), rtol=1e-11)
    np.testing.assert_allclose(_log_of_matrix(scale * a), exactly(mpmath.logm, a) + np.log(scale) * np.eye(6), atol=1e-11)


def test_numbers_at_both_ends_of_the_range():
    d = np.array([1e-300, 1e-20, 1.0, 1e20, 1e300])
    np.testing.assert_allclose(_root_of_matrix(np.diag(d)).diagonal(), np.sqrt(d), rtol=1e-12)
    np.testing.assert_allclose(_log_of_matrix(np.diag(d)).diagonal(), np.log(d), rtol=1e-12)


@pytest.mark.filterwarnings("ignore:.*encountered")
def test_what_has_no_real_root_is_no_number():
    for a in (np.diag([1.0, -2.0]), np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 2.0], [3.0, 1.0]])):
        try:
            root, log = _root_of_matrix(a), _log_of_matrix(a)
        except np.linalg.LinAlgError:  # NumPy raises where other libraries have infinities
            continue
        assert np.isnan(root).all() and np.isnan(log).all()
    np.testing.assert_allclose(_root_of_matrix(np.diag([1.0, -2.0 + 1e-3j])).diagonal() ** 2, [1, -2 + 1e-3j], atol=1e-12)


def test_roots_by_values_of_what_is_singular():
    x = np.array([1.0, 2.0, 3.0])
    a = np.outer(x, x)
    np.testing.assert_allclose(_sqrtm(a, _spectrum(a)), a / np.sqrt(14), atol=1e-12)
    assert np.isnan(_sqrtm(np.diag([1.0, -0.1]), _spectrum(np.diag([1.0, -0.1])))).any()
    assert np.isnan(_logm(np.array([[1.0, 2.0], [0.0, 1.0]]), _spectrum(np.array([[1.0, 2.0], [0.0, 1.0]])))).any()  # not symmetric
    assert _spectrum(a + 0j) is None


@pytest.mark.parametrize("scale", (1e-3, 1.0, 30.0, 3e4))
def test_waves_and_the_hyperbolic_tangent(scale):
    rng = np.random.default_rng(0)
    b = rng.normal(size=(4, 4))
    a = scale * (b + b.T) / 10
    w, v = np.linalg.eigh(a)
    np.testing.assert_allclose(_tanhm(a), (v * np.tanh(w)) @ v.T, atol=1e-11 * np.abs(np.tanh(w)).max())
    if scale < 100:
        for ours, f in ((_sinm, np.sin), (_cosm, np.cos), (_tanm, np.tan)):
            want = (v * f(w)) @ v.T
            np.testing.assert_allclose(ours(a), want, atol=1e-11 * np.abs(want).max())
            np.testing.assert_allclose(ours(a + 0j), want, atol=1e-11 * np.abs(want).max())


def test_a_fractional_power():
    a = matrices()["general"]
    np.testing.assert_allclose(np.linalg.matrix_power(_fractional_matrix_power(a, 1 / 3), 3), a, atol=1e-12)


@pytest.mark.parametrize(
    "f", [("log", "x"), ("sqrt", "x"), ("exp", "x"), ("mul", "x", ("log", "x")), ("power", ("add", 0, ("exp", "x")), -1)]
)
def test_derivatives_by_blocks_and_by_values_are_one(f):
    a = matrices()["positive definite"] / 10
    d = np.random.default_rng(1).normal(size=(6, 6))
    for directions in ((), (d,)):
        want = _frechet_matrix(a, _spectrum(a), f, (1.5,), *directions)
        np.testing.assert_allclose(_frechet_matrix(a, None, f, (1.5,), *directions), want, atol=2e-10 * np.abs(want).max())
    far = _by_blocks(a, f, (1.5,), 1e150 * d, d)  # linear in each direction
    np.testing.assert_allclose(far / 1e150, _by_blocks(a, f, (1.5,), d, d), rtol=1e-9)
    assert (_by_blocks(a, f, (1.5,), 0 * d) == 0).all()


def test_a_small_imaginary_part_is_dropped_and_a_large_one_is_no_number():
    x, y = np.eye(2), np.array([[1.0, 2.0], [3.0, 4.0]])
    assert (_like(y + 1e-12j, x) == y).all() and np.isnan(_like(y + 1e-3j, x)).all() and (_like(y + 1j, x + 0j) == y + 1j).all()


@pytest.mark.parametrize("library", ["jax", "torch"])
@pytest.mark.parametrize("function", [mc.MatrixSqrt, mc.MatrixLog])
def test_derivatives_of_the_library_where_a_matrix_is_ill_conditioned(function, library):
    """They are those of `mc.gradient`, where the derivative of the iteration would have few digits."""
    found = pytest.importorskip(library)
    n = Symbol("n", integer=True, positive=True)
    A, C = MatrixSymbol("A", n, n), MatrixSymbol("C", n, n)
    value = Trace(C * function(A))
    rng = np.random.default_rng(1)
    v = np.eye(4) + 3 * np.triu(rng.standard_normal((4, 4)), 1)
    a, c = v @ np.diag(np.logspace(0, -12, 4)) @ np.linalg.inv(v), rng.standard_normal((4, 4))
    f, g = (mc.lambdify([A, C], e, modules=library) for e in (value, mc.gradient(value, A)))
    if library == "torch":
        a, c = found.tensor(a, requires_grad=True), found.tensor(c)
        f(a, c).backward()
        own, exact = a.grad.numpy(), g(a.detach(), c).numpy()
    else:
        before = found.config.jax_enable_x64
        found.config.update("jax_enable_x64", True)
        a, c = found.numpy.asarray(a), found.numpy.asarray(c)
        own, exact = np.asarray(found.grad(f)(a, c)), np.asarray(g(a, c))
        stacked = np.asarray(found.vmap(found.grad(f), (0, None))(found.numpy.stack([a, 2 * a]), c))
        np.testing.assert_allclose(stacked[0], own, rtol=1e-6, atol=1e-9 * np.abs(own).max())
        found.config.update("jax_enable_x64", before)
    np.testing.assert_allclose(own, exact, atol=1e-8 * np.abs(exact).max())
