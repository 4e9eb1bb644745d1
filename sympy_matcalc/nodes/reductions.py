"""Sums and means of the entries of a matrix."""

from sympy import Basic, S, Sum
from sympy.core.symbol import Dummy
from sympy.matrices.expressions import ZeroMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..strict import sympified
from .axis import along
from .base import MatrixOfMatrix, ScalarOfMatrix, as_matrix
from .declaration import Typed, itself

__all__ = ["ElementSum", "Mean", "RowSum"]


class ElementSum(ScalarOfMatrix):
    """The sum of all entries, ``1' A 1``.

    axis: as NumPy's, 1 for the column of the sums of the rows, `RowSum`, 0 for the row of those of the columns.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient(mc.ElementSum(x), x)
    ones(n, 1)
    >>> mc.ElementSum(Matrix([[1, 2], [3, 4]])).doit()
    10
    """

    typed = Typed("sum", "matrix", "sum of all entries", itself)

    def __new__(cls, A, axis=None):
        A = as_matrix(cls, A)
        if axis is not None:
            return along(axis, RowSum, A, cls.__name__)
        return S.Zero if isinstance(A, ZeroMatrix) else Basic.__new__(cls, A)

    def _value(self, A):
        return sum(A.flat())


class Mean(ScalarOfMatrix):
    """The mean of all entries, ``1' A 1/(m n)`` for A of shape (m, n).

    axis: as NumPy's, 1 for the column of the means of the rows, 0 for the row of those of the columns, as multiples of `RowSum`.

    >>> from sympy import Matrix
    >>> import sympy_matcalc as mc
    >>> mc.Mean(Matrix([[1, 2], [3, 4]])).doit()
    5/2
    """

    typed = Typed("mean", "matrix", "mean of all entries", itself)

    def __new__(cls, A, axis=None):
        A = as_matrix(cls, A)
        if axis is not None:
            return along(axis, _row_mean, A, cls.__name__)
        return S.Zero if isinstance(A, ZeroMatrix) else Basic.__new__(cls, A)

    def _value(self, A):
        return sum(A.flat()) / sympified(len(A.flat()))


class RowSum(MatrixOfMatrix):
    """The column of the sums over each row, ``A 1``; with ``axis=0`` the row of the sums down each column, ``1' A``.

    >>> from sympy import Matrix
    >>> import sympy_matcalc as mc
    >>> mc.RowSum(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [3],
    [7]])
    """

    typed = Typed("rowsum", "matrix", "column of the sums over each row", itself)

    def __new__(cls, A, axis=None):
        A = as_matrix(cls, A)
        return Basic.__new__(cls, A) if axis is None else along(axis, RowSum, A, cls.__name__)

    @property
    def shape(self):
        return sympified(self.arg.shape[0]), S.One

    def _value(self, A):
        return A * A.ones(A.shape[1], 1)

    def _entry(self, i, j, **kwargs):
        k = Dummy("k", integer=True)
        return Sum(MatrixElement(self.arg, i, k), (k, 0, self.arg.shape[1] - 1))


def _row_mean(A):
    """The column of the means of the rows."""
    return RowSum(A) / sympified(A.shape[1])
