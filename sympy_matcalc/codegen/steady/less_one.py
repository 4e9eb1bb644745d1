"""``exp(x) - 1`` as one function, which keeps the digits of a small x.

>>> from sympy import MatrixSymbol, OneMatrix, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(exponentials_less_one, x.applyfunc(exp) - OneMatrix(n, 1))
before: exp(x) + -1
after:  expm1(x)
>>> before_and_after(exponentials_less_one, 2*OneMatrix(n, 1) - 2*x.applyfunc(exp))
before: -2*exp(x) + 2
after:  -2*expm1(x)
>>> before_and_after(exponentials_less_one, x.applyfunc(exp) - OneMatrix(n, 1) - x)
before: -1*x + exp(x) + -1
after:  expm1(x) + -1*x

Less another number there is no digit to keep:

>>> before_and_after(exponentials_less_one, x.applyfunc(exp) - 2*OneMatrix(n, 1))
before: exp(x) + -2
after:  exp(x) + -2
"""

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node, without
from .walk import called, number_and_rest, passed, scaled


def exponentials_less_one(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the rule applied once to every node."""
    return passed(graph, roots, {"add": (less_one,)})


def less_one(g: Graph, node: Node) -> Node | None:
    """``c exp(x) - c`` with a number c, and what is added to it."""
    number, terms = number_and_rest(node)
    found = [(t, x) for t in terms for factor, f in [scaled(t)] if factor == -number and f is not None and (x := called(f, "exp"))]
    if len(found) != 1:
        return None
    ((term, x),) = found
    return g.add(g.mul(g.const(-number), g.call("expm1", x)), *without(terms, term))
