"""Sums over pairs of points by the differences of the points: ``F_ij (x_i - x_j)(x_i - x_j)'`` as one product, not multiplied out.

What is multiplied out loses digits with the square of the distance from 0 over that between the points, and takes a pass over all pairs a
term. So it is in second derivatives of potentials, of stress, and of kernels by the points, which have a block for each pair.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Einsum, EinsumTerm
>>> n, k = symbols("n k", integer=True, positive=True)
>>> F, X = MatrixSymbol("F", n, n), MatrixSymbol("X", n, k)
>>> term = lambda c, a, b: EinsumTerm(c, (n, k, n, k), ((0,), (1,), (2,), (3,)), [(F, (0,), (2,)), (X, (a,), (1,)), (X, (b,), (3,))])
>>> before_and_after(differences, Einsum((n, k, n, k), term(1, 0, 0), term(-1, 0, 2), term(-1, 2, 0), term(1, 2, 2)))
before: sum(F[ij] X[ik] X[il] -> ikjl) + -1*sum(F[ij] X[ik] X[jl] -> ikjl) + -1*sum(F[ij] X[jk] X[il] -> ikjl) + sum(F[ij] X[jk] X[jl] -> ikjl)
after:  sum(F[ij] (view(reshape(reshape(X.T, k*n), k, n); 0, 1, None) + -1*view(reshape(reshape(X.T, k*n), k, n); 0, None, 1))[kij] (view(reshape(reshape(X.T, k*n), k, n); 0, 1, None) + -1*view(reshape(reshape(X.T, k*n), k, n); 0, None, 1))[lij] -> ikjl)

Where a term of the square is missing, nothing changes:

>>> before_and_after(differences, Einsum((n, k, n, k), term(1, 0, 0), term(-1, 0, 2), term(-1, 2, 0)))
before: sum(F[ij] X[ik] X[il] -> ikjl) + -1*sum(F[ij] X[ik] X[jl] -> ikjl) + -1*sum(F[ij] X[jk] X[il] -> ikjl)
after:  sum(F[ij] X[ik] X[il] -> ikjl) + -1*sum(F[ij] X[ik] X[jl] -> ikjl) + -1*sum(F[ij] X[jk] X[il] -> ikjl)
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations, product
from typing import Any

from sympy import S

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, put_in, signature
from ..ir.terms import as_product, broadcast, is_scaled, new_labels, scalars
from ..network import diagonals, joined
from ..planning.keys import Keys
from ..schedule import reachable

MOST_TERMS = 96  # of a sum that is multiplied out to be read
LEAST = 3  # axes of the sum
Sides = tuple[int, ...]  # for each axis whether it comes of the first point or of the second


class NoDifferencesError(Exception):
    """A sum is not one of products of differences."""


def differences(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such sums as products of differences; of sparse arguments, which would be dense, as they are."""
    order = reachable(roots)
    if any(p.is_sparse for p in context.parameters) or not any(_may_be_one(n) for n in order):
        return roots
    made = _Differences(graph, context, order)
    return [made.renewed(r) for r in roots]


def _may_be_one(node: Node) -> bool:
    return node.op == "add" and node.ndim >= LEAST and len(set(node.shape)) < node.ndim


