"""Helpers of the NumPy back end for arguments that are sparse arrays of SciPy.

SciPy leaves out products with entries that are not stored, also where the other factor is NaN or infinite and the product is no zero: here
a dense result has NaN there, and a sparse one, which cannot hold it, is an error.
"""

from copy import copy

import numpy as np
from scipy import sparse
from scipy.sparse import linalg as sparse_linalg

from ....errors import DtypeError, ShapeError


def _as_sparse(x, name):
    """A sparse array by rows or by columns with each entry once, without a copy where it is one; a dense one is refused."""
    if not sparse.issparse(x):
        raise DtypeError(f"argument `{name}`: expected a sparse array of SciPy, as `sparse=` says, got {type(x).__name__}")
    if x.ndim != 2:
        raise ShapeError(f"argument `{name}`: expected two axes, got {x.shape}")
    if x.format not in ("csr", "csc"):
        x = x.tocsr()
    if not x.has_canonical_format:  # SciPy would add up duplicates in the arrays of the caller
        x = x.copy()
        x.sum_duplicates()
    if not isinstance(x, sparse.sparray):
        x = sparse.csc_array(x) if x.format == "csc" else sparse.csr_array(x)
        x.has_canonical_format = True
    if x.dtype.kind not in "biufc":
        raise DtypeError(f"argument `{name}`: expected numbers, got a sparse array of dtype {x.dtype}")
    return x.astype(float) if x.dtype.kind in "biu" else x


def _is_finite(x):
    return bool(np.isfinite(x.data if sparse.issparse(x) else x).all())


def _all_finite(*factors):
    for x in factors:
        if not _is_finite(x):
            raise FloatingPointError(
                "NaN, or an infinite number, meets the zeros of a sparse array in a product that is to be sparse: pass `.toarray()`, "
                "and leave `sparse` out, to see where"
            )


def _multiple(c, x):
    _all_finite(c)
    return c * x


def _sparse_product(a, b):
    """``a @ b``, one of which is sparse."""
    if not sparse.issparse(a):
        return _sparse_product(b.T, a.T).T
    if sparse.issparse(b):
        _all_finite(a, b)
        return a @ b
    out = a @ b
    if not _is_finite(b):
        bad = ~np.isfinite(b)
        out[(a != 0).astype(float) @ bad < bad.sum(0)] = np.nan
    return out


def _sparse_dot(x, y):
    """The sum of the products of all entries of x, which is sparse, and y."""
    if not _is_finite(y):
        bad = ~np.isfinite(y.toarray() if sparse.issparse(y) else y)
        if (x != 0).multiply(bad).sum() < bad.sum():
            return np.nan
    if sparse.issparse(y) and not _is_finite(x):
        return _sparse_dot(y, x.toarray())
    return x.multiply(y).sum()


def _rows_or_columns_scaled(x, d):
    _all_finite(d, *([x] if sparse.issparse(d) else []))
    return x.multiply(d).tocsr()


# of the last `x' diag(d) x` the pattern of x, and where that has come a second time what `_gram_map` makes of it; no array of it is
# written into, as another thread may read it
_LAST_GRAM = {}


# the map adds up the same products as SciPy, in the same order: it makes no difference whether a pattern was seen before
def _sparse_gram(x, d):
    """``x' diag(d) x``."""
    indices, indptr, shape, known = _LAST_GRAM.get("pattern", (None,) * 4)
    plain = x.format == "csr" and x.dtype == d.dtype == np.float64 and x.nnz > 0
    again = plain and shape == x.shape and np.array_equal(indptr, x.indptr) and np.array_equal(indices, x.indices)
    same = again and known and np.array_equal(known[-1], x.data)  # and so finite
    _all_finite(d, *([] if same else [x]))
    if again and known:
        rows, left, found, place, values = known
        if not same:
            place, values = _with_data(place, x.data[left]), x.data.copy()
            _LAST_GRAM["pattern"] = indices, indptr, shape, (rows, left, found, place, values)
        data = place @ (x.data * d[rows])
        if data.all():  # SciPy stores no sum that is 0
            return _with_data(found, data, found.indices.copy(), found.indptr.copy())
    found = x.T @ x.multiply(d[:, None]).tocsr()
    if plain and not again:
        _LAST_GRAM["pattern"] = x.indices.copy(), x.indptr.copy(), x.shape, None
    elif plain and known is None:
        _LAST_GRAM["pattern"] = indices, indptr, shape, _gram_map(x, found)
    return found


def _with_data(x, data, *pattern):
    """A sparse array as x is, with other arrays; SciPy's constructor would check what is known to be right."""
    out = copy(x)
    out.data = data
    if pattern:
        out.indices, out.indptr = pattern
    return out


