"""Eigenvalues and singular values. Eigenvalues are those of a symmetric matrix, ascending; singular values descend, as in NumPy."""

from sympy import Basic, Determinant, Expr, S, Trace
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import IndexRangeError
from ..strict import sympified
from .base import MatrixOfMatrix, ScalarOfMatrix, as_matrix
from .spelling import letter, open_ended, subscript


def with_index(cls, X, i, length):
    """The node, its index checked against the number of values."""
    i = sympified(i) if i is not None else i
    if not isinstance(i, Expr) or getattr(i, "is_Matrix", False) or i.is_integer is False or i.is_Float or i is S.NaN:
        raise IndexRangeError(f"{cls.__name__}: the index must be a whole number, got `{i}`")
    if i.is_negative or (i - length).is_nonnegative:
        raise IndexRangeError(f"{cls.__name__}: index {i} is out of range" + (f" for {length} values" if length.is_finite else ""))
    return Basic.__new__(cls, X, i)


def _indexed(cls, X, i, square):
    X = as_matrix(cls, X, square=square)
    rows, cols = map(sympified, X.shape)
    return with_index(cls, X, i, cols if (rows - cols).is_nonnegative or square else rows if (cols - rows).is_nonnegative else S.Infinity)


class Eigenvalue(ScalarOfMatrix):
    """Eigenvalue i of a symmetric matrix X, ascending from i = 0; ``d lambda = v' dX v`` where it is simple (Cookbook eq. 67).

    For a matrix that is not symmetric the numeric code raises an error.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i = symbols("n i", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.Eigenvalue(X, i), X)
    Eigenvector(X, i)*Eigenvector(X, i).T
    """

    def __new__(cls, X, i):
        return _indexed(cls, X, i, square=True)

    def _value(self, X, i):
        values = sorted_eigenvalues(X)
        return values[int(i)] if values and i.is_Integer else None

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


class Eigenvector(MatrixOfMatrix):
    """Unit eigenvector of eigenvalue i of a symmetric matrix X; ``d v = (lambda I - X)^+ dX v`` where lambda is simple.

    Source: Matrix Cookbook eq. 68. Its sign is the numeric library's; products ``v v'`` do not depend on it.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i = symbols("n i", integer=True, positive=True)
    >>> mc.Eigenvector(MatrixSymbol("X", n, n), i).shape
    (n, 1)
    """

    def __new__(cls, X, i):
        return _indexed(cls, X, i, square=True)

    @property
    def shape(self):
        return sympified(self.arg.shape[0]), S.One

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    @property
    def conditions(self):
        return f"{self.arg} is symmetric", f"eigenvalue {self.args[1]} of {self.arg} is simple"

    def _body_latex(self, printer):
        return rf"{letter(printer, 'q')}{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class ReducedResolvent(MatrixOfMatrix):
    """``(lambda_i I - X)^+`` of a symmetric X with simple eigenvalue i: ``sum_{j != i} v_j v_j'/(lambda_i - lambda_j)``.

    What derivatives of eigenvectors are made of (Kato, Perturbation Theory, II.2; Magnus & Neudecker, ch. 8, sec. 8). Of 1 x 1: 0.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, i, t = symbols("n", integer=True, positive=True), symbols("i", integer=True), symbols("t", real=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.diff(mc.Eigenvector(t*X.T*X, i), t)
    ReducedResolvent(t*X.T*X, i)*X.T*X*Eigenvector(t*X.T*X, i)
    """

    def __new__(cls, X, i):
        return _indexed(cls, X, i, square=True)

    def as_explicit(self):
        return super(MatrixOfMatrix, self).as_explicit()

    def _eval_transpose(self):
        return self

    @property
    def conditions(self):
        return f"{self.arg} is symmetric", f"eigenvalue {self.args[1]} of {self.arg} is simple"

    def _body_latex(self, printer):
        value = rf"\lambda{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"
        return rf"\left({value} {letter(printer, 'I')} - {printer.parenthesize(self.arg, 40)}\right)^{{+}}"


class EigenvalueSum(ScalarOfMatrix):
    """The sum of the eigenvalues of a square matrix, its trace (Cookbook eq. 65).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.gradient(mc.EigenvalueSum(X), X)
    I
    """

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

    def __new__(cls, X):
        return Basic.__new__(cls, as_matrix(cls, X, square=True))

    def _value(self, X):
        return X.det()

    def _eval_rewrite_as_Determinant(self, X, **kwargs):
        return Determinant(X)

    def _body_latex(self, printer):
        return open_ended(printer, rf"\prod_{{i}} \lambda_{{i}}\left({printer._print(self.arg)}\right)")


class SingularValue(ScalarOfMatrix):
    """Singular value i of a matrix, descending from i = 0; ``d sigma = u' dX v`` where it is simple and positive.

    Source: Magnus & Neudecker, ch. 9 (by the eigenvalues of X'X).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> mc.gradient(mc.SingularValue(X, 0), X)
    LeftSingularVector(X, 0)*RightSingularVector(X, 0).T
    """

    is_extended_nonnegative = True

    def __new__(cls, X, i):
        return _indexed(cls, X, i, square=False)

    def _value(self, X, i):
        if X.free_symbols or not i.is_Integer:
            return None
        return sorted(X.singular_values(), key=lambda x: -x.evalf())[int(i)]

    def _body_latex(self, printer):
        return rf"\sigma{subscript(printer, self.args[1])}\left({printer._print(self.arg)}\right)"


class _SingularVector(MatrixOfMatrix):
    letter, side = "", 0

    def __new__(cls, X, i):
        return _indexed(cls, X, i, square=False)

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

    letter, side = "u", 0


class RightSingularVector(_SingularVector):
    """Unit vector v of singular value i of X, with ``X v = sigma u``; ``d v = (sigma^2 I - X' X)^+ d(X' X) v`` where sigma is simple.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc import RightSingularVector
    >>> RightSingularVector(MatrixSymbol("X", 3, 2), 0).shape
    (2, 1)
    """

    letter, side = "v", 1
