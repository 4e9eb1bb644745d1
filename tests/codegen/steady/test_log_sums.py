"""Logarithms of cumulative sums of exponentials, and of sums over pairs, where the exponentials are out of range; derivatives where they
are in range.
"""

import numpy as np
import pytest
from sympy import Lambda, MatrixSymbol, OneMatrix, Symbol, exp, log, symbols
from sympy.matrices.expressions.hadamard import HadamardProduct

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
c = Symbol("c")
z, d = MatrixSymbol("z", n, 1), MatrixSymbol("d", n, 1)
W = MatrixSymbol("W", n, n)
ONES = OneMatrix(n, 1)
E = z.applyfunc(Lambda(c, exp(c)))


def logs(x):
    return x.applyfunc(Lambda(c, log(c)))


LIKELIHOODS = {  # of which z and z + number have the same value
    "cox": mc.dot(d, logs(mc.ReverseCumulativeSum(E)) - z),
    "forward": mc.dot(d, logs(mc.CumulativeSum(E)) - z),
    "pairs": mc.ElementSum(HadamardProduct(W, logs(E * ONES.T + ONES * E.T) - z * ONES.T)),
}
RNG = np.random.default_rng(5)
VALUES = [RNG.uniform(-2, 2, 5), RNG.uniform(0, 1, 5), RNG.uniform(0, 1, (5, 5))]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", LIKELIHOODS)
def test_values_moved_by_a_number(name, dtype):
    f = mc.lambdify([z, d, W], LIKELIHOODS[name])
    rounded = [np.round(v * 64) / 64 for v in VALUES]  # so that a move loses no digits
    expected = f(*rounded)
    for by in (-1000, -400, 400, 1000):
        found = f(*(v.astype(dtype) for v in (rounded[0] + by, *rounded[1:])))
        np.testing.assert_allclose(found, expected, rtol=4000 * np.finfo(dtype).eps, atol=4000 * np.finfo(dtype).eps)


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_values_far_apart(name):
    far = np.array([-3000.0, 2000.0, 0.0, 10.0, -700.0])
    u = np.ones(5)
    pairs = np.logaddexp(far[:, None], far[None, :])
    expected = {
        "cox": np.logaddexp.accumulate(far[::-1]).sum() - far.sum(),
        "forward": np.logaddexp.accumulate(far).sum() - far.sum(),
        "pairs": pairs.sum() - 5 * far.sum(),
    }
    assert np.isclose(mc.lambdify([z, d, W], LIKELIHOODS[name])(far, u, np.ones((5, 5))), expected[name], rtol=1e-13)


@pytest.mark.parametrize(
    ("dtype", "exponents", "expected"),
    [
        (np.float64, [700, 0, -700], [0, 0, 0]),
        (np.float64, [-600, 600], [1, -1]),
        (np.float32, [-500, 80, 0], [1, -1, 0]),
        (np.float32, [-100, 80], [1, -1]),
        (np.float32, [1, -np.inf, 2], [np.e / (1 + np.e), 2, -2 - np.e / (1 + np.e)]),
    ],
)
def test_gradients_where_each_exponential_is_in_range(dtype, exponents, expected):
    likelihood = mc.dot(d, z - logs(mc.ReverseCumulativeSum(E)))
    f = mc.lambdify([z, d], mc.gradient(likelihood, z))
    weights = np.arange(1, len(exponents) + 1)
    np.testing.assert_allclose(f(np.array(exponents, dtype), weights.astype(dtype)), expected, atol=8 * np.finfo(dtype).eps)


@pytest.mark.parametrize("name", ["jax", "torch", "dask", "array_api_strict"])
@pytest.mark.parametrize("node", [mc.CumulativeSum, mc.ReverseCumulativeSum])
def test_in_all_libraries(name, node):
    library = pytest.importorskip({"dask": "dask.array", "jax": "jax.numpy"}.get(name, name))
    f = mc.lambdify([z], mc.dot(z, logs(node(E))), modules=library if name == "array_api_strict" else name)
    x = np.array([1000.0, 980.0, 1001.0])
    forward = node is mc.CumulativeSum
    expected = x @ (np.logaddexp.accumulate(x) if forward else np.logaddexp.accumulate(x[::-1])[::-1])
    assert np.isclose(float(f(library.asarray(list(map(float, x))))), expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["numpy", "jax", "torch", "dask", "array_api_strict"])
def test_infinite_exponents(name):
    library = pytest.importorskip({"dask": "dask.array", "jax": "jax.numpy"}.get(name, name))
    modules = library if name == "array_api_strict" else name
    x = [-np.inf, -np.inf, 1.0, 0.5, np.inf]
    for formula, expected in (
        (logs(mc.CumulativeSum(E)), np.logaddexp.accumulate(x)[:, None]),
        (logs(E * ONES.T + ONES * E.T), np.logaddexp.outer(x, x)),
    ):
        with np.errstate(all="ignore"):
            found = np.asarray(mc.lambdify([z], formula, modules=modules)(library.asarray(x)))
        np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-6)


@pytest.mark.parametrize("formula", [logs(mc.CumulativeSum(E)), logs(E * ONES.T + ONES * E.T)])
def test_complex_exponents_have_the_branch_of_the_logarithm(formula):
    x = np.array([1 + 2j, -0.5 + 3j, 0.25 - 3j, 2 + 7j])
    found = mc.lambdify([z], formula)(x)
    e = np.exp(x)
    expected = np.log(e[:, None] + e) if found.ndim == 2 and found.shape[1] > 1 else np.log(np.cumsum(e)).reshape(found.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
