"""Quotients and small differences of functions: of exponentials, of sinh and cosh, of the normal density and distribution function;
``sqrt(1 + y) - 1``.
"""

from collections import Counter
from math import ceil, exp

from ..ir.node import without
from .logistic import joined_pairs, negative, number_plus_exp
from .logs import MANY, distribution
from .walk import called, flat_factors, number_and_rest, raised, scaled


def logistic_power(g, node):
    """A negative power of ``c + a exp(w)`` as a power of the logistic function of -w - log(a/c)."""
    base, p = raised(node)
    base, root = raised(base)
    p *= root
    found = number_plus_exp(g, base) if not isinstance(p, complex) and p < 0 else None
    if found is None:
        return None
    c, w = found
    return g.mul(g.const(c**p), g.pow(g.call("expit", negative(g, w)), g.const(-p)))


def exp_times_logistic(g, node):
    """``exp(k w)`` times a power p > k - 1 of the logistic function of -w, or of -w - c: k of them become that of w, or of w + c."""
    powers = _powers(node)
    for (growth, a), (logistic, p) in _pairs(powers):
        exponent, v = called(growth, "exp"), called(logistic, "expit")
        if exponent is None or v is None or a != 1:
            continue
        w = negative(g, v)
        shift, rest = number_and_rest(w)
        x = g.add(*rest)
        k = _times_as_large(exponent, x)
        if not isinstance(k, int) or not 0 < k < p + 1 or isinstance(shift, complex):
            continue
        new = g.const(exp(-k * shift)), g.pow(g.call("expit", w), g.const(k)), g.pow(logistic, g.const(p - k))
        return g.mul(*joined_pairs(g, [*_without(powers, growth, logistic), *new]))
    return None


def _times_as_large(exponent, x):
    """How many times x an exponent is; 0 where it is no multiple."""
    (c, y), (b, z) = scaled(exponent), scaled(x)
    if exponent is x or y is x:
        return 1 if exponent is x else c
    k = c / b if y is z and y is not None else 0
    return round(k) if isinstance(k, float) and k == round(k) else k


def exp_over_exp_less_one(g, node):
    """``exp(k w)`` over the k-th power of ``exp(w) - 1`` as a power of one function, which is in range where these are not."""
    powers = _powers(node)
    for (growth, a), (base, p) in _pairs(powers):
        number, less = scaled(base)
        exponent, w = called(growth, "exp"), None if less is None else called(less, "expm1")
        if exponent is None or w is None or a != 1 or isinstance(p, complex) or number != 1 and not isinstance(p, int):
            continue
        (c, x), (b, y) = scaled(exponent), scaled(w)
        k = round((c / b).real) if x is y else 0
        if k * b == c and 0 < k <= -p:
            new = g.const(number**p), g.pow(g.call("exp_over_less_one", w), g.const(k)), g.pow(less, g.const(p + k))
            return g.mul(*_without(powers, growth, base), *new)
    return None


def power_of_quotient(g, node):
    """``exp(k w)`` over the k-th power of a sum with exp(w) as a power of their quotient, which has fewer exponentials."""
    powers = _powers(node)
    for (growth, a), (total, p) in _pairs(powers):
        exponent = called(growth, "exp")
        if exponent is None or total.op != "add" or a != 1 or not isinstance(p, int) or p > -2:
            continue
        terms = (called(f, "exp") for term in total.args for f in (term.args if term.op == "mul" else (term,)))
        w = next((w for w in terms if w is not None and g.mul(g.const(-p), w) is exponent), None)
        if w is not None:
            quotient = g.mul(g.call("exp", w), g.pow(total, g.const(-1)))
            return g.mul(*_without(powers, growth, total), g.pow(quotient, g.const(-p)))
    return None


def power_of_product(g, node):
    """``a^k b^k t^-k`` as a power of ``a b/t`` where that is there: no power of a weight is out of range where the share is not."""
    powers = [(f, *raised(f)) for f in node.args if f.op == "pow"]
    for _, _, p in powers:
        same = [(f, base, q) for f, base, q in powers if q in (p, -p)]
        if not isinstance(p, int) or p > -2 or len(same) < 3:
            continue
        bases = [g.pow(base, g.const(1 if q == -p else -1)) for _, base, q in same]
        inner = g.mul(*bases)
        if g.known("mul", inner.args) is inner and inner.number < node.number:
            return g.mul(*without(node.args, *(f for f, _, _ in same)), g.pow(inner, g.const(-p)))
    return None


