"""`mc.linear` itself: what it refuses, how it goes together with rules, and that what is declared is tried at random points."""

import numpy as np
import pytest
from sympy import Determinant, Identity, KroneckerProduct, MatrixExpr, MatrixSymbol, Trace, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.backends.array_backend import ArrayBackend
from sympy_matcalc.codegen.backends.registry import BACKENDS
from sympy_matcalc.nodes.declared_code import LIBRARIES
from sympy_matcalc.nodes.linearity import LINEAR
from sympy_matcalc.rules.registry import RULES
from sympy_matcalc.testing import check_linear, check_rule

from .own_nodes import Chain, DiscreteLyapunov, Inner, Lyapunov, Ramp, Reversed, Smooth, Stack, Stein, Sylvester, Unreversed, chain_adjoint

m, n, p = symbols("m n p", integer=True, positive=True)
t = symbols("t", real=True)
A, Q = MatrixSymbol("A", n, n), MatrixSymbol("Q", n, n)
B, M, N = MatrixSymbol("B", m, m), MatrixSymbol("M", n, m), MatrixSymbol("N", m, n)
x = MatrixSymbol("x", n, 1)

NODES = {
    Lyapunov: Lyapunov(A, Q),
    DiscreteLyapunov: DiscreteLyapunov(A, Q),
    Sylvester: Sylvester(A, B, M),
    Stein: Stein(A, B, M),
    Smooth: Smooth(N, x),
    Chain: Chain(A, M, B),
    Inner: Inner(M, MatrixSymbol("L", n, m)),
    Stack: Stack(N, MatrixSymbol("P", p, n)),
    Reversed: Reversed(x),
    Unreversed: Unreversed(MatrixSymbol("y", 1, n)),
    Ramp: Ramp(t, A),
}

# ---------------------------------------------------------------- the declarations themselves are checked


@pytest.mark.parametrize("node", NODES.values(), ids=[cls.__name__ for cls in NODES])
def test_declarations_hold(node):
    check_linear(node, {"A": "small", "B": "small"})


def test_every_library_is_one_of_lambdify():
    backends = [*BACKENDS.values(), ArrayBackend]
    assert {b.package.replace("-", "_") for b in backends} == set(LIBRARIES)


# ---------------------------------------------------------------- what is incomplete, and what clashes


class Fresh(MatrixExpr):
    shape = property(lambda self: self.args[-1].shape)


def identity(node, W):
    return W


@pytest.mark.parametrize(
    "declare, error, words",
    [
        (lambda: mc.linear(3, 0, adjoint=identity), mc.ExpressionError, ["`3`", "class"]),
        (lambda: mc.linear(Fresh(A), 0, adjoint=identity), mc.ExpressionError, ["Fresh(A)", "class"]),
        (lambda: mc.linear(MatrixExpr, 0, adjoint=identity), mc.ExpressionError, ["MatrixExpr", "own node"]),
        (lambda: mc.linear(Fresh), mc.ArgumentError, ["positions", "Fresh"]),
        (lambda: mc.linear(Fresh, 0), mc.ArgumentError, ["Fresh", "adjoint", "matrix"]),
        (lambda: mc.linear(Fresh, "Q", adjoint=identity), mc.ArgumentError, ["'Q'", "whole number"]),
        (lambda: mc.linear(Fresh, -1, adjoint=identity), mc.ArgumentError, ["-1"]),
        (lambda: mc.linear(Fresh, True, adjoint=identity), mc.ArgumentError, ["True"]),
        (lambda: mc.linear(Fresh, 0, 0, adjoint=identity), mc.ArgumentError, ["twice"]),
        (lambda: mc.linear(Fresh, 0, adjoint=A), mc.ArgumentError, ["adjoint", "function"]),
        (lambda: mc.linear(Fresh, 0, matrix=A), mc.ArgumentError, ["matrix", "function"]),
        (lambda: mc.linear(Fresh, 0, adjoint=identity, nunpy=np.eye), mc.ArgumentError, ["nunpy", "numpy"]),
        (lambda: mc.linear(Fresh, 0, adjoint=identity, numpy=3), mc.ArgumentError, ["numpy", "3"]),
        (lambda: mc.linear(Fresh, 0, adjoint=identity, numpy="solve"), mc.ArgumentError, ["numpy", "'solve'"]),
        (lambda: mc.linear(Fresh, 0, adjoint=identity, numpy="os.system('x')"), mc.ArgumentError, ["numpy"]),
        (lambda: mc.linear(Fresh, 0, adjoint=identity, evaluate="a.b c"), mc.ArgumentError, ["evaluate"]),
        (lambda: mc.linear(Trace, 0, adjoint=identity), mc.ArgumentError, ["Trace", "package"]),
        (lambda: mc.linear(mc.FrechetDerivative, 2, adjoint=identity), mc.ArgumentError, ["FrechetDerivative"]),
        (lambda: mc.linear(Determinant, 0, adjoint=identity), mc.ArgumentError, ["Determinant"]),
    ],
)
def test_refused_declarations(declare, error, words):
    with pytest.raises(error) as raised:
        declare()
    for word in words:
        assert word in str(raised.value)
    assert Fresh not in LINEAR and Fresh not in RULES


