"""Helpers of the NumPy back end for functions of a matrix and their Fréchet derivatives, by one decomposition for all directions.

With x = v diag(w) inverse(v) a derivative has the divided differences of the function at w for weights (Daleckii & Krein 1965). They are
computed by rules of sums, products and compositions, as derivatives are, from those of the exponential, which has no cancellation in its
own; so equal and nearly equal eigenvalues lose no digits. What has no such decomposition that keeps the digits is computed by blocks.

A function is given as "x", the number of an operand, or the name of an operation with functions.
"""

import numpy as np
from scipy import linalg

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


# ---- divided differences of the first and the second order at all pairs and triples of values, symmetric arrays
def _products_of_differences(a, b):
    out = [a[0] * b[0], a[0][:, None] * b[1] + a[1] * b[0]]
    if len(a) > 2:
        out.append(a[0][:, None, None] * b[2] + a[1][:, :, None] * b[1] + a[2] * b[0])
    return out


def _composed_differences(outer, inner):
    """Those of f(g), of those of f at the values of g."""
    out = [outer[0], outer[1] * inner[1]]
    if len(outer) > 2:
        out.append(_least(outer[2] * (inner[1][:, None, :] * inner[1][:, :, None]), outer[1] * inner[2]))
    return out


# Each order of a triple has the same sum of other terms: these cancel where the one in front is that at which g is steep.
def _least(a, b):
    """a + b at the order of each triple whose terms are least."""
    whole, size = a + b, np.abs(a) + np.abs(b)
    orders = (0, 1, 2), (1, 0, 2), (1, 2, 0)
    sizes = np.array([size.transpose(axes) for axes in orders])
    return np.choose(sizes.argmin(0), [whole.transpose(axes) for axes in orders])


def _scaled_differences(c, a):
    return [c * x for x in a]


def _exp_differences(w, order, e=None):
    """Those of the exponential, whose values may be given."""
    e = np.exp(w) if e is None else e
    gap = w - w[:, None]
    ahead = gap.real > 0
    below, largest = np.where(ahead, -gap, gap), np.where(ahead, e, e[:, None])
    equal = gap == 0
    first = largest * np.where(equal, 1, np.expm1(below) / np.where(equal, 1, below))
    if order == 1:
        return [e, first]
    size = np.abs(gap)
    ij, jk, ik = size[:, :, None], size[None], size[:, None, :]
    widest = np.maximum(np.maximum(ij, jk), ik)
    near = widest < 1
    quotient = (first[:, :, None] - first[None]) / np.where(equal, 1, -gap)[:, None, :]
    second = np.where(ik == widest, quotient, np.where(ij == widest, quotient.transpose(0, 2, 1), quotient.transpose(1, 0, 2)))
    # of a small triangle the series about its centre, of complete homogeneous polynomials of the three, whose sum is 0
    a, b, c = (w[at] for at in near.nonzero())
    centre = (a + b + c) / 3
    a, b, c = a - centre, b - centre, c - centre
    square, cube = -(a * b + b * c + a * c), a * b * c
    terms, total, factorial = [np.zeros_like(a), np.zeros_like(a), np.ones_like(a)], 0.5, 2.0
    for k in range(3, 19):
        terms = [terms[1], terms[2], square * terms[1] + cube * terms[0]]
        factorial *= k
        total = total + terms[2] / factorial
    second[near] = np.exp(centre) * total
    return [e, first, second]


def _triples(x):
    return x[:, :, None] * x * x[:, None, :]


def _log_differences(w, order):
    if np.iscomplexobj(w) and ((w.imag == 0) & (w.real <= 0)).any():
        raise FloatingPointError
    e = _exp_differences(np.log(w), order, w)
    first = 1 / e[1]
    return [np.log(w), first, *(-x * _triples(first) for x in e[2:])]


