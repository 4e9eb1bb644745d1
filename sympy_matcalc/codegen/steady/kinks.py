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
after:  known_norm(norm(x; 0))**-2*x

The second has no value at 0, which the source says where the library can ask for the norm. What is infinite there is no 0/0:

>>> before_and_after(at_kinks, 1/Norm(x))
before: norm(x; 0)**-1
after:  norm(x; 0)**-1
"""

from typing import Any

from ..ir.demands import Form
from ..ir.graph import Graph
from ..ir.node import Node
from ..schedule import reachable
from .near_zero import Nearness
from .walk import raised


def at_kinks(g: Graph, roots: list[Node], context: Any) -> list[Node]:
    """The roots; where each division by a norm of x leaves something that is 0 at x = 0, the divisor is 1 in place of 0.

    That is what goes to 0 there, and what is bounded and odd, as x/||x|| is: f(-x) = -f(x) leaves no other value at 0. So it is with the
    norms of all rows, each for itself. A root with another division, such as a Hessian or ``x'x/||x||^2``, which is 1 everywhere else,
    has no value: where 0/0 would reach the result, the source refuses a norm that is 0.
    """
    return [_Divisions(g, root, context.backend.looks_at_values).root() for root in roots]


class _Divisions:
    """The divisions by norms that one root makes."""

    def __init__(self, g: Graph, root: Node, refuses: bool):
        self.g, self.top, self.order, self.refuses = g, root, reachable([root]), refuses
        self.divisors = {node.number: s for node in self.order if (s := _divisor(node)) is not None}
        self.parents: dict[int, list[Node]] = {}

    def root(self) -> Node:
        if not self.divisors:
            return self.top
        for node in self.order:
            for a in node.args:
                self.parents.setdefault(a.number, []).append(node)
        return self.with_divisors({s: name for s in dict.fromkeys(self.divisors.values()) if (name := self.guard(s)) is not None})

    def guard(self, s: Node) -> str | None:
        """The function that the norm is to be divided by in place of it."""
        divisions = [node for node in self.order if self.divisors.get(node.number) is s]
        near = Nearness(s, (node.number for node in divisions))
        for node in self.order:  # operands first
            near.of(node)
        if all(self.vanishes(node, near) for node in divisions):
            return "one_where_zero"
        return "known_norm" if self.refuses and not s.ndim and any(self.is_no_number(node, near) for node in divisions) else None

    def is_no_number(self, node: Node, near: Nearness) -> bool:
        """Whether a division by the norm is certain to be 0/0 where it is 0, and to come to the result as such."""
        zero = node.op == "call" and near.of(node.args[0]).degree > 0
        while node is not self.top:
            above = self.parents[node.number]
            found = next((p for p in above if p.kind.form in (Form.PRODUCT, Form.SUM, Form.LINEAR)), None)
            if found is None:
                return False
            if found.kind.form is Form.PRODUCT and found.op != "call":
                zero = zero or any(near.of(a).degree > 0 for a in found.args if a is not node)
            node = found
        return zero

    def vanishes(self, node: Node, near: Nearness) -> bool:
        """Whether the products that a node is a factor of are 0 at x = 0."""
        found, above = near.of(node), self.parents.get(node.number, [])
        if found.degree > 0:
            return True
        if found.degree == 0 and found.parity == -1:  # (x/||x||) (x/||x||)' is even again
            return all(self.vanishes(p, near) for p in above if p.kind.form is Form.PRODUCT)
        return node is not self.top and all(p.kind.form is Form.PRODUCT and self.vanishes(p, near) for p in above)

    def with_divisors(self, guards: dict[Node, str]) -> Node:
        new: dict[int, Node] = {}
        for node in self.order:
            args = [new[a.number] for a in node.args]
            name = guards.get(self.divisors[node.number]) if node.number in self.divisors else None
            if name is not None:
                k = 1 if node.op == "call" else 0
                args[k] = self.g.call(name, args[k])  # of the norm or of its root
            new[node.number] = self.g.remake(node, args)
        return new[self.top.number]


def _divisor(node: Node) -> Node | None:
    """The norm that a node divides by."""
    if node.op == "call" and node.attrs[0] == "quotient":
        s = node.args[1]
    else:
        s, p = raised(node)
        if node.op != "pow" or p >= 0:
            return None
        s, _ = raised(s)
    return s if s.kind.form is Form.NORM else None
