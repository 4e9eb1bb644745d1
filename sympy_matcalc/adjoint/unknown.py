"""Derivatives of unknown functions as linear operators of each direction: adjoints and Jacobians are derivatives of the same function."""

from sympy import S
from sympy.matrices.expressions import Transpose

from ..canonical import prepare
from ..canonical.unknown import derivative
from ..conventions import vec_axis
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import UnknownMatrixDerivative, Unvec, Vec
from ..nodes.linearity import Operator
from ..nodes.unknown import Form
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.term import new_axes
from .operators import declare, split


def _positions(node):
    return range(len(node.args) - len(node.form.given), len(node.args))


def _at(node, at) -> tuple[Form, int, int]:
    """(the form, which of its directions stands at a position, the group of that)."""
    form = node.form
    which = at - (len(node.args) - len(form.given))
    return form, which, form.filled[which]


def _replaced(node, at, e):
    form, which, _ = _at(node, at)
    return derivative(form._replace(given=(*form.given[:which], prepare(e), *form.given[which + 1 :])))


def _adjoint(node, at, w):
    """<W, L(E)> with the group of E open and W in that which was."""
    form, which, group = _at(node, at)
    if form.cols:
        return prepare(raw(Unvec, make.mul(raw(Transpose, _matrix(node, at)), raw(Vec, w)), *form.shape_of_group(group)))
    directions = dict(zip(form.filled, form.given))
    del directions[group]
    directions[form.rows[0]] = w
    return derivative(form._replace(rows=(group,), given=tuple(directions[g] for g in sorted(directions))))


def _matrix(node, at):
    """vec L(E) = M vec E: the columns stacked, so the groups of the columns first."""
    form, which, group = _at(node, at)
    return derivative(form._replace(rows=form.cols + form.rows, cols=(group,), given=(*form.given[:which], *form.given[which + 1 :])))


def _leaves(node, at, term):
    """The argument's term with the Jacobian of the operator among its leaves; a vector that stands at its rows or columns is put in there.

    So the second derivative of g(x)'g(x) has the Hessian of <w, g(x)> at w = g(x), and no n^2 rows.
    """
    form, _, group = _at(node, at)
    axes = new_axes(shape_of(node.args[at]) if is_matrix(node.args[at]) else ())
    if len(form.rows) == len(form.cols) == 1:
        for side, other in ((0, 1), (1, 0)):
            found = _vector_at(term, side)
            if found is not None:
                return _contracted(form, term, group, found, (side, other), axes)
    return term.with_leaves((_matrix(node, at), vec_axis(term.hole), vec_axis(axes)), hole=axes)


def _vector_at(term, side):
    """(the leaves at an axis of the hole, as one vector; the other leaves); None where they lead to another axis too."""
    axis = term.hole[side]
    if len(axis) != 1:
        return None
    near, far, labels = split(term._replace(hole=(axis,)))
    elsewhere = {i for a in (*term.out, *(h for k, h in enumerate(term.hole) if k != side)) for i in a}
    if labels & elsewhere or term.limits:
        return None
    return prepare(raise_terms([term._replace(coefficient=S.One, leaves=near, out=(axis,), hole=())], axis_sizes((axis,)))), far


def _contracted(form, term, group, found, sides, axes):
    """The term with a vector in the place of an open group: the Jacobian by the argument of the other group."""
    vector, far = found
    side, other = sides
    closed, left = (form.open[k] for k in sides)
    directions = dict(zip(form.filled, form.given))
    del directions[group]
    directions[closed] = vector if is_one(form.shape_of_group(closed)[1]) else transpose(vector)
    given = tuple(directions[g] for g in sorted(directions))
    matrix = derivative(form._replace(rows=(left,), cols=(group,), given=given))
    return term._replace(leaves=(*far, (matrix, term.hole[other], vec_axis(axes))), hole=axes)


declare(UnknownMatrixDerivative, Operator(_positions, _replaced, _adjoint, _matrix, leaves=_leaves))
