"""Factors of the QR decomposition at full column rank, and of the LU decomposition where the pivots do not change."""

from sympy import S

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import LowerTriangle, LUFactorL, LUFactorP, LUFactorU, QRFactorQ, QRFactorR, UpperTriangle
from . import linear
from .factorizations import complement
from .registry import builtin


def _rotation(q, da, inverse):
    """T - T', T the strictly lower triangle of Q' dA R^-1."""
    lower = raw(LowerTriangle, linear.mul(transpose(q), da, inverse), S.NegativeOne)
    return linear.add(lower, linear.mul(S.NegativeOne, linear.transpose(lower)))


@builtin(QRFactorQ, name="differential of the QR decomposition", source="Walter, Lehmann & Lamour 2012")
def d_qr_q(node, d):
    """d Q = (I - Q Q') dA R^-1 + Q (T - T'), T = tril(Q' dA R^-1, -1) (Walter, Lehmann & Lamour 2012)."""
    da = d(node.arg)
    if da is None:
        return None
    inverse = make.inverse(raw(QRFactorR, node.arg))
    outside = linear.mul(complement(shape_of(node)[0], node, transpose(node)), da, inverse)
    return linear.add(outside, linear.mul(node, _rotation(node, da, inverse)))


@builtin(QRFactorR, name="differential of the QR decomposition", source="Walter, Lehmann & Lamour 2012")
def d_qr_r(node, d):
    """d R = Q' dA - (T - T') R, T = tril(Q' dA R^-1, -1)."""
    da = d(node.arg)
    if da is None:
        return None
    q = raw(QRFactorQ, node.arg)
    turned = linear.mul(S.NegativeOne, _rotation(q, da, make.inverse(node)), node)
    return linear.add(linear.mul(transpose(q), da), turned)


@builtin(LUFactorP, name="constant permutation")
def d_lu_p(node, d):
    """Constant where the pivots do not change."""
    d(node.arg)


def _inside(node, da):
    """L^-1 P' dA U^-1."""
    p, lower, upper = (raw(cls, node.arg) for cls in (LUFactorP, LUFactorL, LUFactorU))
    return linear.mul(make.inverse(lower), transpose(p), da, make.inverse(upper))


@builtin(LUFactorL, name="differential of the LU decomposition", source="de Hoog, Anderssen & Lukas 2011")
def d_lu_l(node, d):
    """d L = L tril(L^-1 P' dA U^-1, -1) (de Hoog, Anderssen & Lukas 2011)."""
    da = d(node.arg)
    return None if da is None else linear.mul(node, raw(LowerTriangle, _inside(node, da), S.NegativeOne))


@builtin(LUFactorU, name="differential of the LU decomposition", source="de Hoog, Anderssen & Lukas 2011")
def d_lu_u(node, d):
    """d U = triu(L^-1 P' dA U^-1) U (de Hoog, Anderssen & Lukas 2011)."""
    da = d(node.arg)
    return None if da is None else linear.mul(raw(UpperTriangle, _inside(node, da)), node)
