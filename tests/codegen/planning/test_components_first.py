"""Pairs of points with their coordinates as the first axis: where, and the values."""

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends.runtime.numpy_helpers import _norms, _roots_of_squares

rng = np.random.default_rng(0)
FORMULAS = {
    r"\sum_{i<j} 1/\|x_i - x_j\|": lambda x: sum(1 / np.linalg.norm(x[i] - x[j]) for j in range(len(x)) for i in range(j)),
    r"\sum_{i<j} \exp(-\|x_i - x_j\|)/\|x_i - x_j\|^7": lambda x: sum(
        np.exp(-r) / r**7 for j in range(len(x)) for i in range(j) for r in [np.linalg.norm(x[i] - x[j])]
    ),
    r"\sum_i \sum_j \|x_i + 2 x_j\|": lambda x: sum(np.linalg.norm(a + 2 * b) for a in x for b in x),
}


def numeric_gradient(f, x, step=1e-6):
    out = np.empty_like(x)
    for at in np.ndindex(*x.shape):
        e = np.zeros_like(x)
        e[at] = step
        out[at] = (f(x + e) - f(x - e)) / (2 * step)
    return out


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("shape", [(6, 2), (4, 5), (3, 1), (2, 40)], ids=str)
def test_values_and_gradients(formula, shape):
    e, names = mc.parse(formula)
    x = rng.standard_normal(shape) * 2
    f = mc.lambdify([names["x"]], [e, mc.gradient(e, names["x"])])
    value, gradient = f(x)
    np.testing.assert_allclose(value, FORMULAS[formula](x), rtol=1e-12)
    np.testing.assert_allclose(gradient, numeric_gradient(FORMULAS[formula], x), rtol=1e-5, atol=1e-5 * np.abs(gradient).max())
    if "<" in formula:
        assert "axis=0" in f.source and "ascontiguousarray" in f.source


def test_other_libraries_order_axes_themselves():
    pytest.importorskip("jax")
    e, names = mc.parse(r"\sum_{i<j} 1/\|x_i - x_j\|")
    assert "ascontiguousarray" not in mc.lambdify([names["x"]], e, modules="jax").source


def test_the_order_of_the_argument_does_not_matter():
    e, names = mc.parse(r"\sum_{i<j} 1/\|x_i - x_j\|")
    f, x = mc.lambdify([names["x"]], mc.gradient(e, names["x"])), rng.standard_normal((30, 3))
    for other in (np.asfortranarray(x), np.repeat(x, 2, 1)[:, ::2], x[::-1][::-1]):
        np.testing.assert_array_equal(f(other), f(x))


@pytest.mark.parametrize("axis", [0, 1, 2, (0, 1), (0, 2), (1, 2)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_norms_at_the_limits_of_the_range(axis, dtype):
    """Rows of zeros, those whose squares are out of range, and those that are no numbers, beside ordinary ones."""
    limits = np.finfo(dtype)
    for value in (0, limits.tiny, limits.smallest_subnormal * 3, limits.max / 8, np.inf, np.nan):
        x = rng.standard_normal((3, 4, 5)).astype(dtype)
        x[1, 2, 3] = value
        others = np.moveaxis(x, axis, range(-np.size(axis), 0))
        others[(0,) * (x.ndim - np.size(axis))] = value
        scale = np.longdouble(2) ** -1000 if value == limits.max / 8 and dtype is not np.longdouble else 1
        wide = x.astype(np.longdouble) * scale
        expected = np.sqrt((wide * wide).sum(axis)) / scale if dtype is not np.longdouble else None
        found = _roots_of_squares(x, axis)
        assert found.dtype == dtype
        if expected is not None and value != limits.smallest_subnormal * 3:
            np.testing.assert_allclose(found, expected.astype(dtype), rtol=20 * limits.eps)
        assert (np.isnan(found) == np.isnan(x).any(axis)).all()
        if np.isfinite(value):
            assert np.isfinite(found).all() and ((found > 0) == (x != 0).any(axis)).all()


def test_norms_of_complex_rows():
    z = rng.standard_normal((3, 4)) + 1j * rng.standard_normal((3, 4))
    np.testing.assert_allclose(_norms(z, 1), np.linalg.norm(z, axis=1), rtol=1e-14)
    np.testing.assert_allclose(_roots_of_squares(z, 1), np.sqrt((z * z).sum(1)), rtol=1e-14)
    assert _norms(np.zeros((0, 3)), 1).shape == (0,) and (_norms(np.zeros((2, 0)), 1) == 0).all()
