"""Sums of products that have three axes and more, and which several products of one sum meet, are multiplied out: ``F_aij u_bi v_bj`` and
``F_aij w_bi`` with ``F_aij = K_ij (x_ai x_aj + y_ai)`` need no array of three axes, as no product that is left does.

So it is in second derivatives of kernels by their parameters. The search multiplies out what has one use.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> n, k = symbols("n k", integer=True, positive=True)
>>> K, x, y, u = (MatrixSymbol(name, *shape) for name, *shape in (("K", n, n), ("x", k, n), ("y", k, n), ("u", k, n)))
>>> axes = ((0,), (1,), (2,))
>>> one, other = [(x, (0,), (1,)), (x, (0,), (2,))], [(K, (1,), (2,)), (y, (0,), (2,))]
>>> F = Einsum((k, n, n), *(EinsumTerm(1, (k, n, n), axes, factors) for factors in (one, other)))
>>> met = lambda *more: EinsumTerm(1, (k, n, n, k), ((0,), (3,)), [(F, (0,), (1,), (2,)), *more])
>>> G = Einsum((k, k), met((u, (3,), (1,)), (u, (3,), (2,))), met((y, (3,), (1,))))
>>> before_and_after(shared_sums, G)
before: sum((sum(x[ij] x[ik] -> ijk) + sum(K[ij] y[kj] -> kij))[ijk] u[lj] u[lk] -> il) + sum((sum(x[ij] x[ik] -> ijk) + sum(K[ij] y[kj] -> kij))[ijk] y[lj] -> il)
after:  sum(u[ij] u[ik] x[lj] x[lk] -> li) + sum(u[ij] u[ik] K[jk] y[lk] -> li) + sum(y[ij] x[kj] x[kl] -> ki) + sum(y[ij] K[jk] y[lk] -> li)

A sum that one product meets is for the search:

>>> before_and_after(shared_sums, Einsum((k, k), met((u, (3,), (1,)), (u, (3,), (2,)))))
before: sum((sum(x[ij] x[ik] -> ijk) + sum(K[ij] y[kj] -> kij))[ijk] u[lj] u[lk] -> il)
after:  sum((sum(x[ij] x[ik] -> ijk) + sum(K[ij] y[kj] -> kij))[ijk] u[lj] u[lk] -> il)
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import S

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, put_in, signature_with
from ..ir.terms import as_product, broadcast, is_scaled, new_labels, scalars
from ..network import diagonals, joined
from ..schedule import reachable
from .keys import Keys
from .reading import LEAST, is_sum_of_products

MOST_TERMS = 24


class StaysError(Exception):
    """A sum has too many terms, or one that has as many axes as itself."""


def shared_sums(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums multiplied out."""
    order = reachable(roots)
    users: dict[int, list[Node]] = {}
    for node in order:
        for a in node.args:
            users.setdefault(a.number, []).append(node)
    found = {node.number: sums for node in order if (sums := _shared(node, users))}
    if not found:
        return roots
    made = _Apart(graph, context, order)
    for node in order:
        made.renew(node, found.get(node.number))
    return [made.new[r.number] for r in roots]


def _shared(node: Node, users: dict[int, list[Node]]) -> list[Node]:
    """The sums that several summands of a sum meet, and nothing else."""
    if node.op != "add" or node.ndim >= LEAST or not node.ndim:
        return []
    products = [core for a in node.args if (core := _core(a)).op == "contract" and len(users[core.number]) == len(users[a.number]) == 1]
    inside = {p.number for p in products}
    sums = {f.number: f for p in products for f, inverse in zip(p.args, p.attrs[1], strict=False) if is_sum_of_products(f) and not inverse}
    return [f for f in sums.values() if len(users[f.number]) > 1 and all(u.number in inside for u in users[f.number])]


def _core(node: Node) -> Node:
    """What a node is a multiple of."""
    return node.args[-1] if node.op == "mul" and is_scaled(node) else node


class _Apart:
    """`new`: what takes the place of each node."""

    def __init__(self, graph: Graph, context: Context, order: Sequence[Node]) -> None:
        self.g, self.size_of, self.keys = graph, context.size_of, Keys(graph, order)
        self.new: dict[int, Node] = {}

    def renew(self, node: Node, sums: list[Node] | None) -> None:
        out = None
        if sums:
            try:
                out = self._multiplied_out(node, max(f.ndim for f in sums))
            except StaysError:
                pass
        self.new[node.number] = self.g.remake(node, [self.new[a.number] for a in node.args]) if out is None else out

    def _multiplied_out(self, node: Node, axes: int) -> Node:
        labels = new_labels(node)
        terms = [broadcast(t, node.shape) for a in node.args for t in self._terms(a)]
        if len(terms) > MOST_TERMS or any(t.is_diagonal or any(f.node.ndim >= axes for f in t.factors) for t in terms):
            raise StaysError
        groups: dict[Any, list[Product]] = {}
        for t in terms:
            renamed = t.renamed(dict(zip(t.out, labels, strict=True)))
            groups.setdefault(self._key(renamed), []).append(renamed)
        return self.g.add(*(self._node(same) for same in groups.values()))

    def _key(self, t: Product) -> Any:
        """What products share that are equal up to a number: a symmetric matrix is known as such by what it is made of."""
        return signature_with(t, lambda x: x.ndim == 2 and self.keys.symmetry(x) == 1)

    def _node(self, same: list[Product]) -> Node:
        first = same[0]
        number, rest = sum(t.number for t in same), [self.new[c.number] for c in first.scalars if c.op != "const"]
        scale = self.g.mul(self.g.const(number), *rest)
        factors = [diagonals(self.g, Factor(self.new[f.node.number], f.labels, f.inverse)) for f in first.factors]
        node, have = joined(self.g, factors, set(first.out), scale, dict.fromkeys(first.out))
        return self.g.view(node, [have.index(x) if x in have else None for x in first.out]) if node.ndim else node

    def _terms(self, node: Node) -> list[Product]:
        """A node as a sum of products, those sums in it multiplied out."""
        if not node.ndim:
            return [Product(scalars(node), (), ())]
        if node.op == "contract":
            return self._without_sums(as_product(node))
        if is_sum_of_products(node):
            return [broadcast(t, node.shape) for a in node.args for t in self._terms(a)]
        if node.op == "mul" and is_scaled(node):
            coefs = [c for a in node.args[:-1] for c in scalars(a)]
            return [Product((*coefs, *t.scalars), t.factors, t.out) for t in self._terms(node.args[-1])]
        if node.op == "view":
            inner = self._terms(node.args[0])
            return [Product(t.scalars, t.factors, (Label(S.One) if k is None else t.out[k] for k in node.attrs)) for t in inner]
        labels = new_labels(node)
        return [Product((), [Factor(node, labels)], labels)]

    def _without_sums(self, p: Product) -> list[Product]:
        f = next((f for f in p.factors if not f.inverse and is_sum_of_products(f.node)), None)
        if f is None:
            return [p]
        out = [t for i in self._terms(f.node) for t in self._without_sums(put_in(p, f, i, self.size_of))]
        if len(out) > MOST_TERMS:
            raise StaysError
        return out
