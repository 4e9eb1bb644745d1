"""Helpers of the NumPy back end for functions of a matrix and their Fréchet derivatives, by one decomposition for all directions.

What has no such decomposition that keeps the digits is computed by blocks. See `divided_differences`.
"""

import numpy as np
from scipy import linalg

from .divided_differences import _along_directions, _along_units, _divided, _exp_series
from .numpy_linalg import _along, _block_triangular, _finite, _like, _tanhm


# As `_symmetric` compares, but for no more than rounding errors of a product, such as B S B' of a symmetric S.
def _is_nearly_symmetric(x):
    with np.errstate(invalid="ignore", over="ignore"):
        gap, size = np.abs(x - x.conj().T), np.abs(x)
        root = np.sqrt(size.diagonal())
        size = np.maximum(np.maximum(size, size.T), root * root[:, None])
        return bool((gap <= 4 * len(x) * np.finfo(x.dtype).eps * size).all() and np.isfinite(size).all())


def _spectrum(x):
    """(values w, vectors v, inverse of v) of what is symmetric, or Hermitian, but for rounding; None of others."""
    if not x.size or not _is_nearly_symmetric(x):
        return None
    w, v = np.linalg.eigh((x + x.conj().T) / 2)
    return w, v, v.conj().T


# Rounding errors grow with the square of the condition number of the vectors.
def _general_spectrum(x):
    """The same of any matrix, None where rounding may take more than about three digits."""
    if not x.size or not np.isfinite(x).all():
        return None
    try:
        w, v = np.linalg.eig(x)
        inverse = np.linalg.inv(v)
    except np.linalg.LinAlgError:
        return None
    return (w, v, inverse) if np.linalg.norm(v, 2) * np.linalg.norm(inverse, 2) < 50 else None


# of a few triples of many
def _with_series(second, near, w):
    second[near] = _exp_series(*(w[at] for at in near.nonzero()))
    return second


# ---- the function of a matrix
_OF_MATRIX = {
    "exp": linalg.expm,
    "log": lambda x: _like(linalg.logm(_finite(x)), x),
    "sqrt": lambda x: _like(linalg.sqrtm(x), x),
    "sin": linalg.sinm,
    "cos": linalg.cosm,
    "tan": linalg.tanm,
    "sinh": linalg.sinhm,
    "cosh": linalg.coshm,
    "tanh": _tanhm,
}


def _function_of(f, numbers, x, kept=None):
    """The function as it is written. kept: a list, for the part of their size that is left in products of functions, and of their digits
    in inverses.
    """
    if f == "x":
        return x
    if isinstance(f, int):
        return numbers[f] * np.eye(len(x), dtype=x.dtype)
    name, inner, *others = f
    a = _function_of(inner, numbers, x, kept)
    if name == "power":
        if others[0] < 0 and kept is not None:
            kept.append(_exactness(a))
        return np.linalg.matrix_power(a, others[0])
    if name == "over":
        return np.linalg.solve(x, a)
    if name == "root":
        return _like(linalg.fractional_matrix_power(_finite(a), numbers[others[0]]), a)
    if name == "add":
        return sum((_function_of(g, numbers, x, kept) for g in others), a)
    if name == "mul":
        for g in others:
            b = _function_of(g, numbers, x, kept)
            a, size = a @ b, np.linalg.norm(a) * np.linalg.norm(b)
            if kept is not None and size:
                kept.append(np.linalg.norm(a) / size)
        return a
    return _OF_MATRIX[name](a)


def _by_blocks(x, f, numbers):
    """The derivative as a function of directions: a block of the function of a block matrix (Higham, Functions of Matrices, 3.16)."""
    along = _along(_function_of(f, numbers, x)) if f == ("sqrt", "x") else None

    def derivative(*directions):
        if along:  # by the derivative of its square
            first = [along(e) for e in directions]
            return first[0] if len(first) == 1 else -along(first[0] @ first[1] + first[1] @ first[0])
        if len(directions) == 1 and f == ("exp", "x"):
            return _like(linalg.expm_frechet(_finite(x), directions[0], compute_expm=False), x)
        block, n = _block_triangular(x, *directions), len(x)
        return _like(_function_of(f, numbers, block), block)[:n, -n:]

    return derivative


