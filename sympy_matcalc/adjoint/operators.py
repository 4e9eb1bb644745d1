"""Rows of the table for linear operators that a node is by name, such as a Fréchet derivative: forwards, backwards, or as their matrix.

By a scalar the operator is applied to the derivative of its argument. From a scalar, ``<W, L(dE)> = <L*(W), dE>``. Between two arrays only
the matrix of the operator will do, or else its values for all unit matrices.
"""

from sympy import S
from sympy.matrices.expressions import Transpose, ZeroMatrix

from ..canonical import prepare
from ..canonical.analytic import frechet
from ..canonical.orientation import transpose_prepared
from ..conventions import vec_axis
from ..errors import MissingRuleError
from ..kernel import make
from ..kernel.indices import fresh_index
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..nodes import FrechetDerivative, FrechetMatrix, Unvec, Vec
from ..nodes.bound import body_of
from ..nodes.linearity import LINEAR, Linearity, Operator
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.term import new_axes


def declare(cls, operator: Operator):
    """Add the row of a class whose nodes are an operator."""

    def parts(node):
        return [_part(node.args[at]) for at in operator.positions(node)]

    def terms(node):
        return [(p,) for p in parts(node) if p != 0 and not isinstance(p, ZeroMatrix)] if operator.jointly else (parts(node),)

    def fixed(node):
        positions = set(operator.positions(node))
        return [a for at, a in enumerate(node.args) if at not in positions]

    def through(node, cotangents, walk):
        return _Passage(operator, node, walk).parts(cotangents)

    LINEAR[cls] = Linearity(terms, through, fixed, operator)


def _part(argument):
    """An argument as the walk meets it: one that is literally 1 x 1 as a scalar."""
    return prepare(argument) if is_matrix(argument) and shape_of(argument) == (S.One, S.One) else argument


class _Passage:
    """The cotangents of a node on their way to the arguments that hold the differential."""

    def __init__(self, operator, node, walk):
        self.operator, self.node, self.walk = operator, node, walk

    def parts(self, cotangents):
        at = [i for i in self.operator.positions(self.node) if self.walk.is_linear(self.node.args[i])]
        if len(at) != 1 and not self.operator.jointly:
            raise MissingRuleError(
                f"`{self.node}` is not linear in the differential: it occurs in {len(at)} of its arguments at once; it must be in one"
            )
        return [x for i in at for x in self._to(i, cotangents)]

    def _to(self, at, cotangents):
        child = _part(self.node.args[at])
        if not is_matrix(self.walk.symbol):
            value = self._value(at, self.walk.derivative(child))
            return [(self.walk.symbol, _with(t, value)) for t in cotangents]
        if not is_matrix(child):
            value = self._value(at, S.One)
            return [(child, _with(t, value)) for t in cotangents]
        return [(child, t) for t in self._to_matrix(at, child, cotangents)]

    def _value(self, at, e):
        """The operator applied to a scalar or matrix."""
        e = e if is_matrix(e) or not is_matrix(self.node.args[at]) else make.mul(e, make.identity(S.One))
        return prepare(self.operator.replaced(self.node, at, e))

    def _to_matrix(self, at, child, cotangents):
        """Those that nothing ties to the result pass backwards, added up first; the others by the matrix of the operator."""
        backwards, passed = {}, []
        for t in cotangents:
            near, far, labels = split(t)
            if labels & {i for axis in t.out for i in axis}:
                passed.append(self._dense(at, child, t))
            else:
                backwards.setdefault((t.limits, t.out, far), []).append((t, near, far))
        return passed + [t for group in backwards.values() for t in self._backwards(at, child, group)]

    def _backwards(self, at, child, group):
        """One term for all that agree in what the hole is not connected with: the cotangents are added up first."""
        t, _, far = group[0]
        cotangents = [x._replace(leaves=near, out=tuple(a for a in x.hole if a), hole=(), limits=()) for x, near, _ in group]
        w = _like(prepare(raise_terms(cotangents, axis_sizes(t.hole))), self.node)
        if w == 0 or isinstance(w, ZeroMatrix):
            return []
        value = self._adjoint(at, child, w)
        axes = new_axes(shape_of(child))
        return [t._replace(coefficient=S.One, leaves=(*far, (value, *axes)), hole=axes)]

    def _adjoint(self, at, child, w):
        """L*(W): as declared, or with the matrix M' of the adjoint."""
        if self.operator.adjoint:
            return self.operator.adjoint(self.node, at, w)
        vector = raw(Vec, w) if is_matrix(w) else w
        return prepare(raw(Unvec, make.mul(raw(Transpose, self.operator.matrix(self.node, at)), vector), *shape_of(child)))

    def _dense(self, at, child, term):
        """The matrix of the operator as a leaf with fused axes, columns slowest as in vec."""
        if self.operator.leaves:
            return self.operator.leaves(self.node, at, term)
        axes = new_axes(shape_of(child))
        if self.operator.matrix is None:
            return self._units(at, child, term, axes)
        leaf = (self.operator.matrix(self.node, at), vec_axis(term.hole), vec_axis(axes))
        return term.with_leaves(leaf, hole=axes)

    def _units(self, at, child, term, axes):
        """sum_kl L(E_kl) dE_kl, E_kl the unit matrices."""
        sizes = shape_of(child)
        index = [S.Zero if is_one(size) else fresh_index(name) for size, name in zip(sizes, "kl")]
        value = self._value(at, make.matrix_unit(*sizes, *index))
        units = [(make.unit(size, i), axis, ()) for size, i, axis in zip(sizes, index, axes) if axis]
        limits = tuple((i, S.Zero, size - 1) for size, i, axis in zip(sizes, index, axes) if axis)
        return _with(term, value).with_leaves(*units, hole=axes)._replace(limits=limits + term.limits)


