"""Products with the axes of a node, added up as one node: what lies on a diagonal is added to the diagonal of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from opt_einsum import get_symbol
from sympy import Expr

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Product
from ..network import diagonals, joined


def added(g: Graph, products: Sequence[Product], shape: Sequence[Expr], size_of: Callable[[Expr], Node]) -> Node:
    """The sum of products, all with axes of these sizes."""
    dense: list[Node] = []
    on_diagonals: dict[tuple[str, str], list[Node]] = {}
    for p in products:
        letters = {x: get_symbol(k) for k, x in enumerate(dict.fromkeys(p.out))}
        if p.is_diagonal:
            pattern = "".join(letters[x] for x in p.out), "".join(letters.values())
            on_diagonals.setdefault(pattern, []).append(_array(g, p, list(letters)))
        else:
            dense.append(_array(g, p, p.out))
    whole = g.add(*dense) if dense else None
    for (axes, target), cores in on_diagonals.items():
        core, sizes = g.add(*cores), [shape[axes.index(x)] for x in target]
        if whole is None or core.ndim < len(sizes):  # what is added to may broadcast an axis of length 1
            core = _filled(g, core, sizes, size_of)
        if whole is None:
            whole = _embedded(g, core, (axes, target), [size_of(s) for s in shape])
        else:
            whole = g.make("add_diagonal", (_filled(g, whole, shape, size_of), core), (axes, target))
    return _filled(g, g.const(0) if whole is None else whole, shape, size_of)


def _array(g: Graph, p: Product, out: Sequence[Label]) -> Node:
    """A product with these axes, each label once; an axis that no factor has is one of length 1."""
    node, have = joined(g, [diagonals(g, f) for f in p.factors], set(out), g.mul(*p.scalars), dict.fromkeys(out))
    return g.view(node, [have.index(x) if x in have else None for x in out]) if have else node


def _embedded(g: Graph, core: Node, pattern: tuple[str, str], sizes: Sequence[Node]) -> Node:
    return g.make("diag", (core,)) if pattern == ("aa", "a") else g.make("embed", (core, g.dtype_node(), *sizes), pattern)


def _filled(g: Graph, node: Node, shape: Sequence[Expr], size_of: Callable[[Expr], Node]) -> Node:
    """A node with all of its axes, where it is constant along some."""
    constant = node.ndim < len(shape) or any(a == 1 and s != 1 for a, s in zip(node.shape, shape, strict=True))
    return g.full(node, [size_of(s) for s in shape]) if constant else node
