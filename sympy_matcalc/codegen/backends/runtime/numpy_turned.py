"""A matrix and the transpose of another, in NumPy."""

import numpy as np


# across the rows of a large matrix each entry comes from another line of the cache; columns are copied a strip at a time, which stays there
def _with_turned(x, y, op=np.add, own=False):
    """``x + y'``, or another operation with y'; own: x has no other use, and is written into where it is large."""
    if x.size < 2**16:
        return op(x, y.T)
    if x.flags.f_contiguous and y.flags.f_contiguous:
        return _with_turned(x.T, y.T, op, own).T
    out = x if own and np.result_type(x, y) == x.dtype else None
    lies_apart = len(y) >= 1200 or len(y) >= 256 and y.strides[0] % 2048 == 0
    if not (lies_apart and len(x) >= 64 and x.flags.c_contiguous and y.flags.c_contiguous):
        return op(x, y.T, out=out)
    if out is None:
        out = np.empty(x.shape, np.result_type(x, y))
    for i in range(0, len(x), 32):
        op(x[i : i + 32], y[:, i : i + 32].copy().T, out=out[i : i + 32])
    return out


def _dot_with_turned(x, y, b):
    """``(x + y') b``, of few columns b by two products: the sum takes longer than one."""
    if 80 * b.shape[1] <= len(x):
        return x.dot(b) + y.T.dot(b)
    return _with_turned(x, y).dot(b)
