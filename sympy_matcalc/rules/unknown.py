r"""Unknown functions: dF = sum_i D_i F(...)[dp_i] (Magnus & Neudecker, ch. 5), in products where vectors allow it."""

from ..canonical.unknown import derivative
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import UnknownMatrix, UnknownMatrixDerivative, UnknownScalar, UnknownScalarDerivative
from ..nodes.unknown import Form
from . import linear
from .norms import inner
from .registry import builtin


@builtin(UnknownScalar, UnknownMatrix, UnknownScalarDerivative, UnknownMatrixDerivative, name="chain rule for a function that is not given")
def d_unknown(node, d):
    """d F(p, q) = D_1 F(p, q)[dp] + D_2 F(p, q)[dq]; of a derivative in directions, those too."""
    form = node.form
    terms = [_by_argument(form, slot, d(p)) for slot, p in enumerate(form.point)]
    terms += [_by_direction(form, at, d(e)) for at, e in enumerate(form.given)]
    return linear.add(*terms)


def _by_direction(form: Form, at: int, de):
    """Linear in each direction."""
    return None if de is None else derivative(form._replace(given=(*form.given[:at], de, *form.given[at + 1 :])))


def _by_argument(form: Form, slot: int, dp):
    if dp is None:
        return None
    new = len(form.slots) + 1
    form = form._replace(slots=(*form.slots, slot))
    if not is_matrix(dp):
        return linear.mul(dp, derivative(form))
    if not form.open:
        gradient = derivative(form._replace(rows=(new,)))
        return inner(*map(transpose, (gradient, dp))) if is_one(shape_of(dp)[0]) else inner(gradient, dp)
    if not form.cols and _is_vector(form.shape) and _is_vector(shape_of(dp)):
        column = dp if is_one(shape_of(dp)[1]) else transpose(dp)
        product = linear.mul(derivative(form._replace(cols=(new,))), column)
        return product if is_one(form.shape[1]) else linear.transpose(product)
    return derivative(form._replace(given=(*form.given, dp)))


def _is_vector(shape) -> bool:
    return is_one(shape[0]) or is_one(shape[1])
