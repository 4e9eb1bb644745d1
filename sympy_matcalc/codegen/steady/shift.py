"""Exponentials whose scale does not matter: where a quotient has the same degree in E = exp(z) above and below, a multiple of E will do.

Where operands that have degrees (`degrees`) meet in a node of degree 0, E may be softmax(z), whose sum is 1, or exp(z - max z) where its
plain sum does not occur; neither can overflow. The logarithm of a node of degree d is that of the node made so, plus d times log-sum-exp or
the maximum. So it is with softmax and log-sum-exp, weighted or not, with their derivatives of any order, and products of those. Weights b
that all of the exponentials meet are part of E, so that the largest is not one whose weight is 0: exp(z + log|b|), and b/|b| for b.

>>> from sympy import MatrixSymbol, OneMatrix, exp, log, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x, y, A = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("A", n, n)
>>> E = x.applyfunc(exp)
>>> before_and_after(shifted, (E.T*y)[0, 0]/(E.T*OneMatrix(n, 1))[0, 0])
before: sum(y[i] exp(x)[i] -> )*sum(exp(x); 0)**-1
after:  sum(y[i] softmax(x; 0)[i] -> )
>>> before_and_after(shifted, log((E.T*A*E)[0, 0]))
before: log(sum(A[ij] exp(x)[i] exp(x)[j] -> ))
after:  log(sum(A[ij] exp(x + -1*max(real(x); 0))[i] exp(x + -1*max(real(x); 0))[j] -> )) + 2*max(real(x); 0)

An exponential by itself has a scale that matters:

>>> before_and_after(shifted, (E.T*y)[0, 0])
before: sum(y[i] exp(x)[i] -> )
after:  sum(y[i] exp(x)[i] -> )
"""

from ..schedule import reachable
from .degrees import Degrees
from .walk import called
from .weights import weighted

ONE = "one"  # in the place of a node: an array of ones, which products leave out


class NotLeftOutError(Exception):
    """A sum that is 1 occurs where it cannot be left out."""


def shifted(g, roots, context):
    """The roots with the exponentials that only occur in ratios taken relative to their sum or the largest."""
    groups = _groups(reachable(roots))
    while groups:
        (z, kept), *groups = groups
        order = reachable(roots)
        new = _replaced(g, Degrees(z, kept, order), order, roots)
        if new:
            roots = [new[r.number] for r in roots]
            groups = [(new.get(z.number, z), kept) for z, kept in groups]  # a softmax in the exponent of another
    return roots


def _replaced(g, degrees, order, roots):
    """What takes the place of each node, by number; None where nothing changes."""
    try:
        return _Normalised(g, degrees).run(order)
    except NotLeftOutError:
        weights = weighted(degrees, order, roots)
        return Shifted(g, degrees).run(order) if weights is None else _Weighted(g, weights).run(order)


def _groups(order):
    """(z, axes of z that a scale may depend on), for each exp(z) under a sum, those with more axes first."""
    found = {}
    for node in order:
        for z, kept in _sums(node):
            found[z.number, kept] = z, kept
    return sorted(found.values(), key=lambda group: -len(group[1]))


def _sums(node):
    """The exponentials, and the axes of theirs that are left, where the node sums a product with one of them."""
    if node.op in ("sum", "norm"):
        array = node.args[0]
        for f in array.args if array.op == "mul" else (array,):
            z = called(f, "exp")
            if z is not None and z.ndim == array.ndim:
                yield z, tuple(k for k in range(z.ndim) if k not in node.attrs)
    elif node.op == "contract":
        inputs, _, output, _ = node.attrs
        for a, labels in zip(node.args, inputs):  # noqa: B905  the last operand is the scale
            for f in a.args if a.op == "mul" else (a,):
                z = called(f, "exp")
                if z is not None and z.ndim == len(labels) and not set(labels) <= set(output):
                    yield z, tuple(k for k, x in enumerate(labels) if x in output)


