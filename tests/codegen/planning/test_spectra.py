"""Decompositions are marked where a matrix is symmetric by form or by fact, in libraries that cannot ask."""

import pytest
from sympy import MatrixSymbol, Q, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)


@pytest.mark.parametrize("modules", ("jax", "torch"))
def test_only_what_is_known_to_be_symmetric_has_a_decomposition(modules):
    pytest.importorskip(modules)
    by_form = mc.lambdify([A, B], mc.MatrixLog(A.T * A + B.T * B), modules=modules).source
    by_fact = mc.lambdify([A], mc.MatrixLog(A), modules=modules, assumptions=Q.symmetric(A)).source
    other = mc.lambdify([A, B], mc.MatrixLog(A * B), modules=modules, assumptions=Q.symmetric(A)).source
    assert "_spectrum(" in by_form and "_spectrum(" in by_fact and "_spectrum(" not in other


def test_numpy_asks_for_the_values():
    assert "_spectrum(A)" in mc.lambdify([A], mc.MatrixLog(A)).source