class _Differences:
    """`made`: the arrays of which there are differences for each pair, so that sums over one point may use these."""

    def __init__(self, graph: Graph, context: Context, order: Sequence[Node]) -> None:
        self.g, self.size_of, self.weights = graph, context.size_of, _Weights(graph, order)
        self.new: dict[int, Node] = {}
        self.made: set[Any] = set()

    def renewed(self, root: Node) -> Node:
        """The root anew: a sum before what is in it, and one with a block for each pair before what is on its diagonal."""
        stack = [root]
        while stack:
            node = stack[-1]
            if node.number in self.new:
                stack.pop()
            elif _may_be_one(node) and (found := self._of_sum(node)) is not None:
                self.new[node.number] = found
            elif missing := [a for a in node.args if a.number not in self.new]:
                stack += reversed(missing)
            else:
                self.new[node.number] = self.g.remake(node, [self.new[a.number] for a in node.args])
        return self.new[root.number]

    def _of_sum(self, node: Node) -> Node | None:
        """A sum by differences, or with those of its summands that have blocks for pairs so."""
        labels, parts = new_labels(node), _summands(node)
        try:
            terms = [[t.renamed(dict(zip(t.out, labels, strict=True))) for t in self._terms(a, node)] for a in parts]
        except NoDifferencesError:
            return None
        for first, second in self._pairs(labels):
            of_pairs = [second is None or all(any({first, second} <= {*f.labels} for f in t.factors) for t in own) for own in terms]
            chosen = [t for own, is_one in zip(terms, of_pairs, strict=True) for t in own if is_one]
            if not chosen or len(chosen) > MOST_TERMS:
                continue
            try:
                found = self._by_pair(chosen, labels, first, second)
            except NoDifferencesError:
                continue
            return self.g.add(found, *(self.renewed(a) for a, is_one in zip(parts, of_pairs, strict=True) if not is_one))
        return None

    # ---- a sum as terms
    def _terms(self, node: Node, total: Node) -> list[Product]:
        """A summand multiplied out, with the axes of the sum."""
        return [found for t in self._apart(node) for found in self._multiplied_out(broadcast(t, total.shape))]

    def _multiplied_out(self, p: Product) -> list[Product]:
        for f in p.factors:
            if not f.inverse and _comes_apart(f.node):
                found = [t for i in self._apart(f.node) for t in self._multiplied_out(put_in(p, f, i, self.size_of))]
                if len(found) > MOST_TERMS:
                    raise NoDifferencesError
                return found
        return [p]

    def _apart(self, node: Node) -> list[Product]:
        """A node as a sum of products, of one factor where it stays one array."""
        if not node.ndim:
            return [Product(scalars(node), (), ())]
        if not _comes_apart(node):
            labels = new_labels(node)
            return [Product((), [Factor(node, labels)], labels)]
        if node.op == "contract":
            return [as_product(node)]
        if node.op == "add":
            return [broadcast(t, node.shape) for a in node.args for t in self._apart(a)]
        if node.op == "mul":
            coefs = [c for a in node.args[:-1] for c in scalars(a)]
            return [Product((*coefs, *t.scalars), t.factors, t.out) for t in self._apart(node.args[-1])]
        if node.op == "view":
            inner = self._apart(node.args[0])
            return [Product(t.scalars, t.factors, (Label(S.One) if k is None else t.out[k] for k in node.attrs)) for t in inner]
        own = new_labels(node.args[0])
        return [Product((), [Factor(node.args[0], own)], (x for k, x in enumerate(own) if k not in node.attrs))]

    # ---- the pair of points
    def _pairs(self, own: Sequence[Label]) -> Iterator[tuple[Label, Label | None]]:
        """The labels that may be two points: two axes of the result, or one and a label that is summed, None for what each term has."""
        yield from ((a, b) for a, b in combinations(own, 2) if a.size == b.size)
        if self.made:
            yield from ((a, None) for a in own)

    def _by_pair(self, terms: Sequence[Product], own: Sequence[Label], first: Label, second: Label | None) -> Node:
        """The sum of products of differences. Errors: NoDifferencesError where a term is left over."""
        summed = second is None
        if second is None:
            second = Label(first.size)
            terms = [_with_second(t, first, second) for t in terms]
        groups: dict[Any, dict[Sides, list[_Term]]] = {}
        for t in terms:
            read = _Term(t, first, second)
            groups.setdefault(read.of_points, {}).setdefault(read.sides, []).append(read)
        arrays = {name for of_points in groups for _, name in of_points}
        if summed and not arrays <= self.made:
            raise NoDifferencesError
        weights = [found for table in groups.values() if (found := self._weights(table, first, second))]
        if not weights:
            raise NoDifferencesError
        total = self.g.add(*(self._product(found, own, first, second) for found in weights))
        if total.ndim < len(own):
            raise NoDifferencesError
        self.made |= arrays
        return total

    def _weights(self, table: dict[Sides, list[_Term]], first: Label, second: Label) -> list[tuple[_Term, Any]]:
        """The terms, with numbers, whose weights are the weight of all differences; none where it is 0.

        Errors: NoDifferencesError where the weights for the first and for the second point of each part are not one, up to the sign.
        """
        found = {sides: self._polynomial(terms, first, second) for sides, terms in table.items()}
        count = len(next(iter(table)))
        whole = found.get((0,) * count, {})
        for sides in product((0, 1), repeat=count):
            sign = (-1) ** sum(sides)
            if found.get(sides, {}) != {monomial: sign * number for monomial, number in whole.items()}:
                raise NoDifferencesError
        if not whole:
            return []
        sides = min(table, key=lambda s: (len(table[s]), s))
        return [(read, read.number * (-1) ** sum(sides)) for read in table[sides]]

    def _polynomial(self, terms: Sequence[_Term], first: Label, second: Label) -> dict[Any, Any]:
        """The sum of the weights of some terms, as numbers by what they are multiplied with."""
        total: dict[Any, Any] = {}
        for read in terms:
            parts: list[dict[Any, Any]] = [{(): read.number}, *({(c.number,): 1} for c in read.scalars)]
            for f in read.rest:
                if f.inverse or not {*f.labels} <= {first, second} or len({*f.labels}) < len(f.labels):
                    raise NoDifferencesError
                along = first if f.node.ndim == 1 else second  # a vector is a row, as in a sum of matrices
                parts.append(self.weights.of(f.node, f.labels[0] is along))
            for monomial, number in reduce(_times, parts).items():
                total[monomial] = total.get(monomial, 0) + number
        return {monomial: number for monomial, number in total.items() if number}

    def _product(self, weights: Sequence[tuple[_Term, Any]], own: Sequence[Label], first: Label, second: Label) -> Node:
        """The sum of products with the same differences: these times the sum of what they are weighted with."""
        read, number = weights[0]
        factors, scale = list(read.rest), self.g.mul(self.g.const(number), *read.scalars)
        if len(weights) > 1:
            factors, scale = [self._weight(weights, own, first, second)], self.g.const(1)
        for part, axes in read.parts:
            rows = self._in_order(self._array(part, (*axes, first)))
            at, row = range(len(axes)), len(axes)
            minus = self.g.mul(self.g.const(-1), self.g.view(rows, (*at, None, row)))
            factors.append(Factor(self.g.add(self.g.view(rows, (*at, row, None)), minus), (*axes, first, second)))
        node, have = joined(self.g, factors, set(own), scale, dict.fromkeys(own))
        return self.g.view(node, [have.index(x) if x in have else None for x in own])

    def _weight(self, weights: Sequence[tuple[_Term, Any]], own: Sequence[Label], first: Label, second: Label) -> Factor:
        """The sum of what products are weighted with, as one array."""
        held = {x for read, _ in weights for f in read.rest for x in f.labels}
        axes = tuple(x for x in dict.fromkeys((first, second, *own)) if x in held)
        parts = []
        for read, number in weights:
            factors = [diagonals(self.g, f) for f in read.rest]
            node, have = joined(self.g, factors, set(axes), self.g.mul(self.g.const(number), *read.scalars), dict.fromkeys(axes))
            parts.append(self.g.view(node, [have.index(x) if x in have else None for x in axes]) if node.ndim else node)
        total = self.g.add(*parts)
        if total.ndim < len(axes):
            raise NoDifferencesError
        return Factor(total, axes)

    def _array(self, factors: Sequence[Factor], out: Sequence[Label]) -> Node:
        node, have = joined(self.g, [diagonals(self.g, f) for f in factors], set(out), self.g.const(1), dict.fromkeys(out))
        return self.g.view(node, [have.index(x) for x in out])

    def _in_order(self, array: Node) -> Node:
        """The array with its last axis next to each other in memory, which has the points: what is made for pairs of them is read so."""
        if array.op != "view":
            return array
        sizes = [self.size_of(s) for s in array.shape]
        flat = self.g.make("reshape", (array, self.g.mul(*sizes)))
        return self.g.make("reshape", (flat, *sizes))  # not `graph.reshape`: to it two that undo each other are none, and this is a copy


