"""Sums of exponentials of several kinds, and of a number with them: all taken relative to the largest, ``c = max(0, z, w, ...)``.

Where such a sum divides, or is in a logarithm, it is exp(c) times what is left of it. Each node has a degree in exp(c) (`joint_degrees`); in
a product the degrees cancel before anything is out of range, in a sum what has a lower degree than the rest is multiplied by exp(-c). So the
logit model with an outside option is as steady as a softmax, and ``log(1 + sum exp z)`` as log-sum-exp.

>>> from sympy import MatrixSymbol, OneMatrix, exp, log, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> a, b, t = symbols("a b t")
>>> before_and_after(together, exp(a)/(exp(a) + exp(b)))
before: exp(a)*(exp(a) + exp(b))**-1
after:  exp(a + -1*minimum(maximum(real(a), real(b)), 1e+38))*(exp(a + -1*minimum(maximum(real(a), real(b)), 1e+38)) + exp(b + -1*minimum(maximum(real(a), real(b)), 1e+38)))**-1
>>> x = MatrixSymbol("x", n, 1)
>>> total = (x.applyfunc(exp).T*OneMatrix(n, 1))[0, 0]
>>> before_and_after(together, log(total + 1))
before: log1p(sum(exp(x); 0))
after:  log1p(sum(exp(x + -1*minimum(max_or_zero(real(x); 0), 1e+38)); 0) + expm1(-1*minimum(max_or_zero(real(x); 0), 1e+38))) + minimum(max_or_zero(real(x); 0), 1e+38)
>>> before_and_after(together, t*total/(total + 1)**2)
before: t*sum(exp(x); 0)*(sum(exp(x); 0) + 1)**-2
after:  t*sum(exp(x + -1*minimum(max_or_zero(real(x); 0), 1e+38)); 0)*exp(-1*minimum(max_or_zero(real(x); 0), 1e+38))*(sum(exp(x + -1*minimum(max_or_zero(real(x); 0), 1e+38)); 0) + exp(-1*minimum(max_or_zero(real(x); 0), 1e+38)))**-2

Weights are part of the exponents, by their logarithms: the largest exponential may be one whose weight is 0.

>>> before_and_after(together, log(exp(a) + t*exp(b)))  # doctest: +ELLIPSIS
before: log(t*exp(b) + exp(a))
after:  log(t*exp(b + -1*minimum(maximum(maximum(real(a), real(b) + log_size(t)), -1e+38), 1e+38)) + exp(a + ...)) + minimum(...)

What is tiny where the sum is out of range, and what grows as fast as any of the exponentials, stay:

>>> before_and_after(together, 1/(total + 1))
before: (sum(exp(x); 0) + 1)**-1
after:  (sum(exp(x); 0) + 1)**-1
>>> before_and_after(together, exp(2*a)/(exp(a) + exp(b)))
before: exp(2*a)*(exp(a) + exp(b))**-1
after:  exp(2*a)*(exp(a) + exp(b))**-1
"""  # noqa: E501  a graph is printed in one line

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..ir.product import Factor, Product
from ..schedule import reachable
from .exponents import Exponent, factors_at, less_zeros
from .joint_degrees import ANY, JointDegrees, joint_degrees
from .walk import called, number_and_rest, passed, raised

MOST = 4  # groups of exponentials
GREATEST = 1e38  # of a scale, finite in single precision too: an exponent may be infinite


