"""Scalars of a matrix: trace, determinant, entry."""

from sympy import Determinant, Trace
from sympy.matrices.expressions import MatPow
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import make
from ..kernel.shapes import is_matrix
from . import linear
from .registry import builtin


@builtin(Trace)
def d_trace(node, d):
    """d tr(A) = tr(dA)."""
    return linear.trace(d(node.arg))


@builtin(Determinant)
def d_determinant(node, d):
    """d det(A) = det(A) tr(A^-1 dA) (Jacobi; Magnus & Neudecker, ch. 8, sec. 3)."""
    da = d(node.arg)
    return None if da is None else linear.mul(node, linear.trace(linear.mul(inverse_of(node.arg), da)))


def inverse_of(a):
    """A^-1 in canonical form: of a power, the power with the opposite exponent."""
    if isinstance(a, MatPow):
        return make.power(a.args[0], -a.args[1])
    return make.inverse(a)


@builtin(MatrixElement)
def d_element(node, d):
    """d(A[i, j]) = (dA)[i, j]."""
    a, i, j = node.args
    da = d(a)
    return da if da is None or not is_matrix(da) else make.element(da, i, j)
