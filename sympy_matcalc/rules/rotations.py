"""Rotations: exp([w]) by Rodrigues' formula, and those of quaternions."""

from sympy import S

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.symmetry import transpose
from ..nodes import QuaternionRotation, RightJacobian, SkewMatrix, Stumpff
from . import linear
from .norms import inner
from .registry import builtin

TWO, THREE, FOUR = S(2), S(3), S(4)


def d_rotation(node, w, d):
    """d exp([w]) = exp([w]) [J_r(w) dw]."""
    dw = d.of_part(w)
    d.asked[-1].add(node.arg)
    return None if dw is None else linear.mul(node, raw(SkewMatrix, linear.mul(raw(RightJacobian, w), dw)))


@builtin(Stumpff, name="differential of a Stumpff function")
def d_stumpff(node, d):
    """d c_k = (k c_{k+2} - c_{k+1}) w' dw."""
    w, k = node.args
    dw = d(w)
    return linear.mul(k * raw_scalar(Stumpff, w, k + 2) - raw_scalar(Stumpff, w, k + 1), inner(w, dw))


@builtin(RightJacobian, name="differential of the right Jacobian of rotations")
def d_right_jacobian(node, d):
    """d J = -dc_2 [w] - c_2 [dw] + dc_3 [w]^2 + c_3 ([dw] [w] + [w] [dw])."""
    w = node.arg
    dw, s, (c2, c3) = d(w), raw(SkewMatrix, w), (raw_scalar(Stumpff, w, k) for k in (TWO, THREE))
    if dw is None:
        return None
    ds = raw(SkewMatrix, dw)
    return linear.add(
        linear.mul(S.NegativeOne, d(c2), s),
        linear.mul(S.NegativeOne, c2, ds),
        linear.mul(d(c3), make.mul(s, s)),
        linear.mul(c3, ds, s),
        linear.mul(c3, s, ds),
    )


def _part(start, stop):
    """The rows start to stop of the identity of order 4."""
    return make.slice_of(make.identity(FOUR), (S(start), S(stop), S.One), (S.Zero, FOUR, S.One))


@builtin(QuaternionRotation, name="differential of the rotation of a quaternion")
def d_quaternion_rotation(node, d):
    """d R = 2 ((s ds - u' du) I + du u' + u du' + ds [u] + s [du]), q = (s, u)."""
    q, dq = node.arg, d(node.arg)
    if dq is None:
        return None
    ds, du = make.element(linear.mul(_part(0, 1), dq)), linear.mul(_part(1, 4), dq)
    s, u = prepare(make.element(q)), prepare(make.mul(_part(1, 4), q))
    change = linear.add(linear.mul(s, ds), linear.mul(S.NegativeOne, inner(u, du)))
    outer = linear.mul(du, transpose(u))
    terms = (
        linear.mul(change, make.identity(THREE)),
        outer,
        linear.transpose(outer),
        linear.mul(ds, raw(SkewMatrix, u)),
        linear.mul(s, raw(SkewMatrix, du)),
    )
    return linear.add(*(linear.mul(TWO, term) for term in terms))
