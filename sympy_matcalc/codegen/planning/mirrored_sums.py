"""A product by entries and its transpose, of a matrix with a symmetric one, as one product: ``P * N + (P * N)'`` is ``(P + P') * N``.

>>> from sympy import HadamardProduct, MatrixSymbol, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n, k = symbols("n k", integer=True, positive=True)
>>> P, X, Y = MatrixSymbol("P", n, n), MatrixSymbol("X", n, k), MatrixSymbol("Y", n, k)
>>> product = lambda K: HadamardProduct(P, K.applyfunc(exp))
>>> before_and_after(mirrored_sums, product(X*X.T) + product(X*X.T).T)
before: exp(sum(X[ij] X[kj] -> ik))*P + exp(sum(X[ij] X[kj] -> ik))*P.T
after:  exp(sum(X[ij] X[kj] -> ik))*(P + P.T)

Of one that is not symmetric nothing changes:

>>> before_and_after(mirrored_sums, product(X*Y.T) + product(X*Y.T).T)
before: exp(sum(X[ij] Y[kj] -> ik))*P + exp(sum(Y[ij] X[kj] -> ik))*P.T
after:  exp(sum(X[ij] Y[kj] -> ik))*P + exp(sum(Y[ij] X[kj] -> ik))*P.T
"""

from __future__ import annotations

from itertools import combinations

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .keys import Keys


def mirrored_sums(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums as one product."""
    order = reachable(roots)
    if not any(len(_products(node)) > 1 for node in order):
        return roots
    keys = Keys(graph, order)
    new: dict[int, Node] = {}
    for node in order:
        args: list[Node | None] = [new[a.number] for a in node.args]
        for (i, a), (k, b) in combinations(_products(node), 2):
            if keys.of(b) == keys.of_transpose(a) and args[i] is not None and args[k] is not None:
                found = _as_one(graph, a, keys, new)
                if found is not None:
                    args[i], args[k] = found, None
        kept = [x for x in args if x is not None]
        new[node.number] = graph.remake(node, kept) if len(kept) == len(args) else graph.add(*kept)
    return [new[r.number] for r in roots]


def _products(node: Node) -> list[tuple[int, Node]]:
    """The summands of a sum that are products by entries of two square matrices and a number, or the transposes of such, by position."""
    if node.op != "add" or node.ndim != 2 or node.shape[0] != node.shape[1]:
        return []
    return [(k, a) for k, a in enumerate(node.args) if a.shape == node.shape and len(_matrices(_upright(a))) == 2]


def _upright(node: Node) -> Node:
    return node.args[0] if node.op == "view" and node.attrs == (1, 0) else node


def _matrices(node: Node) -> list[Node]:
    """The factors of a product by entries that are no numbers; none of one with others than matrices of its shape."""
    arrays = [a for a in node.args if a.ndim] if node.op == "mul" else []
    return arrays if all(a.shape == node.shape for a in arrays) else []


def _as_one(g: Graph, node: Node, keys: Keys, new: dict[int, Node]) -> Node | None:
    """A product and its transpose as one, None where no factor is symmetric."""
    product = _upright(node)
    one, other = _matrices(product)
    symmetric = [keys.symmetry(x) == 1 for x in (one, other)]
    if sum(symmetric) != 1:
        return None
    p = other if symmetric[0] else one
    total = g.add(new[p.number], g.transpose(new[p.number]))
    return g.mul(*(total if a is p else new[a.number] for a in product.args))
