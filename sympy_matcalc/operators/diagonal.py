"""Diagonal matrices, and diagonal plus low rank: most Hessians of sums of functions of entries, softmax and log-sum-exp."""

from functools import cached_property

import numpy as np
from scipy import sparse

from ..errors import ShapeError
from .base import StructuredOperator
from .factor import slogdet_of_diagonal
from .interface import numbers
from .shown import POSITIVE, SEMIDEFINITE, definiteness, definiteness_of_diagonal, symmetry
from .woodbury import LowRankSolver


class DiagonalOperator(StructuredOperator):
    """diag(d): y = d .* x. d: an array of any shape, which is `in_shape` and `out_shape`; nothing but d is stored.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import DiagonalOperator
    >>> D = DiagonalOperator(np.array([1.0, 2.0, 4.0]))
    >>> D.solve(np.ones(3)), D.diagonal()
    (array([1.  , 0.5 , 0.25]), array([1., 2., 4.]))
    """

    named = ("d",)

    def __init__(self, d):
        self.d = numbers(d, np.ndim(d), "d")
        super().__init__(self.d.shape, self.d.shape, self.d)

    def _form(self):
        return "diag(d)"

    def _apply(self, x):
        return self.d[..., None] * x

    def _transpose(self):
        return self

    def _conjugate(self):
        return DiagonalOperator(self.d.conj())

    def _scaled(self, factor):
        return DiagonalOperator(factor * self.d)

    def _plus(self, other):
        return DiagonalOperator(self.d + other.d) if isinstance(other, DiagonalOperator) and other.d.shape == self.d.shape else None

    def _written(self, library):
        return library.diagonal(self.d.ravel())

    def todense(self):
        return np.diag(self.d.ravel())

    def diagonal(self):
        return self.d.ravel().copy()

    def to_sparse(self):
        return sparse.diags_array(self.d.ravel(), format="csr")

    def _symmetric(self):
        return True

    def _definite(self):
        return definiteness_of_diagonal(self.d)

    def inv(self):
        if not self.d.all():
            raise np.linalg.LinAlgError("Singular matrix")
        return DiagonalOperator(1 / self.d)

    def _solve(self, b):
        if not self.d.all():
            raise np.linalg.LinAlgError("Singular matrix")
        return b / self.d.reshape(-1, 1)

    def slogdet(self):
        return slogdet_of_diagonal(self.d.ravel())


class DiagonalPlusLowRankOperator(StructuredOperator):
    """diag(d) + U C V', with d (n,), U (n, k), C (k, l), V (n, l); U alone means V = U, C may be a vector for a diagonal or a number.

    Memory n (1 + k + l). `solve` by Woodbury's identity in the form that needs no inverse of C (Henderson & Searle 1981, eq. 3; Golub &
    Van Loan, 2.1.4): (D + U C V')^-1 = D^-1 - D^-1 U (I + C V' D^-1 U)^-1 C V' D^-1, with one k x k system, kept. Where d has zeros,
    or entries so small that this loses what the whole matrix has, others of as many rows are solved for first (`woodbury`). A vector U
    or V is one column. A d of more axes is `in_shape` and `out_shape`, flattened; U and V have n rows all the same.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import DiagonalPlusLowRankOperator
    >>> p = np.array([0.2, 0.3, 0.5])
    >>> H = DiagonalPlusLowRankOperator(p, p, -1)      # the Hessian of log-sum-exp
    >>> H.diagonal(), H @ np.ones(3)
    (array([0.16, 0.21, 0.25]), array([0., 0., 0.]))
    """

    named = ("d", "U", "C", "V")

    def __init__(self, d, U, C=None, V=None):
        shape, self.d = np.shape(d), numbers(d, np.ndim(d), "d").reshape(-1)
        self.U, self.V = _columns(U, "U"), _columns(U if V is None else V, "V")
        self.C = np.asarray(1.0 if C is None else C)
        if self.C.dtype.kind in "biu" or self.C.ndim == 0 and self.C.dtype.kind == "f":  # a number has no precision of its own
            self.C = self.C.astype(self.d.dtype)
        k, l = self.U.shape[1], self.V.shape[1]
        fitting = [(k, l), (), (k,)] if k == l else [(k, l)]
        if len(self.U) != self.d.size or len(self.V) != self.d.size or self.C.shape not in fitting:
            raise ShapeError(
                f"diag(d) + UCV' of d {self.d.shape}, U {self.U.shape}, C {self.C.shape}, V {self.V.shape}: must be n, n x k, k x l, n x l"
            )
        super().__init__(shape, shape, self.d, self.U, self.C, self.V)

    def _like(self, d, U, C, V):
        return DiagonalPlusLowRankOperator(d.reshape(self.out_shape), U, C, V)

    def _form(self):
        middle = " C" if self.C.ndim else "" if self.C == 1 else f" {self.C}"
        return f"diag(d) + U{middle} V'"

    def _apply(self, x):
        x = x.reshape(self.d.size, -1)
        return (self.d[:, None] * x + self.U @ _times(self.C, self.V.T @ x)).reshape(*self.out_shape, -1)

    def _transpose(self):
        return self._like(self.d, self.V, self.C.T, self.U)

    def _conjugate(self):
        return self._like(self.d.conj(), self.U.conj(), self.C.conj(), self.V.conj())

    def _scaled(self, factor):
        return self._like(factor * self.d, self.U, factor * self.C, self.V)

    def _plus(self, other):
        if isinstance(other, DiagonalOperator) and other.shape == self.shape:
            return self._like(self.d + other.d.ravel(), self.U, self.C, self.V)
        return None

    def _written(self, library):
        return library.add(library.diagonal(self.d), library.compose(library.dense(self.U), library.dense(_times(self.C, self.V.T))))

    def todense(self):
        found = self.U @ _times(self.C, self.V.T)
        found[np.diag_indices_from(found)] += self.d
        return found

    def _symmetric(self):
        if self.V is not self.U and not np.array_equal(self.V, self.U):
            return None
        return True if self.C.ndim < 2 else symmetry(self.C) or None

    def _definite(self):
        inner = definiteness(self.C) if self.C.ndim == 2 else definiteness_of_diagonal(self.C)
        if self.dtype.kind == "c" or not self._symmetric() or inner not in (POSITIVE, SEMIDEFINITE):
            return None
        return definiteness_of_diagonal(self.d) or None

    def diagonal(self):
        return self.d + np.einsum("ik,ki->i", self.U, _times(self.C, self.V.T))

    @cached_property
    def _solver(self):
        if self.C.ndim == 2 and self.C.shape[1] < self.C.shape[0]:
            return LowRankSolver(self.d, self.U @ self.C, self.V.T)
        return LowRankSolver(self.d, self.U, _times(self.C, self.V.T))

    def _solve(self, b):
        return self._solver.solve(b)

    def slogdet(self):
        return self._solver.slogdet()


def _columns(U, what):
    return numbers(np.asarray(U)[:, None] if np.ndim(U) == 1 else U, 2, what)


def _times(C, M):
    """C M for a C that may be a number or the diagonal of a matrix."""
    return C @ M if C.ndim == 2 else C * M if C.ndim == 0 else C[:, None] * M
