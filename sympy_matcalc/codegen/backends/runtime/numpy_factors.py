"""One factorisation for several uses in NumPy: LAPACK by way of SciPy, which NumPy alone does not keep."""

from math import isfinite

import numpy as np
from scipy.linalg import lapack

from .numpy_helpers import _is_symmetric

_LAPACK = {
    t: {f: getattr(lapack, p + f) for f in ("potrf", "potrs", "potri", "trtrs", "trtri", "getrf", "getrs", "getri")}
    for t, p in zip("fdFD", "sdcz")
}


def _is_nearly_hermitian(a):
    """Whether |a_ij - a_ji| is small beside sqrt(a_ii a_jj), as under any scaling D a D; False where an entry is NaN or infinite."""
    if not a.size or _is_symmetric(a) and isfinite(np.vdot(a, a)):
        return True
    with np.errstate(divide="ignore", invalid="ignore"):  # NaN, zero or negative on the diagonal: NaN, which no comparison holds for
        scale = 1 / np.sqrt(a.diagonal().real)
        gap = np.abs(a - a.T.conj())
        gap *= scale
        gap *= scale[:, None]
    return bool(gap.max() <= max(1e-6, 100 * np.finfo(a.dtype).eps))


def _is_mirrored(a, arguments):
    """Whether `a` is symmetric but for rounding: it is made of `arguments` so that it is if they are; None: it is not known to be so."""
    if arguments is None or a.dtype.kind != "f":
        return False
    return all(map(_is_symmetric, arguments))


def _factor(a, rank=None, positive_definite=False, singular=False, symmetric=None):
    """(kind, factors, pivots, transposed): Cholesky where `a` is symmetric and positive definite, else LU.

    symmetric: the arguments that have to be for `a` to be, but for rounding. Of the few rows that are typed by hand LU is as fast, and has
    no roots, so that the inverse of diag(2, 4) is exact; that `a` is symmetric saves a solution there.
    """
    if positive_definite and not _is_nearly_hermitian(a):
        raise np.linalg.LinAlgError("a matrix that is stated to be positive definite is not symmetric with a positive diagonal")
    functions, turned = _LAPACK[a.dtype.char], a.flags.c_contiguous
    if not len(a):
        return "empty", a, None, False
    if rank is not None and rank < len(a):
        return "singular", np.zeros_like(a), None, False
    mirrored = positive_definite or _is_mirrored(a, symmetric) or _is_symmetric(a)
    if mirrored and (len(a) >= 8 or positive_definite or symmetric == ()):
        c, info = functions["potrf"](a.T.conj() if turned else a)
        if info == 0:
            return "cholesky", c, None, False
        if positive_definite:
            raise np.linalg.LinAlgError("a matrix that is stated to be positive definite is not")
    lu, pivots, info = functions["getrf"](a.T if turned else a)
    return "singular" if info else "symmetric" if mirrored and a.dtype.kind == "f" else "lu", lu, pivots, turned


def _singular():
    return np.linalg.LinAlgError("Singular matrix: the expression asks for its inverse, or for a solution with it")


def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    kind, lu, pivots, turned = factor
    functions = _LAPACK[(lu.dtype if lu.dtype is b.dtype else np.result_type(lu, b)).char]
    if kind in ("lu", "symmetric") and b.size:
        return functions["getrs"](lu, pivots, b, trans=turned != transposed)[0]
    if kind == "singular":
        raise _singular()
    if not b.size:
        return np.zeros(b.shape, np.result_type(lu, b))
    return functions["potrs"](lu, b.conj())[0].conj() if transposed else functions["potrs"](lu, b)[0]


def _factor_turned(x, factor, b):
    """The solution of ``a' x = b``, where `x` is that of ``a x = b``."""
    kind, factors, _, _ = factor
    return x if kind == "symmetric" or kind == "cholesky" and factors.dtype.kind == "f" else _factor_solve(factor, b, True)


