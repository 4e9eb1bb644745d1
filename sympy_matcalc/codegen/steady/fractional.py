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

from .logistic import negative, number_plus_exp
from .walk import called, passed, raised


def fractional(graph, roots, context):
    """The roots with the rule applied once to every node."""
    return passed(graph, roots, {"pow": (root_of_logistic,), "call": (root_of_logistic,)})


def root_of_logistic(g, node):
    """A power between -1 and 1 of expit(w), of the slope expit(w) expit(-w), of a number plus exp(w), which is c/expit(-w), or of cosh."""
    base, p = raised(node)
    if isinstance(p, complex) or not 0 < abs(p) < 1:
        return None
    w, slope = called(base, "expit"), called(base, "expit_slope")
    if w is not None:
        return _power(g, w, p)
    if slope is not None:
        return g.mul(_power(g, slope, p), _power(g, negative(g, slope), p))
    x = called(base, "cosh")
    if x is not None:  # expit(2 x) expit(-2 x) = 1/(2 cosh(x))^2
        both = g.mul(*(_power(g, g.mul(g.const(c), x), p / 2) for c in (2, -2)))
        return g.mul(g.const(2.0**-p), g.pow(both, g.const(-1)))
    found = number_plus_exp(g, base)
    if found is None:
        return None
    c, w = found
    return g.mul(g.const(c**p), _power(g, negative(g, w), -p))


def _power(g, w, p):
    root = g.call("expit_power", w, g.const(abs(p)))
    return root if p > 0 else g.pow(root, g.const(-1))
