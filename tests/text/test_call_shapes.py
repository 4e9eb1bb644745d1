"""The shapes of calls whose length is that of the one axis of a vector."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc.text import parse


@pytest.mark.parametrize(
    "text, shape",
    [
        ("y.T*cumprod(x)", (1, 1)),
        ("y.T*cumprod(x.T)", (1, 1)),
        ("A*cumprod(x)", ("n", 1)),
        ("y.T*other_pairs_prod(x)*z", (1, 1)),
        ("inverse_gaps(x)*z", ("n", 1)),
    ],
)
def test_the_length_is_known_when_the_axis_is(text, shape):
    expr, names = parse(text)
    assert tuple(map(str, expr.shape)) == tuple(map(str, shape))
    assert all(names[name].shape[1] == 1 for name in names if name.islower())


def test_other_lengths_are_an_error_that_shows_both():
    with pytest.raises(mc.ShapeError, match=r"`y.T` \(column 1\) is 1 x 4, but `cumprod\(x\)`.* is 3 x 1"):
        parse("x: 3; y: 4; y.T*cumprod(x)")
