r"""Bases of matrices with a structure: the matrix B with ``vec(X) = B theta``, theta the free parameters in the order in which they are met
down the columns of X (Magnus, Linear Structures, 1988). That of symmetric matrices is the `DuplicationMatrix`.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from sympy import Basic, Mul, S
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..strict import sympified
from .base import as_size
from .declaration import OwnNode, Typed, one, zero
from .spelling import letter
from .vec import triangular

__all__ = [
    "EliminationMatrix", "SkewBasis", "DiagonalBasis", "UpperBasis", "StrictlyLowerBasis", "StrictlyUpperBasis", "ToeplitzBasis",
    "CirculantBasis", "HankelBasis", "TridiagonalBasis",
]  # fmt: skip

Place = tuple[int, int] | None  # (number of a parameter, its sign) at an entry; None where the entry is 0


class StructureBasis(OwnNode, MatrixExpr):
    """Base of all. ``parameter(i, j, n)``: (key, sign) of the parameter at the entry (i, j), keys of one parameter equal; None for 0."""

    abstract = True
    pattern: ClassVar[str]  # its name in numeric code and in LaTeX
    parameter: ClassVar[Callable[..., Any]]
    parameters: ClassVar[Callable[..., Any]]  # sizes -> number of parameters

    def __new__(cls, n):
        return Basic.__new__(cls, as_size(cls, n))

    @property
    def of_shape(self):
        """The shape of the matrices that it is a basis of."""
        return self.args if len(self.args) == 2 else self.args * 2

    @property
    def shape(self):
        m, n = self.of_shape
        return m * n, sympified(type(self).parameters(*self.args))

    @classmethod
    def layout(cls, m: int, n: int) -> tuple[Place, ...]:
        """The parameter at each entry of an m x n matrix, column by column."""
        return layout(cls.parameter, m, n)

    def _entry(self, i, j, **kwargs):
        i, j, sizes = sympified(i), sympified(j), self.of_shape
        if not all(k.is_Integer for k in (i, j, *sizes)):
            return MatrixElement(self, i, j)
        place = self.layout(*map(int, sizes))[int(i)]
        return S(place[1]) if place and place[0] == j else S.Zero

    def _latex(self, printer, exp=None):
        sizes = ",".join(map(printer._print, self.args))
        body = rf"{letter(printer, 'B')}_{{\mathrm{{{self.pattern.replace('_', chr(92) + ' ')}}},{sizes}}}"
        return body if exp is None else f"{body}^{{{exp}}}"


@cache
def layout(parameter: Callable[..., Any], m: int, n: int) -> tuple[Place, ...]:
    """(number of the parameter, sign) at each entry of an m x n matrix, column by column, numbered as they are met; None for a 0."""
    numbers: dict[Any, int] = {}
    found: list[Place] = []
    for j in range(n):
        for i in range(m):
            at = parameter(i, j, n)
            found.append(at and (numbers.setdefault(at[0], len(numbers)), at[1]))
    return tuple(found)


def _strictly_triangular(n):
    return Mul(S.Half, n, n - S.One)


class EliminationMatrix(OwnNode, MatrixExpr):
    """``L`` with ``L vec(A) = vech(A)`` for every n x n matrix A; its transpose is the basis of lower triangular matrices.

    vech stacks the columns of the lower triangle (Magnus & Neudecker, The elimination matrix, 1980).

    >>> from sympy_matcalc import EliminationMatrix
    >>> EliminationMatrix(2).as_explicit()
    Matrix([
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 0, 1]])
    """

    typed = Typed("elimination", "size", "L with L*vec(X) = vech(X) of an n x n matrix X", one)

    def __new__(cls, n):
        return Basic.__new__(cls, as_size(cls, n))

    @property
    def shape(self):
        n = self.args[0]
        return triangular(n), n**2

    @staticmethod
    def parameter(i, j, n):
        return ((i, j), 1) if i >= j else None

    def _entry(self, i, j, **kwargs):
        i, j, n = sympified(i), sympified(j), self.args[0]
        if not all(k.is_Integer for k in (i, j, n)):
            return MatrixElement(self, i, j)
        place = layout(self.parameter, int(n), int(n))[int(j)]
        return S.One if place and place[0] == i else S.Zero

    def _latex(self, printer, exp=None):
        body = f"{letter(printer, 'L')}_{{{printer._print(self.args[0])}}}"
        return body if exp is None else f"{body}^{{{exp}}}"


class SkewBasis(StructureBasis):
    """The basis of skew-symmetric matrices; the parameters are what lies below the diagonal, ``X_21, X_31, ..., X_32, ...``.

    >>> from sympy_matcalc import SkewBasis
    >>> SkewBasis(2).as_explicit().T
    Matrix([[0, 1, -1, 0]])
    """

    typed = Typed("skewbasis", "size", "B with vec(X) = B*x of a skew-symmetric n x n matrix X", zero)
    pattern, parameters = "skew", staticmethod(_strictly_triangular)

    @staticmethod
    def parameter(i, j, n):
        return ((max(i, j), min(i, j)), 1 if i > j else -1) if i != j else None


class DiagonalBasis(StructureBasis):
    """The basis of diagonal matrices; ``B' vec(A)`` is the diagonal of A, ``B' (A kron C) B = A o C``.

    >>> from sympy_matcalc import DiagonalBasis
    >>> DiagonalBasis(2).as_explicit().T
    Matrix([
    [1, 0, 0, 0],
    [0, 0, 0, 1]])
    """

    typed = Typed("diagbasis", "size", "B with vec(X) = B*x of a diagonal n x n matrix X", one)
    pattern, parameters = "diagonal", staticmethod(lambda n: n)

    @staticmethod
    def parameter(i, j, n):
        return (i, 1) if i == j else None


class UpperBasis(StructureBasis):
    """The basis of upper triangular matrices, ``X_11, X_12, X_22, X_13, ...``."""

    typed = Typed("upperbasis", "size", "B with vec(X) = B*x of an upper triangular n x n matrix X", one)
    pattern, parameters = "upper", staticmethod(triangular)

    @staticmethod
    def parameter(i, j, n):
        return ((i, j), 1) if i <= j else None


class StrictlyLowerBasis(StructureBasis):
    """The basis of lower triangular matrices with zeros on the diagonal, ``X_21, X_31, ..., X_32, ...``."""

    typed = Typed("strictlowerbasis", "size", "B with vec(X) = B*x of a strictly lower triangular n x n matrix X", zero)
    pattern, parameters = "strictly_lower", staticmethod(_strictly_triangular)

    @staticmethod
    def parameter(i, j, n):
        return ((i, j), 1) if i > j else None


class StrictlyUpperBasis(StructureBasis):
    """The basis of upper triangular matrices with zeros on the diagonal, ``X_12, X_13, X_23, ...``."""

    typed = Typed("strictupperbasis", "size", "B with vec(X) = B*x of a strictly upper triangular n x n matrix X", zero)
    pattern, parameters = "strictly_upper", staticmethod(_strictly_triangular)

    @staticmethod
    def parameter(i, j, n):
        return ((i, j), 1) if i < j else None


class OfShape(StructureBasis):
    """The basis of a structure that matrices of any shape can have."""

    abstract = True

    def __new__(cls, m, n):
        return Basic.__new__(cls, as_size(cls, m), as_size(cls, n))


class ToeplitzBasis(OfShape):
    """The basis of m x n Toeplitz matrices: the parameters are the first column, then the first row from its second entry on.

    >>> from sympy_matcalc import ToeplitzBasis
    >>> ToeplitzBasis(2, 2).as_explicit().T
    Matrix([
    [1, 0, 0, 1],
    [0, 1, 0, 0],
    [0, 0, 1, 0]])
    """

    typed = Typed("toepbasis", "size size", "B with vec(X) = B*x of an m x n Toeplitz matrix X", one)
    pattern, parameters = "toeplitz", staticmethod(lambda m, n: m + n - 1)

    @staticmethod
    def parameter(i, j, n):
        return j - i, 1


class CirculantBasis(StructureBasis):
    """The basis of circulant matrices: the parameters are the first column."""

    typed = Typed("circbasis", "size", "B with vec(X) = B*x of a circulant n x n matrix X", one)
    pattern, parameters = "circulant", staticmethod(lambda n: n)

    @staticmethod
    def parameter(i, j, n):
        return (j - i) % n, 1


class HankelBasis(OfShape):
    """The basis of m x n Hankel matrices: the parameters are the first column, then the last row from its second entry on."""

    typed = Typed("hankbasis", "size size", "B with vec(X) = B*x of an m x n Hankel matrix X", one)
    pattern, parameters = "hankel", staticmethod(lambda m, n: m + n - 1)

    @staticmethod
    def parameter(i, j, n):
        return i + j, 1


class TridiagonalBasis(StructureBasis):
    """The basis of tridiagonal matrices, ``X_11, X_21, X_12, X_22, X_32, ...``."""

    typed = Typed("tridiagbasis", "size", "B with vec(X) = B*x of a tridiagonal n x n matrix X", one)
    pattern, parameters = "tridiagonal", staticmethod(lambda n: 3 * n - 2)

    @staticmethod
    def parameter(i, j, n):
        return ((i, j), 1) if abs(i - j) <= 1 else None
