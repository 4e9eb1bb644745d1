"""Whether a value is one, or hangs on the last digits of the data, as that of an inverse of a singular matrix does."""

import numpy as np

from ..testing.evaluator import evaluate
from .comparing import same_values

NUDGE = 1e-13  # of the data
PRECISE, SOME = 1e-8, 1e-5  # what a value may change by then that is compared; that is one at all
NO_VALUE = (np.linalg.LinAlgError, ValueError, IndexError, ZeroDivisionError, NotImplementedError, KeyError, TypeError)


def is_steady(e, env, within=PRECISE):
    """Whether a formula has a real, finite value that changes little with the last digits of the data."""
    try:
        values = [np.asarray(evaluate(e, at)) for at in (env, nudged(env))]
    except NotImplementedError:
        raise
    except NO_VALUE:
        return False
    if any(not np.all(np.isfinite(v)) or np.iscomplexobj(v) for v in values):
        return False
    return same_values(values[0], values[1], within)


def nudged(env, by=NUDGE, seed=0):
    """The data a little changed, by default their last digits, each entry by itself."""
    rng = np.random.default_rng(seed)
    return {s: v if isinstance(v, int) else v * (1 + by * rng.normal(size=np.shape(v))) for s, v in env.items()}
