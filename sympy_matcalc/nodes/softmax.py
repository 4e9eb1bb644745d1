"""Softmax and log-sum-exp, of a vector and of each row or column of a matrix."""

from typing import Any

from sympy import Basic, Mul, OneMatrix, S, Transpose, ZeroMatrix, exp, log

from .axis import along
from .base import ColumnOfRows, MatrixOfMatrix, ScalarOfMatrix, as_matrix
from .declaration import Typed, itself, one

__all__ = ["Softmax", "LogSumExp", "RowSoftmax", "RowLogSumExp"]


def _softmax(entries: Any) -> list[Any]:
    total = sum(map(exp, entries))
    return [exp(t) / total for t in entries]


def _equal_entries(A: Any) -> Any:
    """The number that all entries of a matrix are, None where that does not show."""
    if isinstance(A, ZeroMatrix):
        return S.Zero
    ones = A.args[-1] if A.is_MatMul else A
    scalars = A.args[:-1] if A.is_MatMul else ()
    return Mul(*scalars) if isinstance(ones, OneMatrix) and not any(getattr(c, "is_Matrix", False) for c in scalars) else None


class OfColumns(Transpose):
    """The transpose of a function of the rows of X', which prints as that of the columns of X, with ``axis=0``."""

    def __new__(cls, of_rows: Any) -> Any:
        """Of anything else, which it may have been rebuilt with, the plain transpose."""
        return Basic.__new__(cls, of_rows) if isinstance(of_rows, OfRows) else Transpose(of_rows)

    def doit(self, **hints: Any) -> Any:
        of_rows = self.arg.doit(**hints) if hints.get("deep", True) else self.arg
        return OfColumns(of_rows) if isinstance(of_rows, OfRows) else of_rows.T

    def _sympystr(self, printer: Any) -> str:
        return self.arg.with_axis(0, printer._print(self.arg.arg.T))

    def _sympyrepr(self, printer: Any) -> str:
        return f"{self.arg.name}({printer._print(self.arg.arg.T)}, axis=0)"

    def _latex(self, printer: Any, **power: Any) -> str:
        name = self.arg.latex_name.replace("row", "col")
        return rf"{name}\left({printer._print(self.arg.arg.T)}\right)" + (f"^{{{power['exp']}}}" if "exp" in power else "")


def _flips(A: Any) -> int:
    return sum(isinstance(f, Transpose) for f in (A.args if A.is_MatMul else (A,)))


class OfRows:
    """Mixin: a function of each row of its argument, of which the transpose is one of the columns."""

    name: str
    arg: Any

    def _eval_transpose(self) -> Any:
        """Of the columns of X where the argument is X', or is else shorter transposed; None for the plain transpose."""
        return OfColumns(self) if _flips(self.arg.T) < _flips(self.arg) else None

    def with_axis(self, axis: int, argument: str) -> str:
        return f"{self.name.lower()}({argument}, axis={axis})"

    def _sympystr(self, printer: Any) -> str:
        return self.with_axis(1, printer._print(self.arg))


class OfEqualEntries:
    """Mixin: the value for a matrix whose entries are all one number, of symbolic sizes too."""

    def doit(self, **hints: Any) -> Any:
        evaluate: Any = super()
        found = evaluate.doit(**hints)
        c = _equal_entries(found.args[0]) if hasattr(found, "of_equal_entries") else None
        return found if c is None else found.of_equal_entries(c)


