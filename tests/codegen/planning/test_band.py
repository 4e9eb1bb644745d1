"""Rows of the identity on the sides of a diagonal: the axis that they take rows along."""

from types import SimpleNamespace

import numpy as np
import pytest
from sympy import HadamardProduct, MatrixSymbol, symbols

import sympy_matcalc as mc
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


def test_what_is_on_one_diagonal_is_written_once():
    n = symbols("n", integer=True, positive=True)
    x = MatrixSymbol("x", n, 1)
    head, tail = x[: n - 1, :], x[1:, :]
    u = tail - HadamardProduct(head, head)
    f = mc.lambdify([x], mc.hessian((u.T * u)[0, 0] + (head.T * head)[0, 0], x))
    assert f.source.split("def compute")[1].count("_add_band(") == 4
    for size in (1, 2, 5):
        v = np.arange(1.0, size + 1)
        want = np.zeros((size, size))
        for i in range(size - 1):
            want[i, i] += 12 * v[i] ** 2 - 4 * v[i + 1] + 2
            want[i + 1, i + 1] += 2
            want[i, i + 1] = want[i + 1, i] = -4 * v[i]
        np.testing.assert_allclose(f(v), want)
