"""Softmaxes without what is constant along their axes: values, uses that keep it, points far from 0."""

import numpy as np
import pytest
from sympy import DiagMatrix, MatrixSymbol, OneMatrix, Sum, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.free_shifts import free_shifts
from sympy_matcalc.codegen.schedule import reachable
from sympy_matcalc.nodes import Softmax

m, n, k = symbols("m n k", integer=True, positive=True)
i, j, r = symbols("i j r", integer=True)
A, x, y = MatrixSymbol("A", m, n), MatrixSymbol("x", m, 1), MatrixSymbol("y", n, 1)
COLUMN, ROW = x * OneMatrix(1, n), OneMatrix(m, 1) * y.T
SHIFTED = 2 * A + 3 * COLUMN + ROW


def left(expr):
    """The names of the arguments that are left in the graph."""
    ctx = Lowerer({m, n})
    roots = free_shifts(ctx.graph, [ctx.low(expr).node], Context(ctx.size, registry.find("numpy")({}), frozenset({m, n})))
    return {node.attrs[0].name for node in reachable(roots) if node.op == "arg"}


@pytest.mark.parametrize(
    ("expr", "names"),
    [
        (Softmax(SHIFTED, 1), {"A", "y"}),
        (Softmax(SHIFTED, 0), {"A", "x"}),
        (Softmax(SHIFTED, 1) + Softmax(SHIFTED, 0), {"A", "x", "y"}),
        (Softmax(SHIFTED, 1) + SHIFTED, {"A", "x", "y"}),
        (DiagMatrix(mc.RowLogSumExp(SHIFTED)) * Softmax(SHIFTED, 1), {"A", "x", "y"}),
        (Softmax(COLUMN, 1), {"x"}),
    ],
)
def test_what_is_left_and_its_values(expr, names):
    assert left(expr) == names
    rng = np.random.default_rng(0)
    data = {A: rng.standard_normal((4, 3)), x: rng.standard_normal(4), y: rng.standard_normal(3)}
    z = 2 * data[A] + 3 * data[x][:, None] + data[y]
    softmax = lambda z, axis: np.exp(z) / np.exp(z).sum(axis, keepdims=True)  # noqa: E731
    exact = {
        Softmax(SHIFTED, 1): softmax(z, 1),
        Softmax(SHIFTED, 0): softmax(z, 0),
        Softmax(SHIFTED, 1) + Softmax(SHIFTED, 0): softmax(z, 1) + softmax(z, 0),
        Softmax(SHIFTED, 1) + SHIFTED: softmax(z, 1) + z,
        DiagMatrix(mc.RowLogSumExp(SHIFTED)) * Softmax(SHIFTED, 1): np.log(np.exp(z).sum(1))[:, None] * softmax(z, 1),
        Softmax(COLUMN, 1): np.full((4, 3), 1 / 3),
    }[expr]
    args = [a for a in data if expr.has(a)]
    more = [] if n in {s for a in args for s in a.shape} else [n]
    found = mc.lambdify([*args, *more], expr)(*(data[a] for a in args), *([3] if more else []))
    assert np.abs(found - exact).max() < 1e-14


@pytest.mark.parametrize("far", [0.0, 1e6])
def test_mixtures_far_from_0(far):
    """The squares of the points are left out; of points less their mean all is as exact as it was."""
    M, X = MatrixSymbol("M", k, n), MatrixSymbol("X", m, n)
    distance = Sum((X[j, r] - M[i, r]) ** 2, (r, 0, n - 1))
    e = -Sum(log(Sum(exp(-distance / 2), (i, 0, k - 1))), (j, 0, m - 1))
    rng = np.random.default_rng(1)
    points, centres = (rng.integers(-999, 999, s) / 512 for s in ((9, 3), (2, 3)))
    difference = points - centres[:, None]
    share = np.exp(-(difference**2).sum(2) / 2)
    share /= share.sum(0)
    exact = -np.einsum("kj,kjr->kr", share, difference)
    f = mc.lambdify([M, X], mc.gradient(e, M))
    assert np.abs(f(centres + far, points + far) - exact).max() < 1e-13 * max(1, 1e-5 * far)
    assert f.source.count("np.einsum") == 1  # of the centres


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_of_fewer_axes_beside_what_is_constant(axis):
    """The axes of a row that is a sum itself are others than those of the matrix that it is added to."""
    e = Softmax(A + COLUMN + OneMatrix(m, 1) * (2 * y + y.applyfunc(exp)).T, axis)
    a, u, v = np.random.default_rng(0).standard_normal((3, 4)), np.arange(3.0), np.linspace(0, 1, 4)
    z = np.exp(a + u[:, None] + 2 * v + np.exp(v))
    assert np.allclose(mc.lambdify([A, x, y], e)(a, u, v), z / z.sum(axis, keepdims=True), rtol=1e-13)
