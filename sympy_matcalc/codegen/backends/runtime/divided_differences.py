"""Helpers for derivatives of functions of a matrix by one decomposition, in the words of the array API standard.

With x = v diag(w) inverse(v) a derivative has the divided differences of the function at w for weights (Daleckii & Krein 1965). They are
computed by rules of sums, products and compositions, as derivatives are, from those of the exponential, which has no cancellation in its
own; so equal and nearly equal eigenvalues lose no digits. Where a function is not smooth at the values they are NaN.

A function is given as "x", the number of an operand, or the name of an operation with functions.
"""

from math import prod

import numpy as xp

from .standard import _is_complex, _real

# ---- divided differences of the first and the second order at all pairs and triples of values, symmetric arrays
_PAIRS = ((1, 0),)
_TRIPLES = ((1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 0, 1), (2, 1, 0))


def _products_of_differences(a, b):
    if len(a) == 1:
        return [a[0] * b[0]]
    first = a[0][:, None] * b[1], a[1] * b[0]
    out = [a[0] * b[0], first[0] + first[1] if a is b else _least(_PAIRS, *first)]
    if len(a) > 2:
        out.append(_least(_TRIPLES, a[0][:, None, None] * b[2], a[1][:, :, None] * b[1], a[2] * b[0]))
    return out


def _composed_differences(outer, inner):
    """Those of f(g), of those of f at the values of g."""
    out = [outer[0], *(d * e for d, e in zip(outer[1:2], inner[1:2], strict=True))]
    if len(outer) > 2:
        out.append(_least(_TRIPLES[:2], outer[2] * (inner[1][:, None, :] * inner[1][:, :, None]), outer[1] * inner[2]))
    return out


# Each order of a pair or a triple has the same sum of other terms: these cancel where a large value of one function, or the place at
# which the inner one is steep, meets a small one of the other.
def _least(orders, *terms):
    """The sum of terms at the order of each pair or triple whose terms are least."""
    whole, size = sum(terms), sum(map(xp.abs, terms))
    found, least = whole, size
    for axes in orders:
        other = xp.permute_dims(size, axes)
        found, least = xp.where(other < least, xp.permute_dims(whole, axes), found), xp.minimum(other, least)
    return found


def _scaled_differences(c, a):
    return [c * x for x in a]


def _exp_differences(w, order, e=None):
    """Those of the exponential, whose values may be given."""
    e = xp.exp(w) if e is None else e
    if order == 0:
        return [e]
    gap = w - w[:, None]
    ahead = _real(gap) > 0
    below, largest = xp.where(ahead, -gap, gap), xp.where(ahead, e, e[:, None])
    equal, one = gap == 0, xp.ones_like(gap)
    first = largest * xp.where(equal, one, xp.expm1(below) / xp.where(equal, one, below))
    if order < 2:
        return [e, first]
    size = xp.abs(gap)
    ij, jk, ik = size[:, :, None], size[None], size[:, None, :]
    widest = xp.maximum(xp.maximum(ij, jk), ik)
    quotient = (first[:, :, None] - first[None]) / xp.where(equal, one, -gap)[:, None, :]
    second = xp.where(ij == widest, xp.permute_dims(quotient, (0, 2, 1)), xp.permute_dims(quotient, (1, 0, 2)))
    second = xp.where(ik == widest, quotient, second)
    return [e, first, _with_series(second, widest < 1, w)]


def _with_series(second, near, w):
    """The divided differences with those of a small triangle, the mask `near`, by their series."""
    return xp.where(near, _exp_series(w[:, None, None], w[:, None], w), second)


# about its centre, of complete homogeneous polynomials of the three, whose sum is 0
def _exp_series(a, b, c):
    centre = (a + b + c) / 3
    a, b, c = a - centre, b - centre, c - centre
    square, cube = -(a * b + b * c + a * c), a * b * c
    terms, total, factorial = [xp.zeros_like(cube), xp.zeros_like(cube), xp.ones_like(cube)], 0.5, 2.0
    for k in range(3, 19):
        terms = [terms[1], terms[2], square * terms[1] + cube * terms[0]]
        factorial *= k
        total = total + terms[2] / factorial
    return xp.exp(centre) * total


def _triples(x):
    return x[:, :, None] * x * x[:, None, :]


def _off_the_branch(w):
    """The values; those on the branch of the logarithm and the root as NaN."""
    return xp.where((xp.imag(w) == 0) & (xp.real(w) <= 0), xp.full_like(w, xp.nan), w) if _is_complex(w) else w


def _log_differences(w, order):
    w = _off_the_branch(w)
    if order == 0:
        return [xp.log(w)]
    e = _exp_differences(xp.log(w), order, w)
    first = 1 / e[1]
    return [xp.log(w), first, *(-x * _triples(first) for x in e[2:])]


def _sqrt_differences(w, order):
    r = xp.sqrt(_off_the_branch(_without_rounding(w)))
    if order == 0:
        return [r]
    size = xp.abs(r)
    regular = xp.min(size) > 8 * (r.shape[0] * xp.finfo(r.dtype).eps) ** 0.5 * xp.max(size)
    smooth = xp.where(regular, r, xp.full_like(r, xp.nan))
    first = 1 / (smooth + smooth[:, None])
    return [r, first] if order == 1 else [r, first, -_triples(first)]


def _without_rounding(w):
    """Real values, those below 0 that are rounding errors as 0."""
    if _is_complex(w):
        return w
    rounding = 4 * w.shape[0] * xp.finfo(w.dtype).eps * xp.max(xp.abs(w))
    return xp.where(xp.abs(w) <= rounding, xp.maximum(w, xp.zeros_like(w)), w)


