"""Rows of the identity on the sides of a diagonal: the axis that they take rows along."""

from types import SimpleNamespace

import pytest

from sympy_matcalc.codegen.planning.band import _short_axis


def selector(*labels):
    return SimpleNamespace(labels=labels)


@pytest.mark.parametrize(
    "selectors, axis",
    [
        ([], None),
        ([selector(1, 2)], 1),
        ([selector(1, 2), selector(1, 3)], 1),
        ([selector(1, 2), selector(4, 3)], None),
        ([selector(1, 1)], None),
        ([selector(1, 2), selector(1, 3), selector(1, 2)], None),  # the product of the first and the last is no selector
    ],
)
def test_the_axis_that_rows_are_taken_along(selectors, axis):
    assert _short_axis(selectors) == axis
