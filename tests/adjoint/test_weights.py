"""Terms that differ in weights of the entries of a part are added up, and those that are diagonal are not made one leaf."""

import numpy as np
import pytest
from sympy import MatrixSymbol, S, Sum, exp, sqrt, symbols

import sympy_matcalc as mc
from sympy_matcalc.adjoint.weights import is_diagonal, with_weights_added
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.term import AdjointTerm, new_axis
from sympy_matcalc.testing import evaluate, random_env

n, k = symbols("n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
X, F, G = MatrixSymbol("X", n, k), MatrixSymbol("F", n, n), MatrixSymbol("G", n, n)
c = symbols("c", positive=True)
d = X[i, :] - X[j, :]
SQUARE = (d * d.T)[0, 0]


def term(weight, coefficient=1, is_turned=False):
    """delta_ik X_la F_kl of a part with the axes k and l."""
    row, column, last = new_axis(n), new_axis(k), new_axis(n)
    axes = (last, row) if is_turned else (row, last)
    leaves = ((X, last, column), *(((weight, *axes),) if weight is not None else ()))
    return AdjointTerm(S(coefficient), leaves, (row, column), (row, last))


@pytest.mark.parametrize("turned, total", [(False, 2 * F + 3 * G), (True, 2 * F + 3 * G.T)])
def test_weights_are_added(turned, total):
    with session():
        (found,) = with_weights_added([term(F, 2), term(G, 3, turned)])
        (node, *axes) = found.leaves[-1]
        env = random_env([F, G], seed=1)
        value = evaluate(node, env)
        assert tuple(axes) == found.hole
        assert np.allclose(value, evaluate(total, env))
        assert found.leaves[0][0] is X and found.coefficient == 1


def test_terms_that_cancel():
    with session():
        assert with_weights_added([term(F, 2), term(F, -2)]) == []
        assert with_weights_added([term(None, 2), term(None, -2)]) == []


def test_terms_of_another_form_stay():
    with session():
        assert len(with_weights_added([term(F), term(None), term(G)])) == 2


def test_diagonal_terms():
    with session():
        row, column, other = new_axis(n), new_axis(k), new_axis(n)
        assert is_diagonal(term(F))
        assert not is_diagonal(AdjointTerm(1, (), (row, column), (other,)))
        assert is_diagonal(AdjointTerm(1, (), (row,), (row, other)))
        assert not is_diagonal(AdjointTerm(1, (), (row,), (row,)))
        assert not is_diagonal(AdjointTerm(1, (), (), (row, other)))


@pytest.mark.parametrize("f", [exp(-SQUARE), exp(-sqrt(SQUARE + c)) / sqrt(SQUARE + c), 1 / (SQUARE + c)], ids=str)
def test_hessians_of_sums_over_pairs_have_no_array_of_three_samples(f):
    """n x k x n x n numbers, of which all but n x k x n are zero."""
    hessian = mc.hessian(Sum(f, (i, 0, n - 1), (j, 0, n - 1)), X)
    source = mc.lambdify([X, c], hessian).source
    assert "(n, k, n, n)" not in source and "reshape(n, n * k * n)" not in source