# ---- derivatives
def _weighted(f, numbers, spectrum, order, directions):
    """(divided differences of order `order`, v, inverse of v), None where they are not to be had without loss."""
    if spectrum is None or not all(np.isfinite(e).all() for e in directions):
        return None
    w, v, inverse = spectrum
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
            weights = _divided(f, numbers, w, order)[order]
    except FloatingPointError:
        return None
    return (weights, v, inverse) if np.isfinite(weights).all() else None


def _as_real(out, x, numbers, directions):
    """A derivative of a function of a real matrix in real directions."""
    dtype = np.result_type(x, *directions)
    real = dtype.kind == "f" and not any(map(np.iscomplexobj, numbers))
    return (out.real if real else out).astype(dtype if real else np.result_type(dtype, np.complex64), copy=False)


def _exactness(a):
    """1 over how many times the rounding error there is in the inverse."""
    rounding = len(a) * np.finfo(a.dtype).eps
    return rounding / max(rounding, np.linalg.norm(a @ np.linalg.inv(a) - np.eye(len(a))))


def _as_written(x, f, numbers):
    """The function by those it is written with; by eigenvalues where these have lost more digits than that can."""
    kept, out, failed = [], None, None
    try:
        out = _like(_function_of(f, numbers, x, kept), x)
    except np.linalg.LinAlgError as error:
        failed = error
    if not failed and min(kept, default=1) > 1e-5:
        return out
    found = _weighted(f, numbers, _general_spectrum(x), 0, ())
    if found is not None:
        values, v, inverse = found
        return _as_real(_along_directions(values, v, inverse, ()), x, numbers, ())
    if failed or min(kept) < 100 * len(x) * np.finfo(x.dtype).eps:
        raise failed or np.linalg.LinAlgError(
            "a product with functions of a matrix or their inverses has no digit: one is large where another is small, and the matrix has "
            "no well-conditioned eigenvectors to have the whole as one function by"
        )
    return out


def _frechet(x, spectrum, f, numbers, *directions):
    """The Fréchet derivative of a function at `x` in one direction or two; without, the function. Other ways are as fast for one of two."""
    if spectrum is None and not directions:
        return _as_written(x, f, numbers)
    if spectrum is None and (len(directions) > 1 or f not in (("exp", "x"), ("sqrt", "x"))):
        spectrum = _general_spectrum(x)
    found = _weighted(f, numbers, spectrum, len(directions), directions)
    if found is None:
        return _by_blocks(x, f, numbers)(*directions) if directions else _as_written(x, f, numbers)
    weights, v, inverse = found
    return _as_real(_along_directions(weights, v, inverse, directions), x, numbers, directions)


def _frechet_matrix(x, spectrum, f, numbers, *directions):
    """See `_along_units`."""
    return _frechet_between(x, spectrum, f, numbers, (None,) * 4, *directions)


def _frechet_between(x, spectrum, f, numbers, sides, *directions):
    """The same with its axes j, i, l, k times a matrix each, or None for the axis itself."""
    found = _weighted(f, numbers, _general_spectrum(x) if spectrum is None else spectrum, 1 + len(directions), directions)
    if found is None:
        n = len(x)
        units = np.eye(n * n, dtype=x.dtype).reshape(n * n, n, n)
        derivative = _by_blocks(x, f, numbers)
        out = np.array([derivative(e, *directions) for e in units]).reshape(n, n, n, n).transpose(3, 2, 1, 0)
        for axis, side in enumerate(sides):
            out = out if side is None else np.moveaxis(np.tensordot(side, out, (1, axis)), 0, axis)
        return out
    given = [a for a in (*directions, *sides) if a is not None]
    weights, v, inverse = found
    return _as_real(_along_units(weights, v, inverse, sides, directions), x, numbers, given)


# ---- the function itself, of what is symmetric and positive definite beyond rounding
def _by_values(function, values, x, spectrum):
    """By eigenvalues if `x` is such a matrix, else by the function of matrices."""
    if spectrum is None or not spectrum[0][0] > 4 * len(x) * np.finfo(x.dtype).eps * spectrum[0][-1]:
        return function(x)
    w, v, inverse = spectrum
    return (v * values(w)) @ inverse


def _sqrtm(x, spectrum):
    return _by_values(linalg.sqrtm, np.sqrt, x, spectrum)


def _logm(x, spectrum):
    return _by_values(linalg.logm, np.log, _finite(x), spectrum)
