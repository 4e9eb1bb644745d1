"""A product of factors, the cheapest way that was found."""

from collections import Counter
from math import inf

from ..ir.product import Factor
from ..network import diagonals, formed
from .gram import gram, halves
from .nodes import behind, is_turned

MOST_FACTORS = 12
FEW_FACTORS = 8


class Products:
    """`planner` gives the planned nodes of factors and of sizes."""

    def __init__(self, planner):
        self.planner, self.graph, self.steps = planner, planner.graph, planner.steps
        self.ledger, self.rebuild, self.chains = planner.ledger, planner.rebuild, {}

    def product(self, factors, keep, order, scale=None):
        """(node, labels) of a product of factors, the cheapest that was found."""
        g = self.graph
        scale = g.const(1) if scale is None else scale
        factors = [diagonals(g, self._ready(f)) for f in factors]
        if len(factors) > 1:
            coefs, factors = self._coefficients(factors)
            scale = g.mul(scale, *coefs)
        if len(factors) == 1 and factors[0].inverse:
            self.ledger.tried.add(factors[0].node.number)
        order = dict.fromkeys(order)
        found, least = None, inf
        turned = self._transpose_of(factors, tuple(order))
        if turned is not None and not scale.ndim:
            found, least = turned, self.ledger.price(turned[0])
            found = g.mul(scale, found[0]), found[1]
        for path in [*self._shared(factors, keep), *self.steps.paths(factors, keep)]:
            new = self.steps.along(path, factors, keep, scale, order)
            price = self.ledger.price(new[0])
            if price < least:
                found, least = new, price
        if any(f.inverse for f in factors) and all(len(f.labels) > 1 for f in factors) and len(factors) > 1:
            plain = [formed(g, f) for f in factors]
            for path in self.steps.paths(plain, keep):
                new = self.steps.along(path, plain, keep, scale, order)
                if self.ledger.price(new[0]) < least:
                    found, least = new, self.ledger.price(new[0])
        for split in halves(factors, keep) if len(factors) <= MOST_FACTORS else ():
            new = gram(self.planner, split, keep, scale, order)
            if new is not None and self.ledger.price(new[0]) < least:
                found, least = new, self.ledger.price(new[0])
        self._remember(factors, tuple(order), scale, found)
        return found

    def _transpose_of(self, factors, order):
        """The product where it has been made before, or its transpose has."""
        chain = _chain(factors, order)
        if chain is None or chain not in self.chains:
            return None
        node, straight = self.chains[chain]
        return node, order if straight else order[::-1]

    def _remember(self, factors, order, scale, found):
        """Note the product of a chain of matrices, as what it is seen from either end."""
        chain = _chain(factors, order)
        if chain is None or scale.value != 1 or len(found[1]) != 2:
            return
        node, labels = found
        self.chains.setdefault(chain, (node, labels == order))
        self.chains.setdefault(_chain(factors, order[::-1]), (node, labels != order))

    def _ready(self, f):
        """A factor with its planned node."""
        f = Factor(f.node if f.planned else self.planner.node_of(f.node), f.labels, f.inverse, planned=True)
        if f.node.op == "view" and f.node.attrs == (1, 0):
            return Factor(f.node.args[0], f.labels[::-1], f.inverse, planned=True)
        return f

    def _coefficients(self, factors):
        """(scalars, factors) with the scalars that are factors of the planned arrays apart."""
        coefs, out = [], []
        for f in factors:
            numbers, node = ([], f.node) if f.inverse else self.rebuild.unscaled(f.node)
            coefs += numbers
            labels = f.labels
            if is_turned(node):
                node, labels = node.args[0], labels[::-1]
            out.append(Factor(node, labels, f.inverse, planned=True))
        return coefs, out

    def _shared(self, factors, keep):
        """Orders that begin with products that are there already; for many factors with all of them, for few with any one."""
        if len(factors) < 3:
            return
        if len(factors) > FEW_FACTORS:
            path, rest = [], factors
            while len(rest) > 2 and (found := next(self._known_pairs(rest, keep), None)):
                pair, new = found
                path.append(pair)
                rest = [*(f for k, f in enumerate(rest) if k not in pair), new]
            if path:
                yield from ([*path, *more] for more in self.steps.paths(rest, keep))
            return
        for pair, new in self._known_pairs(factors, keep):
            rest = [f for k, f in enumerate(factors) if k not in pair]
            yield from ([pair, *path] for path in self.steps.paths([*rest, new], keep))

    def _known_pairs(self, factors, keep):
        """(positions, product) of two factors whose product is there already."""
        at = {}
        for k, f in enumerate(factors):
            for x in f.labels:
                at.setdefault(x, []).append(k)
        for x, places in at.items():
            if x in keep or len(places) != 2 or places[0] == places[1]:
                continue
            rest = [f for k, f in enumerate(factors) if k not in places]
            new = self.steps.pair(*(factors[k] for k in places), keep | {x for f in rest for x in f.labels}, {})
            if new.node.number in self.ledger.committed or behind(new.node).number in self.ledger.committed:
                yield tuple(places), new


def _chain(factors, order):
    """The matrices on the way from one axis of the result to the other, each with the side it is entered by; None where they branch."""
    if len(order) != 2 or len(factors) < 2 or any(len(f.labels) != 2 for f in factors):
        return None
    uses = Counter(x for f in factors for x in f.labels)
    if any(n != (1 if x in order else 2) for x, n in uses.items()):  # A_ij B_jk C_kj D_jl passes j twice, and is not A B C D
        return None
    at, left, out = order[0], list(factors), []
    while left:
        f = next((f for f in left if at in f.labels), None)
        if f is None or f.labels[0] is f.labels[1]:
            return None
        side = f.labels.index(at)
        out.append((f.node.number, f.inverse, side))
        at = f.labels[1 - side]
        left = [x for x in left if x is not f]
    return tuple(out) if at is order[1] else None
