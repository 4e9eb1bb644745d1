"""MatrixSum: a sum of matrices over an integer index, which SymPy's Sum cannot take part in products as."""

from sympy import Basic, Sum
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..errors import ShapeError
from ..strict import sympified, sympified_tuple
from .declaration import OwnNode
from .einsum import free_under

__all__ = ["MatrixSum"]


class MatrixSum(OwnNode, MatrixExpr):
    """``sum_{r=low}^{high} body`` of a matrix-valued body: ``MatrixSum(body, (r, low, high), ...)``.

    What the derivative of a symbolic power is: d tr(B X^k)/dX is a sum over r of (X')^r B' (X')^(k-1-r) (Matrix Cookbook eq. 91).

    >>> from sympy import Matrix, symbols
    >>> from sympy_matcalc import MatrixSum
    >>> r = symbols("r", integer=True)
    >>> MatrixSum(Matrix([[1, r]]), (r, 0, 3)).as_explicit()
    Matrix([[4, 6]])
    """

    typed = "an index that runs has no text: sums are typed as products, `sum` and `tr`"

    def __new__(cls, body, *limits):
        body = sympified(body)
        if not getattr(body, "is_Matrix", False):
            raise ShapeError(f"MatrixSum needs a matrix body, got `{body}`")
        return Basic.__new__(cls, body, *map(sympified_tuple, limits))

    body = property(lambda self: self.args[0])
    limits = property(lambda self: self.args[1:])

    @property
    def shape(self):
        return self.body.shape

    @property
    def bound_symbols(self):
        return {lim[0] for lim in self.limits}

    @property
    def free_symbols(self):
        return free_under(self.body.free_symbols, self.limits)

    def _entry(self, i, j, **kwargs):
        return Sum(self.body[i, j], *self.limits)

    def as_explicit(self):
        return super().as_explicit().doit()

    def _eval_transpose(self):
        return MatrixSum(self.body.T, *self.limits)

    def _eval_subs(self, old, new):
        if old in self.bound_symbols:
            return self
        return None

    def _sympystr(self, printer):
        return "MatrixSum(" + ", ".join([printer._print(self.body), *(printer._print(tuple(lim)) for lim in self.limits)]) + ")"

    def _latex(self, printer, exp=None):
        sums = "".join(rf"\sum_{{{printer._print(s)}={printer._print(a)}}}^{{{printer._print(b)}}} " for s, a, b in self.limits)
        body = sums + printer.parenthesize(self.body, 40)
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"
