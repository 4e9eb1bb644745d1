"""``I - Y (t I + X Y)^-1 X`` as ``t (t I + Y X)^-1``, which has all its digits where t is small beside X Y: the difference has not.

It holds wherever the left side exists and t is not 0, or X has no more columns than rows. It is taken where X has no more columns than
rows alone: else the matrix with the inverse on the right is nearly singular where t is small, and that on the left is not. So it is a
case of its own, with a comparison of sizes where these are not known.

>>> from sympy import Identity, MatrixSymbol, symbols
>>> from sympy_matcalc import lambdify
>>> k, n, t = *symbols("k n", integer=True, positive=True), symbols("t", positive=True)
>>> W, A = MatrixSymbol("W", n, k), MatrixSymbol("A", k, k)
>>> f = lambdify([W, t], Identity(k) - W.T*(t*Identity(n) + W*W.T).I*W)
>>> print(*f.source.splitlines()[-4:], sep="\\n")
    if k <= n:
        return _factor_inv(_factor(_add_diagonal(W.T.dot(W), t), symmetric=())) * t
    t1 = _add_diagonal(-_factor_gram(_factor(_add_diagonal(W.dot(W.T), t), symmetric=()), W), 1.0)
    return t1.T

What stands on both sides of it may be anything, as long as both terms have it:

>>> f = lambdify([W, A, t], A.T*A - A.T*W.T*(t*Identity(n) + W*W.T).I*W*A)
>>> print(*f.source.splitlines()[-5:-2], sep="\\n")
    if k <= n:
        t1 = (_factor_gram(_factor(_add_diagonal(W.T.dot(W), t), symmetric=()), A) * t).T
        return t1

In the same way ``I - (t I + X Y)^-1 X Y`` is ``t (t I + X Y)^-1``, of any sizes:

>>> f = lambdify([W, t], Identity(k) - (t*Identity(k) + W.T*W).I*W.T*W)
>>> print(f.source.splitlines()[-1])
    return _factor_inv(_factor(_add_diagonal(W.T.dot(W), t), symmetric=())) * t
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sympy import Expr

from ..context import Context
from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product, signature
from ..ir.terms import broadcast, contract, scalars
from ..schedule import reachable
from ..steady.entry_sums import added
from .push import may_be_compared, shifted
from .reading import Reader

Case = tuple[tuple[Any, ...], Sequence[Node], Context]


def cases(graph: Graph, roots: Sequence[Node], context: Context) -> Iterator[Case]:
    """``(comparisons, roots, context)``, to be tried in turn: those with the identity where its sizes allow it, then as they are."""
    needs: dict[tuple[Expr, Expr], None] = {}
    new = _complemented(graph, roots, context, needs)
    comparisons = tuple((small, large, 1) for small, large in needs)
    yield comparisons, new, replace(context, known=comparisons)
    if comparisons:
        others = tuple((large + 1, small, 1) for small, large in needs)
        rest = _complemented(graph, roots, context, None)
        yield (), rest, replace(context, known=others) if len(others) == 1 else context


def _complemented(graph: Graph, roots: Sequence[Node], context: Context, needs: dict[tuple[Expr, Expr], None] | None) -> Sequence[Node]:
    """The roots with the identities in every sum. needs: gets the pairs of sizes (small, large) that are to be compared; None: no identity
    that asks for a comparison.
    """
    before = None
    while before is None or tuple(roots) != tuple(before):  # a sum inside of one that was written anew is read in the next round
        before, roots = roots, _Complements(graph, roots, context, needs).run()
    return roots


class Chain(NamedTuple):
    """``Y (t I + X Y)^-1 X`` in a product, or `whole`, ``t I + X Y``, inverted and times X Y. y, x, weights: of the inner product, weights
    those of Y or of X by `side`; left, right: the labels on the outside; number, rest: what else the product has.
    """

    y: Factor
    x: Factor
    weights: list[Factor]
    side: int
    left: Label
    right: Label
    inner: Product
    shift: tuple[Node, ...]
    number: Any
    rest: Product
    whole: Node | None = None


class _Complements:
    """One round over the graph."""

    def __init__(self, graph: Graph, roots: Sequence[Node], context: Context, needs: dict[tuple[Expr, Expr], None] | None) -> None:
        self.graph, self.roots, self.needs, self.size_of = graph, roots, needs, context.size_of
        self.order, self.reader = reachable(roots), Reader(context.size_of)
        self.reader.absorb(self.order, roots)

    def run(self) -> list[Node]:
        """The roots with the identity in every sum."""
        new: dict[int, Node] = {}
        for node in self.order:
            found = self._sum(node) if node.op in ("add", "add_diagonal") and not node.integer else None
            new[node.number] = self.graph.remake(node, [new[a.number] for a in node.args]) if found is None else found
        return [new[r.number] for r in self.roots]

    # ---- a sum
    def _sum(self, node: Node) -> Node | None:
        terms, found = self._terms(node), False
        while (pair := self._pair(terms)) is not None:
            k, j, chain = pair
            terms, found = [*(t for i, t in enumerate(terms) if i not in (k, j)), self._joined(chain)], True
        return added(self.graph, terms, node.shape, self.size_of) if found else None

    def _terms(self, node: Node) -> list[Product]:
        """The summands as products with all axes, those on diagonals of any axes too."""
        if node.op == "add":
            return [broadcast(t, node.shape) for a in node.args for t in self._below(a)]
        base, core = node.args
        axes, target = node.attrs
        sizes = [node.shape[axes.index(x)] for x in target]
        inner = [broadcast(t, sizes) for t in self._below(core)]
        rest = [broadcast(t, node.shape) for t in self._below(base)]
        return [*rest, *(Product(t.scalars, t.factors, (t.out[target.index(x)] for x in axes)) for t in inner)]

    def _below(self, node: Node) -> list[Product]:
        if node.ndim:
            return self.reader.terms_of(node, top=self.reader.uses[node.number] == 1)
        *coefs, last = node.args if node.op == "mul" else (node,)
        if last.op != "contract":
            return [Product(scalars(node), (), ())]
        return [Product((*coefs, *t.scalars), t.factors, t.out) for t in contract(last, self.reader)]

    def _pair(self, terms: list[Product]) -> tuple[int, int, Chain] | None:
        """(position of a product with a chain, that of its opposite without, the chain), None where there is none."""
        for k, t in enumerate(terms):
            for chain in self._chains(t):
                one = {chain.right: chain.left}
                wanted = Product(chain.rest.scalars, (f.renamed(one) for f in chain.rest.factors), (one.get(x, x) for x in chain.rest.out))
                key = signature(wanted, self.graph)
                for j, other in enumerate(terms):
                    if j != k and other.number == -chain.number and signature(other, self.graph) == key and self._fits(chain):
                        return k, j, chain
        return None

    def _fits(self, chain: Chain) -> bool:
        """Whether X has no more columns than rows, or that can be asked."""
        small, large = chain.left.size, chain.inner.out[0].size
        if chain.whole is not None:
            return True
        more = (large - small).is_nonnegative
        if more is None and self.needs is not None and may_be_compared(small) and may_be_compared(large):
            self.needs[small, large] = None
            return True
        return bool(more)

    def _joined(self, chain: Chain) -> Product:
        """The rest times ``-t (t I + Y X)^-1``: the product with the chain has the other sign."""
        small = self._small(chain) if chain.whole is None else chain.whole
        inverse = Factor(small, (chain.left, chain.right), inverse=True)
        number = self.graph.const(-chain.number)
        return Product((number, *chain.rest.scalars, *chain.shift), (*chain.rest.factors, inverse), chain.rest.out)

    def _small(self, chain: Chain) -> Node:
        """``t I + Y X``."""
        g = self.graph
        a, b, between = (Label(x.size) for x in (chain.left, chain.left, chain.inner.out[0]))
        (r, c), m = chain.inner.out, next(z for z in chain.x.labels if z is not chain.inner.out[0])
        weights = [f.renamed({m: (a, b)[chain.side]}) for f in chain.weights]
        factors = [chain.y.renamed({m: a, c: between}), chain.x.renamed({m: b, r: between}), *weights]
        small = g.make("add_diagonal", (g.contract(factors, (a, b), g.mul(*chain.inner.scalars)), g.mul(*chain.shift)), ("aa", "a"))
        x, y = chain.x, chain.y
        if x.node is y.node and x.inverse == y.inverse and x.labels.index(m) == y.labels.index(m) and not weights:
            g.symmetric |= {small.number}  # it is X' X; X X is not
        return small

    # ---- chains
    def _chains(self, term: Product) -> Iterator[Chain]:
        for f in term.factors:
            found = shifted(self.reader, f.node) if f.inverse and len(set(f.labels)) == 2 else None
            ends = None if found is None else _ends(found[0])
            if found is None or ends is None:
                continue
            (inner, shift), (x, y, _) = found, ends
            for first in _at(term, y, inner.out[1], f.labels[0]):
                for last in _at(term, x, inner.out[0], f.labels[1]):
                    if first is not last and _ends_alone(term, f, first, last):
                        yield from _with_weights(term, (f, first, last), ends, inner, shift)
            yield from _beside(term, f, ends, inner, shift)


def _ends(inner: Product) -> tuple[Factor, Factor, list[Factor]] | None:
    """(X, Y, weights between) of a product of two matrices, None where it is none."""
    r, c = inner.out
    matrices, weights = [f for f in inner.factors if len(f.labels) == 2], [f for f in inner.factors if len(f.labels) == 1]
    if len(matrices) != 2 or len(matrices) + len(weights) != len(inner.factors):
        return None
    x, y = matrices if r in matrices[0].labels else matrices[::-1]
    middle = set(x.labels) - {r}
    if not (r in x.labels and c in y.labels and len(middle) == 1 and middle == set(y.labels) - {c}):
        return None
    return (x, y, weights) if all(set(f.labels) == middle and not f.inverse for f in weights) else None


def _at(term: Product, like: Factor, end: Label, label: Label) -> list[Factor]:
    """The factors of a term that are as `like`, with the label where that has its end."""
    k = like.labels.index(end)
    return [
        f
        for f in term.factors
        if f.node is like.node and f.inverse == like.inverse and f.labels[k] is label and f.labels[1 - k] is not label
    ]


def _ends_alone(term: Product, f: Factor, first: Factor, last: Factor) -> bool:
    """Whether the inverse f meets these factors and nothing else, and each of them at one of its axes."""
    rest = term.without(f, first, last)
    is_between = not any(set(g.labels) <= set(f.labels) for g in (first, last))
    return is_between and not any(x in term.out or any(x in g.labels for g in rest) for x in f.labels)


def _with_weights(
    term: Product, chain: tuple[Factor, ...], ends: tuple[Factor, Factor, list[Factor]], inner: Product, shift: tuple[Node, ...]
) -> Iterator[Chain]:
    """The chain with the weights of its inner product on the left, or on the right; none where the term has not these weights."""
    (f, first, last), (x, y, weights) = chain, ends
    left, right = (next(z for z in g.labels if z not in f.labels) for g in (first, last))
    coefs = _without(term.scalars, inner.scalars)
    if left is right or coefs is None:
        return
    for side in (0, 1) if weights else (0,):
        rest = term.without(f, first, last)
        for w in weights:
            found = next((g for g in rest if g.node is w.node and g.labels == ((left, right)[side],) and not g.inverse), None)
            rest = rest if found is None else [g for g in rest if g is not found]
        met = {z for g in rest for z in g.labels} | set(term.out)
        if len(rest) + 3 + len(weights) == len(term.factors) and left in met and right in met:
            number = term.number / inner.number if inner.number != 1 else term.number
            yield Chain(y, x, weights, side, left, right, inner, shift, number, Product(coefs, rest, term.out))


def _beside(
    term: Product, f: Factor, ends: tuple[Factor, Factor, list[Factor]], inner: Product, shift: tuple[Node, ...]
) -> Iterator[Chain]:
    """The inverse f next to the whole of its inner product, on either side."""
    (x, y, weights), (r, c), coefs = ends, inner.out, _without(term.scalars, inner.scalars)
    number = term.number / inner.number if inner.number != 1 else term.number
    for side, (near, far, end, other) in enumerate(((x, y, r, c), (y, x, c, r)) if coefs is not None else ()):
        met, outside = f.labels[1 - side], f.labels[side]
        for one in _at(term, near, end, met):
            middle = next(z for z in one.labels if z is not met)
            for two in _at(term, far, next(z for z in far.labels if z is not other), middle):
                last = next(z for z in two.labels if z is not middle)
                between = [_equal(term, w, middle) for w in weights]
                used = [f, one, two, *(w for w in between if w is not None)]
                rest = term.without(*used)
                held = {z for g in rest for z in g.labels} | set(term.out)
                alone = met not in held and middle not in held and last is not met and last is not outside
                if alone and one is not two and len({id(g) for g in used}) == 3 + len(weights) and {outside, last} <= held:
                    left, right = (outside, last) if side == 0 else (last, outside)
                    yield Chain(y, x, weights, 0, left, right, inner, shift, number, Product(coefs or (), rest, term.out), f.node)


def _equal(term: Product, weight: Factor, label: Label) -> Factor | None:
    """The factor of a term that is as a weight, along this label."""
    return next((g for g in term.factors if g.node is weight.node and g.labels == (label,) and not g.inverse), None)


def _without(scalars: Sequence[Node], gone: Sequence[Node]) -> list[Node] | None:
    """The scalars that are no numbers, but for some; None where these are not there."""
    rest = [c for c in scalars if c.op != "const"]
    for c in gone:
        if c.op != "const":
            if not any(c is x for x in rest):
                return None
            rest.pop(next(k for k, x in enumerate(rest) if x is c))
    return rest
