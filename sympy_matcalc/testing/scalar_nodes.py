"""Values of SymPy's scalar nodes: numbers, sums, products, powers, functions, conditions, Sum and Product."""

from contextlib import ExitStack
from functools import reduce
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or, Xor
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..errors import ShapeError
from .evaluator import as_scalar, evaluator, mentions, needs_loop
from .scalars import FUNCTIONS, RELATIONS


@evaluator(sp.Number)
def of_number(ev, node):
    return np.float64(node)


@evaluator(sp.NumberSymbol)
def of_constant(ev, node):
    return np.float64(node)


@evaluator(type(sp.I))
def of_imaginary_unit(ev, node):
    return np.complex128(1j)


@evaluator(type(sp.zoo))
def of_complex_infinity(ev, node):
    return np.float64(np.inf)


@evaluator(BooleanTrue, BooleanFalse)
def of_truth(ev, node):
    return np.bool_(bool(node))


def number_or_array(ev, expr):
    """The value of a summand or a factor: a number, but of SymPy's array expressions, which are no matrices to it, the array."""
    value = ev.value(expr)
    return as_scalar(value, expr) if getattr(expr, "is_Matrix", False) else value


@evaluator(sp.Add)
def of_add(ev, node):
    return reduce(np.add, [number_or_array(ev, a) for a in node.args])


@evaluator(sp.Mul)
def of_mul(ev, node):
    return reduce(np.multiply, [number_or_array(ev, a) for a in node.args])


@evaluator(sp.Pow)
def of_pow(ev, node):
    base, exponent = ev.scalar(node.base), ev.scalar(node.exp)
    return 1 / base if node.exp == -1 else np.power(base, exponent)


@evaluator(*FUNCTIONS)
def of_function(ev, node):
    if isinstance(node, sp.KroneckerDelta) and len(node.args) > 2:
        raise NotImplementedError(f"a KroneckerDelta with a range: `{node}`")
    if isinstance(node, (sp.re, sp.im)):
        return FUNCTIONS[type(node)](ev.value(node.args[0]))
    return FUNCTIONS[type(node)](*[ev.scalar(a) for a in node.args])


@evaluator(sp.conjugate)
def of_conjugate(ev, node):
    return np.conj(ev.value(node.args[0]))


@evaluator(sp.DiracDelta)
def of_dirac(ev, node):
    return 0 * np.real(ev.scalar(node.args[0]))


@evaluator(sp.Max)
def of_max(ev, node):
    return reduce(np.maximum, [ev.scalar(a) for a in node.args])


@evaluator(sp.Min)
def of_min(ev, node):
    return reduce(np.minimum, [ev.scalar(a) for a in node.args])


@evaluator(AppliedUndef)
def of_undefined_function(ev, node):
    """f(x) for a callable given under f, or under its name."""
    function = ev.env.get(node.func, ev.env.get(str(node.func)))
    if not callable(function):
        raise KeyError(f"no callable for the function `{node.func}`")
    return function(*[ev.value(a) for a in node.args])


@evaluator(*RELATIONS)
def of_relation(ev, node):
    return RELATIONS[type(node)](ev.scalar(node.lhs), ev.scalar(node.rhs))


@evaluator(And)
def of_and(ev, node):
    return reduce(np.logical_and, [ev.value(a) for a in node.args])


@evaluator(Or)
def of_or(ev, node):
    return reduce(np.logical_or, [ev.value(a) for a in node.args])


@evaluator(Xor)
def of_xor(ev, node):
    return reduce(np.logical_xor, [ev.value(a) for a in node.args])


@evaluator(Not)
def of_not(ev, node):
    return np.logical_not(ev.value(node.args[0]))


@evaluator(ITE)
def of_ite(ev, node):
    return np.where(*[ev.value(a) for a in node.args])[()]


@evaluator(sp.Piecewise)
def of_piecewise(ev, node):
    """The first branch whose condition holds; the others are not looked at. Nan where none holds."""
    result: Any = np.nan
    left = np.bool_(True)
    for branch, condition in node.args:
        chosen = np.logical_and(left, ev.value(condition))
        if np.any(chosen):
            value = ev.value(branch) if np.ndim(chosen) == 0 else ev.scalar(branch)
            if np.ndim(chosen) == 0:
                return value
            result = np.where(chosen, value, result)
        left = np.logical_and(left, np.logical_not(chosen))
    return result


