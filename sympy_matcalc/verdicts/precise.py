"""Values of formulas with a hundred digits, where two that agree in floating point may still differ by what rounding hides."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import sympy as sp
from mpmath import mp, mpf
from sympy import Float

from ..kernel.walks import every_node
from ..nodes.declaration import OwnNode
from ..nodes.elementwise import Elementwise
from ..precise import NO_VALUE, Precise, entries_of, exactly, of_number
from .decimals import ROUNDED

DIGITS = 120
AGREE = mpf(10) ** -90  # relative, of values that are the same
SEVERAL = 4  # operations with rounded decimals
MOST_ENTRIES = 400  # of a matrix that is looked at


def values_agree(a: Any, b: Any, env: dict, rounded: dict | None = None) -> bool | None:
    """Whether two formulas have the same value, beyond all rounding; None where that is not known.

    rounded: {symbol: value} of decimals in them, of which that is all that is known.
    """
    with mp.workdps(DIGITS):
        env = env | {s: of_number(q) for s, q in (rounded or {}).items()}
        pair = value_of(a, env), value_of(b, env)
        if pair[0] is None or pair[1] is None or pair[0].size != pair[1].size:
            return None
        left, allowed = abs(pair[0] - pair[1]), AGREE * largest(*pair)
        for s in rounded or {}:
            moved = env | {s: env[s] * (1 + SEVERAL * of_number(ROUNDED))}
            others = value_of(a, moved), value_of(b, moved)
            if others[0] is None or others[1] is None:
                return None
            allowed = allowed + abs((others[0] - others[1]) - (pair[0] - pair[1]))
        return bool(np.all(left <= allowed))


def constant_ratio(a: Any, b: Any, envs: list) -> Any:
    """The number c with a = c*b beyond all rounding at every place, a decimal where no fraction is it; None where none is known."""
    with mp.workdps(DIGITS):
        found = None
        for env in envs:
            x, y = value_of(a, env), value_of(b, env)
            if x is None or y is None or x.size != y.size or not largest(y):
                return None
            found = np.vdot(y, x) / np.vdot(y, y) if found is None else found
            if mp.im(found) or largest(x - found * y) > AGREE * largest(x, y):
                return None
        if found is None:
            return None
        fraction = sp.Rational(mp.nstr(mp.re(found), DIGITS)).limit_denominator(10**30)
        return fraction if abs(of_number(fraction) - found) <= AGREE else Float(mp.re(found), 15)


def digits_in_common(a: Any, b: Any, env: dict) -> int | None:
    """To how many digits the first value is the second, relative to its largest entry; None where they are the same, or not known."""
    with mp.workdps(DIGITS):
        x, y = value_of(a, env), value_of(b, env)
        if x is None or y is None or x.size != y.size or not largest(x - y):
            return None
        return max(0, int(mp.floor(-mp.log10(largest(x - y) / largest(y)) + mpf(10) ** -9))) if largest(y) else 0


def value_of(e: Any, env: dict) -> Any:
    """The entries of a formula in a row, as numbers of mpmath; None where they are not known. Within ``mp.workdps(DIGITS)``."""
    try:
        value = np.array(entries_of(Precise(env).value(e)), dtype=object)
    except NO_VALUE:
        return None
    return value if value.size <= MOST_ENTRIES and all(map(mp.isfinite, value)) else None


def is_iterated(e: Any) -> bool:
    """Whether digits of a formula cost an iteration each, as those of eigenvalues and of functions of matrices do."""
    own = [node for node in every_node(e) if isinstance(node, OwnNode) and not isinstance(node, Elementwise)]
    return any(node.multiprecision is not None or type(node)._eval_evalf is not OwnNode._eval_evalf for node in own)


def largest(*arrays: Iterable) -> Any:
    """The largest entry without its sign."""
    return max((abs(x) for a in arrays for x in a), default=mpf(0))


def as_mpf(value: Any) -> Any:
    """A number or an array of floating point as the exact number that it is, an array of NumPy's; what is of mpmath as it is."""
    if np.ndim(value) == 0:
        return exactly(value)
    return np.vectorize(exactly, otypes=[object])(value)
