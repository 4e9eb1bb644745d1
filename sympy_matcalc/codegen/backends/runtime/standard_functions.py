"""Helpers for functions of a square matrix and their derivatives that several back ends share, in the words of the array API standard.

Libraries have no Schur form. Roots are computed by Newton's iteration, whose number of steps is fixed so that it can be traced, logarithms
by roots, and derivatives by blocks of functions of block matrices; or all by one decomposition where a matrix is real and symmetric by form
or by fact. What has no value, as the real root of a matrix with an eigenvalue below 0, is NaN. All but decompositions take stacks.
"""

import numpy as np
import numpy as xp

from .divided_differences import _along_directions, _along_units, _divided, _without_rounding
from .standard import _is_complex, _symmetric


def _matrix_exponential(x):
    raise NotImplementedError


def _inverse(x):
    return xp.linalg.inv(x)


def _iterated(step, state, count):
    for _ in range(count):
        state = step(state)
    return state


def _identity_of(x):
    return xp.eye(x.shape[-1], dtype=x.dtype, device=x.device)


def _largest(x):
    """The largest absolute value of the entries, of each matrix."""
    return xp.max(xp.abs(x), axis=(-2, -1), keepdims=True)


# ---- roots and logarithms
# The product form of the iteration of Denman and Beavers: m tends to I, r to the root (Higham, Functions of Matrices, 6.29). The scale
# moves the eigenvalues about 1, so that the logarithm of their spread is halved in each step; what turns needs the steps without.
def _root_by_newton(x, scaled, unscaled):
    one = _identity_of(x)

    def step(state):
        m, r = state
        inverse = _inverse(m)
        square = _largest(inverse) ** 0.5 / _largest(m) ** 0.5
        return 0.5 * one + 0.25 * (square * m + inverse / square), 0.5 * square**0.5 * (r @ (one + inverse / square))

    def last_step(state):
        m, r = state
        inverse = _inverse(m)
        return 0.5 * one + 0.25 * (m + inverse), 0.5 * (r @ (one + inverse))

    _, r = _iterated(last_step, _iterated(step, (x, x), scaled), unscaled)
    is_root = _largest(r @ r - x) <= 10 * xp.finfo(r.dtype).eps ** 0.5 * _largest(r) ** 2
    return xp.where(is_root, r, xp.full_like(r, xp.nan))


def _root_of_matrix(x, scaled=10, unscaled=12):
    return _root_by_newton(x, scaled, unscaled)


# Newton's iteration for the sign of [[r, -e], [0, -r]], with the same scale (Higham, Functions of Matrices, 5.1); linear in e, so that a
# library transposes it
def _change_of_root(r, e):
    """The solution z of r z + z r = e, the change of the root r of a matrix that changes by e."""

    def step(state):
        m, c = state
        inverse = _inverse(m)
        scale = _largest(inverse) ** 0.5 / _largest(m) ** 0.5
        return 0.5 * (scale * m + inverse / scale), 0.5 * (scale * c + inverse @ c @ inverse / scale)

    def last_step(state):
        m, c = state
        inverse = _inverse(m)
        return 0.5 * (m + inverse), 0.5 * (c + inverse @ c @ inverse)

    _, c = _iterated(last_step, _iterated(step, (r, e), 10), 8)
    return 0.5 * c


_LOG_RULE = np.array(np.polynomial.legendre.leggauss(10)).T.tolist()


# By 10 roots, after which x is near I for all numbers in range; the difference is taken before them, where it has its digits (Al-Mohy
# 2012), and Gauss-Legendre quadrature is the Padé approximant.
def _log_of_matrix(x):
    one = _identity_of(x)

    def step(state):
        x, z = state
        x = _root_of_matrix(x, 9, 6)
        return x, xp.linalg.solve(one + x, z)

    root = _root_of_matrix(x)
    _, z = _iterated(step, (root, xp.linalg.solve(one + root, x - one)), 9)
    terms = [0.5 * w * xp.linalg.solve(one + (0.5 + 0.5 * t) * z, z) for t, w in _LOG_RULE]
    return 2**10 * sum(terms)


