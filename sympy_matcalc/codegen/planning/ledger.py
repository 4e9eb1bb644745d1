"""What is decided, and what it costs: nodes that will be computed anyway are free for all others."""

from typing import Any, NamedTuple

from .nodes import behind
from .sizes import factored


class Bound(NamedTuple):
    """What a sum has to be cheaper than: `limit`, together with the nodes `others`, and with work of `more` where it is a new array."""

    limit: float
    others: tuple[Any, ...] = ()
    more: float = 0

    def is_met(self, ledger, vals):
        """Whether these values of a sum alone are too dear. Their scalars and transposes may be put elsewhere."""
        parts = [x for v in vals for x in (v.node.costly if v.node.op in ("mul", "view") else (v.node,))]
        limit = self.limit - self.more if any(x.number not in ledger.committed for x in parts) else self.limit
        return ledger.price(*parts, *self.others) >= limit


class Ledger:
    """`committed`: numbers of nodes that will be computed; `inverted`, `factored`: of matrices whose inverse or factorisation will be;
    `tried`: of matrices whose inverse the form at hand needs.
    """

    def __init__(self, sizes):
        self.sizes = sizes
        self.committed, self.inverted, self.factored, self.tried = set(), set(), set(), set()
        self._needs, self._there = {}, set()  # keys of costs: by the number of a node; of what is committed

    def is_formed(self, node):
        """Whether the inverse of a matrix, or of its transpose, is there anyway."""
        number = behind(node).number
        return number in self.inverted or number in self.tried

    @property
    def state(self):
        """What was decided so far, as a key: the sets but `tried` only grow."""
        return len(self.committed), len(self.inverted), len(self.factored), tuple(sorted(self.tried))

    def price(self, *nodes):
        """The cost of some nodes beside what is committed."""
        needs, costs = self._needs, self.sizes.costs
        for n in nodes:
            if n.number not in needs:
                self._find_needs(n)
        return sum([costs[k] for k in set().union(*[needs[n.number] for n in nodes]) - self._there])

    def _find_needs(self, node):
        """Find what a node needs that is not committed yet: the keys of costs."""
        needs, committed, stack = self._needs, self.committed, [node]
        while stack:
            n = stack[-1]
            if n.number in committed:
                needs[n.number] = frozenset()
            elif unknown := [a for a in n.costly if a.number not in needs]:
                stack += unknown
                continue
            else:
                needs[n.number] = frozenset(self._own(n)).union(*[needs[a.number] for a in n.costly])
            stack.pop()

    def _own(self, node):
        """What a node needs itself."""
        self.sizes.cost(node)
        if not node.kind.factored:
            return (node.number,)
        base = behind(node.args[0])
        self.sizes.factorisation(base)
        return node.number, factored(base)

    def commit(self, node):
        """Note that a node will be computed, and what it needs."""
        stack = [node]
        while stack:
            n = stack.pop()
            if n.number in self.committed:
                continue
            self.committed.add(n.number)
            self._there.add(n.number)
            if n.kind.factored:
                base = behind(n.args[0])
                self.factored.add(base.number)
                self._there.add(factored(base))
                if n.op == "inv":
                    self.inverted.add(base.number)
            stack.extend(n.args)
