"""Functions of matrices and their derivatives in JAX and PyTorch: those of NumPy, by one decomposition where a matrix is known to be symmetric,
and under the transformations of both."""

import numpy as np
import pytest
from sympy import Lambda, MatrixSymbol, Q, Rational, Symbol, Trace, exp, log, symbols, tanh

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, C, X = MatrixSymbol("A", n, n), MatrixSymbol("C", n, n), MatrixSymbol("X", n, n)
u = Symbol("u")
RNG = np.random.default_rng(7)
B, D = RNG.normal(size=(4, 4)), RNG.normal(size=(4, 4))
DATA = {
    "positive definite": B @ B.T + 0.5 * np.eye(4),
    "equal values": np.diag([2.0, 2, 2, 3]),
    "general": 4 * np.eye(4) + B,
    "few vectors": 2 * np.eye(4) + np.diag(np.ones(3), 1),
}
VALUES = {
    "sqrtm": Trace(C * mc.MatrixSqrt(A)),
    "logm": Trace(C * mc.MatrixLog(A)),
    "expm": Trace(C * mc.MatrixExp(A)),
    "sinm": Trace(C * mc.MatrixSin(A)),
    "entropy": Trace(A * mc.MatrixLog(A)),
    "cube root": Trace(C * mc.MatrixFunction(Lambda(u, u ** Rational(1, 3)), A)),
    "softplus": Trace(C * mc.MatrixFunction(Lambda(u, log(1 + exp(u))), A)),
    "tanh": Trace(C * mc.MatrixFunction(tanh, A)),
}


@pytest.fixture(params=("jax", "torch"))
def library(request):
    module = pytest.importorskip(request.param)
    if request.param == "jax":
        module.config.update("jax_enable_x64", True)
        return "jax", module.jit, np.asarray
    return "torch", lambda f: lambda *args: f(*map(module.tensor, args)), np.asarray


@pytest.mark.parametrize("order", ("value", "gradient", "hessian"))
@pytest.mark.parametrize("name", VALUES)
def test_values_and_derivatives_are_those_of_numpy(library, name, order):
    modules, called, numpy = library
    e = VALUES[name]
    derivative = e if order == "value" else getattr(mc, order)(e, A)
    f, g = mc.lambdify([A, C], derivative, modules=modules), mc.lambdify([A, C], derivative)
    for a in DATA.values():
        want = g(a, D)
        np.testing.assert_allclose(numpy(called(f)(a, D)), want, atol=1e-9 * np.abs(want).max())


@pytest.mark.parametrize("name", VALUES)
def test_what_is_known_to_be_symmetric_goes_by_its_values(library, name):
    modules, called, numpy = library
    fact = Q.symmetric(A)
    for e in (mc.gradient(VALUES[name], A, assumptions=fact), mc.hessian(VALUES[name], A, assumptions=fact)):
        f = mc.lambdify([A, C], e, modules=modules, assumptions=fact)
        g = mc.lambdify([A, C], e, assumptions=fact)
        assert "_spectrum(" in f.source or "eigh" in f.source or name not in ("logm", "sqrtm")
        for kind in ("positive definite", "equal values"):
            want = g(DATA[kind], D)
            np.testing.assert_allclose(numpy(called(f)(DATA[kind], D)), want, atol=1e-10 * np.abs(want).max())


def test_what_is_symmetric_by_form_goes_by_its_values_too(library):
    modules, called, numpy = library
    e = mc.gradient(Trace(C * mc.MatrixSqrt(X.T * X)), X)
    f = mc.lambdify([X, C], e, modules=modules)
    assert "eigh" in f.source
    np.testing.assert_allclose(numpy(called(f)(B, D)), mc.lambdify([X, C], e)(B, D), atol=1e-11)


