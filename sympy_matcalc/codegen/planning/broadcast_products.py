"""Sums of products of arrays that each lack an axis of the result, ``a_ij b_kl + c_ik d_jl``, are written a part at a time: a whole product
of such arrays is as large as the result, and is written to memory and read again.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy.tensor.array.expressions import ArrayAdd, ArrayTensorProduct, PermuteDims
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.codegen.planning.planner import Planner
>>> n = symbols("n", integer=True, positive=True)
>>> planned = lambda graph, roots, context: Planner(graph, {n: 100}, context.size_of).run(roots)
>>> A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
>>> turned = PermuteDims(ArrayTensorProduct(C, D), [0, 2, 1, 3])
>>> before_and_after(broadcast_products, ArrayAdd(ArrayTensorProduct(A, B), turned), first=planned)
before: B*view(A; 0, 1, None, None) + view(D; 0, None, 1)*view(C; 0, None, 1, None)
after:  sum_of_products(B, view(A; 0, 1, None, None), view(D; 0, None, 1), view(C; 0, None, 1, None))

Products that part the axes alike are one product of matrices already:

>>> before_and_after(broadcast_products, ArrayAdd(ArrayTensorProduct(A, B), ArrayTensorProduct(C, D)), first=planned)
before: outer_sum(A, C, B, D)
after:  outer_sum(A, C, B, D)
"""

from collections import Counter

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable

LEAST = 3  # axes


def broadcast_products(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums as one operation, where no bound of memory asks for parts of another kind."""
    order = reachable(roots)
    if context.memory is not None or not context.backend.looks_at_values or not any(n.op == "add" and n.ndim >= LEAST for n in order):
        return roots
    uses = Counter(a.number for node in order for a in node.args) + Counter(r.number for r in roots)
    new: dict[int, Node] = {}
    for node in order:
        pairs = _pairs(graph, node, uses) if node.op == "add" and node.ndim >= LEAST else None
        if pairs is None:
            new[node.number] = graph.remake(node, [new[a.number] for a in node.args])
        else:
            # scalars are new nodes of old ones: what they are made of is renewed with them
            new[node.number] = graph.make("sum_of_products", [_renewed(graph, x, new) for pair in pairs for x in pair])
    return [new[r.number] for r in roots]


def _renewed(graph: Graph, node: Node, new: dict[int, Node]) -> Node:
    if node.number not in new:
        new[node.number] = graph.remake(node, [_renewed(graph, a, new) for a in node.args])
    return new[node.number]


def _pairs(graph: Graph, node: Node, uses: Counter[int]) -> list[tuple[Node, Node]] | None:
    """The two arrays of each summand, None where one is no product of two that lack an axis."""
    out = []
    for a in node.args:
        arrays = [x for x in a.args if x.ndim] if a.op == "mul" else []
        if len(arrays) != 2 or uses[a.number] > 1 or a.imaginary or not all(_lacks_an_axis(x, node) for x in arrays):
            return None
        small, large = sorted(arrays, key=lambda x: sum(s != 1 for s in x.shape))
        coefs = [x for x in a.args if not x.ndim]
        out.append((graph.mul(*coefs, small), large) if coefs else (small, large))
    return out


def _lacks_an_axis(x: Node, node: Node) -> bool:
    shape = (*[1] * (node.ndim - x.ndim), *x.shape)
    return any(own == 1 != whole for own, whole in zip(shape, node.shape, strict=True))
