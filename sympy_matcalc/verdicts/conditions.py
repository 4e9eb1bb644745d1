"""Conditions under which a formula is the derivative: a symmetric A, an orthogonal X, A and B that commute, ...

Each is a function of the data: what it makes of a value is the nearest matrix that obeys it, so that the value stays in its domain. The
weakest come first, and a set of conditions that is found is made as small as it gets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from mpmath import mp
from sympy import And, Eq, Identity, MatrixSymbol, Q, Symbol, Transpose

from ..facts import idempotent
from ..nodes import Norm
from .comparing import is_zero, same_values
from .precise import DIGITS, as_mpf

MOST_SYMBOLS = 6  # square matrices that conditions are tried for


@dataclass(frozen=True, eq=False)
class Condition:
    """A predicate of SymPy's, or an equation; in words; what it makes of the data, and of data that obey it but for rounding."""

    predicate: Any
    words: str
    change: Callable[[dict], dict]
    polish: Callable[[dict], dict]


# ---- data that obey a condition
def _symmetric(a):
    return (a + a.T) / 2


def _orthogonal(a):
    u, _, v = np.linalg.svd(a)
    return u @ v


def _positive_definite(a):
    values, vectors = np.linalg.eigh(_symmetric(a))
    return (vectors * (np.abs(values) + 0.1)) @ vectors.T


def _diagonal(a):
    return np.diag(np.diag(a))


def _skew(a):
    return (a - a.T) / 2


def _projection(a):
    u, _, v = np.linalg.svd(a)
    k = max(1, len(a) - 1)
    return u[:, :k] @ np.linalg.inv(v[:k] @ u[:, :k]) @ v[:k]


def _orthogonal_projection(a):
    u, _, _ = np.linalg.svd(a)
    k = max(1, len(a) - 1)
    return u[:, :k] @ u[:, :k].T


def _identity(a):
    return np.eye(len(a))


def _unit(a):
    return a / np.linalg.norm(a)


# ---- data that obey it to as many digits as mpmath works with, of those that do so in floating point
STEPS = 4  # each doubles the digits


def _times_itself(step):
    def polished(a):
        for _ in range(STEPS):
            a = step(a)
        return a

    return polished


POLISHED = {
    _orthogonal: _times_itself(lambda a: (3 * a - a @ a.T @ a) / 2),
    _projection: _times_itself(lambda a: 3 * a @ a - 2 * a @ a @ a),
    _orthogonal_projection: lambda a: _times_itself(lambda a: 3 * a @ a - 2 * a @ a @ a)((a + a.T) / 2),
    _positive_definite: lambda a: (a + a.T) / 2,
    _unit: lambda a: a / mp.sqrt(sum(np.ravel(a * a))),
}


def _polish(change, A):
    function = POLISHED.get(change)
    return lambda env: env if function is None else {**env, A: function(as_mpf(env[A]))}


OF_SQUARE = [  # (what the data become, the predicate, words), the weakest first
    (_symmetric, Q.symmetric, "{} is symmetric"),
    (_orthogonal, Q.orthogonal, "{} is orthogonal"),
    (_positive_definite, Q.positive_definite, "{} is symmetric positive definite"),
    (_diagonal, Q.diagonal, "{} is diagonal"),
]
RARER = [
    (_projection, idempotent, "{} is idempotent"),
    (_orthogonal_projection, lambda A: And(Q.symmetric(A), idempotent(A)), "{} is symmetric and idempotent"),
    (_skew, lambda A: Eq(Transpose(A), -A), "{} is skew-symmetric"),
    (_identity, lambda A: Eq(A, Identity(A.shape[0])), "{} is the identity"),
]


def _of_symbol(A, change, predicate, words):
    return Condition(predicate(A), words.format(A), lambda env: {**env, A: change(env[A])}, _polish(change, A))


def _commuting(A, B):
    """A and B that commute: both a polynomial in one matrix."""

    def change(env):
        a = env[A]
        return {**env, B: env[B][0, 0] * np.eye(len(a)) + a + 0.3 * a @ a}

    def polish(env):
        a = as_mpf(env[A])
        return {**env, B: as_mpf(np.eye(len(a))) * env[B][0, 0] + a + a @ a / 3}

    return Condition(Eq(A * B, B * A), f"{A} and {B} commute", change, polish)


def square_symbols(symbols):
    found = [A for A in symbols if isinstance(A, MatrixSymbol) and A.shape[0] == A.shape[1] and A.shape[0] != 1]
    return sorted(found, key=str)[:MOST_SYMBOLS]


def usual(symbols):
    """The conditions that books state, of each square matrix."""
    squares = square_symbols(symbols)
    singles = [_of_symbol(A, *row) for row in OF_SQUARE for A in squares]
    return singles + [_commuting(A, B) for A, B in combinations(squares, 2) if A.shape == B.shape]


def rarer(symbols, X, kinked):
    """Conditions under which much is the same, told where nothing else explains a formula; not of the variable, which moves."""
    symbols = [s for s in symbols if s != X]
    found = [_of_symbol(A, *row) for row in RARER for A in square_symbols(symbols)]
    vectors = [x for x in symbols if isinstance(x, MatrixSymbol) and (x.shape[0] == 1) != (x.shape[1] == 1)]
    if not kinked:  # data of length 1 may all lie on one side of a kink
        found += [_of_symbol(x, _unit, lambda x: Eq(Norm(x), 1), "{} is a unit vector") for x in sorted(vectors, key=str)]
    scalars = [s for s in symbols if isinstance(s, Symbol) and not s.is_integer and s.is_positive is None]
    return found + [_of_symbol(s, abs, Q.positive, "{} is positive") for s in sorted(scalars, key=str)]


def symmetric_all(symbols):
    return [_of_symbol(A, *OF_SQUARE[0]) for A in square_symbols(symbols)]


# ---- the search
def applied(conditions, env):
    for c in conditions:
        env = c.change(env)
    return env


def exactly(conditions, env):
    """Data that obey conditions to as many digits as mpmath works with; those of a formula without conditions as they are."""
    with mp.workdps(DIGITS):
        for c in conditions:
            env = c.polish(env)
    return env


def holds_under(conditions, points, values):
    """Whether the two values that `values(env)` gives are one and the same, and not zero, at all points that obey the conditions.

    Data that have no value, or none where the condition holds, are no support for it.
    """
    for point in points:
        try:
            got, expected = values(applied(conditions, point.env), point)
        except (np.linalg.LinAlgError, ValueError, IndexError, ZeroDivisionError):
            return False
        if not same_values(got, expected) or is_zero(expected, 1.0):
            return False
    return True


def smallest_set(points, values, symbols):
    """The first of the usual conditions that makes the two values the same: one, else several, none without need; () without any."""
    singles, symmetric = usual(symbols), symmetric_all(symbols)
    for c in singles:
        if holds_under([c], points, values):
            return (c,)
    if len(symmetric) > 1 and holds_under(symmetric, points, values):
        return _needed(symmetric, points, values)
    for c in singles:
        together = [*(s for s in symmetric if s.words.split()[0] != c.words.split()[0]), c]
        if len(together) > 1 and holds_under(together, points, values):
            return _needed(together, points, values)
    return ()


def rare_one(points, values, symbols, X, kinked=False):
    for c in rarer(symbols, X, kinked):
        if holds_under([c], points, values):
            return (c,)
    return ()


def _needed(conditions, points, values):
    """The conditions without those that can be left out."""
    kept = list(conditions)
    for c in conditions:
        fewer = [k for k in kept if k is not c]
        if fewer and holds_under(fewer, points, values):
            kept = fewer
    return tuple(kept)
