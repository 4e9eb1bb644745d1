"""Helpers of the NumPy back end for decompositions, functions of a matrix and norms."""

import numpy as np
from scipy import linalg

from ....errors import DtypeError


def _tolerance(x, least):
    return max(least, 100 * float(np.finfo(x.dtype).eps))


# Each pair of entries is compared with itself and with the diagonal, as under any scaling D x D; no comparison holds for NaN.
def _symmetric(x):
    with np.errstate(invalid="ignore"):
        gap = np.abs(x - x.swapaxes(-1, -2).real)
    largest = gap.max(initial=0)
    if largest == 0:
        return x
    size = np.abs(x)
    root = np.sqrt(size.diagonal(0, -2, -1))
    size = np.maximum(np.maximum(size, size.swapaxes(-1, -2)), root[..., None, :] * root[..., None])
    if not (largest < np.inf and (gap <= _tolerance(x, 1e-8) * size).all()):
        raise np.linalg.LinAlgError(
            "a real symmetric matrix is needed, for its eigenvalues, its Cholesky factor or as a weight; this one is not: pass "
            "(X + X.T) / 2 if only rounding keeps it from being one"
        )
    return x


def _simple(values, i, kind):
    tolerance = _tolerance(values, 1e-10) * np.abs(values).max()
    if not np.all(np.abs(np.delete(values, i) - values[i]) > tolerance):
        raise np.linalg.LinAlgError(f"{kind} {i} is not simple, so that it does not determine a vector: {values}")
    if kind == "singular value" and not values[i] > tolerance:
        raise np.linalg.LinAlgError(f"singular value {i} is zero, so that it does not determine a vector: {values}")
    return i


def _finite(x):
    if not np.isfinite(x).all():
        raise np.linalg.LinAlgError(
            "a matrix that is to be decomposed, or of which eigenvalues or a function are needed, has entries that are not finite"
        )
    return x


# what is singular in theory, such as c I - X with an eigenvalue c of X, is singular only up to rounding
def _pinv(x):
    return np.linalg.pinv(_finite(x), _tolerance(x, 1e-10))


def _adjugate(x):
    """From the singular values, whose products without one need no quotient."""
    u, s, vh = np.linalg.svd(_finite(x))
    others = np.where(np.eye(len(s), dtype=bool), 1, s).prod(1)
    return np.linalg.det(u) * np.linalg.det(vh) * ((vh.T.conj() * others) @ u.T.conj())


def _inverse_gaps(values, i):
    gaps = values[i] - values
    gaps[i] = np.inf
    return 1 / gaps


def _reciprocal(values, vectors):
    if np.iscomplexobj(vectors):
        raise DtypeError("the pseudo-inverse of the square root of B'B needs a real B")
    if not np.isfinite(values).all():
        raise np.linalg.LinAlgError(f"a matrix has singular values that are not finite: {values}")
    return np.divide(1, values, out=np.zeros_like(values), where=values > _tolerance(values, 1e-10) * values.max())


# An imaginary part up to the root of the rounding error may be dropped: the square root y of x has then an error in y**2 that is
# rounding error of x. A negative eigenvalue that is one shows as a larger part.
def _like(y, x):
    if np.iscomplexobj(y) and not np.iscomplexobj(x):
        bound = np.sqrt(len(x) * np.finfo(x.dtype).eps) * np.abs(y).max(initial=0)
        y = y.real if np.abs(y.imag).max(initial=0) <= bound < np.inf else y
    return y.astype(np.result_type(x, np.complex64 if np.iscomplexobj(y) else np.float32), copy=False)


# SciPy's quotient of sinhm and coshm loses exp(2 |x|) in accuracy, and overflows; tanh(2 x) = 2 t (I + t t)^-1, t = tanh(x), does not.
def _tanhm(x):
    doublings = max(0, int(np.ceil(np.log2(max(1, np.abs(_finite(x)).sum(0).max())))))
    t = linalg.tanhm(x / 2**doublings)
    for _ in range(doublings):
        t = 2 * np.linalg.solve(np.eye(len(t), dtype=t.dtype) + t @ t, t)
    return t


