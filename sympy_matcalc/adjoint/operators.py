"""Linear operators that are no product of matrices, the Fréchet derivatives: forwards, backwards, or as their Kronecker matrix.

By a scalar the operator is applied to the derivative of its direction. From a scalar, ``<W, L_f(A; dE)> = <L_f(A'; W), dE>`` (Higham,
Functions of Matrices, 3.1). Between two arrays only the matrix of order n^2 will do.
"""

from sympy import S

from ..canonical import prepare
from ..canonical.analytic import frechet
from ..canonical.form import transpose_prepared
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import FrechetMatrix
from ..nodes.bound import body_of
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.term import new_axes


def through_frechet(node, terms, at, symbol, derivative):
    """[(part, term)] for the direction number `at`, which holds the differential; ``derivative(part)`` is that by a scalar symbol."""
    body, a, directions = body_of(node.function), node.arg, list(node.directions)
    child, others = directions[at], directions[:at] + directions[at + 1 :]
    if not is_matrix(symbol):
        value = frechet(body, a, [prepare(derivative(child)), *map(prepare, others)])
        return [(symbol, t.with_leaves((value, *t.hole), hole=())) for t in terms]
    backwards, passed = {}, []
    for t in terms:
        near, far, labels = _split(t)
        if labels & {i for axis in t.out for i in axis}:
            passed.append((child, _dense(t, body, a, others, child)))
        else:
            key = (t.limits, t.out, far) if far else (t.limits, t.out)
            backwards.setdefault(key, []).append((t, near, far))
    for group in backwards.values():
        passed.append((child, _backwards(group, body, a, others, child)))
    return passed


def _split(term):
    """(leaves connected with the hole, the other leaves, labels of the hole and of what is connected with it)."""
    seen = {i for axis in term.hole for i in axis}
    near, far = [], list(term.leaves)
    grown = True
    while grown:
        grown = False
        for leaf in list(far):
            labels = {i for axis in leaf[1:] for i in axis}
            if labels & seen:
                seen |= labels
                near.append(leaf)
                far.remove(leaf)
                grown = True
    return tuple(near), tuple(far), seen


def _backwards(group, body, a, others, child):
    """One term for all that agree in what the hole is not connected with: the cotangents are added up first."""
    t, _, far = group[0]
    cotangents = [x._replace(leaves=near, out=x.hole, hole=(), limits=()) for x, near, _ in group]
    w = prepare(raise_terms(cotangents, axis_sizes(t.hole)))
    value = frechet(body, prepare(transpose_prepared(a)), [w, *(transpose_prepared(e) for e in others)])
    axes = new_axes(shape_of(child))
    return t._replace(coefficient=S.One, leaves=(*far, (value, *axes)), hole=axes)


def _dense(t, body, a, others, child):
    """The matrix of order n^2 as a leaf with fused axes, columns slowest as in vec."""
    matrix = raw(FrechetMatrix, make.function(body), a, *others)
    (row, col), axes = t.hole, new_axes(shape_of(child))
    return t.with_leaves((matrix, col + row, axes[1] + axes[0]), hole=axes)
