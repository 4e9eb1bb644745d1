"""Symmetric with x'Sx >= 0."""

from sympy.matrices.expressions import HadamardProduct, Inverse, KroneckerProduct, MatAdd, MatMul, MatPow, OneMatrix, ZeroMatrix

from .congruence import is_congruence
from .declared import Truth, all_of, derived, has
from .signs import is_nonnegative


@derived("positive_semidefinite")
def is_positive_semidefinite(node) -> Truth:
    """Symmetric with x'Sx >= 0; SymPy has no such predicate, so that it is derived, never stated."""
    if has("positive_definite", node):
        return True
    if isinstance(node, (ZeroMatrix, OneMatrix)):
        return True
    if isinstance(node, (Inverse, MatPow)):
        return (node.args[1].is_even is True and has("symmetric", node.args[0])) or None
    if isinstance(node, (MatAdd, KroneckerProduct, HadamardProduct)):
        return all_of(map(is_positive_semidefinite, node.args))
    return is_congruence(node, is_nonnegative, is_positive_semidefinite, strict=False) if isinstance(node, MatMul) else None
