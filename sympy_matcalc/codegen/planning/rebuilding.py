"""Nodes with planned operands. What a later step can use better is moved out of them: transposes, scalar factors, signs."""

from ..ir.terms import is_scaled, scalars
from .nodes import at_hand, behind, is_new, is_turned


class Rebuilder:
    """`uses`: how often a planned node is an operand, by number."""

    def __init__(self, graph, uses):
        self.graph, self.uses = graph, uses

    def rebuilt(self, node, args):
        """The node with planned operands; what a later step can use better is taken out of it: a transpose, a scalar factor."""
        g = self.graph
        if (node.kind.elementwise or node.op == "float") and node.ndim == 2 and any(is_turned(a) and a.args[0].op != "arg" for a in args):
            if all(is_turned(a) or a.ndim < 2 or at_hand(a) or a.op == "view" and None in a.attrs for a in args):
                return g.transpose(self.rebuilt(node, [self._turned(a) for a in args]))
        if node.op in ("softmax", "log_softmax", "logsumexp") and node.attrs == (1,) and args[0].ndim == 2:
            return self._over_columns(node, args[0])
        if node.op == "mul" and node.ndim > 1:
            return self._scalars_first(args)
        if node.op == "add_diagonal" and node.attrs == ("aa", "a") and any(a is not b for a, b in zip(args, node.args, strict=True)):
            return self.on_diagonal(*args)
        return g.remake(node, args)

    def _turned(self, a):
        """An operand of an elementwise operation on matrices, for the operation on the transposes."""
        if a.ndim == 2:
            coefs, array = self.unscaled(a)
            return self.graph.mul(*coefs, self.graph.transpose(array))
        return self.graph.make("view", (a,), (0, None)) if a.ndim == 1 else a

    def _over_columns(self, node, array):
        """A reduction of the rows of a matrix as one of the columns of its transpose: NumPy is faster along the long axis of data, and a
        product gives either for the same price.
        """
        g = self.graph
        if array.op == "matmul" and all(a.ndim == 2 for a in array.args):
            array = g.transpose(g.make("matmul", tuple(g.transpose(a) for a in reversed(array.args))))
        if not is_turned(array):
            return g.make(node.op, (array,), node.attrs)
        new = g.make(node.op, (array.args[0],), (0,))
        return new if node.op == "logsumexp" else g.transpose(new)

    def _scalars_first(self, args):
        """An elementwise product with what is a single number apart from it, so that a product around it can take that."""
        g, numbers, arrays = self.graph, [], []
        for a in args:
            coefs, a = self.unscaled(a)
            numbers += coefs
            (arrays if a.ndim else numbers).append(a)
        arrays = self._overwritable_first(arrays)
        return g.mul(*numbers, g.mul(*arrays)) if numbers else g.mul(*arrays)

    def _overwritable_first(self, arrays):
        """The factors in an order in which NumPy can work in the memory of the first: a computed array, then squares factor by factor."""
        ndim = max((a.ndim for a in arrays), default=0)
        first = next((a for a in arrays if a.ndim == ndim and is_new(a) and a.op != "pow" and self.uses.get(a.number, 0) <= 1), None)
        if first is None:
            return arrays
        out = [first]
        for a in arrays:
            if a is not first:
                square = a.op == "pow" and a.args[1].value == 2 and at_hand(a.args[0]) and self.uses.get(a.number, 0) <= 1
                out += [a.args[0]] * 2 if square else [a]
        return out

    def unscaled(self, node):
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
        negative = [a for a in node.args if a.op == "mul" and len(a.args) == 2 and a.args[0].value == -1]
        plain = [a for a in node.args if a not in negative]
        minus = [a.args[1] for a in negative]
        if not plain or not all(behind(a).op == "arg" or a.ndim < node.ndim for a in plain) or not any(is_new(a) for a in minus):
            return None
        return g.add(*minus, *(g.mul(g.const(-1), a) for a in plain))

    def on_diagonal(self, base, value):
        """A matrix with something added to its diagonal."""
        inner = behind(base)
        node = self.graph.make("add_diagonal", (inner, value), ("aa", "a"))
        return node if inner is base else self.graph.transpose(node)
