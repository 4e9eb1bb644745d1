"""Charts: how the free parameters theta of a variable with structure make its value, forwards, backwards and to second order.

A chart knows X(theta) and back, the derivative dX along d theta (`push`), its adjoint, which takes the gradient G by all entries to that by
theta (`pull`), and what the curvature of X(theta) adds to the Hessian: ``curve(theta, G, p)_k = <G, d^2 X/d theta_k d theta [p]>``.
"""

import numpy as np
from sympy import Integer

from ..errors import MatcalcError
from ..nodes.bases import layout
from ..structure import STRUCTURES
from ..structure.request import read_request

CLOSE = 1e-8  # of an initial value to its structure, relative to its largest entry


class Linear:
    """X = unvec(B theta) for any basis B, an array."""

    def __init__(self, name, B, shape):
        self.name, self.B, self.shape, self.size = name, B, shape, B.shape[1]

    def value(self, theta):
        """X of the parameters."""
        return (self.B @ theta).reshape(self.shape, order="F")

    def parameters(self, X):
        """The parameters of a value; MatcalcError where it has not the structure."""
        X = np.asarray(X, float)
        theta = self._nearest(X)
        if np.abs(self.value(theta) - X).max(initial=0) > CLOSE * max(1, np.abs(X).max(initial=0)):
            raise MatcalcError(f"the initial value is not {self.name}: give one that is")
        return theta

    def _nearest(self, X):
        return np.linalg.lstsq(self.B, X.ravel(order="F"), rcond=None)[0]

    def push(self, theta, p):
        """dX along p."""
        return self.value(p)

    def pull(self, theta, G):
        """The gradient by the parameters, of that by all entries."""
        return self.B.T @ G.ravel(order="F")

    def curve(self, theta, G, p):
        """What the curvature adds to the Hessian along p."""
        return np.zeros(self.size)


class Tied(Linear):
    """The same where an entry is a parameter, its negative or 0: a parameter and a sign for each entry in the place of B."""

    def __init__(self, name, places, shape):
        self.name, self.shape = name, shape
        self.at = np.array([p[0] if p else 0 for p in places])
        self.sign = np.array([p[1] if p else 0 for p in places], float)
        self.size = max((p[0] + 1 for p in places if p), default=0)

    def value(self, theta):
        return (theta[self.at] * self.sign if self.size else np.zeros(len(self.at))).reshape(self.shape, order="F")

    def _nearest(self, X):
        return self.pull(None, X) / np.bincount(self.at, np.abs(self.sign), self.size)

    def pull(self, theta, G):
        return np.bincount(self.at, self.sign * G.ravel(order="F"), self.size)[: self.size]


class LogCholesky:
    """X = L L' with L lower triangular, theta the entries of L column by column, those of the diagonal by their logarithms.

    Every theta is a positive definite matrix, and every such matrix has one (Pinheiro & Bates, 1996).
    """

    name = "positive definite"

    def __init__(self, n):
        self.n, self.size, self.shape = n, n * (n + 1) // 2, (n, n)
        self.cols, self.rows = np.triu_indices(n)  # of the lower triangle, column by column
        self.diagonal = self.rows == self.cols

    def factor(self, theta):
        L = np.zeros((self.n, self.n))
        L[self.rows, self.cols] = np.where(self.diagonal, np.exp(np.where(self.diagonal, theta, 0)), theta)
        return L

    def value(self, theta):
        L = self.factor(theta)
        return L @ L.T

    def parameters(self, X):
        X = np.asarray(X, float)
        if np.abs(X - X.T).max(initial=0) > CLOSE * max(1, np.abs(X).max(initial=0)):
            raise MatcalcError(f"the initial value is not symmetric, so that it is not positive definite: give one that is, got {X!r}")
        try:
            theta = np.linalg.cholesky(X)[self.rows, self.cols]
        except np.linalg.LinAlgError:
            raise MatcalcError(f"the initial value is not positive definite: give one that is, such as the identity; got {X!r}") from None
        return np.where(self.diagonal, np.log(np.where(self.diagonal, theta, 1)), theta)

    def _slope(self, L, p):
        """dL along p."""
        d = np.zeros_like(L)
        d[self.rows, self.cols] = np.where(self.diagonal, L[self.rows, self.cols], 1) * p
        return d

    def push(self, theta, p):
        L = self.factor(theta)
        d = self._slope(L, p)
        return d @ L.T + L @ d.T

    def pull(self, theta, G):
        L = self.factor(theta)
        by_L = (G + G.T) @ L
        return by_L[self.rows, self.cols] * np.where(self.diagonal, L[self.rows, self.cols], 1)

    def curve(self, theta, G, p):
        L = self.factor(theta)
        d, S = self._slope(L, p), G + G.T
        scale = np.where(self.diagonal, L[self.rows, self.cols], 1)
        bent = np.where(self.diagonal, (S @ L)[self.rows, self.cols] * scale * p, 0)  # exp bends, entry by entry
        return (S @ d)[self.rows, self.cols] * scale + bent


def requests_of(structure, variables):
    """{variable: request} of a dict of structures by variable; errors for what has no parameters."""
    found = {}
    if structure and not isinstance(structure, dict):
        raise MatcalcError(
            f"`structure` is a dict by variable here, write `structure={{{variables[0]}: {structure!r}}}`; got {structure!r}"
        )
    for X, given in dict(structure or {}).items():
        if X not in variables:
            raise MatcalcError(f"`structure` is given for `{X}`, which is none of the variables {list(variables)}")
        request = read_request(given, None, X)
        if request is None:
            continue
        if request.structure.basis is None and request.structure.name != "spd":
            names = ", ".join(s.name for s in STRUCTURES.values() if s.basis is not None)
            raise MatcalcError(f"`{X}` that is `{request.structure.name}` has no free parameters here: take one of {names}, spd")
        found[X] = request
    return found


def chart_of(request, shape):
    """The chart of a variable of this shape, whole numbers."""
    structure = request.structure
    if structure.name == "spd":
        return LogCholesky(shape[0])
    B = structure.basis(*map(Integer, shape))
    owner = B.arg if getattr(B, "is_Transpose", False) else B
    if hasattr(owner, "parameter"):
        return Tied(structure.name, layout(owner.parameter, *shape), shape)
    try:
        return Linear(structure.name, np.array(B.as_explicit().tolist(), float), shape)
    except TypeError:
        raise MatcalcError(f"a fit needs a basis of numbers, got `{B}`") from None
