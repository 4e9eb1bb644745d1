"""Vec, Unvec, and the commutation and duplication matrices: what the vec form of a derivative is written with."""

from sympy import Basic, KroneckerDelta, KroneckerProduct, Mul, S, floor
from sympy.matrices.expressions import Identity, MatMul
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..compat import modulo
from ..errors import ShapeError
from ..strict import sympified
from .base import as_matrix, as_size
from .declaration import OwnNode, Typed, itself, one
from .spelling import letter

__all__ = ["Vec", "CommutationMatrix", "Unvec", "DuplicationMatrix"]


class Vec(OwnNode, MatrixExpr):
    """``vec(A)``: the columns of an ``m x n`` matrix stacked into one column of length ``m*n`` (Magnus & Neudecker, ch. 2).

    >>> from sympy import Matrix
    >>> from sympy_matcalc import Vec
    >>> Vec(Matrix([[1, 2], [3, 4]])).as_explicit().T
    Matrix([[1, 3, 2, 4]])
    """

    typed = Typed("vec", "matrix", "columns stacked", itself)

    def __new__(cls, arg):
        return Basic.__new__(cls, as_matrix(cls, arg))

    @property
    def arg(self):
        return self.args[0]

    @property
    def shape(self):
        m, n = map(sympified, self.arg.shape)
        return m * n, S.One

    def _entry(self, i, j, **kwargs):
        i, m = sympified(i), sympified(self.arg.shape[0])
        return MatrixElement(self.arg, modulo(i, m), floor(i / m)) if not (i.is_Integer and m.is_Integer) else self.arg[i % m, i // m]

    def doit(self, **hints):
        arg = self.arg.doit(**hints) if hints.get("deep", True) else self.arg
        return arg if arg.shape[1] == 1 else Vec(arg)

    def _eval_rewrite_as_KroneckerProduct(self, arg, **kwargs):
        """vec(A X B) = kron(B', A) vec(X) of a product of three; of two, the last counts as B (Magnus & Neudecker, ch. 2, th. 2)."""
        scale, factors = arg.as_coeff_matrices() if isinstance(arg, MatMul) else (S.One, [arg])
        if len(factors) < 2:
            return self
        if len(factors) == 2:
            factors = [Identity(factors[0].shape[0]), *factors]
        left, *middle, right = factors
        return scale * KroneckerProduct(right.T, left) * Vec(MatMul(*middle))

    def _latex(self, printer, exp=None):
        body = rf"\operatorname{{vec}}\left({printer._print(self.arg)}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class CommutationMatrix(OwnNode, MatrixExpr):
    """``K`` with ``K vec(A) = vec(A')`` for every ``m x n`` matrix A (Magnus & Neudecker, ch. 3, sec. 7).

    A permutation matrix of order ``m*n``; its transpose and inverse is ``CommutationMatrix(n, m)``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import CommutationMatrix, Vec
    >>> A = Matrix([[1, 2, 3], [4, 5, 6]])
    >>> CommutationMatrix(2, 3).as_explicit()*Vec(A).as_explicit() == Vec(A.T).as_explicit()
    True
    """

    typed = Typed("commutation", "size size", "K with K*vec(X) = vec(X.T) of an m x n matrix X", one)

    def __new__(cls, m, n):
        return Basic.__new__(cls, as_size(cls, m), as_size(cls, n))

    @property
    def shape(self):
        m, n = self.args
        return m * n, m * n

    def _entry(self, i, j, **kwargs):
        (m, n), i, j = self.args, sympified(i), sympified(j)
        i, j = (k + m * n if k.is_negative else k for k in (i, j))
        # vec(A')[i] = A[i // n, i % n], which is vec(A)[(i % n)*m + i // n]
        source = modulo(i, n) * m + (i // n if i.is_Integer and n.is_Integer else floor(i / n))
        return KroneckerDelta(source, j)

    def is_symmetric_by_form(self, is_symmetric):
        return self.args[0] == self.args[1]

    def _eval_transpose(self):
        m, n = self.args
        return CommutationMatrix(n, m)

    _eval_adjoint = _eval_transpose

    def _eval_conjugate(self):
        return self

    def _eval_inverse(self):
        return self._eval_transpose()

    def _latex(self, printer, exp=None):
        body = f"{letter(printer, 'K')}_{{{printer._print(self.args[0])},{printer._print(self.args[1])}}}"
        return body if exp is None else f"{body}^{{{exp}}}"


class Unvec(OwnNode, MatrixExpr):
    """The ``m x n`` matrix whose columns, stacked, are the vector v of length ``m*n``: ``Unvec(Vec(A), m, n) = A``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import Unvec
    >>> Unvec(Matrix([1, 2, 3, 4, 5, 6]), 2, 3).as_explicit()
    Matrix([
    [1, 3, 5],
    [2, 4, 6]])
    """

    typed = Typed("unvec", "stacked size size", "the m x n matrix whose columns, stacked, are x", itself)

    def __new__(cls, v, m, n):
        v, m, n = as_matrix(cls, v, vector=True), as_size(cls, m), as_size(cls, n)
        length = sympified(v.shape[0]) * v.shape[1]
        if (length - m * n).expand().is_zero is False:
            raise ShapeError(f"Unvec needs a vector of length {m * n} for a {m} x {n} matrix, got length {length}: `{v}`")
        if isinstance(v, Vec) and v.arg.shape == (m, n):
            return v.arg
        return Basic.__new__(cls, v, m, n)

    @property
    def arg(self):
        return self.args[0]

    @property
    def shape(self):
        return self.args[1:]

    def _entry(self, i, j, **kwargs):
        k = sympified(i) + sympified(j) * self.shape[0]
        return self.arg[k, 0] if self.arg.shape[1] == 1 else self.arg[0, k]

    def _latex(self, printer, exp=None):
        m, n = (printer._print(a) for a in self.shape)
        body = rf"\operatorname{{unvec}}_{{{m},{n}}}\left({printer._print(self.arg)}\right)"
        return body if exp is None else rf"{{{body}}}^{{{exp}}}"


def triangular(n):
    """How many entries of an n x n matrix are on its diagonal and on one side of it."""
    return Mul(S.Half, n, n + S.One)  # by operators SymPy takes three times as many steps


class DuplicationMatrix(OwnNode, MatrixExpr):
    """``D`` with ``D vech(A) = vec(A)`` for every symmetric ``n x n`` matrix A (Magnus & Neudecker, ch. 3, sec. 8).

    vech stacks the columns of the lower triangle; D has ``n^2`` rows and ``n (n + 1)/2`` columns.

    >>> from sympy_matcalc import DuplicationMatrix
    >>> DuplicationMatrix(2).as_explicit()
    Matrix([
    [1, 0, 0],
    [0, 1, 0],
    [0, 1, 0],
    [0, 0, 1]])
    """

    typed = Typed("duplication", "size", "D with D*vech(X) = vec(X) of a symmetric n x n matrix X", one)

    @staticmethod
    def parameter(i, j, n):
        """(what tells the parameter at the entry (i, j) from the others, its sign)."""
        return (max(i, j), min(i, j)), 1

    def __new__(cls, n):
        return Basic.__new__(cls, as_size(cls, n))

    @property
    def shape(self):
        n = self.args[0]
        return n**2, triangular(n)

    def _entry(self, i, j, **kwargs):
        n, i, j = (sympified(x) for x in (self.args[0], i, j))
        if not (n.is_Integer and i.is_Integer):
            return MatrixElement(self, i, j)
        row, col = max(i % n, i // n), min(i % n, i // n)
        return KroneckerDelta(col * n - col * (col - 1) / 2 + row - col, j)

    def _latex(self, printer, exp=None):
        body = f"{letter(printer, 'D')}_{{{printer._print(self.args[0])}}}"
        return body if exp is None else f"{body}^{{{exp}}}"
