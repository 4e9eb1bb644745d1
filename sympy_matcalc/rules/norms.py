"""Norms."""

from sympy import Abs, Eq, Piecewise, S, oo, sign

from .. import build as b
from ..nodes import LeftSingularVector, MatrixSqrt, Norm, NuclearNorm, PseudoInverse, RightSingularVector, SpectralNorm
from ..prepare import functions, prepare
from . import linear as ln
from .registry import builtin


def inner(w, da):
    """<W, dA> = tr(W' dA), of vectors w' da."""
    if da is None:
        return None
    product = b.raw(b.MatMul, b.transpose(w), *(da.args if isinstance(da, b.MatMul) and b.is_matrix(da.args[0]) else (da,)))
    return b.element(product) if b.is_column(w) else ln.trace(product)


@builtin(Norm)
def d_norm(node, d):
    """d ||A||_p = ||A||_p^(1-p) <|A|^(p-1) sign(A), dA>; p = 2: <A, dA>/||A||; p = oo: at the largest |A_ij|; sign(0) = 0."""
    a, p, u = node.arg, node.p, b.BOUND
    if p == 2:
        return ln.mul(1 / node, inner(a, d(a)))
    if p == 1:
        return inner(functions.elementwise(sign(u), a), d(a))
    if p is oo:
        return inner(functions.elementwise(Piecewise((sign(u), Eq(Abs(u), node)), (S.Zero, True)), a), d(a))
    slope = u ** (p - 1) if p.is_even else sign(u) * Abs(u) ** (p - 1)
    return ln.mul(node ** (1 - p), inner(functions.elementwise(slope, a), d(a)))


@builtin(SpectralNorm)
def d_spectral_norm(node, d):
    """d sigma_max = u' dA v, where the largest singular value is simple."""
    da = d(node.arg)
    u, v = (b.raw(side, node.arg, S.Zero) for side in (LeftSingularVector, RightSingularVector))
    return None if da is None else b.element(ln.mul(b.transpose(u), da, v))


@builtin(NuclearNorm)
def d_nuclear_norm(node, d):
    """d ||A||_* = <U V', dA> with the polar factor U V' = A ((A' A)^(1/2))^+ = ((A A')^(1/2))^+ A, where A has full rank."""
    a = node.arg
    rows, cols = b.shape(a)
    wide = (rows - cols).is_negative
    gram = prepare(b.mul(a, b.transpose(a)) if wide else b.mul(b.transpose(a), a))
    root = b.raw(PseudoInverse, b.raw(MatrixSqrt, gram))
    return inner(prepare(b.mul(root, a) if wide else b.mul(a, root)), d(a))
