"""Helpers of the PyTorch back end that take the place of those of the standard, or join them."""

from functools import reduce

import torch

from ....errors import IndexRangeError, ShapeError
from .standard import _finite, _tolerance
from .standard_functions import _change_of_root, _root_by_newton


def _device(*args):
    for x in args:
        if isinstance(x, torch.Tensor):
            return x.device
    return torch.get_default_device()


def _as_array(x, name, device):
    x = x if isinstance(x, torch.Tensor) else torch.as_tensor(x, device=device)
    return x if x.is_floating_point() or x.is_complex() else x.to(torch.get_default_dtype())


def _vmap(function):
    """The function of batches; where PyTorch does not map an operation over none, that is said."""
    mapped = torch.func.vmap(function)

    def of_stacks(*stacks):
        try:
            return mapped(*stacks)
        except (IndexError, RuntimeError) as error:
            if len(stacks[0]):
                raise
            raise ShapeError("a batch of no examples, of an expression whose operations PyTorch does not map over none") from error

    return of_stacks


def _for_linalg(x, name):
    if x.is_complex():
        return x.to(torch.complex64) if x.dtype == torch.complex32 else x
    return x.to(torch.float32) if torch.finfo(x.dtype).bits < 32 else x


def _result_type(*args):
    given = [x if isinstance(x, torch.dtype) else getattr(x, "dtype", None) for x in args]
    dtypes = [x if isinstance(x, torch.dtype) and (x.is_floating_point or x.is_complex) else torch.get_default_dtype() for x in given]
    return reduce(torch.promote_types, dtypes)


def _as_scalar(t, name, dtype, device):
    wanted = torch.promote_types(dtype, torch.complex64) if isinstance(t, complex) else dtype
    t = t if isinstance(t, torch.Tensor) else torch.as_tensor(t, dtype=wanted, device=device)
    if t.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {tuple(t.shape)}")
    return t.to(torch.promote_types(dtype, torch.complex64)) if t.is_complex() else t.to(dtype)


# a negative index, or one past the end, is an error of index_select
def _take(x, at, axis):
    return x.index_select(axis, at.reshape(-1)).reshape(x.shape[:axis] + at.shape + x.shape[axis + 1 :])


def _array(entries, shape, dtype, device):
    return torch.stack([torch.as_tensor(e, dtype=dtype, device=device) for e in entries]).reshape(shape)


# PyTorch's own has no imaginary part where an entry is not a number
def _matrix_exponential(x):
    is_finite = torch.isfinite(x).all(-1, keepdim=True).all(-2, keepdim=True)
    return torch.where(is_finite, torch.linalg.matrix_exp(x), complex(torch.nan, torch.nan) if x.is_complex() else torch.nan)


def _is_differentiated(x):
    return x.requires_grad


# PyTorch's derivative of the iteration has half of the digits; that of a step from its value has them all
def _root_of_matrix(x, scaled=10, unscaled=12):
    r = _root_by_newton(x, scaled, unscaled)
    return r + _change_of_root(r, x - r @ r) if _is_differentiated(x) else r


# PyTorch raises for what is singular
def _inverse(x):
    inverse, info = torch.linalg.inv_ex(x)
    return torch.where(info[..., None, None] == 0, inverse, torch.full_like(inverse, torch.nan))


# PyTorch's own are 0 at NaN
def _sign(x):
    return torch.where(x == x, torch.sgn(x), x)


def _heaviside(x, at_zero):
    return torch.where(x == x, torch.heaviside(x, at_zero), x)


# of any order of derivative, which a form with abs(x) does not have at zero
def _expit_slope(x):
    return torch.sigmoid(x) * torch.sigmoid(-x)


def _pick(x, at, axis):
    return x.index_select(axis, at)


def _is_complex(x):
    return x.is_complex()


# what stands before an entry times what stands behind it: no division, which an entry of 0 would not allow
def _others(x):
    one = torch.ones_like(x[:, :1])
    before = torch.cumprod(torch.cat([one, x[:, :-1]], 1), 1)
    behind = torch.cumprod(torch.cat([one, torch.flip(x[:, 1:], (1,))], 1), 1)
    return before * torch.flip(behind, (1,))


def _gather(x, rows):
    if max(rows) >= x.shape[0]:
        raise IndexRangeError(f"row {max(rows)} is out of range for {x.shape[0]} rows")
    return x[rows]


def _lu(x):
    return torch.linalg.lu(_finite(x))


# PyTorch's own takes no transposed view, nor all axes of length 1
def _kron(a, b):
    (m, n), (p, q) = a.shape, b.shape
    return (a[:, None, :, None] * b[None, :, None, :]).reshape(m * p, n * q)


def _sylvester(a, b, c):
    m, n = c.shape
    rows, columns = (torch.eye(k, dtype=c.dtype, device=c.device) for k in (m, n))
    x = torch.linalg.solve(_kron(a, columns) + _kron(rows, b.T), c.reshape(m * n, 1))
    return x.reshape(m, n)


# the left vector is a null vector as the right one is; NaN for what is complex or not simple
def _real_eigen(x, i):
    values, vectors = torch.linalg.eig(x)
    order = torch.argsort(values.real, stable=True)
    value, v = values[order[i]], vectors[:, order[i]].real
    gaps = torch.where(torch.arange(len(x), device=x.device) == order[i], torch.inf, torch.abs(values - value))
    tolerance = _tolerance(x, 1e-10) * torch.max(torch.abs(values))
    others, left = torch.linalg.eig(x.T)
    u = left[:, torch.argmin(torch.abs(others - value))].real
    nan = torch.where((torch.min(gaps) > tolerance) & (torch.abs(value.imag) <= tolerance), 1.0, torch.nan).to(x.dtype)
    return value.real * nan, v * nan, u / (u @ v)
