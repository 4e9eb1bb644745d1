"""Declared operators: differential, gradient, Jacobian, Hessian, numeric code, check and LaTeX follow from one declaration."""

import numpy as np
import pytest
from sympy import Determinant, Identity, MatrixSymbol, Trace, ZeroMatrix, exp, log, symbols
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.linearity import operator_of
from sympy_matcalc.testing import check_rule, evaluate, random_env

from .own_nodes import Chain, DiscreteLyapunov, Inner, Lyapunov, Ramp, Reversed, Smooth, Stack, Stein, Sylvester, Unreversed

m, n, p = symbols("m n p", integer=True, positive=True)
t = symbols("t", real=True)
A, Q, C = (MatrixSymbol(s, n, n) for s in "AQC")
B, M, N = MatrixSymbol("B", m, m), MatrixSymbol("M", n, m), MatrixSymbol("N", m, n)
x, b = MatrixSymbol("x", n, 1), MatrixSymbol("b", m, 1)
ONE = MatrixSymbol("O", 1, 1)

EXPRESSIONS = [
    (Lyapunov(A, Q), Q), (Lyapunov(A, Q), A), (Trace(C * Lyapunov(A, Q)), Q), (Trace(C * Lyapunov(A, Q)), A),
    (x.T * Lyapunov(A, Q) * x, x), (x.T * Lyapunov(A, x * x.T) * x, x), (Lyapunov(A, x * x.T) * x, x), (Lyapunov(A, Q) * x, x),
    (Trace(Lyapunov(A, M * M.T)), M), (log(Determinant(Lyapunov(A, Q))), Q), (Trace(C * Lyapunov(A, Lyapunov(A.T, Q))), A),
    (Trace(Lyapunov(t * A, Q)), t), (Lyapunov(t * A, exp(t) * Q), t), (Trace(Lyapunov(A, A) * Q), A), (MatrixElement(Lyapunov(A, Q), 0, 0), A),
    (mc.Norm(Lyapunov(A, Q)), Q), (Lyapunov(A, Q).applyfunc(exp), Q), (mc.MatrixExp(Lyapunov(A, Q)), Q),
    (DiscreteLyapunov(A, Q), Q), (Trace(C * DiscreteLyapunov(A, Q)), A), (Trace(DiscreteLyapunov(A, M * M.T)), M), (DiscreteLyapunov(A, Q), A),
    (Sylvester(A, B, M), M), (Sylvester(A, B, M), B), (Trace(N * Sylvester(A, B, M)), A), (x.T * Sylvester(A, B, x * b.T) * b, x),
    (mc.Norm(Sylvester(A, B, M)), A), (MatrixElement(Sylvester(A, B, M), 0, 0), A), (log(Determinant(Lyapunov(A, DiscreteLyapunov(A, Q)))), Q),
    (Stein(A, B, M), M), (Stein(A, B, M), A), (Trace(N * Stein(A, B, M)), B), (x.T * Stein(A, B, x * b.T) * b, x), (Stein(t * A, B, M), t),
    (Trace(N * Stein(A, B, Stein(A, B, M))), M),
    (Smooth(N, x), x), (Smooth(N, x), N), (x.T * Smooth(N, x), x), (x.T * Smooth(N, x), N), (Smooth(N, Q * x), Q),
    (Chain(A, M, B), M), (Chain(A, M, B), A), (Trace(Chain(A, A, A)), A), (Trace(Chain(M, N)), M), (Chain(A), A), (Chain(A, x), x),
    (Inner(M, N.T), M), (Inner(M, M), M), (exp(Inner(M, N.T)), M), (Inner(M, N.T) * M, M), (Inner(M, N.T) * b, N),
    (Stack(N, 3 * N), N), (b.T * Stack(N, B * N)[:m, :] * x, N), (Stack(N, B * N) * x, N), (Stack(t * N, N), t),
    (Reversed(x), x), (Reversed(x) * A * x, x), (Reversed(A * x) * Reversed(x).T, x), (Unreversed(x.T) - x, x),
    (Ramp(t, A), t), (Trace(Ramp(Trace(Q), A) * C), Q), (Ramp(Inner(M, M), A), M), (Ramp(t**2, A) * x, t),
]  # fmt: skip


def name_of(case):
    return f"{case[0]}-{case[1]}".replace(" ", "")


# ---------------------------------------------------------------- the derivatives, against finite differences of the primal


@pytest.mark.parametrize("expr, variable", EXPRESSIONS, ids=map(name_of, EXPRESSIONS))
def test_derivatives(expr, variable):
    check_rule(expr, variable, {"A": "small", "B": "small", "Q": "spd"} if expr.has(log) else {"A": "small", "B": "small"}, trials=1)