class _Term:
    """A term, read for two points. `parts`: products that depend on one of them and on axes of the result, with these axes, all as of the
    first point; `sides`: which point each depends on; `rest`: the other factors; `number`, `scalars`: its coefficient.
    """

    def __init__(self, term: Product, first: Label, second: Label) -> None:
        self.parts: list[tuple[list[Factor], tuple[Label, ...]]] = []
        self.number, self.scalars = term.number, [c for c in term.scalars if c.op != "const"]
        self.rest: list[Factor] = []
        found = []
        for part in _hanging_together(term.factors, {first, second, *term.out}):
            labels = {x for f in part for x in f.labels}
            axes = tuple(x for x in term.out if x in labels and x not in (first, second))
            points = labels & {first, second}
            if len(points) == 1 and axes and not any(f.inverse for f in part):
                side = int(second in points)
                part = [f.renamed({second: first}) for f in part]
                found.append((tuple(map(term.out.index, axes)), signature(Product((), part, (first, *axes))), side, part, axes))
            else:
                self.rest += part
        found.sort(key=lambda one: one[0])
        if not found:
            raise NoDifferencesError
        self.parts = [(part, axes) for _, _, _, part, axes in found]
        self.sides = tuple(side for _, _, side, _, _ in found)
        self.of_points = tuple((at, name) for at, name, *_ in found)


