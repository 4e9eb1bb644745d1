"""Cross products as linear operators of each factor, and the matrix that takes them as one of its vector."""

from sympy import ImmutableMatrix, S

from ..canonical import prepare
from ..canonical.cross import cross, skew
from ..conventions import vec_axis
from ..kernel import make
from ..kernel.chains import atom_shape, express_chain, open_product, reverse
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_one
from ..nodes import CrossProduct, SkewMatrix
from ..nodes.linearity import Operator
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.term import AdjointTerm, new_axes
from ..rules import linear
from ..rules.registry import builtin
from .operators import connected, declare

PLACES = (((2, 1), (1, 2)), ((0, 2), (2, 0)), ((1, 0), (0, 1)))  # of x_k and -x_k in [x]


@builtin(CrossProduct, name="product rule for the cross product")
def d_cross_product(node, d):
    """d(x x y) = dx x y + x x dy."""
    (x, y), (dx, dy) = node.args, map(d, node.args)
    return linear.add(None if dx is None else raw(CrossProduct, dx, y), None if dy is None else raw(CrossProduct, x, dy))


@builtin(SkewMatrix, name="linearity of the skew matrix")
def d_skew_matrix(node, d):
    """d [x] = [dx]."""
    dx = d(node.arg)
    return None if dx is None else raw(SkewMatrix, dx)


def _crossed(node, at, e):
    return CrossProduct(*(e if k == at else a for k, a in enumerate(node.args)))


def _cross_adjoint(node, at, w):
    """<W, dx x y> = <y x W, dx> and <W, x x dy> = <W x x, dy>."""
    x, y = node.args
    return cross(y, w) if at == 0 else cross(w, x)


def _cross_matrix(node, at):
    """dx x y = -[y] dx, x x dy = [x] dy."""
    x, y = node.args
    return prepare(make.mul(S.NegativeOne, skew(y))) if at == 0 else skew(x)


def _skew_adjoint(node, at, w):
    """(W_32 - W_23, W_13 - W_31, W_21 - W_12); of W = x y' that is y x x."""
    c, chain = open_product(w)
    cut = next((k for k, atom in enumerate(chain) if is_one(atom_shape(atom)[1])), None)
    if cut is not None:
        x, y = express_chain(chain[: cut + 1]), express_chain(reverse(chain[cut + 1 :]))
        return prepare(make.mul(c, raw(CrossProduct, y, x)))
    return prepare(ImmutableMatrix([make.element(w, *map(S, plus)) - make.element(w, *map(S, minus)) for plus, minus in PLACES]))


def _skew_matrix(node, at):
    """vec [x] = M x."""
    matrix = [[S.Zero] * 3 for _ in range(9)]
    for k, ((i, j), (p, q)) in enumerate(PLACES):
        matrix[i + 3 * j][k], matrix[p + 3 * q][k] = S.One, S.NegativeOne
    return prepare(ImmutableMatrix(matrix))


declare(CrossProduct, Operator(lambda node: (0, 1), _crossed, _cross_adjoint, _cross_matrix))


def _vector_at(axis, other, term):
    """(v, the other leaves) where all leaves that an axis is connected with make up a vector v at it; else None."""
    ends = {i for end in (other, *term.out) for i in end}
    near, far, seen = connected(term.leaves, axis)
    if not near or seen & ends:
        return None
    v = prepare(raise_terms([AdjointTerm(S.One, near, (axis,), ())], axis_sizes((axis,))))
    return v, list(far)


def _skew_leaves(node, at, term):
    """[x] v = -[v] x for a vector v at the second axis, and v' [x] = ([v] x)' for one at the first; else the matrix of the operator."""
    axes = new_axes((S(3), S.One))
    for axis, other, sign in ((term.hole[1], term.hole[0], S.NegativeOne), (term.hole[0], term.hole[1], S.One)):
        found = _vector_at(axis, other, term)
        if found is not None:
            v, rest = found
            leaf = (skew(v), other, axes[0])
            return term._replace(coefficient=scalar_product(sign, term.coefficient), leaves=(*rest, leaf), hole=axes)
    return term.with_leaves((_skew_matrix(node, at), vec_axis(term.hole), vec_axis(axes)), hole=axes)


declare(SkewMatrix, Operator(lambda node: (0,), lambda node, at, e: SkewMatrix(e), _skew_adjoint, _skew_matrix, leaves=_skew_leaves))
