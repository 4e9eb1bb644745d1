"""Which labels a product can exchange: pairs that agree, halves that share none, factors that turn into themselves."""

from types import SimpleNamespace

import numpy as np
import pytest
import sympy

import sympy_matcalc as mc
from sympy_matcalc.codegen.planning.gram import Halves, _exchanges, _extended, _groups, _grown, _moved, _partner, _turns_into_itself

A, B = SimpleNamespace(symmetric=False), SimpleNamespace(symmetric=True)
TURN = {1: 2, 2: 1}


def factor(node, *labels, inverse=False):
    return SimpleNamespace(node=node, labels=labels, inverse=inverse)


@pytest.mark.parametrize(
    "turn, xs, ys, expected",
    [
        ({}, (1, 3), (2, 3), {1: 2, 2: 1, 3: 3}),
        (TURN, (2, 4), (1, 5), {1: 2, 2: 1, 4: 5, 5: 4}),
        (TURN, (1,), (3,), None),
        (TURN, (3,), (1,), None),
        ({}, (1, 2), (2, 3), None),
    ],
)
def test_extended(turn, xs, ys, expected):
    assert _extended(turn, xs, ys) == expected


def test_moved():
    assert _moved(factor(A, 1, 2, 3), TURN) == {1, 2}
    assert _moved(factor(A, 3, 4), {**TURN, 3: 3}) == set()


@pytest.mark.parametrize("side, expected", [({1}, True), ({2}, True), ({1, 3}, True), ({1, 2}, False), (set(), True)])
def test_exchanges(side, expected):
    assert _exchanges({**TURN, 3: 3}, side) is expected


@pytest.mark.parametrize(
    "h, expected",
    [
        (factor(B, 1, 2), True),
        (factor(B, 2, 1), True),
        (factor(A, 1, 2), False),
        (factor(B, 1, 2, inverse=True), False),
        (factor(B, 1, 3), False),
        (factor(B, 1), False),
        (factor(B, 1, 3, 2), False),
    ],
)
def test_turns_into_itself(h, expected):
    assert _turns_into_itself(h, {**TURN, 3: 3}) is expected


def test_partner():
    h, p, q = factor(A, 1, 3), factor(A, 2, 4), factor(B, 2, 4)
    assert _partner(h, [q, p], TURN) == (p, {1: 2, 2: 1, 3: 4, 4: 3})
    assert _partner(h, [q], TURN) == (None, None)
    assert _partner(h, [factor(A, 2, 4, inverse=True)], TURN) == (None, None)
    assert _partner(h, [factor(A, 3, 4)], TURN) == (None, None)


def test_weights_that_are_exchanged_too():
    """f and g by the exchange of 1 and 2; then two of the weights answer to each other by that of 4 and 5, and a third stays."""
    f, g, h, w = factor(A, 1, 3), factor(A, 2, 3), factor(B, 4, 3), factor(B, 5, 3)
    third = factor(SimpleNamespace(symmetric=False), 3)
    grown = _grown(Halves([f], [g], [h, third, w], [], {1: 2}))
    assert (grown.first, grown.second, grown.weights, grown.turn) == ([f, h], [g, w], [third], {1: 2, 4: 5})
    assert _grown(Halves([f], [g], [h, third], [], {1: 2})) is None


def test_groups_hang_together_by_summed_labels():
    """Also by a label that only a factor further back has."""
    f, g, other, weight = factor(A, 1, 2), factor(A, 2, 3), factor(A, 7, 8), factor(B, 1)
    groups = _groups(Halves([f, g, other], [], [weight], [], {}), keep={7})
    assert [(set(map(id, first)), weights) for first, weights in groups] == [({id(other)}, []), ({id(f), id(g)}, [weight])]


def test_weights_that_are_0_or_1_are_their_own_roots():
    m, n = sympy.symbols("m n", integer=True, positive=True)
    X, w, c, t = sympy.MatrixSymbol("X", m, n), sympy.MatrixSymbol("w", n, 1), sympy.Symbol("c", positive=True), sympy.Symbol("t")
    huber = sympy.Piecewise((t**2 / 2, sympy.Abs(t) < c), (c * sympy.Abs(t) - c**2 / 2, True))
    f = mc.lambdify([X, w, c], mc.hessian(mc.ElementSum((X * w).applyfunc(sympy.Lambda(t, huber))), w))
    assert "sqrt" not in f.source and "np.where" not in f.source
    rows = np.array([[1.0, 2], [3, 4], [-1, 1]])
    inside = rows[[0, 2]]
    np.testing.assert_allclose(f(rows, np.array([1.0, -0.1]), 1.5), inside.T @ inside)
    assert np.isnan(f(np.array([[np.nan, 1], [1, 1]]), np.ones(2), 1.0)).any()
