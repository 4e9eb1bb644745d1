"""Triangles of a matrix: what lies on one side of a diagonal."""

from sympy import Basic, Expr, S

from ..errors import ArgumentError, ExpressionError
from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed

__all__ = ["UpperTriangle", "LowerTriangle"]


def as_offset(cls, k):
    """`k` as the number of a diagonal; ArgumentError where it is surely no whole number."""
    try:
        k = sympified(k) if k is not None else k
    except ExpressionError:
        pass
    if not isinstance(k, Expr) or getattr(k, "is_Matrix", False) or k.is_integer is not True:
        raise ArgumentError(f"{cls.__name__}: the number of a diagonal is a whole number, 0 for the main one, got `{k}`")
    return k


def upper_of_number(x, k=S.Zero):
    """What is left of a number."""
    return x if k <= 0 else S.Zero


def lower_of_number(x, k=S.Zero):
    return x if k >= 0 else S.Zero


class Triangle(MatrixOfMatrix):
    """Base of both triangles; `kept` says which entries, by column minus row and the number of the diagonal."""

    abstract = True

    def __new__(cls, A, k=0):
        A, k = as_matrix(cls, A), as_offset(cls, k)
        return Basic.__new__(cls, A) if k == 0 else Basic.__new__(cls, A, k)

    @property
    def offset(self):
        """The number of the diagonal up to which the entries are kept."""
        return self.args[1] if len(self.args) > 1 else S.Zero

    def _value(self, A, k=S.Zero):
        return type(A)(*A.shape, lambda i, j: A[i, j] if self.kept(j - i, k) else S.Zero) if k.is_Integer else None


class UpperTriangle(Triangle):
    """The matrix with what lies below diagonal k set to 0, NumPy's ``triu(A, k)``; k counts upwards from the main diagonal, 0.

    It is linear, and its own adjoint: ``<W, triu(dA)> = <triu(W), dA>``. ``UpperTriangle(OneMatrix(m, n))`` is the pattern itself.

    >>> from sympy import Matrix, MatrixSymbol, Symbol, Trace
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> A, X = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n)
    >>> mc.gradient(Trace(A.T*mc.UpperTriangle(X)), X)
    triu(A)
    >>> mc.UpperTriangle(Matrix([[1, 2], [3, 4]]), 1).doit()
    Matrix([
    [0, 2],
    [0, 0]])
    """

    typed = Typed(
        "triu", "matrix number", "upper triangle; from diagonal k on, counted upwards", upper_of_number, "triu(X), triu(X, 1)", (1, 2)
    )

    @staticmethod
    def kept(above, k):
        return above >= k


class LowerTriangle(Triangle):
    """The matrix with what lies above diagonal k set to 0, NumPy's ``tril(A, k)``; k counts upwards from the main diagonal, 0.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import LowerTriangle
    >>> LowerTriangle(Matrix([[1, 2], [3, 4]]), -1).doit()
    Matrix([
    [0, 0],
    [3, 0]])
    """

    typed = Typed(
        "tril", "matrix number", "lower triangle; up to diagonal k, counted upwards", lower_of_number, "tril(X), tril(X, 1)", (1, 2)
    )

    @staticmethod
    def kept(above, k):
        return above <= k
