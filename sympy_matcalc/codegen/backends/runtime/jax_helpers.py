"""Helpers of the JAX back end that take the place of those of the standard, or join them."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy import linalg

from ....errors import DtypeError, IndexRangeError, ShapeError
from .standard import _finite, _tolerance
from .standard_functions import _change_of_root, _root_by_newton


def _as_array(x, name):
    x = jnp.asarray(x)
    return x if jnp.issubdtype(x.dtype, jnp.inexact) else x.astype(float)


def _for_linalg(x, name):
    return x.astype(jnp.float32) if jnp.finfo(x.dtype).bits < 32 else x


def _as_scalar(t, name, dtype):
    x = jnp.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if isinstance(t, complex):
        return x.astype(jnp.result_type(dtype, jnp.complex64))
    return x.astype(dtype) if isinstance(t, float) or not jnp.issubdtype(x.dtype, jnp.inexact) else x


def _as_integer(k, name):
    if isinstance(k, jax.core.Tracer):
        raise DtypeError(f"argument `{name}`: an integer is needed when the function is traced: name it in `static_argnames` of `jax.jit`")
    if getattr(k, "ndim", 0) or not -math.inf < k < math.inf or k != int(k):
        raise ShapeError(f"argument `{name}`: expected an integer, got {k!r}")
    return int(k)


# of any order of derivative, which a form with abs(x) does not have at zero
def _expit_slope(x):
    return jax.nn.sigmoid(x) * jax.nn.sigmoid(-x)


# JAX does not raise for an index out of range
def _take(x, at, axis):
    if isinstance(at, np.ndarray) and at.size and not 0 <= at.min() <= at.max() < x.shape[axis]:
        raise IndexRangeError(
            f"indices from {at.min()} to {at.max()} are out of range for an axis of size {x.shape[axis]}; a sum whose upper "
            "bound is two or more under its lower one has the terms between"
        )
    return jnp.take(x, at, axis=axis)


# ---- functions of a matrix
def _matrix_exponential(x):
    return linalg.expm(x)


def _exp_along(x, e):
    """At a matrix that is seen to be finite: JAX's derivative at an infinite one is zero."""
    return linalg.expm_frechet(_finite(x), e, compute_expm=False)


def _eigh(x):
    """The eigenvalues and vectors. Errors: NotImplementedError where JAX is to differentiate by the matrix."""

    def no_derivative(matrices, changes):
        raise NotImplementedError(
            "JAX's derivative by a matrix whose function is computed of its eigenvalues would be wrong where two of these are equal: take"
            " the code of `mc.gradient` or `mc.hessian`, or leave the assumption that the matrix is symmetric out of `lambdify`"
        )

    eigh = jax.custom_jvp(lambda a: tuple(jnp.linalg.eigh(a)))
    eigh.defjvp(no_derivative)
    return eigh(x)


# JAX's derivative of the iteration has half of the digits
def _root_of_matrix(x, scaled=10, unscaled=12):
    root = jax.custom_jvp(lambda a: _root_by_newton(a, scaled, unscaled))

    def along(matrices, changes):
        (a,) = matrices
        r = root(a)
        return r, _change_of_root(r + _change_of_root(r, a - r @ r), *changes)

    root.defjvp(along)
    return root(x)


def _iterated(step, state, count):
    return jax.lax.fori_loop(0, count, lambda _, state: step(state), state)


# what stands before an entry times what stands behind it: no division, which an entry of 0 would not allow
def _others(x):
    one = jnp.ones_like(x[:, :1])
    before = jnp.cumprod(jnp.concatenate([one, x[:, :-1]], 1), 1)
    behind = jnp.cumprod(jnp.concatenate([one, x[:, :0:-1]], 1), 1)
    return before * behind[:, ::-1]


def _lu(x):
    return linalg.lu(_finite(x))


# the left vector is a null vector as the right one is; NaN for what is complex or not simple. JAX has `eig` on CPUs only.
def _real_eigen(x, i):
    values, vectors = jnp.linalg.eig(x)
    order = jnp.lexsort((values.imag, values.real))
    value, v = values[order[i]], vectors[:, order[i]].real
    gaps = jnp.where(jnp.arange(x.shape[0]) == order[i], jnp.inf, jnp.abs(values - value))
    tolerance = _tolerance(x, 1e-10) * jnp.max(jnp.abs(values))
    others, left = jnp.linalg.eig(x.T)
    u = left[:, jnp.argmin(jnp.abs(others - value))].real
    nan = jnp.where((jnp.min(gaps) > tolerance) & (jnp.abs(value.imag) <= tolerance), 1.0, jnp.nan).astype(x.dtype)
    return value.real * nan, v * nan, u / (u @ v)
