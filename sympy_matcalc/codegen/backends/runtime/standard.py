"""Helpers that several back ends share, in the words of the array API standard.

What NumPy's helpers raise an error for is NaN here: whether a matrix is symmetric, or an eigenvalue simple, is not known when a function is
traced, compiled or built lazily.
"""

import math
from functools import reduce

import numpy as np
import numpy as xp

from ....errors import DtypeError, IndexRangeError, ShapeError


def _as_integer(k, name):
    if getattr(k, "ndim", 0) or not -math.inf < k < math.inf or k != int(k):
        raise ShapeError(f"argument `{name}`: expected an integer, got {k!r}")
    return int(k)


def _as_single(x, name):
    if math.prod(x.shape) != 1:
        raise ShapeError(f"argument `{name}`: expected shape (1, 1) or a scalar, got {tuple(x.shape)}")
    return xp.reshape(x, ())


def _is_complex(x):
    return xp.isdtype(x.dtype, "complex floating")


def _real(x):
    return xp.real(x) if _is_complex(x) else x


def _imag(x):
    return xp.imag(x) if _is_complex(x) else xp.zeros_like(x)


def _conj(x):
    return xp.conj(x) if _is_complex(x) else x


def _angle(x):
    return xp.atan2(_imag(x), _real(x))


def _sinc(x):
    y = math.pi * xp.where(x == 0, xp.ones_like(x), x)
    return xp.where(x == 0, xp.ones_like(x), xp.sin(y) / y)


def _one_where_zero(x):
    return xp.where(x == 0, xp.ones_like(x), x)


def _heaviside(x, at_zero):
    step = xp.where(x < 0, xp.zeros_like(x), xp.where(x > 0, xp.ones_like(x), x))  # NaN stays
    return xp.where(x == 0, at_zero, step)


def _expit(x):
    if _is_complex(x):
        return 1 / (1 + xp.exp(-x))
    e = xp.exp(-xp.abs(x))
    return xp.where(x < 0, e, xp.ones_like(e)) / (1 + e)


def _expit_power(x, p):
    if _is_complex(x):
        return _expit(x) ** p
    return xp.exp(p * xp.where(x < 0, x, xp.zeros_like(x))) / (1 + xp.exp(-xp.abs(x))) ** p


def _expit_slope(x):
    e = xp.exp(-x if _is_complex(x) else -xp.abs(x))
    return e / (1 + e) ** 2


def _real_or_nan(x):
    """Complex numbers as NaN, beside which no comparison holds, where they are not real."""
    return xp.where(xp.imag(x) == 0, xp.real(x), xp.full_like(xp.real(x), xp.nan)) if _is_complex(x) else x


def _log_cosh(x):
    if _is_complex(x):
        return xp.log(xp.cosh(x))
    near = xp.abs(x) < 1
    inside = xp.sinh(xp.where(near, x, xp.zeros_like(x)) / 2)
    return xp.where(near, xp.log1p(2 * inside * inside), x + _softplus(-2 * x) - math.log(2))


def _principal(x):
    """A sum of logarithms as the logarithm of the product: the imaginary part of a complex one is between -pi and pi."""
    return x - 2j * math.pi * (xp.round(xp.imag(x) / (2 * math.pi)) * xp.ones_like(x)) if _is_complex(x) else x


def _log_one_less_tanh(x):
    if _is_complex(x):
        return xp.log(1 - xp.tanh(x))
    near = xp.where(x < 20, x, 20 * xp.ones_like(x))
    return -xp.log1p(xp.expm1(2 * near) / 2) - 2 * (x - near)


# with two branches, since either loses digits on the other side (Mächler, Accurately computing log(1 - exp(-|a|)))
def _log_one_less_exp(x):
    if _is_complex(x):
        return xp.log(-xp.expm1(x))
    near = x > -math.log(2)
    inside = -xp.ones_like(x)
    return xp.where(near, xp.log(-xp.expm1(xp.where(near, x, inside))), xp.log1p(-xp.exp(xp.where(near, inside, x))))


# the branch that is not taken gets arguments at which it has a derivative
def _log_beside(y, x):
    return xp.log(xp.where((x == 0) & (y == y), xp.ones_like(y), y))


