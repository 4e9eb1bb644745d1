"""Norms of a matrix that a norm of vectors induces, and the logarithm of its volume."""

from sympy import Abs, Basic, Determinant, Max, log
from sympy.matrices.expressions import Transpose

from .base import RealScalarOfMatrix, as_matrix
from .declaration import Typed, absolute
from .spelling import bars, open_ended

__all__ = ["OneNorm", "InfinityNorm", "LogAbsDeterminant"]


class _Induced(RealScalarOfMatrix):
    abstract = True
    is_extended_nonnegative = True
    domain = "distinct_abs"
    subscript = ""

    def __new__(cls, A):
        return Basic.__new__(cls, as_matrix(cls, A))

    def _body_latex(self, printer):
        return rf"{bars(printer._print(self.arg), self.arg.is_symbol)}_{{{self.subscript}}}"


class OneNorm(_Induced):
    """The induced 1-norm of a matrix, its largest column sum of absolute values, ``max_j sum_i |A_ij|``.

    Its derivative takes the column with the largest sum, several of them in equal parts, and sign(0) = 0. Source: Golub & Van Loan, Matrix
    Computations, sec. 2.3. The sum of all absolute values is ``Norm(A, 1)``.

    >>> from sympy import Matrix
    >>> import sympy_matcalc as mc
    >>> mc.OneNorm(Matrix([[1, -2], [3, 4]])).doit()
    6
    """

    typed = Typed("one_norm", "matrix", "largest column sum of absolute values, the induced 1-norm", absolute)
    subscript = "1"

    def _value(self, A):
        return Max(*(sum(map(Abs, A.col(j))) for j in range(A.cols)))


class InfinityNorm(_Induced):
    """The induced infinity-norm of a matrix, its largest row sum of absolute values, ``max_i sum_j |A_ij|``; otherwise as `OneNorm`.

    >>> from sympy import Matrix
    >>> import sympy_matcalc as mc
    >>> mc.InfinityNorm(Matrix([[1, -2], [3, 4]])).doit()
    7
    """

    typed = Typed("inf_norm", "matrix", "largest row sum of absolute values, the induced infinity-norm", absolute)
    subscript = r"\infty"

    def _value(self, A):
        return Max(*(sum(map(Abs, A.row(i))) for i in range(A.rows)))


class LogAbsDeterminant(RealScalarOfMatrix):
    """``log |det A|`` of an invertible matrix, what ``slogdet`` of NumPy computes; ``d log |det A| = tr(A^-1 dA)``.

    Source: Magnus & Neudecker, ch. 8, sec. 4; the sign of the determinant does not matter.

    >>> from sympy import Matrix, MatrixSymbol, Symbol
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.LogAbsDeterminant(X), X)
    X.T**(-1)
    >>> mc.LogAbsDeterminant(Matrix([[0, 2], [1, 0]])).doit()
    log(2)
    """

    typed = Typed("logabsdet", "square", "log |det X|", lambda x: log(Abs(x)))
    domain = "invertible"

    def __new__(cls, A):
        A = as_matrix(cls, A, square=True)
        return Basic.__new__(cls, A.arg if isinstance(A, Transpose) else A)

    def _value(self, A):
        return log(Abs(A.det()))

    def _eval_rewrite_as_Determinant(self, A, **kwargs):
        return log(Abs(Determinant(A)))

    @property
    def conditions(self):
        return (f"{self.arg} is invertible",)

    def _body_latex(self, printer):
        return open_ended(printer, rf"\log \left\lvert \det {printer.parenthesize(self.arg, 60)} \right\rvert")
