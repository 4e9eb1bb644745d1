"""Cross products as linear operators of each factor, and the matrix that takes them as one of its vector."""

from sympy import ImmutableMatrix, S

from ..canonical import prepare
from ..canonical.cross import cross, skew
from ..kernel import make
from ..kernel.interning import raw
from ..nodes import CrossProduct, SkewMatrix
from ..nodes.linearity import Operator
from ..rules import linear
from ..rules.registry import builtin
from .operators import declare

PLACES = (((2, 1), (1, 2)), ((0, 2), (2, 0)), ((1, 0), (0, 1)))  # of x_k and -x_k in [x]


@builtin(CrossProduct)
def d_cross_product(node, d):
    """d(x x y) = dx x y + x x dy."""
    (x, y), (dx, dy) = node.args, map(d, node.args)
    return linear.add(None if dx is None else raw(CrossProduct, dx, y), None if dy is None else raw(CrossProduct, x, dy))


@builtin(SkewMatrix)
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
    """(W_32 - W_23, W_13 - W_31, W_21 - W_12)."""
    return prepare(ImmutableMatrix([make.element(w, *map(S, plus)) - make.element(w, *map(S, minus)) for plus, minus in PLACES]))


def _skew_matrix(node, at):
    """vec [x] = M x."""
    matrix = [[S.Zero] * 3 for _ in range(9)]
    for k, ((i, j), (p, q)) in enumerate(PLACES):
        matrix[i + 3 * j][k], matrix[p + 3 * q][k] = S.One, S.NegativeOne
    return prepare(ImmutableMatrix(matrix))


declare(CrossProduct, Operator(lambda node: (0, 1), _crossed, _cross_adjoint, _cross_matrix))
declare(SkewMatrix, Operator(lambda node: (0,), lambda node, at, e: SkewMatrix(e), _skew_adjoint, _skew_matrix))