def declared(adjoint=identity, positions=(1,), **more):
    """A new class, declared."""

    class Node(MatrixExpr):
        shape = property(lambda self: self.args[-1].shape)

    mc.linear(Node, *positions, adjoint=adjoint, **more)
    return Node


def refused(error, words, work):
    with pytest.raises(error) as raised:
        work()
    for word in words:
        assert word in str(raised.value), str(raised.value)


def test_an_argument_that_nothing_is_said_of():
    Node = declared()
    refused(mc.MissingRuleError, ["Node", "declared linear in the arguments [1] only", "`A` at 0", "@mc.rule(Node)"],
            lambda: mc.gradient(Trace(Node(A, Q)), A))  # fmt: skip
    refused(mc.MissingRuleError, ["Node", "[1] only"], lambda: mc.gradient(Trace(Node(A, A)), A))
    assert mc.gradient(Trace(Node(A, Q)), Q) == Identity(n)


def test_a_position_that_a_node_has_not():
    refused(mc.ArgumentError, ["(1, 4)", "Node(A, Q)", "has 2"], lambda: mc.gradient(Trace(declared(positions=(1, 4))(A, Q)), Q))


@pytest.mark.parametrize("wrong, error, words", [
    (lambda node, W: W * x, mc.ShapeError, ["adjoint", "Node", "(n, n)", "(n, 1)"]),
    (lambda node, W: Trace(W), mc.ShapeError, ["adjoint", "(n, n)"]),
    (lambda node, W: None, mc.ExpressionError, ["adjoint", "Node", "None"]),
])  # fmt: skip
def test_an_adjoint_of_another_shape(wrong, error, words):
    refused(error, words, lambda: mc.gradient(Trace(declared(wrong)(A, Q)), Q))


def test_an_operator_between_matrices_by_its_matrix_alone():
    Node = declared(adjoint=None, matrix=lambda node: KroneckerProduct(Identity(n), node.args[0]))  # A Q
    found = mc.gradient(Trace(M.T * Node(A, Q) * M), Q)
    assert found == mc.Unvec(KroneckerProduct(Identity(n), A.T) * mc.Vec(M * M.T), n, n) and mc.simplify(found) == A.T * M * M.T


def test_a_matrix_of_another_shape():
    Node = declared(matrix=lambda node: Identity(n))
    refused(mc.ShapeError, ["matrix", "Node", "(n**2, n**2)", "(n, n)"], lambda: mc.jacobian(Node(A, Q), Q, form="vec"))


def test_an_adjoint_that_takes_no_position():
    Node = declared(positions=(0, 1))
    with pytest.raises(mc.MatcalcError, match="takes 2 positional arguments"):
        mc.gradient(Trace(Node(A, Q)), Q)


# ---------------------------------------------------------------- rules and declarations, in either order; again; of subclasses


def rule_of(cls):
    @mc.rule(cls)
    def d_node(node, d):
        A_, Q_ = node.args
        return cls(A_, d(Q_)) + d(A_)


def test_a_rule_holds_in_whichever_order_they_come():
    class First(MatrixExpr):
        shape = property(lambda self: self.args[-1].shape)

    class Last(First):
        pass

    rule_of(First)
    mc.linear(First, 1, adjoint=identity)
    mc.linear(Last, 1, adjoint=identity)
    assert mc.gradient(Trace(First(A, Q)), A) == Identity(n)
    assert mc.gradient(Trace(Last(A, Q)), A) == Identity(n)  # by the rule of its base class
    rule_of(Last)
    assert mc.gradient(Trace(Last(A, Q)), A) == Identity(n)


def test_declared_again():
    """As when the cell of a notebook is run twice: the last one holds, and the rule stays."""
    Node = declared()
    rule_of(Node)
    mc.linear(Node, 1, adjoint=lambda node, W: 2 * W)
    assert mc.gradient(Trace(Node(A, Q)), Q) == 2 * Identity(n)
    assert mc.gradient(Trace(Node(A, Q)), A) == Identity(n)
    Other = declared()
    mc.linear(Other, 0, adjoint=lambda node, W: 3 * W)
    assert mc.gradient(Trace(Other(A, Q)), A) == 3 * Identity(n)
    refused(mc.MissingRuleError, ["[0] only"], lambda: mc.gradient(Trace(Other(A, Q)), Q))


def test_a_constructor_that_evaluates():
    """The node may give something else of its own accord, as of zero."""

    class Masked(MatrixExpr):
        def __new__(cls, X):
            return X if X.is_Identity else super().__new__(cls, X)

        shape = property(lambda self: self.args[0].shape)

    mc.linear(Masked, 0, adjoint=lambda node, W: Masked(W), numpy=lambda X: X)
    assert mc.gradient(Trace(Masked(A)), A) == Identity(n)
    check_rule(Trace(Masked(A) * A), A)


def test_a_symbol_named_like_the_differential():
    dQ, d_0 = MatrixSymbol("dQ", n, n), MatrixSymbol("d_0", n, n)
    assert mc.gradient(Trace(Chain(dQ, Q, d_0)), Q) == chain_adjoint(Chain(dQ, Q, d_0), Identity(n), 1)