def _like(y, x):
    """y as real as x, where its imaginary part is rounding error; else NaN."""
    if not _is_complex(y) or _is_complex(x):
        return y
    bound = (x.shape[-1] * xp.finfo(x.dtype).eps) ** 0.5 * _largest(y)
    return xp.where((_largest(xp.imag(y)) <= bound) & (bound < xp.inf), xp.real(y), xp.full_like(xp.real(y), xp.nan))


def _by_values(values, spectrum):
    w, v, inverse = spectrum
    return (v * values(w)) @ inverse


def _sqrtm(x, spectrum):
    if spectrum is None:
        return _root_of_matrix(x)
    w, v, inverse = spectrum
    return _by_values(xp.sqrt, (_without_rounding(w), v, inverse))


def _logm(x, spectrum):
    return _log_of_matrix(x) if spectrum is None else _by_values(xp.log, spectrum)


def _fractional_matrix_power(x, p):
    return _matrix_exponential(p * _log_of_matrix(x))


# ---- of the exponential
def _expm(x):
    return _matrix_exponential(x)


def _waves_of_matrix(x):
    """exp(i x) and exp(-i x)."""
    return _matrix_exponential(1j * x), _matrix_exponential(-1j * x)


def _sinm(x):
    if not _is_complex(x):
        return xp.imag(_matrix_exponential(1j * x))
    up, down = _waves_of_matrix(x)
    return -0.5j * (up - down)


def _cosm(x):
    if not _is_complex(x):
        return xp.real(_matrix_exponential(1j * x))
    up, down = _waves_of_matrix(x)
    return 0.5 * (up + down)


def _tanm(x):
    return xp.linalg.solve(_cosm(x), _sinm(x))


def _sinhm(x):
    return 0.5 * (_matrix_exponential(x) - _matrix_exponential(-x))


def _coshm(x):
    return 0.5 * (_matrix_exponential(x) + _matrix_exponential(-x))


# tanh(2 x) = 2 t (I + t t)^-1, t = tanh(x), loses no digits; the number of doublings may be traced, and is at most 20
def _tanhm(x):
    one, size = _identity_of(x), _largest(x) * x.shape[-1]
    doublings = xp.ceil(xp.log2(xp.maximum(size, xp.ones_like(size))))
    small = x / 2**doublings

    def step(state):
        t, k = state
        return xp.where(k < doublings, 2 * xp.linalg.solve(one + t @ t, t), t), k + 1

    t, _ = _iterated(step, (xp.linalg.solve(_coshm(small), _sinhm(small)), xp.zeros_like(doublings)), 20)
    return xp.where(doublings <= 20, t, xp.full_like(t, xp.nan))


# ---- any function
_OF_MATRIX = {
    "exp": _matrix_exponential,
    "log": _log_of_matrix,
    "sqrt": _root_of_matrix,
    "sin": _sinm,
    "cos": _cosm,
    "tan": _tanm,
    "sinh": _sinhm,
    "cosh": _coshm,
    "tanh": _tanhm,
}


def _function_of(f, numbers, x):
    if f == "x":
        return x
    if isinstance(f, int):
        return numbers[f] * _identity_of(x)
    name, inner, *others = f
    a = _function_of(inner, numbers, x)
    if name == "power":
        return xp.linalg.matrix_power(a, others[0]) if others[0] >= 0 else xp.linalg.matrix_power(_inverse_with_digits(a), -others[0])
    if name == "over":
        return _product(_inverse_with_digits(x), a)
    if name == "root":
        return _fractional_matrix_power(a, numbers[others[0]])
    for g in others:
        b = _function_of(g, numbers, x)
        a = a + b if name == "add" else _product(a, b)
    return a if others else _OF_MATRIX[name](a)


def _inverse_with_digits(a):
    """The inverse; NaN where it has no digit."""
    out, one = _inverse(a), _identity_of(a)
    return xp.where(_largest(a @ out - one) < 0.1, out, xp.full_like(out, xp.nan))


