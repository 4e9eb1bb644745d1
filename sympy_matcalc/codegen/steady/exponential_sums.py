"""Sums of exponentials times a power of ``c + a exp(w)``, and such powers with an exponent that is no number: each part in range.

>>> from sympy import exp, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.codegen.steady.combined import combined
>>> w, r = symbols("w r")
>>> before_and_after(combined, (3*exp(w) - 2)/(1 + exp(w))**2)
before: (3*exp(w) + -2)*expit(-1*w)**2
after:  (3*expit(w) + -2*expit(-1*w))*expit(-1*w)
>>> before_and_after(combined, exp(w)*(1 + exp(w))**-r)
before: (exp(w) + 1)**(-1*r)*exp(w)
after:  exp(-1*r*softplus(w) + w)
>>> before_and_after(combined, (r*exp(w) - 1)*(1 + exp(w))**-r)
before: (exp(w) + 1)**(-1*r)*(r*exp(w) + -1)
after:  exp((-1*r + 1)*softplus(w))*(r*expit(w) + -1*expit(-1*w))
"""

from math import exp

from ..ir.node import without
from .logistic import negative, number_plus_exp
from .logs import MANY
from .products import rewritten_by_axes
from .walk import called, number_and_rest, raised, scaled


def power_of_sum(g, node):
    """``(c + a exp(w))**p`` with p no number as the exponential of a logarithm, which is in range where the sum is not."""
    base, p = node.args
    found = number_plus_exp(g, base) if p.op != "const" else None
    if found is None:
        return None
    c, w = found
    power = g.call("exp", g.mul(p, g.call("softplus", w)))
    return power if c == 1 else g.mul(g.pow(g.const(c), p), power)


def sums_beside_powers(g, node):
    """A product of a power of ``1 + exp(w)`` with exponentials of multiples of w, and with sums of them."""
    new = _joined(g, node.args) if len(node.args) < MANY else None
    return None if new is None else g.mul(*new)


def sums_beside_powers_in_contraction(g, node):
    """The same in a product that is summed: of factors with the same axes."""
    if len(node.args) >= MANY or not any(_power(a) for a in node.args):
        return None
    return rewritten_by_axes(g, node, _joined)


def _joined(g, args):
    """The factors of a product with those joined that are functions of one exponential; None where there are none."""
    factors = [f for a in args for f in (a.args if a.op == "mul" else (a,))]
    for power in factors:
        found = _power(power)
        if found is None:
            continue
        kind, w, p = found
        w = negative(g, w) if kind == "expit" else w
        shift, terms = number_and_rest(w)
        rate, x = scaled(g.add(*terms))
        if x is None or isinstance(shift, complex) or not isinstance(rate, (int, float)):
            continue
        rest, degree, exponents = [], 0, []
        for f in without(factors, power):
            exponent = called(f, "exp")
            read = _read_sum(f, rate, x) if f.op == "add" else None
            if kind == "softplus" and exponent is not None and _is_multiple(exponent, x):
                exponents.append(exponent)
            elif read is not None and (kind == "softplus" or degree + read[0] <= p):
                degree += read[0]
                rest.append(_bounded(g, w, shift, *read))
            else:
                rest.append(f)
        if not degree and not exponents:
            continue
        if kind == "expit":
            return [*rest, g.pow(power.args[0] if power.op == "pow" else power, g.const(p - degree))]
        left = g.mul(g.add(g.mul(*p), g.const(degree)), g.call("softplus", w))
        return [g.call("exp", g.add(left, *exponents)), *rest]
    return None


def _power(node):
    """(kind, w, p) of ``expit(w)**p`` with a number p > 0, and of ``exp(p*softplus(w))``; None if it is neither."""
    base, p = raised(node)
    w = called(base, "expit")
    if w is not None:
        return ("expit", w, p) if p > 0 else None
    exponent = called(node, "exp")
    if exponent is None or exponent.op != "mul":
        return None
    return next((("softplus", f.args[0], without(exponent.args, f)) for f in exponent.args if called(f, "softplus") is not None), None)


def _is_multiple(exponent, x):
    return exponent is x or exponent.op == "mul" and x in exponent.args


def _read_sum(total, rate, x):
    """(degree, [(k, coefficient factors)]) of a sum of terms with ``exp(k*rate*x)``, whole k >= 0; None if it is none."""
    terms = []
    for term in total.args:
        k, rest = 0, []
        for f in term.args if term.op == "mul" else (term,):
            exponent = called(f, "exp")
            if exponent is None:
                rest.append(f)
                continue
            number, inner = scaled(exponent)
            if inner is not x or isinstance(number, complex) or number / rate != int(number / rate) or number / rate < 0:
                return None
            k += int(number / rate)
        terms.append((k, rest))
    degree = max(k for k, _ in terms)
    return (degree, terms) if degree else None


def _bounded(g, w, shift, degree, terms):
    """The sum over ``(1 + exp(w))**degree``, of both logistic functions."""
    up, down = g.call("expit", w), g.call("expit", negative(g, w))
    parts = [(g.pow(up, g.const(k)), g.pow(down, g.const(degree - k)), g.const(exp(-k * shift) if shift else 1), rest) for k, rest in terms]
    return g.add(*(g.mul(number, *rest, a, b) for a, b, number, rest in parts))