def _log_size(x):
    """log|x|, of 0 a large negative number, finite in single precision too: two infinite ones have no difference."""
    out = xp.log(xp.abs(xp.where(x == 0, xp.ones_like(x), x)))
    return xp.where(x == 0, xp.full_like(out, -1e38), out)


def _unless_zero(z, w):
    return xp.where(w == 0, xp.full_like(z, -1e38), z)


def _root_less_one(x):
    if _is_complex(x):
        return x / (1 + xp.sqrt(1 + x))
    small = x < 1
    near = xp.where(small, x, xp.zeros_like(x))
    return xp.where(small, near / (1 + xp.sqrt(1 + near)), xp.sqrt(1 + x) - 1)


def _exp_over_less_one(x):
    positive = (_real(x) if _is_complex(x) else x) > 0
    y = xp.where(positive, -x, x)
    return xp.where(positive, -xp.ones_like(y), xp.exp(y)) / xp.expm1(y)


def _sech_squared(x):
    return 4 * _expit_slope(2 * x)


# times exp(-|x|)
def _cosh_scaled(x):
    if _is_complex(x):
        w = xp.abs(_real(x))
        return (xp.exp(x - w) + xp.exp(-x - w)) / 2
    return (1 + xp.exp(-2 * xp.abs(x))) / 2


def _sinh_scaled(x):
    if _is_complex(x):
        w = xp.abs(_real(x))
        return (xp.exp(x - w) - xp.exp(-x - w)) / 2
    return -xp.sign(x) * xp.expm1(-2 * xp.abs(x)) / 2


def _softplus(x):
    return xp.log(1 + xp.exp(x)) if _is_complex(x) else xp.logaddexp(x, xp.zeros_like(x))


def _logsumexp(x, axis=None):
    m = xp.max(_real(x), axis=axis, keepdims=True)
    m = xp.where(xp.isfinite(m), m, xp.zeros_like(m))
    out = xp.log(xp.sum(xp.exp(x - m), axis=axis))
    return out + xp.reshape(m, out.shape)


def _log_softmax(x, axis=None):
    x = x - xp.max(_real(x), axis=axis, keepdims=True)
    return x - xp.log(xp.sum(xp.exp(x), axis=axis, keepdims=True))


