"""Symmetric with x'Sx > 0 for every x but 0."""

from sympy.matrices.expressions import HadamardProduct, Identity, Inverse, KroneckerProduct, MatAdd, MatMul, MatPow, OneMatrix, ZeroMatrix

from ..nodes import MatrixExp
from .congruence import is_congruence
from .declared import Truth, all_of, declare, derived, has
from .signs import is_positive

declare("positive_definite", implies=("symmetric", "invertible"))


@derived("positive_definite")
def is_positive_definite(node) -> Truth:
    """Symmetric with x'Sx > 0 for x not 0."""
    if isinstance(node, (Identity, ZeroMatrix)):
        return isinstance(node, Identity)
    if isinstance(node, OneMatrix):
        return False if (node.shape[0] - 1).is_positive else None
    if isinstance(node, (Inverse, MatPow)):
        return _of_power(*node.args)
    if isinstance(node, MatAdd):
        return all_of([all_of(has("positive_semidefinite", a) for a in node.args), any(map(is_positive_definite, node.args))])
    if isinstance(node, (KroneckerProduct, HadamardProduct)):
        return all_of(map(is_positive_definite, node.args))
    if isinstance(node, MatrixExp):
        return has("symmetric", node.arg) or None
    return is_congruence(node, is_positive, is_positive_definite, strict=True) if isinstance(node, MatMul) else None


def _of_power(base, k):
    """A power of a positive definite matrix, and an even one of a symmetric and invertible matrix."""
    return is_positive_definite(base) or (k.is_even is True and has("symmetric", base) and has("invertible", base)) or None
