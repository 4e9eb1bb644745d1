"""Having an inverse, or none."""

from sympy.matrices.expressions import Identity, Inverse, KroneckerProduct, MatMul, MatPow, OneMatrix, Transpose, ZeroMatrix
from sympy.matrices.expressions.permutation import PermutationMatrix

from ..kernel.shapes import is_matrix
from ..nodes import Cholesky, CommutationMatrix, MatrixExp
from .declared import Truth, declare, derived, every, has, is_square
from .signs import is_nonzero

declare("invertible")
declare("singular")
declare("fullrank", implies=("invertible",), of_square=False)


@derived("invertible")
def is_invertible(node) -> Truth:
    """Has an inverse. Expressions in which a matrix is inverted take it to be invertible."""
    if isinstance(node, (Identity, Inverse, MatrixExp, Cholesky, CommutationMatrix, PermutationMatrix)):
        return True
    if isinstance(node, ZeroMatrix) or isinstance(node, OneMatrix) and (node.shape[0] - 1).is_positive:
        return False
    if isinstance(node, Transpose):
        return is_invertible(node.args[0])
    if isinstance(node, MatPow):
        return _of_power(*node.args)
    if isinstance(node, KroneckerProduct):
        found = every(is_invertible(a) for a in node.args) if all(map(is_square, node.args)) else None
    else:
        found = _of_product(node) if isinstance(node, MatMul) else None
    return has("positive_definite", node) or None if found is None else found


def _of_power(base, k):
    if k.is_negative is True:
        return True
    return is_invertible(base) if k.is_positive else is_invertible(base) or None


def _of_product(node):
    """True of factors that are; False where the factors are square and one is not."""
    matrices = [a for a in node.args if is_matrix(a)]
    if not all(map(is_square, matrices)):
        return None
    return every(is_invertible(a) if is_matrix(a) else is_nonzero(a) for a in node.args)
