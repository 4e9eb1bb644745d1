"""The sum of the products of the entries of two arrays, where these products are made for another use too: their sum.

>>> from sympy import DiagMatrix, HadamardProduct, MatrixSymbol, exp, symbols, tanh
>>> from sympy.matrices.expressions.diagonal import DiagonalOf
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n = symbols("m n", integer=True, positive=True)
>>> A, B = MatrixSymbol("A", m, n), MatrixSymbol("B", m, n)
>>> sums = DiagMatrix(DiagonalOf(A*B.T).applyfunc(exp))
>>> before_and_after(made_products, sums*HadamardProduct(A, B).applyfunc(tanh))
before: sum(exp(sum(A[ij] B[ij] -> i))[i] tanh(A*B)[ij] -> ij)
after:  sum(exp(sum(A*B; 1))[i] tanh(A*B)[ij] -> ij)
>>> before_and_after(made_products, sums*HadamardProduct(A, A).applyfunc(tanh))
before: sum(exp(sum(A[ij] B[ij] -> i))[i] tanh(A*A)[ij] -> ij)
after:  sum(exp(sum(A[ij] B[ij] -> i))[i] tanh(A*A)[ij] -> ij)
"""

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable

Pair = tuple[int, int]


def made_products(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums."""
    order = reachable(roots)
    made = {pair: node for node in order for pair in _pairs(node)}
    new: dict[int, Node] = {}
    for node in order:
        product = _product(node, made)
        args = [new[a.number] for a in node.args]
        if product is None:
            new[node.number] = graph.remake(node, args)
        else:
            inputs, _, output, _ = node.attrs
            gone = [k for k, x in enumerate(inputs[0]) if x not in output]
            whole = new.get(product.number) or graph.remake(product, [new[a.number] for a in product.args])
            new[node.number] = graph.mul(args[-1], graph.sum(whole, gone))
    return [new[r.number] for r in roots]


def _pairs(node: Node) -> Sequence[Pair]:
    """The two arrays that a node multiplies entry by entry, either way round."""
    if node.op != "mul" or len(node.args) != 2 or any(a.ndim != node.ndim or a.shape != node.shape for a in node.args):
        return ()
    a, b = (x.number for x in node.args)
    return (a, b), (b, a)


def _product(node: Node, made: dict[Pair, Node]) -> Node | None:
    """The product that a node sums, where it is made before."""
    if node.op != "contract" or len(node.args) != 3 or any(node.attrs[1]):
        return None
    inputs, _, output, _ = node.attrs
    (first, second), (a, b, _) = inputs, node.args
    if first != second or len(set(first)) < len(first) or tuple(x for x in first if x in output) != output or len(output) == len(first):
        return None
    return made.get((a.number, b.number))
