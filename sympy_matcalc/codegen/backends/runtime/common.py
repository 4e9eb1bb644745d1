"""Helpers that every library can run: they ask arrays for their shapes only."""

from ....errors import DtypeError, IndexRangeError, ShapeError


def _wrong_shape(name, symbols, expected, got):
    known = "" if symbols == str(expected) else f", {expected}" if isinstance(expected, str) else f" = {expected}"
    raise ShapeError(f"argument `{name}`: expected shape {symbols}{known}, got {tuple(got)}")


def _no_entries(name, got, size):
    of_shape = f" of shape {tuple(got)}" if got else ""
    raise ShapeError(f"argument `{name}`{of_shape}: the size `{size}` is 0, and of no entries the expression has no value")


def _no_entry(name, got, size):
    of_shape = f" of shape {tuple(got)}" if got else ""
    raise IndexRangeError(f"argument `{name}`{of_shape}: the size `{size}` is 0, and the expression needs an entry there")


def _only_real(x, name):
    if isinstance(x, complex) or "complex" in str(getattr(x, "dtype", "")):
        raise DtypeError(f"argument `{name}`: expected real numbers, for which alone the expression is meant, got complex ones")
    return x


def _as_vector(x, name, symbols, axis):
    if x.ndim != 2 or x.shape[1 - axis] != 1:
        raise ShapeError(f"argument `{name}`: expected shape {symbols}, or one axis, got {tuple(x.shape)}")
    return x[:, 0] if axis == 0 else x[0, :]


def _as_stack(x, name, symbols, ones):
    """A batch whose examples came with their axes of length 1."""
    if x.ndim != 1 + symbols.count(",") or any(x.shape[k] != 1 for k in ones):
        raise ShapeError(f"argument `{name}`: expected shape {symbols}, or that without the axes of length 1, got {tuple(x.shape)}")
    return x[tuple(0 if k in ones else slice(None) for k in range(x.ndim))]


def _same_batch(*named):
    """Batches have an axis of examples, all of one length."""
    (first, x), *_ = named
    for name, y in named:
        if not y.ndim:
            raise ShapeError(f"argument `{name}`: expected a batch, whose first axis is that of the examples, got a scalar")
        if y.shape[0] != x.shape[0]:
            raise ShapeError(f"argument `{name}`: expected a batch of {x.shape[0]} examples, as `{first}` is, got {y.shape[0]}")


def _within(k, size):
    if not 0 <= k < size:
        raise IndexRangeError(
            f"index {k} is out of range for an axis of size {size}; a sum whose upper bound is two or more under its lower one "
            "has the terms between"
        )
    return k


def _of_entries(function, name, *values):
    """What a declared function of numbers gives of arrays, entry by entry."""
    try:
        return function(*values)
    except (TypeError, ValueError) as error:
        shapes = " and ".join(f"{type(v).__name__} of shape {tuple(getattr(v, 'shape', ()))}" for v in values)
        raise ShapeError(
            f"the numeric code of the function `{name}` failed on {shapes}: {error}; it is called once with arrays and has to compute "
            "every entry: use functions of arrays in it (np.sin for math.sin, np.where for if), or give it as np.vectorize(function)"
        ) from error


def _of_shape(x, shape, name):
    """What a declared function has returned, which must have the shape of the node."""
    got = tuple(getattr(x, "shape", ()))
    if got != shape:
        raise ShapeError(
            f"the numeric code declared for `{name}` must return an array of shape {shape}, got {type(x).__name__} of shape {got}"
        )
    return x


def _room(limit, least_bytes, whole, tile, dtype, *arrays):
    """How many numbers tiles may take, of a bound in bytes; `whole`: those beside tiles, `tile`: those of the least one.

    A number has the bytes of the data, and at least `least_bytes`; arguments of another dtype are converted in products.
    """
    size = max(least_bytes, getattr(dtype, "itemsize", 8))
    fixed = (whole + sum(x.size for x in arrays if x.dtype != dtype)) * size + 2**16
    if fixed + tile * size > limit:
        need = f"{(fixed + tile * size) / 1e6:.3g} MB"
        raise MemoryError(
            f"`memory`: for arrays of these sizes the function needs at least {need} beside its arguments and results,"
            f" and was given {limit / 1e6:.3g} MB: call `lambdify` with more, or with none"
        )
    return (limit - fixed) // size


# a tile stays in the cache where the bound lets it be larger
def _tile_rows(room, size, fixed, each, cached=2**18):
    return max(1, min(size, (room - fixed) // max(each, 1), max(64, cached // max(each, 1))))
