"""Solutions with ``w w' + s I`` by way of the smaller ``w' w + s I``, in NumPy; a diagonal s by rows over the roots of its entries."""

import numpy as np

from .numpy_factors import _LAPACK, _factor, _factor_slogdet, _factor_solve
from .numpy_helpers import _add_diagonal

_EPS = {t: np.finfo(t).eps for t in "fd"}


def _low_rank(w, s, smaller=None):
    """("low rank", w, s, Cholesky factor of ``w' w + s I``) of a tall w, else the factorisation of ``w w' + s I``. smaller: that of
    ``w' w + s I``, if it is there. Of a diagonal s: w over its roots, these, the factor of ``w' w + I``.
    """
    is_tall = 48 <= len(w) >= 4 * w.shape[1] and w.dtype.kind == "f"
    if is_tall and getattr(s, "ndim", 0):
        if s.dtype.kind == "f" and 0 < s.min() <= s.max() < np.inf:
            roots = np.sqrt(s)
            rows = w / roots[:, None]
            kind, c, *_ = _factor(_add_diagonal(rows.T.dot(rows), 1.0), symmetric=())
            if kind == "cholesky" and np.vdot(c, c) * _EPS[c.dtype.char] <= 1e-4:
                return "low rank", rows, roots, c
    elif is_tall and getattr(s, "imag", 0) == 0 and s > 0:
        kind, c, *_ = smaller or _factor(_add_diagonal(w.T.dot(w), s), symmetric=())
        if kind == "cholesky" and np.vdot(c, c) * _EPS[c.dtype.char] <= 1e-4 * s:  # else a step of refinement may not be enough
            return "low rank", w, s, c
    return _factor(_add_diagonal(w.dot(w.T), s), symmetric=())


def _low_rank_solve(factor, b):
    """The solution x of ``(w w' + s I) x = b``."""
    kind, w, s, c = factor
    if kind != "low rank":
        return _factor_solve(factor, b)
    if getattr(s, "ndim", 0):
        roots = s if b.ndim == 1 else s[:, None]
        return _low_rank_solve((kind, w, 1.0, c), b / roots) / roots
    if not b.size:
        return b / s
    t = w.T
    potrs = _LAPACK[(c.dtype if c.dtype is b.dtype else np.result_type(c, b)).char]["potrs"]
    x = (b - w.dot(potrs(c, t.dot(b))[0])) / s
    if np.vdot(c, c) * _EPS[c.dtype.char] <= 1e-12 * s:  # what was lost to cancellation is no more than that
        return x
    rest = b - s * x - w.dot(t.dot(x))
    x += (rest - w.dot(potrs(c, t.dot(rest))[0])) / s
    return x


def _low_rank_slogdet(factor):
    """(sign, log of the absolute value) of the determinant of ``w w' + s I``."""
    kind, w, s, c = factor
    if kind != "low rank":
        return _factor_slogdet(factor)
    of_shift = 2 * np.log(s).sum() if getattr(s, "ndim", 0) else (len(w) - len(c)) * np.log(s)
    return c.dtype.type(1), of_shift + 2 * np.log(c.diagonal()).sum()


def _low_rank_det(factor):
    """The determinant."""
    sign, log = _low_rank_slogdet(factor)
    return sign * np.exp(log)
