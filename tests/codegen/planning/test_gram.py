"""Which labels a product can exchange: pairs that agree, halves that share none, factors that turn into themselves."""

from types import SimpleNamespace

import numpy as np
import pytest
import sympy
from sympy.tensor.array.expressions import ArrayContraction, ArraySymbol, ArrayTensorProduct

import sympy_matcalc as mc
from sympy_matcalc.codegen.planning.gram import Halves, _exchanges, _extended, _groups, _grown, _moved, _partner, _turns_into_itself

A, B = SimpleNamespace(symmetric=False), SimpleNamespace(symmetric=True)
TURN = {1: 2, 2: 1}


def factor(node, *labels, inverse=False):
    return SimpleNamespace(node=node, labels=labels, inverse=inverse)


@pytest.mark.parametrize(
    "turn, xs, ys, expected",
    [
        ({}, (1, 3), (2, 3), {1: 2, 2: 1, 3: 3}),
        (TURN, (2, 4), (1, 5), {1: 2, 2: 1, 4: 5, 5: 4}),
        (TURN, (1,), (3,), None),
        (TURN, (3,), (1,), None),
        ({}, (1, 2), (2, 3), None),
    ],
)
def test_extended(turn, xs, ys, expected):
    assert _extended(turn, xs, ys) == expected


def test_moved():
    assert _moved(factor(A, 1, 2, 3), TURN) == {1, 2}
    assert _moved(factor(A, 3, 4), {**TURN, 3: 3}) == set()


@pytest.mark.parametrize("side, expected", [({1}, True), ({2}, True), ({1, 3}, True), ({1, 2}, False), (set(), True)])
def test_exchanges(side, expected):
    assert _exchanges({**TURN, 3: 3}, side) is expected


@pytest.mark.parametrize(
    "h, expected",
    [
        (factor(B, 1, 2), True),
        (factor(B, 2, 1), True),
        (factor(A, 1, 2), False),
        (factor(B, 1, 2, inverse=True), False),
        (factor(B, 1, 3), False),
        (factor(B, 1), False),
        (factor(B, 1, 3, 2), False),
    ],
)
def test_turns_into_itself(h, expected):
    assert _turns_into_itself(h, {**TURN, 3: 3}) is expected


def test_partner():
    h, p, q = factor(A, 1, 3), factor(A, 2, 4), factor(B, 2, 4)
    assert _partner(h, [q, p], TURN) == (p, {1: 2, 2: 1, 3: 4, 4: 3})
    assert _partner(h, [q], TURN) == (None, None)
    assert _partner(h, [factor(A, 2, 4, inverse=True)], TURN) == (None, None)
    assert _partner(h, [factor(A, 3, 4)], TURN) == (None, None)


def test_weights_that_are_exchanged_too():
    """f and g by the exchange of 1 and 2; then two of the weights answer to each other by that of 4 and 5, and a third stays."""
    f, g, h, w = factor(A, 1, 3), factor(A, 2, 3), factor(B, 4, 3), factor(B, 5, 3)
    third = factor(SimpleNamespace(symmetric=False), 3)
    grown = _grown(Halves([f], [g], [h, third, w], [], {1: 2}))
    assert (grown.first, grown.second, grown.weights, grown.turn) == ([f, h], [g, w], [third], {1: 2, 4: 5})
    assert _grown(Halves([f], [g], [h, third], [], {1: 2})) is None


def test_groups_hang_together_by_summed_labels():
    """Also by a label that only a factor further back has."""
    f, g, other, weight = factor(A, 1, 2), factor(A, 2, 3), factor(A, 7, 8), factor(B, 1)
    groups = _groups(Halves([f, g, other], [], [weight], [], {}), keep={7})
    assert [(set(map(id, first)), weights) for first, weights in groups] == [({id(other)}, []), ({id(f), id(g)}, [weight])]


m, n = sympy.symbols("m n", integer=True, positive=True)
X, w, y = sympy.MatrixSymbol("X", m, n), sympy.MatrixSymbol("w", n, 1), sympy.MatrixSymbol("y", m, 1)
c, t = sympy.Symbol("c", positive=True), sympy.Symbol("t")
HUBER = sympy.Lambda(t, sympy.Piecewise((t**2 / 2, sympy.Abs(t) < c), (c * sympy.Abs(t) - c**2 / 2, True)))


def test_of_weights_that_are_0_or_1_the_rows_that_have_one():
    f = mc.lambdify([X, w, c], mc.hessian(mc.ElementSum((X * w).applyfunc(HUBER)), w))
    assert "_gram_of_rows(" in f.source and "sqrt" not in f.source and "np.where" not in f.source
    rows = np.array([[1.0, 2], [3, 4], [-1, 1]])
    inside = rows[[0, 2]]
    np.testing.assert_allclose(f(rows, np.array([1.0, -0.1]), 1.5), inside.T @ inside)
    assert not f(rows, np.array([1e3, 1e2]), 1.5).any()


