"""Zero off the diagonal."""

from sympy.matrices.expressions import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from ..kernel.shapes import is_matrix
from ..nodes import MatrixUnit
from .declared import Truth, all_of, declare, derived, is_square, some

declare("diagonal", implies=("symmetric",))


@derived("diagonal")
def is_diagonal(node) -> Truth:
    """Zero off the diagonal, and square."""
    if isinstance(node, (Identity, DiagMatrix, DiagonalMatrix, ZeroMatrix)):
        return True
    if isinstance(node, OneMatrix):
        return False if (node.shape[0] - 1).is_positive else None
    if isinstance(node, MatrixUnit):
        return node.args[2] == node.args[3] or (False if (node.args[2] - node.args[3]).is_nonzero else None)
    if isinstance(node, (Inverse, MatPow, Transpose)):
        return is_diagonal(node.args[0]) or None
    if isinstance(node, (MatAdd, KroneckerProduct)):
        return all_of(map(is_diagonal, node.args))
    if isinstance(node, HadamardProduct):
        return some(map(is_diagonal, node.args))
    if isinstance(node, MatMul):
        return all_of(is_square(a) and is_diagonal(a) for a in node.args if is_matrix(a))
    return None