def _half_solved(factor, b):
    """z with ``b' inverse(a) b = z' z``, None where there is none: of a matrix that is not symmetric, or of complex numbers."""
    kind, c, _, _ = factor
    if kind != "cholesky" or not b.size:
        return None
    dtype = c.dtype if c.dtype is b.dtype else np.result_type(c, b)
    return _LAPACK[dtype.char]["trtrs"](c, b, trans=1)[0] if dtype.kind == "f" else None


def _factor_gram(factor, b, transposed=False):
    """``b' inverse(a) b``, or with the inverse of ``a'``."""
    z = _half_solved(factor, b)
    return b.T @ _factor_solve(factor, b, transposed) if z is None else z.T @ z


def _factor_forms(factor, b):
    """Its diagonal."""
    z = _half_solved(factor, b)
    return np.einsum("ij,ij->j", b, _factor_solve(factor, b)) if z is None else np.einsum("ij,ij->j", z, z)


# Below the diagonal stand the multipliers, which have no scale. The rounding error of a pivot is that of the products it is the sum of,
# under any scaling of rows and columns. A row of zeros has none: its pivot is tiny beside the others or, where all are zero, the entries.
def _regular(a, factor):
    """The factors of `a` with tiny pivots moved by a rounding error, so that its inverse times its determinant is the adjugate."""
    kind, lu, pivots, turned = factor
    if kind in ("cholesky", "empty"):
        return factor
    size = np.abs(lu.diagonal())
    if kind in ("lu", "symmetric") and size.min() > 1e-10 * size.max():
        return factor
    if pivots is None:  # singular by its sizes
        turned = a.flags.c_contiguous
        lu, pivots, _ = _LAPACK[a.dtype.char]["getrf"](a.T if turned else a)
    d, entries, limits = lu.diagonal(), np.abs(lu), np.finfo(lu.dtype)
    size = np.abs(d)
    least = limits.eps * ((np.tril(entries, -1) * np.triu(entries, 1).T).sum(1) + size)
    others = size.min(where=size > 0, initial=np.inf) if size.any() else np.triu(entries).max()
    least = np.where(least > 0, least, limits.eps * others or limits.tiny**0.5)
    if (size < least).any():
        lu = lu.copy(order="F")
        np.fill_diagonal(lu, np.where(size < least, least, d))
    return "lu", lu, pivots, turned


def _factor_inv(factor):
    """The inverse of the matrix."""
    kind, lu, pivots, turned = factor
    functions, is_small = _LAPACK[lu.dtype.char], len(lu) < 64
    if kind in ("lu", "symmetric"):
        inverse = (functions["getri"](lu, pivots) if is_small else functions["getri"](lu, pivots, lwork=64 * len(lu)))[0]
        return inverse.T if turned else inverse
    if kind == "singular":
        raise _singular()
    if kind == "empty":
        return lu
    if is_small and lu.dtype.kind == "f":  # more operations than by potri, but no half of it has to be mirrored
        root = functions["trtri"](lu)[0]
        return root.dot(root.T)
    half = functions["potri"](lu)[0]  # with zeros below the diagonal
    inverse = half + half.T.conj()
    diagonal = inverse.diagonal()
    diagonal.setflags(write=True)
    diagonal -= half.diagonal()
    return inverse


def _factor_slogdet(factor):
    """(sign, log of the absolute value) of the determinant."""
    kind, lu, pivots, _ = factor
    d, one = lu.diagonal(), lu.dtype.type(1)
    size = np.abs(d)
    if kind == "cholesky":
        return one, 2 * np.log(size).sum()
    if kind == "singular":
        return 0 * one, size.dtype.type(-np.inf)
    swaps = 0 if kind == "empty" else (pivots != np.arange(len(pivots))).sum() % 2
    return (d / size).prod() * one * (1 - 2 * int(swaps)), np.log(size).sum()


def _factor_det(factor):
    """The determinant."""
    sign, log = _factor_slogdet(factor)
    return sign * np.exp(log)
