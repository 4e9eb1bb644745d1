"""check_rule: the derivative of an expression against finite differences of its primal."""

import numpy as np
import sympy as sp

import sympy_matcalc as mc

from ..errors import CheckError
from ..kernel.walks import every_node, free_symbols
from ..nodes.arrays import is_array_symbol
from ..strict import sympified
from .data import random_env
from .differences import finite_difference_with_error, second_along, variable_shape
from .evaluator import evaluate

DRAWS = 8
DIRECTIONS = 4
LEAST = 1e-9  # derivatives smaller than this times the value of the primal are rounding errors of it


def check_rule(expr, X, domain=None, order=1, trials=3, rtol=1e-6, seed=0):
    """Check ``mc.jacobian(expr, X)``, or for order 2 the Jacobian of that, numerically at random points; return the derivative.

    domain: as for `random_env`. Sizes are distinct in each trial; one more trial for each size symbol has it at 1. Order 2 is judged
    with a tolerance of at least 1e-4, along random directions.

    Raises CheckError with the seed, the expression and the sizes where the two disagree, or where no trial could be judged.
    """
    derivative = mc.jacobian(expr, X) if order == 1 else mc.jacobian(mc.jacobian(expr, X), X)
    sizes = size_symbols(expr, X)
    for trial, at_one in enumerate([None] * trials + sizes):
        known = {} if at_one is None else {at_one: 1}
        judge_at_random(derivative, expr, X, domain, order, rtol if order == 1 else max(rtol, 1e-4), seed + 1000 * trial, known)
    return derivative


def size_symbols(expr, X):
    """The symbols that are the size of an axis, and so may be 1."""
    nodes = [a for e in (expr, X) for a in every_node(sympified(e)) if isinstance(a, sp.MatrixSymbol) or is_array_symbol(a)]
    return sorted({s for M in nodes for s in M.shape if s.is_Symbol}, key=str)


def judge_at_random(derivative, expr, X, domain, order, rtol, seed, sizes):
    """Judge at the first of some random points where finite differences are reliable; CheckError where none is."""
    for draw in range(DRAWS):
        env = random_env([expr, X], seed + draw, sizes, domain)
        verdict = judge(derivative, expr, X, env, order, rtol)
        if verdict == "wrong":
            raise CheckError(_report(derivative, expr, X, env, order, seed + draw))
        if verdict == "right":
            return
    raise CheckError(f"no point of {DRAWS} (seed {seed}) where finite differences of `{expr}` by `{X}` are reliable, sizes {sizes}")


def judge(derivative, expr, X, env, order=1, rtol=1e-6, expected=None):
    """ "right", "wrong" or "unreliable": the derivative in numerator layout against finite differences of expr.

    A derivative with a symbol that the environment does not have is wrong. expected: what `finite_difference_with_error` gave
    for order 1, where that is known.
    """
    try:
        return _judge(derivative, expr, X, env, order, rtol, expected)
    except np.linalg.LinAlgError:  # a singular matrix, an eigenvalue that is not simple: there is no derivative to judge
        return "unreliable"


def _judge(derivative, expr, X, env, order, rtol, expected):
    if stray_symbols(derivative, env):
        return "wrong"
    got = np.asarray(evaluate(derivative, env))
    if order == 1:
        value = np.asarray(evaluate(expr, env))
        if not np.all(np.isfinite(value)):
            return "unreliable"
        expected, error = expected or finite_difference_with_error(expr, X, env)
        return compare(_squeezed(got), _squeezed(expected), _squeezed(error), rtol, value)
    return _judge_second(got, expr, X, env, rtol)


def stray_symbols(derivative, env):
    """The free symbols of the derivative that the primal has not, such as a bound symbol that got out of its sum."""
    return {s for s in free_symbols(derivative) if s not in env}


def compare(got, expected, error, rtol, value=None):
    """The verdict on an array, given the expected one, an estimate of its error, and the value of the primal where that is known."""
    scale = scale_of(expected, error, value, rtol)
    if not np.all(np.isfinite(expected)) or not error.max(initial=0) <= rtol * scale / 4:
        return "unreliable"
    return "right" if got.shape == expected.shape and np.all(np.abs(got - expected) <= rtol * scale) else "wrong"


def scale_of(expected, error, value, rtol=1e-6):
    """What errors are relative to: the largest entry where it is told from rounding errors of the primal, else at least 1."""
    largest = np.abs(expected).max(initial=0)
    size = 0 if value is None else np.abs(value).max(initial=0)
    is_known = LEAST * size < largest < size / LEAST**0.5 and error.max(initial=0) <= rtol * largest / 4
    return largest if is_known else max(1.0, largest)


def _judge_second(got, expr, X, env, rtol):
    """The array contracted with directions U, V for its two last pairs of axes, against the primal moved along both."""
    shape, rng = variable_shape(X, env), np.random.default_rng(0)
    value = evaluate(expr, env)
    full = [s for s in np.shape(value) + shape + shape if s != 1]
    if list(_squeezed(got).shape) != full:
        return "wrong"
    got = got.reshape((-1, int(np.prod(shape)), int(np.prod(shape))))
    verdicts = set()
    for _ in range(DIRECTIONS):
        U, V = rng.normal(size=(2, *shape)) / np.sqrt(np.prod(shape))
        expected, error = second_along(expr, X, U, env, X, V)
        contracted = np.einsum("iuv,u,v->i", got, np.ravel(U), np.ravel(V))
        verdicts.add(compare(contracted, np.ravel(expected), np.ravel(error), rtol, np.asarray(value)))
    return next(v for v in ("wrong", "unreliable", "right") if v in verdicts)


def _squeezed(array):
    return np.squeeze(np.asarray(array))


def _report(derivative, expr, X, env, order, seed):
    sizes = {str(s): v for s, v in env.items() if isinstance(s, sp.Symbol)}
    stray = stray_symbols(derivative, env)
    got = np.asarray(np.nan if stray else evaluate(derivative, env))
    lines = [
        f"derivative of order {order} of `{expr}` by `{X}` disagrees with finite differences of the primal",
        f"got: `{derivative}`" + (f", where {stray} is not in the expression" if stray else ""),
        f"seed {seed}, scalars and sizes {sizes}",
        f"shape of the value {np.shape(evaluate(expr, env))}, of the derivative {got.shape}",
        f"expression: {sp.srepr(expr)}",
    ]
    if order == 1:
        expected = finite_difference_with_error(expr, X, env)[0]
        lines.append(f"value\n{_squeezed(got)}\nexpected\n{_squeezed(expected)}")
    return "\n".join(lines)
