"""The order in which a formula is looked at: what is exact before what needs a condition, whole formulas before single terms.

A formula that is right exactly is right. Then: another layout or form, the sign, a scalar factor; a symmetric X; the conventions for
one; the conditions that books state; terms that are missing or wrong; conditions under which much is the same; two faults at once; slips
inside of a formula. What nothing of this explains is wrong, and a counterexample says where.
"""

from typing import Any

import numpy as np
from sympy import And, MatrixSymbol, Piecewise, Q, S, expand_mul, fraction
from sympy.matrices.expressions import Inverse, MatPow

from ..errors import MatcalcError
from ..kernel.walks import every_node, holds
from ..text import to_text
from .agreement import agreement, agrees_at, in_layout, is_real_at, positive_in
from .algebra import written_in
from .case import Case, has_value, value_or_none
from .comparing import all_same, is_zero, same_values
from .conditions import applied, holds_under, rare_one, smallest_set, symmetric_all, usual
from .counterexample import counterexample
from .factors import factor_between, number, ratio, scalars_in, sums_in
from .inner import inner_edit
from .points import has_kinks
from .structures import other_convention
from .summands import compare_terms, shortest_difference
from .views import RIGHT, TRANSPOSED

NEARLY = 1e-6  # relative: what is that close is looked at as an expression


def diagnose(case: Case) -> dict[str, Any]:
    """What `Verdict` says of the formula beside the question itself; and of what kind the data are, where such of either sign will not do.

    A formula that was seen to be right with such data only, and not exactly, is right if they are so.
    """
    found, data = _diagnosed(case), case.points[0].data
    if not data or found.get("exact"):
        return found
    if found["kind"] == "right":
        return found | {"kind": "right if", "condition_words": data}
    return found | {"note": "; ".join(filter(None, [found.get("note"), f"compared where {data}"]))}


def _diagnosed(case: Case) -> dict[str, Any]:
    if not case.fitting:
        return _of_another_shape(case)
    for step in STEPS:
        found = step(case)
        if found:
            return found
    return {"kind": "wrong", "counterexample": counterexample(case), "note": _same_shape_note(case)}


def _same_shape_note(case):
    return "" if case.fitting[0] is case.target else f"it has the shape of the {case.question.name} {case.fitting[0].note}"


def _of_view(view, kind, **more):
    """The finding `kind` about a formula of a view: the layout is named first, other forms in a note."""
    if view.kind == RIGHT:
        return {"kind": kind, "note": view.note, **more}
    return {"kind": view.kind, "note": view.note, "also": (kind,), **more}


# ---- the whole formula
def _exact(case):
    for view in case.fitting:
        is_near = all_same(case.got, view.arrays, NEARLY)
        if not is_near and view is not case.target:  # which many digits may show, where floating point has lost some
            continue
        found = agreement(case, view, is_near)
        if found is None:
            continue
        if not found.is_same:
            return _nearly(view, found)
        if view is case.target:
            return _right(case, found) | _to(found)
        return {"kind": view.kind, "note": view.note} | _to(found) | (_also_right_if(case) if view.kind == TRANSPOSED else {})
    return None


def _to(found):
    return {"digits": found.digits}


def _nearly(view, found):
    """What agrees with a view in floating point only."""
    more = {"factor": found.factor} if found.factor is not None else {"difference": found.difference}
    finding = _of_view(view, "missing term" if found.factor is None else "scaled", **more)
    note = f"the two agree to {found.digits} digits only" if found.digits else ""
    return finding | {"note": ", ".join(filter(None, [finding["note"], note]))}


def _right(case, found):
    if found.is_exact:
        return {"kind": "right", "exact": True}
    if found.within:
        return _where_it_is_real(case)
    return {"kind": "right"} if agrees_at(case, [p.env for p in case.left_out]) else _where_it_has_a_value(case)


def _where_it_is_real(case):
    """A formula that is right where the expression is real, and another one where it is not, as 1/|x| beside log(x)."""
    expr = case.question.expr
    symbols = sorted(positive_in(expr, case.envs), key=str)
    flipped = [{s: v if isinstance(v, int) or s in symbols else -v for s, v in env.items()} for env in case.envs]
    if not symbols or not all(is_real_at(expr, env) for env in flipped):
        return {"kind": "right if", "condition": None, "condition_words": f"`{to_text(expr)}` is real"}
    words = [f"the entries of {s} are positive" if getattr(s, "is_Matrix", False) else f"{s} is positive" for s in symbols]
    scalars = [s for s in symbols if not getattr(s, "is_Matrix", False)]
    condition = And(*map(Q.positive, scalars)) if len(scalars) == len(symbols) else None
    return {"kind": "right if", "condition": condition, "condition_words": _listed(words)}


