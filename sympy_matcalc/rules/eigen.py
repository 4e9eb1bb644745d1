"""Simple eigenvalues and their vectors, of symmetric-definite pencils and of matrices that need not be symmetric."""

from sympy import Rational, S

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.symmetry import transpose
from ..nodes import (
    GeneralEigenvalue,
    GeneralizedEigenvalue,
    GeneralizedEigenvector,
    GroupResolvent,
    LeftEigenvector,
    PencilResolvent,
    RightEigenvector,
)
from . import linear
from .registry import builtin
from .spectral import symmetric_part

MINUS = S.NegativeOne


# ---------------------------------------------------------------- A v = lambda B v
def _moved(node, d):
    """(dA - lambda dB, dB), by their symmetric parts."""
    da, db = symmetric_part(d(node.args[0])), symmetric_part(d(node.args[1]))
    value = raw_scalar(GeneralizedEigenvalue, *node.args)
    return linear.add(da, linear.mul(MINUS, value, db)), db


def _element(product):
    return None if product is None else make.element(product)


@builtin(GeneralizedEigenvalue, name="differential of a generalized eigenvalue", source="Magnus & Neudecker, ch. 8")
def d_generalized_eigenvalue(node, d):
    """d lambda = v' (dA - lambda dB) v, v' B v = 1 (Magnus & Neudecker, ch. 8)."""
    da, db = (d(a) for a in node.args[:2])
    v = raw(GeneralizedEigenvector, *node.args)
    return _element(linear.mul(transpose(v), linear.add(da, linear.mul(MINUS, node, db)), v))


@builtin(GeneralizedEigenvector, name="differential of a generalized eigenvector", source="Magnus & Neudecker, ch. 8")
def d_generalized_eigenvector(node, d):
    """d v = R (dA - lambda dB) v - (v' dB v) v/2."""
    moved, db = _moved(node, d)
    along = _element(linear.mul(transpose(node), db, node))
    return linear.add(linear.mul(raw(PencilResolvent, *node.args), moved, node), linear.mul(Rational(-1, 2), along, node))


@builtin(PencilResolvent, name="differential of a reduced resolvent")
def d_pencil_resolvent(node, d):
    """d R = R N R - d lambda R B R - T - T', T = R (dB + B R N) v v', N = dA - lambda dB."""
    moved, db = _moved(node, d)
    B, v = prepare(symmetric_part(node.args[1])), raw(GeneralizedEigenvector, *node.args)
    projector = make.mul(v, transpose(v))
    side = linear.add(linear.mul(node, db, projector), linear.mul(node, B, node, moved, projector))
    return linear.add(
        linear.mul(node, moved, node),
        linear.mul(MINUS, d(raw_scalar(GeneralizedEigenvalue, *node.args)), node, B, node),
        linear.mul(MINUS, side),
        linear.mul(MINUS, linear.transpose(side)),
    )


# ---------------------------------------------------------------- X v = lambda v, u' X = lambda u'
def _vectors(node):
    return raw(RightEigenvector, *node.args), transpose(raw(LeftEigenvector, *node.args))


@builtin(GeneralEigenvalue, name="differential of an eigenvalue", source="Magnus & Neudecker, ch. 8, sec. 9")
def d_general_eigenvalue(node, d):
    """d lambda = u' dX v, u' v = 1 (Magnus & Neudecker, ch. 8, sec. 9)."""
    v, u = _vectors(node)
    return _element(linear.mul(u, d(node.arg), v))


def _growth(node, dx):
    """v' S dX v: what the right vector grows by before it is scaled to length 1."""
    v, _ = _vectors(node)
    return _element(linear.mul(transpose(v), raw(GroupResolvent, *node.args), dx, v))


@builtin(RightEigenvector, name="differential of an eigenvector", source="Meyer & Stewart 1988")
def d_right_eigenvector(node, d):
    """d v = S dX v - (v' S dX v) v, for v of length 1 (Meyer & Stewart 1988)."""
    dx = d(node.arg)
    return linear.add(linear.mul(raw(GroupResolvent, *node.args), dx, node), linear.mul(MINUS, _growth(node, dx), node))


@builtin(LeftEigenvector, name="differential of an eigenvector", source="Meyer & Stewart 1988")
def d_left_eigenvector(node, d):
    """d u = S' dX' u + (v' S dX v) u, for u' v = 1."""
    dx = d(node.arg)
    turned = linear.mul(transpose(raw(GroupResolvent, *node.args)), linear.transpose(dx), node)
    return linear.add(turned, linear.mul(_growth(node, dx), node))


@builtin(GroupResolvent, name="differential of a group inverse")
def d_group_resolvent(node, d):
    """d S = S dX S - d lambda S^2 - S^2 dX v u' - v u' dX S^2: that of a group inverse of constant rank."""
    dx, (v, u) = d(node.arg), _vectors(node)
    projector, squared = make.mul(v, u), make.power(node, S(2))
    return linear.add(
        linear.mul(node, dx, node),
        linear.mul(MINUS, d(raw_scalar(GeneralEigenvalue, *node.args)), squared),
        linear.mul(MINUS, squared, dx, projector),
        linear.mul(MINUS, projector, dx, squared),
    )
