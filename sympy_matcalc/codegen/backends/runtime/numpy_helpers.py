"""Helpers of the NumPy back end: arguments, elementwise functions, reductions, arrangement."""

import math

import numpy as np

from ....errors import DtypeError, IndexRangeError, ShapeError

_DOUBLE = np.dtype(float)


def _as_array(x, name):
    if isinstance(x, np.ma.MaskedArray) or hasattr(x, "toarray"):
        way = f"`.toarray()`, or write the function with `lambdify(..., sparse={name})`" if hasattr(x, "toarray") else "`.filled(...)`"
        raise DtypeError(f"argument `{name}`: expected a plain array, got {type(x).__name__}: pass {way}")
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        return x.astype(float)
    if x.dtype.kind not in "fc":
        raise DtypeError(f"argument `{name}`: expected numbers, got an array of dtype {x.dtype}")
    return x


def _for_linalg(x, name):
    if x.dtype.char in "gG":
        raise DtypeError(
            f"argument `{name}`: NumPy and SciPy have no linear algebra and no special functions in {x.dtype}: pass it in double precision"
        )
    return x.astype(np.float32) if x.dtype.char == "e" else x


def _whole(x):
    """The whole numbers that an index, a bound or a size is, but for rounding."""
    whole = np.rint(x)
    if not (np.abs(x - whole) <= 1e-9 * np.maximum(np.abs(whole), 1)).all():
        raise IndexRangeError(f"an index, a bound of a sum or a size is no whole number: {x}")
    return whole.astype(int) if whole.ndim else int(whole)


def _as_scalar(t, name, dtype):
    x = np.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if x.dtype.kind not in "biufc":
        raise DtypeError(f"argument `{name}`: expected a number, got {t!r}")
    if isinstance(t, complex) and not isinstance(t, np.generic):
        return np.result_type(dtype, np.complex64).type(t)
    plain = isinstance(t, (int, float)) and not isinstance(t, np.generic)
    return np.dtype(dtype).type(t) if plain or x.dtype.kind in "biu" else x[()]


def _as_integer(k, name):
    x = np.asarray(k)
    if x.ndim or not np.isfinite(x) or x != int(x):
        raise ShapeError(f"argument `{name}`: expected an integer, got {k!r}")
    return int(x)


def _as_single(x, name):
    if x.size != 1:
        raise ShapeError(f"argument `{name}`: expected shape (1, 1) or a scalar, got {x.shape}")
    return x.reshape(())[()]


# of few entries a call with an array for its result costs more than it saves
def _less(number, x):
    """A number less an array, in the memory of that."""
    return np.subtract(number, x, out=x) if x.size > 2000 else number - x


# X' R: where X has more than half a million entries, and R few columns, BLAS takes half to two thirds of the time for (R' X)'
def _dot(a, b):
    if a.size < 500000 or 4 * b.shape[1] > min(256, *a.shape) or not a.dtype == b.dtype == _DOUBLE:
        return a.dot(b)
    return np.ascontiguousarray(b.T.dot(a.T).T)


# in the memory of a large array that has no other use: NumPy does so by itself where both have one shape, and new memory takes longer
def _plus(x, *others):
    """An array, which is written into, plus others that broadcast against it."""
    is_large = x.size > 2000
    for y in others:
        x = np.add(x, y, out=x) if is_large and _fits(y, x.dtype) else x + y
    return x


def _times(x, *others):
    """An array, which is written into, times others that broadcast against it."""
    is_large = x.size > 2000
    for y in others:
        x = np.multiply(x, y, out=x) if is_large and _fits(y, x.dtype) else x * y
    return x


def _fits(y, dtype):
    return getattr(y, "dtype", None) is dtype or type(y) is float


# a small one by its bytes, row by row and column by column, in a tenth of the time in which arrays are compared;
# others tile by tile, since a matrix and its transpose lie differently in memory
def _is_symmetric(a, tile=256):
    if a.dtype.kind != "f" or not len(a) or a[0, -1] != a[-1, 0]:
        return False
    if len(a) < 64:
        return a.tobytes() == a.tobytes("F")
    starts = range(0, len(a), tile)
    return all((a[i : i + tile, j : j + tile] == a[j : j + tile, i : i + tile].T).all() for i in starts for j in starts if j <= i)