@evaluator(sp.Subs)
def of_subs(ev, node):
    """The expression where its variables have the values of the point."""
    with ExitStack() as stack:
        for symbol, value in [(v, ev.scalar(p)) for v, p in zip(node.variables, node.point, strict=True)]:
            stack.enter_context(ev.bind(symbol, value))
        return ev.value(node.expr)


def interval(ev, limit):
    """(symbol, low, high) with ints; NotImplementedError for any other kind of limit."""
    if len(limit) != 3 or limit[1].is_infinite or limit[2].is_infinite:
        raise NotImplementedError(f"a sum or product over {tuple(limit)}: only finite limits (symbol, low, high) are evaluated")
    return limit[0], ev.integer(limit[1]), ev.integer(limit[2])


def values_over(ev, body, limits):
    """(sign, value) of `body` at each point of the limits, the last limit outermost; Karr's convention where high < low - 1."""
    if not limits:
        yield 1, ev.value(body)
        return
    symbol, low, high = interval(ev, limits[-1])
    sign, points = (1, range(low, high + 1)) if high >= low - 1 else (-1, range(high + 1, low))
    for k in points:
        with ev.bind(symbol, k):
            for inner_sign, value in values_over(ev, body, limits[:-1]):
                yield sign * inner_sign, value


def grid(ev, node):
    """Arrays of the values of the bound symbols at all points of a sum over a box, or None where a loop is needed."""
    symbols = frozenset(lim[0] for lim in node.limits)
    if isinstance(node.function, MatrixExpr) or needs_loop(node.function, symbols) or ev.batches() & mentions(node):
        return None
    if any(symbols & mentions(b) for lim in node.limits for b in lim[1:]) or len(symbols) < len(node.limits):
        return None
    ranges = [interval(ev, lim)[1:] for lim in node.limits]
    if any(high < low for low, high in ranges):
        return None
    axes = np.meshgrid(*[np.arange(low, high + 1) for low, high in ranges], indexing="ij")
    return {lim[0]: axis.ravel() for lim, axis in zip(node.limits, axes, strict=True)}


def sum_over_grid(ev, node, points):
    """The sum, all its terms computed at once."""
    with ExitStack() as stack:
        for symbol, values in points.items():
            stack.enter_context(ev.bind(symbol, values))
        return np.sum(np.broadcast_to(ev.scalar(node.function), next(iter(points.values())).shape))


@evaluator(sp.Sum)
def of_sum(ev, node):
    points = grid(ev, node)
    if points is not None:
        try:
            return sum_over_grid(ev, node, points)
        except IndexError:  # in a branch of a Piecewise that is not taken: term by term it is not looked at
            pass
    return sum_of_terms(ev, node)


def sum_of_terms(ev, node):
    """The sum of numbers or of matrices, term by term; `node` is a Sum or a MatrixSum, whose first argument is the body."""
    body = node.args[0]
    terms = [sign * value for sign, value in values_over(ev, body, node.limits)]
    if len({np.shape(t) for t in terms}) > 1:
        raise ShapeError(f"the terms of `{node}` differ in shape")
    if terms:
        return reduce(np.add, terms)
    return np.zeros([ev.integer(s) for s in body.shape]) if isinstance(body, MatrixExpr) else np.float64(0)


@evaluator(sp.Product)
def of_product(ev, node):
    """Scalars are multiplied; matrices are chained from left to right."""
    factors = list(values_over(ev, node.function, node.limits))
    if all(np.ndim(v) < 2 or np.size(v) == 1 for _, v in factors):
        return np.float64(1) * prod(as_scalar(v) if sign > 0 else 1 / as_scalar(v) for sign, v in factors)
    if any(sign < 0 for sign, _ in factors):
        raise NotImplementedError(f"a product of matrices with reversed limits: `{node}`")
    return reduce(np.matmul, [v for _, v in factors])
