"""Products of the entries of a matrix and of its rows, and what their derivatives are made of."""

from sympy import Basic, Mul, S, prod
from sympy.matrices.expressions import Transpose

from ..strict import sympified
from .base import ColumnOfRows, MatrixOfMatrix, ScalarOfEntries, as_matrix
from .declaration import Typed, itself, one, zero

__all__ = ["ElementProduct", "RowProduct", "ProductsOfOthers", "RowProductsOfOthers", "ProductsOfOtherPairs", "CumulativeProduct"]


class ElementProduct(ScalarOfEntries):
    """The product of all entries; ``d prod(A) = <ProductsOfOthers(A), dA>``, also where entries are 0.

    >>> from sympy import Matrix, MatrixSymbol, Symbol
    >>> import sympy_matcalc as mc
    >>> n = Symbol("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient(mc.ElementProduct(x), x)
    others_prod(x)
    >>> mc.ElementProduct(Matrix([[1, 2], [3, 4]])).doit()
    24
    """

    typed = Typed("prod", "matrix", "product of all entries", itself)
    of_entries = Mul


class RowProduct(ColumnOfRows):
    """The column of the products of each row; ``d rowprod(A) = (RowProductsOfOthers(A) o dA) 1``, also where entries are 0.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import RowProduct
    >>> RowProduct(Matrix([[1, 2], [3, 4]])).doit()
    Matrix([
    [ 2],
    [12]])
    """

    typed = Typed("rowprod", "matrix", "column of the products of each row", itself)
    of_entries = Mul


def others(entries):
    """For each entry the product of all others."""
    return [prod([x for j, x in enumerate(entries) if j != i], S.One) for i in range(len(entries))]


class ProductsOfOthers(MatrixOfMatrix):
    """For each entry of A the product of all others: the gradient of `ElementProduct`.

    ``d vec P = ProductsOfOtherPairs(vec A) d vec A``.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import ProductsOfOthers
    >>> ProductsOfOthers(Matrix([2, 3, 0])).doit().T
    Matrix([[0, 0, 6]])
    """

    typed = Typed("others_prod", "matrix", "for each entry the product of all others", one)

    def __new__(cls, A):
        A = as_matrix(cls, A)
        return Transpose(Basic.__new__(cls, A.arg)) if isinstance(A, Transpose) else Basic.__new__(cls, A)

    def _value(self, A):
        return type(A)(*A.shape, others(A.flat()))


class RowProductsOfOthers(MatrixOfMatrix):
    """`ProductsOfOthers` of each row.

    ``d P = sum_i e_i e_i' dA T_i``, T_i the `ProductsOfOtherPairs` of row i.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import RowProductsOfOthers
    >>> RowProductsOfOthers(Matrix([[2, 3], [4, 0]])).doit()
    Matrix([
    [3, 2],
    [0, 4]])
    """

    typed = Typed("row_others_prod", "matrix", "for each entry the product of all others of its row", one)

    def __new__(cls, A):
        return Basic.__new__(cls, as_matrix(cls, A))

    def _value(self, A):
        return type(A)([others(list(A.row(i))) for i in range(A.rows)])


class ProductsOfOtherPairs(MatrixOfMatrix):
    """The symmetric matrix of the products of all entries of a vector but two, ``prod_(k != i, j) x_k``; 0 on its diagonal.

    It is the Hessian of `ElementProduct`.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import ProductsOfOtherPairs
    >>> ProductsOfOtherPairs(Matrix([2, 3, 5])).doit()
    Matrix([
    [0, 5, 3],
    [5, 0, 2],
    [3, 2, 0]])
    """

    typed = Typed("other_pairs_prod", "vector", "for each pair of entries the product of all others, 0 on the diagonal", zero)

    def __new__(cls, x):
        return Basic.__new__(cls, as_matrix(cls, x, vector=True))

    @property
    def shape(self):
        rows, cols = map(sympified, self.arg.shape)
        return (rows, rows) if cols == 1 else (cols, cols)

    def _eval_transpose(self):
        return self

    def _value(self, x):
        rows = [others([S.One if j == i else e for j, e in enumerate(x.flat())]) for i in range(len(x.flat()))]
        return type(x)(len(rows), len(rows), lambda i, j: S.Zero if i == j else rows[i][j])


class CumulativeProduct(MatrixOfMatrix):
    """The column ``(x_1, x_1 x_2, ..., x_1 ... x_n)`` of a vector, NumPy's ``cumprod``; differentiated also where entries are 0.

    It is the column of the products of the rows of a triangle of entries of x, with ones beside it.

    >>> from sympy import Matrix
    >>> from sympy_matcalc import CumulativeProduct
    >>> CumulativeProduct(Matrix([2, 3, 5])).doit().T
    Matrix([[2, 6, 30]])
    """

    typed = Typed("cumprod", "vector", "column of the cumulative products of a vector", itself)

    def __new__(cls, x):
        x = as_matrix(cls, x, vector=True)
        return Basic.__new__(cls, x.arg if isinstance(x, Transpose) else x)

    @property
    def shape(self):
        rows, cols = map(sympified, self.arg.shape)
        return (rows, S.One) if cols == 1 else (cols, S.One)

    def _value(self, x):
        entries = x.flat()
        return type(x)(len(entries), 1, [Mul(*entries[: k + 1]) for k in range(len(entries))])
