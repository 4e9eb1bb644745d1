"""Hessians of kernels by their parameters: no array of coordinates by pairs of points, and the values of differences."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Sum, exp, log, sqrt, symbols

import sympy_matcalc as mc

n, k = symbols("n k", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
X, P, w, v = MatrixSymbol("X", n, k), MatrixSymbol("P", n, n), MatrixSymbol("w", k, 1), MatrixSymbol("v", n, 1)


def pairs(f):
    return Sum(f, (i, 0, n - 1), (j, 0, n - 1))


D = Sum(exp(-2 * w[r, 0]) * (X[i, r] - X[j, r]) ** 2, (r, 0, k - 1))
K = exp(-D / 2)
CASES = [
    (-pairs(P[i, j] * K) / sqrt(pairs(K**2)), True),
    (log(pairs(P[i, j] * K)) + pairs(v[i, 0] * K * v[j, 0]) ** 2 / pairs(K), None),
    (pairs(v[i, 0] * v[j, 0] * K), None),
    (pairs(P[i, j] / (1 + D)) * pairs(K), None),
    (log(pairs(P[i, j] * log(1 + D))), None),
]


@pytest.mark.parametrize(("e", "fires"), CASES, ids=range(len(CASES)))
@pytest.mark.parametrize("far", [0.0, 1e5])
def test_hessians_by_differences(e, fires, far):
    rng = np.random.default_rng(2)
    data = {
        X: rng.integers(-999, 999, (7, 3)) / 1024 + far,
        P: rng.random((7, 7)) + 0.5,
        w: rng.standard_normal(3) / 4,
        v: rng.standard_normal(7),
    }
    args = [a for a in data if e.has(a)]
    hessian, gradient = mc.lambdify(args, mc.hessian(e, w)), mc.lambdify(args, mc.gradient(e, w))
    step = rng.standard_normal(3)
    up, down = (gradient(*({**data, w: data[w] + h * step}[a] for a in args)) for h in (1e-5, -1e-5))
    found = hessian(*(data[a] for a in args)) @ step
    exact = (up - down) / 2e-5
    assert np.abs(found - exact).max() < 1e-7 * np.abs(exact).max()
    if fires:
        assert ".reshape(k, " not in hessian.source  # of an array of three axes as a matrix
