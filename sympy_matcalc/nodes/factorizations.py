"""Pseudo-inverse and Cholesky factor."""

from sympy import Basic, Piecewise, S, sqrt
from sympy.matrices.expressions import Identity, Inverse, MatMul, Transpose, ZeroMatrix

from ..errors import ArgumentError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix, as_size
from .declaration import Typed
from .spelling import superscripted

__all__ = ["PseudoInverse", "Cholesky", "HalfLower"]


class PseudoInverse(MatrixOfMatrix):
    """Moore-Penrose inverse ``A^+``; its derivative is that within the matrices of one rank.

    ``d A^+ = -A^+ dA A^+ + A^+ A^+' dA' (I - A A^+) + (I - A^+ A) dA' A^+' A^+`` (Golub & Pereyra, SIAM J. Numer. Anal. 10, 1973;
    Magnus & Neudecker, ch. 8, sec. 5).

    >>> from sympy import Matrix, MatrixSymbol
    >>> from sympy_matcalc import PseudoInverse
    >>> PseudoInverse(PseudoInverse(MatrixSymbol("A", 2, 3)))
    A
    >>> PseudoInverse(Matrix([[2, 0], [0, 0]])).doit()
    Matrix([
    [1/2, 0],
    [  0, 0]])
    """

    typed = Typed("pinv", "matrix", "Moore-Penrose inverse", lambda x: 1 / x)
    domain = "fullrank"

    def __new__(cls, A):
        A = as_matrix(cls, A)
        if isinstance(A, PseudoInverse):
            return A.arg
        if isinstance(A, Inverse):
            return A.arg
        if isinstance(A, Identity):
            return A
        if isinstance(A, ZeroMatrix):
            return ZeroMatrix(*A.shape[::-1])
        if isinstance(A, Transpose):
            return Transpose(cls(A.arg))
        if isinstance(A, MatMul):
            scale, rest = A.as_coeff_matrices()
            if scale != 1 and scale.is_nonzero:
                return cls(rest[0] if len(rest) == 1 else MatMul(*rest)) / scale
        return Basic.__new__(cls, A)

    @property
    def shape(self):
        m, n = map(sympified, self.arg.shape)
        return n, m

    def _value(self, A):
        return A.pinv() if not A.free_symbols else None

    @property
    def conditions(self):
        return (f"the rank of {self.arg} is the same at all matrices near it",)

    def _body_latex(self, printer):
        return superscripted(printer, self.arg, "+")

    def _latex(self, printer, exp=None):
        body = self._body_latex(printer)
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"

    def is_symmetric_by_form(self, is_symmetric):
        return is_symmetric(self.arg)


class Cholesky(MatrixOfMatrix):
    """Lower triangular L with ``L L' = S`` and a positive diagonal, of a symmetric positive definite S.

    ``d L = L Phi(L^-1 dS L^-T)`` with Phi the lower triangle, its diagonal halved (Murray, arXiv:1602.07527, eq. 8); dS counts by its
    symmetric part. The numeric code raises an error where S is not symmetric positive definite.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import Cholesky
    >>> Cholesky(Matrix([[4, 2], [2, 2]])).doit()
    Matrix([
    [2, 0],
    [1, 1]])
    """

    typed = Typed("chol", "square", "lower Cholesky factor of a symmetric positive definite matrix", sqrt, aliases=("cholesky",))
    domain = "spd"

    def __new__(cls, S_):
        S_ = as_matrix(cls, S_, square=True)
        return S_ if isinstance(S_, Identity) else Basic.__new__(cls, S_)

    @property
    def conditions(self):
        return (f"{self.arg} is symmetric positive definite",)

    def _value(self, A):
        if A.is_positive_definite is False:
            raise ArgumentError(f"Cholesky needs a symmetric positive definite matrix, got {A}")
        return A.cholesky(hermitian=False) if A.is_symmetric() else None


class HalfLower(MatrixOfMatrix):
    """The constant n x n matrix that is 1 below the diagonal, 1/2 on it and 0 above: ``Phi(A) = A o HalfLower(n)``.

    >>> from sympy_matcalc import HalfLower
    >>> HalfLower(2).as_explicit()
    Matrix([
    [1/2,   0],
    [  1, 1/2]])
    """

    typed = Typed("halflower", "size", "1 below the diagonal, 1/2 on it, 0 above", lambda: S.Half)

    def __new__(cls, n):
        return Basic.__new__(cls, as_size(cls, n))

    @property
    def shape(self):
        return self.args[0], self.args[0]

    def doit(self, **hints):
        return self

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    def _entry(self, i, j, **kwargs):
        i, j = sympified(i), sympified(j)
        return Piecewise((S.One, i > j), (S.Half, i >= j), (S.Zero, True))

    def _body_latex(self, printer):
        return rf"\Phi_{{{printer._print(self.args[0])}}}"
