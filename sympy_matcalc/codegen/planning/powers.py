"""Third and fourth powers of arrays as products, which libraries have fast, where a power is a function call an entry.

>>> from sympy import HadamardPower, MatrixSymbol, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(cheap_powers, HadamardPower(x, 3))
before: x**3
after:  x*x**2
>>> before_and_after(cheap_powers, HadamardPower(x, 4))
before: x**4
after:  (x**2)**2
>>> before_and_after(cheap_powers, HadamardPower(x, 5))
before: x**5
after:  x**5
"""

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..steady.walk import passed


def cheap_powers(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with products for such powers."""
    return passed(graph, roots, {"pow": (as_product,)})


def as_product(g: Graph, node: Node) -> Node | None:
    base, exponent = node.args[0], node.args[1].value
    if not base.ndim or exponent not in (3, 4):
        return None
    square = g.pow(base, g.const(2))
    return g.mul(base, square) if exponent == 3 else g.make("pow", (square, g.const(2)))
