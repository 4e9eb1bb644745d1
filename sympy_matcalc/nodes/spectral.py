"""Eigenvalues and singular values. Eigenvalues are those of a symmetric matrix, ascending; singular values descend, as in NumPy."""

from mpmath import mp
from sympy import Basic, Determinant, Min, S, Trace
from sympy.matrices.expressions.matexpr import MatrixElement

from ..strict import sympified
from .base import MatrixOfMatrix, RealScalarOfMatrix, ScalarOfMatrix, as_index, as_matrix
from .declaration import NODES, OwnNode, Typed, absolute, itself, one, zero
from .spelling import letter, open_ended, subscript

__all__ = [
    "Eigenvalue",
    "Eigenvector",
    "ReducedResolvent",
    "EigenvalueSum",
    "EigenvalueProduct",
    "SingularValue",
    "LeftSingularVector",
    "RightSingularVector",
]


def indexed(cls, X, i, square):
    X = as_matrix(cls, X, square=square)
    rows, cols = map(sympified, X.shape)
    count = cols if (rows - cols).is_nonnegative or square else rows if (cols - rows).is_nonnegative else S.Infinity
    return Basic.__new__(cls, X, as_index(cls, i, count))


class Numbered(OwnNode):
    """Mixin of a node that is one of several values or vectors of a matrix, by its number."""

    abstract = True

    @property
    def indices(self):
        return ((self.args[1], Min(*self.args[0].shape)),)


class Eigenvalue(Numbered, RealScalarOfMatrix):
    """Eigenvalue i of a symmetric matrix X, ascending from i = 0; ``d lambda = v' dX v`` where it is simple (Cookbook eq. 67).

    symmetric: False for a matrix that need not be symmetric, whose eigenvalue i by the real part is a `GeneralEigenvalue`. For a matrix
    that is not symmetric the numeric code of this node raises an error.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i = symbols("n i", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.Eigenvalue(X, i), X)
    eigvec(X, i)*eigvec(X, i).T
    """

    typed = Typed("eigval", "square index", "eigenvalue of a symmetric matrix, ascending from 0", itself)
    domain = "simple_spectrum"

    def __new__(cls, X, i, symmetric=True):
        return indexed(cls if symmetric else NODES["GeneralEigenvalue"], X, i, square=True)

    def _value(self, X, i):
        values = sorted_eigenvalues(X)
        return values[int(i)] if values and i.is_Integer else None

    @staticmethod
    def multiprecision(X, i):
        return None if X != X.T else mp.eigsy(X, eigvals_only=True)[int(i)]

    @property
    def conditions(self):
        return (f"{self.arg} is symmetric",)

    def _body_latex(self, printer):
        return rf"\lambda{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


def sorted_eigenvalues(X):
    """The eigenvalues of an explicit symmetric matrix of numbers, ascending; None where they cannot be ordered."""
    if X.free_symbols:
        return None
    values = [x for x, k in X.eigenvals().items() for _ in range(k)]
    return sorted(values, key=lambda x: x.evalf()) if all(x.is_real for x in values) else None


class Eigenvector(Numbered, MatrixOfMatrix):
    """Unit eigenvector of eigenvalue i of a symmetric matrix X; ``d v = (lambda I - X)^+ dX v`` where lambda is simple.

    Source: Matrix Cookbook eq. 68. Its sign is the numeric library's; products ``v v'`` do not depend on it.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i = symbols("n i", integer=True, positive=True)
    >>> mc.Eigenvector(MatrixSymbol("X", n, n), i).shape
    (n, 1)
    """

    up_to_sign = True
    typed = Typed("eigvec", "square index", "its unit eigenvector", one)
    domain = "simple_spectrum"

    def __new__(cls, X, i):
        return indexed(cls, X, i, square=True)

    @property
    def shape(self):
        return sympified(self.arg.shape[0]), S.One

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    @staticmethod
    def multiprecision(X, i):
        return None if X != X.T else mp.eigsy(X)[1][:, int(i)]

    @property
    def conditions(self):
        return f"{self.arg} is symmetric", f"eigenvalue {self.args[1]} of {self.arg} is simple"

    def _body_latex(self, printer):
        return rf"{letter(printer, 'q')}{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class ReducedResolvent(Numbered, MatrixOfMatrix):
    """``(lambda_i I - X)^+`` of a symmetric X with simple eigenvalue i: ``sum_{j != i} v_j v_j'/(lambda_i - lambda_j)``.

    What derivatives of eigenvectors are made of (Kato, Perturbation Theory, II.2; Magnus & Neudecker, ch. 8, sec. 8). Of 1 x 1: 0.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i, t = symbols("n", integer=True, positive=True), symbols("i", integer=True), symbols("t", real=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.diff(mc.Eigenvector(t*X.T*X, i), t)
    resolvent(t*X.T*X, i)*X.T*X*eigvec(t*X.T*X, i)
    """

    typed = Typed("resolvent", "square index", "pinv(eigval(X, i)*I - X)", zero)
    domain = "simple_spectrum"

    def __new__(cls, X, i):
        return indexed(cls, X, i, square=True)

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    def _eval_transpose(self):
        return self

    @staticmethod
    def multiprecision(X, i):
        if X != X.T:
            return None
        values, V = mp.eigsy(X)
        others = [k for k in range(len(values)) if k != int(i)]
        return sum((V[:, k] * V[:, k].T / (values[int(i)] - values[k]) for k in others), mp.zeros(X.rows))

    @property
    def conditions(self):
        return f"{self.arg} is symmetric", f"eigenvalue {self.args[1]} of {self.arg} is simple"

    def _body_latex(self, printer):
        value = rf"\lambda{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"
        return rf"\left({value} {letter(printer, 'I')} - {printer.parenthesize(self.arg, 40)}\right)^{{+}}"

    def is_symmetric_by_form(self, is_symmetric):
        return True