# What is singular has by rounding a root whose least singular value is about the root of the rounding error, which `out` need not show.
def _along(root):
    """The derivative of the square root as a function of the direction, by one Schur form of the root for all."""
    (t, u), values = linalg.schur(_finite(root)), np.linalg.svd(root, compute_uv=False)
    least = 8 * np.sqrt(len(root) * np.finfo(root.dtype).eps) * values[0]

    def derivative(e):
        if np.iscomplexobj(e) and not np.iscomplexobj(root):  # LAPACK takes a real Schur form for real directions only
            return derivative(e.real) + 1j * derivative(e.imag)
        c = u.conj().T @ e @ u
        y, scale, _ = linalg.get_lapack_funcs("trsyl", (t, c))(t, t, c)
        out = scale * (u @ y @ u.conj().T)
        size = np.abs(out).max() * least / 8
        if not (values[-1] > least and size <= np.abs(e).max() < np.inf):
            raise np.linalg.LinAlgError(
                "the square root of a matrix has no derivative where the matrix is singular, as X'X is of an X with fewer rows than columns"
            )
        return out

    return derivative


# the left vector is a null vector as the right one is: the inverse of all vectors does not exist where others are not simple
def _real_eigen(x, i):
    values, vectors = np.linalg.eig(_finite(x))
    order = np.lexsort((values.imag, values.real))
    value, v = values[order[i]], vectors[:, order[i]]
    gaps = np.abs(np.delete(values, order[i]) - value)
    if not (gaps > _tolerance(x, 1e-10) * np.abs(values).max()).all():
        raise np.linalg.LinAlgError(f"eigenvalue {i} is not simple, so that it does not determine its vectors: {values[order]}")
    if np.imag(value) != 0:
        raise np.linalg.LinAlgError(
            f"eigenvalue {i} by the real part is complex, so that a real matrix has no real derivative of it: {value}"
        )
    others, left = np.linalg.eig(x.T)
    u, v = left[:, np.argmin(np.abs(others - value))].real, v.real
    return value.real, v, u / (u @ v)


def _group_resolvent(x, value, v, u):
    projector = np.outer(v, u)
    return np.linalg.inv(value * np.eye(len(x), dtype=projector.dtype) - x + projector) - projector


def _block_triangular(x, *directions):
    for e in directions:
        e = np.kron(np.eye(len(x) // len(e), dtype=e.dtype), e)
        x = np.block([[x, e], [np.zeros_like(x), x]])
    return x


def _unit_matrix(n, k, dtype):
    e = np.zeros((n, n), dtype)
    e[k % n, k // n] = 1
    return e


def _duplication(n, dtype):
    col, row = np.triu_indices(n)
    at = np.empty((n, n), int)
    at[row, col] = at[col, row] = np.arange(len(row))
    return np.eye(len(row), dtype=dtype)[at.ravel()]


def _p_norm(x, p, axis=None):
    x = np.abs(x)
    m = x.max(axis, keepdims=True)
    m = np.where((m > 0) & np.isfinite(m), m, 1)
    out = ((x / m) ** p).sum(axis) ** (1 / p)
    return out * m.reshape(np.shape(out))


def _distinct(vectors, values, kind):
    tolerance = _tolerance(values, 1e-10) * np.abs(values).max(initial=0)
    if not (np.abs(np.diff(values)) > tolerance).all():
        raise np.linalg.LinAlgError(f"two {kind}s are equal, so that they do not determine their vectors: {values}")
    if kind == "singular value" and not values[-1] > tolerance:
        raise np.linalg.LinAlgError(f"a singular value is zero, so that it does not determine its vectors: {values}")
    return vectors


def _gap_matrix(values):
    gaps = values - values[:, None]
    np.fill_diagonal(gaps, np.inf)
    if not gaps.all():
        raise np.linalg.LinAlgError(f"two values are equal, so that 1/(v_j - v_i) is infinite: {values}")
    return 1 / gaps


def _qr(x):
    if np.iscomplexobj(x):
        raise DtypeError("the QR decomposition that is differentiated is that of a real matrix")
    q, r = np.linalg.qr(_finite(x))
    size = np.abs(r)
    if len(r) < r.shape[1] or not (size.diagonal() > _tolerance(r, 1e-10) * np.sqrt((size * size).sum(0))).all():
        raise np.linalg.LinAlgError(
            "the factors of a QR decomposition need a matrix of full column rank: one is a combination of those before it, up to rounding"
        )
    signs = np.where(r.diagonal() < 0, -1, 1).astype(x.dtype)
    return q * signs, signs[:, None] * r


def _lu(x):
    return linalg.lu(x)