def _softmax(x, axis=None):
    e = xp.exp(x - xp.max(_real(x), axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


def _weighted_softmax(z, w, axis=None):
    z = xp.where(w != 0, z, xp.full_like(z, -xp.inf))
    e = w * xp.exp(z - xp.max(_real(z), axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


def _others(x):
    """The product of all other entries of the row, for each entry."""
    own = xp.eye(x.shape[1], device=x.device) == 1
    rest = xp.where(own[None, :, :], xp.ones_like(x)[:, None, :], x[:, None, :])
    return xp.prod(rest, axis=2)


def _other_pairs(x):
    own = xp.eye(x.shape[0], device=x.device) == 1
    rest = _others(xp.where(own, xp.ones_like(x)[None, :], x[None, :]))
    return xp.where(own, xp.zeros_like(rest), rest)


def _max_or_zero(x, axis=None):
    if 0 in x.shape:
        return xp.sum(x, axis=axis)
    greatest = xp.max(x, axis=axis)
    return xp.where(greatest > 0, greatest, xp.zeros_like(greatest))


def _cumlogsumexp(x):
    """Row by row: not all versions of the standard have cumulative functions, and none has this one."""
    rows = [x[:1, ...]]
    for k in range(1, x.shape[0]):
        rows.append(_logsumexp_of_two(rows[-1], x[k : k + 1, ...]))
    return xp.concat(rows, axis=0)


def _logsumexp_of_two(x, y):
    greatest = xp.where(_real(x) > _real(y), x, y)
    below = xp.where(x == y, xp.zeros_like(x), xp.where(_real(x) > _real(y), y, x) - greatest)  # 0 of two that are infinite
    return greatest + _softplus(below)


def _reverse_cumlogsumexp(x):
    return xp.flip(_cumlogsumexp(xp.flip(x, axis=0)), axis=0)


def _decay(x, side):
    return side(xp.exp(side(x[None, :] - x[:, None])))


def _decayed(x, q):
    """Over spans that are doubled, of which none is out of range."""
    span = 1
    while span < x.shape[0]:
        x = xp.concat([x[:span, ...], x[span:, ...] + xp.exp(q[:-span] - q[span:])[:, None] * x[:-span, ...]], axis=0)
        span *= 2
    return x


def _reverse_decayed(x, q):
    span = 1
    while span < x.shape[0]:
        x = xp.concat([x[:-span, ...] + xp.exp(q[span:] - q[:-span])[:, None] * x[span:, ...], x[-span:, ...]], axis=0)
        span *= 2
    return x


def _cumsum(x):
    return xp.cumulative_sum(x, axis=0)


def _reverse_cumsum(x):
    return xp.flip(xp.cumulative_sum(xp.flip(x, axis=0), axis=0), axis=0)


def _cumprod(x):
    """Row by row: not all versions of the standard have cumulative products."""
    lower = xp.tril(xp.ones((x.shape[0], x.shape[0]), device=x.device)) == 1
    return xp.prod(xp.where(lower[:, :, None], x[None, :, :], xp.ones_like(x)[None, :, :]), axis=1)


def _hardmax(x, axis=None):
    at = xp.where(x == xp.max(x, axis=axis, keepdims=True), xp.ones_like(x), xp.zeros_like(x))
    return at / xp.sum(at, axis=axis, keepdims=True)


def _p_norm(x, p, axis=None):
    x = xp.abs(x)
    m = xp.max(x, axis=axis, keepdims=True)
    m = xp.where((m > 0) & xp.isfinite(m), m, xp.ones_like(m))
    out = xp.sum((x / m) ** p, axis=axis) ** (1 / p)
    return out * xp.reshape(m, out.shape)


# the axes of a diagonal are compared, not indexed: no scatter, so that it fuses, stays sharded, and runs out of place
def _add_diagonal(spec, x, core):
    axes, target = spec.split("->")
    places = [xp.reshape(xp.arange(n, device=x.device), tuple(n if j == k else 1 for j in range(x.ndim))) for k, n in enumerate(x.shape)]
    if getattr(core, "ndim", 0):
        core = xp.reshape(core, (1,) * (len(target) - core.ndim) + core.shape)
        core = xp.permute_dims(core, tuple(target.index(a) for a in dict.fromkeys(axes)))
        core = core[tuple(slice(None) if axes.index(a) == k else None for k, a in enumerate(axes))]
    on = [places[k] == places[axes.index(a)] for k, a in enumerate(axes) if axes.index(a) != k]
    return xp.where(reduce(xp.logical_and, on), x + core, x)


def _pick(x, at, axis):
    return xp.take(x, at, axis=axis)


# what of a longer axis lies outside is compared away, for the same reasons
def _places(x, size, at, count):
    """(whether an index of the longer axis lies in `at`, and where in the shorter one it is then)."""
    place = xp.arange(size, device=x.device) - at.start
    inside = (place >= 0) & (place % at.step == 0) & (place < at.step * count)
    return inside, xp.clip(place // at.step, 0, max(count - 1, 0))


def _pad(x, axis, size, at):
    if not x.shape[axis]:
        return xp.zeros(x.shape[:axis] + (size,) + x.shape[axis + 1 :], dtype=x.dtype, device=x.device)
    inside, place = _places(x, size, at, x.shape[axis])
    out = _pick(x, place, axis)
    return xp.where(xp.reshape(inside, tuple(-1 if k == axis else 1 for k in range(x.ndim))), out, xp.zeros_like(out))


def _add_band(x, d, rows, columns):
    count = len(range(x.shape[0])[rows])
    down, i = _places(x, x.shape[0], rows, count)
    across, j = _places(x, x.shape[1], columns, count)
    on = down[:, None] & across[None, :] & (i[:, None] == j[None, :])
    if getattr(d, "ndim", 0):
        d = _pick(d, i, 0)[:, None] if count else 0
    return xp.where(on, x + d, x)


def _diag(x):
    return _add_diagonal("aa->a", xp.zeros((x.shape[0], x.shape[0]), dtype=x.dtype, device=x.device), x)


def _array(entries, shape, dtype, device):
    entries = [xp.astype(e, dtype) if hasattr(e, "dtype") else xp.asarray(e, dtype=dtype, device=device) for e in entries]
    return xp.reshape(xp.stack(entries), shape)


def _kron(a, b):
    product = a[:, None, :, None] * b[None, :, None, :]
    return xp.reshape(product, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))


def _einsum(spec, a, b):
    left, right, out = spec.replace("->", ",").split(",")
    size = dict(zip(left + right, a.shape + b.shape))
    batch, inner = ([i for i in left if i in right and (i in out) == kept] for kept in (True, False))
    rows, columns = [i for i in left if i not in right], [i for i in right if i not in left]

    def matrices(x, letters, *groups):
        x = xp.permute_dims(x, tuple(letters.index(i) for group in groups for i in group))
        return xp.reshape(x, tuple(math.prod(size[i] for i in group) for group in groups))

    product = matrices(a, left, batch, rows, inner) @ matrices(b, right, batch, inner, columns)
    return xp.reshape(product, tuple(size[i] for i in batch + rows + columns))


def _sum_of_products(*pairs):
    return reduce(lambda x, y: x + y, [a * b for a, b in pairs])


def _second_moments(x, f, mirrored=False):
    m, n = x.shape
    pairs = xp.reshape(x[:, :, None] * x[:, None, :], (m, n * n))
    return xp.reshape(pairs.T @ xp.reshape(f, (m, math.prod(f.shape[1:]))), (n, n, *f.shape[1:]))


def _fourth_moments(x, w=None):
    m, n = x.shape
    pairs = xp.reshape(x[:, :, None] * x[:, None, :], (m, n * n))
    return xp.reshape(pairs.T @ (pairs if w is None else w[:, None] * pairs), (n, n, n, n))


def _weighted_gram(x, d):
    return x.T @ (d[:, None] * x)


def _outer_sum(left, right):
    rows = xp.stack([xp.reshape(x, (-1,)) for x in left], axis=1)
    columns = xp.stack([xp.reshape(x, (-1,)) for x in right], axis=0)
    return xp.reshape(rows @ columns, left[0].shape + right[0].shape)


def _outer_sums(left, right, both):
    shape = left[0].shape[:both]
    rows = xp.stack([xp.reshape(x, (*shape, math.prod(x.shape[both:]))) for x in left], axis=both + 1)
    columns = xp.stack([xp.reshape(x, (*shape, math.prod(x.shape[both:]))) for x in right], axis=both)
    return xp.reshape(rows @ columns, left[0].shape + right[0].shape[both:])


def _take(x, at, axis):
    least, most = (int(xp.min(at)), int(xp.max(at))) if min(at.shape) else (0, -1)
    if least < 0 or most >= x.shape[axis]:
        raise IndexRangeError(
            f"indices from {least} to {most} are out of range for an axis of size {x.shape[axis]}; a sum whose upper "
            "bound is two or more under its lower one has the terms between"
        )
    return xp.reshape(xp.take(x, xp.reshape(at, (-1,)), axis=axis), x.shape[:axis] + at.shape + x.shape[axis + 1 :])


def _gather(x, rows):
    if max(rows) >= x.shape[0]:
        raise IndexRangeError(f"row {max(rows)} is out of range for {x.shape[0]} rows")
    return xp.take(x, xp.asarray(rows, device=x.device), axis=0)


def _scatter(x, size, rows):
    if max(rows) >= size:
        raise IndexRangeError(f"row {max(rows)} is out of range for {size} rows")
    at = xp.arange(size, device=x.device)[:, None] == xp.asarray(rows, device=x.device)[None, :]
    return xp.matmul(xp.where(at, xp.ones_like(x[:, 0])[None, :], xp.zeros_like(x[:, 0])[None, :]), x)


def _block_triangular(x, *directions):
    for e in directions:
        e = _kron(xp.eye(x.shape[0] // e.shape[0], dtype=e.dtype, device=e.device), e)
        x = xp.concat([xp.concat([x, e], axis=1), xp.concat([xp.zeros_like(x), x], axis=1)], axis=0)
    return x


def _unit_matrix(n, k, dtype, device):
    one = xp.reshape(xp.arange(n * n, device=device) == k % n * n + k // n, (n, n))
    return xp.where(one, xp.ones((n, n), dtype=dtype, device=device), xp.zeros((n, n), dtype=dtype, device=device))


def _duplication(n):
    col, row = np.triu_indices(n)
    at = np.empty((n, n), int)
    at[row, col] = at[col, row] = np.arange(len(row))
    return np.eye(len(row))[at.ravel()]


# relative; in single precision a multiple of its rounding error
def _tolerance(x, least):
    return max(least, 100 * float(xp.finfo(x.dtype).eps))


def _diagonal_of(x):
    return xp.linalg.diagonal(x)


def _symmetric(x):
    if _is_complex(x):
        raise DtypeError("a real symmetric matrix is needed, for its eigenvalues or its Cholesky factor")
    size, gap = xp.abs(x), xp.abs(x - x.T)
    root = xp.sqrt(_diagonal_of(size))
    size = xp.maximum(xp.maximum(size, size.T), root[:, None] * root[None, :])  # as under any scaling D x D
    symmetric = xp.all((gap <= _tolerance(x, 1e-8) * size) & (gap < xp.inf))
    return xp.where(symmetric, x, xp.full_like(x, xp.nan))


def _where_simple(x, values, i, kind):
    tolerance = _tolerance(values, 1e-10) * xp.max(xp.abs(values))
    own = xp.arange(values.shape[0], device=values.device) == i
    simple = xp.min(xp.where(own, xp.full_like(values, xp.inf), xp.abs(values - values[i]))) > tolerance
    if kind == "singular value":
        simple = simple & (values[i] > tolerance)
    return xp.where(simple, x, xp.full_like(x, xp.nan))


def _finite(x):
    return xp.where(xp.all(xp.isfinite(x)), x, xp.full_like(x, xp.nan))


def _pinv(x):
    return xp.linalg.pinv(_finite(x), rtol=_tolerance(x, 1e-10))


def _adjugate(x):
    u, s, vh = xp.linalg.svd(_finite(x))
    places = xp.arange(s.shape[0], device=s.device)
    others = xp.prod(xp.where(places[:, None] == places[None, :], xp.ones_like(s), s), axis=1)
    return xp.linalg.det(u) * xp.linalg.det(vh) * ((_conj(vh.T) * others) @ _conj(u.T))


def _inverse_gaps(values, i):
    own = xp.arange(values.shape[0], device=values.device) == i
    gaps = xp.where(own, xp.ones_like(values), values[i] - values)
    return _where_simple(xp.where(own, xp.zeros_like(values), 1 / gaps), values, i, "eigenvalue")


def _qr(x):
    if _is_complex(x):
        raise DtypeError("the QR decomposition that is differentiated is that of a real matrix")
    if x.shape[0] < x.shape[1]:
        raise ShapeError(f"the factors of a QR decomposition need at least as many rows as columns, got shape {tuple(x.shape)}")
    q, r = xp.linalg.qr(x)
    diagonal = xp.linalg.diagonal(r)
    independent = xp.all(xp.abs(diagonal) > _tolerance(r, 1e-10) * xp.sum(r * r, axis=0) ** 0.5)
    signs = xp.where(diagonal < 0, -xp.ones_like(diagonal), xp.ones_like(diagonal))
    signs = xp.where(independent, signs, xp.full_like(signs, xp.nan))
    return q * signs[None, :], signs[:, None] * r


def _distinct(vectors, values, kind):
    tolerance = _tolerance(values, 1e-10) * xp.max(xp.abs(values))
    distinct = xp.all(xp.abs(values[1:] - values[:-1]) > tolerance)
    if kind == "singular value":
        distinct = distinct & (values[-1] > tolerance)
    return xp.where(distinct, vectors, xp.full_like(vectors, xp.nan))


def _gap_matrix(values):
    gaps = values[None, :] - values[:, None]
    place = xp.arange(values.shape[0], device=values.device)
    own = place[:, None] == place[None, :]
    inverse = 1 / xp.where(gaps == 0, xp.full_like(gaps, xp.nan), gaps)
    return xp.where(own, xp.zeros_like(gaps), inverse)


def _reciprocal(values, vectors):
    if _is_complex(vectors):
        raise DtypeError("the pseudo-inverse of the square root of B'B needs a real B")
    largest = xp.max(values)
    positive = values > _tolerance(values, 1e-10) * largest
    inverse = xp.where(positive, 1 / xp.where(positive, values, xp.ones_like(values)), xp.zeros_like(values))
    return xp.where(xp.isfinite(largest), inverse, xp.full_like(values, xp.nan))
