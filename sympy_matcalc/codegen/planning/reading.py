"""Reads nodes as sums of products: those that have no other use are taken apart."""

from sympy import S

from ..ir.labels import Label
from ..ir.product import Factor, Product, put_in
from ..ir.terms import is_scaled, new_labels, one_factor, scalars
from .shared import Shared

LEAST = 3  # axes of a sum that may be taken apart although it has several uses


def is_sum(node):
    """Whether a node is read as a sum of products."""
    return node.kind.terms is not one_factor


def is_sum_of_products(node):
    """Whether a node is a sum of three axes or more that products are in: a difference of points is none, and keeps its digits."""
    return node.op == "add" and node.ndim >= LEAST and any(is_product(a) for a in node.args)


def is_product(node):
    """Whether a node is a product of arrays, turned or scaled."""
    while node.op == "view" or node.op == "mul" and is_scaled(node):
        node = node.args[-1]
    return node.op == "contract"


def _is_squared(node, users):
    """Whether a node is met by one product alone, twice: a Gram matrix, of which half is computed."""
    return len(users) == 2 and users[0] is users[1]


def _is_outer(node):
    """Whether a product is one of parts that have fewer axes each, and so are less to keep; or a sum of such products."""
    if node.op == "add":
        return all(map(_is_outer, node.args))
    if node.op == "view" and None not in node.attrs or node.op == "mul" and is_scaled(node):
        return _is_outer(node.args[-1])
    if node.op != "contract":
        return False
    output = set(node.attrs[2])
    return node.ndim > max(len(part & output) for part in _parts(_labels_of_factors(node), output))


def _is_entries_and_outer(node):
    """Whether a sum is of outer products and of arrays that no product of matrices is in, so that apart each costs no more than it."""
    return node.op == "add" and all(_is_outer(a) or _is_of_entries(a) for a in node.args) and any(map(_is_outer, node.args))


def _is_of_entries(node):
    """Whether it is an argument that is turned, scaled, or multiplied with vectors and with what is nearly the identity."""
    if node.op == "view" and None not in node.attrs or node.op == "mul" and is_scaled(node):
        return _is_of_entries(node.args[-1])
    if node.op == "contract" and not any(node.attrs[1]):
        matrices = [a for a in node.args[:-1] if a.ndim > 1 and not _is_near_identity(a)]
        return len(matrices) == 1 and _is_of_entries(matrices[0])
    return node.op == "arg"


def _is_near_identity(node):
    return node.op == "add" and {a.op if a.ndim else "number" for a in node.args} == {"eye", "number"}


def _labels_of_factors(node, own=None):
    """The labels of each factor of a product, and of the factors of those that are products. `own`: the names of the node's labels."""
    inputs, inverses, *_ = node.attrs
    name = lambda x: x if own is None else own.get(x, (node.number, x))  # noqa: E731
    for a, axes, inverse in zip(node.args, inputs, inverses, strict=False):
        if a.op == "contract" and not inverse:
            yield from _labels_of_factors(a, dict(zip(a.attrs[2], map(name, axes), strict=True)))
        else:
            yield set(map(name, axes))


def _parts(factors, output):
    """The labels of the factors that hang together by what is summed."""
    parts = []
    for own in factors:
        joined = [p for p in parts if (p & own) - output]
        parts = [p for p in parts if p not in joined] + [own.union(*joined)]
    return parts


class Reader:
    """`size_of` gives the node of a size; `shared`: what others have read. After `absorb`, `uses` has how often each node is an operand."""

    def __init__(self, size_of, shared=None):
        self._size_of, self._shared = size_of, shared or Shared()
        self._asked = []  # sizes, and their nodes, that what is being read depends on
        self.absorbed, self.uses, self._read = set(), {}, {}

    def absorb(self, order, roots):
        """Nodes that are only operands of sums and products: those may be taken apart."""
        users = {}
        for node in order:
            for k, a in enumerate(node.args):
                users.setdefault(a.number, []).append(self._takes_apart(node, k) and node.op)
        for r in roots:
            users.setdefault(r.number, []).append(False)
        self.uses = {number: len(found) for number, found in users.items()}
        self.absorbed = {n.number for n in order if self._may_be_absorbed(n, users.get(n.number, []))}
        self.absorbed |= self._met_in_one_sum(order, users)
        self._read = self._shared.readings.setdefault(frozenset(self.absorbed), {})

    def size_of(self, size):
        """The node of a size."""
        node = self._size_of(size)
        self._asked.append((size, node))
        return node

    def _once(self, key, find):
        """What `find` gives, or what it gave to another reader with the same nodes for the sizes that it asked for."""
        found = self._read.get(key)
        if found is None or any(self._size_of(size) is not node for size, node in found[1]):
            before, self._asked = self._asked, []
            found = self._read[key] = find(), self._asked
            self._asked = before
        self._asked += found[1]
        return found[0]

    def _met_in_one_sum(self, order, users):
        """Sums of three axes and more that several products meet, all of them part of one sum: multiplied out, none of them is left."""
        above, hosts, found = {}, {}, set()
        for node in order:
            for a in node.args:
                above.setdefault(a.number, []).append(node)
        for node in reversed(order):
            number = node.number
            met = {hosts[u.number] for u in above.get(number, ())}
            if number not in self.absorbed and len(met) == 1 and all(users[number]) and is_sum_of_products(node):
                if not _is_squared(node, above[number]):
                    found.add(number)
            hosts[number] = min(met) if len(met) == 1 and number in self.absorbed | found else number
        return found

    @staticmethod
    def _takes_apart(node, k):
        if node.op == "contract":
            return k < len(node.attrs[1]) and not node.attrs[1][k]
        if node.op == "mul":
            return node.args[k].ndim > 0 and is_scaled(node)
        return node.op in ("add", "view", "sum") and node.args[0].ndim > 0 or node.op == "add_diagonal" and k == 0

    @staticmethod
    def _may_be_absorbed(node, users):
        if not is_sum(node) or not node.ndim or not all(users) or node.op == "mul" and not is_scaled(node):
            return False
        if node.op == "inv" and node.ndim > 2:  # of a stack: one array
            return False
        if node.op in ("view", "inv") or len(users) == 1:
            return True
        return node.op == "contract" and all(u in ("add", "view", "mul") for u in users) or _is_outer(node) or _is_entries_and_outer(node)

    def terms_of(self, node, top=False):
        """A node as a sum of products; one that is not to be taken apart as one factor. Nobody may change the list."""
        rule = node.kind.terms if top or node.number in self.absorbed else one_factor
        return self._once((rule, node), lambda: rule(node, self))

    def with_inner(self, term, f, inner):
        """The term with its factor f replaced by the product `inner`, flat."""
        return self._once((term, f, inner), lambda: self.flat(put_in(term, f, inner, self.size_of)))

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
            labels = new_labels(array)
            out = [Label(S.One) if k is None else labels[k] for k in node.attrs] if node.op == "view" else labels
            coefs = [c for x in node.args[:-1] for c in scalars(x)] if node.op == "mul" else []
            return Product(coefs, [Factor(array, labels)], out)
        found = self.terms_of(node)
        return found[0] if len(found) == 1 else None
