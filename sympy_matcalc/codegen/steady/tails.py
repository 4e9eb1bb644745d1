"""What is near 0 because it is a number less a function near that number, by the function of the other side: where it is divided by, or
what a special function is of, all its digits matter.

>>> from sympy import erf, exp, loggamma, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.codegen.steady.combined import combined
>>> t, u = symbols("t u")
>>> before_and_after(combined, u/(1 + erf(t)))
before: u*(special.erf(t) + 1)**-1
after:  u*special.erfc(-1*t)**-1
>>> before_and_after(combined, loggamma(u - u/(1 + exp(-t))))
before: special.gammaln(u + -1*u*expit(t))
after:  special.gammaln(u*expit(-1*t))
"""

from collections import Counter

from ..ir.node import without
from .logs import distribution
from .walk import called, flat_factors, raised, scaled


def tail_below(g, node):
    """A negative power of ``c (1 + erf(x))`` by erfc(-x)."""
    base, p = raised(node)
    summed = scaled(base)[1]
    if summed is None or summed.op != "add" or isinstance(p, complex) or p >= 0:
        return None
    for sign in (1, -1):
        found = distribution(g, base if sign == 1 else _negative(g, base))
        if found is not None:
            c, x = found
            return g.pow(g.mul(g.const(sign * c), g.call("special.erfc", _negative(g, x))), node.args[1])
    return None


def tail_inside(g, node):
    """A special function, or a logarithm, of ``c (1 - s(x))``, s the logistic function, by s(-x)."""
    name = node.attrs[0]
    if name != "log" and not name.startswith("special."):
        return None
    args = [_of_other_side(g, a) or a for a in node.args]
    return None if all(a is b for a, b in zip(args, node.args, strict=True)) else g.remake(node, args)


def _of_other_side(g, arg):
    """``c s(-x)`` for ``c - c s(x)``, and for c times ``1 - s(x)``; None for all else."""
    if arg.op == "mul":
        parts = [_of_other_side(g, f) for f in arg.args]
        return g.mul(*(new or old for new, old in zip(parts, arg.args, strict=True))) if any(parts) else None
    if arg.op != "add" or len(arg.args) != 2:
        return None
    for whole, part in (arg.args, arg.args[::-1]):
        own, inner = flat_factors(whole), flat_factors(part)
        logistic = [f for f in inner if called(f, "expit") is not None]
        if len(logistic) != 1 or _ratio(own, inner) != -1:
            continue
        if _nodes(own) == _nodes(without(inner, logistic[0])):
            return g.mul(whole, g.call("expit", _negative(g, called(logistic[0], "expit"))))
    return None


def _nodes(factors):
    return Counter(f.number for f in factors if not isinstance(f.value, (int, float)))


def _ratio(whole, part):
    """The number of one product over that of another."""
    of, over = (_number(factors) for factors in (part, whole))
    return of / over if over else 0


def _number(factors):
    out: float = 1
    for f in factors:
        out *= f.value if isinstance(f.value, (int, float)) else 1
    return out


def _negative(g, x):
    return g.mul(g.const(-1), x)
