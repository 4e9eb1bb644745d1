"""Helpers of the NumPy back end for decompositions, functions of a matrix and norms."""

import numpy as np
from scipy import linalg


def _tolerance(x, least):
    return max(least, 100 * float(np.finfo(x.dtype).eps))


def _symmetric(x):
    if not np.abs(x - x.T.real).max() <= _tolerance(x, 1e-8) * np.abs(x).max():
        raise np.linalg.LinAlgError("a real symmetric matrix is needed, for its eigenvalues or its Cholesky factor; this one is not")
    return x


def _simple(values, i, kind):
    tolerance = _tolerance(values, 1e-10) * np.abs(values).max()
    if not np.all(np.abs(np.delete(values, i) - values[i]) > tolerance):
        raise np.linalg.LinAlgError(f"{kind} {i} is not simple, so that it does not determine a vector: {values}")
    if kind == "singular value" and not values[i] > tolerance:
        raise np.linalg.LinAlgError(f"singular value {i} is zero, so that it does not determine a vector: {values}")
    return i


# what is singular in theory, such as c I - X with an eigenvalue c of X, is singular only up to rounding
def _pinv(x):
    return np.linalg.pinv(x, _tolerance(x, 1e-10))


def _inverse_gaps(values, i):
    gaps = values[i] - values
    gaps[i] = np.inf
    return 1 / gaps


def _reciprocal(values, vectors):
    if np.iscomplexobj(vectors):
        raise TypeError("the pseudo-inverse of the square root of B'B needs a real B")
    return np.divide(1, values, out=np.zeros_like(values), where=values > _tolerance(values, 1e-10) * values.max())


# An imaginary part up to the root of the rounding error may be dropped: the square root y of x has then an error in y**2 that is
# rounding error of x. A negative eigenvalue that is one shows as a larger part.
def _like(y, x):
    if np.iscomplexobj(y) and not np.iscomplexobj(x) and np.abs(y.imag).max() <= np.sqrt(len(x) * np.finfo(x.dtype).eps) * np.abs(y).max():
        y = y.real
    return y.astype(np.result_type(x, np.complex64 if np.iscomplexobj(y) else np.float32), copy=False)


# SciPy's quotient of sinhm and coshm loses exp(2 |x|) in accuracy, and overflows; tanh(2 x) = 2 t (I + t t)^-1, t = tanh(x), does not.
def _tanhm(x):
    doublings = max(0, int(np.ceil(np.log2(max(1, np.abs(x).sum(0).max())))))
    t = linalg.tanhm(x / 2**doublings)
    for _ in range(doublings):
        t = 2 * np.linalg.solve(np.eye(len(t), dtype=t.dtype) + t @ t, t)
    return t


def _frechet_sqrt(root, e):
    out = linalg.solve_sylvester(root, root, e)
    if not np.abs(out).max() * np.abs(root).max() * np.sqrt(len(root) * np.finfo(root.dtype).eps) <= np.abs(e).max():
        raise np.linalg.LinAlgError("the square root of a matrix has no derivative where the matrix is singular")
    return out


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
