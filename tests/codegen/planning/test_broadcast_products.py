"""Sums of products that broadcast: which are written a part at a time, and their values at sizes where they are."""

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, d, y = MatrixSymbol("A", n, n), MatrixSymbol("d", n, 1), MatrixSymbol("y", n, 1)
residual = (Identity(n) - A).I * d - y
rng = np.random.default_rng(5)


def of(f, *arguments, **options):
    return mc.lambdify([A, d, y], f, **options)


@pytest.mark.parametrize("size", [3, 21])
def test_the_hessian_of_an_input_output_model(size):
    f = (residual.T * residual)[0, 0]
    hessian, gradient = of(mc.hessian(f, A)), of(mc.gradient(f, A))
    a, x, z, step = 0.1 * rng.standard_normal((size, size)) / size, rng.standard_normal(size), rng.standard_normal(size), 1e-6
    found = hessian(a, x, z)
    for i, j in ((0, 0), (1, 2), (size - 1, 0)):
        e = np.zeros_like(a)
        e[i, j] = step
        np.testing.assert_allclose(
            found[:, :, i, j], (gradient(a + e, x, z) - gradient(a - e, x, z)) / (2 * step), atol=1e-7 * abs(found).max()
        )
    assert "_sum_of_products(" in hessian.source and "_sum_of_products(" not in gradient.source


def test_not_under_a_bound_of_memory_nor_where_values_are_not_looked_at():
    hessian = mc.hessian((residual.T * residual)[0, 0], A)
    assert "_sum_of_products(" not in of(hessian, memory="1 GB").source
    assert "_sum_of_products(" not in of(hessian, modules="jax").source
