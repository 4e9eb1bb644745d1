"""Reads nodes as sums of products: those that have no other use are taken apart."""

from sympy import S

from ..graph import ELEMENTWISE
from ..network import Factor
from ..values import Label
from .nodes import is_scaled, scalars
from .sizes import SHAPE_OF_FIRST, Axis
from .terms import Term, put_in

SUMS = {"contract", "add", "view", "mul", "add_diagonal", "inv", "sum"}


class Reader:
    """`sizes` gives numbers for sizes, `size_of` the node of a size. After `absorb`, `uses` has how often each node is an operand."""

    def __init__(self, sizes, size_of):
        self.sizes, self.size_of = sizes, size_of
        self.absorbed, self.uses, self._axes = set(), {}, {}

    def absorb(self, order, roots):
        """Nodes that are only operands of sums and products: those may be taken apart."""
        users = {}
        for node in order:
            self._axes[node.number] = self._sizes_of_axes(node)
            for k, a in enumerate(node.args):
                users.setdefault(a.number, []).append(self._takes_apart(node, k) and node.op)
        for r in roots:
            users.setdefault(r.number, []).append(False)
        self.uses = {number: len(found) for number, found in users.items()}
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

    def labels(self, node):
        """New labels for the axes of a node."""
        return [Label(s) for s in self._axes[node.number]]

    def _sizes_of_axes(self, node):
        """The sizes of the axes of a node, 1 for one that is only broadcast: as SymPy has them, or of an array that is never the node
        itself where that can be taken apart, so that its size can be told before it is planned.
        """
        axes = [self._axes[a.number] for a in node.args]
        if node.op == "contract":
            _, _, output, sizes = node.attrs
            return [sizes[k] for k in output]
        if node.op == "arg":
            return [s for s in node.attrs[0].shape if s != 1]
        if node.op == "declared":
            return list(node.attrs[2])
        if node.op == "view":
            return [S.One if k is None else axes[0][k] for k in node.attrs]
        if node.op == "sum":
            return [s for k, s in enumerate(axes[0]) if k not in node.attrs]
        if node.op in ELEMENTWISE:
            return [next((s[k] for s in axes if -k <= len(s) and s[k] != 1), S.One) for k in range(-node.ndim, 0)]
        if node.op in SHAPE_OF_FIRST and len(axes[0]) == node.ndim:
            return axes[0]
        return [Axis(node, k, n) for k, n in enumerate(self.sizes.shape(node))]

    def terms_of(self, node, top=False):
        """A node as a sum of products; one that is not to be taken apart as one factor."""
        if not (top or node.number in self.absorbed):
            return self._terms_leaf(node)
        return getattr(self, "_terms_" + node.op, self._terms_leaf)(node)

    def _terms_leaf(self, node):
        """A node as one factor; an axis that only broadcasts is none of the factor, since a product has it with its full size."""
        if node.op == "view" and None in node.attrs:
            node, attrs = node.args[0], node.attrs
        else:
            attrs = range(node.ndim)
        labels = self.labels(node)
        return [Term((), [Factor(node, labels)], (Label(S.One) if k is None else labels[k] for k in attrs))]

    def _terms_contract(self, node):
        inputs, inverses, output, sizes = node.attrs
        labels = [Label(s) for s in sizes]
        *arrays, scale = node.args
        factors = [Factor(a, (labels[k] for k in axes), inverse) for a, axes, inverse in zip(arrays, inputs, inverses, strict=True)]
        return [self.flat(Term(scalars(scale), factors, (labels[k] for k in output)))]

    def _terms_add(self, node):
        out = []
        for a in node.args:
            inner = self.terms_of(a) if a.ndim else [Term((a,), (), ())]
            if a.ndim < node.ndim and any(t.is_diagonal for t in inner):  # a diagonal is one of two axes
                inner = self._terms_leaf(a)
            out += [self._broadcast(t, node) for t in inner]
        return out

    def _broadcast(self, term, node):
        """A summand with the axes of the sum `node`: where it is constant, of the sizes that the others have."""
        held = {x for f in term.factors for x in f.labels}
        own = [None] * (node.ndim - len(term.out)) + [x if x in held or term.out.count(x) > 1 else None for x in term.out]
        return Term(term.coefs, term.factors, (Label(s) if x is None else x for x, s in zip(own, self._axes[node.number], strict=True)))

    def _terms_mul(self, node):
        if not is_scaled(node):
            return self._terms_leaf(node)
        *coefs, array = node.args
        return [Term((*(c for x in coefs for c in scalars(x)), *t.coefs), t.factors, t.out) for t in self.terms_of(array)]

    def _terms_view(self, node):
        out, inner = [], self.terms_of(node.args[0])
        if None in node.attrs and any(t.is_diagonal for t in inner):
            return self._terms_leaf(node)
        for t in inner:
            out.append(Term(t.coefs, t.factors, (Label(S.One) if k is None else t.out[k] for k in node.attrs)))
        return out

    def _terms_sum(self, node):
        labels = self.labels(node.args[0])
        out = [x for k, x in enumerate(labels) if k not in node.attrs]
        return [self.flat(Term((), [Factor(node.args[0], labels)], out))]

    def _terms_inv(self, node):
        if node.ndim != 2:
            return self._terms_leaf(node)
        a, b = self.labels(node)
        return [Term((), [Factor(node.args[0], (a, b), inverse=True)], (a, b))]

    def _terms_add_diagonal(self, node):
        base, diagonal = node.args
        if node.attrs != ("aa", "a") or node.ndim != 2:
            return self._terms_leaf(node)
        x = self.labels(node)[0]
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
            labels = self.labels(array)
            out = [Label(S.One) if k is None else labels[k] for k in node.attrs] if node.op == "view" else labels
            coefs = [c for x in node.args[:-1] for c in scalars(x)] if node.op == "mul" else []
            return Term(coefs, [Factor(array, labels)], out)
        found = self.terms_of(node)
        return found[0] if len(found) == 1 else None
