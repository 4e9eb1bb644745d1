"""Helpers of structured matrices: their bases, made by NumPy for any library, and sums and means over tied entries."""

import numpy as np
import numpy as xp


def _structure_basis(kind, m, n):
    j, i = np.indices((n, m)).reshape(2, -1)  # columns stacked
    low, high, down, right = np.minimum(i, j), np.maximum(i, j), np.maximum(i - j, 0), np.maximum(j - i, 0)
    kept, key = {
        "lower": (i >= j, j * m + i),
        "upper": (i <= j, j * m + i),
        "strictly_lower": (i > j, j * m + i),
        "strictly_upper": (i < j, j * m + i),
        "tridiagonal": (abs(i - j) <= 1, j * m + i),
        "diagonal": (i == j, i),
        "skew": (i != j, low * m + high),
        "toeplitz": (i >= 0, np.where(i >= j, down, m - 1 + right)),
        "circulant": (i >= 0, (i - j) % n),
        "hankel": (i >= 0, i + j),
    }[kind]
    keys, at = np.unique(key[kept], return_inverse=True)
    basis = np.zeros((m * n, len(keys)))
    basis[np.flatnonzero(kept), at.ravel()] = np.where(i < j, -1, 1)[kept] if kind == "skew" else 1
    return basis


# rows moved, each by one more than the one before, by another width of the same entries in one line
def _sums_of_class(x, kind):
    m, n = x.shape
    before = 0 if kind == "hankel" else m - 1
    wide = xp.concat([xp.zeros((m, before), dtype=x.dtype, device=x.device), x], axis=1)
    line = xp.reshape(xp.concat([wide, xp.zeros((m, m - before), dtype=x.dtype, device=x.device)], axis=1), (-1,))
    if kind == "hankel":
        return xp.sum(xp.reshape(line[: m * (m + n - 1)], (m, m + n - 1)), axis=0)
    line = xp.concat([xp.reshape(wide, (-1,)), xp.zeros((m,), dtype=x.dtype, device=x.device)], axis=0)
    sums = xp.sum(xp.reshape(line, (m, m + n)), axis=0)[: m + n - 1]
    if kind == "toeplitz":
        return sums
    wrapped = sums[n - 1 :] + xp.concat([xp.zeros((1,), dtype=x.dtype, device=x.device), sums[: n - 1]], axis=0)
    return xp.concat([wrapped[1:], wrapped], axis=0)


def _spread(sums, kind, m, n):
    if kind == "hankel":
        line = xp.reshape(xp.broadcast_to(sums[None, :], (m, m + n - 1)), (-1,))
        line = xp.concat([line, xp.zeros((m,), dtype=sums.dtype, device=sums.device)], axis=0)
        return xp.reshape(line, (m, m + n))[:, :n]
    row = xp.concat([sums, xp.zeros((1,), dtype=sums.dtype, device=sums.device)], axis=0)
    line = xp.reshape(xp.broadcast_to(row[None, :], (m, m + n)), (-1,))
    return xp.reshape(line[: m * (m + n - 1)], (m, m + n - 1))[:, m - 1 :]


def _tied(x, kind, mean):
    if 0 in x.shape:  # nothing to add up
        return x
    sums = _sums_of_class(x, kind)
    if mean:
        sums = sums / _sums_of_class(xp.ones_like(x), kind)
    return _spread(sums, kind, x.shape[0], x.shape[1])
