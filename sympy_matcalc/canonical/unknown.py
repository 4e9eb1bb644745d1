"""Values and derivatives of unknown functions in canonical form: one order of what is differentiated by, numbers in front of directions."""

from sympy import S
from sympy.matrices.expressions import Transpose, ZeroMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import UnknownMatrix, UnknownMatrixDerivative, UnknownScalar, UnknownScalarDerivative
from ..nodes.unknown import ONE_BY_ONE, Form, spec_of
from .declared import number_in_front
from .form import as_scalar, prepare, prepares
from .scalars import handles


@handles(UnknownScalar)
def unknown_scalar(e, prepare):
    return raw(UnknownScalar, e.function, *map(prepare, e.point))


@prepares(UnknownMatrix)
def unknown_matrix(e):
    return raw(UnknownMatrix, e.function, *map(prepare, e.point))


@as_scalar(UnknownMatrix)
def unknown_of_one_entry(e):
    return unknown_scalar(e, prepare)


@handles(UnknownScalarDerivative)
def scalar_derivative(e, prepare):
    return prepared_form(e.form)


@prepares(UnknownMatrixDerivative)
def matrix_derivative(e):
    return prepared_form(e.form)


@as_scalar(UnknownMatrixDerivative)
def derivative_of_one_entry(e):
    return prepared_form(e.form)


def prepared_form(form: Form):
    """The prepared expression of a derivative as it was typed."""
    return derivative(form._replace(point=tuple(map(prepare, form.point)), given=tuple(map(prepare, form.given))))


def derivative(form: Form):
    """The prepared expression of a derivative whose parts are prepared."""
    numbers, given = [], []
    for e in form.given:
        if e == 0 or isinstance(e, ZeroMatrix):
            return make.zero(*form.shape) if form.shape != ONE_BY_ONE else S.Zero
        number, e = number_in_front(e)
        numbers.append(number)
        given.append(e)
    number, form = scalar_product(*numbers), form._replace(given=tuple(given))
    if not form.slots:
        return make.mul(number, _value(form))
    node = _in_order(form)
    return node if number is S.One else make.mul(number, node)


def _value(form: Form):
    value = raw(UnknownMatrix if form.function.shape not in ((), ONE_BY_ONE) else UnknownScalar, form.function, *form.point)
    return value if form.open or not form.given else inner_product(form.given[0], value)


def _in_order(form: Form):
    """The node with the arguments that are differentiated by in order: second derivatives are symmetric."""
    directions = dict(zip(form.filled, form.given))
    if form.given and not form.open:  # a scalar: <E, the derivative with that group open>
        first = max(form.filled)
        rest = tuple(e for g, e in directions.items() if g != first)
        return inner_product(directions[first], derivative(form._replace(rows=(first,), given=rest)))
    opened = {g: k for k, g in enumerate(form.open)}

    def key(g):
        return form.slots[g - 1], opened.get(g, len(opened)), sort_key(directions[g]) if g in directions else ()

    order = sorted(range(1, len(form.slots) + 1), key=key)
    new = {0: 0} | {old: at for at, old in enumerate(order, 1)}
    rows, cols = (tuple(new[g] for g in groups) for groups in (form.rows, form.cols))
    slots = tuple(form.slots[g - 1] for g in order)
    given = tuple(directions[g] for g in (0, *order) if g in directions)
    return _oriented(form._replace(slots=slots, rows=rows, cols=cols, given=given))


def _oriented(form: Form):
    """Jacobians and Hessians have the group of the lower number in their rows; the others are transposes of those."""
    if len(form.rows) == len(form.cols) == 1 and form.rows > form.cols:
        node = _in_order(form._replace(rows=form.cols, cols=form.rows))
        return node if node.is_hessian else raw(Transpose, node)
    cls = UnknownMatrixDerivative if form.open else UnknownScalarDerivative
    return raw(cls, form.function, spec_of(form), *form.point, *form.given)


def inner_product(e, value):
    """tr(E' V), prepared; of scalars their product."""
    if not is_matrix(e) or not is_matrix(value):
        return make.mul(e, value)
    if is_one(shape_of(e)[0]):
        return prepare(make.element(make.mul(e, transpose(value))))
    product = make.mul(transpose(e), value)
    return prepare(make.element(product) if is_one(shape_of(e)[1]) else make.trace(product))
