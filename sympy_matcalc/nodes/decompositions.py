"""Factors of the QR decomposition and of the LU decomposition of a matrix."""

from mpmath import mp
from sympy import Abs, Basic, ImmutableMatrix, S, eye, sign

from ..errors import ShapeError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed, absolute, itself, one
from .spelling import letter

__all__ = ["QRFactorQ", "QRFactorR", "LUFactorP", "LUFactorL", "LUFactorU"]


class _Factor(MatrixOfMatrix):
    """Base of all factors; `letter` is what books call it."""

    abstract = True
    letter = ""

    def _body_latex(self, printer):
        return rf"{letter(printer, self.letter)}\left({printer._print(self.arg)}\right)"


class _OfTall(_Factor):
    abstract = True
    domain = "fullrank"

    def __new__(cls, A):
        A = as_matrix(cls, A)
        if (sympified(A.shape[0]) - A.shape[1]).is_negative:
            rows = A.shape[0]
            raise ShapeError(
                f"{cls.__name__} needs a matrix of at least as many rows as columns, got shape {A.shape}: `{A}`; a wide A has "
                f"the Q of its first {rows} columns: `Q = QRFactorQ(A[:, :{rows}])`, `R = Q.T*A`"
            )
        return Basic.__new__(cls, A)

    @property
    def conditions(self):
        return (f"{self.arg} has full column rank",)

    @staticmethod
    def positive(Q, R):
        """The factors with a positive diagonal of R, of mpmath's."""
        signs = mp.diag([1 if R[k, k] >= 0 else -1 for k in range(R.cols)])
        return Q * signs, signs * R


class QRFactorQ(_OfTall):
    """Q of the thin decomposition ``A = Q R``: m x n with ``Q' Q = I``, where R is upper triangular with a positive diagonal; m >= n.

    ``d Q = (I - Q Q') dA R^-1 + Q (T - T')`` with T the strictly lower triangle of ``Q' dA R^-1``, where A has full column rank (Walter,
    Lehmann & Lamour, Optim. Methods Softw. 27, 2012). The numeric code turns the signs of the library's factors.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import QRFactorQ
    >>> QRFactorQ(Matrix([[3, 1], [4, 2]])).doit()
    Matrix([
    [3/5, -4/5],
    [4/5,  3/5]])
    """

    typed = Typed("qr_q", "matrix", "Q of the thin QR decomposition of a tall matrix, R with a positive diagonal", sign)
    letter = "Q"

    def _value(self, A):
        return A.QRdecomposition()[0] if not A.free_symbols and A.rank() == A.cols else None

    @staticmethod
    def multiprecision(A):
        return _OfTall.positive(*mp.qr(A, mode="skinny"))[0]


class QRFactorR(_OfTall):
    """R of the thin decomposition ``A = Q R``: n x n, upper triangular with a positive diagonal, where ``Q' Q = I``; m >= n.

    ``d R = Q' dA - (T - T') R`` with T the strictly lower triangle of ``Q' dA R^-1``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import QRFactorR
    >>> QRFactorR(Matrix([[3, 1], [4, 2]])).doit()
    Matrix([
    [5, 11/5],
    [0,  2/5]])
    """

    typed = Typed("qr_r", "matrix", "R of the thin QR decomposition of a tall matrix, with a positive diagonal", absolute)
    letter = "R"

    @property
    def shape(self):
        n = sympified(self.arg.shape[1])
        return n, n

    def _value(self, A):
        return A.QRdecomposition()[1] if not A.free_symbols and A.rank() == A.cols else None

    @staticmethod
    def multiprecision(A):
        return _OfTall.positive(*mp.qr(A, mode="skinny"))[1]


def eliminate(A):
    """(P, L, U) of an explicit matrix of numbers, A = P L U, by elimination with the largest pivot; None where that is not known."""
    if A.free_symbols:
        return None
    n, U, L, order = A.rows, A.as_mutable(), eye(A.rows).as_mutable(), list(range(A.rows))
    for k in range(n):
        at = max(range(k, n), key=lambda i: (Abs(U[i, k]).evalf(), -i))
        if U[at, k].equals(0):
            continue
        U.row_swap(k, at)
        order[k], order[at] = order[at], order[k]
        for j in range(k):
            L[k, j], L[at, j] = L[at, j], L[k, j]
        for i in range(k + 1, n):
            L[i, k] = U[i, k] / U[k, k]
            U[i, :] = U[i, :] - L[i, k] * U[k, :]
    P = ImmutableMatrix(n, n, lambda i, j: S.One if order[j] == i else S.Zero)
    return P, ImmutableMatrix(L), ImmutableMatrix(U)


class _OfSquare(_Factor):
    abstract = True
    domain = "invertible"
    place = 0

    def __new__(cls, A):
        return Basic.__new__(cls, as_matrix(cls, A, square=True))

    @property
    def conditions(self):
        return (f"{self.arg} is invertible", f"the pivots of {self.arg} are those of all matrices near it")

    def _value(self, A):
        found = eliminate(A)
        return None if found is None else found[self.place]


class LUFactorP(_OfSquare):
    """The permutation matrix of ``A = P L U`` with partial pivoting: each pivot is the largest of its column in absolute value.

    It is constant where the pivots do not change.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import LUFactorP
    >>> LUFactorP(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [0, 1],
    [1, 0]])
    """

    typed = Typed("lu_p", "square", "permutation P of X = P L U, with partial pivoting", one)
    letter, place = "P", 0


class LUFactorL(_OfSquare):
    """The lower triangular factor of ``A = P L U``, with ones on its diagonal; ``d L = L tril(L^-1 P' dA U^-1, -1)``.

    Source: de Hoog, Anderssen & Lukas, Linear Algebra Appl. 434, 2011, where A is invertible and the pivots do not change.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import LUFactorL
    >>> LUFactorL(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [  1, 0],
    [1/3, 1]])
    """

    typed = Typed("lu_l", "square", "unit lower triangle L of X = P L U", one)
    letter, place = "L", 1


class LUFactorU(_OfSquare):
    """The upper triangular factor of ``A = P L U``; ``d U = triu(L^-1 P' dA U^-1) U``, otherwise as `LUFactorL`.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import LUFactorU
    >>> LUFactorU(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [3,   4],
    [0, 2/3]])
    """

    typed = Typed("lu_u", "square", "upper triangle U of X = P L U", itself)
    letter, place = "U", 2
