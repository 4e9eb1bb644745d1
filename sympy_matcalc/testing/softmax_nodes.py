"""Values of softmax and log-sum-exp of each row."""

import numpy as np

from ..nodes import RowLogSumExp, RowSoftmax
from .book_nodes import log_sum_exp
from .evaluator import evaluator


@evaluator(RowLogSumExp)
def of_row_log_sum_exp(ev, node):
    return np.array([[log_sum_exp(row)] for row in ev.matrix(node.arg)])


@evaluator(RowSoftmax)
def of_row_softmax(ev, node):
    return np.stack([np.exp(row - log_sum_exp(row)) for row in ev.matrix(node.arg)])
