"""Values of functions of a matrix and of their Fréchet derivatives."""

from functools import lru_cache, reduce
from itertools import product

import mpmath as mp
import numpy as np
import sympy as sp

from ..errors import ShapeError
from ..nodes import (
    FrechetDerivative,
    FrechetMatrix,
    MatrixCos,
    MatrixExp,
    MatrixFunction,
    MatrixLog,
    MatrixSin,
    MatrixSqrt,
    Sigmoid,
    Softplus,
)
from .evaluator import evaluator
from .frechet import DaleckiiKrein
from .matrix_nodes import square
from .scalars import OnDemand

linalg = OnDemand("scipy.linalg")

REAL_TOLERANCE = 1e-9
ROUNDING = 1e-13


def inverse_of(function):
    return lambda X: np.linalg.inv(function(X))


def eye(X):
    return np.eye(len(X))


def sqrtm(X):
    """The principal root. A symmetric matrix such as B' B may be singular: its eigenvalues that are rounding errors count as zero."""
    if np.iscomplexobj(X) or not np.array_equal(X, X.T):
        return linalg.sqrtm(X)
    values, vectors = np.linalg.eigh(X)
    roots = np.sqrt(np.where(np.abs(values) <= ROUNDING * np.abs(values).max(), 0, values).astype(complex))
    return (vectors * roots) @ vectors.T


def asinm(X):
    """-i log(i X + (I - X^2)^(1/2))."""
    return -1j * linalg.logm(1j * X + sqrtm(eye(X) - X @ X))


MATRIX_FUNCTIONS = {
    sp.exp: linalg.expm,
    sp.log: linalg.logm,
    sp.sin: linalg.sinm,
    sp.cos: linalg.cosm,
    sp.tan: linalg.tanm,
    sp.csc: inverse_of(linalg.sinm),
    sp.sec: inverse_of(linalg.cosm),
    sp.cot: inverse_of(linalg.tanm),
    sp.sinh: linalg.sinhm,
    sp.cosh: linalg.coshm,
    sp.tanh: linalg.tanhm,
    sp.csch: inverse_of(linalg.sinhm),
    sp.sech: inverse_of(linalg.coshm),
    sp.coth: inverse_of(linalg.tanhm),
    sp.asin: asinm,
    sp.acos: lambda X: eye(X) * np.pi / 2 - asinm(X),
    sp.atan: lambda X: (linalg.logm(eye(X) + 1j * X) - linalg.logm(eye(X) - 1j * X)) / 2j,
    sp.asinh: lambda X: linalg.logm(X + sqrtm(eye(X) + X @ X)),
    sp.acosh: lambda X: linalg.logm(X + sqrtm(X + eye(X)) @ sqrtm(X - eye(X))),
    sp.atanh: lambda X: (linalg.logm(eye(X) + X) - linalg.logm(eye(X) - X)) / 2,
    Sigmoid: lambda X: np.linalg.inv(eye(X) + linalg.expm(-X)),
    Softplus: lambda X: linalg.logm(eye(X) + linalg.expm(X)),
}


def matrix_function(ev, function, X):
    """f(X) by the arithmetic of matrices that commute; nan where X is real and f(X) is not, as for the log of a negative number."""
    return real_where_it_should_be(function, X, arithmetic(ev, function.expr, function.variables[0], X))


def arithmetic(ev, body, u, X):
    """The value of the body of a function of u with X for u, and multiples of the identity for constants."""
    if body == u:
        return X
    if not body.has(u):
        return ev.scalar(body) * eye(X)
    parts = [arithmetic(ev, a, u, X) for a in body.args]
    if isinstance(body, sp.Add):
        return reduce(np.add, parts)
    if isinstance(body, sp.Mul):
        return reduce(np.matmul, parts)
    if isinstance(body, sp.Pow) and not body.exp.has(u):
        return power(parts[0], ev.scalar(body.exp))
    if isinstance(body, sp.Pow):
        return linalg.expm(parts[1] @ linalg.logm(parts[0]))
    if type(body) in MATRIX_FUNCTIONS and len(parts) == 1:
        return MATRIX_FUNCTIONS[type(body)](*parts)
    raise NotImplementedError(f"`{body}` of a matrix")


