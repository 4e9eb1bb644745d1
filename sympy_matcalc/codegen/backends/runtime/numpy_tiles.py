"""Helpers of the NumPy back end that join what is computed tile by tile."""

import numpy as np


def _total(how, total, part):
    """What two parts are together, in the array of the first where that fits."""
    if total is None:
        return part
    in_place = isinstance(total, np.ndarray) and getattr(part, "dtype", None) == total.dtype
    return how(total, part, out=total) if in_place else how(total, part)


# NumPy's own is infinite for infinity and NaN, which the norm of both is not
def _hypot(a, b, out=None):
    found = np.hypot(a, b, out=out)
    unknown = np.isnan(a) | np.isnan(b)
    return found if not unknown.any() else np.where(unknown, np.nan, found)[()]


def _placed(out, part, axis, start, size):
    """A part in its place along an axis of a whole, which is made with the first part."""
    if out is None and part.shape[axis] == size:
        return part if part.base is None else part.copy()
    if out is None:
        out = np.empty(part.shape[:axis] + (size,) + part.shape[axis + 1 :], part.dtype)
    out[(slice(None),) * axis + (slice(start, start + part.shape[axis]),)] = part
    return out
