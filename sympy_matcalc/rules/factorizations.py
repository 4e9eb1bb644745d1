"""Pseudo-inverse of constant rank, Cholesky factor."""

from sympy import S

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import Cholesky, HalfLower, PseudoInverse
from . import linear
from .registry import builtin
from .spectral import symmetric_part


@builtin(PseudoInverse, name="differential of a pseudo-inverse", source="Golub & Pereyra 1973, eq. 4.12")
def d_pseudo_inverse(node, d):
    """d A^+ = -A^+ dA A^+ + A^+ A^+' dA' (I - A A^+) + (I - A^+ A) dA' A^+' A^+ at constant rank (Golub & Pereyra 1973, eq. 4.12)."""
    a = node.arg
    da = d(a)
    if da is None:
        return None
    m, n = shape_of(a)
    left, right = complement(m, a, node), complement(n, node, a)
    turned = transpose(node)
    return linear.add(
        linear.mul(S.NegativeOne, node, da, node),
        linear.mul(node, turned, linear.transpose(da), left),
        linear.mul(right, linear.transpose(da), turned, node),
    )


def complement(size, p, q):
    """I - P Q."""
    return make.add(make.identity(size), make.mul(S.NegativeOne, p, q))


@builtin(Cholesky, name="differential of the Cholesky factor", source="Murray 2016, eq. 8")
def d_cholesky(node, d):
    """d L = L (H o (L^-1 dS L^-T)), H 1 below the diagonal and 1/2 on it, dS by its symmetric part (Murray 2016, eq. 8)."""
    ds = symmetric_part(d(node.arg))
    if ds is None:
        return None
    inverse = make.inverse(node)
    mask = raw(HalfLower, shape_of(node)[0])
    return linear.mul(node, linear.hadamard(mask, linear.mul(inverse, ds, transpose(inverse))))
