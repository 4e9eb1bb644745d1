"""The numbers that show that a formula is wrong: small whole ones where they serve."""

import numpy as np
from sympy import MatrixSymbol

from .case import value_or_none
from .comparing import same_values
from .points import has_kinks
from .steady import NO_VALUE, SOME, is_steady

DRAWS = 20
LARGEST = 3  # of the whole numbers that are tried
ASIDE, CLOSE = 3, 1e-8  # places beside the data that are looked at, how far off


def counterexample(case):
    """{"sizes", "data", "entry", "mine", "derivative"}: an entry where the two differ most."""
    for seed in range(DRAWS):
        for point in sorted(case.points, key=lambda p: sum(np.size(v) for v in p.env.values()))[:2]:
            env = _whole(case, point, seed)
            left_out = not _has_value(case, env) or has_kinks(case.question) and _is_at_kink(case, env, point)
            found = None if left_out else _at(case, env, point)
            if found:
                return found
    return next(filter(None, (_at(case, p.env, p) for p in case.points)), None)


def _has_value(case, env):
    """Whether the expression is a real number at the data, which the derivative's form may hide, as that of log(det(X)) does."""
    try:
        return is_steady(case.question.plain, env, SOME)
    except NO_VALUE:
        return True


def _is_at_kink(case, env, point):
    """Whether a kink or a jump is at the data, where what a derivative is called is a convention."""
    rng = np.random.default_rng(0)
    try:
        values = [case.view_at(case.fitting[0], env, point)]
        for _ in range(ASIDE):
            aside = {s: v if isinstance(v, int) else v + CLOSE * rng.normal(size=np.shape(v)) for s, v in env.items()}
            values.append(case.view_at(case.fitting[0], aside, point))
    except NO_VALUE:
        return True
    return not all(same_values(values[0], v, CLOSE**0.5) for v in values[1:])


def _whole(case, point, seed):
    """The data of a point as whole numbers, where they are free to be any."""
    rng, env = np.random.default_rng(seed), dict(point.env)
    free = {s for s in env if isinstance(s, MatrixSymbol) or not isinstance(env[s], int)} - set(case.question.facts.stated)
    for s in sorted(free, key=str):
        if s in case.question.domain or str(s) in map(str, case.question.domain) or case.question.structure is not None:
            continue
        env[s] = rng.integers(-1, LARGEST + 1, size=np.shape(env[s])).astype(float)[()]
    return env


def _at(case, env, point):
    try:
        view = case.fitting[0]
        expected = case.view_at(view, env, point)
    except NO_VALUE:
        return None
    got = value_or_none(case.question.mine, env, expected.shape)
    if got is None or not np.all(np.isfinite(expected)) or same_values(got, expected, 1e-6):
        return None
    at = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    data = {s: env[s] for s in case.symbols if s in env}
    sizes = {s: v for s, v in env.items() if isinstance(v, int) and s not in data}
    entry = tuple(map(int, at)) if got.size > 1 else ()
    return {"sizes": sizes, "data": data, "entry": entry, "mine": float(got[at]), "derivative": float(expected[at])}
