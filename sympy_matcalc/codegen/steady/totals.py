"""Sums of exponentials that divide, and what they are together with the exponentials that they have in them: shares, none out of range.

A cumulative sum ``T_i = c + exp(z_1) + ... + exp(z_i)`` has a logarithm l that does not fall, so that ``exp(z_j)/T_i``, of j up to i, is
``exp(z_j - l_j)`` times ``exp(l_j - l_i)``; neither is above 1. The second one is a matrix, the `decay`, that is applied to an array as the
triangle of ones is. A sum over pairs ``T_ij = exp(x_i) + exp(y_j)`` has for shares the logistic function of differences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any

from ..ir.graph import Graph
from ..ir.labels import Label
from ..ir.node import Node, without
from ..ir.product import Factor, Product
from ..ir.terms import new_labels
from .exponents import Exponent, less_zeros
from .walk import called, flat_factors, number_and_rest, raised


@dataclass(frozen=True)
class Partner:
    """What takes the place of a quotient by a total and of `used`, its counterparts. masks: zeros and ones that are part of it, which may
    be that of others too.
    """

    used: list[Factor]
    factors: list[Factor]
    scalars: list[Node] = field(default_factory=list)
    masks: list[Factor] = field(default_factory=list)


@dataclass(frozen=True)
class Cumulative:
    """``number +`` the cumulative sum of an exponential times vectors of weights, from the top or from the bottom."""

    exponential: Node
    forward: bool
    number: float = 0
    weights: tuple[Node, ...] = ()

    @property
    def exponentials(self) -> tuple[Node, ...]:
        return (self.exponential,)

    def log(self, g: Graph) -> Node:
        """The logarithm, in range where the exponentials are not."""
        scale = self._scale(g)
        return g.add(scale, g.call("log", self._rest(g, scale))) if self.weights else scale

    def _scale(self, g: Graph) -> Node:
        """The logarithm of the sum with the sizes of the weights."""
        (z,) = self.exponential.args
        z = Exponent(z, (), 1, 1, tuple((w, (0,)) for w in self.weights)).with_sizes(g) if self.weights else z
        scale = _column(g, "cumulative", z, (), ("cumlogsumexp", self.forward))
        if not self.number:
            return scale
        least = g.const(log(self.number))
        return g.add(g.call("softplus", g.add(scale, g.mul(g.const(-1), least))), least)

    def _rest(self, g: Graph, scale: Node) -> Node:
        """The sum over the exponential of that; 1 without weights."""
        less = g.mul(g.const(-1), scale)
        total = _column(g, "decayed", g.mul(*self.weights, self._share(g, less, self.weights)), (scale,), (self.forward,))
        return g.add(total, g.mul(g.const(self.number), g.call("exp", less))) if self.number else total

    def _share(self, g: Graph, less: Node, beside: Sequence[Node]) -> Node:
        """The exponential over the sum up to it, 0 where a weight beside it is 0."""
        exponent = g.add(self.exponential.args[0], less)
        for w in beside:
            exponent = less_zeros(g, exponent, w, (0,))
        return g.call("exp", exponent)

    def partner(self, g: Graph, left: Sequence[Factor], at: tuple[Label, ...]) -> Partner | None:
        """The share of an exponential among some factors, at a label of the total; None where there is none that is part of the total."""
        (row,) = at
        for f in (f for f in left if f.node is self.exponential):
            (column,) = f.labels
            place = (row, column) if self.forward else (column, row)
            mask = next((m for m in left if is_lower_ones(m.node) and m.labels == place), None)
            if mask is None and column is not row:
                continue
            scale = self._scale(g)
            beside = [w for w in self.weights if any(x.node is w and x.labels == (column,) for x in left)]
            new = [Factor(self._share(g, g.mul(g.const(-1), scale), beside), (column,))]
            if self.weights:
                new.append(Factor(g.pow(self._rest(g, scale), g.const(-1)), (row,)))
            if mask is None:
                return Partner([f], new)
            decay = g.make("decay", (scale,), ("tril" if self.forward else "triu",))
            return Partner([f], [*new, Factor(decay, (row, column))], masks=[mask])
        return None


def _column(g: Graph, op: str, x: Node, more: Sequence[Node], attrs: tuple[Any, ...]) -> Node:
    """An operation down the columns, on a vector."""
    return g.index(g.make(op, (g.view(x, (0, None)), *more), attrs), {1: g.const(0)})


@dataclass(frozen=True)
class Pairs:
    """The sum of two exponentials, each along an axis of its own, in the order of the axes."""

    exponentials: tuple[Node, ...]

    def partner(self, g: Graph, left: Sequence[Factor], at: tuple[Label, ...]) -> Partner | None:
        """The share of an exponential among some factors, at two labels of the total; None where there is none that is part of it."""
        for f in left:
            k = next((k for k, e in enumerate(self.exponentials) if f.node is e and f.labels == (at[k],)), None)
            if k is None:
                continue
            own, other = self.exponentials[k].args[0], self.exponentials[1 - k].args[0]
            less = g.mul(g.const(-1), other)
            if at[0] is not at[1]:
                return Partner([f], [Factor(g.call("expit", g.add(g.view(own, (0, None)), less)), (at[k], at[1 - k]))])
            if own is other:
                return Partner([f], [], [g.const(0.5)])
            return Partner([f], [Factor(g.call("expit", g.add(own, less)), at[:1])])
        return None


def share_of_pair(g: Graph, node: Node) -> Node | None:
    """A product with ``exp(x_i)/(exp(x_i) + exp(y_j))`` with the logistic function of ``x_i - y_j`` for it; None where it has none.

    >>> from sympy import MatrixSymbol, OneMatrix, exp, log, symbols
    >>> from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
    >>> from sympy_matcalc.codegen.example import before_and_after
    >>> from sympy_matcalc.codegen.steady.logistic import logistics
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> E, ones = x.applyfunc(exp), OneMatrix(n, 1)
    >>> before_and_after(logistics, HadamardProduct(E*ones.T, HadamardPower(E*ones.T + ones*E.T, -1)).applyfunc(log))
    before: log(view(exp(x); 0, None)*(view(exp(x); 0, None) + exp(x))**-1)
    after:  -1*softplus(-1*(view(x; 0, None) + -1*x))
    """
    for quotient in node.args if node.ndim == 2 else ():
        base, p = raised(quotient)
        pair = total_of(base) if p == -1 else None
        if not isinstance(pair, Pairs):
            continue
        column, row = pair.exponentials
        for f in node.args:
            own = f.op == "view" and f.attrs == (0, None) and f.args[0] is column
            if own or f is row:
                across = g.add(g.view(column.args[0], (0, None)), g.mul(g.const(-1), row.args[0]))
                return g.mul(g.call("expit", across if own else g.mul(g.const(-1), across)), *without(node.args, quotient, f))
    return None


@dataclass(frozen=True)
class Mixture:
    """``number +`` a matrix times an exponential. turned: whether it is the transpose of the matrix."""

    exponential: Node
    matrix: Node
    turned: bool
    total: Node

    @property
    def exponentials(self) -> tuple[Node, ...]:
        return (self.exponential,)

    def partner(self, g: Graph, left: Sequence[Factor], at: tuple[Label, ...]) -> Partner | None:
        """An exponential with its weights over the total, as one array, which a scale of the exponentials leaves as it is."""
        (row,) = at
        for f in (f for f in left if f.node is self.exponential):
            (column,) = f.labels
            place = (column, row) if self.turned else (row, column)
            weights = next((m for m in left if m.node is self.matrix and m.labels == place and not m.inverse), None)
            if weights is not None:
                array = g.transpose(self.matrix) if self.turned else self.matrix
                share = g.mul(array, self.exponential, g.view(g.pow(self.total, g.const(-1)), (0, None)))
                return Partner([f, weights], [Factor(share, (row, column))])
        return None


Total = Cumulative | Pairs | Mixture


def total_of(node: Node, mixtures: bool = False) -> Total | None:
    """A node as such a sum; None where it is of another kind. mixtures: whether the weights may be a matrix."""
    if node.op == "add" and node.ndim == 2 and len(node.args) == 2:
        first = [called(a.args[0], "exp") and a.args[0] for a in node.args if a.op == "view" and a.attrs == (0, None)]
        second = [a for a in node.args if a.ndim == 1 and called(a, "exp") is not None]
        return Pairs((first[0], second[0])) if len(first) == len(second) == 1 and first[0] is not None else None
    number, rest = number_and_rest(node)
    found = _cumulated(rest[0]) if node.ndim == 1 and len(rest) == 1 and not isinstance(number, complex) and number >= 0 else None
    if found is None:
        return _mixture(node, rest) if mixtures else None
    factors = flat_factors(found[0])
    own = [f for f in factors if called(f, "exp") is not None]
    if len(own) != 1 or any(f.ndim != 1 for f in factors):
        return None
    return Cumulative(own[0], found[1], number, tuple(without(factors, own[0])))


def _mixture(node: Node, rest: Sequence[Node]) -> Mixture | None:
    inner = rest[0] if node.ndim == 1 and len(rest) == 1 else node
    if inner.op != "contract" or len(inner.args) != 3 or inner.args[2].value != 1 or any(inner.attrs[1]):
        return None
    for a, b in ((0, 1), (1, 0)):
        matrix, e = inner.args[a], inner.args[b]
        inputs, _, output, _ = inner.attrs
        if e.ndim == 1 and called(e, "exp") is not None and matrix.ndim == 2 and len(output) == 1 and output != inputs[b]:
            return Mixture(e, matrix, inputs[a] != (*output, *inputs[b]), node) if set(inputs[a]) == {*output, *inputs[b]} else None
    return None


def exponentials_of_totals(order: Sequence[Node], mixtures: bool = False) -> list[list[Node]]:
    """The exponentials of cumulative sums and of sums over pairs that divide, those together that are in one sum."""
    groups: list[list[Node]] = []
    for n in order:
        total = total_of(n.args[0], mixtures) if n.op == "pow" and n.ndim else None
        if total is not None:
            own = [g for g in groups if any(e in g for e in total.exponentials)]
            groups = [g for g in groups if g not in own] + [list(dict.fromkeys([e for g in own for e in g] + [*total.exponentials]))]
    return groups


def _cumulated(node: Node) -> tuple[Node, bool] | None:
    """(x, whether from the top) where the node is the cumulative sum of a vector, by itself or as a triangle of ones times it."""
    if node.op == "index" and node.attrs == (None, 0) and node.args[1].value == 0:
        inner = node.args[0]
        column = inner.args[0] if inner.op == "cumulative" and inner.attrs[0] == "cumsum" else inner
        if column.op == "view" and column.attrs == (0, None) and column is not inner:
            return column.args[0], inner.attrs[1]
        return None
    if node.op != "contract" or len(node.args) != 3 or node.args[2].value != 1 or any(node.attrs[1]):
        return None
    for a, b in ((0, 1), (1, 0)):
        ones, x = node.args[a], node.args[b]
        inputs, _, output, _ = node.attrs
        if is_ones(ones) and x.ndim == 1 and set(inputs[a]) == {*output, *inputs[b]} and len(output) == 1 and output != inputs[b]:
            return x, (ones.attrs == ("tril",)) == (inputs[a] == (*output, *inputs[b]))
    return None


def is_ones(node: Node) -> bool:
    """Whether a node is a triangle of ones with its diagonal."""
    if node.op != "triangle" or node.shape[0] != node.shape[1]:
        return False
    ones, offset = node.args
    return ones.op == "full" and ones.args[0].value == 1 and offset.value == 0


def is_lower_ones(node: Node) -> bool:
    return is_ones(node) and node.attrs == ("tril",)


def lower(g: Graph, f: Factor) -> Factor:
    """A triangle of ones as a lower one; another factor as it is."""
    return Factor(g.make("triangle", f.node.args, ("tril",)), f.labels[::-1]) if is_ones(f.node) and f.node.attrs == ("triu",) else f


def as_triangle(g: Graph, node: Node, size_of: Callable[[Any], Node]) -> Product | None:
    """A cumulative sum as a triangle of ones times an array; None where the node is none."""
    vector = node.op == "index" and node.attrs == (None, 0) and node.args[1].value == 0 and node.args[0].op == "cumulative"
    inner = node.args[0] if vector else node
    if inner.op != "cumulative" or inner.attrs[0] != "cumsum" or inner.ndim != 2:
        return None
    array = inner.args[0]
    if vector and (array.op != "view" or array.attrs != (0, None)):
        return None
    array = array.args[0] if vector else array
    labels, size = new_labels(array), size_of(array.shape[0])
    out = Label(array.shape[0])
    ones = g.make("triangle", (g.full(g.const(1), [size, size]), g.const(0)), ("tril",))
    mask = Factor(ones, (out, labels[0]) if inner.attrs[1] else (labels[0], out))
    return Product((), [mask, Factor(array, labels)], (out, *labels[1:]))
