"""Values of induced norms, and of the logarithm of a determinant."""

import numpy as np

from ..nodes import InfinityNorm, LogAbsDeterminant, OneNorm
from .evaluator import evaluator
from .matrix_nodes import square


@evaluator(OneNorm)
def of_one_norm(ev, node):
    return np.linalg.norm(ev.matrix(node.arg), 1)


@evaluator(InfinityNorm)
def of_infinity_norm(ev, node):
    return np.linalg.norm(ev.matrix(node.arg), np.inf)


@evaluator(LogAbsDeterminant)
def of_log_abs_determinant(ev, node):
    return np.log(np.prod(np.abs(np.linalg.svd(square(ev, node.arg), compute_uv=False))))
