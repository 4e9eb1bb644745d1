"""Arguments of a namespace of the array API standard."""

import numpy as xp

from ....errors import DtypeError, ShapeError


def _as_array(x, name):
    x = xp.asarray(x)
    if xp.isdtype(x.dtype, ("real floating", "complex floating")):
        return x
    return xp.astype(x, xp.asarray(0.0).dtype)


def _for_linalg(x, name):
    bits = xp.finfo(x.dtype).bits
    if bits > 64:
        raise DtypeError(f"argument `{name}`: linear algebra is in single and double precision, got {x.dtype}: pass it in double precision")
    return xp.astype(x, xp.float32) if bits < 32 else x


def _as_scalar(t, name, dtype, device):
    if isinstance(t, complex):
        return xp.asarray(t, dtype=xp.result_type(dtype, xp.complex64), device=device)
    if isinstance(t, (int, float)):
        return xp.asarray(t, dtype=dtype, device=device)
    t = xp.asarray(t)
    if t.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {t.shape}")
    return t if xp.isdtype(t.dtype, ("real floating", "complex floating")) else xp.astype(t, dtype)