def _sqrt_differences(w, order):
    if np.iscomplexobj(w) and ((w.imag == 0) & (w.real <= 0)).any():
        raise FloatingPointError
    r = np.sqrt(w)
    if not np.abs(r).min() > 8 * np.sqrt(len(r) * np.finfo(r.dtype).eps) * np.abs(r).max():  # singular, for what goes by blocks to say
        raise FloatingPointError
    first = 1 / (r + r[:, None])
    return [r, first] if order == 1 else [r, first, -_triples(first)]


def _inverse_differences(w, order):
    r = 1 / w
    first = -r * r[:, None]
    return [r, first] if order == 1 else [r, first, -first[:, :, None] * r]


def _waves_of_differences(name, w, order):
    """Those of sin, cos, sinh and cosh."""
    i = 1j if name in ("sin", "cos") else 1
    up, down = ([x * (s * i) ** k for k, x in enumerate(_exp_differences(s * i * w, order))] for s in (1, -1))
    sign = 1 if name in ("cos", "cosh") else -1
    out = [(a + sign * b) / (2 * i if name == "sin" else 2) for a, b in zip(up, down, strict=True)]
    return [x.real for x in out] if np.isrealobj(w) else out


def _differences_at(name, w, order):
    """Those of an operation of one function at the values of that; of tanh without its cancellation far from 0."""
    simple = {"exp": _exp_differences, "log": _log_differences, "sqrt": _sqrt_differences}
    if name in simple:
        return simple[name](w, order)
    if name == "tan":
        return _products_of_differences(_differences_at("sin", w, order), _power_of_differences(_differences_at("cos", w, order), -1))
    if name == "tanh":
        e = [x * 2**k for k, x in enumerate(_exp_differences(2 * w, order))]
        quotient = _power_of_differences([1 + e[0], *e[1:]], -1)
        return [1 - 2 * quotient[0], *(-2 * x for x in quotient[1:])]
    return _waves_of_differences(name, w, order)


def _power_of_differences(a, k):
    """Those of an integer power."""
    if k < 0:
        a, k = _composed_differences(_inverse_differences(a[0], len(a) - 1), a), -k
    out = [np.ones_like(a[0]), *(np.zeros_like(x) for x in a[1:])]
    while k:
        if k & 1:
            out = _products_of_differences(out, a)
        k >>= 1
        a = _products_of_differences(a, a) if k else a
    return out


def _divided(f, numbers, w, order):
    """[values, divided differences of the first order, and of the second] of a function; FloatingPointError where it is not smooth."""
    n = len(w)
    if f == "x":
        return [w, np.ones((n, n), w.dtype), np.zeros((n, n, n), w.dtype)][: order + 1]
    if isinstance(f, int):
        return [np.full((n,) * (k + 1), 0 if k else numbers[f]) for k in range(order + 1)]
    name, inner, *others = f
    if name == "power":
        return _power_of_differences(_divided(inner, numbers, w, order), others[0])
    if name == "root":
        log = _divided(("log", inner), numbers, w, order)
        return _divided_composed("exp", _scaled_differences(numbers[others[0]], log), order)
    parts = [_divided(g, numbers, w, order) for g in (inner, *others)]
    if name in ("add", "mul"):
        out = parts[0]
        for part in parts[1:]:
            out = [a + b for a, b in zip(out, part, strict=True)] if name == "add" else _products_of_differences(out, part)
        return out
    return _differences_at(name, w, order) if inner == "x" else _divided_composed(name, parts[0], order)


def _divided_composed(name, inner, order):
    return _composed_differences(_differences_at(name, inner[0], order), inner)


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


