"""Weights beside exponentials: where each exp(z) meets the same weights b, both may be replaced by |b| exp(z) and the phases of b.

Weights of 0 then have no part in the largest exponent, and what they multiply cannot overflow.

>>> from sympy import MatrixSymbol, exp, log, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.codegen.steady.shift import shifted
>>> m, n = symbols("m n", integer=True, positive=True)
>>> Z, b = MatrixSymbol("Z", m, n), MatrixSymbol("b", n, 1)
>>> E = Z.applyfunc(exp)
>>> before_and_after(shifted, (E*b).applyfunc(log))  # doctest: +ELLIPSIS
before: log(sum(exp(Z)[ij] b[j] -> i))
after:  log(sum(exp((Z + where(compare(b, 0; ==), -1e+38, log(where(...))) + -1*view(...))[ij] quotient(b, where(...))[j] -> i)) + max(...)

What is also needed without them has the largest exponent as it is:

>>> before_and_after(shifted, E.T*(E*b).applyfunc(lambda s: 1/s))
before: sum(exp(Z)[ij] (sum(exp(Z)[ij] b[j] -> i)**-1)[i] -> j)
after:  sum(exp(Z + -1*view(max(real(Z); 1); 0, None))[ij] (sum(exp(Z + -1*view(max(real(Z); 1); 0, None))[ij] b[j] -> i)**-1)[i] -> j)
"""

from .degrees import ZERO, Degrees, of_operands
from .walk import called

LEAST = -1e38  # as a logarithm of 0: finite in single precision too, since the difference of two infinite ones is no number


def weighted(degrees, order, roots):
    """Degrees with the weights that all of the exponentials meet, None where there are none."""
    for b, axes in dict.fromkeys(found for node in order for found in _weights(degrees, node)):
        new = Weighted(degrees, b, axes, order)
        if new.fits(order, roots):
            return new
    return None


def _weights(degrees, node):
    """The factors beside the exponentials, each with the axes of theirs that it has, where the node sums a product of them."""
    if node.op != "contract":
        return
    inputs, inverses, output, _ = node.attrs
    for a, labels in zip(node.args, inputs):  # noqa: B905  the last operand is the scale
        if degrees.multiple(a) is None or len(set(labels)) < len(labels):
            continue
        for b, at, inverse in zip(node.args, inputs, inverses):  # noqa: B905
            if inverse or len(set(at)) < b.ndim or not set(at) <= set(labels) - set(output) or degrees.of(b) != ZERO:
                continue
            if b.ndim == 1 or b.ndim < a.ndim:  # as many logarithms as exponentials would take twice the time
                yield b, tuple(labels.index(x) for x in at)


class Weighted(Degrees):
    """Degrees as they are, of nodes that do not change where exp(z) is multiplied by c, and b divided by it. axes: those of b among z's."""

    def __init__(self, degrees, b, axes, order):
        self.first, self.b, self.axes = degrees, b, axes
        self._second = {}  # degrees by c
        self._holds, self._as_is = set(), set()  # numbers of nodes: with exp(z) in them; with b in a form that has no degree, which stay
        super().__init__(degrees.z, degrees.kept, order)

    def matters(self, node):
        return self.first.matters(node) or not self._is_whole(node)

    def meet(self, node):
        where = node.args[0] if called(node, "log") is not None else node
        return super().meet(node) and node.number not in self._as_is and self._is_whole(where)

    def _degree(self, node):
        if self.multiple(node) is not None or any(a.number in self._holds for a in node.args):
            self._holds.add(node.number)
        second = self._by_weights(node)
        if second is None and not any(map(self._is_moved, node.args)):
            second = ZERO
            self._as_is.add(node.number)
        self._second[node.number] = second
        return None if second is None else self.first.of(node)

    def _is_moved(self, node):
        """Whether there are exponentials in it that are to be in range, in a node that is not as it was."""
        return node.number in self._holds and (self.first.matters(node) or not self._is_whole(node))

    def _by_weights(self, node):
        multiple = self.multiple(node)
        if multiple is not None:
            return -multiple, self.axes
        if node is self.b:
            return 1, tuple(range(node.ndim))
        return of_operands(node, [self._second[a.number] for a in node.args], self.axes)

    def fits(self, order, roots):
        """Whether no exponential that has been in range is left without its weights."""
        left = {node.number for node in order if self.first.of(node) == ZERO and self._is_moved(node)}
        logs = [node for node in order if called(node, "log") is not None and self.first.matters(node.args[0])]
        return (
            all(self._is_whole(node.args[0]) for node in logs)
            and not any(r.number in left for r in roots)
            and not any(a.number in left for node in order if self.of(node) is None for a in node.args)
            and not any(self.first.of(node) is not None and self._second[node.number] is None for node in order)
        )

    def _is_whole(self, node):
        return self._second[node.number] == ZERO

    def size_and_phase(self, g):
        """(log |b|, b/|b|), of a weight of 0 a large negative number, and 0."""
        b = self.b
        none = g.compare("==", b, g.const(0))
        size = g.where(none, g.const(1.0), g.call("abs", b))
        return g.where(none, g.const(LEAST), g.call("log", size)), g.call("quotient", b, size)
