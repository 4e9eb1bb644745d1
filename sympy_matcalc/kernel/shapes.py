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
        if isinstance(node, MatrixSymbol):
            found = node.args[1], node.args[2]
        elif isinstance(node, MatMul):
            for first in node.args:  # a loop: this is asked of every product
                if isinstance(first, MATRIX):
                    break
            for last in reversed(node.args):
                if isinstance(last, MATRIX):
                    break
            found = (shape_of(first)[0], shape_of(last)[1])
        elif isinstance(node, (MatAdd, HadamardProduct)):
            found = shape_of(next(a for a in node.args if is_matrix(a)))
        elif isinstance(node, Transpose):
            found = shape_of(node.args[0])[::-1]
        elif isinstance(node, (Inverse, MatPow)):
            found = shape_of(node.args[0])
        elif isinstance(node, HadamardPower):
            found = shape_of(node.args[0] if is_matrix(node.args[0]) else node.args[1])
        elif isinstance(node, ElementwiseApplyFunction):
            found = shape_of(node.args[1])
        elif isinstance(node, DiagMatrix):
            rows, cols = shape_of(node.args[0])
            found = (cols, cols) if is_one(rows) else (rows, rows)
        elif type(node).shape is MatrixOfMatrix.shape:
            found = shape_of(node.arg)
        else:
            found = tuple(S(x) for x in node.shape)
        table[id(node)] = known = (node, found)
    return known[1]


def order_of(node: MatrixExpr) -> Expr:
    """The number of rows of a square matrix, which is that of its columns."""
    return shape_of(node)[0]


def is_scalar_shaped(node: Any) -> bool:
    """A scalar, or a matrix that is literally 1 x 1; needs no session."""
    return not is_matrix(node) or tuple(node.shape) == (1, 1)


def is_column(node: MatrixExpr) -> bool:
    return is_one(shape_of(node)[1])
