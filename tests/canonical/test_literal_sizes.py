"""Canonical forms of nodes of literal sizes: a 1 x 1 matrix is a scalar, and every form has the value and the shape of what was typed."""

import numpy as np
import pytest

from sympy_matcalc.kernel.shapes import is_matrix
from sympy_matcalc.testing import evaluate

from ..answers import canonical
from ..codegen.literal_sizes import ONE_BY_ONE, SMALL, VALUES

ENV = {s: np.array(v) for s, v in VALUES.items()}


@pytest.mark.parametrize("e, expected", ONE_BY_ONE, ids=str)
def test_of_one_by_one(e, expected):
    found = canonical(e)
    assert not is_matrix(found) and np.allclose(np.asarray(evaluate(found, ENV)), expected)


@pytest.mark.parametrize("e", SMALL, ids=str)
def test_of_small_ones(e):
    found, expected = canonical(e), np.asarray(evaluate(e, ENV))
    assert getattr(found, "shape", (1, 1)) == (expected.shape or (1, 1))
    assert np.allclose(np.asarray(evaluate(found, ENV)).reshape(expected.shape), expected)