def _inverse_differences(w, order):
    r = 1 / w
    if order == 0:
        return [r]
    first = -r * r[:, None]
    return [r, first] if order == 1 else [r, first, -first[:, :, None] * r]


def _waves_of_differences(name, w, order):
    """Those of sin, cos, sinh and cosh."""
    i = 1j if name in ("sin", "cos") else 1
    up, down = ([x * (s * i) ** k for k, x in enumerate(_exp_differences(s * i * w, order))] for s in (1, -1))
    sign = 1 if name in ("cos", "cosh") else -1
    out = [(a + sign * b) / (2 * i if name == "sin" else 2) for a, b in zip(up, down, strict=True)]
    return out if _is_complex(w) else [_real(x) for x in out]


def _differences_at(name, w, order):
    """Those of an operation of one function at the values of that; of tanh without its cancellation far from 0."""
    simple = {"exp": _exp_differences, "log": _log_differences, "sqrt": _sqrt_differences}
    if name in simple:
        return simple[name](w, order)
    if name == "tan":
        return _products_of_differences(_differences_at("sin", w, order), _power_of_differences(_differences_at("cos", w, order), -1))
    if name == "tanh":
        e = [x * 2**k for k, x in enumerate(_exp_differences(2 * w, order))]
        quotient = _power_of_differences([1 + e[0], *e[1:]], -1)
        return [1 - 2 * quotient[0], *(-2 * x for x in quotient[1:])]
    return _waves_of_differences(name, w, order)


def _power_of_differences(a, k):
    """Those of an integer power."""
    if k < 0:
        a, k = _composed_differences(_inverse_differences(a[0], len(a) - 1), a), -k
    out = None
    while k:
        if k & 1:
            out = _products_of_differences(out, a) if out else a
        k >>= 1
        a = _products_of_differences(a, a) if k else a
    return out or [xp.ones_like(a[0]), *(xp.zeros_like(x) for x in a[1:])]


def _divided(f, numbers, w, order):
    """[values, divided differences of the first order, and of the second] of a function."""
    one = xp.ones_like(w)
    if f == "x":
        return [w, one[:, None] * one, xp.zeros_like(w[:, None, None] * w[:, None] * w)][: order + 1]
    if isinstance(f, int):
        return [numbers[f] * one, *(0 * numbers[f] * xp.ones_like(x) for x in (w[:, None] * w, w[:, None, None] * w[:, None] * w)[:order])]
    name, inner, *others = f
    if name in ("log", "sqrt") and isinstance(inner, tuple) and inner[0] == "exp" and not _is_complex(w):
        exponent = _divided(inner[1], numbers, w, order)
        return exponent if name == "log" else _divided_composed("exp", _scaled_differences(0.5, exponent), order)
    if name == "over":  # f(x)/x with f(0) = 0 is the divided difference at x and 0, of which its own are those of one order more
        if order > 1:
            return _divided(("mul", ("power", "x", -1), inner), numbers, w, order)
        found = _divided(inner, numbers, xp.concat([w, xp.zeros_like(w[:1])]), order + 1)
        return [found[1][:-1, -1], *(x[:-1, :-1, -1] for x in found[2:])]
    if name == "power":
        return _power_of_differences(_divided(inner, numbers, w, order), others[0])
    if name == "root":
        log = _divided(("log", inner), numbers, w, order)
        return _divided_composed("exp", _scaled_differences(numbers[others[0]], log), order)
    parts = [_divided(g, numbers, w, order) for g in (inner, *others)]
    if name == "add":
        return [sum(terms) for terms in zip(*parts, strict=True)]
    if name == "mul":
        factors = [part for g, part in zip((inner, *others), parts, strict=True) if not isinstance(g, int)]
        out = _scaled_differences(prod([numbers[g] for g in (inner, *others) if isinstance(g, int)]), factors[0])
        for part in factors[1:]:
            out = _products_of_differences(out, part)
        return out
    return _differences_at(name, w, order) if inner == "x" else _divided_composed(name, parts[0], order)


def _divided_composed(name, inner, order):
    return _composed_differences(_differences_at(name, inner[0], order), inner)


# ---- derivatives
def _along_directions(weights, v, inverse, directions):
    """The function, or its derivative in one direction or two, of the divided differences of that order."""
    if not directions:
        return (v * weights) @ inverse
    inner = [inverse @ e @ v for e in directions]
    if len(inner) == 1:
        return v @ (weights * inner[0]) @ inverse
    a, b = inner
    return v @ xp.sum(weights * (a[:, :, None] * b + b[:, :, None] * a), axis=1) @ inverse


def _along_units(weights, v, inverse, sides, directions):
    """The derivatives in the directions of all unit matrices, and a given one if any: entry [j, i, l, k] is by entry k, l that of i, j.
    sides: a matrix that each of these axes is multiplied by, or None for the axis itself.
    """
    n = v.shape[0]
    j, i, l, k = (a if side is None else side @ a for side, a in zip(sides, (inverse.T, v, v, inverse.T), strict=True))
    first, second = (xp.reshape(a[:, None, :] * b, (-1, n)) for a, b in ((i, k), (l, j)))
    if directions:
        e = inverse @ directions[0] @ v
        right = l @ xp.reshape(xp.reshape(weights * e, (n * n, n)) @ j.T, (n, n, j.shape[0]))
        left = k @ xp.reshape(i @ xp.reshape(e[:, :, None] * weights, (n, n * n)), (i.shape[0], n, n))
        out = xp.concat([first, xp.reshape(left, (-1, n))], axis=1) @ xp.concat([xp.reshape(right, (n, -1)), second.T], axis=0)
    else:
        out = (first @ weights) @ second.T
    return xp.permute_dims(xp.reshape(out, (i.shape[0], k.shape[0], l.shape[0], j.shape[0])), (3, 0, 2, 1))
