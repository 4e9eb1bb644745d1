"""Softmax and log-sum-exp. (Sigmoid, Softplus and Relu are scalar functions: their `fdiff` is the rule.)"""

from sympy import S

from .. import build as b
from ..nodes import LogSumExp, Softmax
from . import linear as ln
from .norms import inner
from .registry import builtin


@builtin(LogSumExp)
def d_log_sum_exp(node, d):
    """d logsumexp(x) = softmax(x)' dx."""
    return inner(b.raw(Softmax, node.arg), d(node.arg))


@builtin(Softmax)
def d_softmax(node, d):
    """d s = (diag(s) - s s') dx."""
    dx = d(node.arg)
    slope = b.add(b.diag_matrix(node), b.mul(S.NegativeOne, node, b.transpose(node)))
    return None if dx is None else ln.mul(slope, dx)
