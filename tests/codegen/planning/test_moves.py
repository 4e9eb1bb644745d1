"""Every move of the table fires where its row says so, and refuses where its condition or its price does."""

import pytest

from sympy_matcalc.codegen.planning import moves
from sympy_matcalc.codegen.planning.move import Stage

from ...answers import planned as plan
from .rows import ROWS

BASE = "in order"  # the one way that every product has


@pytest.fixture
def without(monkeypatch):
    """A function that takes a move out of the table."""

    def take(name):
        rest = {stage: tuple(m for m in of if m.name != name) for stage, of in moves.BY_STAGE.items()}
        monkeypatch.setattr(moves, "BY_STAGE", rest)

    return take


def test_every_move_has_a_row():
    assert [m.name for m in moves.MOVES if m.name != BASE] == list(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_it_fires(name, without):
    exprs, numbers, expected = ROWS[name][0]
    assert plan(exprs, numbers) == expected
    without(name)
    assert plan(exprs, numbers) != expected


@pytest.mark.parametrize("name", ROWS)
def test_it_refuses(name, without):
    exprs, numbers = ROWS[name][1]
    found = plan(exprs, numbers)
    without(name)
    assert plan(exprs, numbers) == found


def test_forms_of_sums_have_a_least_gain():
    for move in moves.MOVES:
        assert (move.least is not None) == (move.stage is Stage.SUM) and move.condition and ": " in move.about
        assert not move.loses_digits or move.stage is Stage.SUM