def _gram_map(x, found, most=2**21):
    """(the row of each entry of x; for each pair of entries of a row the first one; x'x; the map from the entries of diag(d) x to those
    of x' diag(d) x, which holds the values of the first ones; the entries of x that it was made of), with pairs in the order in which
    SciPy adds their products.

    False where there are more than `most` pairs, and where x'x has zeros that are not stored.
    """
    counts, n = np.diff(x.indptr), x.shape[1]
    each = np.repeat(counts, counts).astype(np.int64)
    if each.sum() > most:
        return False
    left = np.repeat(np.arange(x.nnz), each)
    right = np.arange(len(left)) - np.repeat(np.cumsum(each) - each - np.repeat(x.indptr[:-1], counts), each)
    at = _places(found, x.indices[right].astype(np.int64) * n + x.indices[left])
    if at.min(initial=0) < 0:
        return False
    order = np.argsort(at, kind="stable")
    left, right = left[order].astype(np.int32), right[order].astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=found.nnz))]).astype(np.int32)
    place = sparse.csr_array((x.data[left], right, starts), (found.nnz, x.nnz))
    return np.repeat(np.arange(x.shape[0]), counts), left, found.copy(), place, x.data.copy()


def _places(found, wanted, most=2**24):
    """The places among the stored entries of a sparse array of n columns of the entries of numbers n i + j; -1 of what is not stored."""
    n = found.shape[1]
    by_rows, by_columns = np.repeat(np.arange(len(found.indptr) - 1), np.diff(found.indptr)), found.indices
    keys = by_rows * n + by_columns
    if n * n <= most:
        table = np.full(n * n, -1, np.int32)
        table[keys] = np.arange(len(keys))
        return table[wanted]
    if not len(keys):
        return np.full(len(wanted), -1)
    order = np.argsort(keys)
    near = np.minimum(np.searchsorted(keys, wanted, sorter=order), len(keys) - 1)
    return np.where(keys[order[near]] == wanted, order[near], -1)


def _sparse_on_diagonal(x, d):
    return x + sparse.diags_array(np.broadcast_to(d, x.shape[0]), dtype=np.result_type(x, d)).tocsr()


def _is_nearly_hermitian_sparse(x, d):
    """Whether |x_ij - x_ji| is small beside sqrt(d_i d_j), for a diagonal d that is positive."""
    gap = abs(x - x.conj().T).tocoo()
    return bool((gap.data <= max(1e-6, 100 * np.finfo(x.dtype).eps) * np.sqrt(d[gap.row] * d[gap.col])).all())


def _sparse_factor(x, rank=None, positive_definite=False):
    """(kind, factors by SuperLU, x, whether it is said to be positive definite, which is checked by the pivots)."""
    if x.dtype.char in "gG":
        raise DtypeError(f"SciPy factors sparse arrays in single and double precision, not in {x.dtype}; convert them")
    if positive_definite:
        return "lu", _definite_factors(x), x, True
    if np.isnan(x.data).any():
        return "nan", None, x, False
    if rank is not None and rank < x.shape[0]:
        return "singular", None, x, False
    try:
        with np.errstate(all="ignore"):
            return "lu", sparse_linalg.splu(sparse.csc_array(x)), x, False
    except RuntimeError:
        return "singular" if _is_finite(x) else "nan", None, x, False  # SuperLU calls a pivot singular that is not a number


# with pivots on the diagonal they are those of L D L', all of which are positive
def _definite_factors(x):
    d = x.diagonal().real
    if not (d > 0).all() or not _is_finite(x) or not _is_nearly_hermitian_sparse(x, d):
        raise np.linalg.LinAlgError("a matrix that is stated to be positive definite is not symmetric with a positive diagonal")
    try:
        factors = sparse_linalg.splu(sparse.csc_array(x), "MMD_AT_PLUS_A", diag_pivot_thresh=0, options={"SymmetricMode": True})
    except RuntimeError:
        factors = None
    if factors is None or (factors.perm_r != factors.perm_c).any() or not (factors.U.diagonal().real > 0).all():
        raise np.linalg.LinAlgError("a matrix that is stated to be positive definite is not")
    return factors


def _sparse_factor_solve(factor, b, transposed=False):
    kind, factors, x, definite = factor
    dtype = np.result_type(x, b)  # that of x and b has to be one for SuperLU
    if kind == "nan":
        return np.full(np.shape(b), np.nan, dtype)
    if kind == "singular":
        raise np.linalg.LinAlgError("Singular matrix: the expression asks for its inverse, or for a solution with it")
    if dtype != x.dtype:
        factors = _sparse_factor(x.astype(dtype), None, definite)[1]
    out = factors.solve(np.asarray(b, dtype), "T" if transposed else "N")
    if not _is_finite(b):
        out[..., ~np.isfinite(b).all(0)] = np.nan
    return out


def _sparse_solve(x, b):
    return _sparse_factor_solve(_sparse_factor(x), b)


def _sparse_factor_slogdet(factor):
    """(sign, logarithm of the absolute value) of a determinant, from the LU factors: those of L are 1."""
    kind, factors, _, _ = factor
    if kind != "lu":
        return (np.nan, np.nan) if kind == "nan" else (0.0, -np.inf)
    d = factors.U.diagonal()
    size = np.abs(d)
    return (d / size).prod() * _parity(factors.perm_r) * _parity(factors.perm_c), np.log(size).sum()


def _sparse_slogdet(x):
    return _sparse_factor_slogdet(_sparse_factor(x))


def _sparse_factor_det(factor):
    sign, log = _sparse_factor_slogdet(factor)
    return sign * np.exp(log)


def _sparse_det(x):
    return _sparse_factor_det(_sparse_factor(x))


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
