"""Sums and means over the entries that hold the same parameter in a Toeplitz, circulant or Hankel matrix.

They are what ties the entries of a gradient together: a Toeplitz matrix has one parameter a diagonal, a Hankel matrix one an antidiagonal,
a circulant matrix one a diagonal that goes on at the other side. All of them are linear, and their own adjoints.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from sympy import Basic, Rational, S

from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed, itself

__all__ = ["ToeplitzSums", "ToeplitzMeans", "HankelSums", "HankelMeans", "CirculantSums"]


class TiedEntries(MatrixOfMatrix):
    """Base of all: each entry is the sum, or the mean, over the entries of its class; ``place(i, j, n)`` is the number of that."""

    abstract = True
    square = False
    mean = False
    pattern: ClassVar[str]  # its name in numeric code
    place: ClassVar[Callable[..., Any]]

    def __new__(cls, A):
        return Basic.__new__(cls, as_matrix(cls, A, square=cls.square))

    def _value(self, A):
        total: dict[Any, Any] = {}
        for i in range(A.rows):
            for j in range(A.cols):
                total.setdefault(self.place(i, j, A.cols), []).append(A[i, j])
        value = {k: sum(v, S.Zero) * (Rational(1, len(v)) if self.mean else S.One) for k, v in total.items()}
        return type(A)(*A.shape, lambda i, j: value[self.place(int(i), int(j), A.cols)])


def diagonal(i, j, n):
    return j - i


def antidiagonal(i, j, n):
    return i + j


def wrapped_diagonal(i, j, n):
    return (j - i) % n


class ToeplitzSums(TiedEntries):
    """The Toeplitz matrix of the sums over the diagonals of A.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import ToeplitzSums
    >>> ToeplitzSums(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [5, 2],
    [3, 5]])
    """

    typed = Typed("toepsum", "matrix", "sums over each diagonal, as a Toeplitz matrix", itself)
    latex_name = r"\operatorname{Toep}_{\Sigma}"
    pattern, place = "toeplitz", staticmethod(diagonal)


class ToeplitzMeans(TiedEntries):
    """The Toeplitz matrix of the means over the diagonals of A: the nearest Toeplitz matrix.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import ToeplitzMeans
    >>> ToeplitzMeans(Matrix([[1, 2], [3, 5]])).doit()
    Matrix([
    [3, 2],
    [3, 3]])
    """

    typed = Typed("toepmean", "matrix", "means over each diagonal, as a Toeplitz matrix", itself)
    latex_name = r"\operatorname{Toep}"
    pattern, place, mean = "toeplitz", staticmethod(diagonal), True


class HankelSums(TiedEntries):
    """The Hankel matrix of the sums over the antidiagonals of A.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import HankelSums
    >>> HankelSums(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [1, 5],
    [5, 4]])
    """

    typed = Typed("hanksum", "matrix", "sums over each antidiagonal, as a Hankel matrix", itself)
    latex_name = r"\operatorname{Hank}_{\Sigma}"
    pattern, place = "hankel", staticmethod(antidiagonal)

    def is_symmetric_by_form(self, is_symmetric):
        return True


class HankelMeans(TiedEntries):
    """The Hankel matrix of the means over the antidiagonals of A: the nearest Hankel matrix.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import HankelMeans
    >>> HankelMeans(Matrix([[1, 2], [4, 5]])).doit()
    Matrix([
    [1, 3],
    [3, 5]])
    """

    typed = Typed("hankmean", "matrix", "means over each antidiagonal, as a Hankel matrix", itself)
    latex_name = r"\operatorname{Hank}"
    pattern, place, mean = "hankel", staticmethod(antidiagonal), True

    def is_symmetric_by_form(self, is_symmetric):
        return True


class CirculantSums(TiedEntries):
    """The circulant matrix of the sums over the diagonals of a square A, each of which goes on at the other side.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import CirculantSums
    >>> CirculantSums(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [5, 5],
    [5, 5]])
    """

    typed = Typed("circsum", "square", "sums over each wrapped diagonal, as a circulant matrix", itself)
    latex_name = r"\operatorname{Circ}_{\Sigma}"
    pattern, place, square = "circulant", staticmethod(wrapped_diagonal), True
