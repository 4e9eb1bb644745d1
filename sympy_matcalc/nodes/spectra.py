"""All eigenvalues of a symmetric matrix, or all singular values of a matrix, as a column, with the matrices of their vectors."""

from mpmath import mp
from sympy import Basic, ImmutableMatrix, Min, S
from sympy.matrices.expressions import Transpose

from ..strict import sympified
from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed, absolute, itself, one, zero
from .spectral import sorted_eigenvalues
from .spelling import letter

__all__ = ["Eigenvalues", "Eigenvectors", "SingularValues", "LeftSingularVectors", "RightSingularVectors", "InverseGaps"]


class Eigenvalues(MatrixOfMatrix):
    """The column of all eigenvalues of a symmetric matrix X, ascending; ``d lambda = diag(Q' dX Q)`` where they are simple.

    Q is `Eigenvectors`. Source: Magnus & Neudecker, ch. 8, sec. 8, for each eigenvalue. One of them is `Eigenvalue`. The numeric code
    raises an error where X is not symmetric, that of the derivative also where two eigenvalues are equal.

    >>> from sympy import MatrixSymbol, Symbol
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> X, w = MatrixSymbol("X", n, n), MatrixSymbol("w", n, 1)
    >>> mc.gradient(w.T*mc.Eigenvalues(X), X)
    eigvecs(X)*DiagMatrix(w)*eigvecs(X).T
    """

    typed = Typed("eigvals", "square", "column of the eigenvalues of a symmetric matrix, ascending", itself)
    domain = "simple_spectrum"

    def __new__(cls, X):
        return Basic.__new__(cls, as_matrix(cls, X, square=True))

    @property
    def shape(self):
        return sympified(self.arg.shape[0]), S.One

    @property
    def conditions(self):
        return (f"{self.arg} is symmetric",)

    def _value(self, X):
        values = sorted_eigenvalues(X)
        return None if values is None else type(X)(values)

    @staticmethod
    def multiprecision(X):
        return None if X != X.T else mp.eigsy(X, eigvals_only=True)

    def _body_latex(self, printer):
        return rf"\lambda\left({printer._print(self.arg)}\right)"


class Eigenvectors(MatrixOfMatrix):
    """The orthogonal matrix Q whose columns are the eigenvectors of a symmetric matrix X, in the order of `Eigenvalues`.

    ``d Q = Q (F o (Q' dX Q))`` with ``F_ij = 1/(lambda_j - lambda_i)``, `InverseGaps`, where all eigenvalues are simple (Giles, An extended
    collection of matrix derivative results, sec. 3.1). The signs of the columns are the numeric library's.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import Eigenvectors
    >>> Eigenvectors(MatrixSymbol("X", 3, 3)).shape
    (3, 3)
    """

    up_to_sign = True
    typed = Typed("eigvecs", "square", "matrix whose columns are the unit eigenvectors of a symmetric matrix", one)
    domain = "simple_spectrum"

    def __new__(cls, X):
        return Basic.__new__(cls, as_matrix(cls, X, square=True))

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    @property
    def conditions(self):
        return f"{self.arg} is symmetric", f"all eigenvalues of {self.arg} are simple"

    @staticmethod
    def multiprecision(X):
        return None if X != X.T else mp.eigsy(X)[1]

    def _body_latex(self, printer):
        return rf"{letter(printer, 'Q')}\left({printer._print(self.arg)}\right)"


class _OfSingular(MatrixOfMatrix):
    """Base of what a singular value decomposition gives."""

    abstract = True
    domain = "fullrank"

    def __new__(cls, X):
        return Basic.__new__(cls, as_matrix(cls, X))

    @property
    def how_many(self):
        """How many singular values there are."""
        return Min(*map(sympified, self.arg.shape))


