"""A sum of products as it stands, as nodes."""

from collections import Counter
from functools import reduce
from operator import and_

from ..ir.product import Product
from ..ir.terms import is_scaled
from ..values import Val, align
from .band import band
from .nodes import behind, is_turned
from .outer import outer_sums


class Sums:
    """`planner` gives the products, and the planned nodes of sizes."""

    def __init__(self, planner):
        self.planner, self.graph, self.ledger, self.rebuild = planner, planner.graph, planner.ledger, planner.rebuild

    def build(self, terms, final=False):
        """(node, cost) of a sum of products as it stands. `final`: it will be used, so that later terms may use what earlier ones do."""
        g, old = self.graph, self.ledger.tried
        self.ledger.tried = set(old)
        terms = sorted(terms, key=lambda t: not _lone_inverse(t))
        out, found = terms[0].out, [band(self.planner, t) for t in terms]
        bands, terms = [b for b in found if b is not None], [t for t, b in zip(terms, found, strict=True) if b is None]
        scale, terms = self._common_scale(terms) if terms else ((), [])
        vals = outer_sums(self.planner, [(t, self._value(t, final)) for t in terms if not t.is_diagonal], len(out))
        if len(vals) == len(terms) and len(out) < 3:
            number, vals = self._common_number(vals)
            scale = (*scale, number)
        nodes, labels = align(g, vals) if vals else ([], ())
        if len(labels) == 2 and any(map(is_turned, nodes)) and all(is_turned(n) or not n.ndim or n.symmetric for n in nodes):
            nodes, labels = [behind(n) for n in nodes], labels[::-1]  # (G + A')= (G + A)' of a symmetric G
        total = g.add(*nodes) if nodes else None
        ndim = len(out)
        if total is not None and total.ndim:
            total = g.view(total, [labels.index(k) if k in labels else None for k in range(ndim)])
        total = self._whole(total, out, labels)
        for t in terms:
            if t.is_diagonal:
                total = self._on_diagonal(self._zeros(out) if total is None else total, t)
        if total is not None:
            total = g.mul(*scale, total)
        elif bands:
            total = self._zeros(out)
        for d, where in bands:
            total = g.make("add_band", (total, d, *where))
        self.ledger.tried = old
        return total, self.ledger.price(total)

    def _whole(self, total, out, labels):
        """The sum with all axes, where summands that depended on one have cancelled."""
        lost = [k for k, x in enumerate(out) if k not in labels and x.size != 1]
        if not lost or total is None:
            return total
        return self.graph.full(total, [self.planner.size_of(x.size) for x in out])

    def _zeros(self, out):
        return self.graph.make("zeros", (self.graph.dtype_node(), *(self.planner.size_of(x.size) for x in out)))

    def _common_scale(self, terms):
        """Coefficients that all terms share, up to the sign, taken out."""
        if len(terms) == 1 and terms[0].factors or len(terms[0].out) > 2:
            return (), terms
        numbers = [t.number for t in terms]
        size = abs(numbers[0]) if not isinstance(numbers[0], complex) else None
        counts = [Counter(c for c in t.scalars if c.op != "const") for t in terms]
        common = reduce(and_, counts)
        if size is None or any(isinstance(x, complex) or abs(x) != size for x in numbers) or len(terms) == 1:
            size = 1
        if size == 1 and not common or not all(t.factors for t in terms):
            return (), terms
        sign = -1 if all(x < 0 for x in numbers if not isinstance(x, complex)) and size != 1 else 1
        if size != 1:
            numbers = [x / (sign * size) for x in numbers]
        numbers = [int(x) if isinstance(x, float) and x in (1, -1) else x for x in numbers]
        out = []
        for t, x, count in zip(terms, numbers, counts, strict=True):
            rest = list((count - common).elements())
            out.append(Product((self.graph.const(x), *rest) if x != 1 else rest, t.factors, t.out))
        return (self.graph.const(sign * size), *map(self.planner.node_of, common.elements())), out

    def _common_number(self, vals):
        """The number that several values are multiples of, up to the sign, taken out."""
        g = self.graph
        first = [v.node.args[0].value if v.node.op == "mul" and is_scaled(v.node) else None for v in vals]
        numbers = [x for x in first if isinstance(x, (int, float))]
        if len(vals) < 2 or len(numbers) < len(vals) or len({abs(x) for x in numbers}) > 1 or abs(numbers[0]) == 1:
            return g.const(1), vals
        size = abs(numbers[0])
        rest = [g.mul(g.const(1 if x > 0 else -1), *v.node.args[1:]) for x, v in zip(numbers, vals, strict=True)]
        return g.const(size), [Val(node, v.labels) for node, v in zip(rest, vals, strict=True)]

    def _on_diagonal(self, total, term):
        assert len(term.out) == 2, term.out
        value = self.scale(term)
        if term.factors:
            value, _ = self.planner.product(term.factors, set(term.out), tuple(dict.fromkeys(term.out)), value)
        return self.rebuild.on_diagonal(total, value)

    def scale(self, term):
        return self.graph.mul(*map(self.planner.node_of, term.scalars)) if term.scalars else self.graph.const(1)

    def _value(self, term, final):
        """The product as a value whose labels are positions in the result."""
        keep = set(term.out)
        if not term.factors:
            return Val(self.scale(term))
        node, labels = self.planner.product(term.factors, keep, term.out, self.scale(term))
        if final:
            self.ledger.commit(node)
        at = {x: k for k, x in enumerate(term.out)}
        return Val(node, tuple(at[x] for x in labels))


def _lone_inverse(term):
    return len(term.factors) == 1 and term.factors[0].inverse
