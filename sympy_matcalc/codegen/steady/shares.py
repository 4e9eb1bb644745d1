"""Exponentials of a symmetric matrix over their weighted sums, by rows and by columns at once: shares ``w exp(z)`` over its sum in a row, of
which none is out of range however far apart the rows are.

In derivatives of ``sum_i log(sum_j w_ij exp(z_ij))`` with a symmetric z, as of the distances of points from one another, one array of
exponentials meets the sums of its rows and of its columns, often with the quotient in one factor and the exponential in another. Here the
parts that belong together are brought together: through sums, into which a factor is multiplied, and through products. What is summed in
one factor alone is summed there.

>>> from sympy import MatrixSymbol, OneMatrix, exp, symbols
>>> from sympy.matrices.expressions.diagonal import DiagMatrix
>>> from sympy.matrices.expressions.hadamard import HadamardProduct as H
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n, k = symbols("n k", integer=True, positive=True)
>>> X, W = MatrixSymbol("X", n, k), MatrixSymbol("W", n, n)
>>> E = (X*X.T).applyfunc(exp)
>>> total = H(W, E)*OneMatrix(n, 1)
>>> Q = DiagMatrix(total.applyfunc(lambda t: 1/t))*W
>>> before_and_after(shares, H(Q + Q.T, E))
before: (sum((sum(exp(sum(X[ij] X[kj] -> ik))*W; 1)**-1)[i] W[ij] -> ij) + sum(W[ij] (sum(exp(sum(X[ij] X[kj] -> ik))*W; 1)**-1)[i] -> ji))*exp(sum(X[ij] X[kj] -> ik))
after:  weighted_softmax(sum(X[ij] X[kj] -> ik), W, exp(sum(X[ij] X[kj] -> ik) + -1*view(max(real(sum(X[ij] X[kj] -> ik)); 1); 0, None)); 1) + weighted_softmax(sum(X[ij] X[kj] -> ik), W, exp(sum(X[ij] X[kj] -> ik) + -1*view(max(real(sum(X[ij] X[kj] -> ik)); 1); 0, None)); 1).T

So it is with cumulative sums of exponentials, and with sums over pairs (`totals`):

>>> from sympy_matcalc.nodes import CumulativeSum, ReverseCumulativeSum
>>> x, b = MatrixSymbol("x", n, 1), MatrixSymbol("b", n, 1)
>>> e = x.applyfunc(exp)
>>> before_and_after(shares, H(e, ReverseCumulativeSum(H(b, CumulativeSum(e).applyfunc(lambda t: 1/t)))))  # doctest: +ELLIPSIS
before: exp(x)*index(cumulative(view(b*index(cumulative(view(exp(x); 0, None); cumsum, True), 0; None, 0)**-1; 0, None); cumsum, False), 0; None, 0)
after:  sum(exp(x + -1*...)[i] decay(index(cumulative(view(x; 0, None); cumlogsumexp, True), 0; None, 0); tril)[ji] b[j] -> i)
>>> before_and_after(shares, DiagMatrix(e)*(e*OneMatrix(1, n) + OneMatrix(n, 1)*e.T).applyfunc(lambda t: 1/t))
before: sum(exp(x)[i] ((view(exp(x); 0, None) + exp(x))**-1)[ij] -> ij)
after:  expit(view(x; 0, None) + -1*x)

An exponential that meets no sum of its own keeps all as it is:

>>> before_and_after(shares, H(Q + W, E))
before: (sum((sum(exp(sum(X[ij] X[kj] -> ik))*W; 1)**-1)[i] W[ij] -> ij) + W)*exp(sum(X[ij] X[kj] -> ik))
after:  (sum((sum(exp(sum(X[ij] X[kj] -> ik))*W; 1)**-1)[i] W[ij] -> ij) + W)*exp(sum(X[ij] X[kj] -> ik))
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, put_in
from ..ir.terms import as_product, is_scaled, new_labels
from ..network import diagonals, joined
from ..schedule import reachable
from .products import items_of_product
from .share_parts import ApartError, alone, host, less_sums_of_one, symmetric_exponentials, with_twin, without_diagonal
from .totals import Cumulative, Partner, Total, as_triangle, exponentials_of_totals, lower, total_of
from .walk import called, raised

MOST_FACTORS = 6  # of a power
MOST_TURNS = 20_000  # products that are looked at; beyond, all stays as it is


@dataclass(frozen=True)
class Rows:
    """A sum of the exponentials in a row: `weights`, each with its axes as places in (row, column), times `scale`."""

    weights: tuple[tuple[Node, tuple[int, ...]], ...]
    scale: Node


def shares(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such exponentials in shares of their rows."""
    if any(p.is_sparse for p in context.parameters):
        return roots
    has_values = context.backend.looks_at_values
    for exponentials in [[e] for e in symmetric_exponentials(graph, roots)] + exponentials_of_totals(reachable(roots)):
        try:
            roots = Shares(graph, exponentials, roots, context.size_of, has_values).run(roots)
        except ApartError:
            continue
    return roots


