"""Derivatives by a variable with structure in the place of the plain one, and by one convention in the place of the other."""

import numpy as np
from sympy import Eq, MatrixSymbol, Q, Transpose

from ..errors import MatcalcError
from ..structure import CONVENTIONS, DEFAULT, STRUCTURES
from ..testing.structures import random_point
from .case import value_or_none
from .comparing import is_zero, same_values

WORDS = {"spd": "symmetric positive definite", "skew": "skew-symmetric", "lower": "lower triangular", "upper": "upper triangular"}
MANIFOLDS = ("orthogonal", "spd")
SAYS = {"entries": "by the free entries of a {} {}", "subspace": "projected on the {} {}s"}
PREDICATES = {
    "symmetric": Q.symmetric,
    "diagonal": Q.diagonal,
    "orthogonal": Q.orthogonal,
    "spd": Q.positive_definite,
    "lower": Q.lower_triangular,
    "upper": Q.upper_triangular,
    "skew": lambda X: Eq(Transpose(X), -X),
}


def other_convention(case, names):
    """The finding that a formula is the derivative by an X with one of these structures, by one of the two conventions; None else."""
    question = case.question
    X = question.X
    if question.structure is not None:
        return _within(case) or _without(case)
    if not isinstance(X, MatrixSymbol) or X.shape[0] != X.shape[1] or X.shape[0] == 1 or question.Y is not None:
        return None
    for name in names:
        for convention in CONVENTIONS if STRUCTURES[name].ties else (None,):
            if _is_that(case, _answer(question, name, convention), name):
                return _finding(X, name, convention)
    return None


def _answer(question, name, convention):
    try:
        return question.derivative(structure=name, convention=convention)
    except (MatcalcError, NotImplementedError):
        return None


def _is_that(case, answer, name):
    """Whether the formula is `answer` at all points, moved so that X has the structure; a zero is no support."""
    if answer is None:
        return False
    for k, (point, got) in enumerate(zip(case.points, case.got, strict=True)):
        env = dict(point.env)
        X = case.question.X
        env[X] = random_point(name, np.shape(env[X]), np.random.default_rng(k))
        values = [value_or_none(e, env, got.shape) for e in (case.question.mine, answer)]
        if any(v is None for v in values) or is_zero(values[1], 1.0) or not same_values(*values):
            return False
    return True


def _within(case):
    """The other convention of the structure that was asked for."""
    asked = case.question.convention or DEFAULT
    for other in CONVENTIONS:
        found = _answer(case.question, case.question.structure, other) if other != asked else None
        if found is not None and _agrees(case, found):
            return {"kind": "other convention", "convention": other, "note": f'by convention "{other}", where "{asked}" was asked for'}
    return None


def _without(case):
    """The derivative by all entries, where one by a structure was asked for."""
    question = case.question
    try:
        plain = question.derivative(structure=None, convention=None)
    except MatcalcError:
        return None
    if not _agrees(case, plain):
        return None
    return {"kind": "other convention", "convention": "plain", "note": f"by all entries of {question.X}, as if they were not tied together"}


def _agrees(case, answer):
    pairs = [(value_or_none(answer, p.env, g.shape), g) for p, g in zip(case.points, case.got, strict=True)]
    return all(a is not None and same_values(a, g) for a, g in pairs)


def _finding(X, name, convention):
    words = WORDS.get(name, name)
    if name in MANIFOLDS:
        note = f"the Riemannian one on the manifold of {words} matrices"
    else:
        note = f'convention "{convention}": ' + SAYS[convention].format(words, X if convention == "entries" else "matrice")
    predicate = PREDICATES.get(name)
    return {
        "kind": "other convention",
        "convention": convention or "Riemannian",
        "note": note,
        "condition": None if predicate is None else predicate(X),
        "condition_words": f"{X} is {words}" + (" with tied entries" if convention == "entries" else ""),
    }
