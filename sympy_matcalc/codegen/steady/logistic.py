"""One minus the logistic function as one of -w, which has all of its digits; a product of both as its slope, of one exponential; its
logarithm, which cannot underflow.

>>> from sympy import exp, log, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> x, w = symbols("x w")
>>> s = 1/(1 + exp(-w))
>>> before_and_after(logistics, 1 - s)
before: -1*expit(w) + 1
after:  expit(-1*w)
>>> before_and_after(logistics, x*s*(1 - s))
before: x*(-1*expit(w) + 1)*expit(w)
after:  x*expit_slope(w)
>>> before_and_after(logistics, log(1 - s))
before: log1p(-1*expit(w))
after:  -1*softplus(w)
>>> before_and_after(logistics, exp(-w)/(1 + exp(-w))**2)
before: expit_slope(-1*w)
after:  expit_slope(w)

Two minus it is a sum as others are:

>>> before_and_after(logistics, 2 - s)
before: -1*expit(w) + 2
after:  -1*expit(w) + 2
"""

from collections.abc import Iterable
from math import log

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from .products import contraction_of, items_of_contraction
from .totals import share_of_pair
from .walk import called, number_and_rest, passed, scaled


def logistics(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with the rules applied once to every node."""
    return passed(graph, roots, RULES)


def negative(g: Graph, node: Node) -> Node:
    """The node -w."""
    if node.op == "mul" and node.args[0].value == -1:
        return g.mul(*node.args[1:])
    return g.mul(g.const(-1), node)


def number_plus_exp(g: Graph, node: Node) -> tuple[float, Node] | None:
    """(c, w) where the node is ``c (1 + exp(w))`` with a number c > 0, written ``c + a exp(v)`` with w = v + log(a/c); else None."""
    number, terms = number_and_rest(node)
    factor, f = scaled(terms[0]) if len(terms) == 1 else (0, None)
    v = None if f is None else called(f, "exp")
    if v is None or isinstance(number, complex) or isinstance(factor, complex) or not (number > 0 and factor > 0):
        return None
    return number, v if factor == number else g.add(v, g.const(log(factor / number)))


def one_minus(g: Graph, node: Node) -> Node | None:
    """``1 - expit(w)`` as expit(-w)."""
    number, terms = number_and_rest(node)
    factor, f = scaled(terms[0]) if number == 1 and len(terms) == 1 else (0, None)
    w = called(f, "expit") if factor == -1 and f is not None else None
    return None if w is None else g.call("expit", negative(g, w))


def joined_pairs(g: Graph, factors: Iterable[Node]) -> list[Node]:
    """The factors of a product with expit(w) expit(-w) as one function, of one exponential."""
    factors = list(factors)
    for a in [f for f in factors if called(f, "expit") is not None]:
        w = a.args[0]
        opposite = negative(g, w)
        other = g.known("call", (opposite,), ("expit",))
        if other in factors and a in factors:
            factors.remove(other)
            factors[factors.index(a)] = slope(g, w)
    return factors


def slope(g: Graph, w: Node) -> Node:
    """The slope of the logistic function, which is even: of w without a minus sign."""
    number, x = scaled(w)
    negated = x is not None and isinstance(number, (int, float)) and number < 0
    return g.call("expit_slope", g.mul(g.const(-number), x) if negated else w)


def even_slope(g: Graph, node: Node) -> Node | None:
    """The slope at -w as that at w."""
    w = called(node, "expit_slope")
    return None if w is None else slope(g, w)


def _in_product(g: Graph, node: Node) -> Node | None:
    """The rule for elementwise products."""
    new = joined_pairs(g, node.args)
    return None if len(new) == len(node.args) else g.mul(*new)


def _in_contraction(g: Graph, node: Node) -> Node | None:
    """The rule for products that are summed: of factors with the same axes."""
    if sum(called(a, "expit") is not None for a in node.args) < 2:
        return None
    items, inverses, out = items_of_contraction(node)
    new = []
    for labels in dict.fromkeys(labels for _, labels in items):
        new += [(f, labels) for f in joined_pairs(g, [f for f, at in items if at == labels])]
    return None if len(new) == len(items) else contraction_of(g, new, inverses, out)


def log_of_logistic(g: Graph, node: Node) -> Node | None:
    """The logarithm of expit(w), or of 1 - expit(w)."""
    arg, less = called(node, "log"), called(node, "log1p")
    if arg is None and less is not None:
        arg = one_minus(g, g.add(g.const(1), less))
    w = called(arg, "expit") if arg is not None else None
    return None if w is None else g.mul(g.const(-1), g.call("softplus", negative(g, w)))


RULES = {"add": (one_minus,), "mul": (share_of_pair, _in_product), "contract": (_in_contraction,), "call": (log_of_logistic, even_slope)}
