"""Vec and CommutationMatrix: the two nodes that the vec form of a Jacobian is written with."""
from sympy import Basic, KroneckerDelta, S, floor, sympify
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..errors import ShapeError


class Vec(MatrixExpr):
    """``vec(A)``: the columns of an ``m x n`` matrix stacked into one column of length ``m*n`` (Magnus & Neudecker, ch. 2).

    >>> from sympy import Matrix
    >>> from sympy_matcalc import Vec
    >>> Vec(Matrix([[1, 2], [3, 4]])).as_explicit().T
    Matrix([[1, 3, 2, 4]])
    """

    def __new__(cls, arg):
        arg = sympify(arg)
        if not getattr(arg, "is_Matrix", False):
            raise ShapeError(f"Vec needs a matrix, got `{arg}`")
        return Basic.__new__(cls, arg)

    @property
    def arg(self):
        return self.args[0]

    @property
    def shape(self):
        m, n = map(sympify, self.arg.shape)
        return m * n, S.One

    def _entry(self, i, j, **kwargs):
        i, m = sympify(i), sympify(self.arg.shape[0])
        return MatrixElement(self.arg, i % m, floor(i / m)) if not (i.is_Integer and m.is_Integer) else self.arg[i % m, i // m]

    def doit(self, **hints):
        arg = self.arg.doit(**hints) if hints.get("deep", True) else self.arg
        return arg if arg.shape[1] == 1 else Vec(arg)

    def _latex(self, printer, exp=None):
        body = rf"\operatorname{{vec}}\left({printer._print(self.arg)}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


class CommutationMatrix(MatrixExpr):
    """``K`` with ``K vec(A) = vec(A')`` for every ``m x n`` matrix A (Magnus & Neudecker, ch. 3, sec. 7).

    A permutation matrix of order ``m*n``; its transpose and inverse is ``CommutationMatrix(n, m)``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import CommutationMatrix, Vec
    >>> A = Matrix([[1, 2, 3], [4, 5, 6]])
    >>> CommutationMatrix(2, 3).as_explicit()*Vec(A).as_explicit() == Vec(A.T).as_explicit()
    True
    """

    def __new__(cls, m, n):
        return Basic.__new__(cls, sympify(m), sympify(n))

    @property
    def shape(self):
        m, n = self.args
        return m * n, m * n

    def _entry(self, i, j, **kwargs):
        (m, n), i = self.args, sympify(i)
        # vec(A')[i] = A[i // n, i % n], which is vec(A)[(i % n)*m + i // n]
        source = (i % n) * m + (i // n if i.is_Integer and n.is_Integer else floor(i / n))
        return KroneckerDelta(source, j)

    def _eval_transpose(self):
        m, n = self.args
        return CommutationMatrix(n, m)

    _eval_adjoint = _eval_transpose

    def _eval_conjugate(self):
        return self

    def _eval_inverse(self):
        return self._eval_transpose()

    def _latex(self, printer, exp=None):
        body = f"K_{{{printer._print(self.args[0])},{printer._print(self.args[1])}}}"
        return body if exp is None else f"{body}^{{{exp}}}"
