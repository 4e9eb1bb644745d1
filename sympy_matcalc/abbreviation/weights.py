"""How long a part is when it is printed: about the characters of a paper's notation, and the number of its nodes."""

from collections.abc import Callable
from typing import Any

from sympy import Add, Lambda, Mul, Pow, Tuple
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    BlockMatrix,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from .graph import Graph, is_number

NAME = 2  # characters of a name
DEFINITION = 7  # characters of "U1 = " and of what stands behind it
LETTER = (MatrixSymbol, OneMatrix, Identity, ZeroMatrix)
LONGEST_WORD = 8  # characters by which the name of a function counts at most
BETWEEN = {MatMul: 1, Mul: 1, MatAdd: 3, Add: 3, HadamardProduct: 3, KroneckerProduct: 3, Tuple: 2}
AROUND = {Transpose: 1, Inverse: 2, Pow: 1, MatPow: 1, Lambda: 2, ElementwiseApplyFunction: 2, DiagMatrix: 6}
SUMS = (Add, MatAdd)
LOOSER = {MatMul: SUMS, Mul: SUMS, Pow: (*SUMS, Mul), MatPow: (*SUMS, MatMul), Inverse: (*SUMS, MatMul), Transpose: (*SUMS, MatMul)}


def weight(graph: Graph, n: int, of_part: Callable[[int], int]) -> int:
    """Characters of a cell, those of its parts given."""
    cell = graph.cells[n]
    if not cell.parts:
        return _letters(cell.node)
    kinds = LOOSER.get(cell.kind, ())
    parens = sum(2 for p in cell.parts if kinds and isinstance(graph.cells[p].node, kinds))
    return own_weight(cell.node, len(cell.parts)) + parens + sum(map(of_part, cell.parts))


def own_weight(node: Any, count: int) -> int:
    """Characters that a node writes between and around `count` parts."""
    between = BETWEEN.get(type(node))
    if between is not None:
        return between * (count - 1)
    if isinstance(node, (BlockMatrix, MatrixBase)):
        return 2 + 2 * count
    around = AROUND.get(type(node))
    return around if around is not None else min(len(type(node).__name__), LONGEST_WORD) + 2 * count


def _letters(node: Any) -> int:
    if isinstance(node, LETTER):
        return 1
    name = getattr(node, "name", None)
    return min(len(str(name)), NAME) if name else len(str(node)) if is_number(node) else NAME
