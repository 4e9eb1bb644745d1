"""The cases that were handed in for the engine hold."""

import pytest

from .handed_cases import ROWS


@pytest.mark.parametrize("name", ROWS)
def test_it_holds(name):
    assert ROWS[name]()
