"""Is the hand-written code right? Against finite differences of the formula itself, which shares nothing with either side."""

import numpy as np

from .problem import numpy_names

STEP = 5e-4
STENCIL = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))  # the first derivative, to the fourth order


def directional(f, steps=STEP):
    return sum(c * f(i * steps) for i, c in STENCIL) / steps


def disagreement(problem, order, data):
    """How far the hand-written answer is from differences of `fun` along two random directions, relative."""
    names, r = numpy_names(), np.random.default_rng(1)
    x = np.asarray(data[0])
    u, v = r.uniform(-1, 1, x.shape), r.uniform(-1, 1, x.shape)
    got = np.asarray(getattr(problem, order)(*data))

    def f(point):
        return np.asarray(problem.fun(names, point, *data[1:]))

    if order == "value":
        want = f(x)
    elif order == "hess":
        want = directional(lambda s: directional(lambda h: f(x + s * u + h * v)))
        got = np.vdot(u, np.tensordot(got, v, x.ndim))
    else:
        want = directional(lambda h: f(x + h * v))
        got = np.tensordot(got, v, x.ndim)
    return float(np.max(np.abs(got - want)) / max(np.max(np.abs(want)), 1e-3))
