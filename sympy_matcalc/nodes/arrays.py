"""SymPy's array expressions as the package sees them: told by the name of their class, and array symbols of one or two axes as matrices.

SymPy's module of array expressions costs a tenth of the time that SymPy takes to load, so nothing here imports it: whoever has such an
expression has loaded it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sympy import Basic, NDimArray, S
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.immutable import ImmutableDenseMatrix
from sympy.tensor.array.arrayop import Flatten

from ..errors import ExpressionError, ShapeError
from ..strict import sympified
from .declaration import OwnNode

__all__ = ["AsMatrix"]

MODULE = "sympy.tensor.array.expressions.array_expressions"


@lru_cache(maxsize=1024)
def _name_of(cls: Any) -> str:
    return next((base.__name__ for base in cls.__mro__ if base.__module__ == MODULE), "")


def array_class(e: Any) -> str:
    """The name of the class of one of SymPy's array expressions, such as "ArrayContraction"; "" for anything else."""
    cls: Any = type(e)
    return _name_of(cls)


def is_array_symbol(e: Any) -> bool:
    """Whether `e` is an ArraySymbol."""
    return array_class(e) == "ArraySymbol"


def is_array_expression(e: Any) -> bool:
    """Whether `e` is one of SymPy's array expressions, or an explicit N-dim array; an entry of one is a scalar."""
    return isinstance(e, NDimArray) or array_class(e) not in ("", "ArrayElement")


def array_sizes(e: Any) -> tuple:
    """The sizes of the axes of an array expression; ShapeError where SymPy does not know them."""
    if e.shape is None or any(s is None for s in e.shape):
        raise ShapeError(f"`{e}` is an array of unknown shape: build it of `ArraySymbol(name, shape)`, which has one")
    return tuple(map(S, e.shape))


def entry_of(array: Any, index: Sequence) -> Any:
    """``array[index]``, also of a function of the entries, which SymPy gives no entries."""
    index = tuple(map(sympified, index))
    if array_class(array) == "ArrayElementwiseApplyFunc":
        return array.function(entry_of(array.expr, index))
    if not hasattr(array, "__getitem__"):
        raise ExpressionError(f"`{type(array).__name__}` has no entries in `{array}`; write it by ArraySymbols, matrices and Einsum")
    return array[index]


class AsMatrix(OwnNode, MatrixExpr):
    """An ArraySymbol of one axis as a column, of two axes as a matrix: what stands for it in matrix notation. It prints as the array.

    Of a matrix or an explicit array, as substitution makes it, it is that matrix. Errors: ShapeError for an array of no axis or of more
    than two; ExpressionError for what is no array.

    >>> from sympy import symbols
    >>> from sympy.tensor.array.expressions import ArraySymbol
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> v = mc.AsMatrix(ArraySymbol("v", (n,)))
    >>> v.shape, v.T*v, v[0, 0]
    ((n, 1), v.T*v, v[0])
    """

    typed = "it stands for an array symbol, which is not typed: a name that is typed is a matrix"
    is_symbol = True  # in print, as a MatrixSymbol is

    def __new__(cls, array):
        if getattr(array, "is_Matrix", False):
            return array
        if isinstance(array, NDimArray) and array.rank() in (1, 2):
            return ImmutableDenseMatrix(*(array.shape if array.rank() == 2 else (*array.shape, 1)), list(Flatten(array)))
        if not is_array_symbol(array):
            raise ExpressionError(f"AsMatrix takes an ArraySymbol of one or two axes, got {type(array).__name__}: `{array}`")
        if len(array.shape) not in (1, 2):
            raise ShapeError(f"AsMatrix takes an array of one or two axes, `{array}` has {len(array.shape)}")
        return Basic.__new__(cls, array)

    array = property(lambda self: self.args[0])
    name = property(lambda self: str(self.args[0].name))

    @property
    def shape(self):
        sizes = array_sizes(self.array)
        return sizes if len(sizes) == 2 else (*sizes, S.One)

    def _entry(self, i, j, **kwargs):
        return entry_of(self.array, (i, j)[: len(self.array.shape)])

    def _sympystr(self, printer):
        return printer._print(self.array)

    def _pretty(self, printer):
        return printer._print(self.array.name)

    def _latex(self, printer, exp=None):
        body = printer._print(self.array.name)
        return body if exp is None else rf"{{{body}}}^{{{exp}}}"
