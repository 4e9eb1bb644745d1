"""Which labels a product can exchange: pairs that agree, halves that share none, factors that turn into themselves."""

from types import SimpleNamespace

import pytest

from sympy_matcalc.codegen.planning.gram import _exchanges, _extended, _moved, _partner, _turns_into_itself

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
