"""Rows of a matrix by a list of their numbers, and rows added up by such a list."""

from sympy import Basic, Integer, Tuple

from ..errors import IndexRangeError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix, as_size

__all__ = ["Gather", "Scatter"]


def as_indices(cls, indices, count):
    """The list of the numbers of rows, from 0 on and below `count`; IndexRangeError where it is none."""
    if not isinstance(indices, (list, tuple, Tuple)) or not len(indices):
        raise IndexRangeError(f"{cls.__name__} needs a list of the numbers of rows, got `{indices}`")
    found = [Integer(i) if isinstance(i, int) and not isinstance(i, bool) else i for i in indices]
    for i in found:
        if not getattr(i, "is_Integer", False):
            raise IndexRangeError(f"{cls.__name__}: the numbers of rows are whole numbers from 0 on, got `{i}`")
        if i.is_negative or (i - count).is_nonnegative:
            raise IndexRangeError(f"{cls.__name__}: row {i} is out of range for {count} rows")
    return Tuple(*found)


class _ByList(MatrixOfMatrix):
    abstract = True
    typed = "its list of numbers is an argument of no other function: `gather` and `scatter` are functions of their own in the grammar"

    @property
    def numbers(self):
        """The numbers of the rows."""
        return tuple(map(int, self.args[1]))

    @classmethod
    def word(cls):
        return cls.__name__.lower()

    def _sympystr(self, printer):
        matrix, numbers, *sizes = self.args
        args = [printer._print(matrix), f"[{', '.join(map(printer._print, numbers))}]", *map(printer._print, sizes)]
        return f"{self.word()}({', '.join(args)})"

    def _body_latex(self, printer):
        numbers = ", ".join(printer._print(i) for i in self.args[1])
        return rf"{self.latex_name}\left({printer._print(self.arg)}, \left({numbers}\right)\right)"


class Gather(_ByList):
    """The rows of a matrix, or the entries of a column, with these numbers, from 0 on: NumPy's ``A[[2, 0, 0]]``; linear in A.

    Its adjoint is `Scatter`. Columns are gathered by ``Gather(A.T, ...).T``. Errors: IndexRangeError for what is no
    list of numbers of rows.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> x, c = MatrixSymbol("x", 5, 1), MatrixSymbol("c", 3, 1)
    >>> mc.gradient(c.T*mc.Gather(x, [2, 0, 0]), x)
    scatter(c, [2, 0, 0], 5)
    >>> mc.Gather(Matrix([10, 11, 12]), [2, 0, 0]).doit().T
    Matrix([[12, 10, 10]])
    """

    latex_name = r"\operatorname{gather}"

    def __new__(cls, A, indices):
        A = as_matrix(cls, A)
        return Basic.__new__(cls, A, as_indices(cls, indices, sympified(A.shape[0])))

    @property
    def shape(self):
        return sympified(len(self.args[1])), sympified(self.arg.shape[1])

    def _value(self, A, indices):
        return A.extract(list(map(int, indices)), list(range(A.cols)))


class Scatter(_ByList):
    """The matrix of m rows that row k of A is added to at the k-th of these numbers, the rest 0; the adjoint of `Gather`.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import Scatter
    >>> Scatter(Matrix([1, 2, 3]), [2, 0, 0], 4).doit().T
    Matrix([[5, 0, 1, 0]])
    """

    latex_name = r"\operatorname{scatter}"

    def __new__(cls, A, indices, m):
        A, m = as_matrix(cls, A), as_size(cls, m)
        indices = as_indices(cls, indices, m)
        if (sympified(A.shape[0]) - len(indices)).expand() != 0:
            raise IndexRangeError(f"Scatter needs a number for each row: got {len(indices)} for the shape {A.shape}")
        return Basic.__new__(cls, A, indices, m)

    @property
    def shape(self):
        return self.args[2], sympified(self.arg.shape[1])

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit() if not self.args[2].is_Integer else super().as_explicit()

    def _value(self, A, indices, m):
        if not m.is_Integer:
            return None
        return type(A)(int(m), A.cols, lambda i, j: sum(A[k, j] for k, at in enumerate(indices) if at == i))
