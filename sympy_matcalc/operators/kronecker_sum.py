"""Solutions with sums of two Kronecker products, A (x) B + C (x) D: Sylvester equations A X B' + C X D' = F."""

from functools import cached_property

import numpy as np
from scipy import linalg

from .base import SumOperator
from .diagonal import DiagonalOperator
from .factor import NOISE, Factor
from .kronecker import Eye, KroneckerOperator
from .shown import POSITIVE, definiteness


class KroneckerSum:
    """``KroneckerSum(A, B, C, D)``: solves with A (x) B + C (x) D, by factors that are kept.

    Of symmetric matrices with B and C positive definite by two generalised eigenvalue problems, A V = C V diag(a) and D U = B U diag(d):
    X = V (V' F U ./ (a_i + d_j)) U'. Else by Schur forms of C^-1 A and B^-1 D (Bartels & Stewart 1972; Golub & Van Loan, 7.6.3).
    """

    def __init__(self, A, B, C, D):
        self.A, self.B, self.C, self.D = A, B, C, D
        self.dtype = np.result_type(*(m for m in (A, B, C, D) if not isinstance(m, Eye)), np.float32)

    @cached_property
    def _eigen(self):
        """(a, V, d, U), or None where the matrices are not symmetric, or neither B nor C positive definite."""
        whole = [_array(m, self.dtype) for m in (self.A, self.B, self.C, self.D)]
        A, B, C, D = whole
        if not all(np.array_equal(m, m.conj().T) for m in whole) or definiteness(B) != POSITIVE or definiteness(C) != POSITIVE:
            return None
        return *linalg.eigh(A, None if isinstance(self.C, Eye) else C), *linalg.eigh(D, None if isinstance(self.B, Eye) else B)

    @cached_property
    def _schur(self):
        """(factors of C, of B, Schur form and vectors of C^-1 A, of B^-1 D)."""
        c, b = (None if isinstance(m, Eye) else Factor(m.astype(self.dtype)) for m in (self.C, self.B))
        first, second = (_array(m, self.dtype) for m in (self.A, self.D))
        first, second = (m if f is None else f.solve(m) for m, f in ((first, c), (second, b)))
        return c, b, *linalg.schur(first), *linalg.schur(second)

    def solve(self, b):
        """The solutions for columns (n m, k)."""
        (n, m), k = (self.A.shape[0], self.B.shape[0]), b.shape[1]
        if not b.size:
            return np.zeros(b.shape, np.result_type(self.dtype, b))
        right = np.moveaxis(b.reshape(n, m, k), 2, 0)
        found = self._by_eigen(right) if self._eigen is not None else np.stack([self._by_schur(F) for F in right])
        return np.moveaxis(found, 0, 2).reshape(n * m, k)

    def _by_eigen(self, right):
        a, V, d, U = self._eigen
        sums = a[:, None] + d
        if np.abs(sums).min() <= NOISE * np.finfo(sums.dtype).eps * max(np.abs(a).max(), np.abs(d).max()):
            raise np.linalg.LinAlgError("Singular matrix, or one that is singular but for rounding")
        return V @ ((V.conj().T @ right @ U.conj()) / sums) @ U.T

    def _by_schur(self, F):
        c, b, R, V, S, U = self._schur
        if F.dtype.kind == "c" and R.dtype.kind != "c":
            return self._by_schur(F.real) + 1j * self._by_schur(F.imag)
        F = F if c is None else c.solve(F)
        F = F if b is None else b.solve(F.T).T
        F = V.conj().T @ F @ U.conj()
        (solver,) = linalg.get_lapack_funcs(("trsyl",), (R, S, F))
        if S.dtype.kind == "c":  # X D' with the transpose, of which LAPACK has the conjugate one
            Y, scale, info = solver(R.conj(), S, F.conj(), tranb="C")
            Y = Y.conj()
        else:
            Y, scale, info = solver(R, S, F, tranb="T")
        if info or not scale:
            raise np.linalg.LinAlgError("Singular matrix, or one that is singular but for rounding")
        return V @ (Y / scale) @ U.T

    def slogdet(self):
        """(sign, log |det|): the determinants of C (x) B, and the sums of the eigenvalues."""
        if self._eigen is not None:
            a, _, d, _ = self._eigen
            c, b = (None if isinstance(m, Eye) else Factor(m) for m in (self.C, self.B))
        else:
            c, b, R, _, S, _ = self._schur
            a, d = np.linalg.eigvals(R), np.linalg.eigvals(S)
        sums = (a[:, None] + d).ravel()
        size = np.abs(sums)
        if not size.all():
            return self.dtype.type(0), -np.inf
        sign, logarithm = np.prod(sums / size), np.log(size).sum()
        for factor, power in ((c, self.B.shape[0]), (b, self.A.shape[0])):
            if factor is not None:
                s, l = factor.slogdet()
                sign, logarithm = sign * s**power, logarithm + power * l
        sign = sign if self.dtype.kind == "c" else np.sign(sign.real)
        return self.dtype.type(sign), logarithm


def _array(matrix, dtype):
    return np.eye(matrix.n, dtype=dtype) if isinstance(matrix, Eye) else matrix.astype(dtype, copy=False)


def kronecker_sum(total):
    """What solves with a `SumOperator` of two Kronecker products of square matrices, and multiples of the identity; else None."""
    pairs = []
    for p in total.parts:
        if isinstance(p, DiagonalOperator) and len(p.out_shape) == 2 and p.d.size and (p.d == p.d.flat[0]).all():
            pairs.append((Eye(p.out_shape[0]), p.d.flat[0] * np.eye(p.out_shape[1], dtype=p.dtype)))
        elif isinstance(p, KroneckerOperator):
            pairs.append((p.A, p.B))
        else:
            return None
    pairs = _merged(pairs)
    if len(pairs) != 2 or any(m.shape[0] != m.shape[1] for pair in pairs for m in pair) or pairs[0][0].shape != pairs[1][0].shape:
        return None
    (A, B), (C, D) = sorted(pairs, key=lambda pair: isinstance(pair[1], Eye) - isinstance(pair[0], Eye), reverse=True)
    return KroneckerSum(A, B, C, D)


def _merged(pairs):
    """Products beside the same identity as one."""
    out = []
    for A, B in pairs:
        for k, (C, D) in enumerate(out):
            if isinstance(A, Eye) and isinstance(C, Eye) and A.n == C.n and not (isinstance(B, Eye) or isinstance(D, Eye)):
                out[k] = C, D + B
                break
            if isinstance(B, Eye) and isinstance(D, Eye) and B.n == D.n and not (isinstance(A, Eye) or isinstance(C, Eye)):
                out[k] = C + A, D
                break
        else:
            out.append((A, B))
    return out


SumOperator.forms.append(kronecker_sum)
