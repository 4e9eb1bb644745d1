"""Whether a formula that agrees with the derivative in floating point is the derivative, and to how many digits that is known.

What simplifies to 0 is. Else values with a hundred digits tell, where every node has one. What is left agrees as far as floating point
goes, and is said to be that.
"""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from sympy.assumptions.assume import AppliedPredicate

from ..rewriting import simplify
from ..testing.evaluator import evaluate
from .algebra import difference_of, is_negligible, is_zero_expression, written_in
from .arithmetic import minus, times
from .comparing import RTOL, all_same
from .conditions import applied, exactly
from .decimals import without_decimals
from .precise import constant_ratio, digits_in_common, is_iterated, values_agree
from .steady import NO_VALUE
from .views import TRANSPOSED

DOUBLES = 9  # digits to which values in floating point are compared, as `comparing.RTOL` says
OF_DECIMALS = 15  # digits of a decimal that fills a double
PLACES = 2  # points at which values with many digits are compared


class Agreement(NamedTuple):
    """How far a formula agrees with a view of the derivative.

    is_same: False where it differs all the same. is_exact: whether the difference simplifies to 0. digits: to how many it is known to
    agree, None for all. factor, difference: of what differs, the formula is this times the derivative, or this has to be added to it.
    within: whether the two are the same only where the expression is real, as 1/|x| and 1/x beside log(x).
    """

    is_same: bool
    is_exact: bool = False
    digits: int | None = None
    factor: Any = None
    difference: Any = None
    within: bool = False


def agreement(case, view, is_near=True, conditions=()) -> Agreement | None:
    """The `Agreement` with a view, under conditions where there are; None for a formula that only many digits would show to be it."""
    plain = case.question
    pair, rounded = _pair(case, view)
    if not is_near:
        is_cheap = pair is not None and not any(map(is_iterated, pair))
        same = is_cheap and all(values_agree(pair[0], pair[1], env, rounded) for env in by_size(case.envs))
        return Agreement(True, digits=OF_DECIMALS if rounded else None) if same else None
    is_close = bool(conditions) or all_same(case.got, view.arrays, RTOL)
    if pair is None:
        return Agreement(True, digits=DOUBLES) if is_close else None
    left = None if rounded else difference_of(pair[0], pair[1], _together(plain.assumptions, facts_of(conditions)))
    if left is not None and is_zero_expression(left):
        return Agreement(True, is_exact=True)
    envs = [exactly(conditions, applied(conditions, env)) for env in smallest(case.envs)]
    found = [values_agree(pair[0], pair[1], env, rounded) for env in envs]
    data, expected = _places(case, view, conditions)
    if False not in found and left is not None and not is_negligible(left, data, expected):
        inside, kept = partial(is_real_at, plain.expr), positive_in(plain.expr, case.envs)
        if not conditions and is_negligible(left, data, expected, inside, kept):
            return Agreement(True, digits=DOUBLES if None in found else None, within=True)
        found = [False]
    if False in found:
        return _different(pair, left, envs, rounded, plain.assumptions)
    if None not in found:
        return Agreement(True, digits=OF_DECIMALS if rounded else None)
    return Agreement(True, digits=DOUBLES) if left is not None or is_close else None


def _pair(case, view):
    """((the formula, the derivative) without decimals, those that are rounded), the first None where a view has no expression."""
    plain = case.question
    (mine, expr), rounded = without_decimals([plain.mine, plain.expr])
    question = plain if mine is plain.mine and expr is plain.expr else replace(plain, mine=mine, expr=expr)
    return written_in(case, view, question), rounded


def agrees_at(case, envs):
    """Whether many digits show the formula to be the derivative where floating point gives it no value."""
    pair, rounded = _pair(case, case.target) if envs else (None, {})
    return not envs or pair is not None and all(values_agree(pair[0], pair[1], env, rounded) for env in by_size(envs))


def _places(case, view, conditions):
    """(the data of all points, the derivative there) under conditions, as `written_in` has it."""
    envs = [applied(conditions, env) for env in case.envs]
    arrays = [case.view_at(view, env, p) for env, p in zip(envs, case.points, strict=True)] if conditions else view.arrays
    return envs, in_layout(view, arrays)


def is_real_at(expr, env):
    """Whether an expression has a real value, one that may be too large for floating point."""
    try:
        value = np.asarray(evaluate(expr, env))
    except NO_VALUE:
        return False
    return not np.iscomplexobj(value) and not np.any(np.isnan(value))


def positive_in(expr, envs):
    """The symbols that are positive at all points and have to be, as x in log(x), which is not real where they are negative."""
    numbers = [s for s, v in envs[0].items() if not isinstance(v, int) and all(np.all(np.asarray(env[s]) > 0) for env in envs)]
    return [s for s in numbers if not any(is_real_at(expr, {**env, s: -env[s]}) for env in envs)]


def _different(pair, left, envs, rounded, assumptions):
    factor = None if rounded else constant_ratio(pair[0], pair[1], envs)
    digits = None if rounded else digits_in_common(pair[0], pair[1], envs[0])
    if factor is not None and factor != 1:
        return Agreement(False, digits=digits, factor=factor)
    difference = minus(pair[1], pair[0]) if left is None else simplify(times(-1, left), assumptions)
    return Agreement(False, digits=digits, difference=difference)


def in_layout(view, arrays):
    """The values of a view as `written_in` has it."""
    return [a.T if view.kind == TRANSPOSED and a.ndim == 2 else a for a in arrays]


def facts_of(conditions):
    return [c.predicate for c in conditions if isinstance(c.predicate, AppliedPredicate)]


def by_size(envs):
    """Points with few entries first."""
    return sorted(envs, key=lambda env: sum(getattr(v, "size", 1) for v in env.values()))


def smallest(envs):
    return by_size(envs)[:PLACES]


def _together(assumptions, facts):
    given = [] if assumptions is None else assumptions if isinstance(assumptions, (list, tuple)) else [assumptions]
    return [*given, *facts] if facts else assumptions