def _where_it_has_a_value(case):
    """A formula that has no value at some points where the derivative has one, as (X'X)^-1 of a wide X."""
    inverted = [node.base for node in every_node(case.question.mine) if isinstance(node, MatPow) and node.exp.is_negative]
    inverted += [node.arg for node in every_node(case.question.mine) if isinstance(node, Inverse)]
    singular = [A for A in dict.fromkeys(inverted) if not has_value(Inverse(A), case.left_out[0].env)]
    at = ", ".join(f"{s} = {k}" for s, k in case.left_out[0].sizes.items())
    where = f"with {at}" if at else "everywhere"
    words = f"{' and '.join(map(str, singular))} is invertible" if singular else f"it has a value, which it has not {where}"
    return {"kind": "right if", "condition": And(*map(Q.invertible, singular)) if singular else None, "condition_words": words}


def _also_right_if(case):
    """The condition under which a transposed formula is right as it stands; of a skew-symmetric derivative, that it is minus that."""
    if case.target not in case.fitting:
        return {}
    if all_same(case.got, [-a for a in case.target.arrays]):
        return {"also": ("sign",), "note": "which is minus it, since it is skew-symmetric"}
    found = smallest_set(case.points, _values(case, case.target), case.symbols)
    return {"also": ("right if",), **_conditions(found)} if found else {}


def _sign(case):
    for view in case.fitting:
        if all_same(case.got, [-a for a in view.arrays]):
            return _of_view(view, "sign", factor=S.NegativeOne)
    return None


def _scaled(case, bases=scalars_in):
    for view in case.fitting:
        c = factor_between(case.got, view.arrays, case.envs, bases([case.question.expr, case.question.mine, case.answer]))
        is_factor = c is not None and not holds(c, (Piecewise,))  # nobody forgets a factor by pieces
        if is_factor and not (c.is_number and abs(c - 1) < NEARLY):  # of 1 nearly, what is left is a small term
            return _of_view(view, "scaled", factor=c)
    return None


def _scaled_by_sum(case):
    """A factor such as 1 - sigmoid(z) forgotten; of terms that are left out, which these factors would explain too, `_term` has spoken.

    log(t)/(log(t) + 1) is no factor that one forgets: t^t log(t) lacks a term of t^t (log(t) + 1) multiplied out.
    """
    found = _scaled(case, sums_in)
    if found is None or fraction(found["factor"])[0].is_number:
        return found
    return _terms_of_view(case, case.target, expand_mul) or found


# ---- conditions
def _values(case, view, factor=1):
    """(env, point) -> (value of the formula, factor times that of a view of the derivative)."""

    def values(env, point):
        expected = factor * case.view_at(view, env, point)
        got = value_or_none(case.question.mine, env, expected.shape)
        if got is None:
            raise ValueError("the formula has no value under this condition")
        return got, expected

    return values


def _conditions(found):
    words = [c.words for c in found]
    return {"condition": And(*(c.predicate for c in found)), "condition_words": _listed(words)}


def _listed(words):
    """ "A is symmetric and B is symmetric" as "A and B are symmetric"."""
    ends = {w.partition(" is ")[2] for w in words}
    if len(words) > 1 and len(ends) == 1 and "" not in ends:
        names = [w.partition(" is ")[0] for w in words]
        return f"{', '.join(names[:-1])} and {names[-1]} are {ends.pop()}"
    return " and ".join(words)


def _right_if(case, view, conditions):
    """Right under conditions, where the difference is 0 then but for rounding: a small term more is no slip that they explain."""
    found = agreement(case, view, conditions=tuple(conditions)) if conditions else None
    if found is None or not found.is_same:
        return None
    also = {} if view.kind == RIGHT else {"also": ("right if",), "as_it_stands": False}
    return {"kind": "right if" if view.kind == RIGHT else view.kind, "note": view.note, **_conditions(conditions), **_to(found)} | also


def _symmetric_variable(case):
    """X symmetric alone, before the conventions for a symmetric X."""
    mine = [c for c in symmetric_all([case.question.X]) if case.question.structure is None]
    return next(
        (_right_if(case, v, [c]) for v in _plain_first(case) for c in mine if holds_under([c], case.points, _values(case, v))), None
    )


def _plain_first(case):
    return case.fitting[:2]


def _convention(case):
    found = other_convention(case, ("symmetric",))
    if found is None or case.question.structure is None:
        return found
    term = _term(case) or {"kind": "wrong"}  # what separates the two conventions may be a term
    return found | ({} if term["kind"] not in ("missing term", "sign") else {"also": (term["kind"],), "difference": term["difference"]})


def _condition(case):
    for view in _plain_first(case):
        found = smallest_set(case.points, _values(case, view), case.symbols)
        if found:
            return _right_if(case, view, found)
    return None


def _rare_condition(case):
    found = other_convention(case, ("diagonal", "skew", "orthogonal", "spd", "lower", "upper", "toeplitz", "circulant", "hankel"))
    kinked = has_kinks(case.question)
    return found or next(
        filter(
            None,
            (_right_if(case, v, rare_one(case.points, _values(case, v), case.symbols, case.question.X, kinked)) for v in case.fitting[:1]),
        ),
        None,
    )


# ---- terms
def _term(case):
    return next(filter(None, (_terms_of_view(case, v) for v in _plain_first(case))), None)