class SingularValues(_OfSingular):
    """The column of all min(m, n) singular values of an m x n matrix X, descending; ``d sigma = diag(U' dX V)`` where they are simple.

    U and V are `LeftSingularVectors` and `RightSingularVectors` (Giles, An extended collection of matrix derivative results, sec. 3.2). The
    numeric code of the derivative raises an error where two of them are equal, or one is 0.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.gradient(mc.ElementSum(mc.SingularValues(X)), X)
    left_singvecs(X)*right_singvecs(X).T
    """

    typed = Typed("singvals", "matrix", "column of the singular values, descending", absolute, aliases=("svdvals",))

    def __new__(cls, X):
        X = as_matrix(cls, X)
        return Basic.__new__(cls, X.arg if isinstance(X, Transpose) else X)

    @property
    def shape(self):
        return self.how_many, S.One

    def _value(self, X):
        if X.free_symbols:
            return None
        return type(X)(sorted(X.singular_values(), key=lambda x: -x.evalf())[: min(X.shape)])

    @staticmethod
    def multiprecision(X):
        return mp.svd(X, compute_uv=False)

    def _body_latex(self, printer):
        return rf"\sigma\left({printer._print(self.arg)}\right)"


class _SingularVectors(_OfSingular):
    abstract = True
    up_to_sign = True
    letter, side = "", 0

    @property
    def shape(self):
        return sympified(self.arg.shape[self.side]), self.how_many

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    @property
    def conditions(self):
        return (f"all singular values of {self.arg} are simple and positive",)

    def _body_latex(self, printer):
        return rf"{letter(printer, self.letter)}\left({printer._print(self.arg)}\right)"


class LeftSingularVectors(_SingularVectors):
    """U of the thin decomposition ``X = U diag(sigma) V'``, m x min(m, n), in the order of `SingularValues`.

    ``d U = U (G o (U' d(X X') U)) + (I - U U') dX V diag(sigma)^-1`` with ``G_ij = 1/(sigma_j^2 - sigma_i^2)``, where the singular
    values are simple and positive. The signs are the numeric library's, the same for U and V.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import LeftSingularVectors
    >>> LeftSingularVectors(MatrixSymbol("X", 3, 2)).shape
    (3, 2)
    """

    typed = Typed("left_singvecs", "matrix", "matrix whose columns are its left unit singular vectors")
    letter, side = "U", 0

    @staticmethod
    def multiprecision(X):
        return mp.svd(X)[0]


class RightSingularVectors(_SingularVectors):
    """V of the thin decomposition ``X = U diag(sigma) V'``, n x min(m, n), in the order of `SingularValues`.

    ``d V = V (G o (V' d(X' X) V)) + (I - V V') dX' U diag(sigma)^-1`` with ``G_ij = 1/(sigma_j^2 - sigma_i^2)``, where the singular
    values are simple and positive.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import RightSingularVectors
    >>> RightSingularVectors(MatrixSymbol("X", 3, 2)).shape
    (2, 2)
    """

    typed = Typed("right_singvecs", "matrix", "matrix whose columns are its right unit singular vectors")
    letter, side = "V", 1

    @staticmethod
    def multiprecision(X):
        return mp.svd(X)[2].T


class InverseGaps(MatrixOfMatrix):
    """The matrix F of a vector x with ``F_ij = 1/(x_j - x_i)`` off its diagonal and 0 on it: what derivatives of eigenvectors have.

    ``d F = F o F o (dx 1' - 1 dx')``. The entries of x have to be distinct: the numeric code raises an error where they are not.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import InverseGaps
    >>> InverseGaps(Matrix([1, 3])).doit()
    Matrix([
    [   0, 1/2],
    [-1/2,   0]])
    """

    typed = Typed("inverse_gaps", "vector", "1/(x_j - x_i) off the diagonal, 0 on it", zero)
    domain = "distinct_abs"

    def __new__(cls, x):
        return Basic.__new__(cls, as_matrix(cls, x, vector=True))

    @property
    def shape(self):
        rows, cols = map(sympified, self.arg.shape)
        return (rows, rows) if cols == 1 else (cols, cols)

    @property
    def conditions(self):
        return (f"the entries of {self.arg} are distinct",)

    def _value(self, x):
        x = x.flat()
        if len(set(x)) < len(x):
            return None
        return ImmutableMatrix(len(x), len(x), lambda i, j: S.Zero if i == j else 1 / (x[j] - x[i]))
