"""check: a numeric certificate of a derivative, from the primal alone."""

from typing import Any, NamedTuple

import numpy as np
from sympy import Basic, MatrixSymbol, Symbol, Tuple

from .api.derivatives import jacobian
from .errors import CheckError
from .facts import read_facts
from .kernel.walks import every_node
from .nodes.arrays import is_array_symbol
from .nodes.base import conditions
from .testing.check import judge, scale_of, size_symbols, stray_symbols
from .testing.data import SIZES, milder_domains, of_either_sign, random_env
from .testing.differences import finite_difference_with_error
from .testing.evaluator import evaluate
from .testing.facts import data_with
from .text.domains import domains
from .typed_input import as_differentiable

DRAWS = 6  # random points tried for each that is asked for


class Certificate(NamedTuple):
    """What `check` found: points judged, the largest relative error there, the sizes, the seed; what has to hold for the derivative.

    data: of what kind the random data are, in words, where such of either sign have no value.
    """

    points: int
    error: float
    sizes: dict
    seed: int
    conditions: tuple = ()
    data: str = ""

    @property
    def ok(self):
        """Whether at least one point could be judged (a wrong derivative raises)."""
        return self.points > 0

    def __bool__(self):
        return self.ok

    def __str__(self):
        if not self.ok:
            return "not checked: finite differences are not reliable at any of the random points; give a `domain`"
        sizes = ", ".join(f"{k} = {v}" for k, v in self.sizes.items())
        where = (f" ({sizes})" if sizes else "") + (f", where {self.data}" if self.data else "")
        holds = f"; it holds where {', and '.join(self.conditions)}" if self.conditions else ""
        return f"checked at {self.points} random points{where}: largest relative error {self.error:.1e} against finite differences{holds}"

    def __repr__(self):
        return str(self)


def check(
    expr: Any,
    X: Basic,
    derivative: Any = None,
    points: int = 3,
    domain: dict[Any, str] | None = None,
    seed: int = 0,
    assumptions: Any = None,
) -> "Certificate":
    """Compare a derivative with finite differences of its primal at random points.

    expr: scalar or matrix; X: variable; derivative: what to check, in numerator layout, by default ``jacobian(expr, X)``.
    domain: {symbol: "positive" | "spd" | "invertible" | ...} for the random data, by default what the nodes of `expr` need of the symbols
    that they are of. assumptions: facts as for `gradient`, which the
    derivative may use; the data satisfy them, and X is moved away from them. Returns a `Certificate`.
    Errors: CheckError with the seed where they disagree by more than 1e-6, relatively.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> mc.check(x.T*A*x, x).ok
    True
    >>> mc.check(x.T*A*x, x, derivative=2*x.T*A)
    Traceback (most recent call last):
    ...
    sympy_matcalc.errors.CheckError: `2*x.T*A` is not the derivative of `x.T*A*x` by `x`: relative error 3.6e-01 (seed 0, n = 3)
    """
    expr, facts = as_differentiable(expr), read_facts(assumptions)
    derivative = jacobian(expr, X, assumptions=assumptions) if derivative is None else as_differentiable(derivative)
    given, symbols = domain or {}, size_symbols(expr, X)
    needed = {s: d for s, d in domains(expr)[0].items() if s not in given and str(s) not in given}
    data = [("", needed), *([("", {})] if needed else []), *milder_domains([expr, X])]
    best = Certificate(0, 0.0, {}, seed)  # at as many points as were asked for, else at the most
    for sizes in ({}, dict(zip(symbols, reversed(SIZES[: len(symbols)]), strict=False))):
        for words, drawn_from in data:
            found = _tried(expr, X, derivative, points, drawn_from | given, sizes, seed, facts)._replace(data=words)
            if found.points == points:
                return found
            best = found if found.points > best.points else best
    return best