class EigenvalueSum(ScalarOfMatrix):
    """The sum of the eigenvalues of a square matrix, its trace (Cookbook eq. 65).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.EigenvalueSum(X), X)
    I(n)
    """

    typed = Typed("eigsum", "square", "sum of the eigenvalues", itself)

    def __new__(cls, X):
        return Basic.__new__(cls, as_matrix(cls, X, square=True))

    def _value(self, X):
        return X.trace()

    def _eval_rewrite_as_Trace(self, X, **kwargs):
        return Trace(X)

    def _body_latex(self, printer):
        return open_ended(printer, rf"\sum_{{i}} \lambda_{{i}}\left({printer._print(self.arg)}\right)")


class EigenvalueProduct(ScalarOfMatrix):
    """The product of the eigenvalues of a square matrix, its determinant (Cookbook eq. 66).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.EigenvalueProduct(X), X)
    Determinant(X)*X.T**(-1)
    """

    typed = Typed("eigprod", "square", "product of the eigenvalues", itself)
    domain = "invertible"

    def __new__(cls, X):
        return Basic.__new__(cls, as_matrix(cls, X, square=True))

    def _value(self, X):
        return X.det()

    def _eval_rewrite_as_Determinant(self, X, **kwargs):
        return Determinant(X)

    def _body_latex(self, printer):
        return open_ended(printer, rf"\prod_{{i}} \lambda_{{i}}\left({printer._print(self.arg)}\right)")


class SingularValue(Numbered, RealScalarOfMatrix):
    """Singular value i of a matrix, descending from i = 0; ``d sigma = u' dX v`` where it is simple and positive.

    Source: Magnus & Neudecker, ch. 9 (by the eigenvalues of X'X).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.gradient(mc.SingularValue(X, 0), X)
    left_singvec(X, 0)*right_singvec(X, 0).T
    """

    typed = Typed("singval", "matrix index", "singular value, descending from 0", absolute)
    domain = "fullrank"
    is_extended_nonnegative = True

    def __new__(cls, X, i):
        return indexed(cls, X, i, square=False)

    def _value(self, X, i):
        if X.free_symbols or not i.is_Integer:
            return None
        return sorted(X.singular_values(), key=lambda x: -x.evalf())[int(i)]

    @staticmethod
    def multiprecision(X, i):
        return mp.svd(X, compute_uv=False)[int(i)]

    def _body_latex(self, printer):
        return rf"\sigma{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class _SingularVector(Numbered, MatrixOfMatrix):
    abstract = True
    up_to_sign = True
    domain = "fullrank"
    letter, side = "", 0

    def __new__(cls, X, i):
        return indexed(cls, X, i, square=False)

    @property
    def shape(self):
        return sympified(self.arg.shape[self.side]), S.One

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    def _entry(self, i, j, **kwargs):
        return MatrixElement(self, i, j)

    @property
    def conditions(self):
        return (f"singular value {self.args[1]} of {self.arg} is simple and positive",)

    def _body_latex(self, printer):
        return rf"{letter(printer, self.letter)}{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class LeftSingularVector(_SingularVector):
    """Unit vector u of singular value i of X, with ``X v = sigma u``; ``d u = (sigma^2 I - X X')^+ d(X X') u`` where sigma is simple.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import LeftSingularVector
    >>> LeftSingularVector(MatrixSymbol("X", 3, 2), 0).shape
    (3, 1)
    """

    typed = Typed("left_singvec", "matrix index", "its left unit singular vector")
    letter, side = "u", 0

    @staticmethod
    def multiprecision(X, i):
        return mp.svd(X)[0][:, int(i)]


class RightSingularVector(_SingularVector):
    """Unit vector v of singular value i of X, with ``X v = sigma u``; ``d v = (sigma^2 I - X' X)^+ d(X' X) v`` where sigma is simple.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import RightSingularVector
    >>> RightSingularVector(MatrixSymbol("X", 3, 2), 0).shape
    (2, 1)
    """

    typed = Typed("right_singvec", "matrix index", "its right unit singular vector")
    letter, side = "v", 1

    @staticmethod
    def multiprecision(X, i):
        return mp.svd(X)[2][int(i), :].T
