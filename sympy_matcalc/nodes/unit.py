"""MatrixUnit: the matrix with a single one; its column form is a unit vector."""

from sympy import Basic, KroneckerDelta, S
from sympy.matrices.expressions.matexpr import MatrixExpr

from .base import as_index, as_size
from .declaration import OwnNode, Typed, one
from .spelling import letter, subscript, transposed

__all__ = ["MatrixUnit"]


class MatrixUnit(OwnNode, MatrixExpr):
    """The ``m x n`` matrix that is 1 at ``(i, j)`` and 0 elsewhere, ``e_i e_j'`` (Matrix Cookbook, the single-entry matrix J^ij).

    Indices count from 0. ``MatrixUnit(n, 1, i, 0)`` is the unit vector ``e_i``.

    >>> from sympy import symbols
    >>> from sympy_matcalc import MatrixUnit
    >>> MatrixUnit(2, 3, 0, 1).as_explicit()
    Matrix([
    [0, 1, 0],
    [0, 0, 0]])
    """

    typed = Typed("unit", "size size index index", "m x n matrix with a single 1", one)

    def __new__(cls, m, n, i, j):
        m, n = as_size(cls, m), as_size(cls, n)
        return Basic.__new__(cls, m, n, as_index(cls, i, m), as_index(cls, j, n))

    @property
    def shape(self):
        return self.args[:2]

    @property
    def indices(self):
        return tuple(zip(self.index, self.shape))

    @property
    def index(self):
        """The position ``(i, j)`` of the one."""
        return self.args[2:]

    def _entry(self, i, j, **kwargs):
        row, col = self.index
        return (S.One if self.shape[0] == 1 else KroneckerDelta(row, i)) * (S.One if self.shape[1] == 1 else KroneckerDelta(col, j))

    def _eval_transpose(self):
        m, n, i, j = self.args
        return MatrixUnit(n, m, j, i)

    def _eval_adjoint(self):
        return self._eval_transpose()

    def _eval_conjugate(self):
        return self

    def _eval_trace(self):
        return KroneckerDelta(*self.index)

    def _latex(self, printer, exp=None):
        row, col = self.index
        if self.shape[1] == 1:
            body = letter(printer, "e") + subscript(printer, row)
        elif self.shape[0] == 1:
            body = transposed(printer, letter(printer, "e") + subscript(printer, col))
        else:
            body = letter(printer, "E") + subscript(printer, row, col)
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"

    def is_symmetric_by_form(self, is_symmetric):
        return self.args[2] == self.args[3]
