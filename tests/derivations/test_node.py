"""`Differential`: a node as every other: printing, substitution, shapes, value."""

import pickle

import numpy as np
import pytest
from sympy import Array, Determinant, MatrixSymbol, Symbol, latex, log, srepr, symbols

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env

m, n = symbols("m n", integer=True, positive=True)
X, A, x = MatrixSymbol("X", m, n), MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
t = Symbol("t", real=True)
NODES = [(X.T * X, X), (log(Determinant(X.T * X)), X), (X * x, x), (t**3 * A, t), (X, X[0, 1]), (x.T * A * x, x)]


@pytest.mark.parametrize("part, X", NODES, ids=str)
def test_is_what_differential_writes(part, X):
    d = mc.Differential(part, X)
    assert isinstance(d, mc.Differential) and d.func(*d.args) == d and pickle.loads(pickle.dumps(d)) == d
    assert getattr(d, "shape", ()) == getattr(part, "shape", ())
    written, ours = d.doit(), mc.differential(part, X)
    assert written == ours or written.shape == (1, 1)  # of which `differential` writes the entry
    env = random_env([part, X, d.direction], 1, {m: 4, n: 3})
    np.testing.assert_allclose(np.squeeze(evaluate(ours, env)), np.squeeze(evaluate(written, env)), rtol=1e-12)
    np.testing.assert_allclose(np.squeeze(evaluate(d, env)), np.squeeze(evaluate(written, env)), rtol=1e-7, atol=1e-9)


def test_prints():
    d = mc.Differential(X.T * X, X)
    assert str(d) == "d(X.T*X)" and str(mc.Differential(X, X)) == "dX"
    assert mc.latex(d) == r"\mathrm{d}\left(X^{\top} X\right)" and latex(mc.Differential(X, X)) == r"\mathrm{d}X"
    assert (
        eval(srepr(d), {**vars(__import__("sympy")), **vars(__import__("sympy.core.symbol").core.symbol), "Differential": mc.Differential})
        == d
    )


def test_substitution():
    """Below the d nothing is put in for the variable: it is written out first."""
    d = mc.Differential(X.T * X, X)
    assert d.subs(m, 3).shape == (n, n) and d.subs(m, 3).variable.shape == (3, n)
    B = MatrixSymbol("B", m, n)
    assert str(d.subs(X, 2 * B)) == "(2*B).T*dX + dX.T*(2*B)"
    C = MatrixSymbol("C", n, n)
    assert mc.Differential(A * x, x).subs(A, C) == mc.Differential(C * x, x)


def test_names_of_the_differential():
    dX = MatrixSymbol("dX", m, n)
    d = mc.Differential(dX.T * X, X)
    assert d.direction.name == "dX'" and d.doit() == dX.T * d.direction
    assert mc.Differential(X.T * X).variable == X


@pytest.mark.parametrize("part, X", [(x.T * A * x, None), (x, x + x), (Array([[t]]), t), ("x", t)])
def test_refusals(part, X):
    with pytest.raises(mc.MatcalcError):
        mc.Differential(part, X)


def test_another_symbol_for_the_differential():
    E = MatrixSymbol("E", m, n)
    assert mc.Differential(X.T * X, X, E).doit() == X.T * E + E.T * X
    with pytest.raises(mc.UnsupportedVariableError):
        mc.Differential(X.T * X, X, MatrixSymbol("E", n, m))
