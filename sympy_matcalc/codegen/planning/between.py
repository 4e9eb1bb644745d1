"""Matrices beside the derivatives of a function of a matrix in all directions are taken into its eigenvectors.

By one decomposition these derivatives are a product of arrays of three axes, which has an axis of each of the four matrices around it: a
matrix that meets an axis costs a product with all n^4 derivatives after it, and one with the eigenvectors before it.

>>> from sympy import MatrixSymbol, exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm, FrechetMatrix
>>> n = symbols("n", integer=True, positive=True)
>>> A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
>>> factors = [(FrechetMatrix(exp, A), (1, 0), (2, 4)), (B, (3,), (2,)), (C, (4,), (5,))]
>>> before_and_after(between, Einsum((n,) * 4, EinsumTerm(1, (n,) * 6, ((0,), (1,), (3,), (5,)), factors)), decomposes=True)
before: sum(frechet_matrix(A, spectrum(A); ('exp', 'x'), 0)[ijkl] B[mk] C[ln] -> jimn)
after:  view(frechet_between(A, spectrum(A), B, C.T; ('exp', 'x'), 0, (False, False, True, True)); 1, 0, 2, 3)

A direction, which meets two of the axes, stays one:

>>> factors = [(FrechetMatrix(exp, A), (1, 0), (2, 3)), (B, (3,), (2,))]
>>> before_and_after(between, Einsum((n, n), EinsumTerm(1, (n,) * 4, ((0,), (1,)), factors)), decomposes=True)
before: sum(frechet_matrix(A, spectrum(A); ('exp', 'x'), 0)[ijkl] B[lk] -> ji)
after:  sum(frechet_matrix(A, spectrum(A); ('exp', 'x'), 0)[ijkl] B[lk] -> ji)
"""

from __future__ import annotations

from collections.abc import Sequence

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor
from ..ir.terms import as_product
from ..network import joined
from ..schedule import reachable


def between(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such matrices as operands of the derivatives."""
    order = reachable(roots)
    if not any(n.op == "frechet_matrix" for n in order):
        return roots
    uses: dict[int, int] = {}
    for node in order:
        for a in node.args:
            uses[a.number] = uses.get(a.number, 0) + 1
    new: dict[int, Node] = {}
    for node in order:
        out = graph.remake(node, [new[a.number] for a in node.args])
        if node.op == "contract":
            alone = [a.op == "frechet_matrix" and uses[old.number] == 1 for a, old in zip(out.args, node.args, strict=True)]
            out = _taken_in(graph, out, alone)
        new[node.number] = out
    return [new[r.number] for r in roots]


def _taken_in(g: Graph, node: Node, alone: list[bool]) -> Node:
    """A product with the matrices around derivatives of no other use as operands of these."""
    p = as_product(node)
    for f, is_alone in zip(p.factors, alone, strict=False):
        if not is_alone or len(set(f.labels)) < 4:
            continue
        rest = p.without(f)
        sides, ends = list[Node | None](), []
        for x in f.labels:
            chain = _chain(x, f, rest, p.out, ends)
            if not chain:
                sides.append(None)
                ends.append(x)
                continue
            rest = [h for h in rest if not any(h is c for c, _ in chain)]
            end = chain[-1][1]
            made, have = joined(g, [c for c, _ in chain], {x, end}, g.const(1), {end: None, x: None})
            sides.append(g.view(made, [have.index(z) for z in (end, x)]))
            ends.append(end)
        if all(s is None for s in sides):
            continue
        function, count = f.node.attrs
        given, numbers = f.node.args[: 2 + count], f.node.args[2 + count :]
        present = tuple(s is not None for s in sides)
        inner = g.make("frechet_between", (*given, *(s for s in sides if s is not None), *numbers), (function, count, present))
        whole, have = joined(g, [Factor(inner, ends), *rest], set(p.out), g.mul(*p.scalars), dict.fromkeys(p.out))
        return g.view(whole, [have.index(x) for x in p.out])
    return node


def _chain(x: Label, f: Factor, rest: list[Factor], out: Sequence[Label], ends: Sequence[Label]) -> list[tuple[Factor, Label]]:
    """The matrices on the way from an axis of f, each with the axis behind it, as long as no other factor has the axis between them. out:
    the axes of the result; ends: the axes at which the ways from other axes of f end, which no second one may: its last matrix stays.
    """
    chain: list[tuple[Factor, Label]] = []
    at = x
    while at not in out:
        met = [h for h in rest if at in h.labels and not any(h is c for c, _ in chain)]
        if len(met) != 1 or len(met[0].labels) != 2 or met[0].labels[0] is met[0].labels[1]:
            break
        (h,) = met
        behind = h.labels[1 - h.labels.index(at)]
        if behind in f.labels:
            return []
        if behind in ends:
            break
        chain.append((h, behind))
        at = behind
    return chain
