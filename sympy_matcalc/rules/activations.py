"""Softmax and log-sum-exp, of vectors and of rows. (Sigmoid, Softplus and Relu are scalar functions: their `fdiff` is the rule.)"""

from sympy import S

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import LogSumExp, RowLogSumExp, RowSoftmax, Softmax
from . import linear
from .norms import inner
from .registry import builtin


@builtin(LogSumExp, name="differential of log-sum-exp")
def d_log_sum_exp(node, d):
    """d logsumexp(x) = softmax(x)' dx."""
    return inner(raw(Softmax, node.arg), d(node.arg))


@builtin(Softmax, name="differential of softmax")
def d_softmax(node, d):
    """d s = (diag(s) - s s') dx."""
    dx = d(node.arg)
    slope = make.add(make.diag_matrix(node), make.mul(S.NegativeOne, node, transpose(node)))
    return None if dx is None else linear.mul(slope, dx)


@builtin(RowSoftmax, name="differential of a softmax of each row")
def d_row_softmax(node, d):
    """d P = P o (dX - (P o dX) 1 1')."""
    dx = d(node.arg)
    if dx is None:
        return None
    sums = linear.mul(S.NegativeOne, linear.hadamard(node, dx), make.ones(*[shape_of(node)[1]] * 2))
    return linear.hadamard(node, linear.add(dx, sums))


@builtin(RowLogSumExp, name="differential of log-sum-exp of each row")
def d_row_log_sum_exp(node, d):
    """d l = (P o dX) 1, P the softmax of each row."""
    dx = d(node.arg)
    return None if dx is None else linear.mul(linear.hadamard(raw(RowSoftmax, node.arg), dx), make.ones(shape_of(node.arg)[1]))
