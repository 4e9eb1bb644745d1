"""Numeric derivatives of the primal by finite differences: first, second, and along a direction, with an error estimate."""

import numpy as np
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import UnsupportedVariableError
from ..nodes.arrays import array_class, is_array_symbol
from .evaluator import Evaluation, evaluate

STEPS = 5
FIRST_STEP = 0.02
SECOND_STEP = 0.05


def finite_difference(expr, X, env, h=FIRST_STEP):
    """d expr / d X as an array of shape expr.shape + X.shape (a scalar has no axes), by Richardson-extrapolated central differences.

    X: MatrixSymbol, Symbol or an entry ``A[i, j]``. h: the largest step. About 1e-9 of the size of the values where expr is smooth.
    Raises UnsupportedVariableError for any other X.

    >>> from sympy import MatrixSymbol
    >>> A, x = MatrixSymbol("A", 2, 3), MatrixSymbol("x", 3, 1)
    >>> finite_difference(A*x, x, {"A": [[1, 2, 3], [4, 5, 6]], "x": [[0], [0], [0]]}).shape
    (2, 1, 3, 1)
    """
    return finite_difference_with_error(expr, X, env, h)[0]


def finite_difference_with_error(expr, X, env, h=FIRST_STEP):
    """(derivative, estimate of the error of each entry): a large estimate says that expr has a kink, or a pole, nearby."""
    line, shape = primal(expr, X, env), variable_shape(X, env)
    pairs = [derivative_on_line(line, direction, h) for direction in unit_directions(shape)]
    return tuple(np.stack(part, axis=-1).reshape(np.shape(pairs[0][0]) + shape) for part in zip(*pairs, strict=True))


def second_difference(expr, X, env, Y=None, h=SECOND_STEP):
    """d^2 expr / dX dY (Y is X unless given) as an array of shape expr.shape + X.shape + Y.shape, from the primal alone."""
    Y = X if Y is None else Y
    shape, shape_y = variable_shape(X, env), variable_shape(Y, env)
    values = [second_along(expr, X, U, env, Y, V, h)[0] for U in unit_directions(shape) for V in unit_directions(shape_y)]
    return np.stack(values, axis=-1).reshape(np.shape(values[0]) + shape + shape_y)


def second_along(expr, X, U, env, Y=None, V=None, h=SECOND_STEP):
    """(value, error estimate) of the second derivative of expr by X along the direction U and by Y along V."""
    Y, V, base = (X if Y is None else Y), (U if V is None else V), Evaluation(env)

    def four_points(step):
        f = {(a, b): evaluate(expr, moved(moved(env, X, a * step * U), Y, b * step * V), base) for a in (1, -1) for b in (1, -1)}
        return (f[1, 1] - f[1, -1] - f[-1, 1] + f[-1, -1]) / (4 * step * step)

    return extrapolated(four_points, h)


def derivative_on_line(line, direction, h):
    """(value, error estimate) of the derivative of line(direction*t) at t = 0."""
    return extrapolated(lambda step: (line(step * direction) - line(-step * direction)) / (2 * step), h)


def extrapolated(difference, h, steps=STEPS):
    """(limit, error estimate) for step -> 0 of difference(step), whose error has even powers only: Ridders' tableau.

    Entry by entry the member of the tableau that differs least from its two neighbours (Numerical Recipes, sec. 5.7).
    """
    with np.errstate(invalid="ignore"):  # where the function has no value the error stays infinite
        row = [np.asarray(difference(h))]
        best, error = row[0], np.full(np.shape(row[0]), np.inf)
        for k in range(1, steps):
            new = [np.asarray(difference(h / 2**k))]
            for power, before in enumerate(row, start=1):
                new.append(new[-1] + (new[-1] - before) / (4**power - 1))
                guess = np.maximum(np.abs(new[-1] - new[-2]), np.abs(new[-1] - before))
                better = guess < error
                best, error = np.where(better, new[-1], best), np.where(better, guess, error)
            row = new
    return best, error


# ---- moving the variable
def variable_shape(X, env):
    """Shape of the variable's axes: two of a MatrixSymbol, those of an ArraySymbol, none of a Symbol or an entry."""
    if isinstance(X, sp.MatrixSymbol) or is_array_symbol(X):
        return tuple(Evaluation(env).integer(s) for s in X.shape)
    if isinstance(X, (sp.Symbol, MatrixElement)) or array_class(X) == "ArrayElement":
        return ()
    raise UnsupportedVariableError(f"a MatrixSymbol, an ArraySymbol, a Symbol or an entry was needed, got {type(X).__name__}: `{X}`")


def unit_directions(shape):
    """The arrays of this shape with a single one, in row-major order."""
    return np.eye(int(np.prod(shape))).reshape((-1,) + shape)


def primal(expr, X, env):
    """The function that gives the value of expr where X is moved by its argument; eigenvectors keep the sign they have at `env`."""
    base = Evaluation(env)
    return lambda step: evaluate(expr, moved(env, X, step), base)


def moved(env, X, step):
    """The environment with `step` added to X."""
    if isinstance(X, MatrixElement):
        ev = Evaluation(env)
        value = ev.matrix(X.parent).copy()
        value[ev.integer(X.i), ev.integer(X.j)] += step
        return {**env, X.parent: value}
    if array_class(X) == "ArrayElement":
        ev = Evaluation(env)
        value = np.array(ev.value(X.name))
        value[tuple(map(ev.integer, X.indices))] += step
        return {**env, X.name: value}
    return {**env, X: Evaluation(env).value(X) + step}
