"""Plans a graph: every sum of products in it is computed the cheapest way that was found, for given sizes."""

from ..ir.lengths import Unnamed
from ..ir.product import Factor, Product, put_in
from ..schedule import reachable
from .ledger import Ledger
from .products import Products
from .push import pushed
from .reading import SUMS, Reader
from .rebuilding import Rebuilder
from .sizes import Sizes
from .steps import Steps
from .sums import Sums
from .terms import collected, common_factors, split_off

GAIN = 0.95
GAIN_OF_CONSTANTS = 1
MULTIPLIED_OUT = 0.7  # may lose digits to cancellation: only where it pays
MOST_TERMS = 12
ROUNDS = 6


class Planner:
    """Makes the planned graph inside the same `graph`. `size_of`: the node of a SymPy size. `multiply_out`: whether sums may be; `push`:
    whether the push-through identity may be used; `weight_roots`: whether a weighted Gram matrix may take square roots of its weights.

    After `run`, `requires` has the pairs of sizes (small, large) that the plan relies on for being right: there are none without `push`.
    """

    def __init__(self, graph, numbers, size_of, *, multiply_out=True, push=True, weight_roots=True):
        self.graph, self.sizes, self.multiply_out, self.push, self.weight_roots = graph, Sizes(numbers), multiply_out, push, weight_roots
        self._size_of, self.planned, self._uses = size_of, {}, {}
        self.requires, self.has_multiplied_out = set(), False
        self.ledger = Ledger(self.sizes)
        self.reader = Reader(self.size_of)
        self.rebuild = Rebuilder(graph, self._uses)
        self.steps = Steps(graph, self.sizes, self.size_of, self.ledger.is_formed)
        self.products, self.sums = Products(self), Sums(self)
        self.product, self.build, self.scale, self.terms_of = self.products.product, self.sums.build, self.sums.scale, self.reader.terms_of

    def run(self, roots):
        """The roots of the planned graph."""
        order = reachable(roots)
        self.reader.absorb(order, roots)
        for node in order:
            if node.number in self.reader.absorbed and (node.op not in ("add", "add_diagonal")):
                continue
            new = self.node_of(node)
            if node.number not in self.reader.absorbed:
                self.ledger.commit(new)
        return [self.node_of(r) for r in roots]

    def size_of(self, size):
        """The node of the size of a label."""
        node = self._size_of(size)
        return self.node_of(node) if any(isinstance(s, Unnamed) for s in size.free_symbols) else node

    def node_of(self, node):
        """The planned node."""
        if node.number not in self.planned:
            new = self.planned[node.number] = self._plan(node)
            assert new.ndim == node.ndim, (node, new)
            self._uses[new.number] = self._uses.get(new.number, 0) + self.reader.uses.get(node.number, 0)
        return self.planned[node.number]

    def _plan(self, node):
        if node.op in SUMS and (node.ndim or node.op in ("contract", "sum")):
            terms = self.reader.terms_of(node, top=True)
            if node.op in ("contract", "sum") or any(len(t.factors) > 1 or t.is_diagonal for t in terms):
                new = self.search(terms)
                lead = node.ndim - new.ndim  # axes of length 1 that broadcasting does without, and `kron` does not
                return self.graph.make("view", (new,), (*[None] * lead, *range(new.ndim))) if lead else new
        return self.rebuild.rebuilt(node, [self.node_of(a) for a in node.args])

    # ---- the search
    def search(self, terms):
        """The node of a sum of products, by the cheapest form that was found."""
        state, requires = collected(self.graph, terms), set()
        if len(state) > MOST_TERMS:
            return self.build(state, final=True)[0]
        best, cost = self.build(state)
        for _ in range(ROUNDS):
            found = None
            for new, needs, least in self._moves(state):
                node, price = self.build(new)
                if price < least * cost and (found is None or price < found[1]):
                    found = node, price, new, needs, least is MULTIPLIED_OUT
            if found is None:
                break
            best, cost, state = found[:3]
            requires |= found[3]
            self.has_multiplied_out |= found[4]
        self.requires |= requires
        return best

    def _moves(self, terms):
        """(new terms, sizes it relies on, least price of the old form that makes it worth while) one step away."""
        tried = set()
        for t in terms:
            for f in t.factors if self.multiply_out else ():
                inner = self._summands(f, t)
                if not inner or f.node.number in tried:
                    continue
                tried.add(f.node.number)
                new = collected(self.graph, [x for t in terms for x in self._multiplied_out(t, f.node)])
                if len(new) > MOST_TERMS:
                    continue
                least = GAIN_OF_CONSTANTS if _sums_a_constant(t, f, inner) else MULTIPLIED_OUT
                yield new, set(), least
                yield from ((x, set(), least) for x in self._factored(new))
        yield from ((x, set(), GAIN) for x in self._factored(terms))
        if self.push:
            new, needs = pushed(self, terms)
            if needs:
                yield new, needs, GAIN

    def _multiplied_out(self, term, node):
        """The terms of a product for all summands of a factor, the first of those with this node."""
        f = next((f for f in term.factors if f.node is node and self._summands(f, term)), None)
        if f is None:
            return [term]
        return [self.reader.flat(put_in(term, f, i, self.size_of)) for i in self.reader.terms_of(node)]

    def _summands(self, f, term):
        """The summands of a factor that is a sum, where it meets another factor."""
        if f.inverse or f.planned or f.node.op not in ("add", "add_diagonal") or f.node.number not in self.reader.absorbed:
            return None
        if all(x in term.out for x in f.labels):
            return None
        inner = self.reader.terms_of(f.node)
        return inner if len(inner) > 1 else None

    def _factored(self, terms):
        """Forms with a common factor taken out, and the one with common factors taken out until there are none."""
        first = [new for found in common_factors(terms) if (new := self._with_common(terms, found)) is not None]
        yield from first
        if not first:
            return
        new = first[0]
        for _ in range(len(terms)):
            more = next((x for found in common_factors(new) if (x := self._with_common(new, found)) is not None), None)
            if more is None:
                break
            new = more
        if new is not first[0]:
            yield new

    def _with_common(self, terms, found):
        """The terms with one factor that some have in common taken out, None where it does not come apart."""
        split = split_off(terms, found)
        if split is None:
            return None
        (f, out), own, others, inner = split
        node, _ = self.build(inner)
        host = Product((), [f, Factor(node, (*own, *others), planned=True)], out)
        taken = {k for k, _ in found}
        return [t for k, t in enumerate(terms) if k not in taken] + [host]


def _sums_a_constant(term, f, inner):
    """Whether a summand of the factor f does not depend on an axis that is summed over f alone, as mu in the sum of the x_i - mu."""
    others = {x for g in term.factors if g is not f for x in g.labels} | set(term.out)
    free = [k for k, x in enumerate(f.labels) if x not in others]
    return any(i.out[k] not in {x for g in i.factors for x in g.labels} for i in inner for k in free)
