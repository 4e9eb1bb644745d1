"""Softmax and log-sum-exp. (Sigmoid, Softplus and Relu are scalar functions: their `fdiff` is the rule.)"""

from sympy import S

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.symmetry import transpose
from ..nodes import LogSumExp, Softmax
from . import linear
from .norms import inner
from .registry import builtin


@builtin(LogSumExp)
def d_log_sum_exp(node, d):
    """d logsumexp(x) = softmax(x)' dx."""
    return inner(raw(Softmax, node.arg), d(node.arg))


@builtin(Softmax)
def d_softmax(node, d):
    """d s = (diag(s) - s s') dx."""
    dx = d(node.arg)
    slope = make.add(make.diag_matrix(node), make.mul(S.NegativeOne, node, transpose(node)))
    return None if dx is None else linear.mul(slope, dx)
