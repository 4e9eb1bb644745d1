"""Functions of multiples of the identity and of matrices whose entries are all one number.

Source: Higham, Functions of Matrices, ch. 1 and 3; the value of a power series at a scalar.
"""

from sympy import Identity, OneMatrix, S, ZeroMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..canonical.declared import number_in_front
from ..kernel import make
from ..kernel.shapes import shape_of
from ..nodes import FrechetDerivative, MatrixFunction
from ..nodes.bound import BOUND, body_of
from ..nodes.matrix_functions import AnalyticFunction
from .registry import reduces


@reduces(AnalyticFunction, MatrixFunction)
def function_of_multiple_of_identity(e):
    """f(c I) = f(c) I where f(c) is a real number."""
    c = _multiple(e.arg, Identity)
    value = None if c is None else _value(body_of(e.function), c)
    return None if value is None else _times(value, make.identity_like(e))


@reduces(FrechetDerivative)
def frechet_derivative_at_multiple_of_identity(e):
    """L_f(c I; E) = f'(c) E and L_f(c I; E, E) = f''(c) E**2, where the derivative is a real number."""
    c, (E, *rest) = _multiple(e.arg, Identity), e.directions
    if c is None or any(F != E for F in rest):
        return None
    value = _value(body_of(e.function).diff(BOUND, len(rest) + 1), c)
    return None if value is None else _times(value, make.power(E, S(len(rest) + 1)) if rest else E)


@reduces(ElementwiseApplyFunction)
def function_of_equal_entries(e):
    """f(c 1) = f(c) 1, entry by entry, where f(c) is a real number."""
    c = _multiple(e.expr, OneMatrix)
    value = None if c is None else _value(e.function.expr, c, e.function.variables[0])
    return None if value is None else _times(value, make.ones(*shape_of(e)))


def _multiple(A, unit):
    """c where a matrix is c times the identity or times the matrix of ones; None elsewhere."""
    if isinstance(A, ZeroMatrix):
        return S.Zero
    c, rest = number_in_front(A)
    return c if isinstance(rest, unit) else None


def _value(body, c, bound=BOUND):
    """The function at c, None where that is not known to be a real number."""
    value = body.subs(bound, c)
    return value if value.is_real else None


def _times(c, A):
    return make.zero(*shape_of(A)) if c == 0 else A if c == 1 else make.mul(c, *(A.args if A.is_MatMul else (A,)))
