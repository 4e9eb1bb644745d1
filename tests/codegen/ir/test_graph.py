"""The methods of a graph fold numbers and have one order of factors; they know nothing of functions, which is for passes."""

import pytest
from sympy import MatrixSymbol, Symbol

from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.text import text_of

from .samples import Leaves


@pytest.fixture
def s():
    return Leaves()


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda g, s: g.mul(s.two, g.mul(s.two, s.X)), "4*X"),
        (lambda g, s: g.mul(s.X, s.t, s.two), "2*t*X"),
        (lambda g, s: g.mul(g.pow(s.t, g.const(-1)), g.mul(s.t, s.n)), "t*n*t**-1"),
        (lambda g, s: g.add(s.n, s.one, g.const(-1)), "n"),
        (lambda g, s: g.pow(g.pow(s.X, s.two), g.const(-1)), "X**-2"),
        (lambda g, s: g.pow(s.two, g.const(3)), "8"),
        (lambda g, s: g.inv(g.transpose(s.A)), "inv(A).T"),
    ],
)
def test_numbers_are_folded_and_factors_ordered(s, make, text):
    assert text_of(make(s.graph, s)) == text


@pytest.mark.parametrize(
    ("make", "op", "operands"),
    [
        (lambda g, s: g.add(s.one, g.mul(g.const(-1), g.call("expit", s.X))), "add", 2),
        (lambda g, s: g.mul(g.call("expit", s.X), g.call("expit", g.mul(g.const(-1), s.X))), "mul", 2),
        (lambda g, s: g.mul(g.call("exp", s.X), g.pow(g.sum(g.call("exp", s.X), (0, 1)), g.const(-1))), "mul", 2),
        (lambda g, s: g.pow(s.X, g.const(3)), "pow", 2),
        (lambda g, s: g.pow(s.X, g.const(4)), "pow", 2),
        (lambda g, s: g.call("log", g.make("softmax", (s.X,), (0,))), "call", 1),
    ],
)
def test_what_is_made_is_what_was_asked_for(s, make, op, operands):
    node = make(s.graph, s)
    assert (node.op, len(node.args)) == (op, operands)


def test_equal_nodes_are_one():
    g = Graph()
    s = Leaves()
    assert s.graph.mul(s.t, s.X) is s.graph.mul(s.X, s.t)
    assert g.const(1) is not g.const(1.0)


def test_a_transpose_is_undone_where_it_is_known_to_be_symmetric_too():
    g = Graph()
    x = g.make("arg", (), (MatrixSymbol("x", 3, 3),), weak=False)
    turned = g.transpose(x)
    g.symmetric = frozenset({turned.number})
    assert g.transpose(turned) is x


def test_a_reshaped_array_that_is_reshaped_is_reshaped_once():
    g, n = Graph(), Symbol("n", integer=True, positive=True)
    x = g.make("arg", (), (MatrixSymbol("X", n, n),))
    size = g.make("sym", (), (n,), integer=True)
    square = g.mul(size, size)
    flat = g.reshape(x, [square])
    assert flat.op == "reshape" and g.reshape(flat, [size, size]) is x
    again = g.reshape(flat, [square, g.const(1)])
    assert again.op == "reshape" and again.args[0] is x