def _vmap(function):
    """The function of batches, example by example."""

    def mapped(*stacks):
        if not len(stacks[0]):
            raise ShapeError("a batch of no examples, of an expression that is computed example by example")
        results = [function(*example) for example in zip(*stacks, strict=True)]
        first = results[0]
        if isinstance(first, dict):
            return {key: np.stack([r[key] for r in results]) for key in first}
        return type(first)(map(np.stack, zip(*results, strict=True))) if isinstance(first, (list, tuple)) else np.stack(results)

    return mapped


def _take(x, at, axis):
    try:
        if not at.size or at.min() >= 0:
            return np.take(x, at, axis=axis)
    except IndexError:
        pass
    raise IndexRangeError(
        f"indices from {at.min()} to {at.max()} are out of range for an axis of size {x.shape[axis]}; a sum whose upper "
        "bound is two or more under its lower one has the terms between"
    )


# as a product with ones, which takes a third of the time; NumPy calls BLAS for arrays of floats that lie together
def _sums(x, axis):
    """The sums of a matrix along an axis."""
    if x.size < 300 or x.dtype is not _DOUBLE or not x.flags.forc:
        return x.sum(axis)
    ones = np.ones(x.shape[axis])
    return x.dot(ones) if axis else ones.dot(x)


def _total_beside(x, axis):
    """Sums along an axis that broadcast against the array."""
    if x.size < 300 or x.ndim != 2 or axis is None:
        return x.sum(axis, keepdims=True)
    return _sums(x, axis)[:, None] if axis else _sums(x, axis)


def _expit(x):
    e = _odds_against(x)
    e += 1.0
    return np.reciprocal(e)


def _expit_slope(x):
    e = np.exp(-x if np.iscomplexobj(x) else -np.abs(x))
    below = 1.0 + e
    below *= below
    e /= below
    return e


def _real_or_nan(x):
    """Complex numbers as NaN, beside which no comparison holds, where they are not real."""
    return np.where(x.imag == 0, x.real, np.nan)[()] if np.iscomplexobj(x) else x


def _odds_against(x):
    """exp(-x), of which the logistic function of x and of -x are quotients."""
    if type(x) is np.ndarray and x.size <= 500 and x.dtype is _DOUBLE and np.vdot(x, x) < 5e5:
        return np.exp(-x)
    with np.errstate(over="ignore"):
        return np.exp(-x)


def _expit_beside(e, p):
    """e/(1 + e) with p = 1/(1 + e), 1 where e is out of range."""
    if p.size and p.min() > 0:
        return e * p
    with np.errstate(invalid="ignore"):
        return np.where((p == 0) & (e == e), np.ones_like(p), e * p)


# a square of such a product is in range too; of few entries the functions cost less than asking
def _are_exponents(u, v):
    """Whether the exponentials of u and of v may be multiplied: real numbers that are not large."""
    if u.size * v.size < 2000 or u.dtype is not v.dtype or u.dtype.kind != "f":
        return False
    most = math.log(np.finfo(u.dtype).max) / 4
    return all(-most < x.min() and x.max() < most for x in (u, v))


def _exp_of_sum(u, v):
    """exp(u + v) of a column u and a row v."""
    return np.exp(u) * np.exp(v) if _are_exponents(u, v) else np.exp(u + v)


def _expit_of_sum(u, v):
    if not _are_exponents(u, v):
        return _expit(u + v)
    e = np.exp(-u) * np.exp(-v)
    e += 1
    return np.reciprocal(e, out=e)


def _expit_slope_of_sum(u, v):
    if not _are_exponents(u, v):
        return _expit_slope(u + v)
    e = np.exp(u) * np.exp(v)
    below = 1 + e
    below *= below
    e /= below
    return e


# the root of what is out of range; 1 + exp(-|x|) has all of its digits
def _expit_power(x, p):
    y = _expit(x)
    if np.iscomplexobj(y) or np.min(y, initial=1) >= np.finfo(y.dtype).tiny:
        return y**p
    return np.exp(p * np.minimum(x, 0)) * _expit(np.abs(x)) ** p


def _outer_sum(left, right):
    rows, columns = np.array(left).reshape(len(left), -1), np.array(right).reshape(len(right), -1)
    return (rows.T @ columns).reshape(left[0].shape + right[0].shape)


def _outer_sums(left, right, both):
    """The same for each index of the first axes, which both sides have."""
    shape = left[0].shape[:both]
    rows, columns = ([x.reshape(*shape, math.prod(x.shape[both:])) for x in side] for side in (left, right))
    return (np.stack(rows, -1) @ np.stack(columns, -2)).reshape(left[0].shape + right[0].shape[both:])


