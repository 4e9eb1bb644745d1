"""A formula and a derivative term by term: which summand is missing, has the wrong sign, a wrong factor, or is one too many."""

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, Mul, S
from sympy.matrices.expressions import MatAdd, MatMul, Transpose

from ..errors import MatcalcError
from ..kernel.walks import every_node
from ..rewriting import expand, simplify
from ..text import to_text
from .arithmetic import combined, minus, times, turned
from .comparing import RTOL, same_values
from .factors import nice

MOST_TERMS = 24  # of a sum that is gone through term by term
MOST_NODES = 600  # of a formula that is multiplied out
FEW = 3  # terms that are called missing, of a derivative of more


class Finding(NamedTuple):
    """kind, what to add to the formula, the factor of the terms where it is that, and the terms in question."""

    kind: str
    difference: Any
    factor: Any
    terms: tuple


def summands(e):
    """The terms of a formula multiplied out; itself where it is none that can be, or a term alone."""
    found = [e]
    if len(every_node(e)) <= MOST_NODES:
        try:
            found = list(_terms(expand(e)))
        except MatcalcError:
            found = list(_terms(e))
    return found if len(found) <= MOST_TERMS else list(_terms(e))[:MOST_TERMS]


def _terms(e):
    if isinstance(e, (Add, MatAdd)):
        for a in e.args:
            yield from _terms(a)
    elif isinstance(e, (Mul, MatMul)) and len(e.args) == 2 and e.args[0].is_Number and isinstance(e.args[1], (Add, MatAdd, Transpose)):
        yield from (times(e.args[0], a) for a in _terms(e.args[1]))
    elif isinstance(e, Transpose) and isinstance(e.arg, MatAdd):
        yield from map(turned, _terms(e.arg))
    else:
        yield e


def _columns(terms, evaluate_all):
    """(terms, their values stacked over all points) without those that have no value of the shape that is needed."""
    kept, columns = [], []
    for t in terms:
        column = evaluate_all(t)
        if column is not None:
            kept.append(t)
            columns.append(column)
    return kept, columns


def coefficients(columns, target):
    """The numbers c with sum c_k columns_k = target; None where there are none, or not only those."""
    if not columns:
        return None
    M, t = np.stack(columns, axis=1), target
    scale = np.linalg.norm(M, axis=0)
    if np.any(scale == 0) or not np.all(np.isfinite(M)):
        return None
    c, _, rank, _ = np.linalg.lstsq(M / scale, t, rcond=1e-10)
    c = c / scale
    largest = max(np.abs(t).max(initial=0), np.abs(M * c).max(initial=0))
    return c if rank == len(columns) and np.abs(M @ c - t).max(initial=0) <= 10 * RTOL * largest else None


def compare_terms(mine, answer, evaluate_all, factor, turn):
    """The `Finding` about a formula in terms of the summands of the derivative, and of its own; None where they do not explain it.

    evaluate_all: expression -> its values at all points in one vector, None where it has none of the right shape. factor: two terms
    -> the scalar between them, or None. turn: whether a summand may stand transposed.
    """
    wanted = evaluate_all(answer)
    got = evaluate_all(mine)
    if wanted is None or got is None:
        return None
    theirs, columns = _columns(summands(answer), evaluate_all)
    found = (
        _of_their_terms(theirs, columns, got)
        or _extra(mine, evaluate_all, wanted)
        or _exchanged(mine, theirs, columns, wanted - got, evaluate_all, factor)
    )
    return found or (_turned(theirs, columns, wanted - got, evaluate_all) if turn else None)


def _of_their_terms(terms, columns, got):
    """mine = sum c_k t_k with numbers c_k of which most are 1."""
    c = coefficients(columns, got)
    numbers = None if c is None else [S.Zero if abs(x) < 1e-8 else nice(x) for x in c]
    if numbers is None or None in numbers or len(terms) < 2:
        return None
    off = [(t, k) for t, k in zip(terms, numbers) if k != 1]
    if not off or len(off) == len(terms):
        return None
    difference = combined(*((1 - k, t) for t, k in off))
    factors = {k for _, k in off}
    kind, factor = "missing term", None
    if factors == {S.NegativeOne}:
        kind, factor = "sign", S.NegativeOne
    elif len(factors) == 1 and factors != {S.Zero}:
        kind, factor = "scaled", factors.pop()
    return Finding(kind, difference, factor, tuple(t for t, _ in off))


def _extra(mine, evaluate_all, wanted):
    """The derivative is the formula without some of its own terms."""
    terms, columns = _columns(summands(mine), evaluate_all)
    c = coefficients(columns, wanted)
    numbers = None if c is None else [S.Zero if abs(x) < 1e-8 else nice(x) for x in c]
    if numbers is None or len(terms) < 2 or not set(numbers) == {S.Zero, S.One}:
        return None
    off = [t for t, k in zip(terms, numbers) if k == 0]
    return Finding("missing term", combined(*((-1, t) for t in off)), None, tuple(off))


def _exchanged(mine, theirs, columns, difference, evaluate_all, factor):
    """One of the derivative's terms stands in the formula as another one, the rest is right."""
    own, own_columns = _columns(summands(mine), evaluate_all)
    if len(theirs) < 2 or len(own) < 2:
        return None
    for t, a in zip(theirs, columns):
        for u, b in zip(own, own_columns):
            if same_values(a - b, difference, 10 * RTOL):
                c = factor(t, u)
                return Finding("missing term" if c is None else "scaled", minus(t, u), c, (t,) if c is not None else (t, u))
    return None


def _turned(terms, columns, difference, evaluate_all):
    """The difference is the transpose of one or two terms of the derivative."""
    reversed_ones, more = _columns([turned(t) for t in terms if getattr(t, "is_Matrix", False)], evaluate_all)
    candidates = list(zip([*terms, *reversed_ones], [*columns, *more]))
    for size in (1, 2):
        for some in combinations(candidates, size):
            if same_values(sum(c for _, c in some), difference, 10 * RTOL) and (len(terms) > 1 or size == 1):
                return Finding("missing term", combined(*((1, t) for t, _ in some)), None, tuple(t for t, _ in some))
    return None


def size_of(e):
    return len(to_text(e))


def shortest_difference(difference, answer, mine, assumptions):
    """What to add to the formula, in the shorter of two forms: by terms, or the simplified difference of the two."""
    candidates = [difference]
    for make in (lambda: simplify(difference, assumptions), lambda: simplify(minus(answer, mine), assumptions)):
        try:
            candidates.append(make())
        except (MatcalcError, TypeError, ValueError):
            continue
    return min((c for c in candidates if c is not None), key=size_of)
