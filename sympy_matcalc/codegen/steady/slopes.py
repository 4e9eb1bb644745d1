"""``1 - tanh(x)^2`` as ``1/cosh(x)^2``, which is not 0 where tanh rounds to 1; not where tanh(x) is there for another use, as in a network:
the difference costs nothing then, and is exact to the size of 1.

>>> from sympy import symbols, tanh
>>> from sympy_matcalc.codegen.example import before_and_after
>>> x = symbols("x")
>>> before_and_after(slopes, 1 - tanh(x)**2)
before: -1*tanh(x)**2 + 1
after:  sech_squared(x)
>>> before_and_after(slopes, 2*tanh(x)**2 - 2)
before: 2*tanh(x)**2 + -2
after:  -2*sech_squared(x)
>>> before_and_after(slopes, tanh(x)*(1 - tanh(x)**2))
before: (-1*tanh(x)**2 + 1)*tanh(x)
after:  (-1*tanh(x)**2 + 1)*tanh(x)
"""

from ..schedule import reachable
from .walk import called, number_and_rest, passed, scaled


def slopes(graph, roots, context):
    """The roots with the slope of tanh as one function where that is all its use."""
    return passed(graph, roots, {"add": [slope_of_tanh(_uses(roots))]})


def slope_of_tanh(uses):
    """The rule, given how often each node is used."""

    def rule(g, node):
        number, terms = number_and_rest(node)
        factor, square = scaled(terms[0]) if len(terms) == 1 else (0, None)
        if not number or number != -factor or square is None or square.op != "pow" or square.args[1].value != 2:
            return None
        x = called(square.args[0], "tanh")
        alone = x is not None and uses.get(square.args[0].number, 0) == uses.get(square.number, 0) == 1
        return g.mul(g.const(number), g.call("sech_squared", x)) if alone else None

    return rule


def _uses(roots):
    """How often each node is an operand or a root, by number."""
    uses = {}
    for node in [*roots, *(a for n in reachable(roots) for a in n.args)]:
        uses[node.number] = uses.get(node.number, 0) + 1
    return uses