def test_what_has_no_real_value_or_is_not_symmetric_is_no_number(library):
    modules, called, numpy = library
    root = mc.lambdify([A], mc.MatrixSqrt(A), modules=modules)
    assert np.isnan(numpy(called(root)(np.diag([1.0, -2.0])))).all()
    stated = mc.lambdify([A], mc.MatrixSqrt(A), modules=modules, assumptions=Q.symmetric(A))
    try:
        assert np.isnan(numpy(called(stated)(np.array([[2.0, 1.0], [0.0, 2.0]])))).any()
    except RuntimeError as error:
        assert "converge" in str(error)  # PyTorch has no eigenvalues of what is no number
    np.testing.assert_allclose(numpy(called(root)(np.diag([1.0, -2.0 + 1e-3j]))) ** 2, np.diag([1.0, -2.0 + 1e-3j]), atol=1e-12)


def test_complex_matrices_with_a_fact_go_without_their_values(library):
    modules, called, numpy = library
    a = B @ B.T + 0.5 * np.eye(4) + 0.1j * (B + B.T)  # symmetric, and not Hermitian
    f = mc.lambdify([A], mc.MatrixLog(A), modules=modules, assumptions=Q.symmetric(A))
    np.testing.assert_allclose(numpy(called(f)(a)), mc.lambdify([A], mc.MatrixLog(A))(a), atol=1e-11)


@pytest.mark.parametrize("fact", (None, Q.symmetric(A)))
@pytest.mark.parametrize("name", ("sqrtm", "logm"))
def test_a_batch_has_the_values_of_its_examples(library, name, fact):
    modules, called, numpy = library
    e = mc.gradient(VALUES[name], A, assumptions=fact)
    f, g = (mc.lambdify([A, C], e, modules=modules, assumptions=fact, **more) for more in ({"batch": [A]}, {}))
    stack = np.array([DATA["positive definite"], DATA["equal values"], DATA["positive definite"] / 3])
    want = np.array([numpy(called(g)(a, D)) for a in stack])
    np.testing.assert_allclose(numpy(called(f)(stack, D)), want, atol=1e-11)


def test_jax_differentiates_what_has_no_derivative_in_jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    for name in ("sqrtm", "logm"):
        f = mc.lambdify([A, C], VALUES[name], modules="jax")
        want = mc.lambdify([A, C], mc.gradient(VALUES[name], A))(DATA["general"], D)
        np.testing.assert_allclose(jax.grad(f)(DATA["general"], D), want, atol=1e-10)


@pytest.mark.parametrize("name", ("sqrtm", "logm"))
def test_a_librarys_own_derivatives_are_right_at_equal_eigenvalues_or_errors(library, name):
    modules, _, _ = library
    f = mc.lambdify([A, C], VALUES[name], modules=modules, assumptions=Q.symmetric(A))
    u = np.array([0.6, 0.0, 0.8, 0.0])
    a = 2 * np.eye(4) - 1.5 * np.outer(u, u)
    if modules == "jax":
        import jax

        for g in (jax.grad(f), jax.grad(jax.jit(f)), jax.jit(jax.grad(f))):
            with pytest.raises(NotImplementedError, match="mc.gradient"):
                g(a, D)
    else:
        import torch

        t = torch.tensor(a, requires_grad=True)
        f(t, torch.tensor(D)).backward()
        np.testing.assert_allclose(t.grad.numpy(), mc.lambdify([A, C], mc.gradient(VALUES[name], A))(a, D), atol=1e-11)


@pytest.mark.parametrize("body", (log(1 + exp(u)), log(u**2 + exp(u)), 1 / (1 + exp(u))))
def test_values_of_compositions_of_what_is_symmetric(library, body):
    modules, called, numpy = library
    e = mc.MatrixFunction(Lambda(u, body), A)
    f = mc.lambdify([A], e, modules=modules, assumptions=Q.symmetric(A))
    np.testing.assert_allclose(numpy(called(f)(DATA["positive definite"])), mc.lambdify([A], e)(DATA["positive definite"]), atol=1e-11)
