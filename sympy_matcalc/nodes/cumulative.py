"""Cumulative sums down the columns of a matrix, from the top and from the bottom."""

from sympy import Basic

from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed, itself

__all__ = ["CumulativeSum", "ReverseCumulativeSum"]


class _Cumulative(MatrixOfMatrix):
    abstract = True

    def __new__(cls, A):
        A = as_matrix(cls, A)
        return A if A.shape[0] == 1 else Basic.__new__(cls, A)

    def _value(self, A):
        return type(A)(*A.shape, lambda i, j: sum(A[k, j] for k in self.summed(i, A.rows)))


class CumulativeSum(_Cumulative):
    """The sums down each column up to each row, NumPy's ``cumsum(A, axis=0)``; of a column x it is ``(x_1, x_1 + x_2, ...)``.

    It is linear, and its adjoint is `ReverseCumulativeSum`; as a matrix it is the lower triangle of ones.

    >>> from sympy import Matrix, MatrixSymbol, Symbol
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> x, c = MatrixSymbol("x", n, 1), MatrixSymbol("c", n, 1)
    >>> mc.gradient(c.T*mc.CumulativeSum(x), x)
    revcumsum(c)
    >>> mc.CumulativeSum(Matrix([1, 2, 3])).doit().T
    Matrix([[1, 3, 6]])
    """

    typed = Typed("cumsum", "matrix", "cumulative sums down each column", itself)

    @staticmethod
    def summed(i, count):
        return range(i + 1)


class ReverseCumulativeSum(_Cumulative):
    """The sums of each column from each row down to the last; the adjoint of `CumulativeSum`.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import ReverseCumulativeSum
    >>> ReverseCumulativeSum(Matrix([1, 2, 3])).doit().T
    Matrix([[6, 5, 3]])
    """

    typed = Typed("revcumsum", "matrix", "cumulative sums up each column", itself)

    @staticmethod
    def summed(i, count):
        return range(i, count)