def _product(a, b):
    """The product of two functions of a matrix; NaN where it has no digit."""
    out = a @ b
    rounding = 100 * out.shape[-1] * xp.finfo(out.dtype).eps * _largest(a) * _largest(b)
    return xp.where((_largest(out) > rounding) | (rounding == 0), out, xp.full_like(out, xp.nan))


# ---- derivatives
def _above(x, e):
    """x twice on the diagonal of a block matrix, with e above it, of each pair of a stack."""
    e = xp.broadcast_to(e, x.shape[: -e.ndim] + e.shape) if e.ndim < x.ndim else e
    x = xp.broadcast_to(x, e.shape)
    return xp.concat([xp.concat([x, e], axis=-1), xp.concat([xp.zeros_like(x), x], axis=-1)], axis=-2)


# Each direction doubles the block matrix (Higham, Functions of Matrices, 3.16); it has size 1 there.
def _by_blocks(x, f, numbers, *directions):
    if f == ("sqrt", "x") and len(directions) == 1:
        return _root_along(x, *directions)
    n, factor = x.shape[-1], 1
    for k, e in enumerate(directions):
        size = _largest(e)
        size = xp.where(size == 0, xp.ones_like(size), size)
        e, factor = e / size, factor * size
        for _ in range(k):
            e = _above(e, xp.zeros_like(e))
        x = _above(x, e)
    return _function_of(f, numbers, x)[..., :n, -n:] * factor


def _root_along(x, e):
    r = _root_of_matrix(x)
    return _change_of_root(r + _change_of_root(r, x - r @ r), xp.broadcast_to(e, x.shape) if e.ndim < x.ndim else e)


def _exp_along(x, e):
    return _by_blocks(x, ("exp", "x"), (), e)


# Libraries differentiate eigenvectors by divisions by the gaps between the eigenvalues, which is wrong where two are equal.
def _eigh(x):
    return xp.linalg.eigh(x)


def _is_differentiated(x):
    return False


def _spectrum(x):
    """(values, vectors, inverse of these) of a real symmetric matrix; None of a complex one, or one that the library differentiates by."""
    if _is_complex(x) or _is_differentiated(x):
        return None
    w, v = _eigh(_symmetric(x))
    return w, v, v.T


def _is_by_values(spectrum, directions):
    return spectrum is not None and len(directions) < 3


def _frechet(x, spectrum, f, numbers, *directions):
    """The function at `x`, or its Fréchet derivative in some directions."""
    if _is_by_values(spectrum, directions):
        w, v, inverse = spectrum
        order = len(directions)
        return _along_directions(_divided(f, numbers, w, order)[order], v, inverse, directions)
    return _exp_along(x, *directions) if f == ("exp", "x") and len(directions) == 1 else _by_blocks(x, f, numbers, *directions)


def _frechet_matrix(x, spectrum, f, numbers, *directions):
    """See `_along_units`."""
    return _frechet_between(x, spectrum, f, numbers, (None,) * 4, *directions)


def _frechet_between(x, spectrum, f, numbers, sides, *directions):
    """The same with its axes j, i, l, k times a matrix each, or None for the axis itself."""
    if _is_by_values(spectrum, (x, *directions)):
        w, v, inverse = spectrum
        order = 1 + len(directions)
        return _along_units(_divided(f, numbers, w, order)[order], v, inverse, sides, directions)
    n = x.shape[0]
    units = xp.reshape(xp.eye(n * n, dtype=x.dtype, device=x.device), (n * n, n, n))
    out = xp.permute_dims(xp.reshape(_by_blocks(x, f, numbers, *directions, units), (n, n, n, n)), (3, 2, 1, 0))
    for side in sides:  # each axis is the first in its turn, and the last after it
        out = out if side is None else xp.reshape(side @ xp.reshape(out, (n, -1)), (side.shape[0], *out.shape[1:]))
        out = xp.permute_dims(out, (1, 2, 3, 0))
    return out
