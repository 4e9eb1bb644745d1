"""The gradient of a norm where the norm is 0: x/||x|| is 0 there, since sign(0) = 0, and not 0/0.

>>> from sympy import MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Norm
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(at_kinks, x/Norm(x))
before: norm(x; 0)**-1*x
after:  one_where_zero(norm(x; 0))**-1*x
>>> before_and_after(at_kinks, x/Norm(x)**2)
before: norm(x; 0)**-2*x
after:  norm(x; 0)**-2*x
"""

from math import prod
from typing import Any

from ..ir.demands import Form
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .walk import raised

ODD = {"sign", "tanh", "sin", "sinh", "arctan"}  # functions with f(-x) = -f(x), as small as their argument near 0; of sign, sign(0) = 0
SMALL = ODD | {"abs"}  # functions that are as small as their argument


def at_kinks(g: Graph, roots: list[Node], context: Any) -> list[Node]:
    """The roots; where each division by a norm of x leaves something that is 0 at x = 0, the divisor is 1 in place of 0.

    That is what goes to 0 there, and what is bounded and odd, as x/||x|| is: f(-x) = -f(x) leaves no other value at 0. A root with
    another division, such as a Hessian or ``x'x/||x||^2``, which is 1 everywhere else, is left as it is.
    """
    return [_Divisions(g, root).root() for root in roots]


class _Divisions:
    """The divisions by norms that one root makes."""

    def __init__(self, g: Graph, root: Node):
        self.g, self.top, self.order = g, root, reachable([root])
        self.divisors = {node.number: s for node in self.order if (s := _divisor(node)) is not None}
        self.parents: dict[int, list[Node]] = {}
        self.degrees: dict[tuple[int, int], float] = {}
        self.parities: dict[tuple[int, int], int] = {}

    def root(self) -> Node:
        if not self.divisors:
            return self.top
        for node in self.order:
            for a in node.args:
                self.parents.setdefault(a.number, []).append(node)
        divisions = [n for n in self.order if n.number in self.divisors]
        unsafe = {self.divisors[n.number] for n in divisions if not self.vanishes(n, self.divisors[n.number].args[0])}
        return self.with_safe_divisors(set(self.divisors.values()) - unsafe)

    def vanishes(self, node: Node, x: Node) -> bool:
        """Whether the products that a node is a factor of are 0 at x = 0."""
        degree, above = self.degree(node, x), self.parents.get(node.number, [])
        if degree > 0:
            return True
        if degree == 0 and self.parity(node, x) == -1:  # (x/||x||) (x/||x||)' is even again
            return all(self.vanishes(p, x) for p in above if p.kind.form is Form.PRODUCT)
        return node is not self.top and all(p.kind.form is Form.PRODUCT and self.vanishes(p, x) for p in above)

    def parity(self, node: Node, x: Node) -> int:
        """1 where a node is even in x, -1 where it is odd, 0 where its form does not show it."""
        key = node.number, x.number
        if key not in self.parities:
            self.parities[key] = -1 if node is x else self._parity(node, [self.parity(a, x) for a in node.args])
        return self.parities[key]

    def _parity(self, node: Node, of: list[int]) -> int:
        if all(p == 1 for p in of):
            return 1
        if node.kind.form is Form.PRODUCT or node.op == "call" and node.attrs[0] == "quotient":
            return prod(of)
        if node.kind.form is Form.SUM:
            return of[0] if len(set(of)) == 1 else 0
        if node.kind.form is Form.LINEAR or node.op == "call" and node.attrs[0] in ODD:
            return of[0]
        if node.kind.form is Form.NORM or node.op == "call" and node.attrs[0] == "abs":
            return abs(of[0])
        return abs(of[0]) if _even_power(node) else 0

    def degree(self, node: Node, x: Node) -> float:
        """The power of ||x|| that a node is at most a multiple of near x = 0, as far as its form shows."""
        key = node.number, x.number
        if key not in self.degrees:
            self.degrees[key] = 1.0 if node is x else self._degree(node, x)
        return self.degrees[key]

    def _degree(self, node: Node, x: Node) -> float:
        of = [self.degree(a, x) for a in node.args]
        if node.kind.form is Form.PRODUCT:
            inverted = node.attrs[1] if node.op == "contract" else ()
            return sum(min(d, 0) if k < len(inverted) and inverted[k] else d for k, d in enumerate(of))
        if node.kind.form is Form.SUM:
            return min(of)
        if node.kind.form is Form.LINEAR or node.kind.form is Form.NORM or node.op == "call" and node.attrs[0] in SMALL:
            return of[0]
        if node.op == "call" and node.attrs[0] == "quotient":
            return of[0] - max(of[1], 0)
        base, p = raised(node)
        return p * self.degree(base, x) if base is not node else 0.0

    def with_safe_divisors(self, safe: set[Node]) -> Node:
        new: dict[int, Node] = {}
        for node in self.order:
            args = [new[a.number] for a in node.args]
            if self.divisors.get(node.number) in safe:
                k = 1 if node.op == "call" else 0
                args[k] = self.g.call("one_where_zero", args[k])  # of the norm or of its root
            new[node.number] = self.g.remake(node, args)
        return new[self.top.number]


def _even_power(node: Node) -> bool:
    """Whether a node is an even power."""
    base, p = raised(node)
    return base is not node and p % 2 == 0


def _divisor(node: Node) -> Node | None:
    """The norm that a node divides by."""
    if node.op == "call" and node.attrs[0] == "quotient":
        s = node.args[1]
    else:
        s, p = raised(node)
        if node.op != "pow" or p >= 0:
            return None
        s, _ = raised(s)
    return s if s.kind.form is Form.NORM and s.ndim == 0 else None
