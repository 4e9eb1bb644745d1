"""An identity in numbers: our derivative against finite differences of the expression, and against the book's answer."""

import numpy as np
from sympy import MatrixSymbol

from ..errors import CheckError
from ..testing import evaluate, random_env
from ..testing.check import compare
from ..testing.differences import finite_difference_with_error, second_along, variable_shape

DRAWS = 12
DIRECTIONS = 4
TOLERANCE = {1: 1e-6, 2: 1e-4}  # by order: second differences lose digits


def largest_error(identity, seed=0):
    """The largest relative error of our derivative at a random point of the identity's domain.

    Raises CheckError where it is wrong, or where finite differences are reliable at none of the points tried.

    >>> from sympy_matcalc.cookbook import find
    >>> largest_error(find("mc49")) < 1e-6
    True
    """
    derivative = identity.derivative
    if identity.is_complex:
        return _complex_error(identity, derivative, seed)
    order = 2 if "hessian" in identity.kind else 1
    for draw in range(DRAWS):
        env = environment(identity, seed + draw)
        got = as_array(evaluate(derivative, env), identity, env)
        pairs = _first_order(got, identity, env) if order == 1 else _second_order(got, identity, env)
        verdicts = {compare(got, expected, error, TOLERANCE[order]) for got, expected, error in pairs}
        if "wrong" in verdicts:
            raise CheckError(
                f"{identity.number}: `{derivative}` is not the {identity.kind} of `{identity.expression}` "
                f"by `{identity.variable}` (seed {seed + draw})"
            )
        if verdicts == {"right"}:
            return max(relative_error(got, expected) for got, expected, _ in pairs)
    raise CheckError(f"{identity.number}: no random point of {DRAWS} (seed {seed}) where finite differences are reliable")


def book_error(identity, seed=0):
    """The largest relative difference of the values of our derivative and of the book's; None without a book's answer."""
    if identity.book is None:
        return None
    env = environment(identity, seed)
    env = _with_imaginary_parts(identity, env, seed) if identity.is_complex else env
    ours, book = (np.squeeze(evaluate(e, env)) for e in (identity.derivative, identity.book))
    return relative_error(ours, book) if ours.shape == book.shape else np.inf


def relative_error(got, expected):
    return float(np.abs(got - expected).max(initial=0) / max(1.0, np.abs(expected).max(initial=0)))


def environment(identity, seed):
    """Random numbers for all symbols, at a point of the domain."""
    sizes = {s: d for s, d in identity.domain.items() if isinstance(d, int)}
    domain = {s: d for s, d in identity.domain.items() if s not in sizes}
    exprs = [identity.expression, identity.variable, *([] if identity.book is None else [identity.book])]
    return random_env(exprs, seed, sizes, domain)


def as_array(value, identity, env):
    """The value with the axes of the expression, then of the variable (for a Hessian twice those), axes of length 1 left out."""
    value = np.asarray(value, dtype=float)
    if not identity.kind.startswith("vec"):
        return np.squeeze(value)
    axes = variable_shape(identity.variable, env)
    of = axes if "hessian" in identity.kind else np.shape(evaluate(identity.expression, env))
    return np.squeeze(value.reshape((*of, *axes), order="F"))


def _with_imaginary_parts(identity, env, seed):
    """Complex numbers, of which the real parts are given."""
    rng = np.random.default_rng(seed)
    return {s: v + 0.5j * rng.normal(size=np.shape(v)) if isinstance(s, MatrixSymbol) else v for s, v in env.items()}


def _complex_error(identity, derivative, seed):
    """The same by complex variables: by differences in the real and in the imaginary part."""
    env = _with_imaginary_parts(identity, environment(identity, seed), seed)
    X = identity.variable
    slopes = [
        _slopes(lambda step, unit=unit: evaluate(identity.expression, {**env, X: env[X] + unit * step}), env[X].shape) for unit in (1, 1j)
    ]
    real, imag = slopes
    by = identity.kind.removeprefix("complex ")
    expected = {"Z": (real - 1j * imag) / 2, "conjugate": (real + 1j * imag) / 2, "real": real, "imag": imag, "gradient": real + 1j * imag}[
        by
    ]
    error = relative_error(np.asarray(evaluate(derivative, env)).reshape(expected.shape), expected)
    if not error < TOLERANCE[1]:
        raise CheckError(f"{identity.number}: `{derivative}` is not the derivative of `{identity.expression}` by `{X}` (seed {seed})")
    return error


def _slopes(f, shape):
    """The slopes of a scalar function of steps along each entry, by central differences of the fourth order."""
    found, h = np.zeros(shape, complex), 1e-3
    for at in np.ndindex(shape):
        step = np.zeros(shape)
        step[at] = h
        value = lambda k, step=step: complex(np.asarray(f(k * step)).reshape(()))  # noqa: E731
        found[at] = (8 * (value(1) - value(-1)) - value(2) + value(-2)) / (12 * h)
    return found


def _first_order(got, identity, env):
    expected, error = finite_difference_with_error(identity.expression, identity.variable, env)
    return [(got, np.squeeze(expected), np.squeeze(error))]


def _second_order(got, identity, env):
    """Contracted with directions for both pairs of axes."""
    expr, X = identity.expression, identity.variable
    shape, rng = variable_shape(X, env), np.random.default_rng(0)
    size = int(np.prod(shape))
    pairs = []
    for _ in range(DIRECTIONS):
        U, V = rng.normal(size=(2, *shape)) / np.sqrt(size)
        expected, error = second_along(expr, X, U, env, X, V)
        pairs.append((np.ravel(U) @ got.reshape(size, size) @ np.ravel(V), np.squeeze(expected), np.squeeze(error)))
    return pairs
