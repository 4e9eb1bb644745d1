"""Values of cross products."""

import numpy as np

from ..nodes import CrossProduct, SkewMatrix
from .evaluator import evaluator
from .matrix_nodes import vector


@evaluator(CrossProduct)
def of_cross_product(ev, node):
    return np.cross(*(vector(ev, a) for a in node.args)).reshape(3, 1)


@evaluator(SkewMatrix)
def of_skew_matrix(ev, node):
    """The columns are the cross products with the unit vectors."""
    return np.stack([np.cross(vector(ev, node.arg), unit) for unit in np.eye(3)], axis=1)