class Softmax(OfEqualEntries, MatrixOfMatrix):
    """``exp(x)/sum(exp(x))`` of a vector; ``d s = (diag(s) - s s') dx``. With `axis`, that of each row or column of a matrix.

    x: a vector, or with `axis` any matrix. axis: as NumPy's, the one along which the entries sum to 1: ``Softmax(X, axis=1)`` is that of
    each row, whose gradients are ``P o (G - rowsum(P o G) 1')``; ``Softmax(X, axis=0)`` that of each column. Errors: ShapeError for a
    matrix without an axis, ArgumentError for an axis that a matrix has not.

    >>> from sympy import MatrixSymbol, Trace, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> x, X, G = MatrixSymbol("x", n, 1), MatrixSymbol("X", m, n), MatrixSymbol("G", m, n)
    >>> mc.jacobian(mc.Softmax(x), x)
    DiagMatrix(softmax(x)) - softmax(x)*softmax(x).T
    >>> mc.Softmax(X, axis=1), mc.Softmax(X, axis=0)
    (softmax(X, axis=1), softmax(X, axis=0))
    """

    typed = Typed("softmax", "vector", "exp(x)/sum(exp(x)) of a vector", one)

    def __new__(cls, x, axis=None):
        if axis is not None:
            return along(axis, RowSoftmax, as_matrix(cls, x))
        return Basic.__new__(cls, as_matrix(cls, x, vector=True, hint="; give `axis=1` for its rows, `axis=0` for its columns"))

    def of_equal_entries(self, c):
        m, n = self.shape
        return OneMatrix(m, n) / (n if m == 1 else m)

    def _value(self, x):
        return type(x)(*x.shape, _softmax(x.flat()))


class RowSoftmax(OfRows, Softmax):
    """`Softmax` of each row, ``Softmax(X, axis=1)``; ``d P = P o (dX - rowsum(P o dX) 1')``.

    >>> from sympy import MatrixSymbol, OneMatrix, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.gradient(mc.ElementSum(mc.LogSumExp(X, axis=1)), X)
    softmax(X, axis=1)
    """

    typed = Typed("rowsoftmax", "matrix", "softmax of each row", one)
    name = "Softmax"
    latex_name = r"\operatorname{softmax}_{\mathrm{row}}"

    def __new__(cls, A):
        return Basic.__new__(cls, as_matrix(cls, A))

    def of_equal_entries(self, c):
        return OneMatrix(*self.shape) / self.shape[1]

    def _value(self, A):
        return type(A)([_softmax(list(A.row(i))) for i in range(A.rows)])


class LogSumExp(OfEqualEntries, ScalarOfMatrix):
    """``log(sum(exp(x)))`` of a vector; its gradient is the softmax. With `axis`, that of each row or column of a matrix.

    x: a vector, or with `axis` any matrix. axis: as NumPy's, the one that is summed over: ``LogSumExp(X, axis=1)`` is the column of those
    of the rows, ``LogSumExp(X, axis=0)`` the row of those of the columns. Errors: ShapeError for a matrix without an axis, ArgumentError
    for an axis that a matrix has not.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient(mc.LogSumExp(x), x)
    softmax(x)
    """

    typed = Typed("logsumexp", "vector", "log(sum(exp(x))) of a vector", itself)

    def __new__(cls, x, axis=None):
        if axis is not None:
            return along(axis, RowLogSumExp, as_matrix(cls, x))
        return Basic.__new__(cls, as_matrix(cls, x, vector=True, hint="; give `axis=1` for its rows, `axis=0` for its columns"))

    def of_equal_entries(self, c):
        m, n = self.arg.shape
        return c + log(n if m == 1 else m)

    def _value(self, x):
        return log(sum(exp(t) for t in x.flat()))


class RowLogSumExp(OfRows, OfEqualEntries, ColumnOfRows):
    """The column of `LogSumExp` of each row, ``LogSumExp(X, axis=1)``; ``d l = (P o dX) 1`` with P the softmax of each row.

    >>> from sympy import Matrix, log
    >>> from sympy_matcalc import RowLogSumExp
    >>> RowLogSumExp(Matrix([[0, 0], [log(2), 0]])).doit()
    Matrix([
    [log(2)],
    [log(3)]])
    """

    typed = Typed("rowlogsumexp", "matrix", "column of logsumexp of each row", itself)
    name = "LogSumExp"
    latex_name = r"\operatorname{logsumexp}_{\mathrm{row}}"

    def of_equal_entries(self, c):
        return (c + log(self.arg.shape[1])) * OneMatrix(*self.shape)

    @staticmethod
    def of_entries(*entries):
        return log(sum(map(exp, entries)))
