"""The gradient of the complex nuclear norm, the polar factor of X, for matrices with fewer rows than columns too.

before: ``X*sqrtm(Adjoint(X)*X)**(-1)``, an inverse of a matrix that is singular where X is wide
after:  ``X*pinv(sqrtm(Adjoint(X)*X))``
"""

from typing import Any

from sympy import S
from sympy.matrices.expressions import Adjoint, Inverse, MatPow

from ..kernel.interning import raw
from ..kernel.walks import every_node, replaced
from ..nodes import MatrixSqrt, PseudoInverse
from ..nodes.matrix_functions import gram_factor


def with_polar_factors(found: Any) -> Any:
    """A first derivative with the pseudo-inverse of each root ``(A^H A)^(1/2)`` in the place of its inverse. They are the same where there
    is an inverse, and an expression that has a nuclear norm in it has a value elsewhere too.
    """
    inverses = {node: raw(PseudoInverse, node.args[0]) for node in every_node(found) if _is_inverse(node) and _is_root(node.args[0])}
    return replaced(found, inverses) if inverses else found


def _is_inverse(node: Any) -> bool:
    return isinstance(node, Inverse) or isinstance(node, MatPow) and node.exp is S.NegativeOne


def _is_root(node: Any) -> bool:
    """Whether a matrix is the square root of ``A^H A`` by its form."""
    return isinstance(node, MatrixSqrt) and gram_factor(node.arg, Adjoint) is not None
