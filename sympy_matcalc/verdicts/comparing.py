"""When two values count as the same."""

import numpy as np

RTOL = 1e-9  # of the largest entry: both are values of formulas, not of differences
LOOSE = 1e-7  # where the data are such that both have lost digits


def same_values(a, b, rtol=RTOL):
    """Whether two arrays have one shape, and entries that agree up to rounding, relative to the largest."""
    if a.shape != b.shape or not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    return bool(np.abs(a - b).max(initial=0) <= rtol * max(np.abs(a).max(initial=0), np.abs(b).max(initial=0)))


def all_same(xs, ys, rtol=RTOL):
    return all(same_values(x, y, rtol) for x, y in zip(xs, ys, strict=True))


def is_zero(array, beside):
    """Whether an array is zero up to rounding of what it was computed beside."""
    return bool(np.abs(array).max(initial=0) <= RTOL * max(1e-300, np.abs(beside).max(initial=0)))
