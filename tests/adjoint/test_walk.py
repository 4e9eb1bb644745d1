"""The walk that transposes a differential: up to how many paths it writes out, and what it refuses."""

import numpy as np
import pytest
from sympy import Add, Determinant, HadamardProduct, MatMul, MatrixSymbol, Sum, Symbol, Trace, ZeroMatrix, exp, sin, symbols, tanh
from sympy.matrices.expressions import MatAdd

import sympy_matcalc as mc
from sympy_matcalc.adjoint import walk
from sympy_matcalc.adjoint.walk import transpose_linear
from sympy_matcalc.errors import MissingRuleError
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation.term import new_axes
from sympy_matcalc.testing import evaluate, random_env

n = symbols("n", integer=True, positive=True)
i = Symbol("i", integer=True, nonnegative=True)
A, X, x = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n), MatrixSymbol("x", n, 1)
hidden = (A * x).applyfunc(tanh)
VECTORS, NUMBERS = [MatrixSymbol(f"c{k}", n, 1) for k in range(9)], symbols("a:9")


def inner(v):
    return (v.T * hidden)[0, 0]


@pytest.mark.parametrize("paths, jacobians", [(7, 7), (8, 8), (9, 1)])
def test_a_few_paths_are_written_out_and_many_are_one(paths, jacobians):
    """Nine summands that share a hidden layer meet its Jacobian once, with the sum of their cotangents: deep nets stay linear in size."""
    gradient = mc.gradient(Add(*(sin(inner(v)) for v in VECTORS[:paths])), x)
    assert str(gradient).count("A.T") == jacobians


@pytest.mark.parametrize(
    "f",
    [inner(MatAdd(*VECTORS)) - Add(*map(inner, VECTORS)), Add(*NUMBERS) * inner(hidden) - Add(*(a * inner(hidden) for a in NUMBERS))],
    ids=["vectors", "numbers"],
)
def test_cotangents_that_cancel_where_they_are_added_up(f, monkeypatch):
    """What is below them is not reached, and the derivative is the zero matrix as such."""
    joined = []
    monkeypatch.setattr(walk, "_join", lambda terms, join=walk._join: joined.append(join(terms)) or joined[-1])
    assert mc.gradient(f, x) == ZeroMatrix(n, 1) and joined == [[]]


@pytest.mark.parametrize(
    "e, why",
    [
        (Determinant(X), "`Determinant` is no linear operation that can be transposed"),
        (Trace(A) + Trace(X), r"the summand `Trace\(A\)` is constant"),
        (Trace(X) * Trace(A * X), "it occurs in 2 factors of one product"),
        (MatMul(X, A, X), "it occurs in 2 factors of one product"),
        (HadamardProduct(X, X), "it occurs in 2 factors of one product"),
        (Sum(i * Trace(X), (i, 0, X[0, 0])), r"it occurs in `.*X\[0, 0\].*`, which has to be written with linear operators"),
        (exp(Trace(X)), "`exp` is no linear operation"),
    ],
    ids=str,
)
def test_what_is_not_linear_in_the_differential_is_refused(e, why):
    """Where a rule leaves it, what would come out is wrong."""
    with session(), pytest.raises(MissingRuleError, match=why):
        transpose_linear(e, X, (), (), {})


def test_a_node_that_is_linear_in_each_of_two_arguments_is_not_in_both_at_once():
    v = MatrixSymbol("v", 3, 1)
    with session(), pytest.raises(MissingRuleError, match="it occurs in 2 of its arguments at once"):
        transpose_linear(mc.CrossProduct(v, v), v, (), new_axes((3, 1)), {})


@pytest.mark.parametrize("f", [Trace(mc.Lyapunov(A, X - X.T)), Trace(mc.Sylvester(A, A, X) - mc.Sylvester(A, A, X.T))], ids=str)
def test_a_cotangent_that_cancels_on_its_way(f):
    """That of X - X' is symmetric: what comes back of both is the same, and nothing is left."""
    gradient = mc.gradient(f, X)
    env = random_env([f, X], 0, None, {A: "small"})
    difference = np.asarray(evaluate(gradient, env), dtype=float)
    point = env[X]
    slopes = np.zeros_like(difference)
    for at in np.ndindex(*slopes.shape):
        step = np.zeros_like(point)
        step[at] = 1
        slopes[at] = np.asarray(evaluate(f, {**env, X: point + step})).item() - np.asarray(evaluate(f, {**env, X: point})).item()
    np.testing.assert_allclose(difference, slopes, atol=1e-9)  # linear, so that a difference is the slope
