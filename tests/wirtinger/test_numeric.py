"""Complex derivatives as numeric code: every library that has complex arrays, JAX's own derivatives, and norms that have to be asked for."""

from importlib.util import find_spec

import numpy as np
import pytest
from sympy import Abs, Adjoint, Determinant, Identity, MatrixSymbol, Sum, Symbol, Trace, conjugate, im, log, re, symbols

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
i = Symbol("i", integer=True)
Z, A, z, b = MatrixSymbol("Z", m, n), MatrixSymbol("A", n, n), MatrixSymbol("z", n, 1), MatrixSymbol("b", m, 1)
ARGS = [Z, A, z, b]
REAL = [
    mc.Norm(Z * z - b),
    mc.Norm(Z * z - b) ** 2 + mc.Norm(z, 1),
    mc.Norm(Z) ** 3 + mc.Norm(z, 4),
    log(Determinant(Identity(m) + Z * A * Adjoint(Z * A))),
    Abs(Trace(A * A)) + re(Trace(Z * A * Adjoint(Z))),
    log(1 + Abs((Adjoint(b) * Z * z)[0, 0]) ** 2) + im(Trace(A)) ** 2,
    mc.LogAbsDeterminant(A),
    mc.ElementSum((Z * z).applyfunc(Abs)),
    re(Trace((A + 3 * Identity(n)).I * A)),
]


def arrays(seed=0):
    rng = np.random.default_rng(seed)
    shapes = {Z: (4, 3), A: (3, 3), z: (3,), b: (4,)}
    return [rng.normal(size=shapes[s]) + 1j * rng.normal(size=shapes[s]) for s in ARGS]


@pytest.mark.parametrize("f", REAL, ids=lambda f: str(f)[:40])
@pytest.mark.parametrize("library", ["jax", "torch", "dask"])
def test_libraries_agree_with_numpy(f, library):
    if not find_spec(library):
        pytest.skip(f"{library} is not installed")
    exprs = [f, *(mc.complex_derivative(f, v, "gradient") for v in (Z, A, z))]
    wanted = mc.lambdify(ARGS, exprs, complex=True)(*arrays())
    if library == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
    given = arrays()
    if library == "torch":
        import torch

        given = [torch.as_tensor(x) for x in given]
    try:
        function = mc.lambdify(ARGS, exprs, modules=library, complex=True)
    except mc.MatcalcError as error:
        assert library == "dask" and "cannot do on chunks" in str(error)
        return
    found = function(*given)
    for x, y in zip(wanted, found):
        y = y.compute() if library == "dask" and hasattr(y, "compute") else y.resolve_conj() if library == "torch" else y
        assert np.allclose(np.asarray(x), np.asarray(y), atol=1e-10)


@pytest.mark.parametrize("f", REAL, ids=lambda f: str(f)[:40])
def test_gradients_are_the_conjugates_of_those_of_jax(f):
    """For a real f of complex arrays `jax.grad` gives df/d Re Z - i df/d Im Z."""
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    primal = mc.lambdify(ARGS, f, modules="jax", complex=True)
    by_jax = jax.grad(lambda *args: primal(*args).real, argnums=(0, 1, 2))(*arrays())
    ours = mc.lambdify(ARGS, [mc.complex_derivative(f, v, "gradient") for v in (Z, A, z)], complex=True)(*arrays())
    for x, y in zip(by_jax, ours):
        assert np.allclose(np.asarray(x).conj(), y, atol=1e-9)


def test_norms_of_complex_arrays_have_to_be_asked_for():
    given = arrays()
    for f in (mc.Norm(Z), mc.Norm(z, 1), mc.Norm(z, 3), mc.Norm(Z, float("inf"))):
        with pytest.raises(mc.DtypeError, match="expected real numbers"):
            mc.lambdify(ARGS, f)(*given)
        p = 2 if f == mc.Norm(Z) else f.p
        entries = np.abs(given[0] if f.has(Z) else given[2]).ravel()
        assert np.isclose(mc.lambdify(ARGS, f, complex=True)(*given), np.linalg.norm(entries, np.inf if str(p) == "oo" else int(p)))
    with pytest.raises(mc.DtypeError, match="expected real numbers"):
        mc.lambdify([z], mc.ElementSum(z.applyfunc(mc.Relu)), complex=True)(given[2])


def test_results_know_that_they_are_complex():
    """An answer such as Z/||Z|| has no conjugate in it; the same expression, typed, is one of real numbers."""
    answer = mc.complex_derivative(mc.Norm(Z), Z, "gradient")
    norm = np.linalg.norm(arrays()[0])
    assert np.allclose(mc.lambdify([Z], answer)(arrays()[0]), arrays()[0] / norm)
    assert answer == mc.gradient(mc.Norm(Z), Z)
    for f, kinds in ((mc.gradient(mc.Norm(Z), Z), {}), (answer, {"complex": False})):
        with pytest.raises(mc.DtypeError, match="expected real numbers"):
            mc.lambdify([Z], f, **kinds)(arrays()[0])
    assert np.allclose(mc.lambdify([Z], [mc.Norm(Z), Adjoint(Z)])(arrays()[0])[0], norm)


def test_the_norm_is_kept_at_the_edge_of_floating_point():
    gradient = mc.lambdify([z], mc.complex_derivative(mc.Norm(z), z, "gradient"), complex=True)
    assert np.allclose(gradient(np.array([3e200, 4e200j])), [0.6, 0.8j])
    assert np.allclose(gradient(np.array([3e-200, 4e-200j])), [0.6, 0.8j])


def test_sums_that_are_looped_over_keep_their_conjugates():
    given = arrays()
    row = (Z[i, :] * z)[0, 0]
    for f in (
        Sum(conjugate(row) * row, (i, 0, m - 1)),
        Sum(Abs(row) ** 2, (i, 0, m - 1)),
        Trace(mc.MatrixSum(Z[i, :] * z * Adjoint(Z[i, :] * z), (i, 0, m - 1))),
    ):
        assert np.isclose(mc.lambdify(ARGS, f, complex=True)(*given), np.sum(np.abs(given[0] @ given[2]) ** 2))
        assert str(mc.complex_derivative(f, z, "gradient")) == "2*Adjoint(Z)*Z*z"
