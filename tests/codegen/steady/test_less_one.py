"""``exp(x) - 1`` in every back end: a small x keeps its digits."""

import importlib

import numpy as np
import pytest
from sympy import HadamardProduct, Lambda, MatrixSymbol, OneMatrix, exp, symbols

from sympy_matcalc import ElementSum, lambdify

n, m, t = symbols("n m t", integer=True, positive=True)
x, y, X = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("X", n, m)
less = x.applyfunc(Lambda(t, exp(t))) - OneMatrix(n, 1)
SMALL, TWO = np.array([1e-18, -3e-17]), np.array([2.0, 1.0])


@pytest.mark.parametrize("library", ["numpy", "jax", "torch", "dask", "array_api_strict"])
def test_small_x_in_every_library(library):
    pytest.importorskip(library)
    modules = importlib.import_module(library) if library.startswith("array") else library
    if library == "jax":
        importlib.import_module("jax").config.update("jax_enable_x64", True)
    as_array = modules.asarray if library.startswith("array") else np.asarray
    inner = lambdify([y, x], (y.T * less)[0, 0], modules)(as_array(TWO), as_array(SMALL))
    assert float(inner) == pytest.approx(-28e-18, rel=1e-12)
    entries = lambdify([y, x], HadamardProduct(-y, less), modules)(as_array(TWO), as_array(SMALL))
    np.testing.assert_allclose(np.asarray(entries).ravel(), [-2e-18, 3e-17], rtol=1e-12)


def test_of_a_matrix_and_with_a_number_for_each():
    whole = ElementSum(3 * OneMatrix(n, m) - 3 * X.applyfunc(exp))
    assert lambdify([X], whole)(np.full((2, 3), 1e-18)) == pytest.approx(-18e-18, rel=1e-12)
