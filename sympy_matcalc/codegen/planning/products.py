"""A product of factors, the cheapest way that was found."""

from collections import Counter
from math import inf

from ..ir.product import Factor
from ..ir.terms import is_scaled
from ..network import diagonals
from .move import Stage
from .moves import moves_at
from .nodes import behind, is_turned
from .ways import Task


class Products:
    """`planner` gives the planned nodes of factors and of sizes. `chains`: products of matrices that have been made, from either end."""

    def __init__(self, planner):
        self.planner, self.graph, self.steps = planner, planner.graph, planner.steps
        self.ledger, self.rebuild, self.chains = planner.ledger, planner.rebuild, {}
        self.forms = {}  # products of three axes and more, by what they are of
        self.shared = Counter()  # see `ways.shared_pairs`
        self._moves = moves_at(Stage.PRODUCT)
        self._found = {}  # by the factors and what was decided: one product is part of many forms of a sum

    def product(self, factors, keep, order, scale=None, lie=None):
        """(node, labels) of a product of factors, the cheapest that was found. `lie`: how its axes should lie, if that costs nothing."""
        scale = self.graph.const(1) if scale is None else scale
        own = self._task(factors, keep, order, scale)
        if len(own.factors) == 1 and own.factors[0].inverse:
            self.ledger.tried.add(own.factors[0].node.number)
        task = self._known(own)
        key = task.serial, self.ledger.state
        if key not in self._found:
            self._found[key] = self._cheapest(task)
        found = node, labels = self._found[key]
        turned = None if lie is None else self._turned(node, labels, _renamed(lie, own.labels, task.labels))
        node, labels = turned or found
        self._remember(task, (node, labels), anew=turned is not None)
        return node, _renamed(labels, task.labels, own.labels)

    def _known(self, task):
        """The task with other names of its labels that was met before, by any plan; else this one."""
        tasks, key = self.planner.shared.tasks, task.key
        found = tasks.setdefault(key, task)
        if found is task:
            task.serial = len(tasks)
        return found

    def _turned(self, node, labels, lie):
        """A product of two matrices with its axes as they should lie; None where it lies so, is made already, or is none."""
        *scale, product = node.args if node.op == "mul" and is_scaled(node) else (node,)
        matrix, as_it_lies = behind(product), labels[::-1] if is_turned(product) else labels
        if matrix.op != "matmul" or any(a.ndim != 2 for a in matrix.args) or matrix.number in self.ledger.committed:
            return None
        if as_it_lies == lie or set(labels) != set(lie):
            return None
        g = self.graph
        turned = g.make("matmul", tuple(g.transpose(a) for a in reversed(matrix.args)))
        return None if turned is matrix else (g.mul(*scale, turned), lie)

    def _cheapest(self, task):
        found, least, priced = None, inf, set()
        for move in self._moves:
            for new in move.make(self, task):
                if new[0].number in priced:
                    continue
                priced.add(new[0].number)
                price = self.ledger.price(new[0])
                if price < least:
                    found, least = new, price
        return found

    def _task(self, factors, keep, order, scale):
        """The task with planned factors, and with their scalars in its scale."""
        g = self.graph
        factors = [diagonals(g, self.ready(f)) for f in factors]
        if len(factors) > 1:
            coefs, factors = self._coefficients(factors)
            scale = g.mul(scale, *coefs) if coefs else scale
        return Task(factors, keep, scale, dict.fromkeys(order))

    def _remember(self, task, found, *, anew=False):
        """Note a product under its form, that of a chain of matrices under the chain, and under that of its transpose."""
        node, labels = found
        if task.form is not None and task.scale.value == 1 and len(labels) == len(task.order):
            self.forms.setdefault(task.form.key, (node, tuple(map(task.form.labels.index, labels))))
        if task.chain is None or task.scale.value != 1 or len(labels) != 2:
            return
        order = tuple(task.order)
        for chain, found in ((task.chain, (node, labels == order)), (task.chain_back, (node, labels != order))):
            if anew or chain not in self.chains:
                self.chains[chain] = found

    def ready(self, f):
        """A factor with its planned node."""
        f = Factor(f.node if f.planned else self.planner.node_of(f.node), f.labels, f.inverse, planned=True)
        if is_turned(f.node):
            return Factor(f.node.args[0], f.labels[::-1], f.inverse, planned=True)
        return f

    def _coefficients(self, factors):
        """(scalars, factors) with the scalars that are factors of the planned arrays apart."""
        coefs, out = [], []
        for f in factors:
            numbers, node = ([], f.node) if f.inverse else self.rebuild.unscaled(f.node)
            coefs += numbers
            labels = f.labels
            if is_turned(node):
                node, labels = node.args[0], labels[::-1]
            out.append(Factor(node, labels, f.inverse, planned=True))
        return coefs, out


def _renamed(labels, old, new):
    """Labels that have other names."""
    return labels if old is new else tuple([new[old.index(x)] for x in labels])
