"""Sums over samples of functions of a matrix of each sample: tiles of samples, against a loop written here."""

import numpy as np
import pytest
from sympy import Determinant, DiagMatrix, MatrixSymbol, Sum, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen import tiles

m, n, c, i = symbols("m n c i", integer=True, positive=True)
X, S, W = MatrixSymbol("X", m, n), MatrixSymbol("S", n, n), MatrixSymbol("W", n, c)
RNG = np.random.default_rng(0)
x, w = RNG.random((7, 4)) + 0.1, RNG.standard_normal((4, 2))
s = np.eye(4) + 0.1 * np.ones((4, 4))
OF_ROW = Sum(log(Determinant(S + X[i, :].T * X[i, :])), (i, 0, m - 1))
WEIGHTED = Sum(log(Determinant(W.T * DiagMatrix(X[i, :].T) * W)), (i, 0, m - 1))


@pytest.mark.parametrize("module, most", [("numpy", 1), ("numpy", 40), ("numpy", tiles.MOST), ("jax", 60), ("torch", 60)])
def test_sums_of_determinants(module, most, monkeypatch):
    pytest.importorskip(module)
    monkeypatch.setattr(tiles, "MOST", most)  # tiles of one, of two and of all
    inverses = np.array([np.linalg.inv(s + np.outer(row, row)) for row in x])
    wanted = {
        "value": sum(np.linalg.slogdet(s + np.outer(row, row))[1] for row in x),
        "gradient": inverses.sum(0).T,
        "hessian": -np.einsum("zjk,zli->ijkl", inverses, inverses),
    }
    exprs = {"value": OF_ROW, "gradient": mc.gradient(OF_ROW, S), "hessian": mc.hessian(OF_ROW, S)}
    f = mc.lambdify([X, S], exprs, modules=module)
    given = [x, s] if module != "torch" else list(map(pytest.importorskip("torch").as_tensor, (x, s)))
    for name, found in f(*given).items():
        assert np.allclose(np.asarray(found), wanted[name], rtol=1e-4 if module == "jax" else 1e-10), name
    assert "range(0, m)" not in f.source


def test_weighted_grams_of_each_sample():
    f = mc.lambdify([X, W], [WEIGHTED, mc.gradient(WEIGHTED, W)])
    value, gradient = f(x, w)
    assert np.isclose(value, sum(np.linalg.slogdet(w.T @ (row[:, None] * w))[1] for row in x))
    wanted = 2 * sum(row[:, None] * w @ np.linalg.inv(w.T @ (row[:, None] * w)) for row in x)
    assert np.allclose(gradient, wanted)
    assert mc.lambdify([X, W], WEIGHTED)(np.zeros((0, 4)), w) == 0


def test_a_part_of_the_rows():
    e = Sum(log(Determinant(S + X[i + 1, :].T * X[i, :])), (i, 0, m - 2))
    wanted = sum(np.linalg.slogdet(s + np.outer(b, a))[1] for a, b in zip(x, x[1:]))
    assert np.isclose(mc.lambdify([X, S], e)(x, s), wanted)
