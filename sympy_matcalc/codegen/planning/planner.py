"""Plans a graph: every sum of products in it is computed the cheapest way that was found, for given sizes."""

from math import inf

from ..schedule import reachable
from .ledger import Bound, Ledger
from .move import Stage
from .moves import moves_at
from .products import Products
from .reading import Reader, is_sum
from .rebuilding import Rebuilder
from .shared import Shared
from .steps import Steps
from .sum_moves import MOST_TERMS
from .sums import Sums
from .terms import collected
from .ways import shared_pairs

ROUNDS = 6


class Planner:
    """Makes the planned graph inside the same `graph`. `size_of`: the node of a SymPy size. `multiply_out`: whether sums may be; `push`:
    whether the push-through identity may be used; `weight_roots`: whether a weighted Gram matrix may take square roots of its weights;
    `stacks`: whether a matrix may meet each of a stack at once; `shared`: what other planners of the graph have found.

    After `run`, `requires` has the pairs of sizes (small, large) that the plan relies on for being right: there are none without `push`.
    """

    def __init__(self, graph, numbers, size_of, *, multiply_out=True, push=True, weight_roots=True, stacks=False, shared=None):
        self.shared = shared = shared or Shared()
        self.graph, self.sizes = graph, shared.sizes(numbers)
        self.multiply_out, self.push, self.weight_roots = multiply_out, push, weight_roots
        self._size_of, self._sizes_of, self.planned, self._uses = size_of, {}, {}, {}
        self.requires, self.has_multiplied_out = set(), False
        self.mirrored = {}  # pairs of axes that may change places, by number
        self.limit = inf  # what another form of the sum at hand has to be cheaper than
        self.ledger = Ledger(self.sizes)
        self.reader = Reader(self.size_of, self.shared)
        self.rebuild = Rebuilder(graph, self._uses)
        self.steps = Steps(graph, self.sizes, self.size_of, self.ledger.is_formed, self._uses, stacks, self.shared)
        self.products, self.sums = Products(self), Sums(self)
        self.product, self.build, self.scale, self.terms_of = self.products.product, self.sums.build, self.sums.scale, self.reader.terms_of

    def close(self):
        """Let go of the parts, which know each other and this: else they stay until the collector of garbage looks for them."""
        del self.products, self.sums, self.steps, self.reader, self.rebuild, self.product, self.build, self.scale, self.terms_of

    def run(self, roots):
        """The roots of the planned graph."""
        order = reachable(roots)
        self.reader.absorb(order, roots)
        self.products.shared = shared_pairs(order)
        for node in order:
            if node.number in self.reader.absorbed and (node.op not in ("add", "add_diagonal")):
                continue
            new = self.node_of(node)
            if node.number not in self.reader.absorbed and not (node.op == "inv" and node.ndim > 2):  # a stack may be solved with instead
                self.ledger.commit(new)
        return [self.node_of(r) for r in roots]

    def size_of(self, size):
        """The planned node of the size of a label, which may have been computed from entries."""
        found = self._sizes_of.get(size)
        if found is None:
            found = self._sizes_of[size] = self.node_of(self._size_of(size))
        return found

    def node_of(self, node):
        """The planned node."""
        if node.number not in self.planned:
            new = self.planned[node.number] = self._plan(node)
            assert new.ndim == node.ndim, (node, new)
            if node.number in self.graph.symmetric:
                self.graph.symmetric |= {new.number}
            self._uses[new.number] = self._uses.get(new.number, 0) + self.reader.uses.get(node.number, 0)
        return self.planned[node.number]

    def _plan(self, node):
        if is_sum(node) and (node.ndim or node.op in ("contract", "sum")):
            terms = self.reader.terms_of(node, top=True)
            if node.op in ("contract", "sum") or any(len(t.factors) > 1 or t.is_diagonal for t in terms):
                new = self.search(terms)
                lead = node.ndim - new.ndim  # axes of length 1 that broadcasting does without, and `kron` does not
                return self.graph.make("view", (new,), (*[None] * lead, *range(new.ndim))) if lead else new
        return self.rebuild.rebuilt(node, [self.node_of(a) for a in node.args])

    # ---- the search
    def search(self, terms):
        """The node of a sum of products, by the cheapest form that was found."""
        state = self.collected(terms)
        best, cost = self.build(state)
        for _ in range(ROUNDS):
            found = self._step(state, cost)
            if found is None:
                break
            best, cost, state, needs, move = found
            self.requires |= needs
            self.has_multiplied_out |= move.loses_digits
        return self.build(state, final=True)[0] if len(state) > MOST_TERMS else best

    def collected(self, terms):
        """The sum with equal products, up to a number, as one."""
        return self.shared.once(collected, self.graph, tuple(terms))

    def _step(self, state, cost):
        """(node, price, terms, sizes it relies on, move) of the cheapest form that one move gives, None where none gains enough."""
        found = None
        for move in moves_at(Stage.SUM):
            self.limit = move.least * cost if found is None else min(move.least * cost, found[1])
            for new, needs in move.make(self, state) if len(state) <= move.most else ():
                node, price = self.build(new, bound=Bound(self.limit))
                if price < self.limit:
                    found, self.limit = (node, price, new, needs, move), price
        self.limit = inf
        return found
