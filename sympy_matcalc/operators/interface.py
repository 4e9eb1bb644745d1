"""Operator: what a structured operator can be asked."""

from html import escape
from math import prod
from typing import Any, ClassVar

import numpy as np
from scipy.sparse.linalg import LinearOperator

from ..errors import MatcalcError, ShapeError
from ..printing.rows import as_html, as_text
from .shown import NEITHER, POSITIVE


class Operator(LinearOperator):
    """What an operator is asked; a class gives what stands first, and overrides what its structure makes cheap."""

    __array_ufunc__ = None  # a NumPy scalar times an operator is the operator's to compute
    named: ClassVar[tuple[str, ...]] = ()  # the attributes that are arrays, as they are shown

    def __init__(self, out_shape, in_shape, *arrays):
        self.out_shape, self.in_shape = tuple(map(int, out_shape)), tuple(map(int, in_shape))
        super().__init__(np.result_type(*arrays), (prod(self.out_shape), prod(self.in_shape)))

    def __array_function__(self, function, types, args, kwargs):
        """``np.dot(H, p)``, as SciPy's `trust-ncg` and `trust-krylov` write the product; other functions of NumPy's are as they were."""
        if function is np.dot and len(args) == 2 and not kwargs:
            return args[0] @ args[1]
        return function._implementation(*args, **kwargs)

    # ---- what a class gives
    def _apply(self, x):
        """The image of a stack of tensors, ``in_shape + (k,)``, as ``out_shape + (k,)``."""
        raise NotImplementedError

    def _conjugate(self):
        raise NotImplementedError

    def _scaled(self, factor):
        raise NotImplementedError

    def _plus(self, other):
        """The sum in the structure of one of the two, or None."""

    # ---- SciPy's interface
    def _matvec(self, x):
        return self._apply(x.reshape(*self.in_shape, 1)).reshape(-1)

    def _matmat(self, X):
        return self._apply(X.reshape(*self.in_shape, X.shape[1])).reshape(self.shape[0], X.shape[1])

    def _adjoint(self):
        return self.T.conj()

    def conj(self):
        """The complex conjugate."""
        return self._conjugate() if self.dtype.kind == "c" else self

    # ---- in a session: nothing is computed for it
    def __repr__(self) -> str:
        return as_text(type(self).__name__, self._rows())

    def _repr_html_(self) -> str:
        return as_html(type(self).__name__, [(what, escape(text)) for what, text in self._rows()])

    def _rows(self) -> list[tuple[str, str]]:
        tensors = [_shape(s) for s in (self.out_shape, self.in_shape)]
        between = [] if max(map(len, (self.out_shape, self.in_shape))) < 2 else [("tensors", " <- ".join(tensors))]
        rows = [("structure", self._form()), ("shape", f"{_shape(self.shape)}, {self.dtype}"), *between]
        arrays = [f"{name} ({_shape(array.shape)})" for name, array in self._arrays()]
        return [*rows, ("arrays", ", ".join(arrays))] if arrays else rows

    def _form(self) -> str:
        """Its structure as a formula, in the names of its arrays."""
        return "a linear map"

    def _arrays(self) -> list[tuple[str, Any]]:
        """What it is made of by name."""
        found = [(name, getattr(self, name)) for name in self.named]
        return [(name, array) for name, array in found if getattr(array, "ndim", 0)]

    # ---- dense
    def todense(self):
        """The matrix, of `shape`, as a plain array."""
        return self._matmat(np.eye(self.shape[1], dtype=self.dtype))

    def totensor(self):
        """The same numbers with the axes apart: ``out_shape + in_shape``."""
        return self.todense().reshape(self.out_shape + self.in_shape)

    def to_sparse(self):
        """The matrix, of `shape`, as a sparse array of SciPy (CSR), with what the structure leaves out not stored."""
        raise self._not_cheap("to_sparse", "its matrix has no zeros by its form; use `op.todense()`")

    # ---- what is shown
    @property
    def is_symmetric(self) -> bool | None:
        """Whether the matrix is symmetric: True or False where the structure and its arrays show it, else None."""
        return self._symmetric() if self.shape[0] == self.shape[1] else False

    @property
    def is_positive_definite(self) -> bool | None:
        """Whether the matrix is Hermitian and positive definite: where the structure and its arrays show it, else None."""
        found = self._definite() if self.shape[0] == self.shape[1] else NEITHER
        return True if found == POSITIVE else False if found == NEITHER else None

    def _symmetric(self) -> bool | None:
        return None

    def _definite(self) -> int | None:
        """POSITIVE, NEITHER, or SEMIDEFINITE for what has no negative eigenvalue and may have one that is 0; None for not known."""
        return None

    # ---- what is cheap for some
    def solve(self, b):
        """The x with ``self @ x == b``, for a flat b of shape (N,) or columns (N, k); factors are kept for the next b.

        Errors: numpy.linalg.LinAlgError where the operator is singular, MatcalcError where its structure gives no cheap solution.
        """
        self._need_square("solve")
        b = np.asarray(b)
        if b.shape[:1] != self.shape[:1] or b.ndim > 2:
            raise ShapeError(f"`solve` needs ({self.shape[0]},) or ({self.shape[0]}, k), got {b.shape}")
        return self._solve(b if b.ndim == 2 else b[:, None]).reshape(b.shape)

    def _solve(self, b):
        raise self._not_cheap("solve", "use `scipy.sparse.linalg.cg` or `gmres`, or `numpy.linalg.solve(op.todense(), b)`")

    def diagonal(self):
        """The diagonal of the matrix, a vector."""
        raise self._not_cheap("diagonal", "use `op.todense().diagonal()`")

    def trace(self):
        """The sum of the diagonal."""
        self._need_square("trace")
        return self.diagonal().sum()

    def slogdet(self):
        """(sign, log |det|), as `numpy.linalg.slogdet`."""
        raise self._not_cheap("slogdet", "use `numpy.linalg.slogdet(op.todense())`")

    def logdet(self):
        """log det of a real operator: nan where the determinant is negative, -inf where it is 0."""
        sign, logarithm = self.slogdet()
        return logarithm if sign >= 0 else np.nan

    def _not_cheap(self, what, instead):
        return MatcalcError(f"`{type(self).__name__}` of shape {self.shape} has no cheap `{what}`: {instead}")

    def _need_square(self, what):
        if self.shape[0] != self.shape[1]:
            raise ShapeError(f"`{what}` needs a square operator, got shape {self.shape}")


def numbers(array, ndim, what):
    """The argument as an array of floating point or complex numbers with `ndim` axes."""
    array = np.asarray(array)
    if array.ndim != ndim:
        raise ShapeError(f"{what} needs {ndim} axes, got an array of shape {array.shape}")
    return array.astype(float) if array.dtype.kind in "biu" else array


def _shape(shape):
    """``3 x 2``."""
    return " x ".join(map(str, shape))
