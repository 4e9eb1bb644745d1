"""StructuredOperator: what is made of operators; SumOperator, InverseOperator: what `+` and `inv` give; DenseOperator for arrays."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from ..errors import MatcalcError, ShapeError
from .conjugate import conjugate_gradients
from .factor import Factor
from .interface import Operator, numbers
from .libraries import LinearOperatorLibrary, Lineax
from .shown import POSITIVE, SEMIDEFINITE, definiteness, symmetry


class StructuredOperator(Operator):
    """A linear map of tensors, out_shape <- in_shape; ``shape`` has both flattened row by row.

    SciPy's `matvec`, `rmatvec`, `matmat`, `@`, `T`, `H` hold, and sums and multiples stay structured. Where the structure makes it
    cheap there are `solve`, `factor`, `inv`, `diagonal`, `trace`, `slogdet`, `logdet`, `to_sparse`; MatcalcError where it does not: nothing
    is made dense unasked. `is_symmetric` and `is_positive_definite` are what the structure and its arrays show, None for not known.
    """

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

    # ---- inverses
    def factor(self):
        """The factorisation, made now and kept: an object with `solve`, `slogdet`, `logdet` and `inv`.

        Errors: numpy.linalg.LinAlgError where the operator is singular, MatcalcError where its structure has no cheap factors.

        >>> import numpy as np
        >>> from sympy_matcalc.operators import DiagonalOperator
        >>> DiagonalOperator(np.array([2.0, 4.0])).factor().solve(np.ones(2))
        array([0.5 , 0.25])
        """
        self.solve(np.zeros(self.shape[0], self.dtype))
        return Factorisation(self)

    def inv(self):
        """The inverse as an operator: a product with it is `solve`, with the factors kept.

        Errors: as those of `factor`.

        >>> import numpy as np
        >>> from sympy_matcalc.operators import DiagonalOperator
        >>> DiagonalOperator(np.array([2.0, 4.0])).inv() @ np.ones(2)
        array([0.5 , 0.25])
        """
        self.solve(np.zeros(self.shape[0], self.dtype))
        return InverseOperator(self)

    # ---- other libraries
    def to_lineax(self) -> Any:
        """The same map as an operator of lineax, for JAX: of flat vectors, without an array of the whole matrix.

        It is tagged as symmetric or positive semidefinite where `is_symmetric` and `is_positive_definite` say so, and never else. Arrays
        have the precision of JAX, which is single unless `jax_enable_x64` is set.
        Errors: MissingLibraryError without lineax, MatcalcError for an `InverseOperator`: solve with its operator there.

        """
        return Lineax().finished(self)

    def to_linear_operator(self) -> Any:
        """The same map as a `linear_operator.LinearOperator`, for PyTorch and GPyTorch, which keeps the structure.

        Errors: MissingLibraryError without the library, MatcalcError for an `InverseOperator`.
        """
        return LinearOperatorLibrary().finished(self)

    def _written(self, library: Any) -> Any:
        """The operator in the classes of another library, by the constructors that `libraries.Library` names."""
        raise NotImplementedError


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

    forms: ClassVar[list[Callable[[Any], Any]]] = []  # each gives what solves with a sum of a form, or None

    def _form(self):
        return " + ".join(p._form() for p in self.parts)

    def _arrays(self):
        return [found for p in self.parts for found in p._arrays()]

    def _apply(self, x):
        return sum(p._apply(x.reshape(*p.in_shape, x.shape[-1])).reshape(*self.out_shape, x.shape[-1]) for p in self.parts)

    def _symmetric(self):
        found = [p._symmetric() for p in self.parts]
        return True if all(found) else False if found.count(False) == 1 and found.count(True) == len(found) - 1 else None

    def _definite(self):
        found = [p._definite() for p in self.parts]
        return None if not all(found) else POSITIVE if POSITIVE in found else SEMIDEFINITE

    @cached_property
    def _solver(self):
        """What solves with the sum by its form; None where it has no such form."""
        return next((found for form in self.forms if (found := form(self)) is not None), None)

    def _solve(self, b):
        if self._solver is not None:
            return self._solver.solve(b)
        if self._definite() != POSITIVE:
            return super()._solve(b)
        return conjugate_gradients(self._matmat, b, self._preconditioner)

    def slogdet(self):
        return super().slogdet() if self._solver is None else self._solver.slogdet()

    @cached_property
    def _preconditioner(self):
        """The solution by the positive definite summand that has the largest trace, else a division by the diagonal."""
        able = [p for p in self.parts if p._definite() == POSITIVE and type(p)._solve is not StructuredOperator._solve]
        for p in sorted(able, key=_trace, reverse=True):
            return p._solve
        try:
            d = self.diagonal()[:, None]
        except MatcalcError:
            return lambda b: b
        return lambda b: b / d

    def to_sparse(self):
        return sum((p.to_sparse() for p in self.parts[1:]), start=self.parts[0].to_sparse())

    def _transpose(self):
        return SumOperator(*(p.T for p in self.parts))

    def _conjugate(self):
        return SumOperator(*(p.conj() for p in self.parts))

    def _scaled(self, factor):
        return SumOperator(*(factor * p for p in self.parts))

    def _written(self, library):
        return library.add(*(p._written(library) for p in self.parts))

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

    named = ("matrix",)

    def __init__(self, array, count=1):
        super().__init__(array.shape[:count], array.shape[count:], array)
        self.matrix = array.reshape(self.shape)

    def _like(self, matrix):
        return DenseOperator(matrix.reshape(self.out_shape + self.in_shape), len(self.out_shape))

    def _form(self):
        return "matrix"

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

    def _written(self, library):
        return library.dense(self.matrix)

    def todense(self):
        return self.matrix.copy()

    def diagonal(self):
        return self.matrix.diagonal().copy()

    def to_sparse(self):
        return sparse.csr_array(self.matrix)

    def _symmetric(self):
        return symmetry(self.matrix)

    def _definite(self):
        return definiteness(self.matrix)

    @cached_property
    def _factor(self):
        return Factor(self.matrix)

    def _solve(self, b):
        return self._factor.solve(b)

    def slogdet(self):
        self._need_square("slogdet")
        return self._factor.slogdet()


class Factorisation:
    """What `factor` gives: the factors of an operator, for any number of right sides."""

    def __init__(self, operator: StructuredOperator):
        self.operator = operator

    def solve(self, b):
        """The x with ``operator @ x == b``."""
        return self.operator.solve(b)

    def slogdet(self):
        """(sign, log |det|)."""
        return self.operator.slogdet()

    def logdet(self):
        """log det of a real operator: nan where the determinant is negative."""
        return self.operator.logdet()

    def inv(self):
        """The inverse as an operator."""
        return InverseOperator(self.operator)


class InverseOperator(StructuredOperator):
    """What `inv` gives: the inverse of an operator, whose product with a vector is a solution.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import KroneckerOperator
    >>> K = KroneckerOperator(np.array([[2.0, 0.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 2.0]]))
    >>> x = np.arange(4.0)
    >>> bool(np.allclose(K.inv() @ (K @ x), x)), K.inv().inv() is K
    (True, True)
    """

    def __init__(self, operator: StructuredOperator):
        self.operator = operator
        super().__init__(operator.in_shape, operator.out_shape, operator.dtype)

    def _form(self):
        return f"({self.operator._form()})^-1"

    def _arrays(self):
        return self.operator._arrays()

    def _apply(self, x):
        k = x.shape[-1]
        return self.operator._solve(x.reshape(self.shape[1], k)).reshape(*self.out_shape, k)

    def _transpose(self):
        return InverseOperator(self.operator.T)

    def _conjugate(self):
        return InverseOperator(self.operator.conj())

    def _scaled(self, factor):
        return InverseOperator((1 / factor) * self.operator) if factor else 0 * DenseOperator(self.todense())

    def _written(self, library):
        raise self._not_cheap("form in another library", "take its operator there, and solve with that")

    def _solve(self, b):
        return self.operator._matmat(b)

    def inv(self):
        return self.operator

    def slogdet(self):
        sign, logarithm = self.operator.slogdet()
        return np.conj(sign), -logarithm

    def _symmetric(self):
        return self.operator._symmetric()

    def _definite(self):
        return self.operator._definite()


def _trace(operator):
    return float(np.real(operator.trace()))


def aslinear(part):
    """An operator, or a matrix as one."""
    return part if isinstance(part, StructuredOperator) else DenseOperator(numbers(part, 2, "a block"))
