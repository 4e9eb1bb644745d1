"""One factorisation for several uses: what follows from `_factor`, `_factor_solve` and `_swaps`, which each library has of its own."""

import numpy as xp


def _factor(a, positive_definite=False, singular=False):
    """(factors, pivots): Cholesky, with no pivots, where `a` is stated to be positive definite, else LU; `singular`: where it may be."""
    raise NotImplementedError


def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    raise NotImplementedError


def _swaps(pivots):
    """Whether the rows are exchanged an odd number of times."""
    raise NotImplementedError


def _hermitian(a):
    """`a`, or NaN where it is not symmetric, or Hermitian."""
    root = xp.sqrt(xp.abs(xp.diagonal(a)))  # as under any scaling D a D
    hermitian = xp.all(xp.abs(a - xp.conj(a.T)) <= 1e-6 * root[:, None] * root[None, :])
    return xp.where(hermitian, a, xp.full_like(a, xp.nan))


def _regular(a, factor):
    """The factors of `a` with tiny pivots moved by a rounding error, so that its inverse times its determinant is the adjugate."""
    lu, pivots = factor
    if pivots is None or not lu.shape[0]:
        return factor
    d, entries, places = xp.diagonal(lu), xp.abs(lu), xp.arange(lu.shape[0], device=lu.device)
    below, nothing, limits = places[:, None] > places[None, :], xp.zeros_like(entries), xp.finfo(lu.dtype)
    # the rounding error of a pivot is that of the products it is the sum of; a row of zeros has none: tiny beside others
    size = xp.abs(d)
    least = limits.eps * (xp.sum(xp.where(below, entries * entries.T, nothing), axis=1) + size)
    others = xp.min(xp.where(size > 0, size, xp.full_like(size, xp.inf)))
    others = limits.eps * xp.where(xp.any(size > 0), others, xp.max(xp.where(below, nothing, entries)))
    least = xp.where(least > 0, least, xp.where(others > 0, others, xp.full_like(others, limits.tiny**0.5)))
    return lu + xp.diag(xp.where(size < least, least - d, xp.zeros_like(d))), pivots


def _factor_turned(x, factor, b):
    """The solution of ``a' x = b``, where `x` is that of ``a x = b``."""
    return _factor_solve(factor, b, True)


def _factor_gram(factor, b, transposed=False):
    """``b' inverse(a) b``, or with the inverse of ``a'``."""
    return xp.matmul(b.T, _factor_solve(factor, b, transposed))


def _factor_forms(factor, b):
    """Its diagonal."""
    return xp.sum(b * _factor_solve(factor, b), axis=0)


def _factor_inv(factor):
    """The inverse of the matrix."""
    lu = factor[0]
    return _factor_solve(factor, xp.eye(len(lu), dtype=lu.dtype, device=lu.device))


def _factor_slogdet(factor):
    """(sign, log of the absolute value) of the determinant."""
    lu, pivots = factor
    d = xp.diagonal(lu)
    log_size = xp.sum(xp.log(xp.abs(d)))
    if pivots is None:
        return xp.ones((), dtype=lu.dtype, device=lu.device), 2 * log_size
    return xp.prod(xp.sign(d)) * (1 - 2 * _swaps(pivots)), log_size


def _factor_det(factor):
    """The determinant."""
    lu, pivots = factor
    d = xp.diagonal(lu)
    return xp.prod(d * xp.conj(d)) if pivots is None else xp.prod(d) * (1 - 2 * _swaps(pivots))
