"""The axis of a rotation is kept by it and by its Jacobian: J(c w) w = w."""

from typing import Any

from sympy.matrices.expressions import Transpose

from ..kernel.chains import open_product
from ..kernel.symmetry import transpose
from ..nodes import RightJacobian


def with_axis_kept(factors: tuple[Any, ...]) -> tuple[Any, ...]:
    """The factors of a product without a Jacobian of a rotation about w beside w; the same tuple where there is none."""
    for at, f in enumerate(factors):
        jacobian = f.args[0] if isinstance(f, Transpose) else f
        if isinstance(jacobian, RightJacobian):
            _, axis = open_product(jacobian.arg)
            after, before = factors[at + 1 : at + 2], factors[max(at - 1, 0) : at]
            if any(open_product(v)[1] == axis for v in after) or any(open_product(transpose(v))[1] == axis for v in before if v.is_Matrix):
                return with_axis_kept(factors[:at] + factors[at + 1 :])
    return factors