def power(base, exponent):
    """The principal power of a matrix."""
    if exponent == np.round(exponent):
        return np.linalg.matrix_power(base, int(np.real(exponent)))
    if 2 * exponent == np.round(2 * exponent):
        return np.linalg.matrix_power(sqrtm(base), int(np.real(2 * exponent)))
    return linalg.expm(exponent * linalg.logm(base))


def real_where_it_should_be(function, X, value):
    """The real part of f(X) for real X, nan where the imaginary part is more than rounding; a function that names I may be complex."""
    if np.iscomplexobj(X) or function.expr.has(sp.I):
        return value
    is_real = np.all(np.abs(np.imag(value)) <= REAL_TOLERANCE * max(1, np.abs(value).max()))
    return np.real(value) if is_real else np.full(X.shape, np.nan)


@evaluator(MatrixExp, MatrixLog, MatrixSqrt, MatrixSin, MatrixCos, MatrixFunction)
def of_matrix_function(ev, node):
    return matrix_function(ev, node.function, square(ev, node.arg))


@evaluator(FrechetDerivative)
def of_frechet_derivative(ev, node):
    derivative, directions = frechet(ev, node, len(node.directions))
    return derivative(*directions)


@evaluator(FrechetMatrix)
def of_frechet_matrix(ev, node):
    """The columns are vecs of the derivative along unit matrices, and along the directions of the node; the first of several is slowest."""
    derivative, directions = frechet(ev, node, len(node.directions) + node.order)
    n = ev.integer(node.arg.shape[0])
    units = [e.reshape(n, n, order="F") for e in np.eye(n * n)]
    return np.stack([derivative(*es, *directions).ravel(order="F") for es in product(units, repeat=node.order)], axis=1)


def frechet(ev, node, order):
    """The derivative of f at X as a function of `order` directions, and the directions that the node gives."""
    function, X = node.function, square(ev, node.arg)
    directions = [square(ev, E) for E in node.directions]
    if any(E.shape != X.shape for E in directions):
        raise ShapeError(f"shapes {[E.shape for E in directions]} of the directions of `{node}`, expected {X.shape}")
    derivative = DaleckiiKrein(scalar_function(ev, function), X, order)
    is_complex = any(np.iscomplexobj(E) for E in directions)
    return (derivative if is_complex else lambda *E: real_where_it_should_be(function, X, derivative(*E))), directions


def scalar_function(ev, function):
    """f as a function of an mpmath number, at its precision; NotImplementedError where f has a part that may not be analytic."""
    (u,) = function.variables
    unknown = {type(a) for a in sp.preorder_traversal(function.expr) if a.has(u)} - {sp.Add, sp.Mul, sp.Pow, type(u), *MATRIX_FUNCTIONS}
    if unknown:
        raise NotImplementedError(f"the derivative of a function of a matrix with {', '.join(sorted(map(str, unknown)))}")
    body, parameters = with_numbers_named(function)
    compiled, values = mpmath_function(body, len(parameters)), [mp.mpmathify(ev.scalar(p)) for p in parameters]
    return lambda x: compiled(x, *values)


VARIABLE, NUMBER = sp.Symbol("u"), "number_{}"


def with_numbers_named(function):
    """(body in `VARIABLE`, parts that do not depend on it): each of the parts is a symbol of ours in the body, which is printed and run."""
    (u,) = function.variables
    found = {}

    def named(e):
        if e == u:
            return VARIABLE
        if not e.has(u):
            return e if e.is_Number else found.setdefault(e, sp.Symbol(NUMBER.format(len(found))))
        return e.func(*map(named, e.args))

    return named(function.expr), list(found)


@lru_cache(maxsize=256)
def mpmath_function(body, count):
    """The body as a function of mpmath numbers: the variable and `count` numbers."""
    ours = {"Sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "Softplus": lambda x: mp.log(1 + mp.exp(x))}
    return sp.lambdify((VARIABLE, *(sp.Symbol(NUMBER.format(k)) for k in range(count))), body, [ours, "mpmath"])
