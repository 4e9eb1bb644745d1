"""Largest and smallest entries, of a whole matrix and of each of its rows, and where they stand."""

from sympy import Basic, Max, Min, S
from sympy.matrices.expressions import Transpose

from .axis import along
from .base import ColumnOfRows, MatrixOfMatrix, ScalarOfEntries, as_matrix
from .declaration import Typed, itself, one

__all__ = ["ElementMax", "ElementMin", "RowMax", "RowMin", "Hardmax", "RowHardmax"]


class ElementMax(ScalarOfEntries):
    """The largest entry of a vector or matrix; ``d max(A) = <Hardmax(A), dA>``, as log-sum-exp has the softmax.

    Where k entries are largest the derivative is 1/k at each of them, as that of SymPy's ``Max`` is, whose step is 1/2 at a tie. With
    `axis`, as NumPy's: 1 is the column of the largest of each row, `RowMax`, 0 the row of the largest of each column.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient(mc.ElementMax(x), x)
    hardmax(x)
    >>> mc.ElementMax(Matrix([[1, 2], [4, 3]])).doit()
    4
    """

    typed = Typed("max", "matrix", "largest entry", itself)
    latex_name = r"\max"
    domain = "distinct_abs"
    is_extended_real = True  # complex numbers have no order
    of_entries = Max

    def __new__(cls, A, axis=None):
        return super().__new__(cls, A) if axis is None else along(axis, RowMax, as_matrix(cls, A), cls.__name__)


class ElementMin(ScalarOfEntries):
    """The smallest entry of a vector or matrix; ``d min(A) = <Hardmax(-A), dA>``, at ties and with `axis` as for `ElementMax`.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient(mc.ElementMin(x), x)
    hardmax(-x)
    >>> mc.ElementMin(Matrix([[1, 2], [4, 3]])).doit()
    1
    """

    typed = Typed("min", "matrix", "smallest entry", itself)
    latex_name = r"\min"
    domain = "distinct_abs"
    is_extended_real = True  # complex numbers have no order
    of_entries = Min

    def __new__(cls, A, axis=None):
        return super().__new__(cls, A) if axis is None else along(axis, RowMin, as_matrix(cls, A), cls.__name__)


class RowMax(ColumnOfRows):
    """The column of the largest entries of each row; those of the columns are ``RowMax(A.T).T``.

    ``d rowmax(A) = (RowHardmax(A) o dA) 1``, at ties as for `ElementMax`.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import RowMax
    >>> RowMax(Matrix([[1, 2], [4, 3]])).doit()
    Matrix([
    [2],
    [4]])
    """

    typed = Typed("rowmax", "matrix", "column of the largest entries of each row", itself)
    domain = "distinct_abs"
    of_entries = Max


class RowMin(ColumnOfRows):
    """The column of the smallest entries of each row; ``d rowmin(A) = (RowHardmax(-A) o dA) 1``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import RowMin
    >>> RowMin(Matrix([[1, 2], [4, 3]])).doit()
    Matrix([
    [1],
    [3]])
    """

    typed = Typed("rowmin", "matrix", "column of the smallest entries of each row", itself)
    domain = "distinct_abs"
    of_entries = Min


def _indicator(entries):
    """1/k at each of the k largest entries, else 0; None where they cannot be ordered."""
    largest = Max(*entries)
    if largest.free_symbols:
        return None
    at = [S.One if (x - largest).equals(0) else S.Zero for x in entries]
    return [x / sum(at) for x in at]


class Hardmax(MatrixOfMatrix):
    """1 at the largest entry, else 0; 1/k at each of k largest ones: the limit of ``Softmax(x/t)`` as t goes to 0.

    It is the derivative of `ElementMax`; its own is 0 where it has one.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import Hardmax
    >>> Hardmax(Matrix([1, 3, 2])).doit().T, Hardmax(Matrix([1, 3, 3])).doit().T
    (Matrix([[0, 1, 0]]), Matrix([[0, 1/2, 1/2]]))
    """

    typed = Typed("hardmax", "matrix", "1 at the largest entry, else 0; 1/k at each of k largest ones", one)
    domain = "distinct_abs"

    def __new__(cls, A):
        A = as_matrix(cls, A)
        return Transpose(Basic.__new__(cls, A.arg)) if isinstance(A, Transpose) else Basic.__new__(cls, A)

    @property
    def conditions(self):
        return (f"one entry of {self.arg} is largest",)

    def _value(self, A):
        found = _indicator(A.flat())
        return None if found is None else type(A)(*A.shape, found)


class RowHardmax(MatrixOfMatrix):
    """`Hardmax` of each row, the derivative of `RowMax`.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import RowHardmax
    >>> RowHardmax(Matrix([[1, 3], [2, 2]])).doit()
    Matrix([
    [  0,   1],
    [1/2, 1/2]])
    """

    typed = Typed("rowhardmax", "matrix", "hardmax of each row", one)
    domain = "distinct_abs"

    def __new__(cls, A):
        return Basic.__new__(cls, as_matrix(cls, A))

    @property
    def conditions(self):
        return (f"one entry of each row of {self.arg} is largest",)

    def _value(self, A):
        rows = [_indicator(list(A.row(i))) for i in range(A.rows)]
        return None if None in rows else type(A)(rows)