class Shifted:
    """The pass with exp(z - max z) for exp(z)."""

    def __init__(self, g, degrees):
        self.g, self.degrees, self.z = g, degrees, degrees.z
        self.gone = tuple(k for k in range(self.z.ndim) if k not in degrees.kept)
        self.plain, self.moved = {}, {}

    def run(self, order):
        if not any(map(self.degrees.meet, order)):
            return None
        self.start(order)
        for node in order:
            self._make(node)
        return self.plain

    def start(self, order):
        self.shift = self.reduced("max", self.g.call("real", self.z))  # a real shift keeps the branch of a logarithm
        rest = iter(range(self.shift.ndim))
        shift = self.g.view(self.shift, [None if k in self.gone else next(rest) for k in range(self.z.ndim)])
        self.less = self.g.add(self.z, self.g.mul(self.g.const(-1), shift))

    def reduced(self, op, z):
        return self.g.make(op, (z,), self.gone)

    def exponential(self, k):
        """What takes the place of exp(k z)."""
        return self.g.call("exp", self.g.mul(self.g.const(k), self.less))

    def _make(self, node):
        """The node as it is to be, and, where it has a degree, as it is with the exponentials replaced."""
        if self.degrees.matters(node):
            multiple = self.degrees.multiple(node)
            self.moved[node.number] = self.remade(node, self._operands(node)) if multiple is None else self.exponential(multiple)
        if not self.degrees.meet(node):
            self.plain[node.number] = self.g.remake(node, [self.plain[a.number] for a in node.args])
        elif node.op == "call":
            self.plain[node.number] = self._log(node, *self._operands(node))
        else:
            self.plain[node.number] = self.remade(node, self._operands(node))

    def _operands(self, node):
        return [(self.moved if self.degrees.matters(a) else self.plain)[a.number] for a in node.args]

    def remade(self, node, operands):
        return self.g.remake(node, operands)

    def _log(self, node, operand):
        """log of what has degree d: that of the replacement, and d times the shift."""
        g, (d, at) = self.g, self.degrees.of(node.args[0])
        if operand is ONE:
            raise NotLeftOutError
        by_axis = {axis: k for k, axis in enumerate(at)}
        shift = g.view(self.shift, [by_axis.get(k) for k in range(node.ndim)]) if node.ndim else self.shift
        return g.add(g.call("log", operand), g.mul(g.const(d), shift))


class _Weighted(Shifted):
    """The pass with |b| exp(z - max) for exp(z), and the phases of the weights b for b."""

    def start(self, order):
        degrees = self.degrees
        size, self.phase = degrees.size_and_phase(self.g)
        self.z = self.g.add(self.z, self.g.view(size, [degrees.axes.index(k) if k in degrees.axes else None for k in range(self.z.ndim)]))
        super().start(order)

    def remade(self, node, operands):
        return self.phase if node is self.degrees.b else self.g.remake(node, operands)


class _Normalised(Shifted):
    """The pass with softmax(z) for exp(z), where the sum of exp(z) occurs as such; it becomes 1."""

    def start(self, order):
        if not any(self._is_sum(node) for node in order):
            raise NotLeftOutError
        self.shift = self.reduced("logsumexp", self.z)
        self.softmax = self.g.make("softmax", (self.z,), self.gone)

    def _is_sum(self, node):
        return node.op == "sum" and node.attrs == self.gone and self.degrees.multiple(node.args[0]) == 1

    def exponential(self, k):
        return self.g.pow(self.softmax, self.g.const(k))

    def remade(self, node, operands):
        if self._is_sum(node) or operands[0] is ONE and node.op in ("pow", "view"):
            return ONE
        if not any(a is ONE for a in operands):
            return self.g.remake(node, operands)
        new = self._product(node, operands) if node.op == "mul" else self._contract(node, operands) if node.op == "contract" else None
        if new is None or new.ndim != node.ndim:
            raise NotLeftOutError
        return new

    def _product(self, node, operands):
        rest = [a for a in operands if a is not ONE]
        return self.g.mul(*rest) if rest else None

    def _contract(self, node, operands):
        """The contraction without the ones; their axes have to be those of others too."""
        g, (inputs, inverses, output, sizes) = self.g, node.attrs
        *factors, scale = operands
        scale = g.const(1) if scale is ONE else scale
        left = [k for k, f in enumerate(factors) if f is not ONE]
        if not left or not set().union(*inputs) <= {x for k in left for x in inputs[k]}:
            return None
        if len(left) == 1:
            return self._alone(factors[left[0]], inputs[left[0]], inverses[left[0]], output, scale)
        attrs = tuple(inputs[k] for k in left), tuple(inverses[k] for k in left), output, sizes
        return g.make("contract", (*(factors[k] for k in left), scale), attrs)

    def _alone(self, array, axes, inverse, output, scale):
        """What a contraction of one factor is; None for an inverse, or a trace."""
        if inverse or len(set(axes)) < len(axes):
            return None
        labels = [x for x in axes if x in output]
        total = self.g.sum(array, [axis for axis, x in enumerate(axes) if x not in output])
        return self.g.mul(scale, self.g.view(total, [labels.index(x) for x in output]))