@pytest.mark.parametrize("entry", [np.nan, np.inf, -np.inf])
def test_a_row_of_weight_0_counts_where_it_is_not_finite(entry):
    """0 times it is NaN, which has to show."""
    f = mc.lambdify([X, w, c], mc.hessian(mc.ElementSum((X * w).applyfunc(HUBER)), w))
    with np.errstate(invalid="ignore"):
        found = f(np.array([[entry, 1], [1, 1]]), np.ones(2), 3.0)
    assert np.isnan(found[0]).all() and np.isnan(found[1, 0]) and found[1, 1] == 1


def test_huge_entries_are_no_reason_to_lose_rows():
    f = mc.lambdify([X, w, c], mc.hessian(mc.ElementSum((X * w).applyfunc(HUBER)), w))
    np.testing.assert_allclose(f(np.array([[1e200, 0], [1, 2]]), np.array([1.0, 0]), 3.0), [[1, 2], [2, 4]])


def test_a_comparison_among_other_weights():
    f = mc.ElementSum(sympy.HadamardProduct(y.applyfunc(sympy.exp), (X * w).applyfunc(HUBER)))
    f = mc.lambdify([X, w, y, c], mc.hessian(f, w))
    assert "_gram_of_rows(" in f.source
    rows, weights = np.array([[1.0, 2], [3, 4], [-1, 1]]), np.array([0.3, -1, 2])
    inside = rows[[0, 2]]
    expected = inside.T @ (np.exp(weights[[0, 2]])[:, None] * inside)
    np.testing.assert_allclose(f(rows, np.array([1.0, -0.1]), weights, 1.5), expected)


def test_no_rows_of_a_stack():
    """Each matrix of the stack would need rows of its own."""
    V = sympy.MatrixSymbol("V", m, n)
    f = mc.lambdify([X, V, c], mc.hessian(mc.ElementSum((X * V.T).applyfunc(HUBER)), X))
    assert "_gram_of_rows(" not in f.source


@pytest.mark.parametrize("signs", ["mixed", "all negative", "none negative"])
@pytest.mark.parametrize("rows, columns", [(7, 3), (700, 20)])
def test_weights_of_either_sign(rows, columns, signs):
    rng = np.random.default_rng(0)
    f, x, d = mc.lambdify([X, y], X.T * sympy.DiagMatrix(y) * X), rng.standard_normal((rows, columns)), rng.standard_normal(rows)
    d = {"mixed": d, "all negative": -np.abs(d), "none negative": np.abs(d)}[signs]
    found = f(x, d)
    np.testing.assert_allclose(found, x.T @ (d[:, None] * x), rtol=1e-12, atol=1e-12)
    assert (found == found.T).all()


def test_weights_along_one_of_two_summed_axes():
    """They may be negative: there is no root that both halves take, and as many weights as the first axis is long."""
    m, n, k = sympy.symbols("m n k", integer=True, positive=True)
    T, w = ArraySymbol("T", (m, k, n)), sympy.MatrixSymbol("w", m, 1)
    f = mc.lambdify([T, w], ArrayContraction(ArrayTensorProduct(T, w, T), (0, 3, 5), (1, 6)))
    value, weights = np.arange(60.0).reshape(3, 4, 5) % 7, np.array([1.0, -2, 3])
    np.testing.assert_allclose(np.squeeze(f(value, weights)), np.einsum("ika,i,ikb->ab", value, weights, value))


@pytest.mark.parametrize("modules", ["numpy", "jax"])
@pytest.mark.parametrize(
    ("text", "pairs"), [("qsp,qtu,st->pu", ((0, 3), (1, 6), (4, 7))), ("qsp,rtu,st,qr->pu", ((0, 8), (1, 6), (3, 9), (4, 7)))]
)
def test_a_symmetric_matrix_that_ties_both_halves_along_summed_axes(text, pairs, modules):
    """Each half has no sum of its own along those axes."""
    if modules == "jax":
        pytest.importorskip("jax").config.update("jax_enable_x64", True)
    m, n, k = sympy.symbols("m n k", integer=True, positive=True)
    T, S, C = ArraySymbol("T", (m, n, k)), sympy.MatrixSymbol("S", n, n), sympy.MatrixSymbol("C", m, m)
    rng = np.random.default_rng(3)
    t, s, c = rng.standard_normal((3, 4, 5)), rng.standard_normal((4, 4)), rng.standard_normal((3, 3))
    factors, values = [T, T, S + S.T], [t, t, s + s.T]
    if len(text.split(",")) == 4:
        factors, values = [*factors, C + C.T], [*values, c + c.T]
    f = mc.lambdify([T, S, C], ArrayContraction(ArrayTensorProduct(*factors), *pairs), modules=modules)
    np.testing.assert_allclose(np.asarray(f(t, s, c)), np.einsum(text, *values), rtol=1e-12)
