"""Nodes taken apart into terms by the entries of a vector d: a rule an operation that is linear, or a product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Factor, Product
from ..schedule import reachable
from .entry_terms import Axis, Leaves, Term, made_one, multiplied, product_of

MANY = 64  # terms, beyond which a sum is left as it is
DEEP = 50  # operations in operations, likewise
HIGH = 3  # exponents, up to which a power is multiplied out

Terms = list[Term]
Operands = Callable[[Node], Terms]  # the terms of an operand


class UnfitError(Exception):
    """A node that is not taken apart."""


class Reader:
    """Nodes as terms by one vector d."""

    def __init__(self, g: Graph, d: Node):
        self.leaves, self._meets, self._depth = Leaves(g, d), dict[int, bool](), 0

    def meets(self, node: Node) -> bool:
        """Whether the product or a reciprocal of d is in a node, below what can be taken apart."""
        for part in reachable([node]) if node.number not in self._meets else ():
            below = part.op in RULES and any(self._meets[a.number] for a in part.args)
            self._meets[part.number] = below or self.leaves.divide(part)
        return self._meets[node.number]

    def terms_on_axes(self, node: Node) -> Terms:
        """The terms of a node, each with all of its axes.

        Errors: UnfitError where there are too many.
        """
        return [_spread(t, node.shape) for t in self.terms(node)]

    def terms(self, node: Node, deep: bool = False) -> Terms:
        """The terms of a node. deep: what has neither product nor reciprocals is taken apart too.

        Errors: UnfitError where there are too many.
        """
        leaf = self.leaves.term(node)
        if leaf is not None:
            return [leaf]
        rule = RULES.get(node.op) if deep or node.op == "view" or self.meets(node) else None
        if self._depth == DEEP:
            raise UnfitError
        self._depth += 1
        try:
            found = None if rule is None else rule(node, lambda a: self.terms(a, deep))
        finally:  # the next node begins at the top, whether this one fits or not
            self._depth -= 1
        return few([_whole(node)] if found is None else found)

    def terms_of_product(self, p: Product) -> Terms:
        """The terms of a settled product that is no node.

        Errors: UnfitError where there are too many.
        """
        return _factors(p, self.terms)

    def apart(self, term: Term) -> Terms:
        """A term with its factors taken apart as far as they can be."""
        kept = Term(term.out, term.number, term.power, term.exponents, (f for f in term.factors if f.inverse), term.labels)
        left = [f for f in term.factors if not f.inverse]
        return _put_in([kept], [(f, self.terms(f.node, deep=True)) for f in left])


def _put_in(terms: Terms, factors: Sequence[tuple[Factor, Terms]]) -> Terms:
    """Terms times factors, each of which is a sum of terms. Errors: UnfitError where there are too many."""
    found: list[tuple[Term, dict[Label, Label]]] = [(t, {}) for t in terms]  # with what the labels of the factors have become
    for f, parts in factors:
        new = [_put(t, f.renamed(names), one.fresh(), names) for t, names in found for one in parts]
        few([t for t, _ in new])
        found = new
    return [t for t, _ in found]


def _put(host: Term, f: Factor, inner: Term, names: dict[Label, Label]) -> tuple[Term, dict[Label, Label]]:
    """A term times a factor that is another term, which makes labels one where it is a diagonal; and what labels have become by now."""
    more = made_one(zip(f.labels, inner.out, strict=True))
    return product_of([host, inner], host.out).renamed(more), {**{x: more.get(y, y) for x, y in names.items()}, **more}


def few(terms: Terms) -> Terms:
    if len(terms) > MANY:
        raise UnfitError
    return terms


def _whole(node: Node) -> Term:
    labels = [Label(s) for s in node.shape]
    return Term(labels, factors=(Factor(node, labels),))


def _with_axes(term: Term, ndim: int) -> list[Axis]:
    """The axes of a term among as many as this; missing ones are in front."""
    nowhere: list[Axis] = [None] * (ndim - len(term.out))
    return [*nowhere, *term.out]


def _spread(term: Term, shape: Sequence) -> Term:
    """A term with axes of these sizes, where it is constant along some."""
    own = _with_axes(term, len(shape))
    if any(x is not None and x.size != s and x.size == 1 for x, s in zip(own, shape, strict=True)):
        raise UnfitError
    return term.with_axes(Label(s) if x is None else x for x, s in zip(own, shape, strict=True))


# ---- the rules: a node, and what gives the terms of its operands
def _add(node: Node, terms: Operands) -> Terms:
    return [_spread(t, node.shape) for a in node.args for t in terms(a)]


def _mul(node: Node, terms: Operands) -> Terms:
    nowhere: list[Axis] = [None] * node.ndim
    found = [Term(nowhere)]
    for a in node.args:
        found = few([_beside(t, one.fresh()) for t, one in product(found, terms(a))])
    return found


def _beside(a: Term, b: Term) -> Term:
    """An elementwise product; the second has not more axes than the first."""
    other = _with_axes(b, len(a.out))
    if any(x is not None and y is not None and (x.size == 1) != (y.size == 1) for x, y in zip(a.out, other, strict=True)):
        raise UnfitError
    out = [y if x is None else x for x, y in zip(a.out, other, strict=True)]
    return multiplied([a, b], out, zip(a.out, other, strict=True))


def _pow(node: Node, terms: Operands) -> Terms | None:
    base, exponent = node.args[0], node.args[1].value
    if type(exponent) is not int or not 0 < exponent <= HIGH:
        return None
    found = parts = terms(base)
    for _ in range(exponent - 1):
        found = few([_beside(t, one.fresh()) for t, one in product(found, parts)])
    return found


def _contract(node: Node, terms: Operands) -> Terms:
    inputs, inverses, output, sizes = node.attrs
    labels = [Label(s) for s in sizes]
    *arrays, scale = node.args
    factors = [Factor(a, [labels[k] for k in axes], inverse) for a, axes, inverse in zip(arrays, inputs, inverses, strict=True)]
    return _factors(Product([scale], factors, [labels[k] for k in output]), terms)


def _factors(p: Product, terms: Operands) -> Terms:
    found = [Term(p.out)]
    for c in p.scalars:
        found = few([multiplied([t, one.fresh()], t.out) for t, one in product(found, terms(c))])
    parts = [(f, [_alone(f)] if f.inverse else terms(f.node)) for f in p.factors]
    if any(x is None and s.size != 1 for f, own in parts for t in own for x, s in zip(t.out, f.labels, strict=True)):
        raise UnfitError
    return _put_in(found, parts)


def _alone(f: Factor) -> Term:
    """A factor as a term with labels of its own."""
    labels = [Label(x.size) for x in f.labels]
    return Term(labels, factors=(Factor(f.node, labels, f.inverse, f.planned),))


def _view(node: Node, terms: Operands) -> Terms:
    return [t.with_axes(None if k is None else t.out[k] for k in node.attrs) for t in terms(node.args[0])]


def _sum(node: Node, terms: Operands) -> Terms:
    inner = [_spread(t, node.args[0].shape) for t in terms(node.args[0])]
    return [t.with_axes(x for k, x in enumerate(t.out) if k not in node.attrs) for t in inner]


def _diagonal(node: Node, terms: Operands) -> Terms:
    i, j = node.attrs
    inner = [_spread(t, node.args[0].shape) for t in terms(node.args[0])]
    return [t.with_axes((*(x for k, x in enumerate(t.out) if k not in (i, j)), t.out[i]), (t.out[i], t.out[j])) for t in inner]


def _diag(node: Node, terms: Operands) -> Terms:
    return _on_diagonal(node, terms(node.args[0]), "aa", "a")


def _embed(node: Node, terms: Operands) -> Terms:
    return _on_diagonal(node, terms(node.args[0]), *node.attrs)


def _add_diagonal(node: Node, terms: Operands) -> Terms:
    base, core = node.args
    return [*(_spread(t, node.shape) for t in terms(base)), *_on_diagonal(node, terms(core), *node.attrs)]


def _on_diagonal(node: Node, core: Terms, axes: str, target: str) -> Terms:
    sizes = [node.shape[axes.index(x)] for x in target]
    spread = [_spread(t, sizes) for t in core]
    return [t.with_axes(t.out[target.index(x)] for x in axes) for t in spread]


RULES: dict[str, Callable[[Node, Operands], Terms | None]] = {
    "add": _add,
    "mul": _mul,
    "pow": _pow,
    "contract": _contract,
    "view": _view,
    "sum": _sum,
    "diagonal": _diagonal,
    "diag": _diag,
    "embed": _embed,
    "add_diagonal": _add_diagonal,
}
