"""Roots of the logistic function and of ``1 + exp(w)``, which are in range where what they are of is not.

>>> from sympy import Rational, exp, sqrt, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> w, x = symbols("w x")
>>> before_and_after(fractional, sqrt(1/(1 + exp(-w))))
before: sqrt(expit(w))
after:  expit_power(w, 0.5)
>>> before_and_after(fractional, x*(1 + exp(w))**Rational(1, 3))
before: x*(exp(w) + 1)**0.3333333333333333
after:  x*expit_power(-1*w, 0.3333333333333333)**-1

A power that is no root is out of range only if the value is:

>>> before_and_after(fractional, (1 + exp(w))**Rational(-3, 2))
before: expit(-1*w)**1.5
after:  expit(-1*w)**1.5
"""

from .logistic import negative
from .walk import called, number_and_rest, passed, raised


def fractional(graph, roots, context):
    """The roots with the rule applied once to every node."""
    return passed(graph, roots, {"pow": (root_of_logistic,), "call": (root_of_logistic,)})


def root_of_logistic(g, node):
    """A power between 0 and 1 of expit(w), of the slope expit(w) expit(-w), or of 1 + exp(w), which is 1/expit(-w)."""
    base, p = raised(node)
    if isinstance(p, complex) or not 0 < p < 1:
        return None
    w, slope = called(base, "expit"), called(base, "expit_slope")
    if w is not None:
        return _power(g, w, p)
    if slope is not None:
        return g.mul(_power(g, slope, p), _power(g, negative(g, slope), p))
    number, terms = number_and_rest(base)
    w = called(terms[0], "exp") if number == 1 and len(terms) == 1 else None
    return None if w is None else g.pow(_power(g, negative(g, w), p), g.const(-1))


def _power(g, w, p):
    return g.call("expit_power", w, g.const(p))
