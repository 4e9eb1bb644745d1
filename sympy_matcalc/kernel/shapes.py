"""Shapes of nodes, memoised, and the questions asked of them."""

from collections.abc import Iterable
from typing import Any

from sympy import Expr, Lambda, MatrixSymbol, S, Sum
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    Transpose,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..nodes import Einsum, MatrixSum
from ..nodes.base import MatrixOfMatrix
from .classes import ByClass
from .session import session_state

MATRIX = (MatrixExpr, MatrixBase)
INDIVISIBLE = (MatrixSymbol, Lambda, Sum, MatrixSum, Einsum, MatrixSlice, BlockMatrix)


def is_matrix(node: Any) -> bool:
    return isinstance(node, MATRIX)


def parted(factors: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """(scalars, matrices) among the factors of a product."""
    scalars: list[Any] = []
    matrices: list[Any] = []
    for f in factors:
        (matrices if isinstance(f, MATRIX) else scalars).append(f)
    return scalars, matrices


def is_one(size: Expr) -> bool:
    return size is S.One


def same_size(a: Expr, b: Expr) -> bool:
    """Whether two sizes are surely equal."""
    return a is b or a == b or (a - b).expand() == 0


def shape_of(node: Any) -> tuple[Expr, Expr]:
    """Shape, memoised: SymPy recomputes it down the tree at every call."""
    table = session_state.shapes
    known = table.get(id(node))
    if known is None:
        shape = SHAPES[type(node)]
        table[id(node)] = known = (node, _of_class(node) if shape is None else shape(node))
    return known[1]


def _of_class(node: Any) -> tuple[Expr, ...]:
    """The shape by the property of a class that has no row below."""
    return shape_of(node.arg) if type(node).shape is MatrixOfMatrix.shape else tuple(S(x) for x in node.shape)


def _of_product(node: MatMul) -> tuple[Expr, Expr]:
    for first in node.args:  # a loop: this is asked of every product
        if isinstance(first, MATRIX):
            break
    for last in reversed(node.args):
        if isinstance(last, MATRIX):
            break
    return shape_of(first)[0], shape_of(last)[1]


def _of_diagonal(node: DiagMatrix) -> tuple[Expr, Expr]:
    rows, cols = shape_of(node.args[0])
    return (cols, cols) if is_one(rows) else (rows, rows)


SHAPES = ByClass(
    (MatrixSymbol, lambda node: node.args[1:]),
    (MatMul, _of_product),
    ((MatAdd, HadamardProduct), lambda node: shape_of(next(a for a in node.args if is_matrix(a)))),
    (Transpose, lambda node: shape_of(node.args[0])[::-1]),
    ((Inverse, MatPow), lambda node: shape_of(node.args[0])),
    (HadamardPower, lambda node: shape_of(node.args[0] if is_matrix(node.args[0]) else node.args[1])),
    (ElementwiseApplyFunction, lambda node: shape_of(node.args[1])),
    (DiagMatrix, _of_diagonal),
)


def order_of(node: MatrixExpr) -> Expr:
    """The number of rows of a square matrix, which is that of its columns."""
    return shape_of(node)[0]


def is_scalar_shaped(node: Any) -> bool:
    """A scalar, or a matrix that is literally 1 x 1; needs no session."""
    return not is_matrix(node) or tuple(node.shape) == (1, 1)


def is_column(node: MatrixExpr) -> bool:
    return is_one(shape_of(node)[1])
