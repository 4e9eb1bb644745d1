"""Induced norms and the logarithm of a determinant, written out in canonical form."""

from sympy import Abs, Determinant, log
from sympy.matrices.expressions import Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..kernel import make
from ..kernel.shapes import is_matrix
from ..nodes import ElementMax, InfinityNorm, LogAbsDeterminant, OneNorm, RowSum
from ..nodes.bound import BOUND
from .scalars import handles


@handles(OneNorm, InfinityNorm)
def induced(e, prepare):
    """The largest sum of a row, or of a column, of the absolute values."""
    a = prepare(e.arg)
    if not is_matrix(a):
        return Abs(a)
    sizes = ElementwiseApplyFunction(make.function(Abs(BOUND)), a)
    return prepare(ElementMax(RowSum(sizes if isinstance(e, InfinityNorm) else Transpose(sizes))))


@handles(LogAbsDeterminant)
def log_abs_determinant(e, prepare):
    return prepare(log(Abs(Determinant(e.arg))))
