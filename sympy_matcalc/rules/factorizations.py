"""Pseudo-inverse of constant rank, Cholesky factor; and the nodes that only rearrange entries."""

from sympy import S

from .. import build as b
from ..nodes import Cholesky, HalfLower, PseudoInverse, Unvec
from . import linear as ln
from .registry import builtin
from .spectral import symmetric_part


@builtin(PseudoInverse)
def d_pseudo_inverse(node, d):
    """d A^+ = -A^+ dA A^+ + A^+ A^+' dA' (I - A A^+) + (I - A^+ A) dA' A^+' A^+ at constant rank (Golub & Pereyra 1973, eq. 4.12)."""
    a = node.arg
    da = d(a)
    if da is None:
        return None
    m, n = b.shape(a)
    left, right = _complement(m, a, node), _complement(n, node, a)
    turned = b.transpose(node)
    return ln.add(
        ln.mul(S.NegativeOne, node, da, node), ln.mul(node, turned, ln.transpose(da), left), ln.mul(right, ln.transpose(da), turned, node)
    )


def _complement(size, p, q):
    """I - P Q."""
    return b.add(b.identity(size), b.mul(S.NegativeOne, p, q))


@builtin(Cholesky)
def d_cholesky(node, d):
    """d L = L (H o (L^-1 dS L^-T)), H 1 below the diagonal and 1/2 on it, dS by its symmetric part (Murray 2016, eq. 8)."""
    ds = symmetric_part(d(node.arg))
    if ds is None:
        return None
    inverse = b.inverse(node)
    mask = b.raw(HalfLower, b.shape(node)[0])
    return ln.mul(node, ln.hadamard(mask, ln.mul(inverse, ds, b.transpose(inverse))))


@builtin(Unvec)
def d_unvec(node, d):
    """d Unvec(v) = Unvec(dv)."""
    dv = d(node.arg)
    return None if dv is None else b.raw(Unvec, dv, *node.shape)
