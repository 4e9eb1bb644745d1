"""One factorisation for several uses in PyTorch. A test whether a matrix is symmetric would wait for the device: LU, unless stated."""

import torch

from .standard_factors import _hermitian


def _factor(a, positive_definite=False, singular=False):
    """The Cholesky factor of `a` where it is stated to be positive definite, else its LU factors and the rows they exchange."""
    if positive_definite:
        return torch.linalg.cholesky(_hermitian(a)), None
    return torch.linalg.lu_factor_ex(a)[:2] if singular else torch.linalg.lu_factor(a)


def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    lu, pivots = factor
    dtype = torch.promote_types(lu.dtype, b.dtype)
    lu, columns = lu.to(dtype), (b[:, None] if b.ndim == 1 else b).to(dtype)
    if pivots is None:
        out = torch.cholesky_solve(columns.conj(), lu).conj() if transposed else torch.cholesky_solve(columns, lu)
    elif transposed:
        out = torch.linalg.lu_solve(lu, pivots, columns.T, left=False).T
    else:
        out = torch.linalg.lu_solve(lu, pivots, columns)
    return out.reshape(b.shape)


def _swaps(pivots):
    """Whether the rows are exchanged an odd number of times."""
    return (pivots != torch.arange(1, len(pivots) + 1, device=pivots.device)).sum() % 2
