"""The collector is at rest inside, and as it was afterwards."""

import gc

import pytest
from sympy import MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.collector import at_rest
from sympy_matcalc.kernel.session import session

n = symbols("n", integer=True, positive=True)
X = MatrixSymbol("X", n, n)


def test_it_is_at_rest_in_sessions_and_as_it_was_afterwards():
    assert gc.isenabled()
    with session(), session(), at_rest():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(mc.MatcalcError):
        mc.gradient(X, X)
    with pytest.raises(mc.MatcalcError):
        mc.lambdify([X], Trace(X), structured=True, modules="jax")
    assert gc.isenabled()


def test_who_turned_it_off_keeps_it_off():
    gc.disable()
    try:
        mc.lambdify([X], mc.gradient(Trace(X.T * X), X))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_collection_falls_into_a_plan():
    seen = []
    gc.callbacks.append(lambda phase, info: seen.append(info["generation"]))
    try:
        gc.collect()
        seen.clear()
        with session():
            mc.gradient(Trace(X.T * X * X.I), X)
            assert not seen
    finally:
        gc.callbacks.pop()