SECOND = [(Trace(N * Sylvester(A, B, M)), B), (Trace(C * DiscreteLyapunov(A, Q)), A), (x.T * Lyapunov(A, x * x.T) * x, x), (Trace(C * Lyapunov(A, Q)), A), (Trace(N * Stein(A, B, M)), B), (Inner(M, M) ** 2, M),
          (x.T * Smooth(N, x), x), (Trace(Chain(A, A, A)), A), (Reversed(x) * A * x, x), (Trace(Lyapunov(t * A, Q)), t), (Ramp(t**3, A), t)]  # fmt: skip


@pytest.mark.parametrize("f, variable", SECOND, ids=map(name_of, SECOND))
def test_second_derivatives(f, variable):
    check_rule(f, variable, {"A": "small", "B": "small"}, order=2, trials=1)


@pytest.mark.parametrize("expr, variable", EXPRESSIONS, ids=map(name_of, EXPRESSIONS))
def test_every_result_is_computed_as_the_evaluator_has_it(expr, variable):
    """Value, Jacobian, its vec form and the differential: generated code against the evaluator."""
    env = random_env([expr, variable], 3, None, {"A": "small", "B": "small"})
    jacobian = mc.jacobian(expr, variable)
    results = [expr, jacobian, mc.jacobian(expr, variable, form="vec")]
    symbols_ = [s for s in env if isinstance(s, MatrixSymbol) or s is t]
    sizes = [s for s in env if s not in symbols_ and not any(s in M.shape for M in symbols_ if isinstance(M, MatrixSymbol))]
    got = mc.lambdify([*symbols_, *sizes], results)(*(env[s] for s in [*symbols_, *sizes]))
    for value, result in zip(got, results, strict=True):
        expected = evaluate(result, env)
        np.testing.assert_allclose(np.ravel(value), np.ravel(expected), rtol=1e-8, atol=1e-8)


FORMS = [
    (mc.gradient(Trace(C.T * Lyapunov(A, Q)), Q), Lyapunov(A.T, C)),
    (mc.gradient(Trace(C * Lyapunov(A, Lyapunov(A, Q))), Q), Lyapunov(A.T, Lyapunov(A.T, C.T))),
    (mc.gradient(Trace(C.T * Lyapunov(A, 2 * Q) - 2 * C.T * Lyapunov(A, Q)), Q), ZeroMatrix(n, n)),
    (mc.gradient(-3 * Trace(Lyapunov(A, 2 * Q)), Q), -6 * Lyapunov(A.T, Identity(n))),
    (mc.gradient(Trace(C * Lyapunov(A, ZeroMatrix(n, n) * Q)), Q), ZeroMatrix(n, n)),
    (mc.differential(Lyapunov(A, Q), Q), Lyapunov(A, MatrixSymbol("dQ", n, n))),
    (mc.differential(Stack(N, 3 * N), N), Stack(MatrixSymbol("dN", m, n), 3 * MatrixSymbol("dN", m, n))),
    (mc.jacobian(Smooth(N, x), x), (Identity(n) + N.T * N).I),
    (mc.gradient(Inner(M, N.T), M), N.T),
    (mc.gradient(Inner(M, M), M), 2 * M),
]  # fmt: skip


@pytest.mark.parametrize("got, expected", FORMS, ids=[str(expected) for _, expected in FORMS])
def test_forms(got, expected):
    """The derivative is in the node's own notation, numbers in front of it."""
    assert got == expected


def test_products_with_derivatives():
    V = MatrixSymbol("V", n, n)
    assert mc.jvp(Lyapunov(A, Q), Q, V) == Lyapunov(A, V)
    assert mc.vjp(Lyapunov(A, Q), Q, V) == Lyapunov(A.T, V)
    hvp = mc.hvp(Trace(C * Lyapunov(A, Q)), A, V)
    env = random_env([hvp, Q, V], 1, None, {"A": "small"})
    hessian = np.asarray(evaluate(mc.hessian(Trace(C * Lyapunov(A, Q)), A), env))
    np.testing.assert_allclose(evaluate(hvp, env), np.einsum("ijkl,kl->ij", hessian, env[V]), rtol=1e-9)


def test_sympys_own_functions():
    with mc.installed():
        assert Trace(C.T * Lyapunov(A, Q)).diff(Q) == Lyapunov(A.T, C)
    assert mc.simplify(2 * Lyapunov(A, 2 * Q) - Lyapunov(A, 4 * Q)) == ZeroMatrix(n, n)


def test_latex_is_the_nodes_own():
    gradient = mc.gradient(Trace(C.T * Lyapunov(A, Q)), Q)
    assert mc.latex(gradient) == r"\mathcal{L}_{A^{\top}}^{-1}\left(C\right)"


