"""Eigenvalues and eigenvectors of symmetric-definite pencils, A v = lambda B v."""

from typing import Any

from mpmath import mp
from sympy import Basic, MatrixExpr, S

from ..strict import sympified
from .base import MatrixOfMatrix, RealScalarOfMatrix, as_index, as_matrix
from .declaration import OwnNode, Typed
from .equations import check_size
from .multiprecision import mpmath_matrix
from .spelling import letter, subscript

__all__ = ["GeneralizedEigenvalue", "GeneralizedEigenvector", "PencilResolvent"]


def _system(A, B):
    """(eigenvalues, vectors V with V' B V = I) of matrices of mpmath, A and B symmetric; None where they are not."""
    if A != A.T or B != B.T:
        return None
    lower = mp.cholesky(B)
    inverse = lower**-1
    values, vectors = mp.eigsy(inverse * A * inverse.T)
    return values, inverse.T * vectors


class OfPencil(OwnNode):
    """Mixin of what is said of value i of the pencil of two square matrices."""

    abstract = True

    def __new__(cls, A, B, i):
        A, B = as_matrix(cls, A, square=True), as_matrix(cls, B, square=True)
        check_size(cls, A.shape[0], B.shape[0], "as many rows of B as A has")
        return Basic.__new__(cls, A, B, as_index(cls, i, sympified(A.shape[0])))

    @property
    def domains(self):
        return (self.args[0], self.domain), (self.args[1], "spd")

    @property
    def indices(self):
        return ((self.args[2], self.args[0].shape[0]),)

    def as_explicit(self):
        entries: Any = MatrixExpr.as_explicit
        return entries(self)

    @property
    def conditions(self):
        A, B, _ = self.args
        return f"{A} is symmetric", f"{B} is positive definite"

    def _simple(self):
        return (f"eigenvalue {self.args[2]} of ({self.args[0]}, {self.args[1]}) is simple",)

    def _pair(self, printer):
        return rf"\left({printer._print(self.args[0])}, {printer._print(self.args[1])}\right)"


class GeneralizedEigenvalue(OfPencil, RealScalarOfMatrix):
    """Eigenvalue i of ``A v = lambda B v``, ascending from i = 0, A symmetric and B positive definite, both n x n.

    ``d lambda = v' (dA - lambda dB) v`` where it is simple, with ``v' B v = 1`` (Magnus & Neudecker, ch. 8; Parlett, The Symmetric
    Eigenvalue Problem, ch. 15). The numeric code raises an error where A is not symmetric or B not positive definite.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i = symbols("n i", integer=True, positive=True)
    >>> A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    >>> mc.gradient(mc.GeneralizedEigenvalue(A, B, i), A)
    geneigvec(A, B, i)*geneigvec(A, B, i).T
    """

    typed = Typed("geneigval", "square direction index", "eigenvalue of X*v = a*E*v, ascending from 0", lambda a, b, i: a / b)
    domain = "simple_spectrum"

    def as_explicit(self):
        return self

    @staticmethod
    def multiprecision(A, B, i):
        found = _system(A, mpmath_matrix(B))
        return None if found is None else found[0][int(i)]

    def _body_latex(self, printer):
        return rf"\lambda{subscript(printer, self.args[2])}{self._pair(printer)}"


class GeneralizedEigenvector(OfPencil, MatrixOfMatrix):
    """The eigenvector v of `GeneralizedEigenvalue`, with ``v' B v = 1``; its sign is the numeric library's.

    ``d v = R (dA - lambda dB) v - (v' dB v) v/2``, R the `PencilResolvent`, where the eigenvalue is simple.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> mc.GeneralizedEigenvector(MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), 0).shape
    (n, 1)
    """

    up_to_sign = True
    typed = Typed("geneigvec", "square direction index", "its eigenvector v with v.T*E*v = 1", lambda a, b, i: b**-S.Half)
    domain = "simple_spectrum"

    @property
    def shape(self):
        return sympified(self.args[0].shape[0]), S.One

    @property
    def conditions(self):
        return (*super().conditions, *self._simple())

    @staticmethod
    def multiprecision(A, B, i):
        found = _system(A, mpmath_matrix(B))
        return None if found is None else found[1][:, int(i)]

    def _body_latex(self, printer):
        return rf"{letter(printer, 'q')}{subscript(printer, self.args[2])}{self._pair(printer)}"


class PencilResolvent(OfPencil, MatrixOfMatrix):
    """``sum_{j != i} v_j v_j'/(lambda_i - lambda_j)`` of the pencil (A, B): symmetric, with ``R B v_i = 0``. Of 1 x 1: 0.

    What derivatives of generalized eigenvectors are made of; for B = I the `ReducedResolvent`.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, t = symbols("n", integer=True, positive=True), symbols("t", real=True)
    >>> A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
    >>> mc.diff(mc.GeneralizedEigenvector(t*A.T*A, B, 0), t)
    genresolvent(t*A.T*A, B, 0)*A.T*A*geneigvec(t*A.T*A, B, 0)
    """

    typed = Typed("genresolvent", "square direction index", "sum of v*v.T/(a - b) over the other eigenvalues b", lambda a, b, i: S.Zero)
    domain = "simple_spectrum"

    @property
    def conditions(self):
        return (*super().conditions, *self._simple())

    def _eval_transpose(self):
        return self

    @staticmethod
    def multiprecision(A, B, i):
        found = _system(A, mpmath_matrix(B))
        if found is None:
            return None
        values, V = found
        others = [k for k in range(len(values)) if k != int(i)]
        return sum((V[:, k] * V[:, k].T / (values[int(i)] - values[k]) for k in others), mp.zeros(A.rows))

    def _body_latex(self, printer):
        return rf"{letter(printer, 'R')}{subscript(printer, self.args[2])}{self._pair(printer)}"

    def is_symmetric_by_form(self, is_symmetric):
        return True