def _function_of(f, numbers, x):
    if f == "x":
        return x
    if isinstance(f, int):
        return numbers[f] * np.eye(len(x), dtype=x.dtype)
    name, inner, *others = f
    a = _function_of(inner, numbers, x)
    if name == "power":
        return np.linalg.matrix_power(a, others[0])
    if name == "root":
        return _like(linalg.fractional_matrix_power(_finite(a), numbers[others[0]]), a)
    if name == "add":
        return sum((_function_of(g, numbers, x) for g in others), a)
    if name == "mul":
        for g in others:
            a = a @ _function_of(g, numbers, x)
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
            weights = _divided(f, numbers, w, max(order, 1))[order]
    except FloatingPointError:
        return None
    return (weights, v, inverse) if np.isfinite(weights).all() else None


def _as_real(out, x, numbers, directions):
    """A derivative of a function of a real matrix in real directions."""
    dtype = np.result_type(x, *directions)
    real = dtype.kind == "f" and not any(map(np.iscomplexobj, numbers))
    return (out.real if real else out).astype(dtype if real else np.result_type(dtype, np.complex64), copy=False)


def _frechet(x, spectrum, f, numbers, *directions):
    """The Fréchet derivative of a function at `x` in one direction or two; without, the function. Other ways are as fast for one of two."""
    if spectrum is None and not directions:
        return _like(_function_of(f, numbers, x), x)
    if spectrum is None and (len(directions) > 1 or f not in (("exp", "x"), ("sqrt", "x"))):
        spectrum = _general_spectrum(x)
    found = _weighted(f, numbers, spectrum, len(directions), directions)
    if found is None:
        return _by_blocks(x, f, numbers)(*directions) if directions else _like(_function_of(f, numbers, x), x)
    weights, v, inverse = found
    if not directions:
        return _as_real((v * weights) @ inverse, x, numbers, ())
    inner = [inverse @ e @ v for e in directions]
    if len(inner) == 1:
        middle = weights * inner[0]
    else:
        a, b = inner
        middle = (weights * (a[:, :, None] * b + b[:, :, None] * a)).sum(1)
    return _as_real(v @ middle @ inverse, x, numbers, directions)


def _frechet_matrix(x, spectrum, f, numbers, *directions):
    """The derivatives in the directions of all unit matrices, and a given one if any: entry [j, i, l, k] is by entry k, l that of i, j."""
    return _frechet_between(x, spectrum, f, numbers, (None,) * 4, *directions)


def _frechet_between(x, spectrum, f, numbers, sides, *directions):
    """The same with its axes j, i, l, k times a matrix each, or None for the axis itself."""
    n = len(x)
    found = _weighted(f, numbers, _general_spectrum(x) if spectrum is None else spectrum, 1 + len(directions), directions)
    if found is None:
        units = np.eye(n * n, dtype=x.dtype).reshape(n * n, n, n)
        derivative = _by_blocks(x, f, numbers)
        out = np.array([derivative(e, *directions) for e in units]).reshape(n, n, n, n).transpose(3, 2, 1, 0)
        for axis, side in enumerate(sides):
            out = out if side is None else np.moveaxis(np.tensordot(side, out, (1, axis)), 0, axis)
        return out
    weights, v, inverse = found
    j, i, l, k = (a if side is None else side @ a for side, a in zip(sides, (inverse.T, v, v, inverse.T), strict=True))
    first, second = (a[:, None, :] * b for a, b in ((i, k), (l, j)))
    shape = first.shape[:2] + second.shape[:2]
    first, second = first.reshape(-1, n), second.reshape(-1, n).T
    if directions:
        (e,) = directions
        e = inverse @ e @ v
        right = l @ ((weights * e).reshape(n * n, n) @ j.T).reshape(n, n, len(j))
        left = k @ (i @ (e[:, :, None] * weights).reshape(n, n * n)).reshape(len(i), n, n)
        out = np.hstack([first, left.reshape(-1, n)]) @ np.vstack([right.reshape(n, -1), second])
    else:
        out = (first @ weights) @ second
    given = [a for a in (*directions, *sides) if a is not None]
    return _as_real(out, x, numbers, given).reshape(shape).transpose(3, 0, 2, 1)


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
