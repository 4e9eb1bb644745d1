"""A' = A."""

from sympy.matrices.expressions import Inverse, Transpose

from ..kernel import symmetry
from ..nodes import MatrixUnit
from .declared import Truth, declare, derived

declare("symmetric")
declare("hermitian", implies=("symmetric",), listed=False)  # symbols are real
declare("normal", listed=False)


@derived("symmetric")
def is_symmetric(node) -> Truth:
    """A' = A: by its structure, which decides the canonical form too."""
    if isinstance(node, (Inverse, Transpose)):
        return is_symmetric(node.args[0])
    if isinstance(node, MatrixUnit):
        return node.args[2] == node.args[3] or (False if (node.args[2] - node.args[3]).is_nonzero else None)
    return True if symmetry.is_symmetric(node) else None
