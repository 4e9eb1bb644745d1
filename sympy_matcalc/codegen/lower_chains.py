"""Derivatives of a function of a function of a matrix, as the rules for each write them, as those of one function.

The divided differences of f(g) are products of those of f, at the values of g, and of g: these are out of range, or have no digits of one
another, where the function is ordinary, ``log(exp(u))``.
"""

from itertools import permutations

from sympy import Basic, Lambda
from sympy.matrices.expressions import Transpose

from ..canonical.compositions import ANY, read
from ..kernel.session import session
from ..nodes.frechet import FrechetDerivative


def first_of_chain(e):
    """``L_g(A; L_f(g(A); E))``, or ``L_f(g(A); L_g(A; E))``, as the derivative of f(g) at A; None of any other derivative."""
    inner = e.directions[0] if len(e.directions) == 1 else None
    if not isinstance(inner, FrechetDerivative) or len(inner.directions) != 1:
        return None
    for first, second in ((e, inner), (inner, e)):
        whole = _composed(second, first)
        if whole is not None:
            return Basic.__new__(FrechetDerivative, whole, first.arg, *inner.directions)
    return None


def with_second_of_chains(terms):
    """The terms of a sum, with ``L_g(A; D, L_f(g(A); E)) + L_g(A; L_f(g(A); E, L_g(A; D)))`` as one second derivative each."""
    left = list(terms)
    for term in terms:
        for found, other in _seconds(term):
            if term in left and other in left:
                left[left.index(term)] = found
                left.remove(other)
    return left


def _seconds(term):
    """(the second derivative that a term is one of two parts of, the other part), for each way to read it so."""
    e = term.args[0] if isinstance(term, Transpose) else term
    if not isinstance(e, FrechetDerivative) or len(e.directions) != 2:
        return
    for d, inner in permutations(e.directions):
        if not isinstance(inner, FrechetDerivative) or len(inner.directions) != 1:
            continue
        whole = _composed(inner, e)
        if whole is None:
            continue
        g, a, along = e.function, e.arg, Basic.__new__(FrechetDerivative, e.function, e.arg, d)
        for pair in permutations((inner.directions[0], along)):
            other = Basic.__new__(FrechetDerivative, g, a, Basic.__new__(FrechetDerivative, inner.function, inner.arg, *pair))
            found = Basic.__new__(FrechetDerivative, whole, a, d, inner.directions[0])
            yield (found, other) if e is term else (Transpose(found), Transpose(other))


def _composed(outer, inner):
    """The function f(g), where `outer` is a derivative of f at g(A), and `inner` one of g at A; else None."""
    with session():
        body = read(outer.arg, inner.arg, ANY)
    if body is None or body == ANY or body != _at(inner.function, ANY):
        return None
    return Lambda(ANY, _at(outer.function, body))


def _at(function, argument):
    (x,) = function.variables
    return function.expr.xreplace({x: argument})
