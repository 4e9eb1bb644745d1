"""Q'Q = I."""

from sympy.matrices.expressions import Identity, Inverse, KroneckerProduct, MatMul, MatPow, Transpose, ZeroMatrix
from sympy.matrices.expressions.permutation import PermutationMatrix

from ..kernel.shapes import is_matrix
from ..nodes import CommutationMatrix
from .declared import Truth, all_of, declare, derived, is_square

declare("orthogonal", implies=("invertible",))
declare("unitary", implies=("orthogonal", "invertible"), listed=False)  # symbols are real
declare("orthonormal", of_square=False, listed=False)


@derived("orthonormal")
def is_orthonormal(node) -> Truth:
    """Q'Q = I, Q with as many rows as columns or more."""
    return is_orthogonal(node)


@derived("orthogonal")
def is_orthogonal(node) -> Truth:
    """Q'Q = I, Q square."""
    if isinstance(node, (Identity, CommutationMatrix, PermutationMatrix)):
        return True
    if isinstance(node, ZeroMatrix):
        return False
    if isinstance(node, Transpose):
        return is_orthogonal(node.args[0])
    if isinstance(node, (Inverse, MatPow)):
        return all_of([node.args[1].is_integer, is_orthogonal(node.args[0])])
    if isinstance(node, KroneckerProduct):
        return all_of(map(is_orthogonal, node.args))
    if isinstance(node, MatMul):
        return all_of(is_square(a) and is_orthogonal(a) if is_matrix(a) else a in (1, -1) for a in node.args)
    return None