def sinh_over_cosh(g, node):
    """sinh(x) over cosh(x), or a root of it, in a product as tanh(x), and a root of cosh(x)."""
    powers = _powers(node)
    for (sinh, p), (cosh, q) in _pairs(powers):
        x = called(sinh, "sinh")
        if x is None or called(cosh, "cosh") is not x or not isinstance(p, int) or isinstance(q, complex) or not p > 0 > q:
            continue
        k = min(p, ceil(-q))
        new = g.pow(g.call("tanh", x), g.const(k)), g.pow(sinh, g.const(p - k)), g.pow(cosh, g.const(q + k))
        return g.mul(*_without(powers, sinh, cosh), *new)
    return None


def normal_ratio(g, node):
    """``exp(-x^2)`` over ``1 + erf(x)`` in a product by the scaled erfc: ``1 + erf(x) = exp(-x^2) erfcx(-x)``."""
    powers = _powers(node)
    for (density, a), (whole, b) in _pairs(powers):
        found = distribution(g, whole) if b < 0 else None
        if found is None:
            continue
        c, x = found
        k = _minus_square(density, x)
        if not (isinstance(k, (int, float)) and k > 0 and a > 0):
            continue
        minus = x.args[1] if scaled(x)[0] == -1 else g.mul(g.const(-1), x)
        k, left = -b, k * a + b
        square = g.pow(x, g.const(2))
        rest = [g.call("exp", g.mul(g.const(-left), square))] if left else []
        tail = g.pow(g.call("special.erfcx", minus), g.const(-k))
        return g.mul(*_without(powers, density, whole), g.const(float(c) ** -k), tail, *rest)
    return None


def _minus_square(node, x):
    """k where the node is ``exp(-k x^2)``, else None."""
    exponent = called(node, "exp")
    k, square = (0, None) if exponent is None else scaled(exponent)
    if square is None or raised(square)[1] != 2:
        return None
    (c, base), (d, other) = _numbers_apart(x), _numbers_apart(raised(square)[0])
    if base != other or not c:
        return None
    k = -k * (d / c) ** 2
    return round(k) if abs(k - round(k)) < 1e-13 * abs(k) else k


def _numbers_apart(x):
    """(number, the other factors) of a product, roots of numbers among the numbers."""
    number: float = 1
    rest: Counter[int] = Counter()
    for f in flat_factors(x):
        base, p = raised(f)
        if isinstance(base.value, (int, float)) and base.value > 0 and not isinstance(p, complex):
            number *= base.value**p
        elif isinstance(f.value, (int, float)):
            number *= f.value
        else:
            rest[f.number] += 1
    return number, rest


def _powers(node):
    """base -> (power, factors) of the factors of a product, those of a product in it too."""
    found = {}
    for f in (f for a in node.args for f in (a.args if a.op == "mul" else (a,))) if len(node.args) < MANY else ():
        base, p = raised(f)
        base, root = raised(base)  # a power of a root
        p *= root
        power, factors = found.get(base, (0, ()))
        found[base] = power + p, (*factors, f)
    return found


def _pairs(powers):
    """Two different bases, with their powers."""
    return (((a, p), (b, q)) for a, (p, _) in powers.items() for b, (q, _) in powers.items() if a is not b)


def _without(powers, *bases):
    """The factors that are no power of one of the bases."""
    return [f for base, (_, factors) in powers.items() if base not in bases for f in factors]


def root_less_one(g, node):
    """``c sqrt(1 + y) - c`` as ``c y/(1 + sqrt(1 + y))``."""
    number, terms = number_and_rest(node)
    if len(terms) != 1 or isinstance(number, complex) or number == 0:
        return None
    factor, root = scaled(terms[0])
    inside = called(root, "sqrt") if root is not None and factor == -number else None
    one, rest = (0, ()) if inside is None else number_and_rest(inside)
    if one != 1 or not rest:
        return None
    return g.mul(g.const(factor), g.call("root_less_one", g.add(*rest)))
