"""Gram matrices: the Hessians of generalised linear models and of least squares."""

from functools import cached_property

import numpy as np

from ..errors import ShapeError
from .base import StructuredOperator
from .diagonal import DiagonalOperator, DiagonalPlusLowRankOperator
from .factor import Factor
from .interface import numbers
from .shown import SEMIDEFINITE, definiteness_of_diagonal


class GramOperator(StructuredOperator):
    """X' diag(d) X + diag(e), with X (m, n), d (m,) or none for ones, e (n,), a number, or none for 0. Memory that of X.

    A product is two of X with a vector. `solve` and `slogdet` factorise the smaller Gram matrix, once: for m < n and an e without
    zeros the m x m one by Woodbury's identity, else the n x n one, which is then formed.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import GramOperator
    >>> G = GramOperator(np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 0.0]]), d=np.array([1.0, 2.0, 1.0]), e=0.5)
    >>> G.todense()
    array([[2.5, 2. ],
           [2. , 6.5]])
    >>> G.solve(G @ np.array([1.0, -1.0]))
    array([ 1., -1.])
    """

    named = ("X", "d", "e")

    def __init__(self, X, d=None, e=None):
        self.X = numbers(X, 2, "X")
        m, n = self.X.shape
        self.d = None if d is None else numbers(d, 1, "d")
        self.e = None if e is None else numbers(np.ones(n, self.X.dtype) * e if np.ndim(e) == 0 else e, 1, "e")
        if self.d is not None and self.d.size != m or self.e is not None and self.e.size != n:
            raise ShapeError(f"X' diag(d) X + diag(e) of X {self.X.shape}, d {np.shape(d)}, e {np.shape(e)}: they must be m x n, m and n")
        super().__init__((n,), (n,), *(a for a in (self.X, self.d, self.e) if a is not None))

    def _form(self):
        weighted = "X' X" if self.d is None else "X' diag(d) X"
        return weighted if self.e is None else f"{weighted} + diag(e)"

    def _apply(self, x):
        found = self.X.T @ _rows(self.d, self.X @ x)
        return found if self.e is None else found + self.e[:, None] * x

    def _transpose(self):
        return self

    def _conjugate(self):
        return GramOperator(self.X.conj(), *(None if a is None else a.conj() for a in (self.d, self.e)))

    def _scaled(self, factor):
        d = np.full(len(self.X), factor, np.result_type(self.X, factor)) if self.d is None else factor * self.d
        return GramOperator(self.X, d, None if self.e is None else factor * self.e)

    def _plus(self, other):
        if isinstance(other, DiagonalOperator) and other.shape == self.shape:
            d = other.d.ravel()
            return GramOperator(self.X, self.d, d if self.e is None else self.e + d)
        return None

    def _written(self, library):
        X = library.dense(self.X)
        inner = [] if self.d is None else [library.diagonal(self.d)]
        product = library.compose(library.dense(self.X.T), *inner, X)
        return product if self.e is None else library.add(product, library.diagonal(self.e))

    def todense(self):
        found = self.X.T @ _rows(self.d, self.X)
        if self.e is not None:
            found[np.diag_indices_from(found)] += self.e
        return found

    def _symmetric(self):
        return True

    def _definite(self):
        if self.dtype.kind == "c" or not np.isfinite(self.X).all() or self.d is not None and not definiteness_of_diagonal(self.d):
            return None
        return SEMIDEFINITE if self.e is None else definiteness_of_diagonal(self.e) or None

    def diagonal(self):
        found = np.einsum("ij,ij->j", self.X, _rows(self.d, self.X))
        return found if self.e is None else found + self.e

    @cached_property
    def _inner(self):
        """What solves: a `DiagonalPlusLowRankOperator`, or the factors of the dense matrix."""
        if self.X.shape[0] < self.X.shape[1] and self.e is not None and self.e.all():
            return DiagonalPlusLowRankOperator(self.e, self.X.T, self.d)
        weights, added = (None if a is None else np.abs(a) for a in (self.d, self.e))
        squares = np.einsum("ij,ij->j", np.abs(self.X), _rows(weights, np.abs(self.X)))
        return Factor(self.todense(), scales=np.sqrt(squares if added is None else squares + added))

    def _solve(self, b):
        return self._inner.solve(b)

    def slogdet(self):
        return self._inner.slogdet()


def _rows(d, M):
    return M if d is None else d[:, None] * M
