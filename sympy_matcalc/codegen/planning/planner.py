"""Plans a graph: every sum of products in it is computed the cheapest way that was found, for given sizes."""
from math import inf

from ..network import Factor, formed
from ..schedule import reachable
from ..values import Label, Val, align
from .band import band
from .gram import gram, halves
from .outer import outer_sums
from .push import pushed
from .sizes import Axis, Sizes
from .steps import Steps
from .terms import Term, collected, common_factors, put_in, split_off

ELEMENTWISE = {"add", "mul", "pow", "call", "compare", "where", "float"}
SUMS = {"contract", "add", "view", "mul", "add_diagonal", "inv", "sum"}
GAIN = 0.95
GAIN_OF_CONSTANTS = 1
MULTIPLIED_OUT = 0.7                              # may lose digits to cancellation: only where it pays
MOST_TERMS = 12
FEW_FACTORS = 8
ROUNDS = 6


class Planner:
    """Makes the planned graph inside the same `graph`. `size_of`: the node of a SymPy size. After `run`, `requires` has the pairs of
    sizes (small, large) that the plan relies on for being right: there are none without `push`.
    """

    def __init__(self, graph, numbers, size_of, multiply_out=True, push=True):
        self.graph, self.sizes, self.multiply_out, self.push = graph, Sizes(numbers), multiply_out, push
        self._size_of = size_of
        self.steps = Steps(graph, self.sizes, self.size_of, self._is_formed)
        self.planned, self.committed = {}, set()
        self.inverted, self.factored, self.tried = set(), set(), set()
        self.chains = {}
        self.requires, self.uses, self.has_multiplied_out = set(), {}, False

    def run(self, roots):
        """The roots of the planned graph."""
        order = reachable(roots)
        self._absorb(order, roots)
        for node in order:
            if node.number in self.absorbed and (node.op not in ("add", "add_diagonal")):
                continue
            new = self.node_of(node)
            if node.number not in self.absorbed:
                self._commit(new)
        return [self.node_of(r) for r in roots]

    # ---- what is looked into
    def _absorb(self, order, roots):
        """Nodes that are only operands of sums and products: those may be taken apart."""
        users = {}
        for node in order:
            for k, a in enumerate(node.args):
                users.setdefault(a.number, []).append(self._takes_apart(node, k) and node.op)
        for r in roots:
            users.setdefault(r.number, []).append(False)
        self._typed_uses = {number: len(found) for number, found in users.items()}
        self.absorbed = {n.number for n in order if self._may_be_absorbed(n, users.get(n.number, []))}

    @staticmethod
    def _takes_apart(node, k):
        if node.op == "contract":
            return k < len(node.attrs[1]) and not node.attrs[1][k]
        if node.op == "mul":
            return node.args[k].ndim > 0 and is_scaled(node)
        return node.op in ("add", "view", "sum") and node.args[0].ndim > 0 or node.op == "add_diagonal" and k == 0

    @staticmethod
    def _may_be_absorbed(node, users):
        if node.op not in SUMS or not node.ndim or not all(users) or node.op == "mul" and not is_scaled(node):
            return False
        return node.op in ("view", "inv") or len(users) == 1 or node.op == "contract" and all(u in ("add", "view", "mul") for u in users)

    def _labels(self, node):
        """New labels for the axes of a node."""
        if node.op == "contract":
            _, _, output, sizes = node.attrs
            return [Label(sizes[k]) for k in output]
        if node.op == "arg":
            return [Label(s) for s in node.attrs[0].shape if s != 1]
        return [Label(Axis(node, k, n)) for k, n in enumerate(self.sizes.shape(node))]

    def size_of(self, size):
        """The node of the size of a label."""
        if isinstance(size, Axis):
            return self.graph.make("size", (self.node_of(size.node),), (size.axis,), integer=True, weak=True)
        return self._size_of(size)

    def terms_of(self, node, top=False):
        """A node as a sum of products; one that is not to be taken apart as one factor."""
        if not (top or node.number in self.absorbed):
            labels = self._labels(node)
            return [Term((), [Factor(node, labels)], labels)]
        return getattr(self, "_terms_" + node.op, self._terms_leaf)(node)

    def _terms_leaf(self, node):
        labels = self._labels(node)
        return [Term((), [Factor(node, labels)], labels)]

    def _terms_contract(self, node):
        inputs, inverses, output, sizes = node.attrs
        labels = [Label(s) for s in sizes]
        *arrays, scale = node.args
        factors = [Factor(a, (labels[k] for k in axes), inverse) for a, axes, inverse in zip(arrays, inputs, inverses, strict=True)]
        return [self.flat(Term(scalars(scale), factors, (labels[k] for k in output)))]

    def _terms_add(self, node):
        out = []
        for a in node.args:
            lead = [Label(1) for _ in range(node.ndim - a.ndim)]
            inner = self.terms_of(a) if a.ndim else [Term((a,), (), ())]
            out += [Term(t.coefs, t.factors, (*lead, *t.out)) for t in inner]
        return out

    def _terms_mul(self, node):
        if not is_scaled(node):
            return self._terms_leaf(node)
        *coefs, array = node.args
        return [Term((*(c for x in coefs for c in scalars(x)), *t.coefs), t.factors, t.out) for t in self.terms_of(array)]

    def _terms_view(self, node):
        out = []
        for t in self.terms_of(node.args[0]):
            out.append(Term(t.coefs, t.factors, (Label(1) if k is None else t.out[k] for k in node.attrs)))
        return out

    def _terms_sum(self, node):
        labels = self._labels(node.args[0])
        out = [x for k, x in enumerate(labels) if k not in node.attrs]
        return [self.flat(Term((), [Factor(node.args[0], labels)], out))]

    def _terms_inv(self, node):
        if node.ndim != 2:
            return self._terms_leaf(node)
        a, b = self._labels(node)
        return [Term((), [Factor(node.args[0], (a, b), inverse=True)], (a, b))]

    def _terms_add_diagonal(self, node):
        base, diagonal = node.args
        if node.attrs != ("aa", "a") or node.ndim != 2:
            return self._terms_leaf(node)
        x = self._labels(node)[0]
        one = Term(scalars(diagonal), (), (x, x)) if not diagonal.ndim else Term((), [Factor(diagonal, (x,))], (x, x))
        return [*self.terms_of(base), one]

    def flat(self, term):
        """The term with its factors that are products themselves as part of it."""
        todo = True
        while todo:
            todo = False
            for f in term.factors:
                inner = self._inner(f)
                if inner is not None:
                    term, todo = put_in(term, f, inner, self.size_of), True
                    break
        return term

    def _inner(self, f):
        """The product that a factor is, None where it is none."""
        node = f.node
        if f.inverse or f.planned or node.number not in self.absorbed or node.op not in ("contract", "view", "mul", "inv", "sum"):
            return None
        if node.op == "view" or node.op == "mul":
            array = node.args[-1]
            labels = self._labels(array)
            out = [Label(1) if k is None else labels[k] for k in node.attrs] if node.op == "view" else labels
            coefs = [c for x in node.args[:-1] for c in scalars(x)] if node.op == "mul" else []
            return Term(coefs, [Factor(array, labels)], out)
        found = self.terms_of(node)
        return found[0] if len(found) == 1 else None

    # ---- the search
    def node_of(self, node):
        """The planned node."""
        if node.number not in self.planned:
            new = self.planned[node.number] = self._plan(node)
            self.uses[new.number] = self.uses.get(new.number, 0) + self._typed_uses.get(node.number, 0)
        return self.planned[node.number]

    def _plan(self, node):
        if node.op in SUMS and (node.ndim or node.op in ("contract", "sum")):
            terms = self.terms_of(node, top=True)
            if node.op in ("contract", "sum") or any(len(t.factors) > 1 or t.is_diagonal for t in terms):
                return self.search(terms)
        return self._rebuilt(node, [self.node_of(a) for a in node.args])

    def _rebuilt(self, node, args):
        """The node with planned operands; what a later step can use better is taken out of it: a transpose, a scalar factor."""
        g = self.graph
        if node.op in ELEMENTWISE and node.ndim == 2 and any(_is_turned(a) and a.args[0].op != "arg" for a in args):
            if all(_is_turned(a) or a.ndim < 2 or _at_hand(a) or a.op == "view" and None in a.attrs for a in args):
                return g.transpose(self._rebuilt(node, [self._turned(a) for a in args]))
        if node.op in ("softmax", "logsumexp") and node.attrs == (1,) and args[0].ndim == 2:
            return self._over_columns(node, args[0])
        if node.op == "mul" and node.ndim > 1:
            return self._scalars_first(args)
        if all(a is b for a, b in zip(args, node.args, strict=True)):
            return node
        if node.op == "add_diagonal" and node.attrs == ("aa", "a"):
            return self.on_diagonal(*args)
        return g.make(node.op, args, node.attrs, node.ndim, node.integer, node.weak)

    def _turned(self, a):
        """An operand of an elementwise operation on matrices, for the operation on the transposes."""
        if a.ndim == 2:
            coefs, array = self._unscaled(a)
            return self.graph.mul(*coefs, self.graph.transpose(array))
        return self.graph.make("view", (a,), (0, None), 2) if a.ndim == 1 else a

    def _over_columns(self, node, array):
        """A reduction of the rows of a matrix as one of the columns of its transpose: NumPy is faster along the long axis of data, and a
        product gives either for the same price.
        """
        g = self.graph
        if array.op == "matmul" and all(a.ndim == 2 for a in array.args):
            array = g.transpose(g.make("matmul", tuple(g.transpose(a) for a in reversed(array.args)), (), 2))
        if not _is_turned(array):
            return g.make(node.op, (array,), node.attrs, node.ndim)
        new = g.make(node.op, (array.args[0],), (0,), node.ndim)
        return g.transpose(new) if node.op == "softmax" else new

    def _scalars_first(self, args):
        """An elementwise product with what is a single number apart from it, so that a product around it can take that."""
        g, numbers, arrays = self.graph, [], []
        for a in args:
            coefs, a = self._unscaled(a)
            numbers += coefs
            (arrays if a.ndim else numbers).append(a)
        return g.mul(*numbers, g.mul(*arrays)) if numbers else g.mul(*arrays)

    def _unscaled(self, node):
        """(scalars, array): an array with its scalar factors, its sign among them, apart."""
        if node.op == "mul" and is_scaled(node) and len(node.args) > 1:
            return [c for x in node.args[:-1] for c in scalars(x)], node.args[-1]
        negative = self._negative(node)
        return ([], node) if negative is None else ([self.graph.const(-1)], negative)

    def _negative(self, node):
        """``b - a`` for a sum ``a - b`` where b is computed and a is at hand, so that b can be overwritten; else None."""
        if node.op != "add" or self.uses.get(node.number, 0) > 1 or node.ndim < 2:
            return None
        g = self.graph
        plain = [a for a in node.args if _behind(a).op == "arg" or a.ndim < node.ndim]
        minus = [a.args[1] for a in node.args if a.op == "mul" and len(a.args) == 2 and a.args[0].value == -1]
        if len(plain) + len(minus) < len(node.args) or not plain or not any(is_new(a) for a in minus):
            return None
        return g.add(*minus, *(g.mul(g.const(-1), a) for a in plain))

    def on_diagonal(self, base, value):
        """A matrix with something added to its diagonal."""
        inner = _behind(base)
        node = self.graph.make("add_diagonal", (inner, value), ("aa", "a"), 2)
        return node if inner is base else self.graph.transpose(node)

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
        return [self.flat(put_in(term, f, i, self.size_of)) for i in self.terms_of(node)]

    def _summands(self, f, term):
        """The summands of a factor that is a sum, where it meets another factor."""
        if f.inverse or f.planned or f.node.op not in ("add", "add_diagonal") or f.node.number not in self.absorbed:
            return None
        if all(x in term.out for x in f.labels):
            return None
        inner = self.terms_of(f.node)
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
        host = Term((), [f, Factor(node, (*own, *others), planned=True)], out)
        taken = {k for k, _ in found}
        return [t for k, t in enumerate(terms) if k not in taken] + [host]

    # ---- a form as nodes
    def build(self, terms, final=False):
        """(node, cost) of a sum of products as it stands. `final`: it will be used, so that later terms may use what earlier ones do."""
        g, old = self.graph, self.tried
        self.tried = set(old)
        terms = sorted(terms, key=lambda t: not _lone_inverse(t))
        out, bands = terms[0].out, [b for t in terms if (b := band(self, t)) is not None]
        if bands:
            terms = [t for t in terms if band(self, t) is None]
        scale, terms = self._common_scale(terms) if terms else ((), [])
        vals = outer_sums(self, [(t, self._value(t, final)) for t in terms if not t.is_diagonal], len(out))
        if len(vals) == len(terms) and len(out) < 3:
            number, vals = self._common_number(vals)
            scale = (*scale, number)
        nodes, labels = align(g, vals) if vals else ([], ())
        total = g.add(*nodes) if nodes else None
        ndim = len(out)
        if total is not None and total.ndim:
            total = g.view(total, [labels.index(k) if k in labels else None for k in range(ndim)])
        for t in terms:
            if t.is_diagonal:
                total = self._on_diagonal(self._zeros(out) if total is None else total, t)
        if total is not None:
            total = g.mul(*scale, total)
        elif bands:
            total = self._zeros(out)
        for d, where in bands:
            total = g.make("add_band", (total, d, *where), (), 2)
        node = total
        self.tried = old
        return node, self.price(node)

    def _zeros(self, out):
        return self.graph.make("zeros", (self.graph.dtype_node(), *(self.size_of(x.size) for x in out)), (), len(out))

    def _common_scale(self, terms):
        """Coefficients that all terms share, up to the sign, taken out."""
        if len(terms) == 1 and terms[0].factors or len(terms[0].out) > 2:
            return (), terms
        numbers = [self._number(t) for t in terms]
        size = abs(numbers[0]) if not isinstance(numbers[0], complex) else None
        first = [c for c in terms[0].coefs if c.op != "const"]
        common = [c for c in first if all(c in t.coefs for t in terms)]
        if size is None or any(isinstance(x, complex) or abs(x) != size for x in numbers) or len(terms) == 1:
            size = 1
        if size == 1 and not common or not all(t.factors for t in terms):
            return (), terms
        sign = -1 if all(x < 0 for x in numbers if not isinstance(x, complex)) and size != 1 else 1
        if size != 1:
            numbers = [x / (sign * size) for x in numbers]
        numbers = [int(x) if isinstance(x, float) and x in (1, -1) else x for x in numbers]
        out = []
        for t, x in zip(terms, numbers, strict=True):
            rest = [c for c in t.coefs if c.op != "const" and c not in common]
            out.append(Term((self.graph.const(x), *rest) if x != 1 else rest, t.factors, t.out))
        return (self.graph.const(sign * size), *map(self.node_of, common)), out

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

    @staticmethod
    def _number(term):
        number = 1
        for c in term.coefs:
            number = number * c.value if c.op == "const" else number
        return number

    def _on_diagonal(self, total, term):
        value = self.scale(term)
        if term.factors:
            value, _ = self.product(term.factors, set(term.out), tuple(dict.fromkeys(term.out)), value)
        return self.on_diagonal(total, value)

    def scale(self, term):
        return self.graph.mul(*map(self.node_of, term.coefs)) if term.coefs else self.graph.const(1)

    def _value(self, term, final):
        """The product as a value whose labels are positions in the result."""
        keep = set(term.out)
        if not term.factors:
            return Val(self.scale(term))
        node, labels = self.product(term.factors, keep, term.out, self.scale(term))
        if final:
            self._commit(node)
        at = {x: k for k, x in enumerate(term.out)}
        return Val(node, tuple(at[x] for x in labels))

    def product(self, factors, keep, order, scale=None):
        """(node, labels) of a product of factors, the cheapest that was found."""
        g = self.graph
        scale = g.const(1) if scale is None else scale
        factors = [self._ready(f) for f in factors]
        if len(factors) > 1:
            coefs, factors = self._coefficients(factors)
            scale = g.mul(scale, *coefs)
        if len(factors) == 1 and factors[0].inverse:
            self.tried.add(factors[0].node.number)
        order = dict.fromkeys(order)
        found, least = None, inf
        turned = self._transpose_of(factors, tuple(order))
        if turned is not None and not scale.ndim:
            found, least = turned, self.price(turned[0])
            found = g.mul(scale, found[0]), found[1]
        for path in [*self._shared(factors, keep), *self.steps.paths(factors, keep)]:
            new = self.steps.along(path, factors, keep, scale, order)
            price = self.price(new[0])
            if price < least:
                found, least = new, price
        if any(f.inverse for f in factors) and all(len(f.labels) > 1 for f in factors) and len(factors) > 1:
            plain = [formed(g, f) for f in factors]
            for path in self.steps.paths(plain, keep):
                new = self.steps.along(path, plain, keep, scale, order)
                if self.price(new[0]) < least:
                    found, least = new, self.price(new[0])
        for split in halves(factors, keep) if len(factors) <= MOST_TERMS else ():
            new = gram(self, split, keep, scale, order)
            if new is not None and self.price(new[0]) < least:
                found, least = new, self.price(new[0])
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
        f = Factor(f.node if f.planned else self.node_of(f.node), f.labels, f.inverse, planned=True)
        if f.node.op == "view" and f.node.attrs == (1, 0):
            return Factor(f.node.args[0], f.labels[::-1], f.inverse, planned=True)
        return f

    def _coefficients(self, factors):
        """(scalars, factors) with the scalars that are factors of the planned arrays apart."""
        coefs, out = [], []
        for f in factors:
            numbers, node = ([], f.node) if f.inverse else self._unscaled(f.node)
            coefs += numbers
            labels = f.labels
            if _is_turned(node):
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
            if new.node.number in self.committed or _behind(new.node).number in self.committed:
                yield tuple(places), new

    # ---- prices
    def _is_formed(self, node):
        number = _behind(node).number
        return number in self.inverted or number in self.tried

    def price(self, node):
        """The cost of a node beside what is committed."""
        total, seen, stack, bases = 0, set(), [node], set()
        while stack:
            n = stack.pop()
            if n.number in seen or n.number in self.committed:
                continue
            seen.add(n.number)
            total += self.sizes.cost(n)
            if n.op in ("solve", "inv", "slogdet", "det"):
                base = _behind(n.args[0])
                if base.number not in bases and base.number not in self.factored:
                    bases.add(base.number)
                    total += self.sizes.factorisation(base)
            stack.extend(n.args)
        return total

    def _commit(self, node):
        stack = [node]
        while stack:
            n = stack.pop()
            if n.number in self.committed:
                continue
            self.committed.add(n.number)
            if n.op in ("solve", "inv", "slogdet", "det"):
                base = _behind(n.args[0]).number
                self.factored.add(base)
                if n.op == "inv":
                    self.inverted.add(base)
            stack.extend(n.args)


