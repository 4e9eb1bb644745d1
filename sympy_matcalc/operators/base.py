"""StructuredOperator: what all operators can do; SumOperator: what `+` gives."""

from math import prod

import numpy as np

from ..errors import MatcalcError, MissingLibraryError, ShapeError

try:
    from scipy.sparse.linalg import LinearOperator
except ImportError as error:
    raise MissingLibraryError("a structured result", "SciPy", "scipy", error) from error


class StructuredOperator(LinearOperator):
    """A linear map of tensors, out_shape <- in_shape; ``shape`` has both flattened row by row.

    SciPy's `matvec`, `rmatvec`, `matmat`, `@`, `T`, `H` hold, and sums and multiples stay structured. Where the structure makes it
    cheap there are `solve`, `diagonal`, `trace`, `slogdet`, `logdet`; MatcalcError where it does not: nothing is made dense unasked.
    """

    __array_ufunc__ = None  # a NumPy scalar times an operator is the operator's to compute

    def __init__(self, out_shape, in_shape, *arrays):
        self.out_shape, self.in_shape = tuple(map(int, out_shape)), tuple(map(int, in_shape))
        super().__init__(np.result_type(*arrays), (prod(self.out_shape), prod(self.in_shape)))

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

    def __add__(self, other):
        if isinstance(other, np.ndarray) and other.shape == self.shape:
            other = aslinear(other)
        if not isinstance(other, StructuredOperator):
            return super().__add__(other)
        found = self._plus(other)
        found = other._plus(self) if found is None else found
        return SumOperator(self, other) if found is None else found

    __radd__ = __add__  # a sum does not depend on the order

    def __rsub__(self, other):
        return -self + other

    def __neg__(self):
        return self._scaled(-1)

    def __mul__(self, other):
        return self._scaled(other) if np.isscalar(other) else super().__mul__(other)

    def __rmul__(self, other):
        return self._scaled(other) if np.isscalar(other) else super().__rmul__(other)

    def __truediv__(self, other):
        return self._scaled(1 / np.asarray(other)[()]) if np.isscalar(other) else super().__truediv__(other)

    # ---- dense
    def todense(self):
        """The matrix, of `shape`, as a plain array."""
        return self._matmat(np.eye(self.shape[1], dtype=self.dtype))

    def totensor(self):
        """The same numbers with the axes apart: ``out_shape + in_shape``."""
        return self.todense().reshape(self.out_shape + self.in_shape)

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


class SumOperator(StructuredOperator):
    """A + B + ...: made by ``+`` where no summand can take the other up.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import KroneckerOperator, TransposedOperator
    >>> S = KroneckerOperator(np.eye(2), np.ones((2, 2))) + TransposedOperator((2, 2), (1, 0))
    >>> type(S).__name__, S @ np.arange(4.0)
    ('SumOperator', array([1., 3., 6., 8.]))
    """

    def __init__(self, *parts):
        self.parts: tuple[StructuredOperator, ...] = tuple(q for p in parts for q in (p.parts if isinstance(p, SumOperator) else [p]))
        first = self.parts[0]
        for p in self.parts:
            if p.shape != first.shape:
                raise ShapeError(f"the sum of operators of shapes {first.shape} and {p.shape}, which must be equal")
        super().__init__(first.out_shape, first.in_shape, *(p.dtype for p in self.parts))

    def _apply(self, x):
        return sum(p._apply(x.reshape(*p.in_shape, x.shape[-1])).reshape(*self.out_shape, x.shape[-1]) for p in self.parts)

    def _transpose(self):
        return SumOperator(*(p.T for p in self.parts))

    def _conjugate(self):
        return SumOperator(*(p.conj() for p in self.parts))

    def _scaled(self, factor):
        return SumOperator(*(factor * p for p in self.parts))

    def todense(self):
        return sum(p.todense() for p in self.parts)

    def diagonal(self):
        return sum(p.diagonal() for p in self.parts)

    def trace(self):
        return sum(p.trace() for p in self.parts)


class DenseOperator(StructuredOperator):
    """An array as an operator: its first `count` axes are `out_shape`, the others `in_shape`; ``matrix`` has each side flattened.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import DenseOperator
    >>> D = DenseOperator(np.arange(12.0).reshape(2, 3, 2), 1)
    >>> D.shape, D.in_shape, D @ np.ones(6)
    ((2, 6), (3, 2), array([15., 51.]))
    """

    def __init__(self, array, count=1):
        super().__init__(array.shape[:count], array.shape[count:], array)
        self.matrix = array.reshape(self.shape)

    def _like(self, matrix):
        return DenseOperator(matrix.reshape(self.out_shape + self.in_shape), len(self.out_shape))

    def _apply(self, x):
        return (self.matrix @ x.reshape(self.shape[1], -1)).reshape(*self.out_shape, x.shape[-1])

    def _transpose(self):
        return DenseOperator(self.matrix.T.reshape(self.in_shape + self.out_shape), len(self.in_shape))

    def _conjugate(self):
        return self._like(self.matrix.conj())

    def _scaled(self, factor):
        return self._like(factor * self.matrix)

    def _plus(self, other):
        return self._like(self.matrix + other.matrix) if isinstance(other, DenseOperator) and other.shape == self.shape else None

    def todense(self):
        return self.matrix.copy()

    def diagonal(self):
        return self.matrix.diagonal().copy()

    def _solve(self, b):
        return np.linalg.solve(self.matrix, b)

    def slogdet(self):
        self._need_square("slogdet")
        return np.linalg.slogdet(self.matrix)


def aslinear(part):
    """An operator, or a matrix as one."""
    return part if isinstance(part, StructuredOperator) else DenseOperator(numbers(part, 2, "a block"))


def numbers(array, ndim, what):
    """The argument as an array of floating point or complex numbers with `ndim` axes."""
    array = np.asarray(array)
    if array.ndim != ndim:
        raise ShapeError(f"{what} needs {ndim} axes, got an array of shape {array.shape}")
    return array.astype(float) if array.dtype.kind in "biu" else array
