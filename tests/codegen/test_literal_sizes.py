"""Numeric code of nodes of literal sizes: the definition at a 1 x 1 matrix, and values and shapes of the evaluator at small ones."""

import numpy as np
import pytest
from sympy import Identity
from sympy.matrices.expressions.diagonal import DiagonalMatrix
from sympy.tensor.array.expressions import PermuteDims, Reshape

import sympy_matcalc as mc
from sympy_matcalc.codegen.lower import Lowerer, shape_of
from sympy_matcalc.testing import evaluate

from .literal_sizes import ONE_BY_ONE, SMALL, VALUES, P


def value(e):
    given = [s for s in VALUES if e.has(s)]
    return np.asarray(mc.lambdify(given, e)(*(np.array(VALUES[s]) for s in given)))


@pytest.mark.parametrize("e, expected", ONE_BY_ONE, ids=str)
def test_of_one_by_one(e, expected):
    found = value(e)
    assert found.shape in ((), (1, 1)) and np.allclose(found, expected)


ARRAYS = [DiagonalMatrix(P), Reshape(P, (1, 3, 2)), PermuteDims(Reshape(P, (1, 3, 2)), (2, 0, 1))]  # which are in no other form


@pytest.mark.parametrize("e", SMALL + ARRAYS, ids=str)
def test_of_small_ones(e):
    expected = np.asarray(evaluate(e, {s: np.array(v) for s, v in VALUES.items()}))
    expected = expected.reshape(()) if expected.size == 1 else expected
    found = value(e)
    assert found.shape == expected.shape and np.allclose(found, expected)
    ctx = Lowerer()
    node = ctx.dense(ctx.low(e), shape_of(e)).node
    assert node.shape == tuple(s for s in expected.shape if s != 1)  # which prices are made of


def test_a_slice_that_ends_between_two_steps():
    """SymPy takes P[:, ::2] for one column, NumPy for two."""
    for e in (P[:, ::2], P[1:, ::2], Identity(3)[::2, :] * P.T):
        with pytest.raises(mc.ShapeError, match="in steps of 2: SymPy rounds its length down"):
            mc.lambdify([P], e)
