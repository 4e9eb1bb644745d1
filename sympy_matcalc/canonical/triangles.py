"""Triangles in canonical form: numbers stand in front, of a transpose it is the transpose of the other triangle."""

from sympy import Max, Min, Piecewise, S
from sympy.matrices.expressions import DiagMatrix, Identity, MatMul, Transpose, ZeroMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.shapes import shape_of
from ..kernel.symmetry import transpose
from ..nodes import LowerTriangle, UpperTriangle
from .declared import number_in_front
from .form import as_scalar, prepare, prepares

OTHER = {UpperTriangle: LowerTriangle, LowerTriangle: UpperTriangle}
TIGHTER = {UpperTriangle: Max, LowerTriangle: Min}  # of two offsets


@prepares(UpperTriangle, LowerTriangle)
def triangle(e):
    return triangle_of(type(e), prepare(e.arg), e.offset)


def triangle_of(cls, a, k=S.Zero):
    """The triangle of a prepared matrix."""
    if isinstance(a, ZeroMatrix):
        return a
    c, a = number_in_front(a)
    found = _unscaled(cls, a, k)
    return found if c is S.One else make.mul(c, *(found.args if isinstance(found, MatMul) else (found,)))


def _unscaled(cls, a, k):
    if isinstance(a, cls) and (a.offset - k).is_number:
        a, k = a.arg, TIGHTER[cls](a.offset, k)
    if isinstance(a, (Identity, DiagMatrix, DiagonalMatrix)) and _holds_diagonal(cls, k) is not None:
        return a if _holds_diagonal(cls, k) else make.zero(*shape_of(a))
    if isinstance(a, Transpose):
        return transpose(_unscaled(OTHER[cls], a.args[0], -k))
    return raw(cls, a) if k == 0 else raw(cls, a, k)


def _holds_diagonal(cls, k):
    """Whether a triangle has the main diagonal in it; None where that is not known."""
    return k.is_nonpositive if cls is UpperTriangle else k.is_nonnegative


@as_scalar(UpperTriangle, LowerTriangle)
def entry(e):
    x, k = prepare(e.arg), e.offset
    kept = _holds_diagonal(type(e), k)
    if kept is None:
        return Piecewise((x, k <= 0 if isinstance(e, UpperTriangle) else k >= 0), (S.Zero, True))
    return x if kept else S.Zero
