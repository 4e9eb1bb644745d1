"""Reading a term: which fused axes can be taken apart as an operand's own are."""

import pytest
from sympy import symbols

from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.pieces import Pieces
from sympy_matcalc.notation.term import new_axis

n, m = symbols("n m", integer=True, positive=True)


@pytest.mark.parametrize(
    "ours, theirs, fits",
    [
        ((n, m), (n, m), True),
        ((n, m), (m, n), False),
        ((n, m), (n * m,), True),  # one label can be split
        ((n * m,), (n, m), True),
        ((n, m), (n, m, n), False),
        ((n, m, n), (n, m), False),
        ((n, m), (), True),
    ],
)
def test_match(ours, theirs, fits):
    with session():
        labels = [sum(map(new_axis, sizes), ()) for sizes in (ours, theirs)]
        assert Pieces._match(*labels) is fits
