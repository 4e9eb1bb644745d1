"""Derivatives of functions of functions of a matrix, where each by itself has no digits of the other."""

import numpy as np
import pytest
from sympy import MatrixSymbol, Q, Trace, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
S, C, D = (MatrixSymbol(name, n, n) for name in "SCD")
SPREADS = ([-1, 0.3, 1.5], [-20, 0, 23.0], [-60, 5, 60.0], [-300, 0, 300.0])


def matrices(values, seed=0):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return (q * np.array(values)) @ q.T, *rng.normal(size=(2, 3, 3))


@pytest.mark.parametrize("values", SPREADS, ids=str)
def test_a_logarithm_of_an_exponential(values):
    """It is S, whose derivatives are C and 0."""
    s, c, d = matrices(values)
    gradient = mc.gradient(Trace(C.T * mc.MatrixLog(mc.MatrixExp(S))), S)
    for given in (s, (s + s.T) / 2):
        first, second = mc.lambdify([S, C, D], [gradient, mc.gradient(Trace(D.T * gradient), S)])(given, c, d)
        assert np.abs(first - c).max() < 1e-13
        assert np.abs(second).max() == 0


@pytest.mark.parametrize("values", SPREADS[:2], ids=str)
def test_a_root_of_an_exponential(values):
    s, c, d = matrices(values)
    found, right = (mc.gradient(Trace(C.T * e), S) for e in (mc.MatrixSqrt(mc.MatrixExp(S)), mc.MatrixExp(S / 2)))
    for of in (lambda g: g, lambda g: mc.gradient(Trace(D.T * g), S)):
        a, b = (mc.lambdify([S, C, D], of(g), assumptions=Q.symmetric(S))((s + s.T) / 2, c, d) for g in (found, right))
        assert np.abs(a - b).max() < 1e-12 * np.abs(b).max()


def test_what_is_not_symmetric():
    rng = np.random.default_rng(1)
    a, c, d = rng.normal(size=(3, 4, 4)) / 2
    gradient = mc.gradient(Trace(C.T * mc.MatrixLog(mc.MatrixExp(S))), S)
    first, second = mc.lambdify([S, C, D], [gradient, mc.gradient(Trace(D.T * gradient), S)])(a, c, d)
    assert np.abs(first - c).max() < 1e-11 and np.abs(second).max() < 1e-11


def test_other_chains_stay():
    """What the outer derivative is taken at is to be the function that the inner one is of."""
    e = mc.parse("frechet(exp, S, frechet(log, expm(D), C))")[0]
    names = {str(x): x for x in e.free_symbols}
    source = mc.lambdify([names[k] for k in "SCD"], e).source
    assert source.count("_frechet(") >= 2 and '("log", ("exp", "x"))' not in source
