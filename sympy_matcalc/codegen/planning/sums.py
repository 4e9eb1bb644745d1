"""A sum of products as it stands, as nodes."""

from dataclasses import dataclass, field
from math import inf
from typing import Any

from ..ir.labels import Label
from ..ir.node import Node
from ..ir.product import Product
from ..values import Val, align
from .move import Stage
from .moves import moves_at
from .outer import joined


@dataclass
class Draft:
    """A sum on the way: `scale` times the sum of `terms`, whose values are `vals`, but for those on the diagonal; and `bands`, diagonals
    that are added last, with where. `out`: the labels of the result. `groups`: terms that are computed together, each with the axes that
    they part; none where each is computed by itself. `lie`: the order of the axes of the result in which arguments among the terms lie.
    """

    terms: list[Product]
    out: tuple[Label, ...]
    scale: tuple[Node, ...] = ()
    groups: list[tuple[list[Product], Any]] = field(default_factory=list)
    vals: list[Val] = field(default_factory=list)
    bands: list[tuple] = field(default_factory=list)
    lie: tuple[int, ...] | None = None

    @property
    def dense(self):
        """The terms that are not on the diagonal."""
        return [t for t in self.terms if not t.is_diagonal]


class Sums:
    """`planner` gives the products, and the planned nodes of sizes."""

    def __init__(self, planner):
        self.planner, self.graph, self.ledger, self.rebuild = planner, planner.graph, planner.ledger, planner.rebuild
        self._of_terms, self._of_values = moves_at(Stage.TERMS), moves_at(Stage.VALUES)
        self._values = {}  # by what was decided, and by the term: most forms of a sum have most of its terms

    def build(self, terms, final=False, bound=None):
        """(node, cost) of a sum of products as it stands. `final`: it will be used, so that later terms may use what earlier ones do.
        `bound`: where what is built so far cannot be cheap enough any more, it is left: (None, inf).
        """
        old = self.ledger.tried
        self.ledger.tried = set(old)
        try:
            total = self._built(terms, final, bound)
        finally:
            self.ledger.tried = old
        return (None, inf) if total is None else (total, self.ledger.price(total))

    def _built(self, terms, final, bound):
        draft = Draft(sorted(terms, key=lambda t: not _lone_inverse(t)), terms[0].out)
        for move in self._of_terms:
            move.make(self, draft)
        groups = draft.groups or [([t], None) for t in draft.dense]
        for ts, axes in groups:
            draft.vals.append(self._value(ts[0], final, draft.lie) if len(ts) == 1 else self._joined(ts, axes, final))
            if bound is not None and len(draft.vals) < len(groups) and bound.is_met(self.ledger, draft.vals):
                return None
        for move in self._of_values:
            move.make(self, draft)
        return self._total(draft)

    def _total(self, draft):
        g = self.graph
        total = self._added(draft)
        for t in draft.terms:
            if t.is_diagonal:
                total = self._on_diagonal(self._zeros(draft.out) if total is None else total, t)
        total = g.mul(*draft.scale, total) if total is not None else self._zeros(draft.out)
        for d, where in draft.bands:
            total = g.make("add_band", (total, d, *where))
        return total

    def _added(self, draft):
        """The sum of the values with all axes of the result, None where there are none."""
        if not draft.vals:
            return None
        nodes, labels = align(self.graph, draft.vals)
        total, ndim = self.graph.add(*nodes), len(draft.out)
        if total.ndim:
            total = self.graph.view(total, [labels.index(k) if k in labels else None for k in range(ndim)])
        return self._whole(total, draft.out, labels)

    def _whole(self, total, out, labels):
        """The sum with all axes, where summands that depended on one have cancelled."""
        if all(k in labels or x.size == 1 for k, x in enumerate(out)):
            return total
        return self.graph.full(total, [self.planner.size_of(x.size) for x in out])

    def _zeros(self, out):
        return self.graph.make("zeros", (self.graph.dtype_node(), *(self.planner.size_of(x.size) for x in out)))

    def _on_diagonal(self, total, term):
        assert len(term.out) == 2, term.out
        value = self.scale(term)
        if term.factors:
            value, _ = self.planner.product(term.factors, set(term.out), tuple(dict.fromkeys(term.out)), value)
        return self.rebuild.on_diagonal(total, value)

    def scale(self, term):
        return self.graph.mul(*map(self.planner.node_of, term.scalars)) if term.scalars else self.graph.const(1)

    def _joined(self, terms, axes, final):
        values, key = self._values.setdefault((tuple(axes), self.ledger.state), {}), tuple(terms)
        val = values.get(key)
        if val is None:
            val = values[key] = joined(self.planner, axes, terms)
        if final:
            self.ledger.commit(val.node)
        return val

    def _value(self, term, final, lie):
        """The product as a value whose labels are positions in the result."""
        if not term.factors:
            return Val(self.scale(term))
        values = self._values.setdefault((lie, self.ledger.state), {})
        val = values.get(term)
        if val is None:
            val = self._product(term, lie)
            if not _lone_inverse(term):  # that of which inverse is tried is noted each time
                values[term] = val
        if final:
            self.ledger.commit(val.node)
        return val

    def _product(self, term, lie):
        lie = None if lie is None else tuple(term.out[k] for k in lie)
        node, labels = self.planner.product(term.factors, set(term.out), term.out, self.scale(term), lie)
        at = {x: k for k, x in enumerate(term.out)}
        return Val(node, tuple(at[x] for x in labels))


def _lone_inverse(term):
    return len(term.factors) == 1 and term.factors[0].inverse