def _with(term, value):
    """The term with the value of the node in its place."""
    return term.with_leaves((value, *term.hole), hole=()) if is_matrix(value) else term.times(value)._replace(hole=())


def _like(w, node):
    """A raised cotangent in the very shape of the node: a scalar is 1 x 1 there, and a single axis may be that of a row."""
    if not is_matrix(node):
        return w
    if not is_matrix(w):
        return make.mul(w, make.identity(S.One))
    return transpose_prepared(w) if is_one(shape_of(node)[0]) and not is_one(shape_of(w)[0]) else w


def split(term):
    """(leaves connected with the hole, the other leaves, labels of the hole and of what is connected with it)."""
    return connected(term.leaves, {i for axis in term.hole for i in axis})


def connected(leaves, labels):
    """(leaves connected with some labels, the other leaves, all labels of these and of what is connected with them)."""
    seen, near, far = set(labels), [], list(leaves)
    grown = True
    while grown:
        grown = False
        for leaf in list(far):
            held = {i for axis in leaf[1:] for i in axis}
            if held & seen:
                seen |= held
                near.append(leaf)
                far.remove(leaf)
                grown = True
    return tuple(near), tuple(far), seen


# ---------------------------------------------------------------- Fréchet derivatives, linear in each direction


def _directions(node):
    return range(2, len(node.args))


def _frechet_along(node, at, e):
    return frechet(body_of(node.function), node.arg, [prepare(e), *map(prepare, _others(node, at))])


def _others(node, at):
    """The directions but for the one at this position."""
    return [a for i, a in enumerate(node.args) if i > 1 and i != at]


def _frechet_adjoint(node, at, w):
    """<W, L_f(A; E)> = <L_f(A'; W), E> (Higham, Functions of Matrices, 3.1)."""
    return frechet(body_of(node.function), prepare(transpose_prepared(node.arg)), [w, *map(transpose_prepared, _others(node, at))])


def _frechet_matrix(node, at):
    return raw(FrechetMatrix, make.function(body_of(node.function)), node.arg, *_others(node, at))


declare(FrechetDerivative, Operator(_directions, _frechet_along, _frechet_adjoint, _frechet_matrix))
