"""Cross products of 3-vectors, and the skew-symmetric matrix of a vector that takes them."""

from sympy import Basic, MatMul, S
from sympy.matrices.expressions import Transpose

from ..errors import ShapeError
from .base import MatrixOfMatrix, as_matrix
from .declaration import Typed
from .spelling import operand

__all__ = ["CrossProduct", "SkewMatrix", "Cross", "Skew"]


def as_triple(cls, x):
    """`x` as a column of three entries."""
    x = as_matrix(cls, x, vector=True)
    x = x if x.shape[1] == 1 else x.arg if isinstance(x, Transpose) else Transpose(x)
    if x.shape != (3, 1):
        raise ShapeError(f"{cls.__name__} needs a vector of length 3, got shape {x.shape}: `{x}`")
    return x


class SkewMatrix(MatrixOfMatrix):
    """The 3 x 3 matrix ``[x]`` of a 3-vector x with ``[x] y = x x y``, the cross product; it is linear in x.

    Source: Golub & Van Loan, Matrix Computations; in robotics the hat map. The adjoint of W is ``(W_32 - W_23, W_13 - W_31, W_21 - W_12)``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import SkewMatrix
    >>> SkewMatrix(Matrix([1, 2, 3])).doit()
    Matrix([
    [ 0, -3,  2],
    [ 3,  0, -1],
    [-2,  1,  0]])
    >>> from sympy import MatrixSymbol
    >>> SkewMatrix(MatrixSymbol("w", 3, 1)).T
    -skew(w)
    """

    typed = Typed("skew", "triple", "matrix of the cross product with a vector of length 3")

    def __new__(cls, x):
        return Basic.__new__(cls, as_triple(cls, x))

    @property
    def shape(self):
        return S(3), S(3)

    def _value(self, x):
        a, b, c = x.flat()
        return type(x)([[0, -c, b], [c, 0, -a], [-b, a, 0]])

    def _eval_transpose(self):
        """It is skew-symmetric."""
        return MatMul(S.NegativeOne, self)

    def _body_latex(self, printer):
        return rf"\left[{printer._print(self.arg)}\right]_{{\times}}"


class CrossProduct(MatrixOfMatrix):
    """The cross product of two 3-vectors, linear in each: ``<W, x x dy> = <W x x, dy>``, ``<W, dx x y> = <y x W, dx>``.

    >>> from sympy import Matrix, MatrixSymbol
    >>> import sympy_matcalc as mc
    >>> x, y, c = (MatrixSymbol(s, 3, 1) for s in "xyc")
    >>> mc.gradient(c.T*mc.CrossProduct(x, y), x)
    -cross(c, y)
    >>> mc.jacobian(mc.CrossProduct(x, y), y)
    skew(x)
    >>> mc.CrossProduct(Matrix([1, 0, 0]), Matrix([0, 1, 0])).doit().T
    Matrix([[0, 0, 1]])
    """

    typed = Typed("cross", "triple triple", "cross product of two vectors of length 3")

    def __new__(cls, x, y):
        return Basic.__new__(cls, as_triple(cls, x), as_triple(cls, y))

    @property
    def shape(self):
        return S(3), S.One

    def as_explicit(self):
        return self.func(*(a.as_explicit() for a in self.args)).doit()

    def _value(self, x, y):
        if not hasattr(y, "flat"):
            return None
        (a, b, c), (d, e, f) = x.flat(), y.flat()
        return type(x)([b * f - c * e, c * d - a * f, a * e - b * d])

    def _body_latex(self, printer):
        return rf"{operand(printer, self.args[0])} \times {operand(printer, self.args[1])}"

    def _latex(self, printer, exp=None):
        body = self._body_latex(printer)
        if exp is None and hasattr(printer, "stands_alone"):  # the package's printer has brackets where a product needs them
            return body
        return rf"\left({body}\right)" if exp is None else rf"\left({body}\right)^{{{exp}}}"


Cross, Skew = CrossProduct, SkewMatrix  # the same classes by the names that robotics has for them
