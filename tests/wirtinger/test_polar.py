"""The complex nuclear norm, whose gradient is the polar factor: of wide and of tall matrices, with all digits."""

import numpy as np
import pytest
from sympy import Adjoint, Integer, MatrixSymbol, Trace, symbols
from sympy.matrices.expressions import Inverse, MatMul

import sympy_matcalc as mc
from sympy_matcalc.wirtinger.polar import with_polar_factors

m, n = symbols("m n", integer=True, positive=True)
Z, B = MatrixSymbol("Z", m, n), MatrixSymbol("B", m, m)
SHAPES = [(3, 2), (2, 2), (2, 3), (2, 5), (1, 3), (3, 1)]


def point(shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


def polar_factor(z):
    U, _, V = np.linalg.svd(z, full_matrices=False)
    return U @ V


@pytest.mark.parametrize("library", ["numpy", "jax.numpy", "torch"])
@pytest.mark.parametrize("shape", SHAPES[:4])
def test_gradient(shape, library):
    module = pytest.importorskip(library)
    z = point(shape)
    gradient = mc.complex_derivative(mc.NuclearNorm(Z), Z, by="gradient")
    found = mc.lambdify([Z], gradient, module)(module.asarray(z))
    np.testing.assert_allclose(np.asarray(found), polar_factor(z), atol=1e-5 if library == "jax.numpy" else 1e-13)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradient_of_known_sizes(shape):
    W = MatrixSymbol("W", *map(Integer, shape))
    gradient = mc.lambdify([W], mc.complex_derivative(mc.NuclearNorm(W), W, by="gradient"))
    z = point(shape)
    np.testing.assert_allclose(np.reshape(gradient(z), shape), polar_factor(z), atol=1e-13)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2, 2)])
def test_hessian_of_known_sizes(shape):
    """d(G/2) = H dZ + C conj(dZ), with the two blocks."""
    W = MatrixSymbol("W", *map(Integer, shape))
    by_z, by_conjugate = (
        mc.lambdify([W], mc.complex_hessian(mc.NuclearNorm(W), W, by=("conjugate", second)))(point(shape)) for second in ("Z", "conjugate")
    )
    step, t = point(shape, 1), 1e-5
    differences = (polar_factor(point(shape) + t * step) - polar_factor(point(shape) - t * step)) / (4 * t)
    np.testing.assert_allclose(np.tensordot(by_z, step) + np.tensordot(by_conjugate, step.conj()), differences, atol=1e-8)


def test_hessian_of_a_wide_matrix_of_unknown_size_is_an_error():
    hessian = mc.lambdify([Z], mc.complex_hessian(mc.NuclearNorm(Z), Z, by=("conjugate", "Z")))
    assert np.isfinite(hessian(point((3, 2)))).all()
    with pytest.raises(np.linalg.LinAlgError, match="fewer rows than columns"):
        hessian(point((2, 3)))


def test_values_of_complex_matrices():
    z = point((2, 3))
    values = np.linalg.svd(z)[1]
    for f, right in ((mc.NuclearNorm(Z), values.sum()), (mc.SpectralNorm(Z), values[0]), (mc.SingularValue(Z, 1), values[1])):
        assert np.isclose(mc.lambdify([Z], f, complex=True)(z), right, rtol=1e-14)
        with pytest.raises(mc.DtypeError, match="expected real numbers"):
            mc.lambdify([Z], f)(z)
    with pytest.raises(mc.DtypeError, match="expected real numbers"):
        mc.lambdify([Z], mc.gradient(mc.NuclearNorm(Z), Z), complex=True)(z)


def test_the_norm_stays_a_norm():
    assert str(mc.complex_derivative(mc.NuclearNorm(Z) ** 2, Z, by="conjugate")) == "nuclear_norm(Z)*Z*pinv(sqrtm(Adjoint(Z)*Z))"


def test_other_inverses_stay():
    """Of the root of another matrix, and of a root without a nuclear norm in the function."""
    other = Z * Inverse(mc.MatrixSqrt(MatMul(Z.T, Z)))
    assert with_polar_factors(other) is other
    assert "pinv" not in str(mc.complex_derivative(Trace(mc.MatrixSqrt(Adjoint(Z) * Z)), Z, by="conjugate"))
