"""Arrays of all pairs of points, ``x_ik - x_jk``, with the coordinates k as their first axis where norms or sums over these are taken.

NumPy computes along the last axis, and a point has few coordinates: as the first axis they are a few passes over all pairs. It takes a
quarter to a tenth of the time for points in a plane or in space, and the same where they have hundreds of coordinates.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy.matrices.expressions.hadamard import HadamardProduct
>>> from sympy_matcalc.codegen.example import before_and_after
>>> m, n = symbols("m n", integer=True, positive=True)
>>> both = HadamardProduct(MatrixSymbol("x", m, n), MatrixSymbol("y", m, n))
>>> def sums_of_pairs(graph, roots, context):
...     x, y = roots[0].args
...     return [graph.make("norm", (graph.add(graph.view(x, (0, None, 1)), graph.view(y, (None, 0, 1))),), (2,))]
>>> before_and_after(components_first, both, first=sums_of_pairs)
before: norm(view(x; 0, None, 1) + y; 2)
after:  norm(view(ascontiguousarray(x.T); 0, 1, None) + view(ascontiguousarray(y.T); 0, None, 1); 0)

The rows of a matrix stay as they are, and so do arrays that are needed otherwise:

>>> def sums_of_rows(graph, roots, context):
...     return [graph.make("norm", (graph.add(*roots[0].args),), (1,))]
>>> before_and_after(components_first, both, first=sums_of_rows)
before: norm(x + y; 1)
after:  norm(x + y; 1)
>>> def product(graph, roots, context):
...     pairs = graph.add(*(graph.view(a, axes) for a, axes in zip(roots[0].args, [(0, None, 1), (None, 0, 1)])))
...     return [graph.mul(graph.make("norm", (pairs,), (2,)), graph.make("reshape", (pairs, *map(context.size_of, (m, m, n)))))]
>>> before_and_after(components_first, both, first=product)
before: norm(view(x; 0, None, 1) + y; 2)*reshape(view(x; 0, None, 1) + y, m, m, n)
after:  norm(view(x; 0, None, 1) + y; 2)*reshape(view(x; 0, None, 1) + y, m, m, n)
"""

from __future__ import annotations

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable

LEAST = 3  # axes
BY_ENTRY = frozenset({"add", "mul", "pow", "call", "where", "compare"})
REDUCTIONS = frozenset({"norm", "root_of_squares", "sum"})


def components_first(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the last axes of such arrays as their first ones, where no bound of memory asks for parts of another kind."""
    order = reachable(roots)
    if context.memory is not None or not context.backend.looks_at_values or not any(_is_reduced(n) for n in order):
        return roots
    turned = _turned(order, roots)
    new: dict[int, Node] = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        if node.number in turned:
            new[node.number] = graph.remake(
                node, [_first(graph, old, a, node.ndim, turned) for old, a in zip(node.args, args, strict=True)]
            )
        elif any(a.number in turned for a in node.args):
            new[node.number] = _of_turned(graph, node, args, turned)
        else:
            new[node.number] = graph.remake(node, args)
    return [new[r.number] for r in roots]


def _is_reduced(node: Node) -> bool:
    """Whether a node is a norm or a sum over the last axis of an array by entries."""
    if node.op not in REDUCTIONS or node.args[0].ndim < LEAST:
        return False
    return node.attrs == (node.args[0].ndim - 1,) and node.args[0].op in BY_ENTRY


def _turned(order: Sequence[Node], roots: Sequence[Node]) -> set[int]:
    """The numbers of the arrays that are turned: all that are computed with each other entry by entry, or none of them."""
    users: dict[int, list[Node]] = {}
    for node in order:
        for a in node.args:
            users.setdefault(a.number, []).append(node)
    are_roots, seen, out = {r.number for r in roots}, set[int](), set[int]()
    for node in order:
        if not _is_reduced(node) or node.args[0].number in seen:
            continue
        together, ahead, fits = set[int](), [node.args[0]], True
        while ahead:
            x = ahead.pop()
            if x.number in together:
                continue
            together.add(x.number)
            inner, beside = _alike(x), [u for u in users[x.number] if _is_by_entry(u, x.ndim)] if x.number not in are_roots else []
            fits &= inner is not None and x.number not in are_roots
            fits &= all(_is_by_entry(u, x.ndim) or u.op in REDUCTIONS or u.op == "einsum" for u in users.get(x.number, ()))
            ahead += [*(inner or ()), *beside]
        seen |= together
        out |= together if fits else set()
    return out


def _is_by_entry(node: Node, ndim: int) -> bool:
    return node.op in BY_ENTRY and node.ndim == ndim


def _alike(node: Node) -> list[Node] | None:
    """The operands with as many axes that are to be turned too; None where one cannot be."""
    out = []
    for a in node.args:
        if a.ndim == node.ndim and a.op != "view":
            if a.op not in BY_ENTRY:
                return None
            out.append(a)
    return out


def _first(g: Graph, old: Node, new: Node, ndim: int, turned: set[int]) -> Node:
    """An operand with its last axis as the first one; one with fewer axes gets those that it broadcasts along."""
    if not old.ndim or old.number in turned:
        return new
    if new.op == "view":
        (new,), axes = new.args, list(new.attrs)
    else:
        axes = [*range(new.ndim)]
    axes = [None] * (ndim - len(axes)) + axes
    axes = [axes[-1], *axes[:-1]]
    order = [k for k in axes if k is not None]
    if order == sorted(order):
        return g.view(new, axes)
    # in the order of the new axes, which NumPy else keeps from its operands
    ordered = g.call("ascontiguousarray", g.view(new, order))
    return g.view(ordered, [None if k is None else order.index(k) for k in axes])


def _of_turned(g: Graph, node: Node, args: list[Node], turned: set[int]) -> Node:
    """A reduction or a product with turned arrays among its operands."""
    if node.op == "einsum":
        inputs, out = node.attrs[0].split("->")
        words = [word[-1] + word[:-1] if a.number in turned else word for word, a in zip(inputs.split(","), node.args, strict=True)]
        return g.make("einsum", args, (f"{','.join(words)}->{out}",))
    last, (x,) = node.args[0].ndim - 1, args
    if node.op != "sum" and x.op == "mul" and x.args[0].value == -1 and len(x.args) == 2:  # of which it is the same norm
        x = x.args[1]
    made = g.make(node.op, (x,), tuple(sorted((k + 1) % (last + 1) for k in node.attrs)), integer=node.integer)
    return made if last in node.attrs else g.view(made, (*range(1, made.ndim), 0))
