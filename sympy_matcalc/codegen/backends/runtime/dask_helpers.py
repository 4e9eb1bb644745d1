"""Helpers of the Dask back end that take the place of those of the standard, or join them."""

import math
from functools import reduce

import dask.array as da
import numpy as np

from ....errors import DtypeError, IndexRangeError, ShapeError


def _as_array(x, name):
    x = da.asarray(x)
    if any(map(math.isnan, x.shape)):
        raise ShapeError(f"argument `{name}`: its chunks have unknown sizes; `compute_chunk_sizes()` gives them")
    if x.dtype.kind not in "biufc":
        raise DtypeError(f"argument `{name}`: expected numbers, got an array of dtype {x.dtype}")
    return x if x.dtype.kind in "fc" else x.astype(float)


def _for_linalg(x, name):
    if x.dtype.char in "gG":
        raise DtypeError(
            f"argument `{name}`: NumPy and SciPy have no linear algebra and no special functions in {x.dtype}: pass it in double precision"
        )
    return x.astype(np.float32) if x.dtype.char == "e" else x


def _as_scalar(t, name, dtype):
    x = da.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if isinstance(t, complex):
        return x.astype(np.result_type(dtype, np.complex64))
    return x.astype(dtype) if isinstance(t, (int, float)) or x.dtype.kind in "biu" else x


# places in chunks like those of x
def _add_diagonal(spec, x, core):
    axes, target = spec.split("->")
    places = [da.arange(n, chunks=(x.chunks[k],)) for k, n in enumerate(x.shape)]
    places = [at[tuple(slice(None) if j == k else None for j in range(x.ndim))] for k, at in enumerate(places)]
    if getattr(core, "ndim", 0):
        core = core[(None,) * (len(target) - core.ndim)]
        core = da.transpose(core, [target.index(a) for a in dict.fromkeys(axes)])
        core = core[tuple(slice(None) if axes.index(a) == k else None for k, a in enumerate(axes))]
    on = [places[k] == places[axes.index(a)] for k, a in enumerate(axes) if axes.index(a) != k]
    return da.where(reduce(da.logical_and, on), x + core, x)


def _take(x, at, axis):
    if at.size and not 0 <= at.min() <= at.max() < x.shape[axis]:
        raise IndexRangeError(
            f"indices from {at.min()} to {at.max()} are out of range for an axis of size {x.shape[axis]}; a sum whose upper "
            "bound is two or more under its lower one has the terms between"
        )
    return da.take(x, at.ravel(), axis=axis).reshape(x.shape[:axis] + at.shape + x.shape[axis + 1 :])


# Dask factorises matrices in equal square chunks
def _squared(x):
    return x if len({*x.chunks[0], *x.chunks[1]}) == 1 else x.rechunk(-1)


def _solve(a, b):
    a = _squared(a)
    return da.linalg.solve(a, b.rechunk({0: a.chunks[0]}))


# Dask's own inverse is in double precision
def _inv(a):
    a = _squared(a)
    return da.linalg.solve(a, da.eye(len(a), chunks=a.chunks[0][0], dtype=a.dtype))


def _array(entries, shape, dtype):
    return da.stack([da.asarray(e).astype(dtype) for e in entries]).reshape(shape)


def _is_complex(x):
    return x.dtype.kind == "c"


def _diagonal_of(x):
    return da.diagonal(x)
