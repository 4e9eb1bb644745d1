"""Third and fourth powers of arrays, and powers 3/2 and 5/2, as products, which libraries have fast, where a power is a function call an
entry.

>>> from sympy import HadamardPower, MatrixSymbol, Rational, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> n = symbols("n", integer=True, positive=True)
>>> x = MatrixSymbol("x", n, 1)
>>> before_and_after(cheap_powers, HadamardPower(x, 3))
before: x**3
after:  x*x**2
>>> before_and_after(cheap_powers, HadamardPower(x, 4))
before: x**4
after:  (x**2)**2
>>> before_and_after(cheap_powers, HadamardPower(x, -Rational(3, 2)))
before: x**-1.5
after:  (x*sqrt(x))**-1
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
    if not base.ndim or exponent not in (3, 4, 1.5, 2.5, -1.5, -2.5):
        return None
    if isinstance(exponent, float):
        whole = g.pow(base, g.const(int(abs(exponent))))
        power = g.mul(whole, g.call("sqrt", base))
        return power if exponent > 0 else g.pow(power, g.const(-1))
    square = g.pow(base, g.const(2))
    return g.mul(base, square) if exponent == 3 else g.make("pow", (square, g.const(2)))