@pytest.mark.parametrize("expr, variable", [(Trace(C * Lyapunov(A, Q)), A), (Stein(A, B, M), A), (Inner(M, M) * M, M)])
def test_check_certifies(expr, variable):
    assert mc.check(expr, variable, domain={A: "small", B: "small"}).ok


def test_check_finds_a_wrong_derivative():
    with pytest.raises(mc.CheckError):
        mc.check(Lyapunov(A, Q), Q, derivative=mc.jacobian(Lyapunov(A.T, Q), Q))


# ---------------------------------------------------------------- literal sizes of 1

ROW, COLUMN = MatrixSymbol("r", 1, 3), MatrixSymbol("c", 3, 1)
SMALL = [
    (Lyapunov(ONE, ONE), ONE), (Trace(Lyapunov(ONE, 2 * ONE)), ONE), (Lyapunov(COLUMN.T * COLUMN, ONE), COLUMN),
    (Chain(ROW, COLUMN), COLUMN), (Chain(COLUMN, ROW), ROW),
    (Chain(ONE, ROW), ONE), (Inner(ONE, ONE), ONE), (Inner(ROW, COLUMN.T), COLUMN), (Stack(ONE, ONE), ONE), (Stack(ROW, 2 * ROW), ROW),
    (Reversed(ONE), ONE), (Reversed(COLUMN), COLUMN), (Unreversed(ROW), ROW), (Ramp(Trace(ONE), MatrixSymbol("R", 1, 1)), ONE), (Stein(ONE, ONE, ONE), ONE),
    (Stein(A.subs(n, 3), ONE, COLUMN), COLUMN), (Stein(ONE, A.subs(n, 3), ROW), ROW), (Smooth(ROW, COLUMN), COLUMN), (Smooth(ONE, ONE), ONE),
]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("expr, variable", SMALL, ids=map(name_of, SMALL))
def test_axes_of_length_1(expr, variable, order):
    check_rule(expr, variable, {"O": "positive", "A": "small"}, order=order, trials=1)


V, W3, R3 = MatrixSymbol("V", 3, 1), MatrixSymbol("W", 3, 1), MatrixSymbol("R", 3, 1)
BUILT_IN = [  # a node, the positions that it is linear in, what stands there instead
    (mc.Sylvester(A, B, M), {2: N.T}),
    (mc.Lyapunov(A, Q), {1: C}),
    (mc.DiscreteLyapunov(A, Q), {1: C}),
    (mc.CrossProduct(V, W3), {0: R3, 1: R3}),
    (mc.SkewMatrix(V), {0: R3}),
    (mc.Gather(M, (0, 1)), {0: N.T}),
    (mc.Scatter(M[:2, :], (0, 1), n), {0: N.T[:2, :]}),
    (mc.UpperTriangle(A, 1), {0: C}),
    (mc.CumulativeSum(M), {0: N.T}),
]


@pytest.mark.parametrize("node, others", BUILT_IN, ids=str)
def test_what_stands_in_the_place_of_an_argument(node, others):
    """The same node with this one of its arguments changed, at each position that it is linear in."""
    operator = operator_of(type(node))
    assert list(operator.positions(node)) == list(others)
    for at, new in others.items():
        with session():
            found = operator.replaced(node, at, new)
        assert type(found) is type(node) and found.args == (*node.args[:at], new, *node.args[at + 1 :])


@pytest.mark.parametrize("expr, variable", [
    (Trace(N * mc.Sylvester(A, B, M)), M), (Trace(N * mc.Sylvester(A, B, M)), B), (Trace(C * mc.Lyapunov(A, Q)), Q),
    (Trace(C * mc.Lyapunov(A, Q)), A), (Trace(C * mc.DiscreteLyapunov(A, Q)), Q), (mc.Lyapunov(A, x * x.T) * x, x),
    (mc.DiscreteLyapunov(A, x * x.T) * x, x), (mc.Sylvester(A, B, x * b.T) * b, x), (mc.CrossProduct(V, W3), V), (mc.CrossProduct(W3, V), V),
    (mc.SkewMatrix(V) * W3, V), (W3.T * mc.SkewMatrix(V), V), (mc.SkewMatrix(V), V), (W3.T * mc.CrossProduct(V, R3), V),
    (Trace(mc.SkewMatrix(V) * W3 * R3.T), V), (R3.T * mc.CrossProduct(mc.SkewMatrix(W3) * V, V), V),
], ids=str)  # fmt: skip
def test_built_in_operators(expr, variable):
    check_rule(expr, variable, {"A": "small", "B": "small"}, trials=1)
