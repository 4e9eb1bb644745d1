"""Norms."""

from sympy import Abs, Eq, Piecewise, S, oo, sign
from sympy.matrices.expressions import MatMul

from ..canonical import functions, prepare
from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import is_column, is_matrix, shape_of
from ..kernel.symmetry import transpose
from ..nodes import LeftSingularVector, MatrixSqrt, Norm, NuclearNorm, PseudoInverse, RightSingularVector, SpectralNorm
from ..nodes.bound import BOUND
from . import linear
from .registry import builtin


def inner(w, da):
    """<W, dA> = tr(W' dA), of vectors w' da."""
    if da is None:
        return None
    product = raw(MatMul, transpose(w), *(da.args if isinstance(da, MatMul) and is_matrix(da.args[0]) else (da,)))
    return make.element(product) if is_column(w) else linear.trace(product)


@builtin(Norm, name="differential of a norm")
def d_norm(node, d):
    """d ||A||_p = ||A||_p^(1-p) <|A|^(p-1) sign(A), dA>; p = 2: <A, dA>/||A||; p = oo: at the largest |A_ij|; sign(0) = 0."""
    a, p, u = node.arg, node.p, BOUND
    if p == 2:
        return linear.mul(1 / node, inner(a, d(a)))
    if p == 1:
        return inner(functions.elementwise(sign(u), a), d(a))
    if p is oo:
        return inner(functions.elementwise(sign(u) * Piecewise((S.One, Eq(Abs(u), node)), (S.Zero, True)), a), d(a))
    slope = u ** (p - 1) if p.is_even else sign(u) * Abs(u) ** (p - 1)
    return linear.mul(node ** (1 - p), inner(functions.elementwise(slope, a), d(a)))


@builtin(SpectralNorm, name="differential of the spectral norm")
def d_spectral_norm(node, d):
    """d sigma_max = u' dA v, where the largest singular value is simple."""
    da = d(node.arg)
    u, v = (raw(side, node.arg, S.Zero) for side in (LeftSingularVector, RightSingularVector))
    return None if da is None else make.element(linear.mul(transpose(u), da, v))


@builtin(NuclearNorm, name="differential of the nuclear norm")
def d_nuclear_norm(node, d):
    """d ||A||_* = <U V', dA> with the polar factor U V' = A ((A' A)^(1/2))^+ = ((A A')^(1/2))^+ A, where A has full rank."""
    a = node.arg
    rows, cols = shape_of(a)
    wide = (rows - cols).is_negative
    gram = prepare(make.mul(a, transpose(a)) if wide else make.mul(transpose(a), a))
    root = raw(PseudoInverse, raw(MatrixSqrt, gram))
    return inner(prepare(make.mul(root, a) if wide else make.mul(a, root)), d(a))