class _Weights:
    """Arrays of pairs as polynomials of what they are made of: numbers by the sorted keys of the factors."""

    def __init__(self, graph: Graph, order: Sequence[Node]) -> None:
        self.keys = Keys(graph, order)
        self._known: dict[tuple[int, bool], dict[Any, Any]] = {}

    def of(self, node: Node, turned: bool) -> dict[Any, Any]:
        """Of a matrix, or of its transpose; of a vector along the columns, or along the rows."""
        if (node.number, turned) not in self._known:
            self._known[node.number, turned] = self._of(node, turned)
        return self._known[node.number, turned]

    def _of(self, node: Node, turned: bool) -> dict[Any, Any]:
        if not node.ndim:
            return {(): node.value} if isinstance(node.value, (int, float)) else {(node.number,): 1}
        if node.op == "view" and node.attrs == (1, 0):
            return self.of(node.args[0], not turned)
        if node.op in ("add", "mul"):
            parts = [self.of(a, turned) for a in node.args]
            found = reduce(_times if node.op == "mul" else _plus, parts)
            if len(found) <= MOST_TERMS:
                return found
        number, sign = (self.keys.of_transpose if turned else self.keys.of)(node)
        return {(("array", number),): sign}


def _times(a: dict[Any, Any], b: dict[Any, Any]) -> dict[Any, Any]:
    out: dict[Any, Any] = {}
    for (x, m), (y, n) in product(a.items(), b.items()):
        monomial = tuple(sorted((*x, *y), key=repr))
        out[monomial] = out.get(monomial, 0) + m * n
    return {monomial: number for monomial, number in out.items() if number}


def _plus(a: dict[Any, Any], b: dict[Any, Any]) -> dict[Any, Any]:
    out = {monomial: a.get(monomial, 0) + b.get(monomial, 0) for monomial in (*a, *b)}
    return {monomial: number for monomial, number in out.items() if number}


def _with_second(term: Product, first: Label, second: Label) -> Product:
    """A term with the label that it sums beside the first point as the second one."""
    found = {x for f in term.factors if len(f.labels) == 2 and first in f.labels for x in f.labels if x is not first and x not in term.out}
    if len(found) != 1 or (other := found.pop()).size != first.size:
        raise NoDifferencesError
    return term.renamed({other: second})


def _hanging_together(factors: Sequence[Factor], apart: set[Label]) -> list[list[Factor]]:
    """The factors in groups that share labels beside those of the set."""
    groups: list[list[Factor]] = []
    for f in factors:
        own = {*f.labels} - apart
        near = [part for part in groups if any(own & {*h.labels} for h in part)]
        groups = [part for part in groups if part not in near] + [[h for part in near for h in part] + [f]]
    return groups


def _summands(node: Node) -> list[Node]:
    """The summands of a sum, with those of sums among them."""
    return [b for a in node.args for b in (_summands(a) if a.op == "add" and a.ndim == node.ndim else [a])]


def _comes_apart(node: Node) -> bool:
    """Whether an array is read as a sum of products: a sum with no product in it is one array, as the points less their mean."""
    if node.op == "add":
        return any(map(_is_product, node.args))
    return node.op in ("contract", "view") or node.op == "mul" and is_scaled(node) or node.op == "sum" and node.args[0].ndim == 2


def _is_product(node: Node) -> bool:
    """Whether a summand, or what it is a multiple of, is a product or a sum of products."""
    if node.op == "view" or node.op == "mul" and is_scaled(node):
        return _is_product(node.args[-1])
    return node.op == "contract" or node.op == "add" and any(map(_is_product, node.args))