def _tried(expr, X, derivative, points, domain, sizes, seed, facts):
    """The certificate of data from these domains."""
    judged, largest, there, seen = 0, 0.0, {}, []
    free = of_either_sign([expr, X], domain)
    for draw in range(points * DRAWS):
        if judged == points:
            break
        drawn = with_facts(random_env([expr, X], seed + draw, sizes, domain), facts, seed + draw)
        for env in _with_other_signs(drawn, free, seen):
            verdict = _verdict(derivative, expr, X, env)
            if verdict != "unreliable":
                break
        else:
            continue
        there = _sizes(expr, X, env)
        if verdict == "wrong":
            raise CheckError(f"`{derivative}` is not the derivative of `{expr}` by `{X}`: {_report(derivative, expr, X, env, seed + draw)}")
        seen.append(env)
        judged, largest = judged + 1, max(largest, _error(derivative, expr, X, env))
    return Certificate(judged, largest, there, seed, conditions(derivative))


def _with_other_signs(env, free, seen):
    """The data with other signs of the numbers that had one sign at all points before, all of them or one, then as they are.

    A derivative that is right for positive a alone, 1 of abs(a), has to be seen at a negative one.
    """
    one_sided = [s for s in free if s in env and len({e[s] > 0 for e in seen}) == 1]
    other = {s: -np.copysign(env[s], seen[-1][s]) for s in one_sided}
    if len(other) > 1:
        yield env | other
    yield from (env | {s: v} for s, v in other.items())
    yield env


def with_facts(env, facts, seed):
    """The random data, with those matrices anew of which something is stated."""
    rng = np.random.default_rng([seed, 1])
    for M, names in facts.stated.items():
        if M in env and hasattr(M, "shape"):
            env[M] = data_with(rng, names, env[M].shape)
        elif not isinstance(M, (MatrixSymbol, Symbol)):
            raise CheckError(f"`check` makes data for facts about symbols, not for one about `{M}`; give it in terms of symbols")
    return env


def _verdict(derivative, expr, X, env):
    """As `judge`."""
    try:
        return judge(derivative, expr, X, env)
    except NotImplementedError as error:
        raise CheckError(
            f"`check` cannot evaluate `{expr}` or `{derivative}` numerically: {error}; give a `domain` for which it can"
        ) from None


def _sizes(expr, X, env):
    arrays = [M for M in every_node(Tuple(expr, X)) if isinstance(M, MatrixSymbol) or is_array_symbol(M)]
    used = {s for M in arrays for size in M.shape for s in size.free_symbols}
    return {str(s): v for s, v in env.items() if isinstance(s, Symbol) and s in used}


def _report(derivative, expr, X, env, seed):
    """The two shapes where they differ, else how far the values are apart; and where that is."""
    sizes = ", ".join(f"{k} = {v}" for k, v in _sizes(expr, X, env).items())
    if strays := stray_symbols(derivative, env):
        return f"`{min(map(str, strays))}` does not occur in the expression"
    shapes = [np.shape(a) for a in (evaluate(derivative, env), finite_difference_with_error(expr, X, env)[0])]
    if len({np.zeros(shape).squeeze().shape for shape in shapes}) == 2:
        own, expected = (" x ".join(map(str, shape)) or "a number" for shape in shapes)
        return f"its shape is {own}, that of the derivative is {expected} ({sizes})"
    values = ", ".join(f"{s} = {env[s]:.3g}" for s in of_either_sign([expr, X], {}) if s in env)
    where = ", ".join(filter(None, [f"seed {seed}", sizes, values]))
    return f"relative error {_error(derivative, expr, X, env):.1e} ({where})"


def _error(derivative, expr, X, env):
    """Largest difference, as `judge` scales it; infinite where they cannot be compared."""
    if stray_symbols(derivative, env):
        return np.inf
    got = np.squeeze(evaluate(derivative, env))
    expected, uncertainty = map(np.squeeze, finite_difference_with_error(expr, X, env))
    if got.shape != expected.shape:
        return np.inf
    return float(np.abs(got - expected).max(initial=0) / scale_of(expected, uncertainty, np.asarray(evaluate(expr, env))))