def _terms_of_view(case, view, form=lambda e: e):
    """The terms of the formula against those of a form of the derivative, both in the layout of the derivative."""
    question, pair = case.question, written_in(case, view)
    if pair is None or question.mine == 0:
        return None
    mine, answer = pair[0], form(pair[1])
    shapes = [a.shape for a in in_layout(view, view.arrays)]
    found = compare_terms(mine, answer, _evaluator(case, shapes), _factor_of_term(case, shapes), turn=all(s[0] == s[-1] for s in shapes))
    if found is None:
        return None
    difference = shortest_difference(found.difference, answer, mine, question.assumptions)
    return _of_view(view, found.kind, difference=difference, factor=found.factor, terms=found.terms if found.kind != "missing term" else ())


def _evaluator(case, shapes):
    """expression -> its values at all points in one vector, each relative to the size of the derivative there; None without a value."""
    scales = [1 / max(1e-300, np.abs(a).max(initial=0)) for a in case.target.arrays]
    memo: dict[Any, Any] = {}

    def evaluate_all(e):
        if e not in memo:
            values = [value_or_none(e, env, shape) for env, shape in zip(case.envs, shapes, strict=True)]
            usable = all(v is not None for v in values)
            memo[e] = np.concatenate([np.ravel(v * c) for v, c in zip(values, scales, strict=True)]) if usable else None
        return memo[e]

    return evaluate_all


def _factor_of_term(case, shapes):
    """(a term, another) -> the scalar that is not constant by which the second is the first; None without one."""
    bases = scalars_in([case.question.expr, case.question.mine, case.answer])

    def factor(t, u):
        pairs = [[value_or_none(e, env, shape) for e in (t, u)] for env, shape in zip(case.envs, shapes, strict=True)]
        return factor_between([b for _, b in pairs], [a for a, _ in pairs], case.envs, bases)

    return factor


def _inner(case):
    if case.fitting[0] is not case.target:
        return None
    found = inner_edit(case)
    if found is None:
        return None
    kind, note, difference = found
    return {
        "kind": kind,
        "note": note,
        "difference": shortest_difference(difference, case.answer, case.question.mine, case.question.assumptions),
    }


# ---- two faults at once
def _two_faults(case):
    """A constant factor, the sign among them, together with a condition."""
    for view in _plain_first(case):
        for c in usual(case.symbols):
            k = _constant_under(case, view, c)
            if k is not None:
                kind = "sign" if k == -1 else "scaled"
                also = (kind, "right if") if view.kind != RIGHT else ("right if",)
                return {"kind": kind if view.kind == RIGHT else view.kind, "note": view.note, "also": also, "factor": k, **_conditions([c])}
    return None


def _constant_under(case, view, condition):
    """The number k with mine = k * derivative at all points that obey the condition; None where there is none."""
    try:
        got, expected = _values(case, view)(applied([condition], case.points[0].env), case.points[0])
    except (np.linalg.LinAlgError, ValueError, IndexError):
        return None
    c = None if got.size < 2 or is_zero(expected, 1.0) else ratio(got, expected)
    if c is None or not holds_under([condition], case.points, _values(case, view, c)):
        return None
    k = number(c)
    return k if k.is_Rational and abs(k - 1) > NEARLY else None


# ---- another shape
def _of_another_shape(case):
    found = other_convention(case, ("symmetric",)) or _by_parameters(case)
    if found:
        return found
    found = _as_diagonal(case)
    if found:
        return found
    shapes = [_words(getattr(e, "shape", ()), e) for e in (case.question.mine, case.answer)]
    return {"kind": "wrong shape", "note": f"it has {shapes[0]}, and the {case.question.name} has {shapes[1]}"}


def _as_diagonal(case):
    """The diagonal alone of a derivative that is a diagonal matrix."""
    pairs = list(zip(case.got, case.target.arrays, strict=True))
    if any(g.shape not in ((len(a), 1), (1, len(a))) or not same_values(np.diag(np.ravel(g)), a) for g, a in pairs):
        return None
    mine = to_text(case.question.mine)
    return {"kind": "wrong shape", "note": f"`{mine}` is the diagonal of the {case.question.name}, which is `diag({mine})`"}


def _words(shape, e):
    shape = getattr(e, "axes_shape", shape)
    if not shape or all(s == 1 for s in shape):
        return "the shape of a scalar"
    return f"the shape {' x '.join(map(str, shape))}"


def _by_parameters(case):
    """The derivative by the free parameters of a symmetric X, form "vech"."""
    question = case.question
    if question.structure is not None or question.form is not None or not isinstance(question.X, MatrixSymbol) or question.Y is not None:
        return None
    try:
        by = question.derivative(form="vech", structure="symmetric")
    except MatcalcError:
        return None
    pairs = [(value_or_none(by, p.env, g.shape), g) for p, g in zip(case.points, case.got, strict=True)]
    if any(a is None or not same_values(a, g) for a, g in pairs):
        return None
    note = "by the free entries of a symmetric X, form='vech'"
    return {"kind": "other convention", "note": note, "convention": "vech", **_conditions(symmetric_all([question.X]))}


STEPS = (_exact, _sign, _scaled, _symmetric_variable, _convention, _condition, _term, _scaled_by_sum, _rare_condition, _two_faults, _inner)
