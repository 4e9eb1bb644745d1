"""The determinant and the adjugate. (Trace and entry are linear: declared in `adjoint.entries`.)"""

from sympy import Determinant, S
from sympy.matrices.expressions import MatPow

from ..kernel import make
from ..nodes import Adjugate
from . import linear
from .registry import builtin


@builtin(Determinant, name="Jacobi's formula for a determinant", source="Magnus & Neudecker, ch. 8, sec. 3")
def d_determinant(node, d):
    """d det(A) = det(A) tr(A^-1 dA) (Jacobi; Magnus & Neudecker, ch. 8, sec. 3)."""
    da = d(node.arg)
    return None if da is None else linear.mul(node, linear.trace(linear.mul(inverse_of(node.arg), da)))


@builtin(Adjugate, name="differential of an adjugate", source="Magnus & Neudecker, ch. 8, sec. 6")
def d_adjugate(node, d):
    """d adj(A) = (tr(adj(A) dA) I - adj(A) dA) A^-1 (Magnus & Neudecker, ch. 8, sec. 6)."""
    da = d(node.arg)
    if da is None:
        return None
    inverse = inverse_of(node.arg)
    return linear.add(linear.mul(linear.trace(linear.mul(node, da)), inverse), linear.mul(S.NegativeOne, node, da, inverse))


def inverse_of(a):
    """A^-1 in canonical form: of a power, the power with the opposite exponent."""
    if isinstance(a, MatPow):
        return make.power(a.args[0], -a.args[1])
    return make.inverse(a)
