"""A function of the entries of a matrix and the same of its transpose, computed once: what is made of the other is read along its columns.

The transpose is known through all that it may be made of: ``(s 1' - 1 s')'`` is ``1 s' - s 1'``, and ``(M X')'`` is ``X M'``.

>>> from sympy import MatrixSymbol, OneMatrix, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n, k = symbols("m n k", integer=True, positive=True)
>>> X, M = MatrixSymbol("X", m, k), MatrixSymbol("M", n, k)
>>> before_and_after(twins, (M*X.T).applyfunc(exp)*(X*M.T).applyfunc(exp))
before: sum(exp(sum(M[ij] X[kj] -> ik))[ij] exp(sum(X[ij] M[kj] -> ik))[jk] -> ik)
after:  sum(exp(sum(M[ij] X[kj] -> ik))[ij] exp(sum(M[ij] X[kj] -> ik))[kj] -> ik)

What is linear is left as it is: how a product is made, the search for plans knows better.

>>> before_and_after(twins, M*X.T*X*M.T)
before: sum(M[ij] X[kj] X[kl] M[ml] -> im)
after:  sum(M[ij] X[kj] X[kl] M[ml] -> im)
"""

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from ..steady.products import contraction_of, items_of_contraction
from .keys import Keys
from .nodes import is_turned

LINEAR = ("add", "mul", "float")


def twins(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with each function of entries that is the transpose of another written so."""
    order = reachable(roots)
    kept = _kept(graph, order)
    if not kept:
        return roots
    new: dict[int, Node] = {}
    for node in order:
        if node.number in kept:
            other, turned, sign = kept[node.number]
            same = graph.transpose(new[other.number]) if turned else new[other.number]
            new[node.number] = same if sign == 1 else graph.mul(graph.const(-1), same)
        else:
            new[node.number] = _remade(graph, node, [new[a.number] for a in node.args])
    return [new[r.number] for r in roots]


def _kept(graph: Graph, order: Sequence[Node]) -> dict[int, tuple[Node, bool, int]]:
    """The earlier node that a later one is equal to, whether it is its transpose, and up to which sign, by the number of the later one."""
    keys, first, kept = Keys(graph, order), dict[int, tuple[Node, int]](), dict[int, tuple[Node, bool, int]]()
    for node in order:
        if node.ndim == 2 and node.kind.elementwise and node.op not in LINEAR:
            (own, sign), (turned, sign_of_transpose) = keys.of(node), keys.of_transpose(node)
            if own in first or turned in first:
                is_turned = own not in first
                other, its = first[turned if is_turned else own]
                kept[node.number] = other, is_turned, its * (sign_of_transpose if is_turned else sign)
            else:
                first[own] = node, sign
    return kept


def _remade(g: Graph, node: Node, args: list[Node]) -> Node:
    """The node with other operands, where a product or a sum takes them as they lie."""
    if all(a is b for a, b in zip(args, node.args, strict=True)):
        return node
    if node.op == "contract" and any(map(is_turned, args)):
        items, inverses, out = items_of_contraction(g.remake(node, args))
        return contraction_of(g, [(a.args[0], at[::-1]) if is_turned(a) else (a, at) for a, at in items], inverses, out)
    if node.op == "sum" and node.args[0].ndim == 2:
        return _summed(g, args[0], node.attrs)
    if node.ndim == 2 and node.kind.elementwise and any(map(is_turned, args)) and all(is_turned(a) for a in args if _is_whole(a)):
        return g.transpose(_with_operands(g, node, [_turned(g, a) for a in args]))
    return g.remake(node, args)


def _is_whole(a: Node) -> bool:
    """Whether an operand is a matrix, and no column that is repeated."""
    return a.ndim == 2 and not (a.op == "view" and a.attrs == (0, None))


def _with_operands(g: Graph, node: Node, args: list[Node]) -> Node:
    """The node with other operands, whose order is that of the graph."""
    return g.mul(*args) if node.op == "mul" else g.remake(node, args)


def _summed(g: Graph, array: Node, axes: tuple[int, ...]) -> Node:
    """The sum over some axes of a matrix, of its transpose where that is made of what lies so."""
    if is_turned(array):
        return g.sum(array.args[0], [1 - k for k in axes])
    if array.op == "mul" and any(map(is_turned, array.args)):
        return g.sum(g.mul(*(_turned(g, a) for a in array.args)), [1 - k for k in axes])
    return g.sum(array, axes)


def _turned(g: Graph, a: Node) -> Node:
    if a.ndim == 2:
        return a.args[0] if a.op == "view" and a.attrs == (0, None) else g.transpose(a)
    return g.view(a, (0, None)) if a.ndim == 1 else a
