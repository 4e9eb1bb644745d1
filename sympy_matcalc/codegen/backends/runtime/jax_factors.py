"""One factorisation for several uses in JAX. Whether a matrix is symmetric is not known when a function is traced: LU, unless stated."""

import jax.numpy as jnp
from jax.scipy import linalg

from .standard_factors import _hermitian


def _factor(a, positive_definite=False, singular=False):
    """The Cholesky factor of `a` where it is stated to be positive definite, else its LU factors and the rows they exchange."""
    return (linalg.cho_factor(_hermitian(a))[0], None) if positive_definite else linalg.lu_factor(a)


def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    lu, pivots = factor
    b = b.astype(jnp.result_type(lu, b))
    if pivots is None:
        return linalg.cho_solve((lu, False), b.conj()).conj() if transposed else linalg.cho_solve((lu, False), b)
    return linalg.lu_solve((lu.astype(b.dtype), pivots), b, trans=int(transposed))


def _swaps(pivots):
    """Whether the rows are exchanged an odd number of times."""
    return (pivots != jnp.arange(len(pivots))).sum() % 2
