"""Exponentials and logistic functions of sums of a column and a row, ``exp(u_i + v_j)``, from the exponentials of each, where these are in
range: m + n function calls in the place of m n.

So they are in paired comparisons (Bradley and Terry, Rasch), and in tables of counts.

>>> from sympy import MatrixSymbol, OneMatrix, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n = symbols("m n", integer=True, positive=True)
>>> A, u, v = MatrixSymbol("A", m, n), MatrixSymbol("u", m, 1), MatrixSymbol("v", n, 1)
>>> pairs = u*OneMatrix(1, n) - OneMatrix(m, 1)*v.T
>>> before_and_after(pair_exponentials, pairs.applyfunc(exp))
before: exp(view(u; 0, None) + -1*v)
after:  exp_of_sum(view(u; 0, None), -1*v)

A sum with more in it has to be known entry by entry:

>>> before_and_after(pair_exponentials, (A + pairs).applyfunc(exp))
before: exp(view(u; 0, None) + -1*v + A)
after:  exp(view(u; 0, None) + -1*v + A)
"""

from __future__ import annotations

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from ..steady.walk import called

NAMES = {"exp": "exp_of_sum", "expit": "expit_of_sum", "expit_slope": "expit_slope_of_sum"}


def pair_exponentials(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such functions of two arguments, where the code can look at values to see what is in range."""
    order = reachable(roots)
    if not context.backend.looks_at_values or not any(_pair(node) for node in order):
        return roots
    new: dict[int, Node] = {}
    for node in order:
        args = [new[a.number] for a in (_pair(node) or node.args)]
        new[node.number] = graph.call(NAMES[node.attrs[0]], *args) if _pair(node) else graph.remake(node, args)
    return [new[r.number] for r in roots]


def _pair(node: Node) -> tuple[Node, Node] | None:
    """The column and the row whose sum a node is a function of."""
    of = called(node, *NAMES)
    if of is None or of.op != "add" or of.ndim != 2 or len(of.args) != 2 or 1 in of.shape:
        return None
    row, column = sorted(of.args, key=lambda a: a.ndim)
    is_column = column.op == "view" and column.attrs == (0, None)
    return (column, row) if is_column and row.ndim == 1 else None
