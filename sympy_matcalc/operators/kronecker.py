"""Kronecker products of two matrices, of which one may be an identity that is never made."""

from functools import cached_property

import numpy as np
from scipy import sparse

from ..errors import ShapeError
from .base import StructuredOperator
from .diagonal import DiagonalOperator
from .factor import Factor
from .interface import numbers
from .shown import NEITHER, POSITIVE, definiteness, symmetry


class Eye:
    """The identity of size n as a factor of a `KroneckerOperator`; it has no array."""

    def __init__(self, n):
        self.n, self.shape = int(n), (int(n), int(n))

    def __repr__(self):
        return f"Eye({self.n})"


class KroneckerOperator(StructuredOperator):
    """A (x) B: y = A X B' for an X of shape in_shape = (columns of A, columns of B), row by row; out_shape = (rows of A, rows of B).

    A, B: matrices, or ``Eye(n)``. Memory that of A and B. `solve` by one LU factorisation of each, kept; det = det(A)^rows(B)
    det(B)^rows(A), trace and diagonal by products. Source: Van Loan, The ubiquitous Kronecker product, 2000; row by row
    vec(A X B') = (A (x) B) vec(X), where Magnus & Neudecker, 2.4 stack columns.

    >>> import numpy as np
    >>> from sympy_matcalc.operators import Eye, KroneckerOperator
    >>> H = KroneckerOperator(Eye(1000), np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> H.shape, H.solve(H @ np.ones(2000))[:2]
    ((2000, 2000), array([1., 1.]))
    """

    named = ("A", "B")

    def __init__(self, A, B):
        self.A, self.B = (m if isinstance(m, Eye) else numbers(m, 2, "a factor of a Kronecker product") for m in (A, B))
        shapes = self.A.shape, self.B.shape
        arrays = [m for m in (self.A, self.B) if not isinstance(m, Eye)]
        super().__init__([s[0] for s in shapes], [s[1] for s in shapes], *arrays or [float])

    def _form(self):
        return " (x) ".join(f"I({m.n})" if isinstance(m, Eye) else name for name, m in (("A", self.A), ("B", self.B)))

    def _apply(self, x):
        (p, q), (r, s), k = self.A.shape, self.B.shape, x.shape[-1]
        if p * s * (q + r) <= q * r * (p + s):  # A first is the cheaper order
            return self._times_b(_times(self.A, x.reshape(q, s * k)).reshape(p, s, k))
        return _times(self.A, self._times_b(x).reshape(q, r * k)).reshape(p, r, k)

    def _times_b(self, x):
        if isinstance(self.B, Eye):
            return x
        return (x[..., 0] @ self.B.T)[..., None] if x.shape[-1] == 1 else self.B @ x

    def _map(self, function):
        return KroneckerOperator(*(m if isinstance(m, Eye) else function(m) for m in (self.A, self.B)))

    def _transpose(self):
        return self._map(np.transpose)

    def _conjugate(self):
        return self._map(np.conj)

    def _scaled(self, factor):
        if not isinstance(self.A, Eye):
            return KroneckerOperator(factor * self.A, self.B)
        if not isinstance(self.B, Eye):
            return KroneckerOperator(self.A, factor * self.B)
        return DiagonalOperator(np.full(self.in_shape, factor * 1.0))

    def _plus(self, other):
        """I (x) B + I (x) C = I (x) (B + C); a multiple of the identity goes into B."""
        mine = self._beside_identity
        if mine is None or other.shape != self.shape:
            return None
        if isinstance(other, KroneckerOperator):
            same = (other.out_shape, other.in_shape, other._beside_identity) == (self.out_shape, self.in_shape, mine)
            return self._map_one(lambda m: m + getattr(other, mine)) if same else None
        if isinstance(other, DiagonalOperator) and other.d.size and (other.d == other.d.flat[0]).all():
            c = other.d.flat[0]
            return self._map_one(lambda m: m + c * np.eye(len(m), dtype=m.dtype))
        return None

    @property
    def _beside_identity(self):
        """The name of the factor that is a matrix where the other one is an identity."""
        kinds = isinstance(self.A, Eye), isinstance(self.B, Eye)
        return {(True, False): "B", (False, True): "A"}.get(kinds)

    def _map_one(self, function):
        return KroneckerOperator(self.A, function(self.B)) if isinstance(self.A, Eye) else KroneckerOperator(function(self.A), self.B)

    def _written(self, library):
        return library.kronecker(*(library.identity(m.n) if isinstance(m, Eye) else library.dense(m) for m in (self.A, self.B)))

    def todense(self):
        A, B = (np.eye(m.n, dtype=self.dtype) if isinstance(m, Eye) else m for m in (self.A, self.B))
        return np.kron(A, B)

    def to_sparse(self):
        if self._beside_identity is None and not isinstance(self.A, Eye):
            return super().to_sparse()
        return sparse.csr_array(sparse.kron(*(sparse.eye_array(m.n) if isinstance(m, Eye) else m for m in (self.A, self.B)), format="csr"))

    def _symmetric(self):
        found = [True if isinstance(m, Eye) else symmetry(m) for m in (self.A, self.B)]
        return True if all(found) else None

    def _definite(self):
        found = [POSITIVE if isinstance(m, Eye) else definiteness(m) for m in (self.A, self.B)]
        return POSITIVE if found == [POSITIVE] * 2 else NEITHER if NEITHER in found and POSITIVE in found else None

    def _need_square_factors(self, what):
        if self.A.shape[0] != self.A.shape[1] or self.B.shape[0] != self.B.shape[1]:
            raise ShapeError(f"`{what}` of a Kronecker product needs square factors, got {self.A.shape} and {self.B.shape}")

    def diagonal(self):
        self._need_square_factors("diagonal")
        a, b = (np.ones(m.n, self.dtype) if isinstance(m, Eye) else m.diagonal() for m in (self.A, self.B))
        return np.outer(a, b).ravel()

    def trace(self):
        self._need_square_factors("trace")
        a, b = (m.n if isinstance(m, Eye) else m.trace() for m in (self.A, self.B))
        return a * b

    @cached_property
    def _factors(self):
        return tuple(None if isinstance(m, Eye) else Factor(m) for m in (self.A, self.B))

    def _solve(self, b):
        self._need_square_factors("solve")
        (n, m), k = self.out_shape, b.shape[1]
        first, second = self._factors
        x = b if first is None else first.solve(b.reshape(n, m * k))
        if second is not None and x.size:
            columns = x.reshape(n, m, k).transpose(1, 0, 2).reshape(m, n * k)
            x = second.solve(columns).reshape(m, n, k).transpose(1, 0, 2)
        return x.reshape(b.shape)

    def slogdet(self):
        self._need_square_factors("slogdet")
        sign, logarithm = self.dtype.type(1), 0.0
        for factor, power in zip(self._factors, self.out_shape[::-1]):
            if factor is not None and power:
                s, a = factor.slogdet()
                sign, logarithm = sign * s**power, logarithm + power * a
        return sign, logarithm


def _times(A, x):
    return x if isinstance(A, Eye) else A @ x
