"""A triangle of ones times an array, entry by entry, is that part of the array: what is left out is not read, be it infinite or no number.

>>> from sympy import HadamardProduct, MatrixSymbol, OneMatrix, exp, symbols
>>> import sympy_matcalc as mc
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> W, x = MatrixSymbol("W", n, n), MatrixSymbol("x", n, 1)
>>> ones = mc.UpperTriangle(OneMatrix(n, n), 1)
>>> before_and_after(chosen_entries, HadamardProduct(ones, W)*x)
before: sum((W*triangle(full(1, dtype(), n, n; True), 1; triu))[ij] x[j] -> i)
after:  sum(triangle(W, 1; triu)[ij] x[j] -> i)

Of several arrays it is those that are given, of computed ones the first:

>>> before_and_after(chosen_entries, HadamardProduct(ones, (x*x.T).applyfunc(exp), W))
before: triangle(full(1, dtype(), n, n; True), 1; triu)*exp(sum(x[i] x[j] -> ij))*W
after:  exp(sum(x[i] x[j] -> ij))*triangle(W, 1; triu)

In a product of matrices it is no part of the other:

>>> before_and_after(chosen_entries, ones*W*x)
before: sum(triangle(full(1, dtype(), n, n; True), 1; triu)[ij] W[jk] x[k] -> i)
after:  sum(triangle(full(1, dtype(), n, n; True), 1; triu)[ij] W[jk] x[k] -> i)
"""

from __future__ import annotations

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..ir.product import Factor, Product
from ..ir.terms import as_product
from ..network import diagonals, joined
from .walk import passed


def chosen_entries(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with parts of arrays in the place of products with triangles of ones."""
    return passed(graph, roots, {"mul": (_of_entries,), "contract": (_of_product,)})


def is_of_ones(node: Node) -> bool:
    """Whether a node is a triangle of ones, with its diagonal or with another one."""
    return node.op == "triangle" and node.ndim == 2 and node.args[0].op == "full" and node.args[0].args[0].value == 1


def _of_entries(g: Graph, node: Node) -> Node | None:
    """Of a product by entries of matrices of one shape."""
    at = next((k for k, a in enumerate(node.args) if is_of_ones(_behind(a)) and a.ndim == 2), None)
    if at is None:
        return None
    ones, turned = _behind(node.args[at]), node.args[at].op == "view"
    others = [(k, a) for k, a in enumerate(node.args) if k != at and a.shape == node.args[at].shape and not is_of_ones(_behind(a))]
    taken = _taken(others)
    if not taken or turned and node.args[at].attrs != (1, 0):
        return None
    return g.mul(*(_part(g, ones, a, turned) if k in taken else a for k, a in enumerate(node.args) if k != at))


def _of_product(g: Graph, node: Node) -> Node | None:
    """Of a product in which the triangle and another array have the same two labels."""
    p = as_product(node)
    ones = next((f for f in p.factors if is_of_ones(f.node) and len(set(f.labels)) == 2), None)
    if ones is None or p.is_diagonal:
        return None
    others = [f for f in p.without(ones) if set(f.labels) == set(ones.labels) and len(f.labels) == 2 and not f.inverse]
    taken = _taken([(k, f.node) for k, f in enumerate(others) if f.node.shape in (ones.node.shape, ones.node.shape[::-1])])
    if not taken:
        return None
    chosen = [others[k] for k in taken]
    factors = [
        Factor(_part(g, ones.node, f.node, f.labels != ones.labels), f.labels) if any(f is x for x in chosen) else f
        for f in p.without(ones)
    ]
    product = Product(p.scalars, factors, p.out)
    new, have = joined(g, [diagonals(g, f) for f in factors], set(product.out), g.mul(*product.scalars), dict.fromkeys(product.out))
    return g.view(new, [have.index(x) if x in have else None for x in product.out]) if new.ndim else new


def _taken(others: list[tuple[int, Node]]) -> list[int]:
    """Which arrays are to be parts: those that are given, else the first that is computed."""
    given = [k for k, a in others if _behind(a).op == "arg"]
    return given or [k for k, _ in others[:1]]


def _behind(node: Node) -> Node:
    while node.op == "view":
        node = node.args[0]
    return node


def _part(g: Graph, ones: Node, array: Node, turned: bool) -> Node:
    """The entries of an array that a triangle of ones takes; turned: of its transpose."""
    offset, (name,) = ones.args[1], ones.attrs
    if not turned:
        return g.make("triangle", (array, offset), (name,))
    return g.make("triangle", (array, g.mul(g.const(-1), offset)), ("tril" if name == "triu" else "triu",))
