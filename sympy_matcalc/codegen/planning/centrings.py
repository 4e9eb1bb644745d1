"""An array of three axes and more from which its means along an axis are taken is the product with ``I - 1 1'/k``: it is used once then.

Such arrays are derivatives, sums of products each; what is used once is planned with what it meets, and need not be formed.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> m, n, k = symbols("m n k", integer=True, positive=True)
>>> X, Z = MatrixSymbol("X", m, n), MatrixSymbol("Z", m, k)
>>> rows = [(X, (0,), (1,)), (Z, (0,), (2,))]
>>> products = EinsumTerm(1, (m, n, k), ((0,), (1,), (2,)), rows)
>>> sums = [EinsumTerm(-1/size, (m, n, k, k), ((0,), (1,), (3,)), rows) for size in (k, n)]
>>> before_and_after(centrings, Einsum((m, n, k), products, sums[0]))
before: sum(X[ij] Z[ik] -> ijk) + view((-1*k**-1)*sum(X[ij] Z[ik] -> ij); 0, 1, None)
after:  sum(X[ij] Z[ik] (-1*k**-1 + eye(k, dtype()))[kl] -> ijl)

What is taken away is to be the mean, along that axis:

>>> before_and_after(centrings, Einsum((m, n, k), products, sums[1]))
before: sum(X[ij] Z[ik] -> ijk) + view((-1*n**-1)*sum(X[ij] Z[ik] -> ij); 0, 1, None)
after:  sum(X[ij] Z[ik] -> ijk) + view((-1*n**-1)*sum(X[ij] Z[ik] -> ij); 0, 1, None)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node, without
from ..ir.product import Factor, Product, signature
from ..ir.terms import as_product, is_scaled, scalars
from ..schedule import reachable

LEAST = 3  # axes: a matrix is formed once, and used as often as one likes


class _Summand(NamedTuple):
    """A summand that is a product, the label of each axis of the sum, None where it is constant."""

    node: Node
    product: Product
    axes: tuple[Label | None, ...]


def centrings(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with arrays less their means as products."""
    order = reachable(roots)
    if not any(node.op == "add" and node.ndim >= LEAST for node in order):
        return roots
    new: dict[int, Node] = {}
    for node in order:
        found = graph.remake(node, [new[a.number] for a in node.args])
        new[node.number] = _centred(graph, context, found) if found.op == "add" and found.ndim >= LEAST else found
    return [new[r.number] for r in roots]


def _centred(g: Graph, context: Context, node: Node) -> Node:
    """The sum with pairs of a product and its means as one product."""
    left = list(node.args)
    summands = [s for a in left if (s := _summand(g, a, node.ndim)) is not None]
    for whole, mean, axis in _pairs(g, context, summands):
        if any(a is whole.node for a in left) and any(a is mean.node for a in left):
            left = without(left, whole.node, mean.node)
            left.append(_less_mean(g, context, whole, axis))
    return node if len(left) == len(node.args) else g.add(*left)


def _summand(g: Graph, a: Node, ndim: int) -> _Summand | None:
    axes = a.attrs if a.op == "view" else tuple(range(a.ndim))
    array = a.args[0] if a.op == "view" else a
    *coefs, inner = array.args if array.op == "mul" and is_scaled(array) else (array,)
    if inner.op != "contract":
        return None
    p = as_product(inner)
    p = Product((*(c for x in coefs for c in scalars(x)), *p.scalars), p.factors, p.out)
    return _Summand(a, p, (*[None] * (ndim - len(axes)), *(None if k is None else p.out[k] for k in axes)))


def _pairs(g: Graph, context: Context, summands: list[_Summand]) -> Iterator[tuple[_Summand, _Summand, int]]:
    """(product, its means, the axis along which they are taken)."""
    for mean in summands:
        constant = [k for k, x in enumerate(mean.axes) if x is None]
        for whole in summands if len(constant) == 1 else ():
            if None not in whole.axes and _is_mean(g, context, whole, mean, constant[0]):
                yield whole, mean, constant[0]


def _is_mean(g: Graph, context: Context, whole: _Summand, mean: _Summand, axis: int) -> bool:
    """Whether one summand is minus the means of another along an axis."""
    x = whole.axes[axis]
    assert x is not None
    if sum(f.labels.count(x) for f in whole.product.factors) != 1 or any(f.inverse and x in f.labels for f in whole.product.factors):
        return False
    minus = g.mul(g.const(-1), g.pow(context.size_of(x.size), g.const(-1)))
    if g.mul(*mean.product.scalars) is not g.mul(minus, *whole.product.scalars):
        return False
    of_whole, of_mean = ([y for k, y in enumerate(s.axes) if k != axis] for s in (whole, mean))
    return signature(Product((), whole.product.factors, of_whole)) == signature(Product((), mean.product.factors, of_mean))


def _less_mean(g: Graph, context: Context, whole: _Summand, axis: int) -> Node:
    p, x = whole.product, whole.axes[axis]
    assert x is not None
    inner = Label(x.size)
    size = context.size_of(x.size)
    centring = g.add(g.mul(g.const(-1), g.pow(size, g.const(-1))), g.eye(size))
    factors = [*(f.renamed({x: inner}) for f in p.factors), Factor(centring, (inner, x))]
    return g.contract(factors, whole.axes, g.mul(*p.scalars))
