"""What a diagnosis works on: the formula and the derivative at the random points, and the forms of it that have the formula's shape."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from sympy import MatrixSymbol

from ..testing.evaluator import evaluate
from .arithmetic import folded
from .comparing import same_values
from .points import NotComparableError, full_at, points_of, value_at
from .question import symbols_of
from .steady import NO_VALUE, PRECISE, SOME, is_steady
from .views import RIGHT, TRANSPOSED, View, distinct, views


@dataclass(frozen=True, eq=False)
class Case:
    """A question, the package's answer, the random points, and all views of the answer."""

    question: Any
    answer: Any
    points: list
    views: list
    left_out: tuple = ()  # points where the formula has no value

    @cached_property
    def target(self) -> View:
        return self.views[0]

    @cached_property
    def got(self):
        """The value of the formula at each point."""
        return [value_at(self.question.mine, p.env, a.shape) for p, a in zip(self.points, self.target.arrays, strict=True)]

    @cached_property
    def fitting(self):
        """The views of the shape of the formula."""
        return [v for v in self.views if all(a.shape == g.shape for a, g in zip(v.arrays, self.got, strict=True))]

    @property
    def envs(self):
        return [p.env for p in self.points]

    @cached_property
    def symbols(self):
        """The symbols of the expression and the variable, sizes left out."""
        every = {s for same in symbols_of(self.question.expr, self.question.X).values() for s in same}
        sizes = {s for A in every if isinstance(A, MatrixSymbol) for d in A.shape for s in d.free_symbols}
        return [s for s in sorted(every, key=str) if s in self.points[0].env and s not in sizes]

    def view_at(self, view, env, point):
        """The value of a view of the answer under other data than those of a point."""
        moved = replace(point, env=env, full=full_at(self.question, self.answer, env, point.axes))
        return all_views(self.question, [moved])[(view.kind, view.note)][0]


def case_of(question) -> Case:
    answer = question.derivative()
    every = points_of(question, answer)
    question = with_folded(question, [p.env for p in every])
    points = [p for p in every if has_value(question.mine, p.env, PRECISE)]
    if not points:
        if any(is_complex(question.mine, p.env) for p in every):
            raise NotComparableError(
                f"`{question.mine}` is complex where `{question.expr}` and its derivative are real: `verdict` compares real formulas; "
                "take its real part, or leave the factor `I` out"
            )
        raise NotComparableError(
            f"`{question.mine}` has no value where `{question.expr}` and its derivative have one: something in it is singular, or out of "
            "the domain of a function"
        )
    found = all_views(question, points)
    return Case(
        question,
        answer,
        points,
        distinct((*name, arrays) for name, arrays in found.items()),
        tuple(p for p in every if p not in points and not has_value(question.mine, p.env)),
    )


def with_folded(question, envs):
    """The question with its formula without sums over entries, where that has the values of the formula as it was typed."""
    plain = folded(question.mine)
    same = plain is question.mine or all(_agree(question.mine, plain, env) for env in envs)
    return replace(question, mine=plain) if same else question


def _agree(a, b, env):
    try:
        values = [np.reshape(evaluate(e, env), -1) for e in (a, b)]
    except NO_VALUE:
        return True  # where neither is looked at
    return same_values(*values) or not np.all(np.isfinite(values[0]))


def all_views(question, points):
    """{(kind, note): arrays} of all forms, the one that was asked for first; equal ones among them."""
    if question.form == "vech":
        arrays = [p.full for p in points]
        return {(RIGHT, ""): arrays, (TRANSPOSED, "the transpose of it"): [a.T for a in arrays]}
    pairs = [(p.full, p.axes) for p in points]
    return views(pairs, question.form, question.layout, question.kind == "gradient")


def has_value(e, env, within=SOME):
    """`is_steady`; an error where a node of the formula is not known to the evaluator."""
    try:
        return is_steady(e, env, within)
    except NotImplementedError as error:
        raise NotComparableError(f"`{e}` cannot be evaluated: {error}; write it by nodes that have a value") from None


def is_complex(e, env):
    """Whether a formula has a value that is not real."""
    try:
        return bool(np.any(np.imag(evaluate(e, env))))
    except NO_VALUE:
        return False


def value_or_none(e, env, shape):
    """The value of a formula where it has one of this shape; None else."""
    try:
        value = value_at(e, env, shape)
    except NO_VALUE:
        return None
    return value if value.shape == shape and np.all(np.isfinite(value)) and not np.iscomplexobj(value) else None


def scalar_or_none(e, env):
    try:
        return float(np.reshape(evaluate(e, env), ()))
    except NO_VALUE:
        return None
