"""Whole powers of arrays from the third to the sixteenth, powers 3/2, 5/2 and so on, as products and squares, which libraries have fast,
where a power is a function call an entry. Those of reciprocals are for `at_hand`, which sees what they share.

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
>>> before_and_after(cheap_powers, HadamardPower(x, 6) + HadamardPower(x, -3))
before: x**-3 + x**6
after:  x**-3 + (x*x**2)**2
>>> before_and_after(cheap_powers, HadamardPower(x, Rational(1, 3)) + HadamardPower(x, 99))
before: x**0.3333333333333333 + x**99
after:  x**0.3333333333333333 + x**99
"""

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..steady.walk import passed

MOST = 16  # each product rounds, and powers of others do not


def cheap_powers(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with products for such powers."""
    return passed(graph, roots, {"pow": (as_product,)})


def as_product(g: Graph, node: Node) -> Node | None:
    base, exponent = node.args[0], node.args[1].value
    if not base.ndim or not isinstance(exponent, (int, float)) or not 1 < abs(exponent) < MOST + 1 or exponent == 2:
        return None
    if isinstance(exponent, float) and abs(exponent) % 1 != 0.5 or isinstance(exponent, int) and exponent < 0:
        return None
    power = whole_power(g, base, int(abs(exponent)))
    if isinstance(exponent, float):
        power = g.mul(power, g.call("sqrt", base))
    return power if exponent > 0 else g.pow(power, g.const(-1))


def whole_power(g: Graph, base: Node, exponent: int) -> Node:
    """A positive whole power by squares, and by squares times the base; those of smaller exponents are parts of it."""
    if exponent == 1:
        return base
    if exponent % 2:
        return g.mul(base, whole_power(g, base, exponent - 1))
    root = whole_power(g, base, exponent // 2)
    return g.make("pow", (root, g.const(2))) if root.op == "pow" else g.pow(root, g.const(2))  # `pow` puts powers of powers together
