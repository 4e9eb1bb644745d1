"""Answers as they are printed: what a change of a condition, a sign or a branch does to them shows here, see `tests/answers.py`."""

from pathlib import Path

import pytest

from ..answers import answer, rows


@pytest.mark.parametrize("call, text", rows(Path(__file__).parent), ids=lambda value: value[:40])
def test_answer(call, text):
    assert answer(call) == text
