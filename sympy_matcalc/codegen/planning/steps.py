"""A product of many factors as steps on one or two arrays each, of BLAS shape where there is one."""

import opt_einsum as oe

from ..ir.product import Factor
from ..network import formed, unturned
from ..values import COL, ROW, Val, align, ordered
from .light import applied, cumulated
from .orders import orders
from .shared import Shared


class Steps:
    """Contracts factors in one graph. `sizes` prices the steps, `size_of` gives the node of a size, `is_formed(node)` tells whether the
    inverse of a node is there anyway, `uses` how often a planned node is an operand, by number; `stacks`: whether a matrix may meet each
    of a stack at once; `shared`: what was made for any sizes.
    """

    def __init__(self, graph, sizes, size_of, is_formed, uses, stacks=False, shared=None):
        self.graph, self.sizes, self.size_of, self.is_formed, self.uses = graph, sizes, size_of, is_formed, uses
        self.stacks = stacks
        shared = shared or Shared()
        self._made, self._sizes = shared.steps, shared.lengths
        self._of_all, self._of_these = shared.orders(None), shared.orders(sizes)  # for all sizes, and for these
        self._chosen = 0  # how often sizes have decided

    def along(self, path, task):
        """(node, labels) of a task, pair by pair. An order in which no sizes decide is made once for all of them."""
        if task.serial is None:
            return self._along(path, list(task.factors), task.keep, task.scale, task.order)
        key = task.serial, tuple(path), self.graph.symmetric, *[self._seen(f) for f in task.factors]
        found = self._of_all.get(key) or self._of_these.get(key)
        if found is None:
            before = self._chosen
            found = self._along(path, list(task.factors), task.keep, task.scale, task.order)
            (self._of_these if self._chosen > before else self._of_all)[key] = found
        return found

    def _along(self, path, factors, keep, scale, order):
        g = self.graph
        for pair in path:
            chosen = [factors[k] for k in sorted(pair)]
            factors = [f for k, f in enumerate(factors) if k not in pair]
            needed = keep | {x for f in factors for x in f.labels}
            if not factors:
                chosen, scale = self._scaled(chosen, scale, keep)
            new = chosen[0]
            for f in chosen[1:]:
                new = self.pair(new, f, needed, order)
            factors.append(new)
        last = formed(g, factors[0])
        gone = [k for k, x in enumerate(last.labels) if x not in keep]
        return g.mul(scale, g.sum(last.node, gone)), tuple(x for x in last.labels if x in keep)

    def _volume(self, labels):
        total = 1
        for x in labels:
            total *= self.sizes.of(x.size)
        return total

    def _scaled(self, factors, scale, keep):
        """Put the scalar on the smallest of the last operands if the result has more axes than that."""
        if len({x for f in factors for x in f.labels}) == sum(len(f.labels) for f in factors):
            factors = [formed(self.graph, f) for f in factors]  # an outer product: nothing to solve
        dense = [f for f in factors if not f.inverse]
        gram = len(factors) == 2 and factors[0].node is factors[1].node and any(x not in keep for x in factors[0].labels)
        if scale.value == 1 or not dense or gram:
            return factors, scale
        least = self._smallest(dense)
        if len(least.labels) >= len(keep & {x for f in factors for x in f.labels}):
            return factors, scale
        new = Factor(self.graph.mul(scale, least.node), least.labels)
        return [new if f is least else f for f in factors], self.graph.const(1)

    def _smallest(self, factors):
        """The first of those with the fewest labels, and of these with the fewest entries."""
        few = min(len(f.labels) for f in factors)
        fewest = [f for f in factors if len(f.labels) == few]
        self._chosen += len(fewest) > 1
        return min(fewest, key=lambda f: self._volume(f.labels))

    # ---- orders
    def paths(self, factors, keep):
        """Orders to try: the fewest multiplications, the smallest intermediate results."""
        if len(factors) <= 2:
            return [[tuple(range(len(factors)))] if len(factors) == 2 else []]
        bits = {}
        arrays = tuple([sum({bits.setdefault(x, 1 << len(bits)) for x in f.labels}) for f in factors])
        output = sum([bit for x, bit in bits.items() if x in keep])
        return [list(p) for p in orders(arrays, tuple([self.sizes.of(x.size) for x in bits]), output)]

    # ---- two factors
    def _presum(self, f, other, keep):
        gone = [k for k, x in enumerate(f.labels) if x not in keep and x not in other.labels]
        if not gone:
            return f
        f = formed(self.graph, f)
        return Factor(self.graph.sum(f.node, gone), (x for k, x in enumerate(f.labels) if k not in gone))

    def pair(self, a, b, keep, order):
        """Contract two factors; labels in `keep` stay. Many orders begin alike, for all sizes: the ways of a pair are made once, whatever
        labels it has. The first of the cheapest is taken.
        """
        number = {x: k for k, x in enumerate(dict.fromkeys(a.labels + b.labels))}
        key = self._key(a, b, keep, order, number)
        ways = self._made.get(key)
        if ways is None:
            new = [(f.node, *[number[x] for x in f.labels]) for f in self._ways(a, b, keep, order)]
            ways = self._made[key] = new[0] if len(new) == 1 else new
        node, *at = ways if isinstance(ways, tuple) else self._least(key, ways, a, b)
        mine = tuple(number)
        return Factor(node, [mine[k] for k in at])

    def _least(self, key, ways, a, b):
        """The first of the cheapest ways."""
        self._chosen += 1
        found = self._of_these.get(key)
        if found is None:
            known = _there(a.node, b.node)
            found = self._of_these[key] = min(ways, key=lambda way: self._work(way[0], known))
        return found

    def _key(self, a, b, keep, order, number):
        """What equal pairs have alike: numbers alone, of which the collector of garbage keeps no track. `number`: those of the labels."""
        sizes, serials = [self._number_of(x.size) for x in number], [x.serial for x in number]
        ranks = map(sorted(serials).index, serials)  # what has no place in the result is in order of creation
        last = [number[x] for x in order if x in number]
        kept = [x in keep for x in number]
        at = [number[x] for x in a.labels + b.labels]
        return a.node.number, b.node.number, *at, *kept, *sizes, *ranks, *self._seen(a), *self._seen(b), *last

    def _number_of(self, size):
        return self._sizes.setdefault(size, len(self._sizes))

    def _seen(self, f):
        """What pairs depend on beside nodes and labels: whether a factor is symmetric; for an inverse whether it is there, for those of a
        stack how often they are used.
        """
        node = f.node
        symmetric = self.graph.is_symmetric(node)
        if f.inverse:
            return symmetric, self.is_formed(node), None
        return symmetric, None, self.uses.get(node.number) if node.op == "inv" and node.ndim > 2 else None

    def _ways(self, a, b, keep, order):
        """The products of two factors that sizes tell apart, mostly one."""
        g = self.graph
        a, b = self._presum(a, b, keep), self._presum(b, a, keep)
        for way in (self._solve, self._selected, self._cumulated, self._light, self._solve_stack):
            done = way(a, b, keep) or way(b, a, keep)
            if done:
                return [done]
        a, b = formed(g, a), formed(g, b)
        common = [x for x in a.labels if x in b.labels]
        inner = [x for x in common if x not in keep]
        batch = [x for x in common if x in keep]
        if not inner:
            return [self._outer(a, b, order)]
        left = [x for x in a.labels if x not in common]
        right = [x for x in b.labels if x not in common]
        if batch or not left and not right:
            return [self._product(a, b, inner, batch, left, right)]
        if len(inner) == 1 and len(left) <= 1 and len(right) <= 1:
            matmul = self._matmul(a, b, inner[0], left, right)
            is_part = left and right and not {*left, *right} <= {*order}
            return [matmul, *(self._weighted_gram(a, b, inner[0]) if is_part else ())]  # of a whole product see `gram`
        return self._flat_products(a, b, inner, left, right)

    def _weighted_gram(self, a, b, s):
        """``X' (d X)`` as one operation, half of the work, where it is part of a larger product."""
        for f, other in ((a, b), (b, a)):
            d = _weights_of(f.node, other.node)
            if d is not None and f.labels.index(s) == other.labels.index(s) == 0:
                yield Factor(self.graph.make("weighted_gram", (f.node, d)), (f.labels[1], other.labels[1]))
                return

    def _solve(self, a, b, keep):
        """inverse(a) times b where they share one label that is summed, else None; both of two shared labels: a trace."""
        inner = self._solved_along(a, b, keep)
        b = formed(self.graph, b) if inner else b
        if not inner or len(b.labels) > 2:
            return None
        s = a.labels[COL] if a.labels[COL] in inner else inner[0]
        other = a.labels[ROW] if s is a.labels[COL] else a.labels[COL]
        rest = [x for x in b.labels if x is not s]
        rhs = ordered(self.graph, Val(b.node, b.labels), (s, *rest))
        turned = s is a.labels[ROW] and not self.graph.is_symmetric(a.node)
        node = self.graph.solve(self.graph.transpose(a.node) if turned else a.node, rhs)
        if other in rest:  # tr(inverse(a) b)
            return Factor(self.graph.make("trace", (node,), (0, 1)), ())
        return Factor(node, (other, *rest))

    def _solved_along(self, a, b, keep):
        """The summed labels that an inverse a shares with b, where it is better solved with than formed; none elsewhere."""
        if not a.inverse or len(set(a.labels)) != 2 or len(a.labels) != 2:
            return []
        if self.is_formed(a.node) and (len(b.labels) == 2 or b.inverse and not self.is_formed(b.node)):
            return []
        shared = [x for x in a.labels if x in b.labels]
        return [] if any(x in keep for x in shared) else shared

    def _solve_stack(self, a, b, keep):
        """The inverses of a stack of matrices times b, where they share one label that is summed, else None."""
        inverse = a.node
        if inverse.op != "inv" or inverse.ndim < 3:
            return None
        *stack, row, col = a.labels
        shared = [x for x in (row, col) if x in b.labels]
        rest = [x for x in b.labels if x not in a.labels]
        if len(shared) != 1 or shared[0] in keep or len(rest) > 1 or not all(x in keep for x in stack):
            return None
        if rest and self.uses.get(inverse.number, 0) > 1:
            return None
        g, (s,), last = self.graph, shared, len(stack)
        b = formed(g, b)  # it may be an inverse too, of one matrix for all
        matrices = inverse.args[0]
        if s is row:
            matrices = g.view(matrices, (*range(last), last + 1, last))
        at = b.labels.index
        b_axes = [at(x) if x in b.labels else None for x in (*stack, s, *rest)]
        node = g.solve(matrices, g.make("view", (b.node,), (*b_axes, *([] if rest else [None]))))
        if not rest:
            node = g.index(node, {last + 1: g.const(0)})
        return Factor(node, (*stack, row if s is col else col, *rest))

    def _selected(self, a, b, keep):
        """Rows of the identity times b: part of an axis of b; their transpose times b: b among zeros."""
        if a.node.op != "selector" or b.node.op == "selector" or b.inverse:
            return None
        short, long = a.labels
        size, dtype, start, stop, step = a.node.args
        new, old = (short, long) if long in b.labels and short not in b.labels else (long, short)
        if old not in b.labels or old in keep or new in b.labels:
            return None
        axis = b.labels.index(old)
        labels = [new if x is old else x for x in b.labels]
        if new is short:
            pattern = tuple("slice" if k == axis else None for k in range(b.node.ndim))
            return Factor(self.graph.make("slice", (b.node, start, stop, step), pattern), labels)
        return Factor(self.graph.make("pad", (b.node, size, start, stop, step), (axis,)), labels)

    def _light(self, a, b, keep):
        """A sum of the identity and of outer products times b, without that matrix."""
        return applied(self.graph, a, b, keep)

    def _cumulated(self, a, b, keep):
        """A triangle of ones times b: its cumulative sums."""
        return cumulated(self.graph, a, b, keep)

    def _outer(self, a, b, order):
        """The product without a sum; where it has more axes than both, they come in the order of the result."""
        g = self.graph
        vals = [Val(a.node, a.labels), Val(b.node, b.labels)]
        union = {*a.labels, *b.labels}
        if len(union) > max(len(a.labels), len(b.labels)) and union <= order.keys():
            labels = tuple(x for x in order if x in union)
            return Factor(g.mul(*(g.view(v.node, [v.labels.index(x) if x in v.labels else None for x in labels]) for v in vals)), labels)
        nodes, labels = align(g, vals)
        return Factor(g.mul(*nodes), labels)

    def _product(self, a, b, inner, batch, left, right):
        """A product over axes of which both factors have some that are kept, or over all axes."""
        g = self.graph
        if not batch and len(inner) == 1:
            return self._matmul(a, b, inner[0], left, right)
        if not batch:
            return Factor(g.make("dot", (a.node, ordered(g, Val(b.node, b.labels), a.labels))), ())
        if len(inner) == len(left) == len(right) == 1:
            first = ordered(g, Val(a.node, a.labels), (*batch, *left, *inner))
            second = ordered(g, Val(b.node, b.labels), (*batch, *inner, *right))
            return Factor(g.make("matmul", (first, second)), (*batch, *left, *right))
        names = {x: oe.get_symbol(k) for k, x in enumerate(dict.fromkeys((*a.labels, *b.labels)))}
        out = (*batch, *left, *right)
        word = lambda labels: "".join(names[x] for x in labels)  # noqa: E731
        spec = f"{word(a.labels)},{word(b.labels)}->{word(out)}"
        return Factor(g.make("einsum", (a.node, b.node), (spec,)), out)

    def _flat_products(self, a, b, inner, left, right):
        """Ways of a product over axes that no other factor has, which copy more or less."""
        ways = [self._flattened(a, b, inner, left, right), self._flattened(b, a, inner, right, left)]
        return [*ways, *(f for one, other in ((a, b), (b, a)) if (f := self._with_each(one, other, inner)) is not None)]

    def _work(self, node, known):
        """The work of a node where those with a number in `known` are there."""
        total, seen, stack = 0, set(known), [node]
        while stack:
            n = stack.pop()
            if n.number not in seen:
                seen.add(n.number)
                total += self.sizes.cost(n)
                stack += n.costly
        return total

    def _with_each(self, a, b, inner):
        """A matrix times each of a stack of matrices, whose rows it is summed with; None elsewhere."""
        if not self.stacks or len(inner) > 1 or len(a.labels) != 2 or len(b.labels) < 3 or b.labels[-2] is not inner[0]:
            return None
        (s,) = inner
        row = a.labels[0] if a.labels[1] is s else a.labels[1]
        if row in b.labels:
            return None
        return Factor(
            self.graph.make("matmul", (ordered(self.graph, Val(a.node, a.labels), (row, s)), b.node)), (*b.labels[:-2], row, b.labels[-1])
        )

    def _flattened(self, a, b, inner, left, right):
        """A product of matrices, the axes that belong together made one."""
        g = self.graph
        first = self._as_matrix(Val(a.node, a.labels), left, inner)
        second = self._as_matrix(Val(b.node, b.labels), inner, right)
        node = g.matmul(first, second)
        if len(left) > 1 or len(right) > 1:
            node = g.reshape(node, [self.size_of(x.size) for x in (*left, *right)])
        return Factor(node, (*left, *right))

    def _as_matrix(self, val, rows, columns):
        """An array with two groups of axes made its rows and its columns; a group of none is left out."""
        node = ordered(self.graph, val, (*rows, *columns))
        if len(rows) <= 1 and len(columns) <= 1:
            return node
        groups = [group for group in (rows, columns) if group]
        return self.graph.reshape(node, [self.graph.mul(*(self.size_of(x.size) for x in group)) for group in groups])

    def _matmul(self, a, b, s, left, right):
        """A product of vectors and matrices along one label, on the side that needs fewer transposes; a symmetric one needs none."""
        as_given = self._turns(a, (*left, s)) + self._turns(b, (s, *right))
        if len(b.labels) == 1 or len(a.labels) == 2 and self._turns(b, (*right, s)) + self._turns(a, (s, *left)) < as_given:
            a, b, left, right = b, a, right, left
        if len(b.labels) == 2 and len(a.labels) == 1 and not self._turns(b, (*right, s)):
            a, b, left, right = b, a, right, left
        node = self.graph.matmul(self._in_order(a, (*left, s)), self._in_order(b, (s, *right)))
        return unturned(node, (*left, *right))

    def _turns(self, f, labels):
        """Whether a factor is transposed where its labels are to be in this order."""
        return tuple(f.labels) != labels and not self.graph.is_symmetric(f.node)

    def _in_order(self, f, labels):
        return ordered(self.graph, Val(f.node, f.labels), labels) if self._turns(f, labels) else f.node


def _weights_of(x, node):
    """The vector d where the node is ``d[i] x[i, j]``, else None."""
    if node.op != "mul" or len(node.args) != 2 or not any(a is x for a in node.args):
        return None
    weights = node.args[0] if node.args[1] is x else node.args[1]
    return weights.args[0] if weights.op == "view" and weights.attrs == (0, None) else None


def _there(*nodes):
    """The numbers of what is there where these nodes are factors: what they show, and for rows that are scaled what they are made of, since
    they need not be.
    """
    parts = {x.number for node in nodes for x in _views(node)}
    for x, node in (nodes, nodes[::-1]):
        if _weights_of(x, node) is not None:
            parts = parts - {node.number} | {y.number for a in node.args for y in _views(a)}
    return parts


def _views(node):
    """A node and what it shows: the view of a view is one of that."""
    yield node
    while node.op == "view":
        node = node.args[0]
        yield node