def with_shares_of_totals(g: Graph, product: Product, size_of: Callable[[Any], Node]) -> Product:
    """A product that is no node yet, and whose factors will be arrays by themselves, with the same done to it."""
    nodes = [f.node for f in product.factors]
    for exponentials in exponentials_of_totals(reachable(nodes), mixtures=True):
        try:
            work = Shares(g, exponentials, nodes, size_of, mixtures=True)
            found = work.joined(Product(product.scalars, product.factors, product.out))
        except ApartError:
            continue
        product = found if work.has_shares else product
    return product


class Shares:
    """The pass for one array of exponentials, or several that are in one sum."""

    def __init__(
        self,
        g: Graph,
        exponentials: list[Node],
        roots: list[Node],
        size_of: Callable[[Any], Node],
        has_values: bool = False,
        mixtures: bool = False,
    ) -> None:
        self.g, self.exponentials, self.size_of, self.has_values, self.mixtures = g, exponentials, size_of, has_values, mixtures
        order = reachable(roots)
        self.order = order
        self.touched = {e.number for e in exponentials}
        for node in order:
            if any(a.number in self.touched for a in node.args):
                self.touched.add(node.number)
        self.totals: dict[int, Rows | Total] = {}
        bases = {n.args[0].number for n in order if n.op == "pow" or called(n, "log") is not None} & self.touched
        self.totals = {n.number: total for n in order if n.number in bases and (total := self._total(n)) is not None}
        self.weights = {a.number for total in self.totals.values() if isinstance(total, Rows) for a, _ in total.weights}
        self.has_shares = False
        self.made: dict[int, Node] = {}
        self.done: dict[int, Node] = {}
        self.times_done: dict[tuple, Node] = {}
        self.turns = 0

    def run(self, roots: list[Node]) -> list[Node]:
        """The roots anew. Errors: ApartError where anything is left of exponentials by themselves."""
        if not any(self._quotient(n) for n in self.order):
            return roots
        new = [self.whole(r) for r in roots]
        return new if self.has_shares else roots

    # ---- what there is
    def _total(self, node: Node) -> Rows | Total | None:
        """A node as a sum of the exponentials."""
        if self.exponentials[0].ndim == 2:
            return self._rows(node)
        total = total_of(node, self.mixtures)
        if total is None or any(w.number in self.touched for w in (total.weights if isinstance(total, Cumulative) else ())):
            return None
        return total if all(e in self.exponentials for e in total.exponentials) else None

    def _rows(self, node: Node) -> Rows | None:
        """A node as a weighted sum of the exponentials in a row."""
        if node.ndim != 1 or node.op not in ("contract", "sum"):
            return None
        p = self._inner(node)
        assert p is not None
        p = self._flat(p)
        own = [f for f in p.factors if f.node in self.exponentials]
        if len(own) != 1 or p.out[0] not in own[0].labels or len(set(own[0].labels)) != 2:
            return None
        at = {x: int(x is not p.out[0]) for x in own[0].labels}
        weights = p.without(*own)
        if any(f.inverse or not {*f.labels} <= at.keys() or f.node.number in self.touched for f in weights):
            return None
        return Rows(tuple((f.node, tuple(at[x] for x in f.labels)) for f in weights), self.g.mul(*p.scalars))

    def _quotient(self, node: Node) -> tuple[Node, int] | None:
        """(total, k) of ``total**-k``."""
        if node.op != "pow" or node.args[0].number not in self.totals:
            return None
        p = node.args[1].value
        return (node.args[0], -p) if isinstance(p, int) and p < 0 else None

    # ---- nodes anew
    def whole(self, node: Node) -> Node:
        """A node without exponentials by themselves."""
        if node.number not in self.touched:
            return node
        if node.number not in self.done:
            self.done[node.number] = self._whole(node)
        return self.done[node.number]

    def _whole(self, node: Node) -> Node:
        total = self.totals.get(node.args[0].number) if called(node, "log") is not None else None
        if total is not None:
            return total.log(self.g) if isinstance(total, Cumulative) else node
        if node.op == "add" or self._inner(node) is not None:
            return self._filled(self.times(node, tuple(range(node.ndim)), (), ()), node.shape)
        if node in self.exponentials or node.number in self.totals or self._quotient(node):
            raise ApartError
        return self.g.remake(node, [self.whole(a) for a in node.args])

    def _filled(self, new: Node, shape: Sequence) -> Node:
        """A node with all axes of this shape, where what depended on one has cancelled."""
        if new.shape == tuple(shape):
            return new
        return self.g.full(new, [self.size_of(s) for s in shape])

    def times(self, node: Node, same: tuple[int, ...], items: tuple[tuple[Node, tuple[int, ...]], ...], gone: tuple[int, ...]) -> Node:
        """A node times arrays that have some of its axes, summed over the axes `gone`; axes that nothing depends on have length 1.

        same: for each axis the first one that it is equal to, where diagonals are taken; the result has these.
        """
        key = node.number, same, tuple((a.number, axes) for a, axes in items), gone
        if key not in self.times_done:
            own = new_labels(node)
            labels = [own[k] for k in same]
            out = [x for k, x in enumerate(own) if same[k] == k and k not in gone]
            more = [Factor(a, (labels[k] for k in axes)) for a, axes in items]
            if node.op == "add":
                parts = [self._summand(a, node, labels, more, out) for a in node.args]
                new = with_twin(self.g, parts)
            else:
                new = self.product(Product((), [Factor(node, labels), *more], out))
            self.times_done[key] = new
        return self.times_done[key]

    def _summand(self, a: Node, total: Node, labels: list[Label], more: list[Factor], out: list[Label]) -> Node:
        """A summand, which may have fewer axes than the sum, times the factors of the sum."""
        if not a.ndim:
            return self.product(Product([a], more, out, labels=labels))
        first = total.ndim - a.ndim
        axes = a.attrs if a.op == "view" and None in a.attrs else range(a.ndim)
        array = a.args[0] if a.op == "view" and None in a.attrs else a
        own: list[Label | None] = [None] * array.ndim
        for place, k in enumerate(axes):
            if k is not None:
                own[k] = labels[first + place]
        if any(s.is_number and s == 1 for s in array.shape):
            raise ApartError
        return self.product(Product((), [Factor(array, own), *more], out, labels=labels))

    # ---- products
    def product(self, p: Product) -> Node:
        """A product with each exponential in the share of its row."""
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise ApartError
        try:
            new = self.joined(p)
        except ApartError:
            parts = without_diagonal(self._flat(p), self.touched)
            if parts is None:
                raise
            whole, core = map(self.product, parts)
            if len(parts[1].out) == len(p.out):
                return self.g.add(whole, core)
            whole, core = (self._filled(x, [label.size for label in own.out]) for x, own in zip((whole, core), parts, strict=True))
            return self.g.make("add_diagonal", (whole, core), ("aa", "a"))
        return self._made(list(new.scalars), list(new.factors), new.out)

    def joined(self, p: Product) -> Product:
        """The product with each exponential in a share, as a product."""
        p = self._flat(p)
        constant = [x for x in p.labels if x not in p.held and x not in p.out]
        left = list(p.factors)
        quotients = [(q[0], f.labels) for f in left if (q := self._quotient(f.node)) for _ in range(q[1])]
        left = [f for f in left if not self._quotient(f.node)]
        scalars, new, more, apart, masks, ends = list(p.scalars), list[Factor](), list[Factor](), [], list[Factor](), list[Label]()
        for total, at in quotients:
            found = self._partner(left, total, at)
            if found is None:
                apart.append((total, at))
                continue
            self.has_shares = True
            left = [f for f in left if not any(f is u for u in found.used)]
            (new if isinstance(self.totals[total.number], Rows) else more).extend(found.factors)
            scalars += found.scalars
            masks += found.masks
            ends += at
        left = [f for f in left if not any(f is m for m in masks)]
        held = {x for f in (*left, *new, *more) for x in f.labels} | {x for _, at in apart for x in at} | set(p.out)
        constant += [x for x in dict.fromkeys(ends) if x not in held]  # a share of two equal exponentials is a number
        left = self._pushed(left, apart, {x for f in (*new, *more) for x in f.labels} | set(p.out))
        if any(f.node.value == 0 for f in left):
            return Product([self.g.const(0)], (), p.out)
        left = [f if f.planned else Factor(self.whole(f.node), f.labels, f.inverse) for f in left]
        scalars += [self.size_of(x.size) for x in constant]
        left += [self._ones(x) for x in alone(more, [*left, *new], p.out)]
        return Product(scalars, less_sums_of_one(new, [*more, *left], p.out), p.out)

    def _ones(self, x: Label) -> Factor:
        """What a decay is applied to that is summed by itself."""
        return Factor(self.g.full(self.g.const(1), [self.size_of(x.size)]), (x,))

    def _made(self, scalars: list[Node], factors: list[Factor], out: Sequence[Label]) -> Node:
        """The node of a product, with axes of length 1 for those of the result that it does not have."""
        factors = [diagonals(self.g, f) for f in factors]
        node, have = joined(self.g, factors, set(out), self.g.mul(*scalars), dict.fromkeys(out))
        return self.g.view(node, [have.index(x) if x in have else None for x in out]) if node.ndim else node

    def _flat(self, p: Product) -> Product:
        """The product with the products among its factors that have to do with the exponentials as part of it."""
        todo = True
        while todo:
            todo = False
            for f in p.factors:
                inner = None if f.inverse or f.planned or f.node.number not in self.touched else self._inner(f.node)
                if inner is not None:
                    p, todo = put_in(p, f, inner, self.size_of), True
                    break
        return p if self.exponentials[0].ndim == 2 else p.with_factors([lower(self.g, f) for f in p.factors])

    def _inner(self, node: Node) -> Product | None:
        if node.number in self.totals:
            return None
        if node.op in ("index", "cumulative"):
            return as_triangle(self.g, node, self.size_of)
        if node.op == "contract":
            return as_product(node)
        labels = new_labels(node)
        base, p = raised(node)
        if base in self.exponentials and isinstance(p, int) and 1 < p <= MOST_FACTORS:
            return Product((), [Factor(base, labels)] * p, labels)
        if node.op == "mul" and is_scaled(node):
            return Product(node.args[:-1], [Factor(node.args[-1], labels)], labels)
        if node.op == "mul":
            factors = [Factor(a, (labels[k] for k in at)) for a, at in items_of_product(node)]
            scalars = [f.node for f in factors if not f.node.ndim]
            return Product(scalars, [f for f in factors if f.node.ndim], labels)
        if node.op == "view" and None not in node.attrs:
            inner = new_labels(node.args[0])
            return Product((), [Factor(node.args[0], inner)], (inner[k] for k in node.attrs))
        if node.op == "diagonal":
            inner = new_labels(node.args[0])
            rest = [x for k, x in enumerate(inner) if k not in node.attrs]
            first, second = node.attrs
            inner[second] = inner[first]
            return Product((), [Factor(node.args[0], inner)], (*rest, inner[first]))
        if node.op == "sum":
            inner = new_labels(node.args[0])
            return Product((), [Factor(node.args[0], inner)], (x for k, x in enumerate(inner) if k not in node.attrs))
        return None

    def _partner(self, left: list[Factor], total: Node, at: tuple[Label, ...]) -> Partner | None:
        """An exponential of a total with all that is part of its share, among some factors; None where there is none."""
        own = self.totals[total.number]
        if not isinstance(own, Rows):
            return own.partner(self.g, left, at)
        (row,) = at
        for f in left:
            if f.node in self.exponentials and row in f.labels and f.labels[0] is not f.labels[1]:
                column = f.labels[1] if f.labels[0] is row else f.labels[0]
                weights = self._weights(left, total, row, column)
                if weights is not None:
                    scalars = [] if own.scale.value == 1 else [self.g.pow(own.scale, self.g.const(-1))]
                    return Partner([f, *weights], [Factor(self._share(total, own), (row, column))], scalars)
        return None

    def _weights(self, left: list[Factor], total: Node, row: Label, column: Label) -> list[Factor] | None:
        """The factors that are the weights of a total, at a row and a column; None where one is missing."""
        used: list[Factor] = []
        own = self.totals[total.number]
        for array, axes in own.weights if isinstance(own, Rows) else ():
            at = tuple((row, column)[k] for k in axes)
            f = next((f for f in left if f.node is array and f.labels == at and not any(f is u for u in used)), None)
            if f is None:
                return None
            used.append(f)
        return used

    def _pushed(self, left: list[Factor], apart: list[tuple[Node, tuple[Label, ...]]], held: set[Label]) -> list[Factor]:
        """The factors with exponentials and quotients that are apart multiplied into the sums where their counterparts are."""
        into: dict[int, list[Factor]] = {}
        sums = {k: f for k, f in enumerate(left) if f.node.op == "add" and f.node.number in self.touched and not f.inverse}
        taken: list[Factor] = []
        for f in [f for f in left if f.node in self.exponentials]:
            parts = [
                f,
                *(g for g in left if g.node.number in self.weights and {*g.labels} <= {*f.labels} and not any(g is t for t in taken)),
            ]
            into.setdefault(host(sums, f.labels), []).extend(parts)
            taken += parts
        for total, at in apart:
            k = host(sums, at)
            rest = [f for f in left if not any(f is t for t in taken)]
            columns = (x for x in sums[k].labels if x not in at)
            weights = next((w for x in columns if (w := self._weights(rest, total, at[0], x))), [])
            into.setdefault(k, []).extend([Factor(self.g.pow(total, self.g.const(-1)), at), *weights])
            taken += weights
        rest = [f for k, f in enumerate(left) if k not in sums and not any(f is t for t in taken)]
        for k, f in sums.items():
            others = {x for j, g in sums.items() if j != k for x in g.labels} | {x for g in rest for x in g.labels} | held
            items = tuple((g.node, tuple(f.labels.index(x) for x in g.labels)) for g in into.get(k, ()))
            same = tuple(map(f.labels.index, f.labels))
            gone = tuple(axis for axis, x in enumerate(f.labels) if x not in others)
            new = self.times(f.node, same, items, gone)
            kept = [axis for axis in range(f.node.ndim) if same[axis] == axis and axis not in gone]
            if new.value != 0:
                new = self._filled(new, [f.node.shape[axis] for axis in kept])
            rest.append(Factor(new, (f.labels[axis] for axis in kept), planned=True))
        return rest

    def _share(self, total: Node, own: Rows) -> Node:
        """The node of the shares that have a total."""
        if total.number not in self.made:
            g, (z,), weights = self.g, self.exponentials[0].args, own.weights
            if not weights:
                new = g.make("softmax", (z,), (1,))
            else:
                arrays = [g.view(a, [axes.index(k) if k in axes else None for k in (0, 1)]) for a, axes in weights]
                greatest = g.view(g.make("max", (g.call("real", z),), (1,)), (0, None))
                near = (g.call("exp", g.add(z, g.mul(g.const(-1), greatest))),) if self.has_values else ()
                new = g.make("weighted_softmax", (z, g.mul(*arrays), *near), (1,))
            self.made[total.number] = new
        return self.made[total.number]