def _chain(factors, order):
    """The matrices on the way from one axis of the result to the other, each with the side it is entered by; None where they branch."""
    if len(order) != 2 or len(factors) < 2 or any(len(f.labels) != 2 for f in factors):
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


def is_new(node):
    """Whether an operation makes an array of its own."""
    node = node.args[0] if node.op == "view" and None not in node.attrs else node
    return node.op not in ("arg", "view", "index", "slice", "diagonal", "reshape", "const", "sym", "item")


def _at_hand(node):
    """Whether a node is an argument, its transpose, or one of them times a number."""
    node = node.args[-1] if node.op == "mul" and is_scaled(node) else node
    return _behind(node).op == "arg"


def _is_turned(node):
    return node.op == "view" and node.attrs == (1, 0)


def _behind(node):
    """The array that a transpose shows."""
    return node.args[0] if node.op == "view" and node.attrs == (1, 0) else node


def _sums_a_constant(term, f, inner):
    """Whether a summand of the factor f does not depend on an axis that is summed over f alone, as mu in the sum of the x_i - mu."""
    others = {x for g in term.factors if g is not f for x in g.labels} | set(term.out)
    free = [k for k, x in enumerate(f.labels) if x not in others]
    return any(i.out[k] not in {x for g in i.factors for x in g.labels} for i in inner for k in free)


def _lone_inverse(term):
    return len(term.factors) == 1 and term.factors[0].inverse


def is_scaled(node):
    """Whether a product is scalars times one array."""
    return node.ndim > 0 and all(a.ndim == 0 for a in node.args[:-1]) and node.args[-1].ndim == node.ndim


def scalars(node):
    """The factors of a scalar node."""
    return () if node.value == 1 else node.args if node.op == "mul" else (node,)
