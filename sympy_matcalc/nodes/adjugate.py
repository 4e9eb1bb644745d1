"""The adjugate of a matrix."""

from sympy import Basic
from sympy.matrices.expressions import Identity, Transpose

from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed, one

__all__ = ["Adjugate"]


class Adjugate(MatrixOfMatrix):
    """Adjugate ``adj(A)``, the transposed matrix of cofactors: ``det(A) A^-1`` where A is invertible, and ``A adj(A) = det(A) I`` always.

    The gradient of ``det(A)`` is ``adj(A)'``, also where A is singular. ``d adj(A) = (tr(adj(A) dA) I - adj(A) dA) A^-1`` (Magnus &
    Neudecker, ch. 8, sec. 6), where A is invertible.

    >>> from sympy import Matrix, MatrixSymbol
    >>> from sympy_matcalc import Adjugate
    >>> Adjugate(Matrix([[1, 2], [2, 4]])).doit()
    Matrix([
    [ 4, -2],
    [-2,  1]])
    >>> Adjugate(MatrixSymbol("A", 2, 2).T)
    adj(A).T
    """

    typed = Typed("adj", "square", "adjugate, the transposed cofactors: det(X)*inv(X) where X is invertible", one, aliases=("adjugate",))

    def __new__(cls, A):
        A = as_matrix(cls, A, square=True)
        if isinstance(A, Identity):
            return A
        return Transpose(cls(A.arg)) if isinstance(A, Transpose) else Basic.__new__(cls, A)

    def _value(self, A):
        return A.adjugate()

    def is_symmetric_by_form(self, is_symmetric):
        return is_symmetric(self.arg)
