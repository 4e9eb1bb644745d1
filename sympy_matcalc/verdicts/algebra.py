"""The difference of a formula and the derivative as an expression, and whether what is left of it is more than rounding."""

from math import ceil

import numpy as np
from sympy import Number, S, log

from ..errors import MatcalcError
from ..kernel.walks import every_node
from ..rewriting import simplify
from .arithmetic import minus, turned
from .case import value_or_none
from .comparing import same_values
from .points import has_kink
from .steady import nudged
from .views import STACKED, TRANSPOSED

MOST_NODES = 400  # of two formulas whose difference is simplified
CLOSE_BY, PLACES = 1e-6, 8  # how far from the data, relative to them, and at how many places a difference is looked at again
DECADES = 4  # beyond the largest and the smallest number that is written
MOST_DECADES = 250  # of numbers in double precision
STEADY = 1e-2  # relative: a value that changes by more between places so close is rounding


def written_in(case, view, question=None):
    """(the formula, the derivative) as expressions of one shape for a formula that is in the form of a view; None where there are none.

    question: the same with decimals as fractions, where it is that which is to be written.
    """
    answer = case.answer if question is None or question is case.question else question.derivative()
    question = question or case.question
    mine = question.mine
    if view is case.target:
        return mine, answer
    is_matrix = getattr(mine, "is_Matrix", False)
    if view.note == STACKED and question.form is None and question.kind != "gradient":
        return mine, question.derivative(form="vec", **({"layout": "numerator"} if question.kind == "jacobian" else {}))
    if (
        view.kind == TRANSPOSED
        and is_matrix
        and all(a.shape == t.shape[::-1] for a, t in zip(view.arrays, case.target.arrays, strict=True))
    ):
        return turned(mine), answer
    return None


def difference_of(mine, answer, assumptions):
    """The simplified difference of two formulas; None where that says nothing."""
    if mine == answer or is_zero_expression(mine) and is_zero_expression(answer):
        return S.Zero
    if len(every_node(mine)) + len(every_node(answer)) > MOST_NODES:
        return None
    try:
        return simplify(minus(mine, answer), assumptions)
    except (MatcalcError, TypeError, ValueError, AttributeError):
        return None


def is_zero_expression(e):
    return e == 0 or getattr(e, "is_ZeroMatrix", False)


def is_negligible(difference, envs, expected, inside=None, kept=()):
    """Whether a difference that is small beside what is expected is rounding alone, which is another one at every place close by.

    The value of 1e-20*A does not. inside: which places are looked at, all where it is left out; kept: symbols that have to keep their sign.
    """
    if is_zero_expression(difference):
        return True
    decades = decades_of_kinks(difference)
    if decades > MOST_DECADES:
        return False
    pairs = list(zip(envs, expected, strict=True))
    places = [*pairs, *far_from(pairs, decades), *(far_from(pairs, decades, kept) if kept else ())]
    return all(_is_rounding(difference, env, a) for env, a in places if inside is None or inside(env))


def decades_of_kinks(difference):
    """How many powers of ten the data of a difference with kinks or jumps have to span; 0 without any."""
    nodes = every_node(difference)
    if not any(map(has_kink, nodes)):
        return 0
    written = [abs(node) for node in nodes if isinstance(node, Number) and node.is_finite and node != 0]
    return DECADES + max((ceil(abs(log(q, 10).evalf())) for q in written), default=0)


def far_from(pairs, decades, kept=()):
    """The first of the points with data beyond every number that is written, on both sides; kept: symbols that keep their sign."""
    env, a = pairs[0]
    for k in range(1, decades):
        for sign in (1, -1):
            scales = {s: (1 if s in kept else sign) * 10.0**k for s in env}
            yield {s: v if isinstance(v, int) or s.is_integer else scales[s] * v for s, v in env.items()}, a


def _is_rounding(difference, env, expected):
    value = value_or_none(difference, env, expected.shape)
    if value is None or not np.abs(value).max(initial=0):
        return True
    for place in range(PLACES):
        other = value_or_none(difference, nudged(env, CLOSE_BY, place), expected.shape)
        if other is None or not same_values(value, other, STEADY):
            return True
    return False