# a part of the first axis at a time, which stays in the cache
def _sum_of_products(*pairs):
    (a, b), *rest = pairs
    if a.size * b.size < 2**17:
        out = a * b
        for c, d in rest:
            out = out + c * d
        return out
    shape = np.broadcast_shapes(*(x.shape for pair in pairs for x in pair))
    if shape[-1] < 16 and max(shape) >= 4 * shape[-1]:  # NumPy is slow along a short axis: the longest one is the last
        longest = max(range(len(shape)), key=lambda k: (shape[k], k))
        order = [*(k for k in range(len(shape)) if k != longest), longest]
        whole = [[x.reshape((1,) * (len(shape) - x.ndim) + x.shape).transpose(order) for x in pair] for pair in pairs]
        return _sum_of_products(*whole).transpose(np.argsort(order))
    out = np.empty(shape, np.result_type(*(x for pair in pairs for x in pair)))
    step = max(1, 2**16 // max(1, math.prod(shape[1:])))
    spare = np.empty((min(step, shape[0]), *shape[1:]), out.dtype)

    def part(x, i):
        return x[i : i + step] if x.ndim == len(shape) and len(x) > 1 else x

    for i in range(0, shape[0], step):
        here = out[i : i + step]
        np.multiply(part(a, i), part(b, i), out=here)
        for c, d in rest:
            here += np.multiply(part(c, i), part(d, i), out=spare[: len(here)])
    return out


# a block of pairs at a time, which stays in the cache
def _second_moments(x, f, mirrored=False):
    """The sum of ``x[s, i] * x[s, j] * f[s]``, of the pairs i <= j, and of those of the last two axes of f where they may change places."""
    m, n = x.shape
    rest = math.prod(f.shape[1:])
    flat = f.reshape(m, rest)
    if m * n * n * rest < 200_000:  # the calls for the halves cost more than they save
        return ((x[:, :, None] * x[:, None, :]).reshape(m, n * n).T @ flat).reshape(n, n, *f.shape[1:])
    rows, most = x.T.copy(), max(n, 2**17 // m)
    pairs, out = np.empty((min(most, n * (n + 1) // 2), m), x.dtype), np.empty((n, n, rest), np.result_type(x, f))
    if mirrored:
        k = f.shape[-1]
        a, b = np.triu_indices(k)
        flat, at = flat.take(a * k + b, 1), np.empty((k, k), int)
        at[a, b] = at[b, a] = np.arange(len(a))
    first = 0
    while first < n:
        last, count = first, 0
        while last < n and count + n - last <= most:
            np.multiply(rows[last:], rows[last], out=pairs[count : count + n - last])
            count, last = count + n - last, last + 1
        part, count = pairs[:count] @ flat, 0
        part = part.take(at.ravel(), 1) if mirrored else part
        for i in range(first, last):
            out[i, i:] = out[i:, i] = part[count : count + n - i]
            count += n - i
        first = last
    return out.reshape(n, n, *f.shape[1:])


def _fourth_moments(x, w=None):
    """The sum of ``w[s] * x[s, i] * x[s, j] * x[s, k] * x[s, l]``, of the pairs i <= j and k <= l."""
    m, n = x.shape
    if m * n**4 < 200_000:  # the calls for the halves cost more than they save
        pairs = (x[:, :, None] * x[:, None, :]).reshape(m, n * n)
        return (pairs.T.dot(pairs) if w is None else _weighted_gram(pairs, w)).reshape(n, n, n, n)
    rows, at, (a, b) = x.T.copy(), np.empty((n, n), int), np.triu_indices(n)
    at[a, b] = at[b, a] = np.arange(len(a))
    gram = np.zeros((len(a), len(a)), x.dtype if w is None else np.result_type(x, w))
    step = max(256, 2**18 // len(a))  # rows at a time, whose pairs take little memory
    for i in range(0, m, step):
        pairs = rows[:, i : i + step].take(a, 0)
        pairs *= rows[:, i : i + step].take(b, 0)
        gram += pairs.dot(pairs.T) if w is None else _weighted_gram(pairs.T, w[i : i + step])
    return gram.take(at.ravel(), 0).take(at.ravel(), 1).reshape(n, n, n, n)


def _weighted_gram(x, d):
    """``x' diag(d) x``, as ``z' z`` of the rows with positive d less that of those with negative d."""
    if d.dtype.kind == "c" or x.dtype.kind == "c":
        return x.T @ (d[:, None] * x)
    if d.dtype is not x.dtype:  # the root of a weight in single precision has half of the digits
        d = d.astype(np.result_type(x, d), copy=False)
    negative = np.signbit(d)
    count = np.count_nonzero(negative)
    if count in (0, len(d)):
        z = np.sqrt(-d if count else d)[:, None] * x
        return -(z.T.dot(z)) if count else z.T.dot(z)
    if x.size * x.shape[1] < 100_000:  # one product costs less than the calls for two
        h = x.T.dot((0.5 * d)[:, None] * x)
        return h + h.T
    z = np.sqrt(np.abs(d))[:, None] * x
    z, rest = z[~negative], z[negative]
    return z.T @ z - rest.T @ rest


# 0 times an entry that is not finite is NaN: then no row may be left out
def _gram_of_rows(x, kept):
    """``x' diag(kept) x`` for truth values, of the rows alone that are kept."""
    flat = x.ravel("K")
    z = x.take(kept.nonzero()[0], 0) if np.isfinite(np.vdot(flat, flat)) else kept[:, None] * x
    return z.T @ z


# the diagonal of a matrix by its method, which takes half the time of einsum
def _embedded(core, shape, dtype, axes, order):
    """Written on the diagonal of two axes of zeros, which is the last axis then, before the axes are put in `order`."""
    if getattr(core, "dtype", None) is not dtype and type(core) not in (int, float):
        dtype = np.result_type(core, dtype)
    out = np.zeros(shape, dtype)
    places = out.diagonal(0, *axes).transpose(order)
    places.setflags(write=True)
    places[...] = core
    return out


def _embedded_pairs(axes, core, shape, dtype):
    """Written on the diagonal of several pairs of axes of zeros."""
    if getattr(core, "dtype", None) is not dtype and type(core) not in (int, float):
        dtype = np.result_type(core, dtype)
    out = np.zeros(shape, dtype)
    if axes == "abab->ab":
        size = shape[0] * shape[1]
        places = out.reshape(size, size).diagonal().reshape(shape[:2])
        places.setflags(write=True)
    else:
        places = np.einsum(axes, out)
    places[...] = core
    return out


def _add_diagonal(x, core, axes=(0, 1), order=None):
    """Added to the diagonal of two axes, which is the last axis then, before the axes are put in `order`."""
    if getattr(core, "dtype", None) is not x.dtype and type(core) not in (int, float):
        x = x.astype(np.result_type(x, core), copy=False)
    places = x.diagonal(0, *axes).transpose(order)
    places.setflags(write=True)
    places += core
    return x


def _add_diagonals(axes, x, core):
    """Added to the diagonal of several pairs of axes."""
    x = x.astype(np.result_type(x, core), copy=False)
    np.einsum(axes, x)[...] += core
    return x


def _log_cosh(x):
    if np.iscomplexobj(x):
        return np.log(np.cosh(x))
    x = np.abs(x)
    near = np.minimum(x, 20)
    e = np.expm1(near)
    return np.log1p(e * e / (2 + 2 * e)) + (x - near)


def _principal(x):
    """A sum of logarithms as the logarithm of the product: the imaginary part of a complex one is between -pi and pi."""
    return x - 2j * math.pi * np.round(x.imag / (2 * math.pi)) if np.iscomplexobj(x) else x


def _log_one_less_tanh(x):
    if np.iscomplexobj(x):
        return np.log(1 - np.tanh(x))
    near = np.minimum(x, 20)
    return -np.log1p(np.expm1(2 * near) / 2) - 2 * (x - near)


# with two branches, since either loses digits on the other side (Mächler, Accurately computing log(1 - exp(-|a|)))
def _log_one_less_exp(x):
    if np.iscomplexobj(x):
        return np.log(-np.expm1(x))
    near, other = x > -math.log(2), -np.ones_like(x)
    return np.where(near, np.log(-np.expm1(np.where(near, x, other))), np.log1p(-np.exp(np.where(near, other, x))))[()]


# of few numbers the count costs less than the context
def _log_beside(y, x):
    """log(y), 0 where x is 0."""
    if (count := getattr(x, "size", 1)) < 2000 and np.count_nonzero(x) == count:  # a number may be one of Python
        return np.log(y)
    try:
        with np.errstate(divide="raise"):
            return np.log(y)
    except FloatingPointError:
        return np.log(np.where((x == 0) & (y == y), np.ones_like(y), y))


def _root_less_one(y):
    root = np.sqrt(1 + y)
    if np.iscomplexobj(y):
        return y / (1 + root)
    return np.where(y < 1, np.minimum(y, 1) / (1 + root), root - 1)[()]


def _exp_over_less_one(x):
    """exp(x)/(exp(x) - 1)."""
    positive = x.real > 0
    y = np.where(positive, -x, x)[()]
    return np.where(positive, -1, np.exp(y))[()] / np.expm1(y)


def _sech_squared(x):
    with np.errstate(over="ignore"):
        c = np.cosh(x)
        return 1 / (c * c)


# times exp(-|x|)
def _cosh_scaled(x):
    if np.iscomplexobj(x):
        w = np.abs(x.real)
        return (np.exp(x - w) + np.exp(-x - w)) / 2
    return (1 + np.exp(-2 * np.abs(x))) / 2


def _sinh_scaled(x):
    if np.iscomplexobj(x):
        w = np.abs(x.real)
        return (np.exp(x - w) - np.exp(-x - w)) / 2
    return -np.sign(x) * np.expm1(-2 * np.abs(x)) / 2


# the root of the dot product where that is in range, first by bounds that hold in single precision too
def _norm(x):
    x = x.ravel("K")
    root = np.sqrt(np.vdot(x, x).real)
    limits = np.finfo(root.dtype) if not 1e-15 < root < 1e15 else None
    if limits is None or (limits.tiny / limits.eps) ** 0.5 < root <= limits.max:
        return root
    largest = np.abs(x).max(initial=0)
    if not 0 < largest <= limits.max:
        return largest
    x = x / largest
    return largest * np.sqrt(np.vdot(x, x).real)


def _root_of_squares(x):
    return np.sqrt((x * x).sum()) if np.iscomplexobj(x) else _norm(x)


def _log_size(x):
    """log|x|, of 0 a large negative number, finite in single precision too: two infinite ones have no difference."""
    size = np.abs(x)
    if np.count_nonzero(size) == size.size:
        return np.log(size)
    return np.where(size == 0, -1e38, np.log(np.where(size == 0, np.ones_like(size), size)))


def _unless_zero(z, w):
    """z, a large negative number where w is 0."""
    return z if np.count_nonzero(w) == getattr(w, "size", 1) else np.where(w == 0, -1e38, z)


def _one_where_zero(x):
    return np.where(x == 0, np.ones_like(x), x)


def _known_norm(x):
    if x == 0:
        raise np.linalg.LinAlgError(
            "a norm that the expression divides by is 0, where the quotient has no value: a norm has no Hessian at 0"
        )
    return x


def _norms(x, axis):
    return _roots_of_squares(np.abs(x) if np.iscomplexobj(x) else x, axis)


# as `_norm`, of each row: those whose squares are out of range once more, as that of a point's distance from itself may be
def _roots_of_squares(x, axis):
    axes = axis if isinstance(axis, tuple) else (axis,)
    every = [*range(x.ndim)]
    others = [k for k in every if k not in axes]
    with np.errstate(over="ignore"):
        root = np.sqrt(np.einsum(x, every, x, every, others))
    if np.iscomplexobj(x):
        return root
    limits = np.finfo(root.dtype)
    unsure = (root <= (limits.tiny / limits.eps) ** 0.5) | (root > limits.max) | np.isnan(root)
    if not unsure.any():
        return root
    rows = x.transpose(*others, *axes)[unsure]
    if rows.any():
        rows = rows.reshape(len(rows), math.prod(rows.shape[1:]))
        largest = np.abs(rows).max(1)
        scale = np.where((largest > 0) & (largest <= limits.max), largest, np.ones_like(largest))
        rows = rows / scale[:, None]
        root[unsure] = np.sqrt(np.einsum("ij,ij->i", rows, rows)) * scale
    return root


def _pad(x, axis, size, at):
    """An array as part of an axis of the given size, among zeros."""
    out = np.zeros(x.shape[:axis] + (size,) + x.shape[axis + 1 :], x.dtype)
    out[(slice(None),) * axis + (at,)] = x
    return out


def _add_band(x, d, rows, columns):
    """A vector added to the diagonal of a block."""
    if type(d) not in (int, float) and getattr(d, "dtype", None) is not x.dtype:
        x = x.astype(np.result_type(x, d), copy=False)
    diagonal = x[rows, columns].diagonal()
    diagonal.setflags(write=True)
    diagonal += d
    return x


def _softplus(x):
    return np.log(1 + np.exp(x)) if np.iscomplexobj(x) else np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


# NumPy reduces few long rows fast, many short ones that lie in order slowly
def _logsumexp(x, axis=None):
    if axis == 0 and x.ndim == 2 and len(x) < 16 and not x.flags.c_contiguous:
        x = x.copy()
    m = x.real.max(axis, keepdims=True, initial=-np.inf)
    m = np.where(np.isfinite(m), m, 0)
    e = x - m
    out = np.log(np.exp(e, out=e).sum(axis))
    return out + m.reshape(np.shape(out))


# the exponential of as much is in range, and so is its square
def _half_range(x):
    return {2: 5.5, 4: 44.0}.get(x.real.dtype.itemsize, 354.0)


def _cumlogsumexp(x):
    if np.iscomplexobj(x):
        return np.log(np.cumsum(np.exp(x), 0))
    if x.size > 100 and x.max() < _half_range(x) and x.min() > -_half_range(x):
        return np.log(np.cumsum(np.exp(x), 0))
    return np.logaddexp.accumulate(x, 0)


def _reverse_cumlogsumexp(x):
    return _cumlogsumexp(x[::-1])[::-1]


def _decay(x, side):
    if len(x) and abs(x[-1] - x[0]) < _half_range(x):
        e = np.exp(x - x[0])
        out = np.multiply.outer(1 / e, e)
        out *= side(np.ones(out.shape, bool))
        return out
    return side(np.exp(side(x - x[:, None])))


# q does not fall. Spans of rows whose factors are in range are cumulative sums; what was before a span decays into it
def _decayed(x, q):
    limit, real = _half_range(q), q.real
    if not len(q) or real[-1] - real[0] < limit:
        e = np.exp(q - q[:1])[:, None]
        part = x * e
        np.cumsum(part, 0, out=part)
        part /= e
        return part
    out = np.empty(x.shape, np.result_type(x, q))
    start, before = 0, None
    while start < len(q):
        stop = max(start + 1, int(np.searchsorted(real, real[start] + limit, "right")))
        e = np.exp(q[start:stop] - q[start])[:, None]
        part = x[start:stop] * e
        if before is not None:
            part[0] += before * np.exp(q[start - 1] - q[start])
        out[start:stop] = np.cumsum(part, 0) / e
        start, before = stop, out[stop - 1]
    return out


def _reverse_decayed(x, q):
    return _decayed(x[::-1], q[::-1])[::-1]


def _log_softmax(x, axis=None):
    x = x - x.real.max(axis, keepdims=True)
    return x - np.log(np.exp(x).sum(axis, keepdims=True))


def _softmax(x, axis=None):
    e = x - x.real.max(axis, keepdims=True)
    np.exp(e, out=e)
    e /= _total_beside(e, axis)
    return e


# near: exp(z) up to a factor of each sum. A sum that is tiny was taken by what has no weight: the largest with one is looked for
def _weighted_softmax(z, w, near, axis):
    e = w * near
    total = _total_beside(e, axis)
    limits = np.finfo(e.dtype)
    if not (np.abs(total) > limits.tiny / limits.eps).all():
        z = np.where(w != 0, z, -np.inf)
        with np.errstate(invalid="ignore"):  # of no weights at all it is NaN
            e = w * np.exp(z - z.real.max(axis, keepdims=True))
        total = e.sum(axis, keepdims=True)
    e /= total
    return e


def _hardmax(x, axis=None):
    at = (x == x.max(axis, keepdims=True)).astype(x.dtype)
    with np.errstate(invalid="ignore"):  # of NaN it is NaN
        at /= at.sum(axis, keepdims=True)
    return at


# what stands before an entry times what stands behind it: no division, which an entry of 0 would not allow
def _others(x):
    before, behind = np.ones_like(x), np.ones_like(x)
    np.cumprod(x[:, :-1], 1, out=before[:, 1:])
    np.cumprod(x[:, :0:-1], 1, out=behind[:, -2::-1])
    before *= behind
    return before


def _other_pairs(x):
    rows = np.tile(x, (len(x), 1))
    np.fill_diagonal(rows, 1)
    pairs = _others(rows)
    np.fill_diagonal(pairs, 0)
    return pairs


def _gather(x, rows):
    if max(rows) >= len(x):
        raise IndexRangeError(f"row {max(rows)} is out of range for {len(x)} rows")
    return x[rows]


def _scatter(x, size, rows):
    if max(rows) >= size:
        raise IndexRangeError(f"row {max(rows)} is out of range for {size} rows")
    out = np.zeros((size, x.shape[1]), x.dtype)
    np.add.at(out, rows, x)
    return out