def together(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such exponentials taken relative to the largest of them."""
    done = set[int]()  # numbers of exponents that are less the largest
    first, roots = roots, passed(graph, roots, {"call": (_log_of_whole,)})
    for _ in range(MOST):
        order = reachable(roots)
        for degrees in joint_degrees(order, done):
            apart = _multiplied_out(graph, degrees, order, roots)
            nodes = order if apart is None else reachable(apart)
            work = _Together(graph, degrees if apart is None else degrees.of_others(nodes))
            new = work.run(nodes, apart or roots)
            if new is not None:
                done |= work.exponents
                graph.bounded |= work.exponents
                roots = new
                break
        else:
            break
    return roots if done else first


def _log_of_whole(g: Graph, node: Node) -> Node | None:
    """``log1p(x)`` as ``log(1 + x)``."""
    x = called(node, "log1p")
    return None if x is None else g.call("log", g.add(*(x.args if x.op == "add" else (x,)), g.const(1)))


def _multiplied_out(g: Graph, degrees: JointDegrees, order: Sequence[Node], roots: Sequence[Node]) -> list[Node] | None:
    """The roots with what grows multiplied into sums of what falls and what does not, as of two models with the same exponentials; None
    where there are none.
    """
    if all(degrees.torn(node) is None for node in order):
        return None
    new: dict[int, Node] = {}
    for node in order:
        args = [new[a.number] for a in node.args]
        at = degrees.torn(node)
        if at is None:
            new[node.number] = g.remake(node, args)
            continue
        parts = [g.add(*(new[t.number] for t in some)) for some in degrees.by_degree(node.args[at])]
        products = ([*args[:at], part, *args[at + 1 :]] for part in parts)
        new[node.number] = g.add(*(g.mul(*p) if node.op == "mul" else g.remake(node, p) for p in products))
    return [new[r.number] for r in roots]


def with_shares(g: Graph, product: Product) -> Product:
    """A product that is no node yet, of which each factor will be an array by itself: what grows with exponentials divided by the sum of
    them that the scalars divide by.
    """
    nodes = [*product.scalars, *(f.node for f in product.factors)]
    for degrees in joint_degrees(reachable(nodes), set()):
        total = degrees.scalar_pivot
        growth = [0 if f.inverse else max(degrees.of(f.node)[0], 0) for f in product.factors]
        above = sum(growth)
        if total is None or not above or above != int(above) or above + sum(degrees.of(c)[0] for c in product.scalars) > 0:
            continue
        factors = [
            Factor(g.mul(f.node, g.pow(total, g.const(-d))), f.labels, f.inverse, f.planned) if d else f
            for f, d in zip(product.factors, growth, strict=True)
        ]
        scalars = []
        for c in (factor for s in product.scalars for factor in (s.args if s.op == "mul" else (s,))):
            base, p = raised(c)
            used = min(above, -int(p)) if base is total and isinstance(p, int) and p < 0 else 0
            above -= used
            scalars.append(g.pow(total, g.const(p + used)) if used else c)
        scale = g.mul(*scalars, g.pow(total, g.const(int(above))))
        return Product([scale], factors, product.out, product.equal, product.labels)
    return product


class _Together:
    """`plain`: what takes the place of a node, `moved`: the same over exp(d c), of its degree d; both by number."""

    def __init__(self, g: Graph, degrees: JointDegrees):
        self.g, self.degrees = g, degrees
        self.plain: dict[int, Node] = {}
        self.moved: dict[int, Node] = {}
        self.exponents = set[int]()  # numbers of those that are made

    def run(self, order: Sequence[Node], roots: Sequence[Node]) -> list[Node] | None:
        """The new roots; None where nothing is gained."""
        degrees = self.degrees
        if not any(degrees.is_log(node) or degrees.is_lost(node) and degrees.of(node)[0] <= 0 for node in order):
            return None
        g = self.g
        tops = [self._top(e) for e in degrees.exponents]
        if degrees.has_number and not any(top.op == "max_or_zero" for top in tops):
            tops.append(g.const(0))
        has_log = any(map(degrees.is_log, order))  # which has a value where all exponents are infinite, as quotients have not
        tops += [g.const(-GREATEST)] if has_log and not degrees.has_number else []
        self.shift = g.call("minimum", reduce(lambda a, b: g.call("maximum", a, b), tops), g.const(GREATEST))
        self.less = g.mul(g.const(-1), self.shift)
        self.exponents.add(self.less.number)
        for node in order:
            self._renew(node)
        new = [self.plain[r.number] for r in roots]
        return None if all(a is b for a, b in zip(new, roots, strict=True)) else new

    def _top(self, e: Exponent) -> Node:
        """The largest exponent, for each place of the scale."""
        g, sizes = self.g, e.with_sizes(self.g)
        if not e.gone:
            return g.view(sizes, e.kept)
        top = g.make("max_or_zero" if self.degrees.has_number else "max", (sizes,), e.gone)
        left = sorted(e.kept)
        return g.view(top, [left.index(k) for k in e.kept])

    def _renew(self, node: Node) -> None:
        degrees = self.degrees
        own = self.g.remake(node, [self.plain[a.number] for a in node.args])
        operands = [(self.moved if degrees.matters(a) else self.plain)[a.number] for a in node.args]
        if degrees.is_log(node):
            own = self._log(node, operands[0])
        elif degrees.meet(node):
            own = self._moved(node, operands)
        elif degrees.matters(node):
            self.moved[node.number] = self._moved(node, operands)
            if degrees.of(node)[0] < 0 and degrees.is_lost(node):
                own = self.g.mul(self.moved[node.number], self._scale(node.ndim, degrees.of(node)))
        self.plain[node.number] = own

    def _moved(self, node: Node, operands: list[Node]) -> Node:
        """The node over exp(d c), with its operands over theirs."""
        g, (d, at) = self.g, self.degrees.of(node)
        if self.degrees.is_exponential(node):
            less = self.less if self.degrees.floats(node) else self._at(self.less, node.ndim, at)
            exponent = g.add(self.plain[node.args[0].number], g.mul(g.const(d), less))
            self.exponents.add(exponent.number)
            return g.call("exp", exponent)
        if any(map(self.degrees.floats, node.args)):
            return self._spread(node, operands)
        return self._sum(node, operands) if node.op == "add" else g.remake(node, self._less_zeros(node, operands))

    def _sum(self, node: Node, operands: list[Node]) -> Node:
        """A sum over exp(d c), of terms that are over theirs."""
        d, at = self.degrees.of(node)
        terms = []
        for a, x in zip(node.args, operands, strict=True):
            own = self.degrees.of(a)[0]
            terms.append(x if own == d else self.g.mul(x, self._scale(node.ndim, (own - d, at))))
        return self.g.add(*terms)

    def _spread(self, node: Node, operands: list[Node]) -> Node:
        """The node over exp(d c), where single numbers among its operands have the axes of the scale by now."""
        g, floats = self.g, self.degrees.floats
        if node.op == "contract":  # the scale is the number
            inputs, inverses, output, sizes = node.attrs
            own = tuple(output[k] for k in self.degrees.place(node))
            attrs = (*inputs, own), (*inverses, False), output, sizes
            return g.make("contract", (*self._less_zeros(node, operands)[:-1], operands[-1], g.const(1)), attrs)
        if node.ndim:
            at = self.degrees.place(node)
            operands = [self._at(x, node.ndim, at) if floats(a) else x for a, x in zip(node.args, operands, strict=True)]
        if node.op == "add":
            return self._sum(node, operands)
        return g.mul(*self._less_zeros(node, operands)) if node.op == "mul" else g.pow(*operands)

    def _less_zeros(self, node: Node, operands: list[Node]) -> list[Node]:
        """The operands of a product, with 0 for exponentials beside a weight that is 0: these have no part in the largest exponent."""
        g = self.g
        weighted = {e.z.number: e for e in self.degrees.exponents if e.z.ndim and any(axes for _, axes in e.weights)}
        items = factors_at(node) if weighted else []
        bases = [(raised(f)[0], at) for f, at in items if not f.ndim or raised(f)[1] > 0]
        new = list(operands)
        for k, (f, at) in enumerate(items):
            base, p = raised(f)
            z = called(base, "exp")
            e = None if z is None else weighted.get(z.number)
            beside = () if e is None else [(w, axes) for w, axes in e.weights if axes and (w, tuple(at[x] for x in axes)) in bases]
            if e is None or not beside:
                continue
            exponent = self.moved[base.number].args[0]
            for w, axes in beside:
                exponent = less_zeros(g, exponent, w, axes)
            self.exponents.add(exponent.number)
            power = g.pow(g.call("exp", exponent), g.const(p))
            new[k] = power if node.args[k] is f else g.view(power, node.args[k].attrs)
        return new

    def _log(self, node: Node, operand: Node) -> Node:
        """log of what has degree d: that of what is left of it, and d c."""
        g, arg = self.g, node.args[0]
        d, at = self.degrees.of(arg)
        shift = self._at(self.shift, node.ndim, at)
        number, rest = number_and_rest(arg)
        if number == 1 and all(map(self.degrees.matters, rest)):
            parts = [self.moved[a.number] for a in rest]  # 1 + x = exp(c) (1 + x exp(-c) + (exp(-c) - 1))
            return g.add(g.call("log1p", g.add(*parts, g.call("expm1", self._at(self.less, node.ndim, at)))), shift)
        return g.add(g.call("log", operand), g.mul(g.const(d), shift))

    def _scale(self, ndim: int, degree: tuple) -> Node:
        """exp(d c) with the axes of a node, of a degree d below 0."""
        d, at = degree
        low = self.g.call("exp", self.less)
        power = self.g.pow(low, self.g.const(-d)) if d == int(d) else self.g.call("exp", self.g.mul(self.g.const(-d), self.less))
        return power if at is ANY else self._at(power, ndim, at)

    def _at(self, x: Node, ndim: int, at: tuple[int, ...] | None) -> Node:
        """What has an entry for each place of the scale, with the axes of a node."""
        at = at or ()
        return self.g.view(x, [at.index(k) if k in at else None for k in range(ndim)]) if at else x
