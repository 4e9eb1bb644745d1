"""What is decided, and what it costs: nodes that will be computed anyway are free for all others."""

from .nodes import behind


class Ledger:
    """`committed`: numbers of nodes that will be computed; `inverted`, `factored`: of matrices whose inverse or factorisation will be;
    `tried`: of matrices whose inverse the form at hand needs.
    """

    def __init__(self, sizes):
        self.sizes = sizes
        self.committed, self.inverted, self.factored, self.tried = set(), set(), set(), set()

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
        total, seen, stack, bases, committed, costs = 0, set(), list(nodes), set(), self.committed, self.sizes.costs
        while stack:
            n = stack.pop()
            number = n.number
            if number in seen or number in committed:
                continue
            seen.add(number)
            cost = costs.get(number)
            total += self.sizes.cost(n) if cost is None else cost
            if n.kind.factored:
                base = behind(n.args[0])
                if base.number not in bases and base.number not in self.factored:
                    bases.add(base.number)
                    total += self.sizes.factorisation(base)
            stack += n.costly
        return total

    def commit(self, node):
        """Note that a node will be computed, and what it needs."""
        stack = [node]
        while stack:
            n = stack.pop()
            if n.number in self.committed:
                continue
            self.committed.add(n.number)
            if n.kind.factored:
                base = behind(n.args[0]).number
                self.factored.add(base)
                if n.op == "inv":
                    self.inverted.add(base)
            stack.extend(n.args)
