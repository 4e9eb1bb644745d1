"""A difference and its negative as one difference: what they are multiplied with then is the same too, up to the sign.

>>> from sympy import MatrixSymbol, symbols, tanh
>>> from sympy.matrices.expressions.hadamard import HadamardProduct
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n = symbols("m n", integer=True, positive=True)
>>> A, B, C = (MatrixSymbol(name, m, n) for name in "ABC")
>>> before_and_after(opposites, HadamardProduct(A - B, C) + HadamardProduct(B - A, C.applyfunc(tanh)))
before: (-1*A + B)*tanh(C) + (-1*B + A)*C
after:  (-1*A + B)*tanh(C) + (-1*(-1*A + B))*C

Not where both are in products of matrices only, whose order is searched:

>>> before_and_after(opposites, (A - B)*(B - A).T)
before: sum((-1*B + A)[ij] (-1*A + B)[kj] -> ik)
after:  sum((-1*B + A)[ij] (-1*A + B)[kj] -> ik)
"""

from collections.abc import Iterator, Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable


def opposites(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with sums of arrays that are the negative of another as that, where they are factors of products entry by entry."""
    order = reachable(roots)
    kept = _kept(graph, order, roots)
    new: dict[int, Node] = {}
    return [_renewed(graph, node, kept, new) for node in [*order, *roots]][len(order) :] if kept else roots


def _renewed(graph: Graph, node: Node, kept: dict[int, Node], new: dict[int, Node]) -> Node:
    if node.number not in new:  # operands come first in the order, but for signs in front of what is kept
        other = kept.get(node.number)
        if other:
            new[node.number] = graph.mul(graph.const(-1), _renewed(graph, other, kept, new))
        else:
            new[node.number] = graph.remake(node, [_renewed(graph, a, kept, new) for a in node.args])
    return new[node.number]


def _kept(graph: Graph, order: Sequence[Node], roots: Sequence[Node]) -> dict[int, Node]:
    """The sum that is kept in the place of its negative, by the number of that."""
    alone = {a.number for node in order for a in _alone(node)} | {r.number for r in roots}
    first: dict[tuple[tuple[int, int], ...], tuple[int, Node]] = {}  # by the summands, with the first of them positive
    found: dict[int, Node] = {}
    for node in order:
        if node.op == "add" and node.ndim and not node.integer:
            parts = sorted((core.number, sign) for sign, core in map(graph.signed, node.args))
            turn = parts[0][1]
            sign, other = first.setdefault(tuple((number, sign * turn) for number, sign in parts), (turn, node))
            if sign != turn and node.number not in alone:
                found[node.number] = other
            elif sign != turn and other.number not in alone:
                found[other.number] = node
    return found


def _alone(node: Node) -> Iterator[Node]:
    """The operands that are not multiplied with another entry by entry."""
    if node.op == "contract":
        axes = list(map(frozenset, node.attrs[0]))
        yield from (a for a, own in zip(node.args, axes, strict=False) if axes.count(own) == 1)
    elif node.op != "mul":
        yield from node.args
