"""Nodes with planned operands. What a later step can use better is moved out of them: transposes, scalar factors, signs."""

from ..ir.terms import is_scaled, scalars
from .move import Stage
from .moves import moves_at
from .nodes import behind, is_turned


class Rebuilder:
    """`uses`: how often a planned node is an operand, by number."""

    def __init__(self, graph, uses):
        self.graph, self.uses = graph, uses
        self._of_nodes, self._of_factors, self._of_operands = map(moves_at, (Stage.NODE, Stage.FACTORS, Stage.OPERAND))

    def rebuilt(self, node, args):
        """The node with planned operands, by the first move that has something to do."""
        for move in self._of_nodes:
            new = move.make(self, node, args)
            if new is not None:
                return new
        if node.op == "mul" and node.ndim > 1:
            return self.product(args)
        if node.op == "add_diagonal" and node.attrs == ("aa", "a") and any(a is not b for a, b in zip(args, node.args, strict=True)):
            return self.on_diagonal(*args)
        if is_turned(node):  # of what is planned as a transpose itself, maybe
            return self.graph.transpose(*args)
        return self.graph.remake(node, args)

    def product(self, arrays):
        """The elementwise product of arrays."""
        for move in self._of_factors:
            arrays = move.make(self, arrays)
        return self.graph.mul(*arrays)

    def unscaled(self, node):
        """(scalars, array): an array with its scalar factors, its sign among them, apart."""
        if node.op == "mul" and is_scaled(node) and len(node.args) > 1:
            return [c for x in node.args[:-1] for c in scalars(x)], node.args[-1]
        for move in self._of_operands:
            found = move.make(self, node)
            if found is not None:
                return found
        return [], node

    def on_diagonal(self, base, value):
        """A matrix with something added to its diagonal: at once with what is added there already."""
        inner = behind(base)
        if inner.op == "add_diagonal" and inner.attrs == ("aa", "a"):
            there, before = inner.args
            return self.on_diagonal(there if inner is base else self.graph.transpose(there), self.graph.add(before, value))
        node = self.graph.make("add_diagonal", (inner, value), ("aa", "a"))
        return node if inner is base else self.graph.transpose(node)
