"""Helpers of the NumPy back end for arguments that are sparse arrays of SciPy."""

import numpy as np
from scipy import sparse
from scipy.sparse import linalg as sparse_linalg

from ....errors import DtypeError, ShapeError


def _as_sparse(x, name):
    """A sparse array by rows or by columns, without a copy where it is one; a dense one is refused as silence would be."""
    if not sparse.issparse(x):
        raise DtypeError(f"argument `{name}`: expected a sparse array of SciPy, as `sparse=` says, got {type(x).__name__}")
    if x.ndim != 2:
        raise ShapeError(f"argument `{name}`: expected two axes, got {x.shape}")
    x = sparse.csc_array(x) if x.format == "csc" else sparse.csr_array(x)
    return x.astype(float) if x.dtype.kind in "biu" else x


def _rows_or_columns_scaled(x, d):
    return x.multiply(d).tocsr()


def _sparse_gram(x, d):
    """``x' diag(d) x``."""
    return x.T @ x.multiply(d[:, None]).tocsr()


def _sparse_on_diagonal(x, d):
    return x + sparse.diags_array(np.broadcast_to(d, x.shape[0]), dtype=np.result_type(x, d)).tocsr()


def _sparse_factor(x):
    if x.dtype.char in "gG":
        raise DtypeError(f"SciPy factors sparse arrays in single and double precision, not in {x.dtype}; convert them")
    with np.errstate(all="ignore"):
        return sparse_linalg.splu(sparse.csc_array(x))


def _sparse_solve(x, b):
    if np.isnan(x.data).any():
        return np.full(np.shape(b), np.nan, np.result_type(x, b))
    dtype = np.result_type(x, b)  # that of x and b has to be one for SuperLU
    try:
        factor = _sparse_factor(x.astype(dtype, copy=False))
    except RuntimeError as error:
        if not np.isfinite(x.data).all():
            return np.full(np.shape(b), np.nan, np.result_type(x, b))
        raise np.linalg.LinAlgError("Singular matrix") from error
    return factor.solve(np.asarray(b, dtype))


def _sparse_slogdet(x):
    """(sign, logarithm of the absolute value) of a determinant, from the LU factors: those of L are 1."""
    if np.isnan(x.data).any():
        return np.nan, np.nan
    try:
        factor = _sparse_factor(x)
    except RuntimeError:
        if not np.isfinite(x.data).all():  # SuperLU calls a pivot singular that is not a number
            return np.nan, np.nan
        return 0.0, -np.inf
    d = factor.U.diagonal()
    size = np.abs(d)
    return (d / size).prod() * _parity(factor.perm_r) * _parity(factor.perm_c), np.log(size).sum()


def _parity(order):
    """The sign of a permutation: a cycle of even length changes it."""
    seen, sign = np.zeros(len(order), bool), 1
    for start in range(len(order)):
        length, at = 0, start
        while not seen[at]:
            seen[at], at, length = True, order[at], length + 1
        if length and length % 2 == 0:
            sign = -sign
    return sign
