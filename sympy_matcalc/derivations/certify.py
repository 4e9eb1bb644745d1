"""The certificate of a derivation: every line in numbers, at random points, by the evaluator that shares no code with the rules."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sympy import Basic, Symbol

from ..certificate import with_facts
from ..errors import CheckError
from ..facts import read_facts
from ..kernel.shapes import is_matrix
from ..testing.check import size_symbols
from ..testing.data import milder_domains, random_env
from ..testing.differences import FIRST_STEP, extrapolated, finite_difference_with_error, moved
from ..testing.evaluator import Evaluation, evaluate, evaluator
from ..text.domains import domains
from .certified import Certified
from .domain import arrangements, in_words, needed_nonsingular, singular_at
from .node import MatrixDifferential, ScalarDifferential
from .partial import MatrixPartial, ScalarPartial

DRAWS = 8  # random points tried for each that is asked for
TOLERANCE = 1e-6
MOVED = 1e-11


class Unreliable(Exception):
    """Finite differences do not settle: a kink or a pole is near."""


@evaluator(ScalarDifferential, MatrixDifferential)
def of_differential(ev: Evaluation, node: Any) -> Any:
    """The derivative of the part along dX, by differences of its values: no rule is used."""
    part, X, dX = node.args
    direction = np.asarray(ev.value(dX))
    length = max(1.0, float(np.linalg.norm(direction)))

    def value(step: float) -> Any:
        there = Evaluation(moved(ev.env, X, step * direction), near=ev)
        there.bound = ev.bound
        return there.value(part)

    found, error = extrapolated(lambda h: (value(h / length) - value(-h / length)) * (length / (2 * h)), FIRST_STEP)
    if not np.all(np.isfinite(found)) or np.max(error, initial=0) > TOLERANCE / 4 * max(1.0, np.abs(found).max(initial=0)):
        raise Unreliable
    return found


@evaluator(ScalarPartial, MatrixPartial)
def of_partial(ev: Evaluation, node: Any) -> Any:
    """The Jacobian of the part by differences of its values."""
    _, part, v = node.args[:3]
    found, error = finite_difference_with_error(part, v, ev.env)
    if not np.all(np.isfinite(found)) or np.max(error, initial=0) > TOLERANCE / 4 * max(1.0, np.abs(found).max(initial=0)):
        raise Unreliable
    return np.reshape(found, tuple(ev.integer(s) for s in node.shape)) if is_matrix(node) else np.reshape(found, ())[()]


def certify(derivation: Any, points: int = 3, domain: dict | None = None, stated: Any = None) -> Certified:
    """The certificate of a derivation; CheckError, with the step, where one is not true.

    domain: as for `check`, by default what the functions in the expression need. stated: facts that hold besides those of `with assuming`.
    Points where a matrix is singular whose inverse, root or logarithm is in a step are passed over, which the certificate says: sizes are
    looked for where none is. Where there are no such sizes the steps are judged at those points too.
    """
    exprs = [derivation.expression, derivation.variable, *_directions(derivation)]
    domain = domains(derivation.expression)[0] if domain is None else domain
    matrices = needed_nonsingular([side for step in derivation.steps for side in (step.left, step.right)])
    facts = read_facts(stated)
    plain = found = _tried(derivation, exprs, points, domain, matrices, facts)
    for words, milder in milder_domains(exprs) if points and not found.ok else ():
        found = _tried(derivation, exprs, points, milder | domain, matrices, facts)
        if found.ok:
            return found._replace(conditions=(*found.conditions, words))
    return plain


def _tried(derivation: Any, exprs: list, points: int, domain: dict, matrices: list, facts: Any) -> Certified:
    """The certificate by data from these domains."""
    found, outside, failing = _Found(), [], {}
    for draw, sizes in _draws(exprs, points):
        if found.judged == points:
            break
        try:
            env = with_facts(random_env(exprs, draw, sizes, domain), facts, draw)
            evaluate(derivation.expression, env)
        except ValueError as failure:  # no value here, perhaps elsewhere: an equation without a solution
            found.reason = str(failure)
            continue
        except (NotImplementedError, KeyError, IndexError) as failure:  # no data, or no value: nothing can be judged
            return Certified(len(derivation.steps), 0, 0.0, {}, str(failure))
        if singular := singular_at(matrices, env):
            failing.update(dict.fromkeys(singular))
            outside.append(env)
            continue
        found.judge(derivation, env)
    for env in () if found.judged else outside[:points]:
        found.judge(derivation, env)
        failing = {}
    return found.certified(len(derivation.steps), in_words(list(failing)))


class _Found:
    """What the points that were judged gave."""

    def __init__(self) -> None:
        self.judged, self.largest, self.sizes, self.reason = 0, 0.0, {}, ""

    def judge(self, derivation: Any, env: dict) -> None:
        """One point more, unless differences do not settle there; CheckError where a step is not true."""
        try:
            error = largest_error(derivation, env)
        except (Unreliable, np.linalg.LinAlgError):
            return
        self.judged, self.largest = self.judged + 1, max(self.largest, error)
        self.sizes = {str(s): v for s, v in env.items() if isinstance(s, Symbol) and isinstance(v, int)}

    def certified(self, steps: int, conditions: tuple) -> Certified:
        return Certified(steps, self.judged, self.largest, self.sizes, self.reason, conditions if self.judged else ())


def _draws(exprs: list, points: int) -> Iterator[tuple[int, dict]]:
    """(the number of a random point, its sizes): each arrangement of sizes in turn, again and again."""
    found = list(arrangements([s for s in size_symbols(exprs[0], exprs[1]) if isinstance(s, Symbol)]))
    for draw in range(max(points * DRAWS, len(found))):
        yield draw, found[draw % len(found)]


def _directions(derivation: Any) -> list:
    """dX, where the steps have it."""
    return [d for d in [getattr(derivation.steps[0].left, "direction", None)] if d is not None] if derivation.steps else []


def largest_error(derivation: Any, env: dict) -> float:
    """The largest relative error of a step where the symbols have these values; CheckError where that is too large."""
    ev, largest = Evaluation(env), 0.0
    with np.errstate(all="ignore"):
        for number, step in enumerate(derivation.steps, 1):
            if isinstance(step.left, Basic) and step.left.is_symbol:  # a definition
                ev.env[step.left] = ev.value(step.right)
                continue
            error = relative_error(*(np.squeeze(ev.value(side)) for side in (step.left, step.right)))
            if not error <= TOLERANCE:
                if not (is_stable(step.left, ev) and is_stable(step.right, ev)):
                    raise Unreliable
                raise CheckError(
                    f"step {number} of the derivation of `{derivation.expression}` by `{derivation.variable}`, {step.rule}, is not true: "
                    f"`{step.left}` is not `{step.right}`, relative error {error:.1e}; "
                    "take `gradient` or `jacobian`, whose answer `check` judges by itself"
                )
            largest = max(largest, error)
    return largest


def is_stable(e: Any, ev: Evaluation) -> bool:
    """Whether a value hardly moves with the data: not what is computed from the inverse of a singular matrix."""
    nearby = {s: _moved(v) for s, v in ev.env.items()}
    here, there = np.squeeze(ev.value(e)), np.squeeze(Evaluation(nearby, near=ev).value(e))
    return here.shape == there.shape and not np.abs(here - there).max(initial=0) > TOLERANCE / 10 * max(1.0, np.abs(here).max(initial=0))


def _moved(v: Any) -> Any:
    """An array with entries that are moved relatively, each by another amount."""
    return v if np.ndim(v) == 0 else v * (1 + MOVED * np.cos(np.arange(np.size(v)).reshape(np.shape(v)) ** 2))


def relative_error(left: Any, right: Any) -> float:
    if left.shape != right.shape or not np.all(np.isfinite(left)):
        if left.shape == right.shape:
            raise Unreliable
        return float("inf")
    return float(np.abs(left - right).max(initial=0) / max(1.0, np.abs(left).max(initial=0)))
